"""Looking at a file before it is imported, and at an import that is done; and taking one back whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.records import Row, RowFault
from accord.domain.wording import _
from accord.formats.columns import CONTENT_TARGETS
from accord.formats.columns import TARGETS as TARGETS
from accord.formats.encodings import CHOICES as ENCODINGS
from accord.formats.failures import EncodingChoice as EncodingChoice
from accord.formats.failures import UnsureEncoding as UnsureEncoding
from accord.formats.grouped import NONE, written
from accord.formats.headers import HEADERS as HEADERS
from accord.formats.row_formats import FORMATS as FORMATS
from accord.formats.row_formats import MAPPED, OWN_KEYS
from accord.formats.shapes import FileShape as FileShape
from accord.storage import events, imports
from accord.storage.project import Project
from accord.workflows import reading, undoing
from accord.workflows.importing import FileReport, rejections_path

__all__ = [
    "ENCODINGS",
    "FORMATS",
    "HEADERS",
    "TARGETS",
    "EncodingChoice",
    "FileShape",
    "Preview",
    "UnsureEncoding",
    "fill_choice",
    "own_columns",
    "preview",
    "report_of",
    "taken_back",
    "undo_imports",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the first rows of a file become, in file order; a bad row stands there as its fault."""

    rows: tuple[Row, ...]

    @property
    def faults(self) -> list[RowFault]:
        """The rows that would be refused."""
        return [row for row in self.rows if isinstance(row, RowFault)]


def preview(*, shape: FileShape, mapping: Mapping[str, str], limit: int = 20) -> Preview:
    """Read the first rows as the import would, very long texts cut. Raises BadMapping and UnreadableFile."""
    return Preview(rows=tuple(reading.first_rows(shape, mapping, limit)))


def own_columns(*, shape: FileShape) -> frozenset[str]:
    """Return the columns that the format itself reads as the conversation; none for a table."""
    return OWN_KEYS.get(shape.format, frozenset()) & set(shape.columns)


def maps_content(*, shape: FileShape) -> bool:
    """Whether the mapping says what the request and the answer are; other formats say it themselves."""
    return shape.format in MAPPED


def fill_choice(*, shape: FileShape, filled: bool) -> str:
    """Return ``fill`` for looking at a table again so that its blank cells repeat the one above, or stay blank."""
    return written(shape.grouped) if filled else NONE


def content_targets() -> tuple[str, ...]:
    """Return the targets that make up the conversation, which a format that is not mapped says itself."""
    return CONTENT_TARGETS


def report_of(*, project: Project, import_id: int) -> FileReport:
    """Return the account of an import that is done, with its first thousand refused rows. Raises NotFound."""
    with project.read() as view:
        run = next((run for run in imports.runs(view) if run.id == import_id), None)
        faults = imports.rejections(view, import_id)
    if run is None:
        raise NotFound(_("import"), str(import_id))
    written = rejections_path(project.path, run.file, import_id)
    return FileReport(
        file=run.file,
        format=run.format,
        read=run.read,
        accepted=run.accepted,
        rejected=run.rejected,
        duplicate=run.duplicate,
        rejections=tuple(faults),
        rejections_file=str(written) if written.is_file() else "",
        import_id=run.id,
    )


def taken_back(*, project: Project, import_ids: Sequence[int]) -> bool:
    """Whether all of these imports were undone."""
    with project.read() as view:
        undone = {run.id for run in imports.runs(view) if run.undone}
    return set(import_ids) <= undone


def undo_imports(*, project: Project, who: Who, import_ids: Sequence[int], progress: Progress | None = None) -> int:
    """Withdraw what these imports brought and nobody has touched; returns how many examples.

    Raises Refused where one was undone before, is someone else's, or is used by a release, and Cancelled where it is
    stopped; what was withdrawn then stays so, and the rest is when it is asked again.
    """
    with project.read() as view:
        mine = {e.refs.get("import"): e.id for e in events.of_actor(view, who.actor) if e.kind == "import"}
    if any(import_id not in mine for import_id in import_ids):
        raise Refused(_("This import is not yours, or too much has happened since. Set its examples aside instead."))
    withdrawn = 0
    for number in sorted(import_ids, reverse=True):
        withdrawn += len(undoing.undo(project=project, who=who, act=mine[number], progress=progress).examples)
    return withdrawn
