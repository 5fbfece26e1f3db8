"""The rows of an export put in the order of their ids: in memory, and by way of sorted files where they are many."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO

from accord.domain.releases import Part

MOST_BYTES = 128 << 20  # held in memory; each time there are more they go, sorted, into a file
AT_ONCE = 200  # rows; few enough to stay in the processor's cache
_BESIDES = 300  # bytes that a row takes in memory beside its texts

Row = tuple[str, Part, bytes, bytes]
"""An example's id and part, its row, and its line of the trace but for where the row stands."""


class Ordered:
    """Takes rows in any order and gives them back sorted by id, once."""

    def __init__(self, folder: Path, kept: ExitStack) -> None:
        """Put what memory shall not hold into a nameless file of ``folder``, which ``kept`` closes."""
        self._folder = folder
        self._kept = kept
        self._rows: list[Row] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._runs: list[Iterator[Row]] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows."""
        self._rows += rows
        self._bytes += sum([len(row[2]) + len(row[3]) + _BESIDES for row in rows])
        if self._bytes > MOST_BYTES:
            self._put_away()

    def _put_away(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  (`kept` closes it)
            self._kept.callback(self._file.close)
        self._rows.sort(key=itemgetter(0))
        start = self._file.tell()
        for batch in _cut(self._rows):
            pickle.dump(batch, self._file)
        self._runs.append(_read(self._file, start, self._file.tell()))
        self._rows, self._bytes = [], 0

    def batches(self) -> Iterator[list[Row]]:
        """Yield all rows sorted by id, some at once."""
        self._rows.sort(key=itemgetter(0))
        return _cut(merge(*self._runs, self._rows) if self._runs else self._rows)


def _cut(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


def _read(file: IO[bytes], at: int, end: int) -> Iterator[Row]:
    while at < end:
        file.seek(at)
        batch = pickle.load(file)  # noqa: S301  (written above, in a file that nobody else can open)
        at = file.tell()
        yield from batch
