"""Clusters of linked items, and which item of a cluster is best kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class DisjointSets:
    """Items 0 to n-1 in sets that can only be joined; the smallest item stands for its set."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, item: int) -> int:
        """Return the item that stands for the set of ``item``."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, a: int, b: int) -> bool:
        """Join the sets of two items; tell whether they were apart."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        self._parent[max(a, b)] = min(a, b)
        return True

    def all(self) -> list[int]:
        """Return for each item the one that stands for its set."""
        # A parent is never larger than its child, so it is already settled when its turn comes.
        for item, above in enumerate(self._parent):
            self._parent[item] = self._parent[above]
        return list(self._parent)


def connected(n: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the sets of two or more of the items 0 to n-1 that links connect, each sorted, in order of first items."""
    sets = DisjointSets(n)
    for a, b in links:
        sets.join(a, b)
    members: dict[int, list[int]] = {}
    for item, first in enumerate(sets.all()):
        members.setdefault(first, []).append(item)
    return [cluster for cluster in members.values() if len(cluster) > 1]


class KeeperReason(StrEnum):
    """What speaks for keeping one item of a cluster rather than the others."""

    SETTLED = "settled"
    EDITED = "edited"
    SOURCED = "sourced"
    LONGEST = "longest"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperFacts:
    """What is known of an item to a viewer who is still blind: nothing of another person's open verdict."""

    id: str
    settled: bool
    edited: bool
    answer_chars: int
    has_source: bool
    first_line: int


def suggest_keeper(candidates: Sequence[KeeperFacts]) -> tuple[int, KeeperReason]:
    """Return the index of the item to keep, and the first thing that set it apart from all the others.

    In order: settled, edited, with a source, the longest answer, the earliest line; the id breaks ties, so the
    suggestion does not depend on the order given. Raises ValueError where there is no candidate.
    """
    if not candidates:
        raise ValueError("a keeper needs at least one candidate")
    left = list(range(len(candidates)))
    for reason, worth in _WORTH:
        best = max(worth(candidates[i]) for i in left)
        left = [i for i in left if worth(candidates[i]) == best]
        if len(left) == 1:
            return left[0], reason
    return min(left, key=lambda i: candidates[i].id), KeeperReason.FIRST


_WORTH = (
    (KeeperReason.SETTLED, lambda facts: int(facts.settled)),
    (KeeperReason.EDITED, lambda facts: int(facts.edited)),
    (KeeperReason.SOURCED, lambda facts: int(facts.has_source)),
    (KeeperReason.LONGEST, lambda facts: facts.answer_chars),
    (KeeperReason.FIRST, lambda facts: -facts.first_line),
)
