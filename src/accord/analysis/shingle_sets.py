"""The distinct shingle sets of many texts, packed, and the exact Jaccard similarity of any of them."""

from array import array

import numpy as np
import numpy.typing as npt

from accord.analysis.shingle_hashes import EARLIER, I64, U64

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_EARLIER = np.int64(EARLIER >> np.uint64(1))

# Pairs compared in one go: their rows are gathered, so this bounds the memory of a step.
_PAIRS_AT_ONCE = 4096


class ShingleSets:
    """Sets of shingle hashes, each kept once however many texts have it; numbered in the order they came.

    A set is stored as 63 bits of each hash, ascending: the shape that scipy's sparse rows have, whose product is the
    intersection. The 64th bit only decides how rare a collision is (see shingle_hashes).
    """

    def __init__(self) -> None:
        self.rows: list[int] = []
        self._hashes = array("q")
        self._bounds = array("q", [0])
        self._by_digest: dict[bytes, list[int]] = {}

    def add(self, row: int, hashes: U64) -> int:
        """Add the set of a text, given its hashes with repeats; return the row of the first text that has this set."""
        distinct = np.sort(hashes >> np.uint64(1)).astype(np.int64)
        fresh = np.ones(len(distinct), dtype=np.bool_)
        np.not_equal(distinct[1:], distinct[:-1], out=fresh[1:])
        distinct = distinct[fresh]
        # The sum of the members and their number find the earlier set; the comparison decides.
        digest = int(distinct.sum()).to_bytes(8, "little", signed=True) + len(distinct).to_bytes(8, "little")
        alike = self._by_digest.setdefault(digest, [])
        for other in alike:
            if np.array_equal(self._members(other), distinct):
                return self.rows[other]
        alike.append(len(self.rows))
        self.rows.append(row)
        self._hashes.frombytes(distinct.tobytes())
        self._bounds.append(len(self._hashes))
        return row

    def _members(self, number: int) -> I64:
        # A copy of one set, so that the growing array is never held by a view.
        return np.array(self._hashes[self._bounds[number] : self._bounds[number + 1]], dtype=np.int64)

    def packed(self, *, talks: bool = False) -> "PackedSets":
        """Return the sets ready for comparison. No set can be added afterwards. ``talks``: of ``hashed_talks``."""
        sets = TalkSets if talks else PackedSets
        return sets(np.frombuffer(self._hashes, dtype=np.int64), np.frombuffer(self._bounds, dtype=np.int64))

    def ranks(self) -> I64:
        """Return the numbers of the sets ordered by size and then by content: the same order however the texts came."""
        bounds = np.frombuffer(self._bounds, dtype=np.int64)
        digests = np.zeros(len(self.rows), dtype=np.uint64)
        if len(self.rows):
            np.add.reduceat(np.frombuffer(self._hashes, dtype=np.uint64), bounds[:-1], out=digests)
        return np.lexsort((digests, np.diff(bounds)))


class PackedSets:
    """Sets as rows of one sparse matrix."""

    def __init__(self, hashes: I64, bounds: I64) -> None:
        from scipy import sparse

        self.sizes: I64 = np.diff(bounds)
        self._matrix = sparse.csr_array(
            (np.ones(len(hashes), dtype=np.int8), hashes, bounds), shape=(len(self.sizes), np.iinfo(np.int64).max)
        )

    def near(self, left: I64, right: I64, threshold: float) -> tuple[Flags, F64]:
        """Return which pairs of sets are alike, and the exact Jaccard similarity of each pair."""
        flags, scores = np.empty(len(left), dtype=np.bool_), np.empty(len(left), dtype=np.float64)
        for start in range(0, len(left), _PAIRS_AT_ONCE):
            these = slice(start, start + _PAIRS_AT_ONCE)
            flags[these], scores[these] = self._near(left[these], right[these], threshold)
        return flags, scores

    def _near(self, left: I64, right: I64, threshold: float) -> tuple[Flags, F64]:
        bounds, _members = self._shared(left, right)
        scores = _jaccard(np.diff(bounds).astype(np.int64), self.sizes[left], self.sizes[right])
        return scores >= threshold, scores

    def _shared(self, left: I64, right: I64) -> tuple[I64, I64]:
        """Return the members that each pair of sets shares, pair after pair: where those of each begin, and they."""
        a, b = self._matrix[left], self._matrix[right]
        # Members are ascending and distinct; saying so spares scipy from finding out.
        a.has_canonical_format = b.has_canonical_format = True
        shared = a.multiply(b)
        return shared.indptr, shared.indices


class TalkSets(PackedSets):
    """Sets that hold two, that of the request and answer and that of the turns before: alike where both are."""

    def __init__(self, hashes: I64, bounds: I64) -> None:
        super().__init__(hashes, bounds)
        self._earlier = _counts(hashes, bounds)

    def _near(self, left: I64, right: I64, threshold: float) -> tuple[Flags, F64]:
        bounds, members = self._shared(left, right)
        shared = _counts(members, bounds)
        before = _jaccard(shared, self._earlier[left], self._earlier[right])
        sizes = self.sizes - self._earlier
        scores = _jaccard(np.diff(bounds) - shared, sizes[left], sizes[right])
        return (scores >= threshold) & (before >= threshold), scores


def _counts(members: I64, bounds: I64) -> I64:
    """Return how many members of each stretch are shingles of earlier turns."""
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(members >= _EARLIER)])
    counts: I64 = before[bounds[1:]] - before[bounds[:-1]]
    return counts


def _jaccard(shared: I64, left: I64, right: I64) -> F64:
    return shared / (left + right - shared)
