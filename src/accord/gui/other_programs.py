"""Looks every other second whether another program has changed, moved or replaced the project file."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.workflows import projects

LOOK_EVERY_MS = 2000


class OtherPrograms(QObject):
    """Has every page read anew what another program wrote; ``changed`` gives when. Says once that the file is gone."""

    changed = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = self._told = False
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
            partial(_look, project),
            done=partial(self._found, project),
            failed=self._unread,
            outlives=True,
        )

    def _begin(self) -> None:
        self._told = False
        if self._context.project is None:
            self._timer.stop()
        else:
            self._timer.start()
            self.look()

    def _found(self, project: Any, news: tuple[bool, bool]) -> None:
        self._reading = False
        if project is not self._context.project:
            return
        changed, replaced = news
        if replaced:
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
        elif changed:
            self.changed.emit(datetime.now().astimezone())
            self._context.tell_changed(*opening.ALL_KINDS)

    def _unread(self, _error: BaseException) -> None:
        self._reading = False  # no news; what a person does next will say what is wrong

    def _open_again(self) -> None:
        """Open what lies at the path now, or ask where the file went."""
        path = Path(self._context.project_file)
        if path.exists():
            opening.open_project(self._context, path)
        else:
            self._context.actions.run("app.open_project")


def _look(project: Any, _progress: Progress) -> tuple[bool, bool]:
    if projects.is_replaced(project=project):
        return False, True
    return projects.changed_elsewhere(project=project), False
