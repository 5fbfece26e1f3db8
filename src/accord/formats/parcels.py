"""Files read in another process: what a file seems to be, its first rows, and all its rows in parcels of plain values.

These functions run where memory and time are limited, and are given to such a process by name. What they return is
bounded whatever the file holds: the process that waits for it has no such limits.
"""

import gc
import marshal
import pickle
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from accord.domain.content import Content
from accord.domain.errors import UnusableText
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.records import ImportedVerdict, RawRecord, ReadyRow, Row, RowFault, ready
from accord.domain.wording import _
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.plain_rows import PlainRows
from accord.formats.reading import RowReader, open_rows
from accord.formats.rows import RawRow
from accord.formats.shapes import FileShape, inspect_file
from accord.formats.verdicts import row_fault

_PARCEL_CHARACTERS = 4 << 20
_PARCEL_SECONDS = 0.05
_FIRST_ROWS = 50
_MAX_SHAPE_BYTES = 8 << 20
_SAMPLE_CELL = 1000
_PREVIEW_TEXT = 100_000
_SIGN_SECONDS = 1.0
_MOST_REFUSED = 100_000  # so many refused rows are accounted for whatever the good ones are
_LEAST_GOOD = 0.01


class Parcel(NamedTuple):
    """Some rows of a file: the good ones, the refused ones, and how much of the file was read for them."""

    rows: list[ReadyRow]
    faults: list[RowFault]
    bytes_read: int


class Counted(NamedTuple):
    """Some rows of a file, for a count: the ids not met before in this file, how many were, the refused rows.

    ``people``: how many verdicts of each person stand in the good rows. ``unanswered``: the ids without an answer.
    """

    ids: list[str]
    again: int
    faults: list[RowFault]
    bytes_read: int
    people: dict[str, int]
    unanswered: list[str]


def inspected(path: Any, options: Mapping[str, str]) -> Iterator[FileShape]:
    """Yield the one shape of a file, its sample cells cut to what a person looks at. Raises UnreadableFile."""
    shape = inspect_file(path, **options)
    sample = tuple({column: text[:_SAMPLE_CELL] for column, text in row.items()} for row in shape.sample)
    shape = replace(shape, sample=sample)
    if len(pickle.dumps(shape)) > _MAX_SHAPE_BYTES:
        raise UnreadableFile(path, _("The names of its columns alone are larger than {mb} MB.", mb=8))
    yield shape


def first_rows(shape: FileShape, mapping: Mapping[str, str] | None, limit: int) -> Iterator[list[Row]]:
    """Yield the one list of the first rows, very long texts cut. Raises BadMapping and UnreadableFile."""
    reader = open_rows(shape, mapping=mapping)
    yield [_shortened(_judged_row(reader, raw, None)) for raw in islice(reader.raw(), limit)]


def _judged_row(reader: RowReader, raw: RawRow, settings: ProjectSettings | None) -> Row:
    """Return what a row becomes; one whose verdict cannot be taken is refused whole."""
    row = reader.row(raw)
    fault = row_fault(row, settings) if isinstance(row, RawRecord) and row.verdicts else None
    return row if fault is None else reader.refused(raw, RowProblem(fault.field, fault.reason))


def _shortened(row: Row) -> Row:
    if isinstance(row, RowFault):
        return replace(row, raw=row.raw[:_PREVIEW_TEXT])
    content = row.content
    if sum(len(message.content) for message in content.messages) <= _PREVIEW_TEXT:
        return row
    share = _PREVIEW_TEXT // len(content.messages)
    cut = tuple(m if len(m.content) <= share else replace(m, content=m.content[:share] + "…") for m in content.messages)
    return replace(row, content=Content(messages=cut, tools=content.tools))


def read_parcels(
    shape: FileShape, mapping: Mapping[str, str] | None, settings: ProjectSettings, *, progress: Progress
) -> Iterator[bytes]:
    """Yield all rows of a file as packed parcels. Raises BadMapping and UnreadableFile."""
    reader = open_rows(shape, mapping=mapping)
    with _busy(reader, progress):
        for rows, faults in _gathered(reader, settings):
            packed = [(*row[:-1], tuple(map(_packed_verdict, row.verdicts))) if row.verdicts else row for row in rows]
            yield _marshalled(([tuple(row) for row in packed], faults, reader.bytes_read))


def unpacked(data: bytes) -> Parcel:
    """Return the parcel that ``read_parcels`` packed."""
    rows, faults, bytes_read = marshal.loads(data)  # noqa: S302  (made by our own process from plain values)
    return Parcel([_judged(row) if row.verdicts else row for row in map(_AS_ROW, rows)], _faults(faults), bytes_read)


_AS_ROW = ReadyRow._make


def _judged(row: ReadyRow) -> ReadyRow:
    packed: Any = row.verdicts
    return row._replace(verdicts=tuple(ImportedVerdict(**dict(pairs)) for pairs in packed))


def purged_fault(line: int) -> RowFault:
    """Return the fault of a row that was purged before."""
    return RowFault(line=line, field="", reason=_("this example was deleted for good from this project"))


def count_parcels(
    shape: FileShape,
    mapping: Mapping[str, str] | None,
    settings: ProjectSettings,
    gone: frozenset[str],
    *,
    progress: Progress,
) -> Iterator[bytes]:
    """Yield what a count needs of all rows of a file, packed; the hashes ``gone`` were purged.

    Raises BadMapping and UnreadableFile.
    """
    reader = open_rows(shape, mapping=mapping)
    seen: set[bytes] = set()
    with _busy(reader, progress):
        for rows, faults in _gathered(reader, settings):
            fresh, again, people, unanswered = [], 0, Counter[str](), []
            for row in rows:
                digest = bytes.fromhex(row.id)
                if row.hash in gone:
                    faults.append(_values(purged_fault(row.line)))
                    continue
                people.update(given.reviewer for given in row.verdicts)
                if digest in seen:
                    again += 1
                else:
                    seen.add(digest)
                    fresh.append(row.id)
                    if not row.has_answer and not any(given.answer for given in row.verdicts):
                        unanswered.append(row.id)
            yield _marshalled((fresh, again, faults, reader.bytes_read, dict(people), unanswered))


def counted(data: bytes) -> Counted:
    """Return what ``count_parcels`` packed."""
    ids, again, faults, bytes_read, people, unanswered = marshal.loads(data)  # noqa: S302  (made by our own process from plain values)
    return Counted(ids, again, _faults(faults), bytes_read, people, unanswered)


Fault = tuple[int, str, str, str]


def _faults(values: list[Fault]) -> list[RowFault]:
    return [RowFault(line=line, field=field, reason=reason, raw=raw) for line, field, reason, raw in values]


def _marshalled(value: Any) -> bytes:
    return marshal.dumps(value, 2)  # without the search for equal objects, which costs more than it spares


def _packed_verdict(given: ImportedVerdict) -> tuple[tuple[str, Any], ...]:
    return tuple((name, getattr(given, name)) for name in ImportedVerdict.__dataclass_fields__)


def _gathered(reader: RowReader, settings: ProjectSettings) -> Iterator[tuple[list[ReadyRow], list[Fault]]]:
    """Yield good and refused rows, few at first, then as many as make a parcel."""
    rows: list[ReadyRow] = []
    faults: list[Fault] = []
    size, most, started = 0, _FIRST_ROWS, time.monotonic()
    use = _Use(reader)
    plain = PlainRows(reader)
    for raw in reader.raw():
        found = (plain.ready(raw) if plain.usable else None) or _stored(reader, raw, settings)
        if isinstance(found, ReadyRow):
            rows.append(found)
            size += len(found.text) + len(found.context) + len(found.metadata)
        else:
            faults.append(found)
            size += len(found[3])
        if size >= _PARCEL_CHARACTERS or (len(rows) + len(faults)) % most == 0:
            if size < _PARCEL_CHARACTERS and time.monotonic() - started < _PARCEL_SECONDS:
                continue
            use.note(len(rows), faults)
            yield rows, faults
            rows, faults, size, started = [], [], 0, time.monotonic()
    if rows or faults:
        yield rows, faults


class _Use:
    """Whether reading on is of use: not in a file of which hardly any row is good, be it ever so long."""

    def __init__(self, reader: RowReader) -> None:
        self._path = reader.shape.path
        self._good = self._refused = 0
        self._first: Fault | None = None

    def note(self, good: int, faults: list[Fault]) -> None:
        """Count some rows. Raises UnreadableFile."""
        self._good += good
        self._refused += len(faults)
        if faults and self._first is None:
            self._first = faults[0]
        if self._first is None or self._refused <= _MOST_REFUSED or self._good >= _LEAST_GOOD * self._refused:
            return
        reason = _(
            "{refused} of its first {read} rows cannot be used; row {line}: {reason} "
            "Check the format, and which column holds the request.",
            refused=self._refused,
            read=self._refused + self._good,
            line=self._first[0],
            reason=self._first[2],
        )
        raise UnreadableFile(self._path, reason)


def _stored(reader: RowReader, raw: RawRow, settings: ProjectSettings) -> ReadyRow | Fault:
    row = _judged_row(reader, raw, settings)
    if isinstance(row, RawRecord):
        try:
            return ready(row)
        except UnusableText as error:
            row = reader.refused(raw, RowProblem("", str(error)))
    return _values(row)


def _values(fault: RowFault) -> Fault:
    return fault.line, fault.field, fault.reason, fault.raw.encode("utf-8", "replace").decode()


@contextmanager
def _busy(reader: RowReader, progress: Progress) -> Iterator[None]:
    """Tell once a second that the file is still being read, also where no row comes of it for long."""
    ended = threading.Event()
    thread = threading.Thread(target=_tell, args=(reader, progress, ended.wait), daemon=True)
    thread.start()
    gc.disable()  # rows refer to nothing in a circle, and looking for circles costs a third of the time
    try:
        yield
    finally:
        gc.enable()
        ended.set()
        thread.join()


def _tell(reader: RowReader, progress: Progress, ended: Callable[[float], bool]) -> None:
    last = 0
    while not ended(_SIGN_SECONDS):
        now = reader.bytes_read
        if now != last:
            last = now
            progress.report(now, reader.bytes_total)
