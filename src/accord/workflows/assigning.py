"""Who reviews what: by a plan, by hand or by tag; given out, taken back, and how far everybody is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from accord.analysis import assigning as planning
from accord.domain.errors import Refused, WrongUsage
from accord.domain.filters import Term, read_filter
from accord.domain.ledger import Who
from accord.domain.moments import now
from accord.domain.people import Person, Role
from accord.domain.project import ReleaseRules
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import assignments, calibrations, events, listing, people, states
from accord.storage import settings as project_settings
from accord.storage.assignments import Assignment, Reviewable
from accord.storage.project import Project, Unit, View
from accord.workflows import controls as known_answers
from accord.workflows import naming, needed, permissions
from accord.workflows.controls import Mixed
from accord.workflows.naming import Met
from accord.workflows.needed import Raised

_WAITS = (Status.CANDIDATE, Status.NEEDS_ANSWER, Status.IN_REVIEW)
_OPEN = (*_WAITS, Status.DISAGREEMENT)


class NoShare(WrongUsage):
    """An overlap that is no share of the examples."""

    def __init__(self, told: float) -> None:
        super().__init__(
            _(
                "The overlap is the share of the examples that several people review, from 0 to 1: 0.2 is a fifth of "
                "them. {told} is none.",
                told=f"{told:g}",
            )
        )


class _TooFew(WrongUsage):
    """A plan asks for more people than there are."""

    def __init__(self, wanted: int, people: int) -> None:
        super().__init__(
            _(
                "{wanted} people are needed for each example that several review, and {people} were named.",
                wanted=wanted,
                people=people,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given out: how many examples each person got, how many go to several people, the act that did it.

    ``examples``: how many they are in all. ``controls``: how many of each person's, besides the plan, are controls.
    ``mixed``: the controls, of how many that were asked for.
    ``met``: who was listed with it.
    """

    assigned: dict[str, int]
    double_reviewed: int
    act: str = ""
    examples: int = 0
    controls: dict[str, int] = field(default_factory=dict)
    mixed: Mixed = field(default_factory=Mixed)
    met: Met = field(default_factory=Met)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one person is: examples given, of them judged, and those whose lease has ended unjudged."""

    person: Person
    given: int
    done: int
    ended: int


class Stand(StrEnum):
    """How what was given to a person stands."""

    OPEN = "open"
    DONE = "done"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One example that a person was given, until when (empty: without end), and how it stands."""

    id: str
    until: str
    stand: Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one person was given, in the order of the examples."""

    name: str
    items: tuple[Item, ...]

    def count(self, stand: Stand) -> int:
        """Return how many of them stand so."""
        return sum(item.stand is stand for item in self.items)


def assign(
    *,
    project: Project,
    who: Who,
    reviewers: Sequence[str],
    overlap: float | None = None,
    per_item: int = 2,
    seed: int = 0,
    where: str = "",
    days: int = 0,
    double_tags: Sequence[str] | None = None,
    controls: float = 0.0,
    preview: bool = False,
    new: bool = False,
) -> Given:
    """Give out the open examples that nobody is to review yet, a share of them to several people.

    ``overlap`` None takes the project's; examples with a tag that always needs two (``double_tags``, None: the
    project's) go to ``per_item`` people besides. ``controls``: so many more, as a share of what each gets, are
    examples whose right verdict is known, unmarked. ``days``: after so many the lease ends, and what is not judged then
    can be given to others. Where no reviewer is listed yet, or with ``new``, these people become reviewers of the
    project (on a server a lead adds them first). ``preview`` only says what would come of it. Raises WrongUsage,
    OnlyFor, NotListed, and Refused for nothing to give.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    wanted = names_of(reviewers)
    if overlap is not None and not 0 <= overlap <= 1:
        raise NoShare(overlap)
    with project.write(who) as unit:
        met = naming.meet(unit, wanted, server=project.file is None, new=new)
        how = {"overlap": overlap, "per_item": per_item, "seed": seed}
        given, told = _worked_out(unit, met.names, _rules(unit, double_tags), where, controls, **how)
        told = replace(told, met=met)
        if preview:
            return told  # without a commit everything is as it was
        return _done(unit, told, give(unit, given, kind="plan", days=days))


def _worked_out(
    unit: Unit, names: Sequence[str], rules: ReleaseRules, where: str, controls: float, **how: Any
) -> tuple[dict[int, tuple[str, ...]], Given]:
    """Return who is given each example, controls among them, and how much that is for each."""
    in_force = assignments.in_force(unit, now())
    rows = _without_enough(unit, read_filter(where), in_force)
    if not rows:
        raise Refused(_("There is nothing to give out: every open example has its reviewers."))
    has = needed.reviewers_of(rows, in_force)
    asked = states.requirements(unit, [row.seq for row in rows])
    needs = {row.id: asked.get(row.seq, 1) for row in rows}
    given = _plan(rows, names, has, rules, in_force, needs=needs, **how)
    shape = [len({*chosen, *has[seq]}) for seq, chosen in given.items()]
    mixed = known_answers.mix(unit, names, shape, controls, how["seed"])
    whole = given | dict(mixed.given)
    told = _counted(whole, names, sum(count > 1 for count in shape))
    return whole, replace(told, controls=_amounts(mixed.given, names), mixed=mixed)


def _rules(view: View, double_tags: Sequence[str] | None) -> ReleaseRules:
    rules = project_settings.current(view).rules
    return rules if double_tags is None else replace(rules, double_tags=tuple(double_tags))


def _plan(
    rows: Sequence[Reviewable],
    names: Sequence[str],
    has: dict[int, set[str]],
    rules: ReleaseRules,
    in_force: Sequence[Assignment],
    *,
    needs: dict[str, int],
    overlap: float | None,
    per_item: int,
    seed: int,
) -> dict[int, tuple[str, ...]]:
    try:
        plan = planning.plan(
            [row.id for row in rows],
            names,
            overlap=rules.overlap if overlap is None else overlap,
            per_item=per_item,
            always_several=[row.id for row in rows if set(row.tags) & set(rules.double_tags)],
            has={row.id: has[row.seq] for row in rows},
            loads=Counter(one.reviewer for one in in_force),
            needs=needs,
            seed=seed,
        )
    except ValueError:
        raise _TooFew(per_item, len(names)) from None
    return {row.seq: plan[row.id] for row in rows if plan[row.id]}


def left_to_give(*, project: Project, where: str = "") -> int:
    """Return how many open examples ``assign`` would give out: those with too few reviewers. Raises BadFilter."""
    terms = read_filter(where)
    with project.read() as view:
        return len(_without_enough(view, terms, assignments.in_force(view, now())))


def assign_by_hand(
    *, project: Project, who: Who, numbers: Sequence[int], reviewers: Sequence[str], days: int = 0
) -> Given:
    """Give these examples to all of these people, besides whoever has them; each then needs as many verdicts.

    Raises WrongUsage, OnlyFor, NotListed, and Refused where all of them have all of it.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    wanted = names_of(reviewers)
    with project.write(who) as unit:
        met = naming.meet(unit, wanted, server=project.file is None)
        names = met.names
        has = {(a.seq, a.reviewer) for a in assignments.in_force(unit, now(), seqs=numbers)}
        rows = [row for row in assignments.reviewable(unit, numbers) if row.status in _OPEN]
        given = {row.seq: tuple(name for name in names if (row.seq, name) not in has) for row in rows}
        given = {seq: chosen for seq, chosen in given.items() if chosen}
        if not given:
            raise Refused(_("Nothing was given out: they have these examples already, or nothing is open."))
        raised = give(unit, given, kind="hand", days=days)
        double = sum(number > 1 for number in states.requirements(unit, sorted(given)).values())
        return _done(unit, replace(_counted(given, names, double), met=met), raised)


def take_back(*, project: Project, who: Who, numbers: Sequence[int], reviewer: str = "", as_many: bool = False) -> int:
    """Take examples back from a person, or from everybody, whose verdicts stay; returns from how many examples.

    They then need as many verdicts fewer as giving them by hand had asked for; what a plan gave to several people, and
    with ``as_many`` all, waits for as many as before, so that somebody else is to be given it.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    with project.write(who) as unit:
        found = {a.seq for a in assignments.in_force(unit, now(), seqs=numbers) if reviewer in {"", a.reviewer}}
        if found:
            told = needed.take_off_as_an_act(unit, sorted(found), reviewer=reviewer, as_many=as_many)
            events.append(unit, "unassign", {"count": len(found), "reviewer": reviewer} | told)
            unit.commit()
    return len(found)


def progress(*, project: Project) -> list[Progress]:
    """Return how far each person of the project is, by name; those who were given nothing too.

    Who is no lead is told of herself alone.
    """
    at, me = now(), None if permissions.leads(project=project) else project.person
    with project.read() as view:
        everyone = [p for p in people.everyone(view.connection) if p.active and (me is None or p.name == me.name)]
        given = assignments.in_force(view, at)
        ended = assignments.ended(view, at)
        judged = assignments.judged(view, sorted({one.seq for one in (*given, *ended)}))
    amounts = Counter(a.reviewer for a in given)
    done = Counter(a.reviewer for a in given if (a.seq, a.reviewer, a.round) in judged)
    late = Counter(a.reviewer for a in ended if (a.seq, a.reviewer, a.round) not in judged)
    return [
        Progress(person=person, given=amounts[person.name], done=done[person.name], ended=late[person.name])
        for person in everyone
    ]


def given_out(*, project: Project) -> list[Share]:
    """Return who was given what, by name, those who were given nothing too; a second look of one's own is not given.

    Who is no lead is told of herself alone.
    """
    at, me = now(), None if permissions.leads(project=project) else project.person
    with project.read() as view:
        listed = [person.name for person in people.everyone(view.connection) if person.active]
        ended, in_force = assignments.ended(view, at), assignments.in_force(view, at)
        given = {(one.reviewer, one.seq): one for one in (*ended, *in_force) if one.kind != "repeat"}
        seqs = sorted({seq for _name, seq in given})
        judged = assignments.judged(view, seqs)
        ids = {row.seq: row.id for row in assignments.reviewable(view, seqs)}
    found: dict[str, list[Item]] = {name: [] for name in listed}
    late = {(one.reviewer, one.seq) for one in ended} - {(one.reviewer, one.seq) for one in in_force}
    for (name, seq), one in sorted(given.items()):
        if seq in ids:
            undone = Stand.LATE if (name, seq) in late else Stand.OPEN
            stand = Stand.DONE if (seq, name, one.round) in judged else undone
            found.setdefault(name, []).append(Item(id=ids[seq], until=one.until, stand=stand))
    return [
        Share(name=name, items=tuple(items)) for name, items in sorted(found.items()) if me is None or me.name == name
    ]


def _without_enough(view: View, terms: Sequence[Term], in_force: Sequence[Assignment]) -> list[Reviewable]:
    """Return the open examples that nobody is to review yet, or fewer people than they need."""
    seqs = listing.seqs(view, terms)
    required = states.requirements(view, seqs)
    known = calibrations.controls(view)  # met as controls, or given by hand
    rows = [row for row in assignments.reviewable(view, seqs) if row.status in _WAITS and row.seq not in known]
    has = needed.reviewers_of(rows, in_force)
    return [row for row in rows if len(has[row.seq]) < required.get(row.seq, 1)]


def _done(unit: Unit, told: Given, raised: Raised) -> Given:
    refs = {"count": told.examples, "double": told.double_reviewed, "reviewers": list(told.assigned)}
    events.append(unit, "assign", refs | told.met.refs | {"raised": raised})
    unit.commit()
    return replace(told, act=unit.act)


def _counted(given: dict[int, tuple[str, ...]], names: Sequence[str], double: int) -> Given:
    return Given(assigned=_amounts(given, names), double_reviewed=double, examples=len(given))


def _amounts(given: Mapping[int, tuple[str, ...]], names: Sequence[str]) -> dict[str, int]:
    counts = Counter(name for chosen in given.values() for name in chosen)
    return {name: counts[name] for name in names}


def names_of(reviewers: Sequence[str]) -> list[str]:
    """Return the names, each once, in order. Raises WrongUsage for none."""
    names = sorted({name.strip() for name in reviewers if name.strip()})
    if not names:
        raise WrongUsage(_("Name the reviewers."))
    return names


def end_of_lease(days: int) -> str:
    """Return the moment that is so many days from now, as it is stored; empty for none."""
    if not days:
        return ""
    return (datetime.fromisoformat(now()) + timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds")


def give(unit: Unit, given: dict[int, tuple[str, ...]], *, kind: str, days: int) -> Raised:
    """Let each of these people review the examples, which then need as many verdicts; returns what that asks for."""
    until = end_of_lease(days)
    rounds = assignments.rounds(unit, sorted(given))
    assignments.add(
        unit,
        [  # in the order of the examples: theirs must not tell which are controls
            Assignment(seq=seq, reviewer=name, kind=kind, until=until, round=rounds.get(seq, 1))
            for seq, chosen in sorted(given.items())
            for name in chosen
        ],
    )
    return needed.raise_for(unit, given)
