"""Reads an Excel workbook (ISO/IEC 29500, .xlsx and .xlsm) as a stream of rows of text, one at a time.

Own code and not a library: openpyxl's streaming reader leaves out merged cells and hidden rows and takes twice as
long, calamine holds a whole sheet as a dense block, so that one cell at the far end costs gigabytes.
"""

import datetime as dt
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from accord.domain.wording import _
from accord.formats import rows
from accord.formats.cell_values import date_formats, date_text, is_cut, number_text, plain_text
from accord.formats.failures import UnreadableFile
from accord.formats.opening import Packed, is_bomb, open_member, open_zip, too_much
from accord.formats.safe_xml import BrokenXml, Handler, RefusedXml, parse

MAX_SHEETS = 1_000
MAX_MERGED = 100_000
MAX_SHARED = 256 << 20
"""Characters of all shared strings; they are held while a sheet is read."""
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_MOST_STYLES = 100_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OVERLAP = 256
_BLOCK = 1 << 20


class Sheet(NamedTuple):
    """A sheet: its name, the file of the archive that holds it, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


class SheetRow(NamedTuple):
    """A row: its number, its cells as text by 0-based column, and columns with a formula (True: never calculated).

    ``cut``: columns with a number of more digits than Excel keeps.
    """

    number: int
    cells: dict[int, str]
    formulas: dict[int, bool]
    hidden: bool
    too_long: bool
    cut: frozenset[int] = frozenset()


class Merged(NamedTuple):
    """A merged range; rows are 1-based, columns 0-based, both ends inside."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Workbook:
    """An open workbook: its sheets, and the rows of one. Raises UnreadableFile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")
        try:
            self._archive = open_zip(path, self._file)
            self._refuse_bombs()
            self._names = set(self._archive.namelist())
            self.sheets = self._sheets()
        except BaseException:
            self._file.close()
            raise
        self._shared: list[str] | None = None

    def _refuse_bombs(self) -> None:
        if any(is_bomb(info) for info in self._archive.infolist()):
            raise UnreadableFile(self._path, too_much())

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    def size(self, sheet: Sheet) -> int:
        """Return the unpacked bytes of a sheet."""
        return self._archive.getinfo(sheet.part).file_size

    def _part(self, name: str, handler: Handler, counted: "list[int] | None" = None) -> Iterator[None]:
        try:
            with open_member(self._path, self._archive, name) as part:
                yield from parse(_Counted(part, counted), handler)
        except BrokenXml as broken:
            reason = _("Its part {name} is damaged: {reason}", name=name, reason=broken.reason)
            raise UnreadableFile(self._path, reason) from None

    def _read(self, name: str, handler: Handler) -> None:
        for _piece in self._part(name, handler):
            pass

    def _sheets(self) -> tuple[Sheet, ...]:
        links, book = _Links(), _Book()
        if "xl/workbook.xml" not in self._names:
            raise UnreadableFile(self._path, _("It is no Excel workbook."))
        if "xl/_rels/workbook.xml.rels" in self._names:
            self._read("xl/_rels/workbook.xml.rels", links)
        self._read("xl/workbook.xml", book)
        if len(book.sheets) > MAX_SHEETS:
            raise UnreadableFile(self._path, _("It has more than {limit} sheets.", limit=MAX_SHEETS))
        self._from_1904 = book.from_1904
        found = []
        for name, link, hidden in book.sheets:
            target = links.targets.get(link, "")
            part = posixpath.normpath(posixpath.join("xl", target)) if not target.startswith("/") else target[1:]
            if part in self._names and "worksheet" in links.kinds.get(link, "worksheet"):
                found.append(Sheet(name, part, hidden))
        return tuple(found)

    def rows(self, sheet: Sheet, counted: "list[int] | None" = None) -> Iterator[SheetRow]:
        """Yield the rows that have a cell with text. ``counted``: its one number grows with the bytes taken."""
        if self._shared is None:
            self._shared = self._shared_strings()
            self._dates = self._date_styles()
        reader = _SheetReader(self._shared, self._dates, from_1904=self._from_1904)
        for _piece in self._part(sheet.part, reader, counted):
            yield from reader.ready
            reader.ready.clear()

    def merged(self, sheet: Sheet) -> list[Merged]:
        """Return the merged ranges that reach over several rows; they stand behind the rows in the file."""
        found: set[Merged] = set()
        tail = b""
        with open_member(self._path, self._archive, sheet.part) as part:
            while block := part.read(_BLOCK):
                piece = tail + block
                for match in _MERGED.finditer(piece):
                    first, last = int(match[2]), int(match[4])
                    if first < last:
                        found.add(
                            Merged(first, column_number(match[1].decode()), last, column_number(match[3].decode()))
                        )
                    if len(found) > MAX_MERGED:
                        reason = _("The sheet has more than {limit} merged ranges.", limit=MAX_MERGED)
                        raise UnreadableFile(self._path, reason)
                tail = piece[-_OVERLAP:]
        return sorted(found)

    def _shared_strings(self) -> list[str]:
        strings = _Strings(self._path)
        if "xl/sharedStrings.xml" in self._names:
            self._read("xl/sharedStrings.xml", strings)
        return strings.found

    def _date_styles(self) -> list[bool]:
        styles = _Styles()
        if "xl/styles.xml" in self._names:
            self._read("xl/styles.xml", styles)
        return date_formats(styles.of_cells, styles.formats)


class _Counted:
    def __init__(self, file: Packed, counted: "list[int] | None") -> None:
        self._file = file
        self._counted = counted

    def read(self, size: int, /) -> bytes:
        block = self._file.read(size) or b""
        if self._counted is not None:
            self._counted[0] += len(block)
        return block


def column_number(letters: str) -> int:
    """Return the 0-based number of a column named by letters (A, B, ... Z, AA ...)."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Return the letters that name a 0-based column."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


class _Links:
    """The relations of the workbook: id to target and kind."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
            self.kinds[attributes.get("Id", "")] = attributes.get("Type", "")

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _Book:
    """The workbook's list of sheets."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        match _local(name):
            case "sheet" if len(self.sheets) <= MAX_SHEETS:
                link = next((value for key, value in attributes.items() if _local(key) == "id" and ":" in key), "")
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append((attributes.get("name", ""), link, hidden))
            case "workbookPr":
                self.from_1904 = attributes.get("date1904", "0") in {"1", "true"}

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _Styles:
    """Which number format each cell style has, and the formats the file makes itself."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.of_cells: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        match _local(name):
            case "numFmt" if len(self.formats) < _MOST_STYLES:
                self.formats[_int(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case "cellXfs":
                self._inside = True
            case "xf" if self._inside and len(self.of_cells) < _MOST_STYLES:
                self.of_cells.append(_int(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._inside = False

    def text(self, text: str) -> None:
        pass


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 9 else 0  # noqa: PLR2004  (a number of 32 bits)


class _Strings:
    """The shared strings, rich text joined, without the readings of Japanese characters."""

    def __init__(self, path: Path) -> None:
        self.found: list[str] = []
        self._path = path
        self._parts: list[str] = []
        self._size = 0
        self._reading = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        match _local(name):
            case "si":
                self._parts = []
            case "t":
                self._reading = not self._phonetic
            case "rPh":
                self._phonetic = True

    def text(self, text: str) -> None:
        if self._reading:
            self._size += len(text)
            if self._size > MAX_SHARED:
                raise UnreadableFile(
                    self._path, _("Its texts are larger than {limit} MB. Save it as CSV.", limit=MAX_SHARED >> 20)
                )
            self._parts.append(text)

    def end(self, name: str) -> None:
        match _local(name):
            case "si":
                self._size += 64
                self.found.append(plain_text("".join(self._parts)))
            case "t":
                self._reading = False
            case "rPh":
                self._phonetic = False


class _SheetReader:
    """Builds the rows of a sheet from its elements."""

    def __init__(self, shared: list[str], dates: list[bool], *, from_1904: bool) -> None:
        self.ready: list[SheetRow] = []
        self._shared = shared
        self._dates = dates
        self._from = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001  (a sheet's times have no zone)
        self._number = 0
        self._next_column = 0
        self._cells: dict[int, str] = {}
        self._formulas: dict[int, bool] = {}
        self._cut: set[int] = set()
        self._hidden = False
        self._column = 0
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._taking = self._phonetic = self._formula = False
        self._size = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  (a Handler's)
        match _local(name):
            case "v" | "t":
                self._taking = not self._phonetic
            case "c":
                self._begin_cell(attributes)
            case "row":
                number = _int(attributes.get("r"))
                self._number = number if number > self._number else self._number + 1
                self._next_column = self._size = 0
                self._cells, self._formulas, self._cut = {}, {}, set()
                self._hidden = attributes.get("hidden") in {"1", "true"}
            case "f":
                self._formula = True
            case "rPh":
                self._phonetic = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = _CELL.fullmatch(attributes.get("r", ""))
        self._column = column_number(place[1]) if place else self._next_column
        if self._column >= MAX_COLUMN:
            reason = _("Row {row} has more than {limit} columns.", row=self._number, limit=MAX_COLUMN)
            raise RefusedXml(self._number, reason)
        self._next_column = self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._parts = []
        self._formula = False

    def text(self, text: str) -> None:
        if self._taking:
            self._size += len(text)
            if self._size <= rows.MAX_ROW_BYTES:
                self._parts.append(text)

    def end(self, name: str) -> None:
        match _local(name):
            case "v" | "t":
                self._taking = False
            case "rPh":
                self._phonetic = False
            case "c":
                text = self._value("".join(self._parts))
                self._size += len(text) if self._kind == "s" else 0
                if text and self._size <= rows.MAX_ROW_BYTES:
                    self._cells[self._column] = text
                    if self._kind == "n" and is_cut(text):
                        self._cut.add(self._column)
                if self._formula:
                    self._formulas[self._column] = not self._parts and self._kind != "str"
            case "row":
                long = self._size > rows.MAX_ROW_BYTES
                if self._cells or any(self._formulas.values()) or long:
                    cells = {} if long else self._cells
                    cut = frozenset(self._cut)
                    self.ready.append(SheetRow(self._number, cells, self._formulas, self._hidden, long, cut))

    def _value(self, raw: str) -> str:
        match self._kind:
            case "s":
                index = _int(raw)
                return self._shared[index] if raw and index < len(self._shared) else ""
            case "b":
                return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
            case "n":
                style = _int(self._style)
                if raw and style < len(self._dates) and self._dates[style]:
                    return date_text(raw, self._from)
                return number_text(raw)
        return plain_text(raw)
