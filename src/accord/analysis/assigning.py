"""Who reviews what: a seeded plan in which some examples go to several people, and everybody gets as much."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
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
    seed: int = 0,
) -> dict[str, tuple[str, ...]]:
    """Return for each example the people who are to review it, those who have least to do so far first.

    The ``overlap`` share of the examples (rounded up), and besides it those named in ``always_several``, go to
    ``per_item`` people, the rest to one. ``has`` names who has an example already: as many fewer get it, an example
    that has somebody is one of several people's, and no part of the share. ``loads`` is what each has been given
    before. The same ids, people and seed give the same plan, whatever order they come in. Raises ValueError where there
    are not enough people or the share is not one.
    """
    people = sorted(set(reviewers))
    if not 0 <= overlap <= 1:
        raise ValueError(overlap)
    shared = Fraction(str(overlap)) > 0 or any(id_ in always_several for id_ in ids)
    if not people or (shared and not 1 <= per_item <= len(people)):
        raise ValueError(per_item)
    begun = has or {}
    order = sorted(set(ids), key=lambda id_: _hash(f"{seed} {id_}"))
    new = [id_ for id_ in order if not begun.get(id_)]
    often = {*new[: ceil(Fraction(str(overlap)) * len(new))], *always_several, *(i for i in order if begun.get(i))}
    given = Counter({name: (loads or {}).get(name, 0) for name in people})
    together: Counter[tuple[str, str]] = Counter()
    found: dict[str, tuple[str, ...]] = {}
    # What several review is given out first: what goes to one person then evens out how much each has.
    for id_ in sorted(order, key=lambda id_: id_ not in often):
        before = sorted(set(begun.get(id_, ())))
        count = (per_item if id_ in often else 1) - len(before)
        chosen = _choose(people, before, count, given, together, lot=f"{seed} {id_}")
        given.update(chosen)
        together.update(combinations(sorted(chosen), 2))
        found[id_] = chosen
    return found


def _choose(  # noqa: PLR0917  (as above)
    people: Sequence[str],
    before: Sequence[str],
    count: int,
    given: Counter[str],
    together: Counter[tuple[str, str]],
    lot: str,
) -> tuple[str, ...]:
    """Take one person after the other: who has least, then who has met the others taken least often, then by lot."""
    chosen: list[str] = []
    for _place in range(count):
        left = [name for name in people if name not in {*before, *chosen}]
        if not left:
            break
        met = {name: sum(together[_pair(name, other)] for other in (*before, *chosen)) for name in left}
        chosen.append(min(left, key=lambda name: (given[name], met[name], _hash(f"{lot} {name}"))))
    return tuple(chosen)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
