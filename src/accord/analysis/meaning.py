"""Near-duplicates by meaning: every pair of vectors is compared, block by block, so that memory does not grow."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from accord.analysis.clusters import DisjointSets, connected
from accord.analysis.near_duplicates import NearDuplicates, Pair, Report

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
Hits = tuple[I64, I64, F32]
Block = tuple[slice, slice]

_ROWS, _COLUMNS = 1024, 8192
_SAMPLE = 512
_DENSE = 0.02
_FEW = 2000
_AT_ONCE = 65_536
_ROUNDING = 1e-6


def alike_in_meaning(
    parts: Sequence[F32],
    *,
    earlier: F32 | None = None,
    threshold: float,
    every_pair: bool = False,
    progress: Report | None = None,
) -> NearDuplicates:
    """Find the texts of which every part has a cosine of at least ``threshold`` (above 0, to 1) with the other's.

    ``parts``: one or more arrays of shape (n, dimensions), rows of length 1, or all 0 for a blank text: two blank
    parts are alike, a blank one is like no other, and a text of blank parts alone is near to none. ``earlier``: what
    was said before each, which must be as alike. A pair's score is that of its least alike part. Every pair is
    compared; the links are enough to build every cluster, or all of them with ``every_pair``. ``progress`` is told
    (done, total) and may raise to stop. Raises ValueError for a threshold out of range.
    """
    said = _said(parts, threshold)
    told = _told(parts, earlier, said, threshold)
    links = _Links(len(said), every_pair=every_pair)
    for hits in _blocks(told, _all_with_all(len(said)), threshold - _ROUNDING, progress):
        links.take(*hits)
    pairs = sorted((int(said[a]), int(said[b]), score) for a, b, score in links.pairs)
    clusters = connected(len(parts[0]), ((i, j) for i, j, _score in pairs))
    return NearDuplicates(
        pairs=tuple(pairs), clusters=tuple(map(tuple, clusters)), candidate_pairs=len(said) * (len(said) - 1) // 2
    )


def alike_across(
    parts: Sequence[F32],
    *,
    earlier: F32 | None = None,
    sides: I64,
    threshold: float,
    progress: Report | None = None,
) -> int:
    """Return how many pairs on different ``sides``, shape (n,), are alike as ``alike_in_meaning`` has it.

    Every pair that counts here is one that would be linked there: of the two margins for rounding this is the smaller.
    """
    said = _said(parts, threshold)
    said = said[np.argsort(sides[said], kind="stable")]
    told = _told(parts, earlier, said, threshold)
    blocks = _blocks(told, _side_with_later(np.asarray(sides)[said]), threshold - _ROUNDING / 2, progress)
    return sum(len(a) for a, _b, _score in blocks)


def unread(vectors: F32) -> npt.NDArray[np.bool_]:
    """Return which vectors, shape (n, dimensions), are of texts that the model cannot read: of one size throughout."""
    if not vectors.shape[1]:
        return np.zeros(len(vectors), dtype=np.bool_)
    size = np.abs(vectors[:, :1])
    same: npt.NDArray[np.bool_] = (size > 0).ravel() & (np.abs(vectors) == size).all(axis=1)
    return same


def _said(parts: Sequence[F32], threshold: float) -> I64:
    """Return the places of the texts of which some part is not blank. Raises ValueError."""
    if not 0 < threshold <= 1:
        raise ValueError("threshold must be above 0 and at most 1")
    return np.flatnonzero(np.logical_or.reduce([part.any(axis=1) for part in parts]))


def _told(parts: Sequence[F32], earlier: F32 | None, said: I64, threshold: float) -> "list[_Part]":
    """Return what is compared of these texts, the part that tells most apart first."""
    compared = [_Part(part[said]) for part in (*parts, *(() if earlier is None else (earlier,)))]
    return sorted((part for part in compared if not part.blank.all()), key=lambda part: part.share_alike(threshold))


class _Part:
    """One part of all texts. Blank ones stand in one direction, so that they are alike; ``blank`` tells them apart."""

    def __init__(self, vectors: F32) -> None:
        self.blank: npt.NDArray[np.bool_] = ~np.asarray(vectors.any(axis=1), dtype=np.bool_)
        self.vectors = vectors
        if self.blank.any() and vectors.shape[1]:
            self.vectors = vectors.copy()
            self.vectors[self.blank] = np.eye(1, vectors.shape[1], dtype=np.float32)

    def share_alike(self, threshold: float) -> float:
        """Return about how many pairs are alike in this part: the one that tells most apart is compared first."""
        n = len(self.vectors)
        chosen = np.random.default_rng(1).choice(n, size=min(n, _SAMPLE), replace=False)
        sample = self.vectors[chosen]
        return float((sample @ sample.T >= threshold).mean())

    def cosines(self, rows: slice, columns: slice) -> F32:
        """Return the cosines of a block, shape (rows, columns)."""
        found: F32 = self.vectors[rows] @ self.vectors[columns].T
        found[self.blank[rows, None] != self.blank[None, columns]] = 0
        return found

    def cosines_of(self, a: I64, b: I64) -> F32:
        """Return the cosine of each pair."""
        found = np.zeros(len(a), dtype=np.float32)
        for start in range(0, len(a), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            found[some] = np.einsum("ij,ij->i", self.vectors[a[some]], self.vectors[b[some]])
        found[self.blank[a] != self.blank[b]] = 0
        return found


def _all_with_all(n: int) -> list[Block]:
    """Return the blocks in which each of ``n`` texts meets each later one."""
    return [
        (slice(top, min(top + _ROWS, n)), slice(left, min(left + _COLUMNS, n)))
        for top in range(0, n, _ROWS)
        for left in range(top, n, _COLUMNS)
    ]


def _side_with_later(sides: I64) -> list[Block]:
    """Return the blocks in which each text meets those of later sides; ``sides`` ascend."""
    n, ends = len(sides), np.searchsorted(sides, np.unique(sides), side="right").tolist()
    return [
        (slice(top, min(top + _ROWS, end)), slice(left, min(left + _COLUMNS, n)))
        for start, end in pairwise([0, *ends])
        for top in range(start, end, _ROWS)
        for left in range(end, n, _COLUMNS)
    ]


def _blocks(parts: Sequence[_Part], blocks: Sequence[Block], least: float, progress: Report | None) -> Iterator[Hits]:
    """Yield (a, b, score) of the pairs a < b of each block that are alike in every part."""
    sizes = [(rows.stop - rows.start) * (columns.stop - columns.start) for rows, columns in blocks]
    done, total = 0, sum(sizes)
    for (rows, columns), size in zip(blocks, sizes, strict=True):
        if progress is not None:
            progress(done, total)
        yield _block(parts, rows, columns, least)
        done += size
    if progress is not None:
        progress(total, total)


def _block(parts: Sequence[_Part], rows: slice, columns: slice, least: float) -> Hits:
    """Compare a block by its most telling part; by the others all of it, or the pairs left where those are few."""
    scores = parts[0].cosines(rows, columns)
    left = list(parts[1:])
    while left and np.count_nonzero(scores >= least) > _DENSE * scores.size:
        np.minimum(scores, left.pop(0).cosines(rows, columns), out=scores)
    a, b = np.nonzero(scores >= least)
    score = scores[a, b]
    a, b = a + rows.start, b + columns.start
    later = a < b
    a, b, score = a[later], b[later], score[later]
    for part in left:
        score = np.minimum(score, part.cosines_of(a, b))
        alike = score >= least
        a, b, score = a[alike], b[alike], score[alike]
    return a, b, np.minimum(score, 1)


class _Links:
    """Keeps of the pairs found those that join two clusters, or all of them."""

    def __init__(self, n: int, *, every_pair: bool) -> None:
        self.pairs: list[Pair] = []
        self._sets = DisjointSets(n)
        self._every_pair = every_pair

    def take(self, a: I64, b: I64, score: F32) -> None:
        if not self._every_pair and len(a):
            sets = np.array(self._sets.all(), dtype=np.int64)
            apart = sets[a] != sets[b]
            a, b, score = a[apart], b[apart], score[apart]
            if len(a) > _FEW:
                a, b, score = _spanning(a, b, score, len(sets))
        order = np.argsort(-score, kind="stable")
        for i, j, alike in zip(a[order].tolist(), b[order].tolist(), score[order].tolist(), strict=True):
            if self._every_pair or self._sets.join(i, j):
                self.pairs.append((i, j, round(alike, 6)))


def _spanning(a: I64, b: I64, score: F32, n: int) -> Hits:
    """Return of these pairs the best that still connect all that they connect: a spanning tree of each cluster."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    distance = 1.0 - score.astype(np.float64) + _ROUNDING  # above 0: a matrix holds no edge of length 0
    tree = minimum_spanning_tree(csr_matrix((distance, (a, b)), shape=(n, n))).tocoo()
    return tree.row.astype(np.int64), tree.col.astype(np.int64), (1.0 + _ROUNDING - tree.data).astype(np.float32)
