"""The files of an export while they are written: rows, lines, hash, and a sync to the disk at their end."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from pathlib import Path
from typing import Any

import orjson

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """One file of an export; ``path`` is its name in the folder."""

    path: str
    rows: int
    sha256: str


class OutFile:
    """One file being written. ``keys`` counts, for the caller, how many rows have each optional key."""

    def __init__(self, path: Path, *, header: bytes = b"", array: bool = False) -> None:
        self.path = path
        self.name = path.name
        self.rows = 0
        self.keys: Counter[str] = Counter()
        self._lead = b"[\n" if array else header and header + b"\n"  # what stands before the next row
        self._between, self._end, self._empty = (b",\n", b"\n]\n", b"[]\n") if array else (b"\n", b"\n", self._lead)
        self._array = array
        self._next = 1 + bool(header)
        self._open()

    def _open(self) -> None:
        self._sha256 = hashlib.sha256()
        self._file = self.path.open("wb", buffering=0)

    def add(self, rows: Sequence[bytes]) -> Sequence[int]:
        """Write rows and return the lines, or the indexes in an array, where they start."""
        if not rows:
            return ()
        joined = self._between.join(rows)
        self._write(self._lead + joined)
        self._lead = self._between
        self.rows += len(rows)
        one_each = self._array or joined.count(b"\n") == len(rows) - 1
        lengths = repeat(1, len(rows)) if one_each else (1 + row.count(b"\n") for row in rows)
        *starts, self._next = accumulate(lengths, initial=self._next)
        return starts

    def _write(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        view = memoryview(chunk)
        while view:
            view = view[self._file.write(view) :]

    def fill(self, keys: Mapping[str, Any]) -> None:
        """Give each row that lacks one of ``keys`` its empty value; a file in which none lacks any stays as it is."""
        if all(self.keys[key] == self.rows for key in keys):
            return
        self._file.close()
        uneven = self.path.with_name(f"{self.path.name}.uneven")
        self.path.rename(uneven)
        self._open()
        with uneven.open("rb") as lines:
            while part := lines.readlines(_CHUNK):
                self._write(b"".join([_filled(line, keys) if line.startswith(b"{") else line for line in part]))
        uneven.unlink()

    def finish(self) -> ExportFile:
        """Write the end, sync and close."""
        self._write(self._end if self.rows else self._empty)
        os.fsync(self._file.fileno())
        self._file.close()
        return ExportFile(path=self.path.name, rows=self.rows, sha256=self._sha256.hexdigest())

    def close(self) -> None:
        """Close without more ado."""
        self._file.close()


def _filled(line: bytes, keys: Mapping[str, Any]) -> bytes:
    row = line.rstrip(b",\n")
    value = orjson.loads(row)
    for key, empty in keys.items():
        value.setdefault(key, empty)
    return orjson.dumps(value) + line[len(row) :]


def write_small(path: Path, data: bytes) -> ExportFile:
    """Write a file that is no list of rows, and sync it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return ExportFile(path=path.name, rows=0, sha256=hashlib.sha256(data).hexdigest())
