"""Tables of ratings in CSV: a column per rater, one per category with counts, two raters' square, a row per rating.

A figure from half a table would be a wrong figure, so the first bad row or cell refuses the whole table.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from accord.domain.agreement import Layout, Level, RatingTable, Value
from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.formats import rating_rows
from accord.formats.delimited import DelimitedRows, sniff_delimiter
from accord.formats.detecting import detect
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.headers import NO, YES, column_names
from accord.formats.opening import BLOCK, check_file

LABELS = frozenset({"item", "items", "unit", "units", "id", "subject", "subjects", "group"})
"""Names, in any case, of columns that name the item and hold no rating; so does a first column without a name."""

_UNNAMED = column_names([""])[0]
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COUNT = re.compile(r"\d{1,15}(\.0*)?")
_RATER = re.compile(
    r"(rater|coder|annotator|reviewer|judge|expert|observer|assessor|person)s?[\s_.\-]*\w{0,3}|r[\s_.\-]*\d{1,3}",
    re.IGNORECASE,
)
_ABSENT = frozenset({"na", "n/a", "nan", "null", "none", "*", "-", "?", "."})
_MIN_ROWS = 2
_TELLING = 5
"""Rows from which a column that shares no value with the others is no chance."""


class BadTable(AccordError):
    """A table of ratings that cannot be used; ``line`` and ``field`` say where, 0 and "" for the whole."""

    def __init__(self, path: Path, line: int, field: str, reason: str) -> None:
        where = path.name
        if line:
            where = _("{file}, line {line}", file=where, line=line)
        if field:
            where = _("{place}, column {field}", place=where, field=field)
        super().__init__(_("{place}: {reason} Nothing was calculated.", place=where, reason=reason))
        self.line = line
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a table without white space around them, and the line of each row."""

    path: Path
    columns: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]

    def without(self, left_out: Callable[[int, str], bool]) -> "_Cells":
        """Return the table without some of its columns."""
        kept = [at for at, name in enumerate(self.columns) if not left_out(at, name)]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return _Cells(self.path, tuple(self.columns[at] for at in kept), self.lines, rows)

    def bad(self, row: int, at: int, reason: str) -> BadTable:
        return BadTable(self.path, self.lines[row], self.columns[at], reason)


def read_rating_table(path: Path, *, layout: Layout | None = None, level: Level = Level.NOMINAL) -> RatingTable:
    """Read a table of ratings; its layout is guessed where none is named. A blank cell is no rating.

    Above the nominal level ratings are numbers; the names of categories are too at the interval and ratio levels, and
    stand in the order of their columns at the ordinal one. Raises BadTable.
    """
    cells = _cells(path, YES)
    plain = cells.without(_is_label)
    if not plain.columns or not plain.rows:
        raise BadTable(path, 0, "", _("It has no row of ratings."))
    match layout or _guessed(cells, plain):
        case Layout.LONG:
            return _long(cells, level)
        case Layout.RATINGS:
            return _ratings(plain, level)
        case Layout.COUNTS:
            names = _categories(plain, level)
            return RatingTable(layout=Layout.COUNTS, names=names, counts=_counts(plain))
        case Layout.MATRIX:
            square = _squared(cells, plain)
            return RatingTable(layout=Layout.MATRIX, names=_categories(square, level), counts=_counts(square))


def _cells(path: Path, header: str) -> _Cells:
    try:
        return _read(path, header)
    except UnreadableFile as error:
        raise BadTable(path, 0, "", error.reason) from None
    except OSError as error:
        raise BadTable(path, 0, "", _("{reason}.", reason=error.strerror or str(error))) from None


def _read(path: Path, header: str) -> _Cells:
    check_file(path)
    encoding, _note = detect(path)
    stream = Utf8Stream(path, encoding)
    try:
        head = stream.read(BLOCK)
        delimiter = sniff_delimiter(head.decode("utf-8", "surrogateescape"), whole=not stream.read(1))
    finally:
        stream.close()
    stream = Utf8Stream(path, encoding)
    try:
        records = DelimitedRows(stream, delimiter, header)
        lines, rows = [], []
        for line, value, raw in records:
            if isinstance(value, RowProblem):
                if not raw.strip():
                    continue  # a line of white space is a blank line
                raise BadTable(path, line, value.field, value.reason)
            lines.append(line)
            rows.append(tuple(cell.strip() for cell in value.values()))
    except RowProblem as problem:
        raise UnreadableFile(path, problem.reason) from None
    finally:
        stream.close()
    return _Cells(path, tuple(name.strip() for name in records.columns), tuple(lines), tuple(rows))


def _is_label(at: int, name: str) -> bool:
    return name.casefold() in LABELS or (at == 0 and name == _UNNAMED)


def _guessed(cells: _Cells, plain: _Cells) -> Layout:
    """Return the layout that a table seems to have.

    A square of counts whose rows are named as its columns is a matrix. Counts add up to the same number of raters in
    every row, have zeros, and their columns are not named as raters are. A row per rating names rater, item and label,
    or has three columns that can be nothing else. All else is ratings.
    """
    if len(cells.columns) == len(cells.rows) + 1 and {row[0] for row in cells.rows} == set(cells.columns[1:]):
        return Layout.MATRIX
    columns = rating_rows.named(cells.columns)
    if columns is not None and len({row[columns.rater] for row in cells.rows}) < len(cells.rows):
        return Layout.LONG
    return Layout.COUNTS if _seems_counts(plain) else Layout.LONG if rating_rows.seeming(cells.rows) else Layout.RATINGS


def _seems_counts(plain: _Cells) -> bool:
    whole = all(_COUNT.fullmatch(cell) for row in plain.rows for cell in row)
    if not whole or len(plain.rows) < _MIN_ROWS or any(_RATER.fullmatch(name) for name in plain.columns):
        return False
    counts = [[int(float(cell)) for cell in row] for row in plain.rows]
    raters = {sum(row) for row in counts}
    return len(raters) == 1 and min(raters) > 1 and any(0 in row for row in counts)


def _long(cells: _Cells, level: Level) -> RatingTable:
    """Return a row per item and a column per rater, both in the order in which they first appear."""
    columns = rating_rows.named(cells.columns)
    if columns is None:
        could_be = rating_rows.seeming(cells.rows)
        if len(could_be) != 1:
            reason = _(
                "Which columns of a table with a row per rating are the rater, the item and the label is not clear. "
                "Name them so, or name another layout: ratings, counts or matrix."
            )
            raise BadTable(cells.path, 0, "", reason)
        columns = could_be[0]
        if rating_rows.first_is_data(cells.columns, cells.rows, columns):
            cells = _cells(cells.path, NO)
    rated: dict[str, dict[str, Value | None]] = {}
    for row, texts in enumerate(cells.rows):
        rater, item = texts[columns.rater], texts[columns.item]
        for at, text in ((columns.rater, rater), (columns.item, item)):
            if not text:
                raise cells.bad(row, at, _("The cell is empty."))
        given = rated.setdefault(item, {})
        if rater in given:
            raise cells.bad(row, columns.item, _("“{rater}” has rated “{item}” before.", rater=rater, item=item))
        given[rater] = _rating(cells, row, columns.label, texts[columns.label], level)
    raters = tuple(dict.fromkeys(texts[columns.rater] for texts in cells.rows))
    ratings = tuple(tuple(given.get(rater) for rater in raters) for given in rated.values())
    notes = _notes({value for values in ratings for value in values if isinstance(value, str)})
    return RatingTable(layout=Layout.LONG, names=raters, ratings=ratings, notes=notes)


def _ratings(cells: _Cells, level: Level) -> RatingTable:
    rated = tuple(
        tuple(_rating(cells, row, at, text, level) for at, text in enumerate(texts))
        for row, texts in enumerate(cells.rows)
    )
    notes = (*_notes({value for row in rated for value in row if isinstance(value, str)}), *_strangers(cells))
    return RatingTable(layout=Layout.RATINGS, names=cells.columns, ratings=rated, notes=notes)


def _strangers(cells: _Cells) -> list[str]:
    """Return a sentence on the first column none of whose values another one has: it may hold no ratings."""
    held = [{text for text in column if text} for column in zip(*cells.rows, strict=True)]
    if len(cells.rows) < _TELLING:
        return []
    holders = Counter(chain.from_iterable(held))
    for at, values in enumerate(held):
        if 0 < len(values) < len(holders) and all(holders[value] == 1 for value in values):
            return [
                _(
                    "“{name}” shares no value with the other columns. If it is no rater, take it out; a table with a "
                    "row per rating has the columns rater, item and label (--layout long).",
                    name=cells.columns[at],
                )
            ]
    return []


def _rating(cells: _Cells, row: int, at: int, text: str, level: Level) -> Value | None:
    if not text:
        return None
    if level is Level.NOMINAL:
        return text
    reason = _not_numeric(text, level)
    if reason:
        raise cells.bad(row, at, reason)
    return float(text) + 0.0  # -0 is 0


def _not_numeric(text: str, level: Level) -> str:
    """Return why a text is no value of the level; nothing where it is one."""
    if not _NUMBER.fullmatch(text) or math.isinf(float(text)):
        return _("“{text}” is not a number, which ratings at the {level} level are.", text=text, level=level.value)
    if level is Level.RATIO and float(text) < 0:
        return _("“{text}” is below zero, which nothing is at the ratio level.", text=text)
    return ""


def _notes(texts: set[str]) -> tuple[str, ...]:
    """Return sentences on categories that may not be meant as such."""
    notes = [
        _("“{text}” is counted as a category of its own. Leave the cell blank where nothing was rated.", text=text)
        for text in sorted(texts)
        if text.casefold() in _ABSENT
    ]
    same: dict[object, str] = {}
    for text in sorted(texts):
        key = float(text) if _NUMBER.fullmatch(text) else text.casefold()
        if key in same:
            notes.append(_("“{one}” and “{other}” are counted as two categories.", one=same[key], other=text))
        same.setdefault(key, text)
    return tuple(notes)


def _categories(cells: _Cells, level: Level) -> tuple[Value, ...]:
    """Return the names of the columns; as numbers where the level needs them, or has an order and all are numbers."""
    reasons = [_not_numeric(name, level) for name in cells.columns]
    if level is Level.NOMINAL or (level is Level.ORDINAL and any(reasons)):
        return cells.columns
    for name, reason in zip(cells.columns, reasons, strict=True):
        if reason:
            raise BadTable(cells.path, 0, name, reason)
    values = tuple(float(name) + 0.0 for name in cells.columns)
    for at, value in enumerate(values):
        if value in values[:at]:
            raise BadTable(cells.path, 0, cells.columns[at], _("This category has two columns."))
    return values


def _counts(cells: _Cells) -> tuple[tuple[int, ...], ...]:
    for row, texts in enumerate(cells.rows):
        for at, text in enumerate(texts):
            if text and not (_COUNT.fullmatch(text) and float(text).is_integer()):
                raise cells.bad(row, at, _("“{text}” is not a count.", text=text))
    return tuple(tuple(int(float(text)) if text else 0 for text in row) for row in cells.rows)


def _squared(cells: _Cells, plain: _Cells) -> _Cells:
    """Return the square of counts with its rows in the order of its columns."""
    n = len(cells.rows)
    if len(cells.columns) == n + 1:
        square = cells.without(lambda at, _name: at == 0)
        return _in_order(square, [row[0] for row in cells.rows])
    if len(plain.columns) == n:
        return plain
    reason = _(
        "A square table has as many rows as categories; here are {rows} rows and {columns} columns.",
        rows=n,
        columns=len(cells.columns),
    )
    raise BadTable(cells.path, 0, "", reason)


def _in_order(square: _Cells, labels: Sequence[str]) -> _Cells:
    place = {label: row for row, label in enumerate(labels)}
    for name in square.columns:
        if name not in place:
            raise BadTable(square.path, 0, name, _("No row has the name of this column."))
    order = [place[name] for name in square.columns]
    return _Cells(
        square.path, square.columns, tuple(square.lines[at] for at in order), tuple(square.rows[at] for at in order)
    )
