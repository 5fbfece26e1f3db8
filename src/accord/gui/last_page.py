"""Keeps which page a project was left on, so that it opens there again."""

from functools import partial

from PySide6.QtCore import QObject, QTimer

from accord.domain.errors import AccordError
from accord.domain.progress import Progress
from accord.gui.context import Context
from accord.jobs import Lane
from accord.settings import MachineSettings

_SETTLED_MS = 500
_NOT_KEPT = frozenset({"start", "settings", "help_text"})  # not where one works


def last_page(context: Context) -> str:
    """Return the page that the open project was left on, empty for none."""
    return context.settings.kept_of(context.project_file, "last_pages") if context.project_file else ""


class LastPage(QObject):
    """Writes the page down, apart from the window's thread, once a person has stayed on it for a moment."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: tuple[str, str] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self.keep)
        context.project_leaving.connect(self.keep)

    def note(self, page_id: str) -> None:
        """Remember this page of the open project soon."""
        if self._context.project_file and page_id not in _NOT_KEPT:
            self._waiting = (self._context.project_file, page_id)
            self._timer.start()

    def keep(self) -> None:
        """Write down what waits."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._context.jobs.run(Lane.WRITE, "", partial(_write, self._context.settings, *waiting), quiet=True)


def _write(settings: MachineSettings, project: str, page_id: str, _progress: Progress) -> None:
    if settings.kept_of(project, "last_pages") == page_id:
        return
    try:
        settings.keep_of(project, "last_pages", page_id)
    except AccordError:
        return  # it holds until the program ends; the next start begins on Home
