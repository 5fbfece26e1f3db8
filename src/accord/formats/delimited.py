"""CSV and TSV records with the physical line where each starts; a broken quote costs its own row and never others.

A quote that is out of place makes it unclear where the next record starts. In a file that so far held one record per
line reading goes on at the next line; in one with line breaks inside cells it goes on after what the record took,
and the reason names those lines. Until a record with the right number of cells and paired quotes is found, nothing is
taken.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from accord.domain.wording import _
from accord.formats.encodings import Utf8Stream
from accord.formats.opening import BLOCK
from accord.formats.failures import RowProblem
from accord.formats.rows import RawRow

DELIMITERS = (",", "\t", ";", "|")
MAX_CELL = 16 << 20
"""Characters in one cell; more is taken for an unclosed quote."""

_SNIFF_ROWS = 50
_REPLAY_BYTES = 64 << 20


class _Sniffed(NamedTuple):
    share: float
    columns: int


def sniff_delimiter(text: str, *, whole: bool) -> str:
    """Return the delimiter under which the first rows of ``text`` agree best in their number of cells (at least 2).

    ``whole``: the text is the whole file; otherwise its last record is cut and is left out. A comma where none fits.
    """
    best, chosen = _Sniffed(0.0, 1), ","
    for delimiter in DELIMITERS:
        score = _score(text, delimiter, whole=whole)
        if score.columns > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


def _score(text: str, delimiter: str, *, whole: bool) -> _Sniffed:
    sizes: list[int] = []
    try:
        for cells in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            if cells:
                sizes.append(len(cells))
            if len(sizes) > _SNIFF_ROWS:
                break
    except csv.Error:
        pass
    if not whole and 1 < len(sizes) <= _SNIFF_ROWS:
        sizes.pop()
    if not sizes:
        return _Sniffed(0.0, 1)
    return _Sniffed(sum(size == sizes[0] for size in sizes) / len(sizes), sizes[0])


def _lines(text: str) -> list[str]:
    mark = "\r" if "\r" in text and "\n" not in text else "\n"
    return [line + mark for line in text.split(mark)]


class _Feed:
    """Hands physical lines to the csv reader and remembers those of the record at hand."""

    def __init__(self, stream: Utf8Stream) -> None:
        self._lines = _byte_lines(stream)
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.number = 0
        self.undecodable = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._decode(next(self._lines))
        self.record.append(line)
        self.number += 1
        return line

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.undecodable = True
            return raw.decode("utf-8", "surrogateescape")

    def start(self) -> int:
        """Begin a record and return the line it starts on."""
        self.record = []
        self.undecodable = False
        return self.number + 1

    def replay(self) -> int:
        """Give all lines of the record but the first once more; return their size in characters."""
        rest = self.record[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        del self.record[1:]
        return sum(map(len, rest))


def _byte_lines(stream: Utf8Stream) -> Iterator[bytes]:
    """Yield physical lines, split at LF; at CR in a file that has no LF in its first megabyte."""
    head = stream.read(BLOCK)
    if b"\r" in head and b"\n" not in head:
        yield from _split_at(b"\r", head, stream)
    else:
        yield from _split_at(b"\n", head, stream)


def _split_at(mark: bytes, head: bytes, stream: Utf8Stream) -> Iterator[bytes]:
    block, rest = head, b""
    while block:
        parts = (rest + block).split(mark)
        rest = parts.pop()
        for part in parts:
            yield part + mark
        block = stream.read(max(BLOCK, len(rest)))
    if rest:
        yield rest


class DelimitedRows:
    """The records of a delimited file as dicts by column; ``columns`` is known once it exists."""

    def __init__(self, stream: Utf8Stream, delimiter: str) -> None:
        csv.field_size_limit(MAX_CELL)
        self._feed = _Feed(stream)
        self._delimiter = delimiter
        self._reader = self._new_reader()
        self._breaks_in_cells = False
        self._unsure = False
        self._replayed = 0
        self.columns = self._header()

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed, delimiter=self._delimiter, strict=True)

    def _header(self) -> tuple[str, ...]:
        """Read the header. Raises RowProblem when its quotes are broken; without any line it is empty."""
        try:
            cells: list[str] = next((record for record in self._reader if record), [])
        except csv.Error:
            raise RowProblem("", _("The first row, which names the columns, has a quote that is not closed.")) from None
        return _column_names(cells)

    def __iter__(self) -> Iterator[RawRow]:
        """Yield each record as a dict by column, or as the problem it has."""
        feed, columns = self._feed, self.columns
        width = len(columns)
        while True:
            line = feed.start()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(line, error)
                continue
            if not cells:
                continue
            self._breaks_in_cells = self._breaks_in_cells or len(feed.record) > 1
            if len(cells) != width:
                yield RawRow(line, self._ragged(len(cells)), self._raw())
            elif self._unsure and "".join(feed.record).count('"') % 2:
                yield RawRow(line, RowProblem("", _("A quote stands alone in this row.")), self._raw())
            elif feed.undecodable:
                yield RawRow(line, RowProblem("", _("The row has bytes that are not UTF-8.")), self._raw())
            else:
                self._unsure = False
                yield RawRow(line, dict(zip(columns, cells, strict=True)), b"")

    def _ragged(self, found: int) -> RowProblem:
        return RowProblem(
            "",
            _(
                "The row has {found} cells where the header has {expected}.",
                found=found,
                expected=len(self.columns),
            ),
        )

    def _raw(self) -> bytes:
        return "".join(self._feed.record).encode("utf-8", "surrogateescape")

    def _broken(self, line: int, error: csv.Error) -> RawRow:
        feed = self._feed
        last, raw = feed.number, self._raw()
        too_large = "field larger" in str(error)
        open_at_end = "unexpected end" in str(error) or too_large
        again = not self._breaks_in_cells and self._replayed < _REPLAY_BYTES
        if again:
            self._replayed += feed.replay()
        self._unsure = True
        self._reader = self._new_reader()
        if too_large and last == line:
            return RawRow(line, RowProblem("", _("A cell is larger than {limit} MB.", limit=MAX_CELL >> 20)), raw)
        return RawRow(line, _quote_problem(line, line if again else last, open_at_end=open_at_end), raw)


def _quote_problem(line: int, last: int, *, open_at_end: bool) -> RowProblem:
    if last == line:
        if open_at_end:
            return RowProblem("", _("A quote is opened in this row and never closed."))
        return RowProblem("", _("A quote or a line break in this row is out of place."))
    if open_at_end:
        reason = _(
            "A quote opened here is never closed; lines {line} to {last} were not read.",
            line=line,
            last=last,
        )
        return RowProblem("", reason)
    return RowProblem("", _("A quote is out of place; lines {line} to {last} were not read.", line=line, last=last))


def _column_names(cells: list[str]) -> tuple[str, ...]:
    """Return the header's names, none empty and none twice."""
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = cell if cell.strip() else _("column {position}", position=position)
        count = 2
        unique = name
        while unique in names:
            unique = f"{name} ({count})"
            count += 1
        names.append(unique)
    return tuple(names)
