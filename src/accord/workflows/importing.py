"""Bringing files in: every row is accounted for, a stop leaves nothing behind, other work goes on meanwhile."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.errors import AccordError, Refused, WrongUsage
from accord.domain.ledger import Tally, Who
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.records import ImportedVerdict, RawRecord, Row, RowFault
from accord.domain.review import Judgement, Origin, Verdict
from accord.domain.wording import _, number, plural
from accord.formats.answers import answer_problem
from accord.formats.failures import BadMapping, UnreadableFile
from accord.formats.reading import FileShape, RowReader, inspect_file, open_rows, parse_mapping
from accord.formats.rejections import write_rejections
from accord.storage import backups, events, imports, listing, purges, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows import conflicts

_FIRST_CHUNK, _MOST_ROWS = 200, 5_000
_CHUNK_SECONDS = 0.1
_SHOWN_REJECTIONS = 1000
_LONGEST_STEM = 60  # file systems allow 255 bytes, a character may take four


class AnotherImport(Refused):
    """Two imports into one project at once."""

    def __init__(self) -> None:
        super().__init__(_("Another import into this project is running. Wait for it, or stop it, then try again."))


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
    sheet: str = ""
    pointer: str = ""
    line_ends: str = ""
    notes: tuple[str, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)

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
    act: str
    tally: Tally = field(default_factory=Tally)
    verdicts: list[tuple[str, ImportedVerdict]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def mapping_of(texts: Sequence[str]) -> dict[str, str]:
    """Read mappings as the command line writes them, ``TARGET=COLUMN[,...]``. Raises WrongUsage."""
    try:
        return parse_mapping(texts)
    except BadMapping as error:
        raise WrongUsage(str(error)) from error


def look_at(
    *,
    path: Path,
    format_name: str = "auto",
    encoding: str = "",
    sheet: str = "",
    pointer: str = "",
    delimiter: str = "",
) -> FileShape:
    """Return what a file seems to be: format, columns, first rows, guessed mapping; what is "" is found.

    Raises UnreadableFile, and UnsureEncoding where the bytes could be more than one text.
    """
    return inspect_file(path, format=format_name, encoding=encoding, sheet=sheet, pointer=pointer, delimiter=delimiter)


def import_file(
    *,
    project: Project,
    who: Who,
    path: Path,
    format_name: str = "auto",
    mapping: Mapping[str, str] | None = None,
    encoding: str = "",
    sheet: str = "",
    pointer: str = "",
    delimiter: str = "",
    dry_run: bool = False,
    backup: bool = True,
    progress: Progress | None = None,
) -> FileReport:
    """Bring one file in, after a backup, and return its account. A file that cannot be read counts one row, refused.

    Raises Cancelled when stopped; then nothing of the file stays in the project.
    """
    watch = progress or Silent()
    try:
        shape = look_at(
            path=path, format_name=format_name, encoding=encoding, sheet=sheet, pointer=pointer, delimiter=delimiter
        )
        reader = open_rows(shape, mapping=mapping)
    except AccordError as error:
        return _unreadable(path, error)
    try:
        if dry_run:
            return _account(path, shape, *_count_only(project, _readable(reader, path), reader, watch))
        _refuse_second_import(project)
        work = _begin(project, who, path, shape, mapping, backup=backup)
        try:
            _store_rows(work, _readable(reader, path), reader, watch)
            _finish(work)
        except BaseException:
            _discard(work)
            raise
        finally:
            imports.ended(work.act)
    except UnreadableFile as error:  # a file can turn out to be unreadable half-way
        return _unreadable(path, error)
    conflicts.refresh_all(project=project, who=who)
    written = _rejections_file(work, path, shape)
    return _account(path, shape, work.tally, work.faults, written, work.import_id)


def _begin(
    project: Project, who: Who, path: Path, shape: FileShape, mapping: Mapping[str, str] | None, *, backup: bool
) -> "_Open":
    digest = _sha256(path)
    if backup:
        backup_before(project=project, reason="before-import")
    with project.write(who) as unit:
        imports.clear_abandoned(unit)
        if imports.pending(unit):
            raise AnotherImport
        import_id = imports.begin(
            unit,
            file=_name(path),
            sha256=digest,
            format_name=shape.format,
            encoding=shape.encoding,
            mapping=dict(mapping if mapping is not None else shape.mapping),
        )
        unit.commit()
    return _Open(project=project, who=who, import_id=import_id, act=unit.act)


def _discard(work: "_Open") -> None:
    with work.project.write(work.who) as unit:
        imports.discard(unit, work.import_id)
        unit.commit()


def backup_before(*, project: Project, reason: str) -> None:
    """Make a checked backup, unless the project holds nothing yet."""
    with project.read() as view:
        empty = listing.count(view) == 0
    if not empty:
        backups.make_dated(project, reason)


def _store_rows(work: _Open, rows: Iterator[Row], reader: RowReader, watch: Progress) -> None:
    size, begun = _FIRST_CHUNK, time.monotonic()
    while chunk := list(islice(rows, size)):
        watch.check()
        started = time.monotonic()
        with work.project.write(work.who, lasting=False) as unit:
            kept = _checked(unit, chunk, work.verdicts, work.faults)
            work.tally.add(imports.add_rows(unit, work.import_id, kept, origin=Origin.IMPORTED))
            unit.commit()
        spent = time.monotonic() - started
        size = max(50, min(_MOST_ROWS, int(size * _CHUNK_SECONDS / max(spent, 0.001)), size * 2))
        watch.report(reader.bytes_read, reader.bytes_total, _pace(work.tally.read, time.monotonic() - begun))
    watch.check()


def _pace(rows: int, seconds: float) -> str:
    rate = number(round(rows / max(seconds, 0.001)))
    return plural("{n} row · {rate} rows/s", "{n} rows · {rate} rows/s", rows, rate=rate)


def _readable(reader: RowReader, path: Path) -> Iterator[Row]:
    """Yield the rows; a disk that fails while they are read makes the file an unreadable one."""
    try:
        yield from reader
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error


def _checked(
    view: View, chunk: Sequence[Row], verdicts: list[tuple[str, ImportedVerdict]], faults: list[RowFault]
) -> list[Row]:
    """Return the rows as they are to be stored, and note the verdicts and the first faults among them.

    Rows that were purged from this project are refused: deleted for good means they do not come back by import.
    """
    gone = purges.tombstones(view, [row.content.hash for row in chunk if isinstance(row, RawRecord)])
    settings = project_settings.current(view)
    kept: list[Row] = []
    for row in chunk:
        found: Row = row
        if isinstance(row, RawRecord) and row.content.hash in gone:
            found = RowFault(line=row.line, field="", reason=_("this example was deleted for good from this project"))
        elif isinstance(row, RawRecord) and row.verdicts:
            faults_of_it = (verdict_fault(row, given) or _answer_fault(row, given, settings) for given in row.verdicts)
            found = next((fault for fault in faults_of_it if fault is not None), row)
        if isinstance(found, RawRecord):
            verdicts += [(found.content.id, given) for given in found.verdicts]
        if isinstance(found, RowFault) and len(faults) < _SHOWN_REJECTIONS:
            faults.append(found)
        kept.append(found)
    return kept


def verdict_fault(row: RawRecord, given: ImportedVerdict) -> RowFault | None:
    """Return why a verdict in a row cannot be taken, or None."""
    allowed = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)
    edits = given.verdict == Verdict.EDIT and given.answer is not None and given.answer != row.content.answer
    if given.verdict not in allowed and not edits:
        reason = _("the verdict “{verdict}” is none of {allowed}", verdict=given.verdict, allowed=", ".join(allowed))
        return RowFault(line=row.line, field="verdict", reason=reason)
    if not given.reviewer:
        return RowFault(line=row.line, field="reviewer", reason=_("a verdict needs the name of its reviewer"))
    if given.verdict == Verdict.ACCEPT and not row.content.has_answer:
        return RowFault(line=row.line, field="verdict", reason=_("an example without an answer cannot be accepted"))
    return None


def _answer_fault(row: RawRecord, given: ImportedVerdict, settings: ProjectSettings) -> RowFault | None:
    """Return why this project cannot accept the answer, as it would not from a reviewer's hand, or None."""
    takes = given.verdict in {Verdict.ACCEPT, Verdict.EDIT}
    answer = row.content.answer if given.answer is None else given.answer
    wrong = answer_problem(answer, settings) if takes else None
    return None if wrong is None else RowFault(line=row.line, field="answer", reason=wrong)


def _finish(work: _Open) -> None:
    with work.project.write(work.who) as unit:
        imports.finish(unit, work.import_id, work.tally)
        seqs = listing.seqs_of(unit, [example_id for example_id, _verdict in work.verdicts])
        for batch in batched(work.verdicts):
            rows = {row.id: row for row in listing.page(unit, [seqs[example_id] for example_id, _given in batch])}
            for example_id, given in batch:
                row = rows[example_id]
                # The verdict is of the text in the file, which may no longer be the one that stands.
                judged = listing.original_of(unit, row.seq) if row.edited else row.content
                judgement = _judgement(given, judged, row.tags)
                reviews.append(unit, row.seq, judgement, judged, reviewer=given.reviewer)
        if seqs:
            states.refresh(unit, seqs.values())
            events.append(unit, "reviews", {"import": work.import_id, "count": len(work.verdicts)})
        conflicts.mark_stale(unit)
        unit.commit()


def _judgement(given: ImportedVerdict, judged: Content, tags: tuple[str, ...]) -> Judgement:
    edits = {}
    if given.verdict == Verdict.EDIT and given.answer is not None:
        index = judged.answer_index
        edits = {len(judged.messages) if index is None else index: given.answer}
    return Judgement(
        verdict=Verdict(given.verdict),
        edits=edits,
        tags=tags if given.tags is None else given.tags,
        comment=given.comment,
    )


def _count_only(
    project: Project, rows: Iterator[Row], reader: RowReader, watch: Progress
) -> tuple[Tally, list[RowFault]]:
    tally, seen, faults = Tally(), set[str](), list[RowFault]()
    while chunk := list(islice(rows, _FIRST_CHUNK)):
        with project.read() as view:
            kept = _checked(view, chunk, [], faults)
            found = [row.content.id for row in kept if isinstance(row, RawRecord)]
            new = {example_id for example_id in found if example_id not in seen}
            new -= listing.seqs_of(view, sorted(new)).keys()
        seen |= new
        tally.add(
            Tally(read=len(kept), accepted=len(new), rejected=len(kept) - len(found), duplicate=len(found) - len(new))
        )
        watch.check()
        watch.report(reader.bytes_read, reader.bytes_total)
    return tally, faults


def _refuse_second_import(project: Project) -> None:
    with project.read() as view:
        if set(imports.pending(view)) - set(imports.abandoned(view)):
            raise AnotherImport


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
        sheet=shape.sheet,
        pointer=shape.pointer,
        line_ends=shape.line_ends,
        notes=shape.notes,
    )


def _unreadable(path: Path, error: AccordError) -> FileReport:
    fault = RowFault(line=0, field="", reason=str(error))
    return FileReport(file=str(path), read=1, rejected=1, rejections=(fault,))


def _rejections_file(work: _Open, path: Path, shape: FileShape) -> str:
    if not work.faults:
        return ""
    target = rejections_path(work.project.path, _name(path), work.import_id)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with work.project.read() as view:
        write_rejections(target, shape, imports.each_rejection(view, work.import_id))
    return str(target)


def _name(path: Path) -> str:
    """Return the file's name as text; a byte that is no UTF-8 becomes U+FFFD."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def rejections_path(project: Path, file: str, import_id: int) -> Path:
    """Return where an import's refused rows are written: a folder beside the project."""
    source = Path(file)
    name = f"{import_id}-{source.stem[:_LONGEST_STEM]}.rejected{source.suffix or '.jsonl'}"
    return project.with_name(project.name + "-rejections") / name


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
