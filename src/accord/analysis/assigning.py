"""Who reviews what: a seeded plan in which some examples go to several people, and everybody gets as much."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from math import ceil


def plan(
    ids: Sequence[str],
    reviewers: Sequence[str],
    *,
    overlap: float,
    per_item: int,
    always_several: Collection[str] = (),
    has: Mapping[str, Collection[str]] | None = None,
    loads: Mapping[str, int] | None = None,
    needs: Mapping[str, int] | None = None,
    seed: int = 0,
) -> dict[str, tuple[str, ...]]:
    """Return for each example the people who are to review it, those who have least to do so far first.

    The ``overlap`` share of the examples (rounded up), and besides it those named in ``always_several``, go to
    ``per_item`` people, the rest to one. ``has`` names who has an example already: as many fewer get it, an example
    that has somebody is one of several people's, and no part of the share. ``needs`` names how many are needed at
    least; where that is several, it is no part of the share either. ``loads`` is what each has been given before. The
    same ids, people and seed give the same plan, whatever order they come in. Raises ValueError where there are not
    enough people or the share is not one.
    """
    people, always = sorted(set(reviewers)), set(always_several)
    if not 0 <= overlap <= 1:
        raise ValueError(overlap)
    shared = Fraction(str(overlap)) > 0 or not always.isdisjoint(ids)
    if not people or (shared and not 1 <= per_item <= len(people)):
        raise ValueError(per_item)
    begun, least = has or {}, needs or {}
    order = sorted(set(ids), key=lambda id_: _hash(f"{seed} {id_}"))
    new = [id_ for id_ in order if not begun.get(id_) and least.get(id_, 1) == 1]
    often = {*new[: ceil(Fraction(str(overlap)) * len(new))], *always, *(i for i in order if begun.get(i))}
    share = _Shares(people, loads or {})
    # What several review is given out first: what goes to one person then evens out how much each has.
    return {
        id_: share.give(
            max(per_item if id_ in often else 1, least.get(id_, 1)), begun.get(id_, ()), lot=f"{seed} {id_}"
        )
        for id_ in sorted(order, key=lambda id_: id_ not in often and least.get(id_, 1) == 1)
    }


class _Shares:
    """How much each person has been given, and how often each two were given the same example."""

    def __init__(self, people: Sequence[str], loads: Mapping[str, int]) -> None:
        self._given = Counter({name: loads.get(name, 0) for name in people})
        self._together: Counter[frozenset[str]] = Counter()

    def give(self, wanted: int, has: Collection[str], *, lot: str) -> tuple[str, ...]:
        """Choose who gets an example that some have: who has least, then who has met the others least, then by lot."""
        those = list(set(has))
        chosen: list[str] = []
        while len(those) < wanted and len(those) < len(self._given.keys() | set(those)):
            met = {name: sum(self._together[frozenset((name, one))] for one in those) for name in self._given}
            left = (name for name in self._given if name not in those)
            best = min(left, key=lambda name: (self._given[name], met[name], _hash(f"{lot} {name}")))
            self._together.update(frozenset((best, one)) for one in chosen)
            self._given[best] += 1
            those.append(best)
            chosen.append(best)
        return tuple(chosen)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
