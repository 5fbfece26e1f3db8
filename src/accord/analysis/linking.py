"""Compares the shingle sets that meet in a band, and keeps the links that hold."""

from collections.abc import Iterator

import numpy as np

from accord.analysis.buckets import Buckets
from accord.analysis.shingle_hashes import I64, U64
from accord.analysis.shingle_sets import F64, Flags, PackedSets

# Leaves room for rounding in the bound below; the comparison itself is exact.
_SLACK = 1e-9


class Links:
    """The links found so far between different shingle sets, known by their rank, and the clusters they connect."""

    def __init__(
        self, sets: PackedSets, ranks: I64, keys: U64, *, threshold: float, thorough: bool, every_pair: bool
    ) -> None:
        self.compared = 0
        self._sets = sets
        self._ranks = ranks
        self._sizes = sets.sizes[ranks]
        self._keys = keys
        self._threshold = threshold
        self._thorough = thorough
        self._every_pair = every_pair
        self._above = np.arange(len(ranks), dtype=np.int64)
        self._found: list[tuple[I64, I64, F64]] = []

    def add_band(self, band: int) -> None:
        """Compare the sets that meet in a band, neighbours first, leaving out what is already known."""
        buckets = Buckets.of_band(self._keys, band, in_full=self._thorough)
        positions = np.arange(len(buckets.members), dtype=np.int64)
        distance = 1
        while len(positions := buckets.within_reach(positions, distance)):
            self._compare(buckets.members[positions], buckets.members[positions + distance], band)
            # Looking for buckets that are already one cluster costs as much as a comparison: do it ever more rarely.
            if not self._every_pair and distance.bit_count() == 1:
                positions = buckets.undecided(positions, self._roots(buckets.members))
            distance += 1
        # A large bucket was not compared in full, so that meeting here must not count as having been compared.
        self._keys[buckets.partly, band] = buckets.partly

    def pairs(self, texts: I64) -> Iterator[tuple[int, int, float]]:
        """Yield the links found as (text, text, score), given the text of each rank."""
        for left, right, scores in self._found:
            yield from zip(texts[left].tolist(), texts[right].tolist(), scores.tolist(), strict=True)

    def _compare(self, left: I64, right: I64, band: int) -> None:
        open_ = self._may_reach_threshold(left, right)
        if not self._every_pair:
            open_ &= self._roots(left) != self._roots(right)
        left, right = left[open_], right[open_]
        new = ~(self._keys[left, :band] == self._keys[right, :band]).any(axis=1)
        left, right = left[new], right[new]
        self.compared += len(left)
        near, scores = self._sets.near(self._ranks[left], self._ranks[right], self._threshold)
        if near.any():
            self._found.append((left[near], right[near], scores[near]))
            self._join(left[near], right[near])

    def _may_reach_threshold(self, left: I64, right: I64) -> Flags:
        """Return which pairs can be near at all: the smaller set over the larger bounds their similarity."""
        a, b = self._sizes[left], self._sizes[right]
        bound: Flags = np.minimum(a, b) >= self._threshold * np.maximum(a, b) - _SLACK
        return bound

    def _roots(self, ranks: I64) -> I64:
        """Return the smallest rank of each one's cluster."""
        roots = self._above[ranks]
        while not np.array_equal(higher := self._above[roots], roots):
            roots = higher
        self._above[ranks] = roots
        return roots

    def _join(self, left: I64, right: I64) -> None:
        """Join the clusters of each pair, all pairs at once."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        roots, ends = np.unique(np.concatenate([self._roots(left), self._roots(right)]), return_inverse=True)
        ones = np.ones(len(left), dtype=np.int8)
        graph = coo_array((ones, (ends[: len(left)], ends[len(left) :])), shape=(len(roots), len(roots)))
        count, labels = connected_components(graph, directed=False)
        smallest = np.full(count, len(self._above), dtype=np.int64)
        np.minimum.at(smallest, labels, roots)
        self._above[roots] = smallest[labels]
