"""Which row of a table names its columns, and the names as they are shown: none empty, none twice."""

import re
from collections.abc import Sequence

from accord.domain.wording import _
from accord.formats.columns import guess_mapping

LOOKED_AT = 50
MAX_COLUMNS = 16_384

_LONGEST_NAME = 100
_MOST_FILLED = 0.6
_WORDS_OF_A_REMARK = 3
_SEPARATOR_LINE = re.compile(r"sep=.?", re.IGNORECASE)


def header_index(rows: Sequence[Sequence[str]], *, plain_only: bool) -> int:
    """Return the place of the header among the first rows: the first, or one below a title or instructions.

    A row above it holds one filled cell at most, or is a comment. ``plain_only``: nothing is a title unless the row
    below has names that are known for columns, or the rows above are comments.
    """
    filled = [0 if _is_comment(row) else sum(bool(cell.strip()) for cell in row) for row in rows]
    widest = max(filled, default=0)
    for index, row in enumerate(rows):
        if filled[index] <= 1:
            continue
        if index == 0 or filled[index] < _MOST_FILLED * widest or not _are_names(row):
            return 0
        above = ["".join(cells).strip() for cells in rows[:index]]
        comments = all(not text or text.startswith("#") or _SEPARATOR_LINE.fullmatch(text) for text in above)
        return index if comments or not plain_only or "request" in guess_mapping(list(row), ()) else 0
    return 0


def _is_comment(row: Sequence[str]) -> bool:
    """Whether a row is a remark after #, cut at its commas; a column may be named "#" or "# id"."""
    first = row[0].strip() if row else ""
    return first.startswith("#") and len(first[1:].split()) >= _WORDS_OF_A_REMARK


def _are_names(row: Sequence[str]) -> bool:
    names = [cell.strip() for cell in row if cell.strip()]
    return len(set(names)) == len(names) and all(len(name) <= _LONGEST_NAME for name in names)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the header's names, none empty and none twice."""
    names: dict[str, None] = {}
    again: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        name = cell if cell.strip() else _("column {position}", position=position)
        unique = name
        while unique in names:
            again[name] = again.get(name, 1) + 1
            unique = f"{name} ({again[name]})"
        names[unique] = None
    return tuple(names)


def above_note(lines: Sequence[int], texts: Sequence[str]) -> str:
    """Return the sentence on rows above the header that are not read."""
    shown = " / ".join(text.strip()[:80] for text in texts if text.strip())
    if len(lines) == 1:
        return _("Row {first} stands above the header and is not read: “{text}”.", first=lines[0], text=shown[:200])
    return _(
        "Rows {first} to {last} stand above the header and are not read: “{text}”.",
        first=lines[0],
        last=lines[-1],
        text=shown[:200],
    )
