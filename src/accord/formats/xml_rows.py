"""Rows of an XML file: each element at one path is a row, with what stands around it as more columns.

A child that holds only text is a column by its name, its attributes are columns like ``Question/@qid``, the row's own
attributes ``@name``. A child that occurs several times is a list; one with children of its own is an object, which a
JSON pointer reaches into. Attributes of the elements around the rows, and texts that stand there before them, are
columns too. In a text with marks inside, the text is kept and the marks are not (``marked_text.py``). Where several
rows begin on one line, ``#row`` tells their number in the file.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accord.domain.wording import _
from accord.formats import rows
from accord.formats.columns import guess_mapping
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.marked_text import Element, is_marked_text, joined_text
from accord.formats.rows import RawRow, too_long
from accord.formats.safe_xml import BrokenXml, RefusedXml, parse

_LOOKED_AT = 4 << 20
_MOST_PATHS = 5_000
_TEXT, NUMBER = "#text", "#row"


class XmlRows:
    """The rows at ``pointer``. Raises UnreadableFile."""

    def __init__(self, path: Path, encoding: str, member: str, pointer: str) -> None:
        self.columns: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self._path = path
        self._stream = Utf8Stream(path, encoding, member)
        self._builder = _Builder(pointer)

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk have been taken."""
        return self._stream.position

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield each row with the line its element starts on; where the XML breaks, a fault says so and ends it."""
        ready = self._builder.ready
        try:
            for _piece in parse(self._stream, self._builder, encoding="utf-8"):
                yield from ready
                ready.clear()
        except BrokenXml as broken:
            yield from ready
            reason = _("{reason} What follows was not read.", reason=broken.reason)
            yield RawRow(max(broken.line, 1), RowProblem("", reason), b"")


class _Builder:
    """Builds a row from each element at the path, and remembers what stands around them."""

    def __init__(self, pointer: str) -> None:
        self.ready: list[RawRow] = []
        self._wanted = pointer.strip("/").split("/")
        self._path: list[str] = []
        self._around: list[dict[str, str]] = []
        self._outer: list[str] = []  # text of the element at hand outside any row
        self._leaf = False
        self._open: list[Element] = []
        self._size = 0
        self._count = self._line = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._path.append(name)
        if self._open or self._path == self._wanted:
            if not self._open:
                self._size = 0
            element = Element(name, line, attributes)
            self._grow(len(name) + sum(len(k) + len(v) for k, v in attributes.items()))
            if self._open and self._size <= rows.MAX_ROW_BYTES:
                self._open[-1].content.append(element)
            self._open.append(element)
            return
        self._around.append({f"@{key}": value for key, value in attributes.items()})
        self._outer = []
        self._leaf = True

    def _grow(self, size: int) -> None:
        self._size += size + 64
        if self._size > rows.MAX_ROW_BYTES:
            for element in self._open:
                element.content.clear()

    def text(self, text: str) -> None:
        if not self._open:
            if self._leaf and sum(map(len, self._outer)) < rows.MAX_ROW_BYTES:
                self._outer.append(text)
            return
        self._grow(len(text))
        if self._size <= rows.MAX_ROW_BYTES:
            self._open[-1].content.append(text)

    def end(self, name: str) -> None:
        self._path.pop()
        if not self._open:
            here = self._around.pop()
            if self._leaf and self._around:
                text = "".join(self._outer)
                if text.strip():
                    self._around[-1].setdefault(name, text)
                for key, value in here.items():
                    self._around[-1].setdefault(f"{name}/{key}", value)
            self._leaf = False
            return
        element = self._open.pop()
        if not self._open:
            row = too_long() if self._size > rows.MAX_ROW_BYTES else self._row(element)
            self._count += 1
            self._add(RawRow(element.line, row, b""))
            self._leaf = False

    def _add(self, row: RawRow) -> None:
        """Add a row; its number tells it from others that begin on its line."""
        if row.line == self._line:
            if self.ready:
                _number(self.ready[-1], self._count - 1)
            _number(row, self._count)
        self._line = row.line
        self.ready.append(row)

    def _row(self, element: Element) -> dict[str, Any]:
        row: dict[str, Any] = {f"@{key}": value for key, value in element.attributes.items()}
        many = Counter(child.name for child in element.children)
        for child in element.children:
            value = _value(child, flat=many[child.name] == 1)
            if many[child.name] > 1:
                row.setdefault(child.name, []).append(value)
                continue
            row[child.name] = value
            if not isinstance(value, dict):
                row.update({f"{child.name}/@{key}": text for key, text in child.attributes.items()})
        if element.has_text:
            row[_TEXT] = element.text
        for around in reversed(self._around):
            for key, value in around.items():
                row.setdefault(key, value)
        return row


def _number(row: RawRow, number: int) -> None:
    if isinstance(row.value, dict):
        row.value.setdefault(NUMBER, str(number))


def _value(element: Element, *, flat: bool) -> Any:
    if is_marked_text(element):
        return joined_text(element)
    if not element.children and (flat or not element.attributes):
        return element.text
    found: dict[str, Any] = {f"@{key}": value for key, value in element.attributes.items()}
    if not element.children:
        found[_TEXT] = element.text
    many = Counter(child.name for child in element.children)
    for child in element.children:
        value = _value(child, flat=False)
        if many[child.name] > 1:
            found.setdefault(child.name, []).append(value)
        else:
            found[child.name] = value
    return found


class _Survey:
    """Counts the elements at each path, and what columns rows there would have."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.columns: dict[str, dict[str, None]] = {}
        self._path: list[str] = []
        self._has_children: list[bool] = []

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        parent = "/" + "/".join(self._path) if self._path else ""
        self._path.append(name)
        here = f"{parent}/{name}"
        if len(self.counts) < _MOST_PATHS or here in self.counts:
            self.counts[here] += 1
            self.columns.setdefault(here, {}).update({f"@{key}": None for key in attributes})
            if parent:
                self.columns[parent][name] = None
        if self._has_children:
            self._has_children[-1] = True
        self._has_children.append(False)

    def end(self, name: str) -> None:  # noqa: ARG002  (a Handler's)
        self._path.pop()
        self._has_children.pop()

    def text(self, text: str) -> None:
        pass


class _Head:
    def __init__(self, stream: Utf8Stream, left: int) -> None:
        self._stream = stream
        self._left = left
        self.cut = False

    def read(self, size: int, /) -> bytes:
        block = self._stream.read(min(size, self._left))
        self._left -= len(block)
        self.cut = not self._left
        return block


def paths_of_rows(path: Path, encoding: str, member: str) -> tuple[str, ...]:
    """Return the element paths that could be the rows, best first. Raises UnreadableFile where there are none."""
    survey = _Survey()
    stream = Utf8Stream(path, encoding, member)
    head = _Head(stream, _LOOKED_AT)
    try:
        for _piece in parse(head, survey, encoding="utf-8"):
            pass
    except BrokenXml as broken:
        if isinstance(broken, RefusedXml) or not (head.cut or len(survey.counts) > 1):
            raise UnreadableFile(path, broken.reason) from None
    finally:
        stream.close()
    ranked = sorted(survey.columns, key=lambda place: _rank(place, survey), reverse=True)
    found = [place for place in ranked if survey.columns[place] and place.count("/") > 1]
    if not found:
        raise UnreadableFile(path, _("No element in it repeats, so none could be a row."))
    return tuple(found[:20])


def _rank(place: str, survey: _Survey) -> tuple[bool, bool, int, int]:
    columns = list(survey.columns[place])
    guess = guess_mapping(columns, ())
    count = survey.counts[place]
    return "request" in guess, count > 1, min(len(columns), 2), count
