"""MinHash signatures, against datasketch's own, and the bands."""

import numpy as np
import pytest
from datasketch import MinHash

from accord.analysis.minhash import Permutations, band_keys, bands, signatures
from accord.analysis.shingle_hashes import hashed

TEXTS = [
    "the dose is five milligrams daily",
    "one",
    "糖尿病の薬を飲む",
    "the dose is five milligrams weekly",
    "a b c " * 50,
]


@pytest.mark.parametrize(("count", "seed"), [(128, 1), (64, 7)])
def test_signatures_are_those_of_datasketch(count: int, seed: int) -> None:
    for batch in hashed(TEXTS, range(len(TEXTS))):
        rows = signatures(batch, Permutations.of(count, seed))
        for i in range(len(batch.rows)):
            theirs = MinHash(num_perm=count, seed=seed, hashfunc=int)
            for value in batch.hashes[batch.bounds[i] : batch.bounds[i + 1]]:
                theirs.update(int(value) >> 32)
            assert rows[i].tolist() == theirs.hashvalues.tolist()


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_fit_the_permutations_and_miss_few_pairs_at_the_threshold(threshold: float) -> None:
    count, rows = bands(threshold, 128)
    assert count * rows <= 128
    assert (1 - threshold**rows) ** count <= 0.005


def test_a_band_key_tells_rows_apart_and_ignores_other_bands() -> None:
    draw = np.random.default_rng(0)
    rows = draw.integers(0, 1 << 32, (50, 12), dtype=np.uint32)
    rows[1, :4] = rows[0, :4]
    keys = band_keys(rows, 3, 4)
    assert keys[0, 0] == keys[1, 0]
    assert len(set(keys[:, 0].tolist())) == 49
    assert len(set(keys[:, 1:].ravel().tolist())) == 100
    # The order of the rows of a band matters.
    assert band_keys(rows[:1], 1, 12)[0, 0] != band_keys(rows[:1, ::-1].copy(), 1, 12)[0, 0]
