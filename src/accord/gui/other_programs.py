"""Looks every other second whether another program has changed or replaced the project, and whether it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.domain.errors import NotReached
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import cause_of, run_read
from accord.workflows import projects
from accord.workflows.projects import Project

LOOK_EVERY_MS = 2000
#: What changes the file beyond the ordinary work of the people in it.
TOLD = frozenset({"import", "reviews", "purge", "settings"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What a look found. ``foreign``: what was done to the file is more than the work of colleagues."""

    changed: bool = False
    replaced: bool = False
    foreign: bool = False
    so_far: Mapping[str, int] | None = None


class OtherPrograms(QObject):
    """Has every page read anew what another program wrote. Says once that the file, or the server, is gone.

    ``changed`` gives when a program did more to a file than review, as an import. On a server others' work is the
    usual thing, and nothing is said of it.
    """

    changed = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = self._told = self._away = False
        self._so_far: Mapping[str, int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        context.project_changed.connect(self._begin)
        self._begin()

    def look(self) -> None:
        """Ask, apart from the window's thread, unless the last answer is still on its way."""
        project = self._context.project
        if project is None or self._reading or self._told:
            return
        self._reading = True
        run_read(
            self._context,
            "",
            partial(_look, project, self._so_far, self._context.actor),
            done=partial(self._found, project),
            failed=partial(self._unread, project),
            outlives=True,
        )

    def _begin(self) -> None:
        self._told = self._away = False
        self._so_far = None
        if self._context.project is None:
            self._timer.stop()
        else:
            self._timer.start()
            self.look()

    def _found(self, project: Any, news: _News) -> None:
        self._reading = False
        if project is not self._context.project:
            return
        self._so_far = news.so_far or self._so_far
        back, self._away = self._away, False
        if back:
            self._context.notify(_("The server answers again."), tone="good")
        if news.replaced:
            self._told = True
            self._context.notify(
                _(
                    "The project file was moved or replaced. What you do now would be lost: save a copy, or open it "
                    "again."
                ),
                tone="error",
                undo=self._open_again,
                undo_title=_("Open again"),
            )
        elif news.changed or back:
            if news.foreign:
                self.changed.emit(datetime.now().astimezone())
            self._context.tell_changed(*opening.ALL_KINDS)

    def _unread(self, project: Any, error: BaseException) -> None:
        """Say once that the server is away; of other trouble what a person does next will say what it is."""
        self._reading = False
        if project is self._context.project and isinstance(error, NotReached) and not self._away:
            self._away = True
            self._context.notify(
                _("The server does not answer. Accord goes on trying; what you type stays in the window."),
                tone="error",
                cause=cause_of(error),
            )

    def _open_again(self) -> None:
        """Open what lies at the path now, or ask where the file went."""
        path = Path(self._context.project_file)
        if path.exists():
            opening.open_project(self._context, path)
        else:
            self._context.actions.run("app.open_project")


def _look(project: Project, before: Mapping[str, int] | None, me: str, _progress: Progress) -> _News:
    if projects.is_replaced(project=project):
        return _News(replaced=True)
    changed = projects.changed_elsewhere(project=project)
    if project.file is None:
        return _News(changed=changed)
    if before is not None and not changed:
        return _News()
    foreign = before is not None and projects.done_by_others(project=project, before=before, besides=me) & TOLD
    return _News(changed=changed, foreign=bool(foreign), so_far=projects.acts_so_far(project=project))
