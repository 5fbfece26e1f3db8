"""What the file of refused rows adds to each row, and how a reader takes it away again."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from accord.domain.records import RowFault
from accord.domain.wording import _, plural
from accord.formats.accord_csv import guard, unguard
from accord.formats.failures import RowProblem
from accord.formats.rows import RawRow
from accord.formats.strict_json import load_row

COLUMNS = ("accord_line", "accord_field", "accord_reason", "accord_row", "accord_file")
_OLDER = COLUMNS[:-1]  # as written before the file was named
KEY = "accord_rejected"
_LINE = re.compile(r"[1-9]\d{0,17}")


class Marked:
    """The rows of a file of refused rows without their marks, each with its line in the file that it stood in.

    ``original``: the name of that file, as the first row tells it once it was read; ``columns``: those of a table
    without the marks. A row that no longer says its line has none (0).
    """

    def __init__(self, rows: Iterator[RawRow], columns: tuple[str, ...] = (), delimiter: str = "") -> None:
        self.original = ""
        own = len(columns) - len(_marks(columns))
        self.columns, self._marks = columns[:own], columns[own:]
        self._delimiter = delimiter
        self._rows = rows

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows; text in the mark that has become a row is one."""
        take = self._of_table if self.columns else self._of_json
        first = True
        for row in self._rows:
            if not isinstance(row.value, dict):
                yield row
                continue
            mark = row.value if self.columns else row.value.get(KEY)
            file, line = _place(mark) if isinstance(mark, dict) else ("", 0)
            self.original, first = file if first else self.original, False
            if file and self.original and file != self.original:
                yield RawRow(row.line, _from_elsewhere(file), b"")
                continue
            yield from take(row._replace(line=line if self.original else row.line))

    def _of_table(self, row: RawRow) -> Iterator[RawRow]:
        value = {name: unguard(cell) for name, cell in row.value.items()}
        told = {name: value.pop(name) for name in self._marks}
        if any(cell.strip() for cell in value.values()):
            yield RawRow(row.line, value, b"")
        elif not told["accord_row"].strip():
            blank = joined_cells(list(value.values()), self._delimiter).encode()
            yield RawRow(row.line, RowProblem("", told["accord_reason"]), blank)
        else:
            yield from self._of_text(row.line, told["accord_row"])

    def _of_text(self, line: int, text: str) -> Iterator[RawRow]:
        """Yield what a person made of a row that could not be put into columns: one row or, its quote closed, more."""
        try:
            records = [cells for cells in _records(text, self._delimiter) if cells]
        except csv.Error:
            yield RawRow(line, RowProblem("accord_row", _("A quote in this row is still out of place.")), text.encode())
            return
        for cells in records:
            value: dict[str, str] | RowProblem = dict(zip(self.columns, cells, strict=False))
            if len(cells) != len(self.columns):
                value = RowProblem(
                    "accord_row",
                    plural(
                        "The row still has {n} cell where {expected} are needed.",
                        "The row still has {n} cells where {expected} are needed.",
                        len(cells),
                        expected=len(self.columns),
                    ),
                )
            yield RawRow(line, value, joined_cells(cells, self._delimiter).encode())

    def _of_json(self, row: RawRow) -> Iterator[RawRow]:
        if not isinstance(row.value.get(KEY), dict):
            yield row
            return
        mark = row.value.pop(KEY)
        text = mark.get("row")
        if row.value or not isinstance(text, str):
            yield RawRow(row.line, row.value, b"")
            return
        raw = text.encode("utf-8")
        try:
            yield RawRow(row.line, load_row(raw), raw)
        except RowProblem as problem:
            reason = problem.reason if text.strip() else str(mark.get("reason", ""))
            yield RawRow(row.line, RowProblem("", reason), raw)


def _place(mark: dict[str, Any]) -> tuple[str, int]:
    """Return the file and the line that a mark names, "" and 0 where it does not."""
    file = mark.get("accord_file", mark.get("file"))
    line = str(mark.get("accord_line", mark.get("line"))).strip()
    return unguard(file) if isinstance(file, str) else "", int(line) if _LINE.fullmatch(line) else 0


def _from_elsewhere(file: str) -> RowProblem:
    reason = _(
        "This row stood in another file, “{file}”. Import the refused rows of each file by themselves.", file=file
    )
    return RowProblem("accord_file", reason)


def joined_cells(cells: Sequence[str], delimiter: str) -> str:
    """Return cells as one line of a table; ``delimiter`` "" is a comma."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter or ",", lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n")  # only what stands in the line's end is quoted


def _marks(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the marks at the end of a table's columns, () for none."""
    return next((m for m in (COLUMNS, _OLDER) if tuple(columns[-len(m) :]) == m and len(columns) > len(m)), ())


def is_marked(columns: Sequence[str]) -> bool:
    """Whether a table's columns are those of a file of refused rows."""
    return bool(_marks(columns))


def table_line(fault: RowFault, columns: Sequence[str], delimiter: str, file: str) -> list[str]:
    """Return the cells of a refused row of a table, or none and the row as text."""
    cells = _cells(fault.raw, delimiter)
    fits = len(cells) == len(columns)
    own = [guard(cell) for cell in cells] if fits else [""] * len(columns)
    told = (str(fault.line), fault.field, fault.reason, "" if fits else fault.raw, file)
    return [*own, *(guard(text) for text in told)]


def _records(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", strict=True))


def _cells(raw: str, delimiter: str) -> list[str]:
    try:
        records = _records(raw, delimiter)
    except csv.Error:
        return []
    return records[0] if len(records) == 1 else []


def json_line(fault: RowFault, file: str) -> bytes:
    """Return a refused row as a line of JSON: the row as it was with the mark at its end, or the mark with its text."""
    mark: dict[str, Any] = {"line": fault.line, "field": fault.field, "reason": fault.reason, "file": file}
    raw = fault.raw.strip(" \t\r\n").encode("utf-8", "backslashreplace")
    try:
        row = load_row(raw)
    except RowProblem:
        row = None
    if not isinstance(row, dict) or KEY in row:
        return orjson.dumps({KEY: {**mark, "row": fault.raw}}) + b"\n"
    body = raw[:-1].translate(bytes.maketrans(b"\r\n", b"  ")).rstrip()
    return body + (b"," if row else b"") + orjson.dumps({KEY: mark})[1:] + b"\n"
