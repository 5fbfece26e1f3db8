"""Controls: examples whose right verdict is known, met among the others without a sign, and who catches how many.

A control is an example like any other: its verdicts count by the ordinary rules. It is given out within a plan, to as
many people as other examples of that plan are: how long an example waits, and for how many, tells nothing. What only a
lead knows is that it is one. What counts for the rate is what a person said first, after it became a control; what she
changed once she could see the others does not.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from accord.analysis.agreement.proportions import wilson
from accord.analysis.spreading import lot
from accord.domain.agreement import Figure, Measured
from accord.domain.batches import batched
from accord.domain.calibration import Control
from accord.domain.errors import Refused, WrongUsage
from accord.domain.history import ExampleRow
from accord.domain.ledger import Who
from accord.domain.moments import in_utc, now
from accord.domain.people import Role
from accord.domain.review import Review, Status, Verdict
from accord.domain.wording import _, number, percent, plural
from accord.storage import assignments, calibrations, decisions, events, listing, people, reviews
from accord.storage.assignments import Reviewable
from accord.storage.project import Project, Unit, View
from accord.workflows import permissions

_SETTLED = (Status.ACCEPTED, Status.REJECTED)
_CLOSED = (Status.SET_ASIDE, Status.DISAGREEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A control as a lead sees it, and how many people have met it."""

    control: Control
    row: ExampleRow
    met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchRate:
    """How many of the controls that one person judged she judged rightly (Wilson); ``missed``: the others' ids."""

    reviewer: str
    caught: int
    n: int
    share: Figure
    missed: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The controls that go with a plan: who is given each, and what became of how many were asked for.

    ``usable``: how many are marked and can be given out. Of these ``alone`` have been judged, or given, by as many
    people as the plan gives any example to, and ``met`` by too many of the plan's. ``settled``: of those given, how
    many were settled and are reviewed again.
    """

    given: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    asked: int = 0
    usable: int = 0
    alone: int = 0
    met: int = 0
    settled: int = 0

    @property
    def sentences(self) -> list[str]:
        """Say how many there are of how many were asked for, why there are fewer, and what it does to settled ones."""
        if not self.asked:
            return []
        n = len(self.given)
        told = [_("Controls: {n} of {asked} asked for.", n=number(n), asked=number(self.asked))]
        if n < self.asked:
            told.extend(self._why())
        if self.settled:
            told.append(
                plural(
                    "{n} settled example is reviewed again as a control and counts as in review until then.",
                    "{n} settled examples are reviewed again as controls and count as in review until then.",
                    self.settled,
                )
            )
        return told

    def _why(self) -> Iterator[str]:
        if self.usable < self.asked:
            yield plural("{n} that can be given out is marked.", "{n} that can be given out are marked.", self.usable)
        if self.alone:
            yield plural(
                "{n} has its reviewers already: it is mixed in only among examples that more people review.",
                "{n} have their reviewers already: they are mixed in only among examples that more people review.",
                self.alone,
            )
        if self.met:
            yield plural(
                "{n} was met by too many of these people.", "{n} were met by too many of these people.", self.met
            )


def add(*, project: Project, who: Who, numbers: Sequence[int], verdict: Verdict | None = None, note: str = "") -> str:
    """Mark examples as controls with this right verdict (None: the one by which each is settled); return the act.

    One that is a control already is given this verdict. Raises OnlyFor, and Refused for a verdict that is none, for
    examples set aside or decided by an adjudicator, whose verdict everybody can see, and with None for unsettled ones.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("choose controls"))
    if verdict is Verdict.UNSURE:
        raise Refused(_("The right verdict of a control is accept, edit or reject."))
    with project.write(who) as unit:
        rows = assignments.reviewable(unit, sorted(set(numbers)))
        usable = _usable(unit, [row.seq for row in rows if row.status != Status.SET_ASIDE])
        if not rows or len(usable) < len(rows):
            raise Refused(_("A control must be in play and not decided by an adjudicator: everybody could look it up."))
        right = _settled_as(unit, usable) if verdict is None else dict.fromkeys(usable, verdict)
        if len(right) < len(usable):
            raise Refused(_("Some of these are not settled yet. Say which verdict is the right one."))
        calibrations.mark_controls(unit, right, note.strip())
        events.append(unit, "control", {"count": len(usable)})
        unit.commit()
    return unit.act


def remove(*, project: Project, who: Who, numbers: Sequence[int]) -> int:
    """Take examples out of the controls; return how many. What people said of them stays. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("choose controls"))
    with project.write(who) as unit:
        found = sorted(set(numbers) & set(calibrations.controls(unit)))
        if found:
            calibrations.mark_controls(unit, dict.fromkeys(found), "")
            events.append(unit, "control", {"count": len(found)})
            unit.commit()
    return len(found)


def counts(*, project: Project) -> dict[Verdict, int]:
    """Return how many controls there are of each right verdict. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see the controls"))
    with project.read() as view:
        return dict(Counter(control.verdict for control in calibrations.controls(view).values()))


def listed(*, project: Project) -> list[Marked]:
    """Return the controls, in the order in which the examples came in. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see the controls"))
    with project.read() as view:
        known = calibrations.controls(view)
        met = Counter(seq for said in _said(view, known).values() for seq in said)
        rows = [row for part in batched(sorted(known)) for row in listing.page(view, part)]
    return [Marked(control=known[row.seq], row=row, met=met[row.seq]) for row in rows]


def rates(*, project: Project) -> list[CatchRate]:
    """Return how many controls each person has caught, by name; leads, who know them, are left out. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see the controls"))
    with project.read() as view:
        known = calibrations.controls(view)
        ids = {row.seq: row.id for row in assignments.reviewable(view, sorted(known))}
        by_name = _said(view, known)
    return [_rate(name, said, known, ids) for name, said in sorted(by_name.items())]


def mix(unit: Unit, names: Sequence[str], shape: Iterable[int], share: float, seed: int) -> Mixed:
    """Choose, beside the examples of a plan, that share of their number as controls, and who is given each.

    ``shape``: how many people each example of the plan has in the end, counting those who had it. The controls are
    shaped alike, drawn by lot, so that nothing tells them from the others; one that has people already is given only
    where the plan gives some to more than it has. Nobody meets one twice. Raises WrongUsage for no share.
    """
    if not 0 <= share <= 1:
        raise WrongUsage(_("The share of controls is from 0 to 1."))
    many = sorted(shape)
    wanted = ceil(Fraction(str(share)) * len(many))
    has = _people_of(unit) if wanted else {}
    load = dict.fromkeys(names, 0)
    chosen: dict[int, tuple[str, ...]] = {}
    alone = met = settled = 0
    for row in sorted(has, key=lambda row: lot(row.id, seed)):
        if len(chosen) == wanted:
            break
        first = bisect_right(many, len(has[row]))  # of the examples that have more people
        if first == len(many):
            alone += 1
            continue
        missing = many[first + lot(row.id, seed + 1)[0] * (len(many) - first) // 256] - len(has[row])
        free = sorted((load[name], lot(f"{row.id} {name}", seed), name) for name in names if name not in has[row])
        if missing > len(free):
            met += 1
            continue
        chosen[row.seq] = tuple(sorted(name for _load, _lot, name in free[:missing]))
        load |= {name: load[name] + 1 for name in chosen[row.seq]}
        settled += row.status in _SETTLED
    return Mixed(given=chosen, asked=wanted, usable=len(has), alone=alone, met=met, settled=settled)


def _people_of(unit: Unit) -> dict[Reviewable, set[str]]:
    """Return the controls that can be given out, each with who has judged it or is to."""
    known = sorted(calibrations.controls(unit))
    rows = [row for row in assignments.reviewable(unit, known) if row.status not in _CLOSED]
    usable = set(_usable(unit, [row.seq for row in rows]))
    has = {row.seq: set(row.reviewers) for row in rows if row.seq in usable}
    for one in assignments.in_force(unit, now(), seqs=sorted(has)):
        has[one.seq].add(one.reviewer)
    for seq, name, _round in assignments.judged(unit, sorted(has)):
        has[seq].add(name)
    return {row: has[row.seq] for row in rows if row.seq in usable}


def _settled_as(view: View, seqs: Sequence[int]) -> dict[int, Verdict]:
    """Return the verdict by which each of these examples is settled, those that are not left out."""
    found: dict[int, Verdict] = {}
    for part in batched(seqs):
        bases = listing.bases(view, part)
        for row in listing.page(view, part):
            if row.status == Status.REJECTED:
                found[row.seq] = Verdict.REJECT
            elif row.status == Status.ACCEPTED:
                found[row.seq] = Verdict.ACCEPT if row.hash == bases[row.seq].hash else Verdict.EDIT
    return found


def _usable(view: View, seqs: Sequence[int]) -> list[int]:
    decided = decisions.adjudicated(view, seqs)
    return [seq for seq in seqs if seq not in decided]


def _said(view: View, known: Mapping[int, Control]) -> dict[str, dict[int, Verdict]]:
    """Return by person what she said first of each control since it is one, what she took back herself left out."""
    leads = {person.name for person in people.everyone(view.connection) if person.role is Role.LEAD}
    found: dict[str, dict[int, Verdict]] = {}
    for seq, given in reviews.of_examples(view, sorted(known)).items():
        first: dict[str, Review] = {}
        for review in given:
            if review.judgement.repeat or in_utc(review.at) < known[seq].since:
                continue
            if review.verdict is None:
                first.pop(review.reviewer, None)
            elif review.restores is None:
                first.setdefault(review.reviewer, review)
        for name, review in first.items():
            if name not in {*leads, known[seq].author}:
                found.setdefault(name, {})[seq] = review.judgement.verdict
    return found


def _rate(name: str, said: Mapping[int, Verdict], known: Mapping[int, Control], ids: Mapping[int, str]) -> CatchRate:
    missed = tuple(ids[seq] for seq, verdict in sorted(said.items()) if verdict is not known[seq].verdict)
    n = len(said)
    share = wilson(n - len(missed), n, none=_("No control was met yet."))
    return CatchRate(
        reviewer=name,
        caught=n - len(missed),
        n=n,
        share=share,
        missed=missed,
        sentence=_caught(name, n - len(missed), n, share),
    )


def _caught(name: str, caught: int, n: int, share: Figure) -> str:
    if not isinstance(share, Measured) or share.ci95 is None:
        return _("{name} has met no control yet.", name=name)
    low, high = share.ci95
    told = f"{percent(share.value)} [{low * 100:.0f}, {high * 100:.0f}]"
    return _("{name} caught {caught} of {n} controls: {share}", name=name, caught=caught, n=n, share=told)
