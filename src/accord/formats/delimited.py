"""CSV and TSV records with the physical line where each starts; a broken quote costs its own row and never others.

A quote that is out of place makes it unclear where the next record starts. In a file that so far held one record per
line reading goes on at the next line; in one with line breaks inside cells it goes on after what the record took,
and the reason names those lines. Until a record with the right number of cells and paired quotes is found, nothing is
taken.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import NamedTuple

from accord.domain.wording import _, plural
from accord.formats import rows
from accord.formats.encodings import Utf8Stream, undecodable
from accord.formats.failures import RowProblem
from accord.formats.headers import (
    AUTO,
    LOOKED_AT,
    MAX_COLUMNS,
    NO,
    YES,
    Header,
    above_note,
    column_names,
    find_header,
    header_note,
    placed_names,
)
from accord.formats.opening import BLOCK
from accord.formats.rows import RawRow, too_long

DELIMITERS = (",", "\t", ";", "|", "^", "~", "\x1f")
MAX_CELL = 16 << 20
"""Characters in one cell; more is taken for an unclosed quote."""

_SNIFF_ROWS = 50
_SURE_BELOW_TITLES = 0.8
_A_TABLE = 0.75
_REPLAY_BYTES = 64 << 20
_RAW_KEPT = (1 << 20) + 1  # a byte more than is shown, so that it counts as too large


_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line


class _Sniffed(NamedTuple):
    share: float
    columns: int
    titled: bool = False


def sniff_delimiter(text: str, *, whole: bool) -> str:
    """Return the delimiter under which the first rows of ``text`` agree best in their number of cells (at least 2).

    ``whole``: the text is the whole file; otherwise its last record is cut and is left out. A comma where none fits.
    """
    if said := _SAID.match(text):
        return said[1]
    best, chosen = _Sniffed(0.0, 1), ","
    for delimiter in DELIMITERS:
        score = _score(text, delimiter, whole=whole)
        if score.columns > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


def divides(text: str, delimiter: str, *, whole: bool) -> bool:
    """Whether the first rows of ``text`` agree well enough in their number of cells to be a table of several columns.

    ``whole`` as in ``sniff_delimiter``.
    """
    score = _score(text, delimiter, whole=whole)
    return score.columns > 1 and (score.titled or score.share >= _A_TABLE)


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
    titles = next((at for at, size in enumerate(sizes) if size > 1), 0)
    del sizes[:titles]
    if not sizes or (titles and sizes.count(sizes[0]) < _SURE_BELOW_TITLES * len(sizes)):
        return _Sniffed(0.0, 1)
    share = sum(size == sizes[0] for size in sizes) / len(sizes)
    return _Sniffed(share / 2 if titles else share, sizes[0], bool(titles))  # with a title above is second to without


def _first_records(head: bytes, delimiter: str) -> list[list[str]]:
    """Return the first records of the head that are not blank, up to one whose quotes are broken."""
    found: list[list[str]] = []
    try:
        for cells in csv.reader(_lines(head.decode("utf-8", "surrogateescape")), delimiter=delimiter, strict=True):
            if cells:
                found.append(cells)
            if len(found) == LOOKED_AT:
                return found
    except csv.Error:
        return found
    return found if len(head) < BLOCK else found[:-1]  # the head may cut off the last


def _lines(text: str) -> list[str]:
    mark = "\r" if "\r" in text and "\n" not in text else "\n"
    return [line + mark for line in text.split(mark)]


class _TooLong(csv.Error):
    """A line, or a record of several, that is longer than a row may be."""


class _Feed:
    """Hands physical lines to the csv reader and remembers those of the record at hand."""

    def __init__(self, head: bytes, stream: Utf8Stream) -> None:
        self._lines = _byte_lines(head, stream)
        self._again: deque[str | None] = deque()
        self._size = 0
        self.record: list[str] = []
        self.number = 0
        self.problem: RowProblem | None = None
        self._encoding = stream.encoding

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._decoded_again(self._again.popleft()) if self._again else self._decode(next(self._lines))
        if line is None and self.record:  # the record before it ends here; the long line is the next one
            self._again.appendleft(None)
            raise _TooLong
        self.record.append(line or "")
        self.number += 1
        if line is None:
            raise _TooLong
        self._size += len(line)
        if self._size > rows.MAX_ROW_BYTES:
            raise _TooLong
        return line

    def _decode(self, raw: bytes | None) -> str | None:
        if raw is None:
            return None
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.problem = self.problem or undecodable(raw, self._encoding)
            return raw.decode("utf-8", "surrogateescape")

    def _decoded_again(self, line: str | None) -> str | None:
        """Return a line that is given once more; bytes in it that are no text are a problem of its new record too."""
        if line is not None and self.problem is None:
            self.problem = undecodable(line.encode("utf-8", "surrogateescape"), self._encoding)
        return line

    def start(self) -> int:
        """Begin a record and return the line it starts on."""
        self.record = []
        self._size = 0
        self.problem = None
        return self.number + 1

    def replay(self) -> int:
        """Give all lines of the record but the first once more; return their size in characters."""
        rest = self.record[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        del self.record[1:]
        return sum(map(len, rest))


def _byte_lines(head: bytes, stream: Utf8Stream) -> Iterator[bytes | None]:
    """Yield physical lines, split at LF; at CR in a file that has no LF in its first megabyte; None for a long one."""
    return _split_at(b"\r" if b"\r" in head and b"\n" not in head else b"\n", head, stream)


def _split_at(mark: bytes, head: bytes, stream: Utf8Stream) -> Iterator[bytes | None]:
    block, rest, skipping = head, b"", False
    while block:
        if skipping:
            _before, found, block = block.partition(mark)
            if found:
                skipping = False
                yield None
            block = block or stream.read(BLOCK)
            continue
        parts = (rest + block).split(mark)
        rest = parts.pop()
        for part in parts:
            yield part + mark if len(part) < rows.MAX_ROW_BYTES else None
        if len(rest) >= rows.MAX_ROW_BYTES:
            skipping, rest = True, b""
        block = stream.read(max(BLOCK, len(rest)))
    if skipping:
        yield None
    elif rest:
        yield rest


class DelimitedRows:
    """The records of a delimited file as dicts by column; what else it tells is known once it exists.

    ``header``: whether a row names the columns, YES, NO or AUTO; then what was found, YES or NO.
    """

    def __init__(self, stream: Utf8Stream, delimiter: str, header: str = AUTO) -> None:
        csv.field_size_limit(MAX_CELL)
        head = stream.read(BLOCK)
        self._feed = _Feed(head, stream)
        self._delimiter = delimiter
        self._reader = self._new_reader()
        self._breaks_in_cells = False
        self._unsure = False
        self._replayed = 0
        self.notes: tuple[str, ...] = ()
        records = _first_records(head, delimiter)
        found = find_header(records, header, plain_only=True)
        self.header = NO if found.at < 0 else YES
        self.columns = self._header(found, records)
        if told := header_note(found, header):
            self.notes = (*self.notes, told)

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed, delimiter=self._delimiter, strict=True)

    def _header(self, header: Header, records: list[list[str]]) -> tuple[str, ...]:
        """Read up to the first row of data. Raises RowProblem when the header's quotes are broken."""
        lines, texts = [], []
        cells: list[str] = []
        try:
            for number in range(header.first):
                line = self._feed.start()
                cells = next((record for record in self._reader if record), [])
                if number != header.at:
                    lines.append(line)
                    texts.append(" ".join(cells))
        except _TooLong:
            raise too_long() from None
        except csv.Error:
            raise RowProblem("", _("The first row, which names the columns, has a quote that is not closed.")) from None
        if self._feed.problem:
            raise RowProblem(
                "", _("The first row, which names the columns, has bytes that are no text in its encoding.")
            )
        if lines:
            self.notes = (above_note(lines, texts),)
        widths = Counter(map(len, records[header.first :]))
        width = len(cells) if header.at >= 0 else max(widths, key=lambda width: widths[width], default=1)
        if width > MAX_COLUMNS:
            raise RowProblem("", _("It has more than {limit} columns.", limit=MAX_COLUMNS))
        return column_names(cells) if header.at >= 0 else placed_names(width)

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
            elif feed.problem:
                yield RawRow(line, feed.problem, self._raw())
            else:
                self._unsure = False
                yield RawRow(line, dict(zip(columns, cells, strict=True)), b"")

    def _ragged(self, found: int) -> RowProblem:
        if self.header == NO:
            return RowProblem(
                "",
                plural(
                    "The row has {n} cell where the others have {expected}.",
                    "The row has {n} cells where the others have {expected}.",
                    found,
                    expected=len(self.columns),
                ),
            )
        return RowProblem(
            "",
            plural(
                "The row has {n} cell where the header has {expected}.",
                "The row has {n} cells where the header has {expected}.",
                found,
                expected=len(self.columns),
            ),
        )

    def _raw(self) -> bytes:
        return "".join(self._feed.record).encode("utf-8", "surrogateescape")

    def _broken(self, line: int, error: csv.Error) -> RawRow:
        feed = self._feed
        if isinstance(error, _TooLong) and feed.record == [""]:
            self._reader = self._new_reader()
            return RawRow(line, too_long(), b"")
        last = feed.number
        too_large = "field larger" in str(error) or isinstance(error, _TooLong)
        open_at_end = "unexpected end" in str(error) or too_large
        again = not self._breaks_in_cells and self._replayed < _REPLAY_BYTES
        if again:
            self._replayed += feed.replay()
        raw = self._raw()[:_RAW_KEPT]  # of what is read once more, nothing
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
