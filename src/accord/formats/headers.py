"""Whether a row of a table names its columns, and which; the names as they are shown: none empty, none twice."""

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from accord.domain.wording import _
from accord.formats.columns import guess_mapping, is_known_name
from accord.formats.rejection_marks import is_marked

AUTO, YES, NO = "auto", "yes", "no"
HEADERS = (AUTO, YES, NO)
"""What a person can say of the first row: find out, it names the columns, it is a row like any other."""
LOOKED_AT = 50
MAX_COLUMNS = 16_384

_LONGEST_NAME = 100
_MOST_FILLED = 0.6
_WORDS_OF_A_REMARK = 3
_SEPARATOR_LINE = re.compile(r"sep=.?", re.IGNORECASE)
_NUMBER = re.compile(r"[+\-]?[\d.,:/%\s\-]*\d[\d.,:/%\s\-]*")  # figures, dates, times
_QUESTION_MARKS, _STOPS = "?？。！؟।", ".!…"
_SPEECH, _SPEECH_WORDS = 60, 6  # more characters or words than a name has
_LONG_TEXT, _LONGER = 25, 3  # texts below a name are so long, and so many times as long as the name
_MOST = 0.8
_FEWEST_ROWS = 4
_REPEATING = 0.5
_SURE = 2


class Header(NamedTuple):
    """The place of the row that names the columns, -1 where none does; ``first``: the place of the first row of data.

    ``sure``: whether that is certain.
    """

    at: int
    first: int
    sure: bool


def find_header(rows: Sequence[Sequence[str]], wanted: str, *, plain_only: bool) -> Header:
    """Return the header among the first rows of a table; ``wanted``: AUTO, YES or NO. ``plain_only`` as below."""
    if wanted == NO:
        first = 1 if rows and _SEPARATOR_LINE.fullmatch("".join(rows[0]).strip()) else 0
        return Header(-1, first, sure=True)
    index = header_index(rows, plain_only=plain_only)
    if wanted == YES:
        return Header(index, index + 1, sure=True)
    names, sure = _names_columns(rows[index:])
    return Header(index, index + 1, sure) if names else Header(-1, index, sure)


def _names_columns(rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Return whether the first of these rows names the columns of the others, and whether that is certain."""
    if not rows or is_marked(rows[0]):
        return True, True
    first, below = rows[0], rows[1:]
    known = sum(is_known_name(cell) for cell in first)
    if known >= _SURE:
        return True, True
    votes = [_vote(cell, [row[at].strip() for row in below if at < len(row)]) for at, cell in enumerate(first)]
    filled = [cell.strip() for cell in first if cell.strip()]
    pro, contra = votes.count(1), votes.count(-1) + (len(set(filled)) < len(filled))
    if pro and contra:
        return pro > contra or (known > 0 and pro == contra), False
    return not contra, bool(pro or contra or not below)


def _vote(cell: str, below: Sequence[str]) -> int:
    """Return 1 where a cell stands out as a name above its column, -1 where it is a cell like those, 0 otherwise."""
    cell, below = cell.strip(), [text for text in below if text]
    if not cell:
        return 0
    if is_known_name(cell):
        return 1
    figures = sum(bool(_NUMBER.fullmatch(text)) for text in below) >= _MOST * len(below) if below else False
    if _NUMBER.fullmatch(cell):
        return -1 if figures or not below else 0
    if cell in below:
        return -1
    few = len(below) >= _FEWEST_ROWS and len(set(below)) <= _REPEATING * len(below)
    if figures or few:
        return 1
    if _is_speech(cell):
        return -1
    typical = median(map(len, below)) if below else 0
    return 1 if typical >= max(_LONG_TEXT, _LONGER * len(cell)) else 0


def _is_speech(cell: str) -> bool:
    words = len(cell.split())
    ends = cell[-1] in _QUESTION_MARKS or (cell[-1] in _STOPS and words > 1)
    return ends or len(cell) > _SPEECH or words > _SPEECH_WORDS


def header_note(header: Header, wanted: str) -> str:
    """Return the sentence on a first row that was not surely taken for what it is, "" where there is nothing to say."""
    if header.at < 0 and wanted == AUTO:
        return _(
            "The first row looks like a row of data, so the columns are named by their place. "
            "If it holds their names, say so (--header yes)."
        )
    if not header.sure:
        return _("The first row is taken for the names of the columns. If it is a row of data, say so (--header no).")
    return ""


def placed_names(width: int) -> tuple[str, ...]:
    """Return names for columns that have none."""
    return column_names([""] * width)


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
    first = next((cell.strip() for cell in row if cell.strip()), "")
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
