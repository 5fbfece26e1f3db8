"""Near-duplicates among many texts: MinHash proposes, the exact Jaccard similarity of the shingle sets decides.

Texts are read twice: once for the keys of their bands, then, where they share a key with another, for their distinct
shingle hashes. Texts of the same shingles stand for each other from there on: a thousand copies cost what one costs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import combinations, zip_longest

import numpy as np
import numpy.typing as npt

from accord.analysis.clusters import connected
from accord.analysis.linking import Links
from accord.analysis.minhash import Permutations, band_keys, bands, signatures
from accord.analysis.shingle_hashes import I64, U64, HashedTexts, hashed, hashed_talks
from accord.analysis.shingle_sets import ShingleSets
from accord.domain.canonical import fold

Pair = tuple[int, int, float]
Report = Callable[[int, int], None]
Source = Callable[[Sequence[int]], Iterator[HashedTexts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicates:
    """Links between texts, by index, and the clusters they build.

    ``pairs``: (i, j, exact Jaccard), i < j, each at or above the threshold; enough to build every cluster, all those
    found where every pair was asked for. ``clusters``: indexes of two or more texts, ascending. ``candidate_pairs``:
    how many pairs were compared.
    """

    pairs: tuple[Pair, ...]
    clusters: tuple[tuple[int, ...], ...]
    candidate_pairs: int


def near_duplicates(
    texts: Sequence[str],
    *,
    earlier: Sequence[str] = (),
    threshold: float = 0.8,
    permutations: int = 128,
    seed: int = 1,
    thorough: bool = False,
    every_pair: bool = False,
    progress: Report | None = None,
) -> NearDuplicates:
    """Find the texts whose shingle sets have a Jaccard similarity of at least ``threshold`` (above 0, to 1).

    Every pair returned was compared exactly; a pair at the threshold is overlooked with a probability under 0.5%, and a
    cluster seldom hangs on one pair. Of more than 256 texts that look alike, each is compared with some alone, unless
    ``thorough``, which spares only what is one cluster already, or ``every_pair``, which spares nothing (their number
    grows with the square). The clusters do not depend on the order of the texts. ``progress`` is told (done, total) and
    may raise to stop. Blank texts are near to none. ``earlier`` may give, for each text, what was said before it: then
    that must be as alike, or blank for both; the score is the texts' own. Raises ValueError for a threshold out of
    range.
    """
    if not 0 < threshold <= 1:
        raise ValueError("threshold must be above 0 and at most 1")
    n = len(texts)
    search = partial(
        _search,
        n=n,
        drawn=Permutations.of(permutations, seed),
        banding=bands(threshold, permutations),
        threshold=threshold,
        thorough=thorough or every_pair,
        every_pair=every_pair,
    )
    pairs, compared = _apart(search, texts, earlier, progress)
    clusters = connected(n, ((i, j) for i, j, _score in pairs))
    return NearDuplicates(pairs=tuple(sorted(pairs)), clusters=tuple(map(tuple, clusters)), candidate_pairs=compared)


def _apart(
    search: Callable[..., tuple[list[Pair], int]], texts: Sequence[str], earlier: Sequence[str], progress: Report | None
) -> tuple[list[Pair], int]:
    """Search the texts before which nothing was said by themselves, then the others together with what was."""
    n = len(texts)
    talks = [i for i, text in enumerate(earlier) if text.strip()]
    alone = sorted(set(range(n)).difference(talks)) if talks else range(n)
    pairs, compared = search(partial(hashed, texts), alone, tell=_Telling(len(alone), 2 * n, progress))
    if talks:
        tell = _Telling(len(talks), 2 * n, progress, before=2 * len(alone))
        both = [i for i in talks if texts[i].strip()]
        more, further = search(partial(hashed_talks, texts, earlier), both, tell=tell, talks=True)
        pairs, compared = pairs + more, compared + further
    return pairs, compared


def _search(
    source: Source,
    wanted: Sequence[int],
    *,
    n: int,
    drawn: Permutations,
    banding: tuple[int, int],
    tell: "_Telling",
    talks: bool = False,
    threshold: float,
    thorough: bool,
    every_pair: bool,
) -> tuple[list[Pair], int]:
    """Return the links between the wanted ones of ``n`` texts, and how many pairs were compared."""
    rows, keys = _keys(source, wanted, n, banding, drawn, tell)
    meeting = _meeting(keys)
    rows, keys = rows[meeting], keys[meeting]
    sets, same = _sets(source, rows, tell)
    # Here a text is the rank of its shingle set, so that nothing depends on the order of the texts.
    ranks = sets.ranks()
    firsts = np.array(sets.rows, dtype=np.int64)[ranks]
    keys = keys[np.searchsorted(rows, firsts)]
    packed = sets.packed(talks=talks)
    links = Links(packed, ranks, keys, threshold=threshold, thorough=thorough, every_pair=every_pair)
    for band in range(keys.shape[1]):
        tell.linking(band, keys.shape[1])
        links.add_band(band)
    tell.linking(1, 1)
    between_sets = [_pair(i, j, score) for i, j, score in links.pairs(firsts)]
    pairs = _with_copies(between_sets, same, every_pair=every_pair)
    # Texts found to have the same set were compared as well.
    return pairs, links.compared + len(pairs) - len(between_sets)


def exact_duplicates(texts: Sequence[str], *, earlier: Sequence[str] = ()) -> NearDuplicates:
    """Find the texts that are the same after NFC, casefold and folding of white space; the score of each link is 1.

    ``earlier``: what was said before each, which must then be the same too.
    """
    same: dict[bytes, list[int]] = defaultdict(list)
    for index, (text, before) in enumerate(zip_longest(texts, earlier, fillvalue="")):
        folded = fold(text)
        if folded:
            folded += "\n" + fold(before)  # a folded text has no line of its own
            # The digest stands for the text, so that a million texts are not held twice.
            same[blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=20).digest()].append(index)
    clusters = tuple(tuple(cluster) for cluster in same.values() if len(cluster) > 1)
    pairs = tuple((cluster[0], other, 1.0) for cluster in clusters for other in cluster[1:])
    return NearDuplicates(pairs=pairs, clusters=clusters, candidate_pairs=len(pairs))


class _Telling:
    """Turns three phases into one count: each text once for its keys, once more for its shingles and the linking."""

    def __init__(self, n: int, total: int, progress: Report | None, *, before: int = 0) -> None:
        self._n = n
        self._total = total
        self._before = before
        self._progress = progress

    def keyed(self, done: int) -> None:
        self._tell(done)

    def collected(self, done: int, of: int) -> None:
        self._tell(self._n + done * self._n // (2 * max(of, 1)))

    def linking(self, done: int, of: int) -> None:
        half = self._n // 2
        self._tell(self._n + half + done * (self._n - half) // of)

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(self._before + done, self._total)


def _keys(  # noqa: PLR0917  (all of it is what a key is made from)
    source: Source, wanted: Sequence[int], n: int, banding: tuple[int, int], permutations: Permutations, tell: _Telling
) -> tuple[I64, U64]:
    """Return the rows that have shingles, ascending, and their band keys, shape (rows, bands)."""
    keys = np.zeros((n, banding[0]), dtype=np.uint64)
    present = np.zeros(n, dtype=np.bool_)
    done = 0
    for batch in source(wanted):
        keys[batch.rows] = band_keys(signatures(batch, permutations), *banding)
        present[batch.rows] = True
        done += len(batch.rows)
        tell.keyed(done)
    tell.keyed(len(wanted))
    if present.all():
        return np.arange(n, dtype=np.int64), keys
    return np.flatnonzero(present), keys[present]


def _meeting(keys: U64) -> npt.NDArray[np.bool_]:
    """Return which texts share at least one band key with another."""
    meets = np.zeros(len(keys), dtype=np.bool_)
    for k in range(keys.shape[1]):
        order = np.argsort(keys[:, k], kind="stable")
        same = keys[order[1:], k] == keys[order[:-1], k]
        meets[order[1:][same]] = True
        meets[order[:-1][same]] = True
    return meets


def _sets(source: Source, rows: I64, tell: _Telling) -> tuple[ShingleSets, dict[int, list[int]]]:
    """Read the shingle sets of the rows; also return, for a set's first row, the further rows that have this set."""
    sets = ShingleSets()
    same: dict[int, list[int]] = defaultdict(list)
    done = 0
    for batch in source(rows.tolist()):
        for i, row in enumerate(batch.rows.tolist()):
            first = sets.add(row, batch.hashes[batch.bounds[i] : batch.bounds[i + 1]])
            if first != row:
                same[first].append(row)
        done += len(batch.rows)
        tell.collected(done, len(rows))
    return sets, same


def _with_copies(pairs: list[Pair], same: dict[int, list[int]], *, every_pair: bool) -> list[Pair]:
    """Return the pairs between sets and those between the texts that have one set; with ``every_pair``, between all."""
    if not every_pair:
        return pairs + [_pair(first, other, 1.0) for first, others in same.items() for other in others]
    alike = [_pair(i, j, 1.0) for first, others in same.items() for i, j in combinations((first, *others), 2)]
    return alike + [
        _pair(i, j, score) for a, b, score in pairs for i in (a, *same.get(a, ())) for j in (b, *same.get(b, ()))
    ]


def _pair(i: int, j: int, score: float) -> Pair:
    return (i, j, score) if i < j else (j, i, score)
