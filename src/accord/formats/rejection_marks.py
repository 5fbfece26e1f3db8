"""What the file of refused rows adds to each row, and how a reader takes it away again."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from accord.domain.records import RowFault
from accord.domain.wording import _
from accord.formats.accord_csv import guard, unguard
from accord.formats.failures import RowProblem
from accord.formats.rows import RawRow
from accord.formats.strict_json import load_row

COLUMNS = ("accord_line", "accord_field", "accord_reason", "accord_row")
KEY = "accord_rejected"


def is_marked(columns: Sequence[str]) -> bool:
    """Whether a table's columns are those of a file of refused rows."""
    return tuple(columns[-len(COLUMNS) :]) == COLUMNS and len(columns) > len(COLUMNS)


def table_line(fault: RowFault, columns: Sequence[str], delimiter: str) -> list[str]:
    """Return the cells of a refused row of a table, or none and the row as text."""
    cells = _cells(fault.raw, delimiter)
    fits = len(cells) == len(columns)
    own = [guard(cell) for cell in cells] if fits else [""] * len(columns)
    told = (str(fault.line), fault.field, fault.reason, "" if fits else fault.raw)
    return [*own, *(guard(text) for text in told)]


def _cells(raw: str, delimiter: str) -> list[str]:
    try:
        records = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter or ",", strict=True))
    except csv.Error:
        return []
    return records[0] if len(records) == 1 else []


def json_line(fault: RowFault) -> bytes:
    """Return a refused row as a line of JSON: the row as it was with the mark at its end, or the mark with its text."""
    mark: dict[str, Any] = {"line": fault.line, "field": fault.field, "reason": fault.reason}
    raw = fault.raw.strip(" \t\r\n").encode("utf-8", "backslashreplace")
    try:
        row = load_row(raw)
    except RowProblem:
        row = None
    if not isinstance(row, dict) or KEY in row:
        return orjson.dumps({KEY: {**mark, "row": fault.raw}}) + b"\n"
    body = raw[:-1].translate(bytes.maketrans(b"\r\n", b"  ")).rstrip()
    return body + (b"," if row else b"") + orjson.dumps({KEY: mark})[1:] + b"\n"


def unmarked_table(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Yield the rows of a table without its marks, as they were before they were guarded."""
    for row in rows:
        if not isinstance(row.value, dict):
            yield row
            continue
        value = {name: unguard(cell) for name, cell in row.value.items()}
        told = {name: value.pop(name) for name in COLUMNS}
        if told["accord_row"] and not any(cell.strip() for cell in value.values()):
            yield RawRow(row.line, _still(told["accord_reason"]), told["accord_row"].encode())
        else:
            yield RawRow(row.line, value, b"")


def unmarked(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Yield the rows of JSONL without the mark; text under it that has become JSON is the row."""
    for row in rows:
        if isinstance(row.value, dict) and isinstance(row.value.get(KEY), dict):
            yield _row_of(row)
        else:
            yield row


def _row_of(row: RawRow) -> RawRow:
    mark = row.value.pop(KEY)
    if row.value:
        return RawRow(row.line, row.value, b"")
    text = mark.get("row")
    if not isinstance(text, str):
        return RawRow(row.line, {}, b"")
    raw = text.encode("utf-8")
    try:
        return RawRow(row.line, load_row(raw), raw)
    except RowProblem:
        return RawRow(row.line, _still(str(mark.get("reason", ""))), raw)


def _still(reason: str) -> RowProblem:
    return RowProblem("", _("This row was refused before and is unchanged: {reason}", reason=reason))
