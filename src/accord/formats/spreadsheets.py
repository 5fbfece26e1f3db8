"""Rows of one sheet of a workbook: its header is found, merged cells are filled, and what else stands there is told."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from accord.domain.wording import _, plural
from accord.formats.columns import guess_mapping
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.headers import (
    AUTO,
    LOOKED_AT,
    MAX_COLUMNS,
    NO,
    YES,
    above_note,
    column_names,
    find_header,
    header_note,
    placed_names,
)
from accord.formats.rows import RawRow, too_long
from accord.formats.workbook import Merged, Sheet, SheetRow, Workbook, column_letters

_LOOK = 200
_MOST_LOOKED_AT = 20


class SheetRows:
    """The rows of a sheet below its header, each with its row number in the sheet. Raises UnreadableFile.

    ``sheet`` "": the one that looks most like requests and answers. A merged range is filled downwards, as it is shown
    on the screen; blank cells that are not merged stay blank. ``header``: whether a row names the columns, YES, NO or
    AUTO; then what was found, YES or NO.
    """

    def __init__(self, path: Path, sheet: str = "", header: str = AUTO) -> None:
        self._path = path
        self._wanted = header
        self._size = path.stat().st_size
        self._book = Workbook(path)
        try:
            self.sheets = tuple(one.name for one in self._book.sheets)
            self._sheet = self._chosen(sheet)
            self._merged = self._book.merged(self._sheet)
            look = list(islice(self._book.rows(self._sheet), _LOOK))
        except BaseException:
            self._book.close()
            raise
        self.sheet = self._sheet.name
        self._header = _header(look, header)
        self._counted = [0]
        self.header = YES if self._header.named else NO
        self.columns = self._header.names
        self.notes: tuple[str, ...] = tuple(self._told(look))

    def _chosen(self, wanted: str) -> Sheet:
        sheets = self._book.sheets
        if wanted:
            found = next((sheet for sheet in sheets if sheet.name == wanted), None)
            if found is None:
                names = ", ".join(self.sheets[:50])
                reason = _("There is no sheet “{name}”. The sheets are: {names}.", name=wanted, names=names)
                raise UnreadableFile(self._path, reason)
            return found
        if not sheets:
            raise UnreadableFile(self._path, _("It has no sheet with cells."))
        shown = [sheet for sheet in sheets if not sheet.hidden] or list(sheets)
        if len(shown) == 1:
            return shown[0]
        return max(shown[:_MOST_LOOKED_AT], key=self._worth)

    def _worth(self, sheet: Sheet) -> tuple[bool, bool, int]:
        """Return how much a sheet looks like rows of requests and answers."""
        look = list(islice(self._book.rows(sheet), _LOOK))
        header = _header(look, self._wanted)
        data = look[header.first :]
        sample = [_by_column(header.names, row.cells) for row in data]
        wide = sum(len(row.cells) > 1 for row in data)
        named = "request" in guess_mapping(header.names, ())
        return named and wide > 0, "request" in guess_mapping(header.names, sample) and wide > 1, wide

    def _told(self, look: Sequence[SheetRow]) -> Iterator[str]:
        others = [name for name in self.sheets if name != self.sheet]
        if others:
            yield _("This is the sheet “{name}”. Not read: {others}.", name=self.sheet, others=", ".join(others[:20]))
        above = look[: self._header.first - self._header.named]
        if above:
            yield above_note([row.number for row in above], [" ".join(row.cells.values()) for row in above])
        if self._header.note:
            yield self._header.note
        if below := sum(one.last_row > self._header.row for one in self._merged):
            yield plural("{n} merged range is filled downwards.", "{n} merged ranges are filled downwards.", below)
        data = look[self._header.first :]
        if hidden := sum(row.hidden for row in data):
            yield plural(
                "{n} of the first rows is hidden in the sheet; it is read too.",
                "{n} of the first rows are hidden in the sheet; they are read too.",
                hidden,
            )
        cut = sorted(frozenset().union(*(row.cut for row in data)))
        if names := [self.columns[column] for column in cut if column < len(self.columns)]:
            yield _(
                "Numbers in {columns} have more than 15 digits. Excel keeps 15 and makes the others 0: "
                "compare them with where they came from.",
                columns=", ".join(f"“{name}”" for name in names[:20]),
            )
        if any(row.formulas for row in data):
            yield _("Some cells are formulas. Their last saved values are read.")

    @property
    def position(self) -> int:
        """How much of the sheet was taken, in proportion to the size of the file."""
        return min(self._size, self._size * self._counted[0] // max(1, self._book.size(self._sheet)))

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows; one that cannot be read has its problem."""
        self._counted[0] = 0
        fill = _Filling(self._merged)
        for row in self._book.rows(self._sheet, self._counted):
            if row.number <= self._header.row:
                fill.note(row)
                continue
            yield RawRow(row.number, self._value(row, fill.filled(row)), b"")

    def _value(self, row: SheetRow, cells: dict[int, str]) -> dict[str, str] | RowProblem:
        if row.too_long:
            return too_long()
        names = self.columns
        beyond = next((column for column in cells if column >= len(names)), None)
        if beyond is not None:
            return RowProblem(
                "", _("There is text in column {column}, which has no name.", column=column_letters(beyond))
            )
        for column, missing in row.formulas.items():
            if missing and column < len(names):
                return RowProblem(
                    names[column],
                    _(
                        "Cell {cell} is a formula whose value was never calculated. Open and save the file once.",
                        cell=f"{column_letters(column)}{row.number}",
                    ),
                )
        return _by_column(names, cells)


class _Header(NamedTuple):
    """What names the columns (``named``: a row does), and where the data is.

    ``row``: the number of the last row above the data, 0 for none; ``first``: the place of the first row of data.
    """

    row: int
    first: int
    names: tuple[str, ...]
    named: bool = True
    note: str = ""


def _header(look: Sequence[SheetRow], wanted: str) -> _Header:
    if not look:
        return _Header(0, 0, ())
    width = max((max(row.cells, default=-1) + 1 for row in look), default=0)
    width = min(width, MAX_COLUMNS)
    rows = [[row.cells.get(column, "") for column in range(width)] for row in look[:LOOKED_AT]]
    found = find_header(rows, wanted, plain_only=False)
    named = found.at >= 0
    names = column_names(rows[found.at]) if named else placed_names(width)
    row = look[found.first - 1].number if found.first else 0
    return _Header(row, found.first, names, named, header_note(found, wanted))


def _by_column(names: Sequence[str], cells: dict[int, str]) -> dict[str, str]:
    return {name: cells.get(column, "") for column, name in enumerate(names)}


class _Filling:
    """Writes the text of a merged range into each of its rows, in the range's first column."""

    def __init__(self, merged: list[Merged]) -> None:
        self._coming = merged[::-1]
        self._open: dict[Merged, str] = {}

    def note(self, row: SheetRow) -> None:
        """Take the texts of ranges that begin in or before ``row``."""
        while self._coming and self._coming[-1].first_row <= row.number:
            one = self._coming.pop()
            if one.first_row == row.number and (text := row.cells.get(one.first_column, "")):
                self._open[one] = text

    def filled(self, row: SheetRow) -> dict[int, str]:
        """Return the cells of ``row`` with what is merged into it."""
        self.note(row)
        if not self._open:
            return row.cells
        cells = dict(row.cells)
        for one, text in list(self._open.items()):
            if one.last_row < row.number:
                del self._open[one]
            else:
                cells.setdefault(one.first_column, text)
        return cells
