"""Where in a JSON file the rows are: the whole file, or a list (or an object of rows) in it; and what is not read."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from accord.domain.wording import _, plural
from accord.formats.columns import CONTENT_TARGETS, cell, guess_mapping
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.json_scan import Place, places_of_rows
from accord.formats.opening import BLOCK
from accord.formats.rejection_marks import KEY
from accord.formats.row_formats import row_format
from accord.formats.strict_json import load_row
from accord.formats.text_rows import TextRows

TOP = "#"
"""How a person names the top of a file where the rows were found further inside (RFC 6901, section 6)."""

_TRIED = 8
_ROWS_TRIED = 20
_SURVEYED = 32 << 20
_TOLD = 10


def survey(path: Path, encoding: str, member: str) -> tuple[list[Place], bool]:
    """Return what could be the rows of a JSON object, best first ("" is the object itself), and whether that is all.

    Only so much of a large file is looked at.
    """
    stream = Utf8Stream(path, encoding, member)
    try:
        head = stream.read(_SURVEYED)
        whole = not stream.read(1)
    finally:
        stream.close()
    found = list(places_of_rows(head))

    def is_better(place: Place) -> bool:  # what begins far inside is not looked into: the way there is long
        return place.start < BLOCK and holds_requests(path, encoding, member, place.pointer)

    return sorted(found[:_TRIED], key=is_better, reverse=True) + found[_TRIED:], whole


def places_in(path: Path, encoding: str, member: str, head: bytes) -> list[str]:
    """Return the pointers to what could be the rows of a JSON object of which ``head`` is the beginning, best first."""
    found = [place.pointer for place in islice(places_of_rows(head), _TRIED)]
    return sorted(found, key=lambda pointer: not holds_requests(path, encoding, member, pointer))


def unread_note(places: Sequence[Place], pointer: str, *, whole: bool) -> str:
    """Return the sentence on lists of rows beside the one at ``pointer``, "" where there are none."""
    others = [p for p in places if p.is_list and p.pointer != pointer and not pointer.startswith(f"{p.pointer}/")]
    if not others:
        return ""
    told = []
    for place in others[:_TOLD]:  # the largest
        items = plural("{n}{more} item", "{n}{more} items", place.objects, more="" if whole else "+")
        told.append(_("{items} (--pointer {pointer})", items=items, pointer=place.pointer))
    told += ["…"] if others[_TOLD:] else []
    return _("Only the rows at {pointer} are read. Not read: {others}.", pointer=pointer or TOP, others=", ".join(told))


def partly_read(mapping: Mapping[str, str], values: Sequence[Mapping[str, Any]], pointer: str | None) -> Iterator[str]:
    """Yield a sentence on each list in the rows of which the mapping takes one item for the request or the answer.

    ``pointer``: where the rows are, None where they are not in one JSON value.
    """
    seen = set[str]()
    for target in CONTENT_TARGETS:
        steps = mapping.get(target, "").split("/")
        for at, step in enumerate(steps):
            place = "/".join(steps[:at])
            if not step.isdecimal() or place in seen:
                continue
            seen.add(place)
            lists = [found if isinstance(found := cell(row, place), list) else [] for row in values]
            sizes = [len(items) for items in lists]
            if max(sizes, default=0) > 1:
                row = next(number for number, size in enumerate(sizes) if size > 1)
                other = "/".join([*steps[:at], str(int(step) + 1), *steps[at + 1 :]])
                how = f"--map {target}={other}"
                if pointer is not None and all(isinstance(item, dict) for item in lists[row]):
                    how = f"--pointer {pointer}/{row}{place}"
                yield _(
                    "Rows hold a list “{place}” of up to {most} items; only item {n} of it is read as the {target}. "
                    "To read others: {how}.",
                    place=place,
                    most=max(sizes),
                    n=int(step) + 1,
                    target=target,
                    how=how,
                )


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
