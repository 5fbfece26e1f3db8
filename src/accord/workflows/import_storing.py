"""Storing the rows of one file: in short units under a pending import, then made visible whole, or discarded."""

import hashlib
import os
import pickle
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from accord.domain.errors import Refused
from accord.domain.ledger import Tally, Who
from accord.domain.moments import local
from accord.domain.progress import Progress
from accord.domain.records import ImportedVerdict, ReadyRow, RowFault
from accord.domain.review import Origin
from accord.domain.wording import _, number, plural
from accord.formats import parcels
from accord.formats.columns import merge_mapping
from accord.formats.failures import UnreadableFile
from accord.formats.parcels import Parcel
from accord.formats.shapes import FileShape
from accord.storage import backups, events, import_verdicts, imports, listing, purges, reviews, states
from accord.storage.import_verdicts import Prepared
from accord.storage.project import Project, Unit, View
from accord.workflows import conflicts
from accord.workflows.reading import Reading

SHOWN_REJECTIONS = 1000
_SHOWN_RAW = 2000  # characters of a refused row that are kept at hand; the file of refused rows has all of it
_UNIT_SECONDS = 0.1
Given = tuple[str, ImportedVerdict]


class AnotherImport(Refused):
    """Two imports into one project at once."""

    def __init__(self, other: imports.Pending) -> None:
        facts = {"who": other.author, "file": other.file, "at": local(other.at), "machine": other.machine}
        wait = _("{who} has been importing {file} since {at}. Wait for it, or stop it, then try again.", **facts)
        away = _(
            "{who} has been importing {file} on the machine {machine} since {at}. Wait for it, or stop it there. If it "
            "no longer runs there, a lead removes what it left by “inspect --rebuild”; then try again.",
            **facts,
        )
        super().__init__(away if other.machine else wait)


class Verdicts:
    """The verdicts that stand in a file, kept in a temporary one: there may be millions, with whole answers.

    ``people``: whose were stored, and how many.
    """

    def __init__(self) -> None:
        self.people: Counter[str] = Counter()
        self._file: IO[bytes] | None = None

    def add(self, prepared: Prepared, rest: Sequence[Given]) -> None:
        """Keep some: those on new examples, and the rest."""
        if not (prepared.rows.reviews or rest):
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="accord-")  # noqa: SIM115  (close, below, removes it)
        pickle.dump((prepared, rest), self._file)

    def __iter__(self) -> Iterator[tuple[Prepared, Sequence[Given]]]:
        """Yield them as they were added."""
        if self._file is None:
            return
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301  (written above, in a file that nobody else can open)
            except EOFError:
                return

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()


@dataclass(slots=True, kw_only=True)
class Work:
    """One import on its way. ``source``: of the rows that name none themselves."""

    project: Project
    who: Who
    import_id: int
    act: str
    path: Path
    file: str
    stamp: tuple[int, ...]
    source: str = ""
    tally: Tally = field(default_factory=Tally)
    tagged: bool = False
    verdicts: Verdicts = field(default_factory=Verdicts)
    faults: list[RowFault] = field(default_factory=list)


def refuse_second(project: Project) -> None:
    """Raise AnotherImport while one runs."""
    with project.read() as view:
        _refuse_other(view)


def begin(
    project: Project, who: Who, path: Path, shape: FileShape, mapping: Mapping[str, str] | None, *, backup: bool
) -> Work:
    """Start an import, after a backup; ``imports.ended`` is to be called for it. Raises AnotherImport.

    Corrected rows of a file of refused rows come from the file that they stood in first.
    """
    stamp = _stamp(path)
    digest = _sha256(path)
    if backup:
        backup_before(project=project, reason="before-import")
    clear_abandoned(project, who)
    file = shape.original or name_of(path)
    filled = {"filled": shape.grouped} if shape.fills else {}
    with project.write(who) as unit:
        _refuse_other(unit)
        import_id = imports.begin(
            unit,
            file=file,
            sha256=digest,
            format_name=shape.format,
            encoding=shape.encoding,
            mapping={**merge_mapping(shape.mapping, mapping), **filled},
        )
        unit.commit()
    return Work(project=project, who=who, import_id=import_id, act=unit.act, path=path, file=file, stamp=stamp)


def backup_before(*, project: Project, reason: str) -> None:
    """Make a checked backup, unless the project holds nothing yet."""
    with project.read() as view:
        empty = listing.newest(view) == 0
    if not empty:
        backups.make_dated(project, reason)


def store_rows(work: Work, reading: Reading, bytes_total: int, watch: Progress) -> None:
    """Store all rows; the unit of work ends after a tenth of a second, or when the next rows are not there yet."""
    begun = time.monotonic()
    parcel = reading.next()
    while parcel is not None:
        watch.check()
        started = time.monotonic()
        with work.project.write(work.who, lasting=False) as unit:
            _store(unit, work, parcel)
            while reading.ready() and time.monotonic() - started < _UNIT_SECONDS:
                following = reading.next()
                if following is None:
                    break
                parcel = following
                _store(unit, work, parcel)
            unit.commit()
        watch.report(parcel.bytes_read, bytes_total, _pace(work.tally.read, time.monotonic() - begun))
        parcel = reading.next()
    watch.check()


def _store(unit: Unit, work: Work, parcel: Parcel) -> None:
    rows, faults = _without_purged(unit, parcel)
    if work.source:
        rows = [row if row.source else row._replace(source=work.source) for row in rows]
    known = import_verdicts.known(unit, rows)
    work.tally.add(imports.add_rows(unit, work.import_id, [*rows, *faults], origin=Origin.IMPORTED))
    work.tagged = work.tagged or any(row.tags for row in rows)
    prepared, places = import_verdicts.prepare(unit, work.import_id, rows, known)
    rest = [(row.id, given) for i, row in enumerate(rows) if i not in places for given in row.verdicts]
    work.verdicts.add(prepared, rest)
    note_faults(work.faults, faults)


def note_faults(kept: list[RowFault], faults: Sequence[RowFault]) -> None:
    """Keep the first refused rows at hand, each cut to what a person looks at."""
    for fault in faults[: max(SHOWN_REJECTIONS - len(kept), 0)]:
        raw = fault.raw[:_SHOWN_RAW]
        kept.append(RowFault(line=fault.line, field=fault.field, reason=fault.reason, raw=raw))


def _without_purged(view: View, parcel: Parcel) -> tuple[list[ReadyRow], list[RowFault]]:
    """Return the good and the refused rows; what was deleted for good from this project does not come back."""
    gone = purges.tombstones(view, [row.hash for row in parcel.rows])
    if not gone:
        return parcel.rows, parcel.faults
    back = [parcels.purged_fault(row.line) for row in parcel.rows if row.hash in gone]
    rows = [row for row in parcel.rows if row.hash not in gone]
    return rows, sorted([*parcel.faults, *back], key=lambda fault: fault.line)


def _pace(rows: int, seconds: float) -> str:
    rate = number(round(rows / max(seconds, 0.001)))
    return plural("{n} row · {rate} rows/s", "{n} rows · {rate} rows/s", rows, rate=rate)


def finish(work: Work) -> None:
    """Make the import visible, with the verdicts that stand in its rows, in one transaction.

    Raises UnreadableFile where the file is no longer the one whose hash the project keeps.
    """
    if _stamp(work.path) != work.stamp:
        raise UnreadableFile(work.path, _("It was changed while it was read. Import it once nothing writes to it."))
    with work.project.write(work.who) as unit:
        stored, at = Counter[str](), import_verdicts.begun(unit, work.import_id)
        for prepared, _rest in work.verdicts:
            import_verdicts.store(unit, prepared, at=at)
            stored.update(prepared.people)
        imports.finish(unit, work.import_id, work.tally, tagged=work.tagged)
        taken_back = events.taken_back(unit)
        for _prepared, rest in work.verdicts:
            stored.update(_judge(unit, rest, taken_back))
        work.verdicts.people = stored
        if stored:
            events.append(unit, "reviews", {"import": work.import_id, "count": stored.total()})
        conflicts.mark_stale(unit, imported=work.import_id)
        unit.commit()


def _judge(unit: Unit, given: Sequence[Given], taken_back: Collection[str]) -> list[str]:
    """Store verdicts, those that their people have given before left out; returns whose they are."""
    seqs = listing.seqs_of(unit, [example_id for example_id, _verdict in given])
    stored: list[str] = []
    for start in range(0, len(given), 500):
        batch = given[start : start + 500]
        rows = {row.id: row for row in listing.page(unit, [seqs[example_id] for example_id, _given in batch])}
        # A verdict is of the text in the file, which may no longer be the one that stands.
        originals = listing.originals(unit, [row.seq for row in rows.values() if row.edited])
        judged = []
        for example_id, verdict in batch:
            row = rows[example_id]
            text = originals.get(row.seq, row.content)
            judged.append((row.seq, verdict.judgement_of(text, row.tags), text, verdict.reviewer))
        new = reviews.append_unsaid(unit, judged, {row.seq: row.tags for row in rows.values()}, taken_back)
        states.refresh(unit, {seq for seq, *_more in new})
        stored += [reviewer for *_more, reviewer in new]
    return stored


def discard(work: Work) -> None:
    """Remove what the import has stored, in short units of work; until the last of them it stays pending."""
    _discard(work.project, work.who, work.import_id)


def _refuse_other(view: View) -> None:
    for other in imports.running(view):
        raise AnotherImport(other)


def clear_abandoned(project: Project, who: Who, *, elsewhere: bool = False) -> None:
    """Remove what imports left half-done whose program no longer runs; with ``elsewhere`` all of other machines.

    Whether a program of another machine runs cannot be known here. One that does is told (``imports.ImportTaken``).
    """
    with project.read() as view:
        left = imports.abandoned(view)
        left += [other.id for other in imports.running(view) if elsewhere and other.machine]
    for import_id in left:
        _discard(project, who, import_id)


def _discard(project: Project, who: Who, import_id: int) -> None:
    left = True
    while left:
        with project.write(who, lasting=False) as unit:
            left = imports.discard_some(unit, import_id)
            unit.commit()


def name_of(path: Path) -> str:
    """Return the file's name as text; a byte that is no UTF-8 becomes U+FFFD."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written, replaced or removed."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, _("{reason}.", reason=error.strerror or str(error))) from error
