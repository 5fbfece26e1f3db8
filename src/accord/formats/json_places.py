"""Where in a JSON file the rows are: the whole file, or a list (or an object of rows) inside it."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from accord.domain.wording import _
from accord.formats.columns import guess_mapping
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.json_scan import places_of_rows
from accord.formats.rejection_marks import KEY
from accord.formats.row_formats import row_format
from accord.formats.strict_json import load_row
from accord.formats.text_rows import TextRows

TOP = "#"
"""How a person names the top of a file where the rows were found further inside (RFC 6901, section 6)."""

_TRIED = 8
_ROWS_TRIED = 20


def places_in(path: Path, encoding: str, member: str, head: bytes) -> list[str]:
    """Return the pointers to what could be the rows of a JSON object, best first; "" is the object itself."""
    found = [pointer for pointer, _objects, _size in islice(places_of_rows(head), _TRIED)]
    return sorted(found, key=lambda pointer: not holds_requests(path, encoding, member, pointer))


def holds_requests(path: Path, encoding: str, member: str, pointer: str) -> bool:
    """Whether the first rows at a place have a known format, or a column that by its name is the request."""
    try:
        rows = TextRows(path, encoding, member, "array", "", pointer)
    except UnreadableFile:
        return False
    try:
        values = [row.value for row in islice(rows, _ROWS_TRIED) if isinstance(row.value, dict)]
    finally:
        rows.close()
    formats = {row_format(value) for value in values}
    if formats - {"table"}:
        return True
    return "request" in guess_mapping(list(dict.fromkeys(key for value in values for key in value)), ())


def is_row(head: bytes) -> bool:
    """Whether one JSON object is a row by itself, and no frame around the rows."""
    try:
        value = load_row(head)
    except RowProblem:
        return True  # as a row it says what is wrong with it
    if not isinstance(value, dict) or KEY in value:
        return True
    if row_format(value) != "table" or "request" in guess_mapping(list(value), ()):
        return True
    return not any(True for _place in places_of_rows(head))


def chosen_place(path: Path, places: Sequence[str], wanted: str) -> tuple[str, tuple[str, ...]]:
    """Return the pointer to read ("" the top) and the others that a person could choose. Raises UnreadableFile."""
    shown = [place or TOP for place in places]
    if wanted:
        return "" if wanted == TOP else wanted, tuple(place for place in shown if place != wanted)
    if not places:
        raise UnreadableFile(path, _("It is one JSON object and not a list of rows."))
    return places[0], tuple(shown[1:])
