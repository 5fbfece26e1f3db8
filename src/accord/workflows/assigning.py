"""Who reviews what: by a plan, by hand or by tag; given out, taken back, and how far everybody is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

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
from accord.workflows import permissions

_WAITS = (Status.CANDIDATE, Status.NEEDS_ANSWER, Status.IN_REVIEW)
_OPEN = (*_WAITS, Status.DISAGREEMENT)


class _TooFew(WrongUsage):
    """A plan asks for more people than there are."""

    def __init__(self, wanted: int, people: int) -> None:
        super().__init__(
            _(
                "{wanted} people are needed for each example that several review, and there are {people}. "
                "The overlap is a share from 0 to 1.",
                wanted=wanted,
                people=people,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given out: how many examples each person got, how many go to several people, the act that did it.

    ``examples``: how many they are in all. ``controls``: how many of each person's, besides the plan, are controls.
    """

    assigned: dict[str, int]
    double_reviewed: int
    act: str = ""
    examples: int = 0
    controls: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one person is: examples given, of them judged, and those whose lease has ended unjudged."""

    person: Person
    given: int
    done: int
    ended: int


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
) -> Given:
    """Give out the open examples that nobody is to review yet, a share of them to several people.

    ``overlap`` None takes the project's; examples with a tag that always needs two (``double_tags``, None: the
    project's) go to ``per_item`` people besides. ``controls``: so many more, as a share of what each gets, are
    examples whose right verdict is known, unmarked. ``days``: after so many the lease ends, and what is not judged then
    can be given to others. People whom the project does not know become its reviewers (on a server a lead adds them
    first). ``preview`` only says what would come of it. Raises WrongUsage, OnlyFor, and Refused for nothing to give.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    names = names_of(reviewers)
    with project.write(who) as unit:
        new = meet(unit, names, server=project.file is None)
        rules = _rules(unit, double_tags)
        in_force = assignments.in_force(unit, now())
        rows = _without_enough(unit, read_filter(where), in_force)
        if not rows:
            raise Refused(_("There is nothing to give out: every open example has its reviewers."))
        has = _reviewers_of(rows, in_force)
        given = _plan(rows, names, has, rules, in_force, overlap=overlap, per_item=per_item, seed=seed)
        double = sum(len({*chosen, *has[seq]}) > 1 for seq, chosen in given.items())
        mixed = known_answers.mix(unit, _amounts(given, names), controls, seed)
        told = replace(_counted(given | mixed, names, double), controls=_amounts(mixed, names))
        if preview:
            return told  # without a commit everything is as it was
        give(unit, given | mixed, kind="plan", days=days)
        return _done(unit, told, new)


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

    Raises WrongUsage, OnlyFor, and Refused where all of them have all of it.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    names = names_of(reviewers)
    with project.write(who) as unit:
        new = meet(unit, names, server=project.file is None)
        has = {(a.seq, a.reviewer) for a in assignments.in_force(unit, now(), seqs=numbers)}
        rows = [row for row in assignments.reviewable(unit, numbers) if row.status in _OPEN]
        given = {row.seq: tuple(name for name in names if (row.seq, name) not in has) for row in rows}
        given = {seq: chosen for seq, chosen in given.items() if chosen}
        if not given:
            raise Refused(_("Nothing was given out: they have these examples already, or nothing is open."))
        give(unit, given, kind="hand", days=days)
        double = sum(number > 1 for number in states.requirements(unit, sorted(given)).values())
        return _done(unit, _counted(given, names, double), new)


def take_back(*, project: Project, who: Who, numbers: Sequence[int], reviewer: str = "", as_many: bool = False) -> int:
    """Take examples back from a person, or from everybody, whose verdicts stay; returns from how many examples.

    They then need the verdicts of those who have them still; with ``as_many`` of as many people as before, so that
    somebody else is to be given them.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    with project.write(who) as unit:
        found = {a.seq for a in assignments.in_force(unit, now(), seqs=numbers) if reviewer in {"", a.reviewer}}
        if found:
            assignments.remove(unit, sorted(found), reviewer=reviewer)
            if not as_many:
                require_as_many_as_have_it(unit, sorted(found))
            events.append(unit, "unassign", {"count": len(found), "reviewer": reviewer})
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
    return [
        Progress(
            person=person,
            given=sum(a.reviewer == person.name for a in given),
            done=sum(a.reviewer == person.name and (a.seq, a.reviewer, a.round) in judged for a in given),
            ended=sum(a.reviewer == person.name and (a.seq, a.reviewer, a.round) not in judged for a in ended),
        )
        for person in everyone
    ]


def require_as_many_as_have_it(unit: Unit, seqs: Sequence[int]) -> None:
    """Let each example need the verdicts of all who are to review it, or have."""
    people_of = _reviewers_of(assignments.reviewable(unit, seqs), assignments.in_force(unit, now(), seqs=seqs))
    before = states.requirements(unit, seqs)
    wanted: dict[int, list[int]] = {}
    for seq, names in people_of.items():
        needed = max(len(names), 1)
        if before.get(seq, 1) != needed:
            wanted.setdefault(needed, []).append(seq)
    for needed, changed in wanted.items():
        states.require(unit, changed, needed)


def _without_enough(view: View, terms: Sequence[Term], in_force: Sequence[Assignment]) -> list[Reviewable]:
    """Return the open examples that nobody is to review yet, or fewer people than they need."""
    seqs = listing.seqs(view, terms)
    required = states.requirements(view, seqs)
    known = calibrations.controls(view)  # met as controls, or given by hand
    rows = [row for row in assignments.reviewable(view, seqs) if row.status in _WAITS and row.seq not in known]
    has = _reviewers_of(rows, in_force)
    return [row for row in rows if len(has[row.seq]) < required.get(row.seq, 1)]


def _reviewers_of(rows: Sequence[Reviewable], in_force: Sequence[Assignment]) -> dict[int, set[str]]:
    """Return for each example who is to review it, or has."""
    found = {row.seq: set(row.reviewers) for row in rows}
    rounds = {row.seq: row.round for row in rows}
    for one in in_force:
        if rounds.get(one.seq) == one.round:
            found[one.seq].add(one.reviewer)
    return found


def _done(unit: Unit, told: Given, new: Sequence[str]) -> Given:
    refs = {"count": told.examples, "double": told.double_reviewed, "reviewers": list(told.assigned), "new": list(new)}
    events.append(unit, "assign", refs)
    unit.commit()
    return replace(told, act=unit.act)


def _counted(given: dict[int, tuple[str, ...]], names: Sequence[str], double: int) -> Given:
    return Given(assigned=_amounts(given, names), double_reviewed=double, examples=len(given))


def _amounts(given: dict[int, tuple[str, ...]], names: Sequence[str]) -> dict[str, int]:
    counts = Counter(name for chosen in given.values() for name in chosen)
    return {name: counts[name] for name in names}


def names_of(reviewers: Sequence[str]) -> list[str]:
    """Return the names, each once, in order. Raises WrongUsage for none."""
    names = sorted({name.strip() for name in reviewers if name.strip()})
    if not names:
        raise WrongUsage(_("Name the reviewers."))
    return names


def meet(unit: Unit, names: Sequence[str], *, server: bool) -> list[str]:
    """Make the people known whom the project does not know yet, and return them."""
    known = {person.name for person in people.everyone(unit.connection) if person.active}
    new = [name for name in names if name not in known]
    if new and server:
        raise Refused(_("{name} is not of the team. Add the person on the page People first.", name=new[0]))
    for name in new:
        people.put(unit.connection, Person(name=name, role=Role.REVIEWER), at=unit.at)
    return new


def end_of_lease(days: int) -> str:
    """Return the moment that is so many days from now, as it is stored; empty for none."""
    if not days:
        return ""
    return (datetime.fromisoformat(now()) + timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds")


def give(unit: Unit, given: dict[int, tuple[str, ...]], *, kind: str, days: int) -> None:
    """Let each of these people review the examples, which then need as many verdicts."""
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
    require_as_many_as_have_it(unit, sorted(given))
