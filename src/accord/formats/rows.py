"""Raw rows: the values of a JSONL file, a JSON array or an object of rows, one at a time, with their line or index."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from accord.domain.wording import _
from accord.formats.encodings import Utf8Stream, undecodable
from accord.formats.failures import RowProblem
from accord.formats.json_scan import BLANK, ElementScan
from accord.formats.opening import BLOCK
from accord.formats.strict_json import load_row

MAX_ROW_BYTES = 16 << 20
"""A row longer than this is refused and skipped, so that one unclosed bracket cannot fill the memory."""
KEY = "_key"


class RawRow(NamedTuple):
    """One row as it stands in the file: its value, or the problem it has; ``raw`` is its UTF-8 text."""

    line: int
    value: Any
    raw: bytes


def jsonl_rows(stream: Utf8Stream) -> Iterator[RawRow]:
    """Yield a row per line that is not blank. Lines end at LF alone; a CR before it is white space to JSON."""
    line = 0
    while raw := stream.readline(MAX_ROW_BYTES):
        line += 1
        if len(raw) >= MAX_ROW_BYTES and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield RawRow(line, too_long(), b"")
            continue
        if not raw.strip(BLANK):
            continue
        try:
            yield RawRow(line, load_row(raw), raw)
        except RowProblem as problem:
            yield RawRow(line, undecodable(raw, stream.encoding) or problem, raw)


def _skip_line(stream: Utf8Stream) -> None:
    while part := stream.readline(MAX_ROW_BYTES):
        if part.endswith(b"\n"):
            return


class TooLong(RowProblem):
    """A row of which nothing is kept."""


def too_long() -> TooLong:
    """Return the problem of a row that is longer than any row may be."""
    return TooLong("", _("The row is longer than {limit} MB.", limit=MAX_ROW_BYTES >> 20))


def array_rows(stream: Utf8Stream, head: bytes | None = None) -> Iterator[RawRow]:
    """Yield a row per element of an array, each with its 1-based index, holding one element at a time.

    An object whose values are the rows is read in the same way; each row then has its key under ``KEY``. ``head``: the
    bytes from where the array begins, when it is inside another value; None when it is the whole file.
    """
    index = 0
    inner = head is not None
    begin = (stream.read(BLOCK) if head is None else head).lstrip(BLANK)
    keyed = begin.startswith(b"{")
    load = _keyed_row if keyed else load_row
    scan = ElementScan(begin[1:], b"}" if keyed else b"]", MAX_ROW_BYTES)
    for part, closed in _array_parts(stream, scan, inner=inner):
        index += 1
        if isinstance(part, RowProblem):
            yield RawRow(index, part, b"")
            continue
        try:
            value = load(part) if part else RowProblem("", _("There is nothing between two commas of the list."))
        except RowProblem as problem:
            value = undecodable(part, stream.encoding) or problem
        yield RawRow(index, value, b"" if keyed and isinstance(value, dict) else part)
        if not closed and not isinstance(value, RowProblem):
            index += 1
            yield RawRow(index, RowProblem("", _("The file ends before the list is closed.")), b"")


def _keyed_row(part: bytes) -> Any:
    entry = load_row(b"{" + part + b"}")
    key, row = next(iter(entry.items()), ("", None))
    return {KEY: key, **row} if isinstance(row, dict) and len(entry) == 1 else row


def _array_parts(stream: Utf8Stream, scan: ElementScan, *, inner: bool) -> Iterator[tuple[bytes | RowProblem, bool]]:
    """Yield (element bytes, whether something closed it); a problem where the list itself is broken."""
    any_element = False
    while True:
        try:
            found = scan.next_end()
        except RowProblem as problem:
            yield problem, True
            return
        if found is None:
            more = stream.read(min(max(BLOCK, len(scan.buffer)), MAX_ROW_BYTES))
            if not more:
                rest = scan.rest()
                lost = too_long() if scan.skipping else RowProblem("", _("The file ends before the list is closed."))
                yield (rest, False) if rest and not scan.skipping else (lost, False)
                return
            scan.add(more)
            continue
        element, last = found
        if element is None:
            yield too_long(), True
        elif element or not last or any_element:
            yield element, True
        any_element = True
        if last:
            break
    if not inner and _has_more(stream, scan.rest()):
        yield RowProblem("", _("There is text after the end of the list.")), True


def _has_more(stream: Utf8Stream, rest: bytes) -> bool:
    while not rest.strip(BLANK):
        rest = stream.read(BLOCK)
        if not rest:
            return False
    return True
