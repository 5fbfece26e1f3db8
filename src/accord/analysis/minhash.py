"""MinHash signatures of shingle hashes (Broder 1997), and the bands by which alike texts meet.

The banding is chapter 3 of Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets". The permutations are those of
datasketch 2 (scheme affine32: the 32-bit hash through MurmurHash3's finaliser, then ``a * h + b`` modulo 2**32 with odd
``a``), here for many texts at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accord.analysis.shingle_hashes import HashedTexts, mixed

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

# A pair exactly at the threshold may miss every band at most this often; pairs above it miss less.
_MISSED_AT_THRESHOLD = 0.005
_WORDS_32 = 1 << 32


@dataclass(frozen=True, slots=True)
class Permutations:
    """The random permutations of one run: hash ``h`` goes to ``factors * h + offsets`` modulo 2**32."""

    factors: U32
    offsets: U32

    @classmethod
    def of(cls, count: int, seed: int) -> "Permutations":
        """Draw ``count`` permutations as datasketch's MinHash(count, seed) does."""
        # numpy's older generator, because it is the one that datasketch draws from.
        draw = np.random.RandomState(seed)
        odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
        return cls(odd, draw.randint(0, _WORDS_32, count, dtype=np.uint32))


def signatures(batch: HashedTexts, permutations: Permutations) -> U32:
    """Return a row of minima for each text of the batch, which must all have a shingle."""
    hashes = premixed(batch.hashes)
    out = np.empty((len(batch.rows), len(permutations.factors)), dtype=np.uint32)
    for k, (factor, offset) in enumerate(zip(permutations.factors, permutations.offsets, strict=True)):
        out[:, k] = np.minimum.reduceat(hashes * factor + offset, batch.bounds[:-1])
    return out


def premixed(hashes: U64) -> U32:
    """Return the upper half of each hash through MurmurHash3's 32-bit finaliser."""
    values = (hashes >> np.uint64(32)).astype(np.uint32)
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Return (bands, rows per band): the most selective bands that still miss few pairs at the threshold.

    A pair of similarity s shares a band of r rows with probability ``s ** r`` and at least one of b bands with
    ``1 - (1 - s ** r) ** b``. The more rows, the fewer pairs are compared in vain; recall comes first.
    """
    for rows in range(permutations, 1, -1):
        count = permutations // rows
        if (1 - threshold**rows) ** count <= _MISSED_AT_THRESHOLD:
            return count, rows
    return permutations, 1


def band_keys(signature_rows: U32, count: int, rows: int) -> U64:
    """Return one 64-bit key for each text and band: equal minima give equal keys, chance ones cost a comparison."""
    weights = mixed(np.arange(1, count * rows + 1, dtype=np.uint64))
    weighted = signature_rows[:, : count * rows] * weights
    return mixed(weighted.reshape(len(signature_rows), count, rows).sum(axis=2, dtype=np.uint64))
