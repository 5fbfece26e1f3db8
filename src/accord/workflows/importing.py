"""Bringing files in: every row is accounted for, a stop leaves nothing behind, other work goes on meanwhile."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from accord.domain.batches import batched
from accord.domain.errors import AccordError, Refused
from accord.domain.ledger import Tally, Who
from accord.domain.progress import Progress, Silent
from accord.domain.records import ImportedVerdict, RawRecord, Row, RowFault
from accord.domain.review import Judgement, Origin, Verdict
from accord.domain.wording import _, number, plural
from accord.formats.reading import FileShape, RowReader, inspect_file, open_rows, parse_mapping
from accord.formats.rejections import write_rejections
from accord.storage import backups, events, imports, listing, purges, reviews, states
from accord.storage.project import Project, Unit
from accord.workflows import conflicts

_FIRST_CHUNK, _MOST_ROWS = 200, 5_000
_CHUNK_SECONDS = 0.1
_SHOWN_REJECTIONS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """The account of one file."""

    file: str
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    rejections: tuple[RowFault, ...] = ()
    rejections_file: str = ""
    import_id: int | None = None

    @property
    def tally(self) -> Tally:
        """The four counts."""
        return Tally(read=self.read, accepted=self.accepted, rejected=self.rejected, duplicate=self.duplicate)


@dataclass(slots=True, kw_only=True)
class _Open:
    """One import on its way."""

    project: Project
    who: Who
    import_id: int
    tally: Tally = field(default_factory=Tally)
    verdicts: list[tuple[str, ImportedVerdict]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def mapping_of(texts: Sequence[str]) -> dict[str, str]:
    """Read mappings as the command line writes them, ``TARGET=COLUMN[,...]``. Raises BadMapping."""
    return parse_mapping(texts)


def look_at(*, path: Path, format_name: str = "auto", encoding: str = "") -> FileShape:
    """Return what a file seems to be: format, columns, first rows, guessed mapping. Raises UnreadableFile."""
    return inspect_file(path, format=format_name, encoding=encoding)


def import_file(
    *,
    project: Project,
    who: Who,
    path: Path,
    format_name: str = "auto",
    mapping: Mapping[str, str] | None = None,
    encoding: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> FileReport:
    """Bring one file in and return its account. A file that cannot be read counts one row, refused.

    Raises Cancelled when stopped; then nothing of the file stays in the project.
    """
    watch = progress or Silent()
    try:
        shape = inspect_file(path, format=format_name, encoding=encoding)
        reader = open_rows(shape, mapping=mapping)
    except AccordError as error:
        return _unreadable(path, error)
    if dry_run:
        return _account(path, shape, _count_only(project, reader, watch), ())
    _refuse_second_import(project)
    backup_before(project=project, reason="before-import")
    digest = _sha256(path)
    with project.write(who) as unit:
        import_id = imports.begin(
            unit,
            file=path.name,
            sha256=digest,
            format_name=shape.format,
            encoding=shape.encoding,
            mapping=dict(mapping if mapping is not None else shape.mapping),
        )
        unit.commit()
    work = _Open(project=project, who=who, import_id=import_id)
    try:
        _store_rows(work, reader, watch)
        _finish(work)
    except BaseException:
        with project.write(who) as unit:
            imports.discard(unit, import_id)
            unit.commit()
        raise
    written = _rejections_file(project.path, path, shape, import_id, work.faults)
    return _account(path, shape, work.tally, work.faults, written, import_id)


def backup_before(*, project: Project, reason: str) -> None:
    """Make a checked backup, unless the project holds nothing yet."""
    with project.read() as view:
        empty = listing.count(view) == 0
    if not empty:
        backups.make_dated(project, reason)


def _store_rows(work: _Open, reader: RowReader, watch: Progress) -> None:
    size, begun = _FIRST_CHUNK, time.monotonic()
    rows = _checked(reader, work)
    while chunk := list(islice(rows, size)):
        watch.check()
        started = time.monotonic()
        with work.project.write(work.who, lasting=False) as unit:
            kept = _without_purged(unit, chunk)
            work.tally.add(imports.add_rows(unit, work.import_id, kept, origin=Origin.IMPORTED))
            unit.commit()
        spent = time.monotonic() - started
        size = max(50, min(_MOST_ROWS, int(size * _CHUNK_SECONDS / max(spent, 0.001)), size * 2))
        watch.report(reader.bytes_read, reader.bytes_total, _pace(work.tally.read, time.monotonic() - begun))
    watch.check()


def _pace(rows: int, seconds: float) -> str:
    rate = number(round(rows / max(seconds, 0.001)))
    return plural("{n} row · {rate} rows/s", "{n} rows · {rate} rows/s", rows, rate=rate)


def _checked(reader: Iterable[Row], work: _Open) -> Iterator[Row]:
    for row in reader:
        found = row
        if isinstance(row, RawRecord) and row.verdict is not None:
            fault = verdict_fault(row, row.verdict)
            if fault is None:
                work.verdicts.append((row.content.id, row.verdict))
            else:
                found = fault
        if isinstance(found, RowFault) and len(work.faults) < _SHOWN_REJECTIONS:
            work.faults.append(found)
        yield found


def verdict_fault(row: RawRecord, given: ImportedVerdict) -> RowFault | None:
    """Return why a verdict in a row cannot be taken, or None."""
    allowed = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)
    if given.verdict not in allowed:
        reason = _("the verdict “{verdict}” is none of {allowed}", verdict=given.verdict, allowed=", ".join(allowed))
        return RowFault(line=row.line, field="verdict", reason=reason)
    if not given.reviewer:
        return RowFault(line=row.line, field="reviewer", reason=_("a verdict needs the name of its reviewer"))
    if given.verdict == Verdict.ACCEPT and not row.content.has_answer:
        return RowFault(line=row.line, field="verdict", reason=_("an example without an answer cannot be accepted"))
    return None


def _without_purged(unit: Unit, chunk: list[Row]) -> list[Row]:
    """Refuse rows that were purged from this project: deleted for good means they do not come back by import."""
    gone = purges.tombstones(unit, [row.content.hash for row in chunk if isinstance(row, RawRecord)])
    if not gone:
        return chunk
    reason = _("this example was deleted for good from this project")
    return [
        RowFault(line=row.line, field="", reason=reason)
        if isinstance(row, RawRecord) and row.content.hash in gone
        else row
        for row in chunk
    ]


def _finish(work: _Open) -> None:
    with work.project.write(work.who) as unit:
        imports.finish(unit, work.import_id, work.tally)
        seqs = listing.seqs_of(unit, [example_id for example_id, _verdict in work.verdicts])
        for batch in batched(work.verdicts):
            rows = {row.id: row for row in listing.page(unit, [seqs[example_id] for example_id, _given in batch])}
            for example_id, given in batch:
                row = rows[example_id]
                judgement = Judgement(verdict=Verdict(given.verdict), tags=row.tags)
                reviews.append(unit, row.seq, judgement, row.content, reviewer=given.reviewer)
        if seqs:
            states.refresh(unit, seqs.values())
            events.append(unit, "reviews", {"import": work.import_id, "count": len(work.verdicts)})
        unit.commit()
    conflicts.refresh_all(project=work.project, who=work.who)


def _count_only(project: Project, reader: RowReader, watch: Progress) -> Tally:
    tally, seen = Tally(), set[str]()
    for row in reader:
        tally.read += 1
        if isinstance(row, RowFault):
            tally.rejected += 1
        elif row.content.id in seen:
            tally.duplicate += 1
        else:
            seen.add(row.content.id)
            tally.accepted += 1
        if tally.read % 1000 == 0:
            watch.check()
            watch.report(reader.bytes_read, reader.bytes_total)
    with project.read() as view:
        known = len(listing.seqs_of(view, sorted(seen)))
    tally.accepted -= known
    tally.duplicate += known
    return tally


def _refuse_second_import(project: Project) -> None:
    with project.read() as view:
        if imports.pending(view):
            raise Refused(_("Another import into this project is running. Wait for it, or stop it, then try again."))


def _account(  # noqa: PLR0917
    path: Path,
    shape: FileShape,
    tally: Tally,
    faults: Iterable[RowFault],
    written: str = "",
    import_id: int | None = None,
) -> FileReport:
    return FileReport(
        file=str(path),
        format=shape.format,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        read=tally.read,
        accepted=tally.accepted,
        rejected=tally.rejected,
        duplicate=tally.duplicate,
        rejections=tuple(faults),
        rejections_file=written,
        import_id=import_id,
    )


def _unreadable(path: Path, error: AccordError) -> FileReport:
    fault = RowFault(line=0, field="", reason=str(error))
    return FileReport(file=str(path), read=1, rejected=1, rejections=(fault,))


def _rejections_file(project: Path, path: Path, shape: FileShape, import_id: int, faults: list[RowFault]) -> str:
    if not faults:
        return ""
    target = rejections_path(project, path.name, import_id)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    write_rejections(target, shape, faults)
    return str(target)


def rejections_path(project: Path, file: str, import_id: int) -> Path:
    """Return where an import's refused rows are written: a folder beside the project."""
    source = Path(file)
    name = f"{import_id}-{source.stem}.rejected{source.suffix or '.jsonl'}"
    return project.with_name(project.name + "-rejections") / name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
