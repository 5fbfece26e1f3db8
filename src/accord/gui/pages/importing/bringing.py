"""Runs an import as a job, one file after the other, and what follows it: telling pages, looking for duplicates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.domain.errors import AccordError, Cancelled
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write, show_failure
from accord.gui.opening import ALL_KINDS, index_new, who
from accord.gui.pages.importing.chosen import ChosenFile, ReadingArguments
from accord.jobs import Job
from accord.workflows import duplicates, import_looks, importing
from accord.workflows.importing import FileReport
from accord.workflows.projects import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The accounts of the files that came in whole; ``stopped`` names the one that was given up, which left nothing.

    ``taken_back``: all of it was undone since.
    """

    reports: tuple[FileReport, ...]
    stopped: str = ""
    taken_back: bool = False

    @property
    def stands(self) -> bool:
        """Whether there is something to take back."""
        return bool(self.import_ids) and not self.taken_back

    @property
    def has_new(self) -> bool:
        """Whether it brought examples, which are still there."""
        return self.stands and any(report.accepted for report in self.reports)

    @property
    def import_ids(self) -> list[int]:
        """Return the imports, oldest first."""
        return [report.import_id for report in self.reports if report.import_id is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the job needs of a chosen file, fixed when it starts."""

    path: Path
    reading: ReadingArguments
    mapping: dict[str, str]
    bytes: int


class _Part:
    """The progress of one file as a part of the whole job."""

    def __init__(self, whole: Progress, *, before: int, total: int, name: str) -> None:
        self._whole = whole
        self._before = before
        self._total = total
        self._name = name

    def report(self, done: int, total: int | None = None, note: str = "") -> None:  # noqa: ARG002  (the whole is known)
        self._whole.report(self._before + done, self._total, f"{note} · {self._name}" if note else self._name)

    def check(self) -> None:
        self._whole.check()


def bring(
    context: Context,
    files: Sequence[ChosenFile],
    *,
    done: Callable[[Outcome], None],
    failed: Callable[[BaseException], None],
) -> Job:
    """Import files in a job of the reading lane (it takes the writer for a moment at a time)."""
    project, maker = context.project, who(context)
    plans = [_plan(chosen) for chosen in files]
    _remember(context, files)

    def finished(outcome: Outcome) -> None:
        if context.project is not project:
            return
        context.saved.emit()
        done(outcome)
        context.tell_changed("imports", "examples", "reviews", "tags", "conflicts", "duplicates")
        index_new(context)
        search_if_stale(context)

    def gave_up(error: BaseException) -> None:
        if context.project is project:
            failed(error)

    title = (
        _("Importing {file}", file=plans[0].path.name)
        if len(plans) == 1
        else plural("Importing {n} file", "Importing {n} files", len(plans))
    )
    return run_read(
        context,
        title,
        lambda progress: _bring_all(project, maker, plans, progress),
        done=finished,
        failed=gave_up,
        quiet=False,
    )


def _bring_all(project: Project, maker: Who, plans: Sequence[_Plan], progress: Progress) -> Outcome:
    """Import the files one after the other; a stop gives up the one at hand, and all where it is the first."""
    reports: list[FileReport] = []
    before, total = 0, sum(plan.bytes for plan in plans)
    for plan in plans:
        part = _Part(progress, before=before, total=total, name=plan.path.name)
        try:
            report = importing.import_file(
                project=project,
                who=maker,
                path=plan.path,
                mapping=plan.mapping,
                backup=all(earlier.import_id is None for earlier in reports),  # one of how it was before all of them
                progress=part,
                **plan.reading,
            )
        except Cancelled:
            if not reports:
                raise
            return Outcome(reports=tuple(reports), stopped=plan.path.name)
        reports.append(report)
        before += plan.bytes
    return Outcome(reports=tuple(reports))


def take_back(context: Context, import_ids: Sequence[int], *, done: Callable[[], None] | None = None) -> None:
    """Take imports back, and say what that did."""
    project, maker = context.project, who(context)

    def told(withdrawn: int) -> None:
        context.notify(
            plural(
                "The import was taken back: {n} example is set aside.",
                "The import was taken back: {n} examples are set aside.",
                withdrawn,
            ),
            tone="good",
        )
        if done is not None and context.project is project:
            done()

    run_write(
        context,
        _("Taking an import back"),
        lambda progress: import_looks.undo_imports(
            project=project, who=maker, import_ids=import_ids, progress=progress
        ),
        done=told,
        changed=ALL_KINDS,
    )


def search_if_stale(context: Context) -> None:
    """Look for near-duplicates where examples came in since the last search; what it finds waits on its page."""
    project, maker = context.project, who(context)

    def work(progress: Progress) -> bool:
        if not duplicates.stale(project=project):
            return False
        duplicates.find(project=project, who=maker, progress=progress)
        return True

    def done(found: bool) -> None:  # noqa: FBT001  (the outcome of the job)
        if found and context.project is project:
            context.tell_changed("duplicates")

    def failed(error: BaseException) -> None:
        if not isinstance(error, Cancelled) and context.project is project:
            show_failure(context, error)

    run_read(context, _("Looking for near-duplicates"), work, done=done, failed=failed, quiet=False)


def _plan(chosen: ChosenFile) -> _Plan:
    size = 0 if chosen.shape is None else chosen.shape.bytes
    return _Plan(path=chosen.path, reading=chosen.reading.arguments(), mapping=chosen.mapping, bytes=size)


def _remember(context: Context, files: Sequence[ChosenFile]) -> None:
    """Keep where the columns went, for the next file that has the same."""
    for chosen in files:
        if chosen.shape is not None:
            wanted = {target: column for target, column in chosen.mapping.items() if column}
            try:
                context.settings.remember_mapping(chosen.shape.columns, wanted)
            except AccordError as error:
                show_failure(context, error)
