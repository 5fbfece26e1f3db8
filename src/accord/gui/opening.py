"""Opening, making, restoring and closing projects from the window; each failure is a sentence for the start page."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from accord.domain.errors import AccordError, Cancelled
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Choice, Context, WhoWorks
from accord.gui.jobs_bridge import run_read, run_write, show_failure
from accord.jobs import Job, Lane
from accord.workflows import adjudicating, indexing, keeping, people, projects, sample, undoing
from accord.workflows.projects import Project
from accord.workflows.undone import Undone

SUFFIX = ".accord"
LOOK_AGAIN_MS = 150
ASKED_FROM = 2  # so many people in a file: who works is asked
ALL_KINDS = ("examples", "reviews", "tags", "duplicates", "conflicts", "releases", "imports", "settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A project and what the window says of it."""

    project: Project
    title: str
    several: bool
    people: list[Person]


def who(context: Context) -> Who:
    """Return who acts in this window."""
    return Who(actor=context.actor, device=context.settings.device_id)


def open_project(context: Context, path: Path | str) -> None:
    """Open a project, a file or the address of a team's, in place of what is open."""
    if isinstance(path, str) and not projects.is_address(path):
        path = Path(path)
    try:
        name = path.name if isinstance(path, Path) else projects.without_password(path)
    except AccordError as error:
        _failed(context, error)
        return
    _bring(context, _("Opening {name}", name=name), lambda _progress: projects.open_project(path=path))


def new_project(context: Context, *, path: Path, preset: str, title: str) -> None:
    """Make an empty project and open it."""
    maker = who(context)
    _bring(
        context,
        _("Making {name}", name=path.name),
        lambda _progress: projects.new_project(path=path, who=maker, preset_name=preset, title=title),
    )


def open_sample(context: Context, path: Path) -> None:
    """Open the sample project at ``path``; it is made where it is not there yet."""
    maker = who(context)

    def work(progress: Progress) -> Project:
        if path.exists():
            return projects.open_project(path=path)
        return sample.make_sample(path=path, who=maker, progress=progress)

    _bring(context, _("Making the sample project"), work, quiet=False)


def restore_backup(context: Context, *, source: Path, to: Path) -> None:
    """Make the project of a backup at a new path and open it; the backup is only read."""
    _bring(context, _("Restoring {name}", name=source.name), lambda _progress: keeping.restore(source=source, to=to))


def close_project(context: Context) -> None:
    """Go back to the start page; what runs is asked about first."""
    when_idle(context, partial(_put, context, None))


def when_idle(context: Context, then: Callable[[], object]) -> bool:
    """Do ``then`` now, or once the jobs that run are done or stopped, as the person says; returns whether now.

    Where something is not saved, that is asked about first.
    """
    lost = context.unsaved()
    if lost:

        def lose() -> None:
            context.give_up()
            when_idle(context, then)

        context.ask(
            lost,
            Choice(title=_("Stay"), kind="primary"),
            Choice(title=_("Leave without it"), run=lose, kind="danger"),
            Choice(title=_("Cancel")),
        )
        return False
    running = active_jobs(context)
    if not running:
        then()
        return True

    def stop() -> None:
        for job in running:
            job.cancel()
        then()

    context.ask(
        _("“{job}” still runs. Stopped now, it leaves nothing half-done behind.", job=running[0].title),
        Choice(title=_("Wait for it"), run=partial(_when_done, context, then), kind="primary"),
        Choice(title=_("Stop it"), run=stop, kind="danger"),
        Choice(title=_("Cancel")),
    )
    return False


def _when_done(context: Context, then: Callable[[], object]) -> None:
    """Do ``then`` once no job runs any more."""
    if active_jobs(context):
        QTimer.singleShot(LOOK_AGAIN_MS, context, partial(_when_done, context, then))
    else:
        then()


def active_jobs(context: Context) -> list[Job]:
    """Return the jobs of the drawer that wait or run."""
    return [job for job in context.jobs.jobs if not job.state.final]


def undo_last(context: Context) -> None:
    """Take back one's own last act, whichever page it was done on, and say which it was.

    It waits behind what is still being saved; a bulk act is then taken back beside other work, for it may take long.
    """
    project, maker = context.project, who(context)

    def work(_progress: Progress) -> Undone | str:
        last = undoing.last_act(project=project, who=maker)
        return last.id if last is not None and last.kind == "bulk" else undoing.undo(project=project, who=maker)

    def done(found: Undone | str) -> None:
        if isinstance(found, Undone):
            context.notify(" ".join(found.sentences()), tone="good")
        else:
            undo_bulk(context, found)

    run_write(context, _("Undo"), work, done=done, changed=ALL_KINDS)


def undo_bulk(context: Context, act: str) -> None:
    """Take an act on many examples back, beside other work, and say what came of it."""
    project, maker = context.project, who(context)

    def done(undone: Undone) -> None:
        context.saved.emit()
        context.notify(" ".join(undone.sentences()), tone="good")
        context.tell_changed(*ALL_KINDS)

    def failed(error: BaseException) -> None:
        show_failure(context, error)
        context.tell_changed(*ALL_KINDS)  # what was taken back before stays taken back

    run_read(
        context,
        _("Undo"),
        lambda progress: undoing.undo(project=project, who=maker, act=act, progress=progress),
        done=done,
        failed=failed,
        quiet=False,
    )


def _bring(context: Context, title: str, make: Callable[[Progress], Project], *, quiet: bool = True) -> None:
    name = context.own_name

    def work(progress: Progress) -> _Opened:
        project = make(progress)
        title = projects.settings_of(project=project).title or project.path.stem
        several = adjudicating.is_needed(project=project)
        asked = project.file is not None and project.pack is None  # a pack is one person's
        everyone = people.everyone(project=project) if asked else []
        if not _is_asked(everyone, name):
            project.sign_in(name)
        return _Opened(project=project, title=title, several=several, people=everyone)

    done, failed = partial(_opened, context), partial(_failed, context)
    run_read(context, title, work, done=done, failed=failed, quiet=quiet, outlives=True)


def _opened(context: Context, found: _Opened) -> None:
    try:
        context.settings.remember_project(_where(found.project), found.title)
    except AccordError as error:
        show_failure(context, error)
    if not _is_asked(found.people, context.own_name):
        _put(context, found)
        return
    question = WhoWorks(
        people=found.people,
        last=context.settings.kept_of(_where(found.project), "last_people") or context.own_name,
        take=partial(_sign_in, context, found),
        leave=partial(_close, context, found.project),
    )
    context.ask_person(question)


def _is_asked(everyone: Sequence[Person], name: str) -> bool:
    """Say whether who works is asked: where several share a file, or its one person is not the one of this machine."""
    return len(everyone) >= ASKED_FROM or any(person.name.casefold() != name.casefold() for person in everyone)


def _sign_in(context: Context, found: _Opened, name: str) -> None:
    """Let a person work on an opened file, and put it in force as she sees it."""
    project, settings = found.project, context.settings
    wanted = next((person.name for person in found.people if person.name.casefold() == name.casefold()), name)

    def work(_progress: Progress) -> None:
        project.sign_in(wanted)
        with contextlib.suppress(AccordError):  # who worked last is then not the one under the cursor
            settings.keep_of(_where(project), "last_people", wanted)

    def failed(error: BaseException) -> None:
        _close(context, project)
        _failed(context, error)

    put = partial(_put, context, found, wanted)
    run_read(context, _("Signing in"), work, done=lambda _none: put(), failed=failed, outlives=True)


def change_person(context: Context) -> None:
    """Ask who works on the open file from here on; where nobody else could, show what the window says of people."""
    project = context.project

    def done(everyone: list[Person]) -> None:
        if not _is_asked(everyone, context.own_name):
            context.navigate("settings")
        else:
            when_idle(context, partial(open_project, context, project.opens))

    if project.file is None:
        context.navigate("people")
    else:
        run_read(context, _("Reading the people"), lambda _progress: people.everyone(project=project), done=done)


def _close(context: Context, project: Project) -> None:
    context.jobs.run(Lane.WRITE, _("Closing the project"), lambda _progress: project.close(), quiet=True)


def _where(project: Project) -> str:
    """Return where a project is, as the start page keeps it: the whole path of a file, an address without password."""
    return project.place if project.file is None else str(project.file.absolute())


def _put(context: Context, found: _Opened | None, name: str = "") -> None:
    """Put a project in force, or none, and close the one before behind the writes that still wait.

    ``name``: who works, where a file's people were asked.
    """
    before = context.project
    if found is None:
        context.undo = None
        context.set_project(None)
    else:
        context.undo = partial(undo_last, context)
        person = found.project.person
        actor = person.name if person is not None else name or context.own_name
        where = _where(found.project)
        context.set_project(found.project, name=found.title, file=where, actor=actor, several=found.several)
        if person is not None and not person.active:
            context.notify(
                _(
                    "{name} is not one of the people of this project and only looks on. A lead adds people: {leads}.",
                    name=actor,
                    leads=", ".join(one.name for one in found.people if one.role is Role.LEAD),
                ),
                tone="warning",
            )
        index_new(context)
    if before is not None:
        _close(context, before)


class _WhileOpen:
    """A progress that also stops once another project is open, or none."""

    def __init__(self, context: Context, project: Project, inner: Progress) -> None:
        self._context = context
        self._project = project
        self.report = inner.report
        self._check = inner.check

    def check(self) -> None:
        self._check()
        if self._context.project is not self._project:
            raise Cancelled


def index_new(context: Context) -> None:
    """Take what waits for it up into the search index, quietly; until then a search looks through it one by one.

    It ends with the project: what still waits then goes on waiting.
    """
    project = context.project
    if project is not None:
        title = _("Indexing new examples")

        def work(progress: Progress) -> int:
            return indexing.catch_up(project=project, progress=_WhileOpen(context, project, progress))

        run_read(context, title, work, done=lambda _count: None)


def _failed(context: Context, error: BaseException) -> None:
    """Say a failure on the start page, or in a notice where another project stays open."""
    if context.project is None and isinstance(error, AccordError):
        context.navigate("start", fault=str(error))
    else:
        show_failure(context, error)
