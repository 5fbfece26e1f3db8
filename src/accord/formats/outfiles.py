"""The files of an export while they are written: rows, lines, hash, and a sync to the disk at their end."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
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
        self.rows = 0
        self.keys: Counter[str] = Counter()
        self._array = array
        self._line = 0
        self._open()
        if header:
            self._put(header + b"\n")
            self._line = 1

    def _open(self) -> None:
        self._sha256 = hashlib.sha256()
        self._chunk = bytearray()
        self._file = self.path.open("wb", buffering=0)

    def add(self, row: bytes, *, multiline: bool = False) -> int:
        """Write a row and return the line, or the index in an array, where it starts."""
        self.rows += 1
        if self._array:
            self._chunk += b"[\n" if self.rows == 1 else b",\n"
            self._put(row)
            return self.rows
        start = self._line + 1
        self._line = start + (row.count(b"\n") if multiline else 0)
        self._chunk += row
        self._put(b"\n")
        return start

    def _put(self, part: bytes) -> None:
        self._chunk += part
        if len(self._chunk) >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._sha256.update(self._chunk)
        view = memoryview(self._chunk)
        while view:
            view = view[self._file.write(view) :]
        self._chunk = bytearray()

    def fill(self, keys: Mapping[str, Any]) -> None:
        """Give each row that lacks one of ``keys`` its empty value; a file in which none lacks any stays as it is."""
        if all(self.keys[key] == self.rows for key in keys):
            return
        self._flush()
        self._file.close()
        uneven = self.path.with_name(f"{self.path.name}.uneven")
        self.path.rename(uneven)
        self._open()
        with uneven.open("rb") as lines:
            for line in lines:
                self._put(_filled(line, keys) if line.startswith(b"{") else line)
        uneven.unlink()

    def finish(self) -> ExportFile:
        """Write the end, sync and close."""
        if self._array:
            self._put(b"\n]\n" if self.rows else b"[]\n")
        self._flush()
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
