"""How well personal data is found on a labelled file as a table of CSV: a row a figure, then a row a place."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

from accord.domain.agreement import Figure, Measured
from accord.domain.measurement import Measurement
from accord.formats.accord_csv import guard
from accord.formats.failures import CannotWrite

_COLUMNS = ("part", "name", "value", "low", "high", "hits", "n", "line", "start", "end", "text")
_Row = tuple[str | float, ...]


def write_measurement(found: Measurement, path: Path) -> None:
    """Write the table in one step (UTF-8). Raises CannotWrite; what was there is then as it was."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(table(found).encode("utf-8"))
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CannotWrite(path, error.strerror or str(error)) from error


def table(found: Measurement) -> str:
    """Return all of a measurement as CSV (RFC 4180); text that a spreadsheet might run is guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _rows(found):
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def _rows(found: Measurement) -> Iterator[_Row]:
    for part, shares in (("recall", found.recall), ("precision", found.precision)):
        yield from ((part, one.name, *_cells(one.figure), one.hits, one.n, "", "", "", "") for one in shares)
    yield ("recall of all", "", *_cells(found.all_recall), "", _n(found.all_recall), "", "", "", "")
    yield ("precision of all", "", *_cells(found.all_precision), "", _n(found.all_precision), "", "", "", "")
    for part, counts in (
        ("label without a rule", found.unknown),
        ("found, not labelled here", found.unmarked),
        ("country, state, year or weekday, not counted", found.not_counted),
    ):
        yield from ((part, name, "", "", "", "", n, "", "", "", "") for name, n in counts.items())
    for part, spots in (("missed", found.missed), ("false alarm", found.false_alarms)):
        for spot in spots:
            yield (part, spot.name, "", "", "", "", "", spot.line, spot.start, spot.end, spot.text)
    for fault in found.rejected:
        yield ("row not used", fault.field, "", "", "", "", "", fault.line, "", "", fault.reason)


def _cells(figure: Figure) -> _Row:
    if not isinstance(figure, Measured):
        return ("", "", "")
    low, high = figure.ci95 or ("", "")
    return (figure.value, low, high)


def _n(figure: Figure) -> int:
    return figure.n if isinstance(figure, Measured) else 0
