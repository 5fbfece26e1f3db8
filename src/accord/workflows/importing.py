"""Bringing files in: every row is accounted for, a stop leaves nothing behind, other work goes on meanwhile."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from accord.domain.errors import AccordError, WrongUsage
from accord.domain.ledger import Tally, Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.records import RowFault
from accord.domain.wording import _
from accord.formats.columns import merge_mapping
from accord.formats.failures import BadMapping, UnreadableFile
from accord.formats.reading import FileShape, parse_mapping
from accord.formats.rejections import suffix_of, write_rejections
from accord.storage import imports, listing, purges, statistics
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import conflicts, import_storing, indexing, permissions, reading
from accord.workflows.import_storing import AnotherImport as AnotherImport
from accord.workflows.import_storing import Work, note_faults
from accord.workflows.import_storing import backup_before as backup_before

_LONGEST_STEM = 60  # file systems allow 255 bytes, a character may take four


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """The account of one file.

    ``mapping``: target to column as it was read, what was given and what was guessed. ``needs_answer``: how many of
    the accepted examples have no answer yet.
    """

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
    header: str = ""
    filled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    needs_answer: int = 0

    @property
    def tally(self) -> Tally:
        """The four counts."""
        return Tally(read=self.read, accepted=self.accepted, rejected=self.rejected, duplicate=self.duplicate)


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
    fill: str = "auto",
    header: str = "auto",
    progress: Progress | None = None,
) -> FileShape:
    """Return what a file seems to be: format, columns, first rows, guessed mapping; what is "" is found.

    ``fill``: the columns whose blank cells repeat the one above, or auto or none. ``header``: whether the first row of
    a table names its columns, yes or no, or auto.
    Raises UnreadableFile, and UnsureEncoding where the bytes could be more than one text.
    """
    options = {
        "format": format_name,
        "encoding": encoding,
        "sheet": sheet,
        "pointer": pointer,
        "delimiter": delimiter,
        "fill": fill,
        "header": header,
    }
    return reading.shape_of(path, options, progress=progress)


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
    fill: str = "auto",
    header: str = "auto",
    dry_run: bool = False,
    source: str = "",
    met: set[str] | None = None,
    backup: bool = True,
    progress: Progress | None = None,
) -> FileReport:
    """Bring one file in, after a backup: return its account (unreadable: one row, refused). Raises Cancelled.

    ``source``: of rows that name none; ``met``: ids that files before it bring in (``dry_run``), and then its own too.
    """
    try:
        shape = look_at(
            path=path,
            format_name=format_name,
            encoding=encoding,
            sheet=sheet,
            pointer=pointer,
            delimiter=delimiter,
            fill=fill,
            header=header,
            progress=progress,
        )
        if dry_run:
            return _count_only(project, path, shape, mapping, met, watch=progress or Silent())
        return _bring_in(project, who, path, shape, mapping, source=source, backup=backup, watch=progress or Silent())
    except (UnreadableFile, BadMapping) as error:  # a file can turn out to be unreadable half-way
        return _unreadable(path, error)


def _bring_in(
    project: Project,
    who: Who,
    path: Path,
    shape: FileShape,
    mapping: Mapping[str, str] | None,
    *,
    source: str,
    backup: bool,
    watch: Progress,
) -> FileReport:
    permissions.require(project=project, role=Role.LEAD, act=_("import"))
    import_storing.refuse_second(project)
    with project.read() as view:
        settings = project_settings.current(view)
    rows = reading.Reading(shape, mapping, settings, watch)
    try:
        work = import_storing.begin(project, who, path, shape, mapping, backup=backup)
        work.source = source
        try:
            import_storing.store_rows(work, rows, shape.bytes, watch)
            import_storing.finish(work)
        except BaseException:
            import_storing.discard(work)
            raise
        finally:
            work.verdicts.close()
            imports.ended(work.act)
    finally:
        rows.close()
    _follow_up(project, who, work)
    with project.read() as view:
        unanswered = imports.unanswered(view, work.import_id)
    return replace(
        _account(path, shape, mapping, work.tally, work.faults),
        rejections_file=_rejections_file(work, shape),
        import_id=work.import_id,
        verdicts=dict(work.verdicts.people),
        needs_answer=unanswered,
    )


def _follow_up(project: Project, who: Who, work: Work) -> None:
    """Bring up to date what is derived from the examples."""
    if work.tally.read >= statistics.MANY:
        statistics.gather(project)
    conflicts.refresh_if_stale(project=project, who=who)
    indexing.catch_up_if_small(project=project)


def _count_only(
    project: Project,
    path: Path,
    shape: FileShape,
    mapping: Mapping[str, str] | None,
    met: set[str] | None,
    *,
    watch: Progress,
) -> FileReport:
    tally, faults, people = Tally(), list[RowFault](), Counter[str]()
    unanswered = 0
    with project.read() as view:
        settings = project_settings.current(view)
        gone = purges.all_tombstones(view)
    for found in reading.counts_of(shape, mapping, settings, gone, watch):
        with project.read() as view:
            known = listing.seqs_of(view, found.ids)
        fresh = {id_ for id_ in found.ids if id_ not in known and (met is None or id_ not in met)}
        if met is not None:
            met |= fresh
        new = len(fresh)
        unanswered += sum(id_ in fresh for id_ in found.unanswered)
        refused, good = len(found.faults), len(found.ids) + found.again
        tally.add(Tally(read=good + refused, accepted=new, rejected=refused, duplicate=good - new))
        note_faults(faults, found.faults)
        people.update(found.people)
        watch.check()
        watch.report(found.bytes_read, shape.bytes)
    return replace(_account(path, shape, mapping, tally, faults), verdicts=dict(people), needs_answer=unanswered)


def _account(
    path: Path, shape: FileShape, mapping: Mapping[str, str] | None, tally: Tally, faults: Iterable[RowFault]
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
        sheet=shape.sheet,
        pointer=shape.pointer,
        line_ends=shape.line_ends,
        header=shape.header,
        filled=shape.grouped if shape.fills else (),
        notes=shape.notes,
        mapping=merge_mapping(shape.mapping, mapping),
    )


def _unreadable(path: Path, error: AccordError) -> FileReport:
    fault = RowFault(line=0, field="", reason=str(error))
    return FileReport(file=str(path), read=1, rejected=1, rejections=(fault,))


def _rejections_file(work: Work, shape: FileShape) -> str:
    if not work.faults:
        return ""
    target = rejections_path(work.project.path, work.file, work.import_id)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with work.project.read() as view:
        write_rejections(target, shape, imports.each_rejection(view, work.import_id))
    return str(target)


def rejections_path(project: Path, file: str, import_id: int) -> Path:
    """Return where an import's refused rows are written: a folder beside the project."""
    source = Path(file)
    name = f"{import_id}-{source.stem[:_LONGEST_STEM]}.rejected{suffix_of(file)}"
    return project.with_name(project.name + "-rejections") / name
