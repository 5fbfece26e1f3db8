"""Blank cells that repeat the one above, as people leave them in tables: a question once, its rows below it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from accord.domain.wording import _
from accord.formats.failures import UnreadableFile
from accord.formats.rows import RawRow

AUTO, NONE = "auto", "none"
TABLES = frozenset({"csv", "xlsx"})
"""What holds tables in which a cell can be left blank to repeat the one above."""

_FEWEST_GROUPS = 2
_FEWEST_COLUMNS = 2
_SOME = 0.3
_SHORTEST_TEXT = 15
_STANDS_OUT = 2


def named_columns(path: Path, text: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that ``COLUMN,COLUMN`` names; one with a comma stands in quotes. Raises UnreadableFile."""
    cells = [text] if text in columns else next(csv.reader([text]), [])
    names = [cell if cell in columns else cell.strip() for cell in cells]
    for name in names:
        if name not in columns:
            reason = _(
                "There is no column “{column}”. The columns are: {columns}.", column=name, columns=_list(columns)
            )
            raise UnreadableFile(path, reason)
    return tuple(column for column in columns if column in names)


def written(columns: Sequence[str]) -> str:
    """Return the text that names these columns, each in quotes; ``named_columns`` reads it."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow(columns)
    return line.getvalue()


def _list(columns: Sequence[str]) -> str:
    return ", ".join(columns[:50])


def fill_down(rows: Iterable[RawRow], columns: Sequence[str], line_end: str) -> Iterator[RawRow]:
    """Yield the rows; where all ``columns`` are blank they repeat those of the row that begins the group.

    A row with any of them filled begins a group; a blank row, which is left out, or one that cannot be read ends it.
    ``line_end``: what ends lines inside cells where rows are numbered by lines, "" where by themselves.
    """
    above: dict[str, str] = {}
    following = 0
    for row in rows:
        value = row.value
        if not isinstance(value, dict):
            above = {}
            yield row
            continue
        if row.line > following:
            above = {}
        following = row.line + _height(value, line_end)
        if not any(cell.strip() for cell in value.values()):
            above = {}
            continue
        own = {column: value[column] for column in columns}
        if any(cell.strip() for cell in own.values()):
            above = own
            yield row
        else:
            yield row._replace(value={**value, **above})


def _height(value: Mapping[str, str], line_end: str) -> int:
    return 1 + sum(cell.count(line_end) for cell in value.values()) if line_end else 1


def unmistakable(rows: Sequence[RawRow], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that the first rows leave blank to repeat them; () where it could mean anything else.

    They are blank together, the first row has them, every other column is filled in every row or in none, there are
    several groups with at least as many rows below as groups, and either several such columns or a blank row before
    every further group.
    """
    filled = [_filled(row.value) for row in rows if isinstance(row.value, dict)]
    full = [cells for cells in filled if cells]
    if not full:
        return ()
    always = frozenset.intersection(*full)
    ever = frozenset.union(*full)
    grouped = ever - always
    starts = sum(cells == ever for cells in full)
    below = sum(cells == always for cells in full)
    if not (always and grouped and full[0] == ever and starts + below == len(full)):
        return ()
    if starts < _FEWEST_GROUPS or below < starts:
        return ()
    if len(grouped) < _FEWEST_COLUMNS and not _divided(rows, ever):
        return ()
    return tuple(column for column in columns if column in grouped)


def _filled(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(column for column, cell in row.items() if cell.strip())


def _divided(rows: Sequence[RawRow], start: frozenset[str]) -> bool:
    """Whether a blank row stands before every group but the first; rows are numbered one by one."""
    blank_before = False
    previous = rows[0].line
    for row in rows[1:]:
        cells = _filled(row.value) if isinstance(row.value, dict) else frozenset()
        blank_before = blank_before or row.line > previous + 1
        if cells == start and not blank_before:
            return False
        blank_before = not cells
        previous = row.line
    return True


def blank_with(rows: Sequence[RawRow], columns: Sequence[str], request: str) -> tuple[str, ...]:
    """Return the columns that are blank wherever the request is, in a good part of the rows; () where that is rare.

    Nothing says that they repeat the row above: a person can.
    """
    full = [cells for row in rows if isinstance(row.value, dict) and (cells := _filled(row.value))]
    blank = sum(request not in cells for cells in full)
    if not request or not blank or blank < _SOME * len(full) or request not in full[0]:
        return ()
    return tuple(c for c in columns if all((c in cells) == (request in cells) for cells in full))


def guess_in_groups(
    mapping: Mapping[str, str], columns: Sequence[str], grouped: Sequence[str], sample: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """Return a guess with what groups tell: their id is the group; the one long text below a request is its answer."""
    found = dict(mapping)
    if found.get("id") in grouped:
        found.setdefault("group", found.pop("id"))
    free = [column for column in columns if column not in found.values()]
    if "group" not in found and (key := next((c for c in free if c in grouped and _is_id(c)), "")):
        found["group"] = key
    if "answer" not in found and found.get("request") in grouped and sample:
        if (passage := found.get("context", "")) and passage not in grouped:
            free.append(passage)  # as a context it would leave the rows of a group the same but for it
        sizes = {c: sum(len(row.get(c, "")) for row in sample) / len(sample) for c in free if c not in grouped}
        longest, *others = sorted(sizes, key=lambda column: -sizes[column]) or [""]
        rival = max((sizes[column] for column in others), default=0)
        if longest and sizes[longest] >= max(_SHORTEST_TEXT, _STANDS_OUT * rival):
            found = {target: column for target, column in found.items() if column != longest}
            found["answer"] = longest
    return found


def _is_id(column: str) -> bool:
    return column.casefold().endswith("id")


def filled_note(grouped: Sequence[str]) -> str:
    """Return the sentence on what is filled."""
    return _(
        "Blank cells of {columns} repeat the filled one above them, up to the next filled or blank row.",
        columns=", ".join(f"“{column}”" for column in grouped[:20]),
    )


def blank_note(request: str) -> str:
    """Return the sentence on requests that stay blank."""
    return _(
        "Many cells of “{column}” are blank below a filled one. If they repeat it, say so.",
        column=request,
    )
