"""Files out: export a release, verify a folder, both with one click, and trace a line back to its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.domain.canonical import request_key
from accord.domain.content import Content
from accord.domain.errors import NotFound, Refused
from accord.domain.history import ExampleDetail
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress, Silent
from accord.domain.releases import Release, ReleasePlan
from accord.domain.wording import _
from accord.formats.lines import read_line
from accord.formats.verifying import VerifyReport, verify_export
from accord.formats.writing import ExportResult, write_export
from accord.storage import events, listing, purges, releases, requests
from accord.storage import settings as project_settings
from accord.storage.project import Project, View, meta
from accord.workflows import permissions, releasing, signing


@dataclass(frozen=True, slots=True, kw_only=True)
class OneClick:
    """What the one button did: the release (``made`` now, or the earlier one with the same content), files, proof."""

    release: Release
    made: bool
    export: ExportResult
    verified: VerifyReport


def export(
    *,
    project: Project,
    who: Who,
    release_name: str,
    format_name: str,
    out: Path,
    array: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ExportResult:
    """Write a release's files.

    Raises NotFound, LooksOn for who is not listed, Refused, or the writer's own failures; then ``out`` is as it was.
    """
    permissions.require_listed(project=project, act=_("export a release"))
    deep = permissions.leads(project=project)
    with project.read() as view:
        result = write_export(
            out,
            release=_exportable(view, release_name),
            examples=releases.examples(view, release_name),
            settings=releases.settings_of(view, release_name),
            format=format_name,
            array=array,
            replace=replace,
            project={
                "id": meta(view, "project_id"),
                "name": project_settings.current(view).title,
                # The chain as it was when the release was made, so that a later export is the same file.
                "head": events.sealed_release(view, release_name),
            },
            signatures=[one for one in signing.signatures_of(view, release_name, deep=deep) if one.holds],
            progress=progress or Silent(),
        )
    with project.write(who) as unit:
        files = {file.path: file.sha256 for file in result.files}
        events.append(unit, "export", {"release": release_name, "format": format_name, "files": files})
        unit.commit()
    return result


def _exportable(view: View, name: str) -> Release:
    release = releases.find(view, name)
    if release is None:
        raise NotFound(_("release"), name)
    if purges.purged_from(view, name):
        raise Refused(
            _(
                "Examples of “{name}” were deleted for good since it was made, so it can no longer be exported. "
                "Make a new release.",
                name=name,
            )
        )
    return release


def verify(*, folder: Path, project: Project | None = None, progress: Progress | None = None) -> VerifyReport:
    """Re-read an export against its manifest and its format's rules.

    With ``project`` each row that was deleted from it for good since is a problem too.
    """
    purged: frozenset[str] = frozenset()
    if project is not None:
        with project.read() as view:
            purged = purges.purged_ids(view)
    return verify_export(folder, purged=purged, progress=progress or Silent())


def one_click(
    *,
    project: Project,
    who: Who,
    plan: ReleasePlan,
    format_name: str,
    out: Path,
    name: str | None = None,
    array: bool = False,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> OneClick:
    """Release, export and verify; unchanged content exports the same release again.

    ``embedder``: needed where the plan or the project's rules ask for meaning.
    """
    chosen = name or releasing.propose_name(project=project)
    draft = releasing.work_out(project=project, who=who, name=chosen, plan=plan, embedder=embedder, progress=progress)
    made = not draft.same_as
    if made:
        release = releasing.store(project=project, who=who, draft=draft)
    else:
        with project.read() as view:
            stored = releases.find(view, draft.same_as)
        release = stored or draft.release
    target = out / release.name
    result = export(
        project=project,
        who=who,
        release_name=release.name,
        format_name=format_name,
        out=target,
        array=array,
        replace=True,
        progress=progress,
    )
    return OneClick(release=release, made=made, export=result, verified=verify(folder=target, progress=progress))


def trace(*, project: Project, line: str) -> list[ExampleDetail]:
    """Return the examples that an exported line (of any format) came from. Raises NotFound, or Refused for no line."""
    contents = read_line(line)
    if not contents:
        raise Refused(
            _("This is not a line of an export: paste one whole line of a train, validation or held-out file.")
        )
    with project.read() as view:
        found = [detail for content in contents for detail in _matching(view, content)]
    if not found:
        raise NotFound(_("example for the line"), contents[0].request[:60])
    return list({detail.row.id: detail for detail in found}.values())


def _matching(view: View, content: Content) -> Sequence[ExampleDetail]:
    numbers = requests.asking(view, request_key(content.request))
    details = [d for d in (listing.detail(view, seq) for seq in numbers) if d is not None]
    texts = {
        d.row.id: {d.row.content.answer, d.original.answer, *(r.content.answer for r in d.revisions)} for d in details
    }
    exact = [d for d in details if content.answer in texts[d.row.id]]
    return exact or details
