"""How many verdicts an example needs: more as more people are given it, fewer only as such an act is taken back."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from accord.domain.moments import now
from accord.storage import assignments, events, listing, states
from accord.storage.assignments import Assignment, Reviewable, Stored
from accord.storage.project import Unit, View

#: In an event: so many people were given these examples, which then needed so many verdicts more than before.
Raised = list[list[Any]]


def reviewers_of(rows: Sequence[Reviewable], in_force: Sequence[Assignment]) -> dict[int, set[str]]:
    """Return for each example who is to review it, or has."""
    found = {row.seq: set(row.reviewers) for row in rows}
    rounds = {row.seq: row.round for row in rows}
    for one in in_force:
        if rounds.get(one.seq) == one.round:
            found[one.seq].add(one.reviewer)
    return found


def raise_for(unit: Unit, given: Mapping[int, Sequence[str]]) -> Raised:
    """Let each example that was given out need the verdicts of all who are to review it, or have, and never fewer.

    Returns what the act asked for beyond what was asked before, for its event, so that it can be taken back.
    """
    seqs = sorted(given)
    people, before = _people(unit, seqs), states.requirements(unit, seqs)
    more = {seq: len(people[seq]) - before.get(seq, 1) for seq in seqs if seq in people}
    _require(unit, {seq: len(people[seq]) for seq, by in more.items() if by > 0})
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for seq, by in more.items():
        if by > 0:
            together[len(given[seq]), by].append(seq)
    return [[count, by, listing.ids_of(unit, found)] for (count, by), found in sorted(together.items())]


def by_number(view: View, seqs: Sequence[int]) -> list[list[Any]]:
    """Return for an event how many verdicts each of these examples needs: the number, and which."""
    known, together = states.requirements(view, seqs), defaultdict[int, list[int]](list)
    for seq in seqs:
        together[known.get(seq, 1)].append(seq)
    return [[count, listing.ids_of(view, found)] for count, found in sorted(together.items())]


def take_off(
    unit: Unit, seqs: Iterable[int], *, reviewer: str = "", act: str = "", planned: bool = True
) -> dict[int, int]:
    """Take examples back, from everybody, one person or one act, with what giving them out had asked for.

    ``planned`` False: what a plan gives to several people stays asked of as many. Returns by example how many verdicts
    fewer it needs.
    """
    wanted = sorted(set(seqs))
    before = _given(unit, wanted, planned=planned)
    assignments.remove(unit, wanted, reviewer=reviewer, act=act)
    after = _given(unit, wanted, planned=planned)
    less: Counter[int] = Counter()
    for one in sorted({one for one, _seq in before}):
        for seq, (count, by) in _asked(unit, one).items():
            asked = [max(0, rows[one, seq] - (count - by)) for rows in (before, after)]
            less[seq] += asked[0] - asked[1]
    return _lower(unit, +less)


def take_off_as_an_act(unit: Unit, seqs: Sequence[int], *, reviewer: str, as_many: bool) -> dict[str, Any]:
    """Take examples back as an act of its own; returns what its event needs to give them again (``give_again``)."""
    rows = assignments.stored(unit, seqs, reviewer=reviewer)
    if as_many:
        assignments.remove(unit, seqs, reviewer=reviewer)
    lowered = {} if as_many else take_off(unit, seqs, reviewer=reviewer, planned=False)
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[row[1:]].append(row.seq)
    fewer: dict[int, list[int]] = defaultdict(list)
    for seq, by in lowered.items():
        fewer[by].append(seq)
    return {
        "rows": [[*row, listing.ids_of(unit, found)] for row, found in alike.items()],
        "lowered": [[by, listing.ids_of(unit, found)] for by, found in sorted(fewer.items())],
    }


def give_again(unit: Unit, refs: Mapping[str, Any], taken_back: Collection[str]) -> list[int]:
    """Give again what an act took back, but what was given since, or by an act that is undone; return the examples."""
    rows = [
        Stored(seq, *row[:-1])
        for row in refs.get("rows", [])
        for seq in listing.seqs_of(unit, row[-1]).values()
        if row[5] not in taken_back
    ]
    have = {(row.seq, row.reviewer, row.round) for row in assignments.stored(unit, [row.seq for row in rows])}
    back = [row for row in rows if (row.seq, row.reviewer, row.round) not in have]
    assignments.put_back(unit, back)
    seqs = {row.seq for row in back}
    lowered = {seq: by for by, ids in refs.get("lowered", []) for seq in listing.seqs_of(unit, ids).values()}
    _ask_again(unit, {seq: by for seq, by in lowered.items() if seq in seqs})
    return sorted(seqs)


def _ask_again(unit: Unit, lowered: Mapping[int, int]) -> None:
    """Let examples need so many verdicts more again."""
    needed = states.requirements(unit, sorted(lowered))
    _require(unit, {seq: needed.get(seq, 1) + by for seq, by in lowered.items()})


def _lower(unit: Unit, less: Mapping[int, int]) -> dict[int, int]:
    """Lower what examples need, but not below what those who have them, or have judged them, will say."""
    seqs = sorted(less)
    people, before = _people(unit, seqs), states.requirements(unit, seqs)
    changed = {}
    for seq in seqs:
        needed = before.get(seq, 1)
        least = max(needed - less[seq], len(people.get(seq, ())), 1)
        if least < needed:
            changed[seq] = needed - least
    _require(unit, {seq: before[seq] - by for seq, by in changed.items()})
    return changed


def _require(unit: Unit, wanted: Mapping[int, int]) -> None:
    together: dict[int, list[int]] = defaultdict(list)
    for seq, needed in wanted.items():
        together[needed].append(seq)
    for needed, seqs in together.items():
        states.require(unit, seqs, needed)


def _people(unit: Unit, seqs: Sequence[int]) -> dict[int, set[str]]:
    return reviewers_of(assignments.reviewable(unit, seqs), assignments.in_force(unit, now(), seqs=seqs))


def _given(view: View, seqs: Sequence[int], *, planned: bool) -> Counter[tuple[str, int]]:
    """Return how many people each act has given each example."""
    rows = (row for row in assignments.stored(view, seqs) if planned or row.kind != "plan")
    return Counter((row.act, row.seq) for row in rows)


def _asked(view: View, act: str) -> dict[int, tuple[int, int]]:
    """Return by example to how many people an act gave it, and how many verdicts more it then needed."""
    event = events.find(view, act)
    found: dict[int, tuple[int, int]] = {}
    for count, by, ids in event.refs.get("raised", []) if event is not None else []:
        found |= dict.fromkeys(listing.seqs_of(view, ids).values(), (int(count), int(by)))
    return found
