"""Raw rows: the values of a JSONL file, a JSON array or an object of rows, one at a time, with their line or index."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from accord.domain.wording import _
from accord.formats.encodings import Utf8Stream
from accord.formats.opening import BLOCK
from accord.formats.failures import RowProblem
from accord.formats.strict_json import load_row

MAX_ROW_BYTES = 64 << 20
"""A row longer than this is refused, so that one unclosed bracket cannot fill the memory."""
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
            yield RawRow(line, _too_long(), b"")
            continue
        if not raw.strip(b" \t\r\n"):
            continue
        try:
            yield RawRow(line, load_row(raw), raw)
        except RowProblem as problem:
            yield RawRow(line, problem, raw)


def _skip_line(stream: Utf8Stream) -> None:
    while part := stream.readline(MAX_ROW_BYTES):
        if part.endswith(b"\n"):
            return


def _too_long() -> RowProblem:
    return RowProblem("", _("The row is longer than {limit} MB.", limit=MAX_ROW_BYTES >> 20))


_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_BLANK = b" \t\r\n"


def array_rows(stream: Utf8Stream) -> Iterator[RawRow]:
    """Yield a row per element of the top-level array, each with its 1-based index, holding one element at a time.

    An object whose values are the rows is read in the same way; each row then has its key under ``KEY``.
    """
    index = 0
    head = stream.read(BLOCK).lstrip(_BLANK)
    keyed = head.startswith(b"{")
    load = _keyed_row if keyed else load_row
    for part, closed in _array_parts(stream, _ElementScan(head[1:], b"}" if keyed else b"]")):
        index += 1
        if isinstance(part, RowProblem):
            yield RawRow(index, part, b"")
            continue
        try:
            value = load(part) if part else RowProblem("", _("There is nothing between two commas of the list."))
        except RowProblem as problem:
            value = problem
        yield RawRow(index, value, part)
        if not closed and not isinstance(value, RowProblem):
            index += 1
            yield RawRow(index, RowProblem("", _("The file ends before the list is closed.")), b"")


def _keyed_row(part: bytes) -> Any:
    entry = load_row(b"{" + part + b"}")
    key, row = next(iter(entry.items()), ("", None))
    return {KEY: key, **row} if isinstance(row, dict) and len(entry) == 1 else row


def _array_parts(stream: Utf8Stream, scan: "_ElementScan") -> Iterator[tuple[bytes | RowProblem, bool]]:
    """Yield (element bytes, whether something closed it); a problem where the list itself is broken."""
    any_element = False
    while True:
        found = scan.next_end()
        if found is None:
            more = stream.read(max(BLOCK, len(scan.buffer)))
            if not more:
                rest = scan.rest()
                yield (rest, False) if rest else (RowProblem("", _("The file ends before the list is closed.")), False)
                return
            if len(scan.buffer) > MAX_ROW_BYTES:
                yield _too_long(), True
                return
            scan.add(more)
            continue
        element, last = found
        if element or not last or any_element:
            yield element, True
        any_element = True
        if last:
            break
    if (scan.rest() + stream.read(BLOCK)).strip(_BLANK):
        yield RowProblem("", _("There is text after the end of the list.")), True


class _ElementScan:
    """Finds where the elements of an array end; ``buffer`` starts with the element at hand."""

    def __init__(self, buffer: bytes, end: bytes) -> None:
        self.buffer = buffer
        self._end = end
        self._position = 0
        self._start = 0
        self._depth = 0

    def rest(self) -> bytes:
        return self.buffer[self._start :].strip(_BLANK)

    def add(self, more: bytes) -> None:
        self.buffer = self.buffer[self._start :] + more
        self._position -= self._start
        self._start = 0

    def next_end(self) -> tuple[bytes, bool] | None:
        """Return the next element and whether it was the last, or None when more bytes are needed."""
        for token in _TOKEN.finditer(self.buffer, self._position):
            mark = token[0]
            if mark == b'"':
                self._position = token.start()
                return None
            if mark in b"[{":
                self._depth += 1
            elif mark in b"]}":
                if self._depth == 0 and mark == self._end:
                    return self._take(token.start(), token.end(), last=True)
                self._depth = max(0, self._depth - 1)
            elif mark == b"," and self._depth == 0:
                return self._take(token.start(), token.end(), last=False)
            self._position = token.end()
        return None

    def _take(self, end: int, following: int, *, last: bool) -> tuple[bytes, bool]:
        element = self.buffer[self._start : end].strip(_BLANK)
        self._start = self._position = following
        return element, last
