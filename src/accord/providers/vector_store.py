"""Vectors on this machine's disk, by key: two files that only grow, checked when they are read, shared by programs.

Nothing but keys (hashes) and vectors is in them. A record of a key comes after its vector is on the disk, and holds a
checksum of both, so that what a power cut or a damaged disk leaves is not found and is computed again.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from accord.providers.key_table import last_of

if sys.platform != "win32":
    import fcntl

U64 = npt.NDArray[np.uint64]
F32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

_RECORD = np.dtype([("key", "<u8", 2), ("row", "<u4"), ("check", "<u4")])
_AT_ONCE = 1024  # vectors, which the processor keeps at hand from the checksum to the copy


@dataclass(frozen=True, slots=True)
class _Block:
    """Vectors that are what was written, each once: ``rows`` of the file, and which of them belongs to each place."""

    places: Any
    own: Any
    rows: Any
    vectors: F32
    sums: Any


class VectorStore:
    """The vectors of one model. Keys are uint64 of shape (n, 2), vectors float32 of shape (n, ``dimensions``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys, self._vectors = folder / "keys.bin", folder / "vectors.bin"
        self._size = folder / "dimensions"

    @property
    def dimensions(self) -> int:
        """Return how long a vector is; 0 while nothing is stored."""
        try:
            return int(self._size.read_text("ascii"))
        except (OSError, ValueError):
            return 0

    def find(self, keys: U64) -> tuple[Bools, F32]:
        """Return which keys are here, bool of shape (n,), and their vectors, 0 for those that are not."""
        there = np.zeros(len(keys), dtype=np.bool_)
        found = np.zeros((len(keys), self.dimensions), dtype=np.float32)
        for block in self._read(keys):
            there[block.places] = True
            # A blank text's vector is 0, as what it would be written over is: memory not touched costs nothing.
            said = np.asarray(block.vectors.view(np.uint32).any(axis=1), dtype=np.bool_)[block.own]
            found[block.places[said]] = block.vectors[block.own[said]]
        return there, found

    def cosines(self, keys: U64, to: F32) -> F32:
        """Return the cosine of each key's vector and ``to``, shape (n,); 0 for a key that is not here."""
        found = np.zeros(len(keys), dtype=np.float32)
        for block in self._read(keys):
            found[block.places] = (block.vectors @ to)[block.own]
        return found

    def _read(self, keys: U64) -> "Iterator[_Block]":
        """Yield what is here of these keys, as it lies on the disk: the file is read once from beginning to end."""
        records, dimensions = self._records(), self.dimensions
        if not len(records) or not dimensions or not len(keys):
            return
        at = last_of(records["key"], keys)
        wanted = np.flatnonzero(at >= 0)
        wanted = wanted[np.argsort(records["row"][at[wanted]])]
        with self._vectors.open("rb") as file:
            whole = os.fstat(file.fileno()).st_size // (4 * dimensions)
            if not whole:
                return
            stored = np.memmap(file, dtype="<f4", mode="r", shape=(whole, dimensions))
            for start in range(0, len(wanted), _AT_ONCE):
                places = wanted[start : start + _AT_ONCE]
                yield _block(places, records[at[places]], stored)

    def add(self, keys: U64, vectors: F32) -> None:
        """Store a vector under each key. Raises OSError."""
        if not len(keys):
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            if not self.dimensions:
                self._begin(vectors.shape[1])
            width = 4 * vectors.shape[1]
            with _appending(self._vectors, width) as file:
                first = file.tell() // width
                file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
            self._append(keys, first + np.arange(len(keys)), _sums(vectors))

    def link(self, keys: U64, known: U64) -> None:
        """Find the vector of each of ``known``, all of which are here, under the key beside it as well."""
        blocks = [(block.places, block.rows[block.own], block.sums[block.own]) for block in self._read(known)]
        if blocks:
            places, rows, sums = map(np.concatenate, zip(*blocks, strict=True))
            with self._alone():
                self._append(keys[places], rows, sums)

    def _append(self, keys: U64, rows: Any, sums: Any) -> None:
        records = np.zeros(len(keys), dtype=_RECORD)
        records["key"], records["row"] = keys, rows
        records["check"] = _checks(records["key"], records["row"], sums)
        with _appending(self._keys, _RECORD.itemsize) as file:
            file.write(records.tobytes())

    def forget(self, keys: U64) -> int:
        """Overwrite the vectors under these keys, and every key of those vectors. Returns how many records went."""
        if not self._keys.exists() or not len(keys):
            return 0
        with self._alone():
            records, dimensions = self._records(), self.dimensions
            wanted = np.zeros(len(records), dtype=np.bool_)
            asked = {(int(a), int(b)) for a, b in keys.tolist()}
            near = np.flatnonzero(np.isin(records["key"][:, 0], keys[:, 0]))
            wanted[near] = [tuple(key) in asked for key in records["key"][near].tolist()]
            rows = np.unique(records["row"][wanted])
            rows = rows[_written(self._vectors, rows.tolist(), 4 * dimensions)]
            gone = np.flatnonzero(wanted | np.isin(records["row"], rows))
            if len(gone):
                _overwrite(self._vectors, rows.tolist(), 4 * dimensions)
                _overwrite(self._keys, gone.tolist(), _RECORD.itemsize)
        return len(gone)

    def _records(self) -> Any:
        try:
            data = self._keys.read_bytes()
        except FileNotFoundError:
            data = b""
        return np.frombuffer(data[: len(data) - len(data) % _RECORD.itemsize], dtype=_RECORD)

    def _begin(self, dimensions: int) -> None:
        """Begin anew: what is here without a readable size cannot be read."""
        for path in (self._keys, self._vectors):
            path.unlink(missing_ok=True)
        new = self._size.with_suffix(".new")
        with new.open("w", encoding="ascii") as file:
            file.write(str(dimensions))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._size)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other programs that write."""
        with (self.folder / "lock").open("ab") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _block(places: Any, records: Any, stored: Any) -> _Block:
    """Read the vectors of some records, which belong to these places; those that are not what was written go."""
    inside = records["row"] < len(stored)
    places, records = places[inside], records[inside]
    rows, own = np.unique(records["row"], return_inverse=True)
    vectors = np.asarray(stored[rows])
    sums = _sums(vectors)
    right = _checks(records["key"], records["row"], sums[own]) == records["check"]
    return _Block(places[right], own[right], rows, vectors, sums)


@contextlib.contextmanager
def _appending(path: Path, width: int) -> Iterator[BinaryIO]:
    """Open a file at its end, without the piece of a record that a power cut left, and bring it to the disk after."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.truncate(end - end % width)
        file.seek(0, os.SEEK_END)
        yield file
        file.flush()
        os.fsync(file.fileno())


def _written(path: Path, rows: list[int], width: int) -> list[bool]:
    """Say which records are more than zeros: the vector of a blank text says nothing, and belongs to many."""
    with path.open("rb") as file:
        return [file.seek(row * width) >= 0 and any(file.read(width)) for row in rows]


def _overwrite(path: Path, rows: list[int], width: int) -> None:
    """Put zeros in place of some records."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        for row in rows:
            if (row + 1) * width <= size:
                file.seek(row * width)
                file.write(bytes(width))
        file.flush()
        os.fsync(file.fileno())


def _sums(vectors: F32) -> Any:
    """Return a checksum of each vector, uint32 of shape (n,): a sum in which each place weighs its own.

    The weights are odd, so that every changed bit changes the sum.
    """
    words = np.ascontiguousarray(vectors, dtype="<f4").view("<u4")
    weights = (np.arange(words.shape[1], dtype=np.uint32) * np.uint32(0x9E3779B1)) | np.uint32(1)
    return np.einsum("ij,j->i", words, weights)


def _checks(keys: U64, rows: Any, sums: Any) -> Any:
    """Return a checksum of each record and its vector's, uint32 of shape (n,)."""
    halves = np.ascontiguousarray(keys).view("<u4")
    own = (halves * np.array([3, 5, 7, 11], dtype=np.uint32)).sum(axis=1, dtype=np.uint32)
    return sums + own + rows.astype(np.uint32) * np.uint32(0x85EBCA6B) + np.uint32(1)
