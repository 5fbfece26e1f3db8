"""What was stored is found again; what is damaged, half written or forgotten is not, and nothing else is lost."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.providers.vector_store import VectorStore

WIDE = 8


def _keys(count: int, seed: int = 1) -> npt.NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(1, 2**63, size=(count, 2), dtype=np.uint64)


def _vectors(count: int, seed: int = 1) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(count, WIDE)).astype(np.float32)


def _filled(folder: Path, count: int = 40) -> tuple[VectorStore, npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
    store, keys, vectors = VectorStore(folder), _keys(count), _vectors(count)
    store.add(keys, vectors)
    return store, keys, vectors


def test_what_was_stored_is_found_and_what_was_not_is_not(tmp_path: Path) -> None:
    _store, keys, vectors = _filled(tmp_path / "v")
    asked = np.concatenate([keys[::-1], _keys(3, seed=9)])
    there, found = VectorStore(tmp_path / "v").find(asked)
    assert there.tolist() == [True] * 40 + [False] * 3
    assert (found[:40] == vectors[::-1]).all()
    assert not found[40:].any()


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    there, found = VectorStore(tmp_path / "none").find(_keys(2))
    assert not there.any()
    assert found.shape == (2, 0)
    assert VectorStore(tmp_path / "none").forget(_keys(2)) == 0


@given(
    place=st.integers(0, 40 * WIDE * 4 - 1), bit=st.integers(0, 7), file=st.sampled_from(["keys.bin", "vectors.bin"])
)
def test_one_changed_bit_costs_one_vector_and_gives_no_false_one(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, file: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    store, keys, vectors = _filled(folder)
    path = folder / file
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    there, found = store.find(keys)
    assert there.sum() == 39
    assert (found[there] == vectors[there]).all()
    store.add(keys[~there], vectors[~there])
    assert store.find(keys)[0].all()


@given(cut=st.integers(0, 200), file=st.sampled_from(["keys.bin", "vectors.bin"]))
def test_a_file_cut_short_loses_its_end_alone_and_is_written_on(
    tmp_path_factory: pytest.TempPathFactory, cut: int, file: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    store, keys, vectors = _filled(folder)
    data = (folder / file).read_bytes()
    (folder / file).write_bytes(data[: len(data) - cut])
    there, found = store.find(keys)
    assert there.sum() >= 40 - 1 - cut // 24
    assert (found[there] == vectors[there]).all()
    store.add(keys[~there], vectors[~there])
    there, found = store.find(keys)
    assert there.all()
    assert (found == vectors).all()


def test_what_is_forgotten_leaves_the_disk_and_all_its_keys(tmp_path: Path) -> None:
    store, keys, vectors = _filled(tmp_path)
    second = _keys(2, seed=5)
    store.link(second, keys[:2])
    assert (store.find(second)[1] == vectors[:2]).all()
    assert store.forget(second[:1]) == 2
    assert store.find(second)[0].tolist() == [False, True]
    assert store.find(keys)[0].tolist() == [False] + [True] * 39
    assert vectors[0].tobytes() not in (tmp_path / "vectors.bin").read_bytes()
    assert keys[0].tobytes() not in (tmp_path / "keys.bin").read_bytes()


def test_a_blank_text_is_forgotten_for_one_and_stays_for_the_others(tmp_path: Path) -> None:
    store, keys = VectorStore(tmp_path), _keys(3)
    store.add(keys[:1], np.zeros((1, WIDE), dtype=np.float32))
    store.link(keys[1:], np.repeat(keys[:1], 2, axis=0))
    store.forget(keys[1:2])
    assert store.find(keys)[0].tolist() == [True, False, True]


WRITE_MUCH = """
import sys
from pathlib import Path
import numpy as np
from accord.providers.vector_store import VectorStore
for step in range(30):
    chance = np.random.default_rng(int(sys.argv[2]) + step)
    keys = chance.integers(1, 2**63, size=(5, 2), dtype=np.uint64)
    VectorStore(Path(sys.argv[1])).add(keys, np.full((5, 8), float(sys.argv[2]) + step, dtype=np.float32))
"""


def test_two_programs_write_at_once_and_both_are_found(tmp_path: Path) -> None:
    seeds = (100, 500)
    both = [subprocess.Popen([sys.executable, "-c", WRITE_MUCH, str(tmp_path), str(seed)]) for seed in seeds]
    assert [process.wait() for process in both] == [0, 0]
    for seed in (100, 500):
        for step in range(30):
            there, found = VectorStore(tmp_path).find(_keys(5, seed=seed + step))
            assert there.all()
            assert (found == seed + step).all()
