"""The window as a program: puts theme, context, pages and keeping-safe together and runs until it is closed."""

import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QFileOpenEvent
from PySide6.QtWidgets import QApplication

from accord.bootstrap import Services, system_user
from accord.domain.ledger import Backup
from accord.domain.wording import _
from accord.gui import files, opening
from accord.gui.appearance import apply_appearance
from accord.gui.collecting import spare_the_window
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.jobs_bridge import GuiDelivery, run_read, show_failure
from accord.gui.last_page import LastPage, last_page
from accord.gui.other_programs import OtherPrograms
from accord.gui.page import PageSpec
from accord.gui.pages import page_specs
from accord.gui.pages.examples.kept_filters import PaletteFilters
from accord.gui.settings_page import SettingsPage
from accord.gui.theme import theme
from accord.gui.waiting import RailCounts
from accord.jobs import Jobs, Lane
from accord.workflows import keeping

BUSY_RETRY_MS = 60_000


class AppWindow(MainWindow):
    """The main window; it closes only when what is being written has been written."""

    def __init__(self, context: Context, pages: list[PageSpec]) -> None:
        self._counts = RailCounts(context)
        self._last_page = LastPage(context)
        another = partial(opening.change_person, context)
        super().__init__(context, pages, ask_counts=self._counts.ask, first_page=last_page, change_person=another)
        self._last_page.setParent(self)
        self.page_shown.connect(self._last_page.note)
        self._waited = QTimer(self)
        self._waited.setInterval(opening.LOOK_AGAIN_MS)
        self._waited.timeout.connect(self._look_again)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for writes with a notice; ask about other work."""
        running = opening.active_jobs(self.context)
        if any(job.lane is Lane.WRITE for job in running):
            event.ignore()
            if not self._waited.isActive():
                self._waited.start()
                self.context.notify(_("Something is still being saved. Accord closes when it is done."))
            return
        self._waited.stop()
        self._last_page.keep()
        if running or self.context.unsaved():
            event.ignore()
            opening.when_idle(self.context, lambda: QTimer.singleShot(0, self, self._close_when_stopped))
            return
        super().closeEvent(event)

    def _close_when_stopped(self) -> None:
        if opening.active_jobs(self.context):
            self._waited.start()
        else:
            self.close()

    def _look_again(self) -> None:
        if not opening.active_jobs(self.context):
            self._waited.stop()
            self.close()


class TimedBackups(QObject):
    """Copies a project that changed, and checks the copy, every so many minutes."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.back_up)
        context.project_changed.connect(self.restart)
        self.restart()

    def restart(self) -> None:
        """Count the minutes anew."""
        self._timer.start(int(self._context.settings.get("backup_minutes")) * 60_000)

    def back_up(self) -> None:
        """Make a backup where anything changed since the newest one; later where an import or the like runs."""
        project = self._context.project
        if project is None:
            return
        if opening.active_jobs(self._context):
            self._timer.start(BUSY_RETRY_MS)
            return
        self.restart()

        def done(_made: Backup | None) -> None:
            self._context.tell_changed("backups")

        copy = partial(keeping.backup_if_changed, project=project)
        run_read(self._context, _("Backup"), lambda _progress: copy(), done=done, outlives=True)


class Application(QApplication):
    """The running program; a project file that the system hands over is opened."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.setApplicationName("accord")
        self.setApplicationDisplayName(_("Accord"))
        self.setDesktopFileName("accord")
        self.open_file: Callable[[Path], object] = lambda _path: None

    def event(self, event: QEvent) -> bool:
        """Open what was double-clicked (macOS sends it as an event)."""
        if isinstance(event, QFileOpenEvent):
            self.open_file(Path(event.file()))
            return True
        return super().event(event)


def build_window(context: Context) -> AppWindow:
    """Return the window with every page that is built; the start page shows until a project is open."""
    apply_appearance(theme(), context.settings)
    pages, actions = page_specs()
    context.actions.declare(actions)
    titles = {spec.id: spec.title for spec in pages}
    settings = PageSpec(
        id="settings",
        title=_("Settings"),
        icon="cog-outline",
        factory=lambda found: SettingsPage(found, lambda: titles),
        group=5,
        key="Ctrl+,",
        available=lambda _context: True,
    )
    titles["settings"] = settings.title
    window = AppWindow(context, [*pages, settings])
    _bind_file_actions(context, window)
    TimedBackups(context, window)
    OtherPrograms(context, window).changed.connect(window.statusbar.show_changed)
    spare_the_window(context, window)
    window.palette_card.add_source(PaletteFilters(context, window).entries)
    return window


def run(services: Services, project_path: Path | str | None) -> int:
    """Open the window, on a project or on the start page, and return the exit status when it was closed."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else Application()
    services.jobs.shutdown()  # they deliver in whatever thread has the news; a window needs its own thread
    delivery = GuiDelivery()
    context = Context(jobs=Jobs(delivery.deliver), settings=services.settings, actor=system_user())
    report_bugs(context, delivery)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window = build_window(context)
    if isinstance(app, Application):
        app.open_file = partial(opening.open_project, context)
    window.show()
    if services.settings.problem is not None:
        context.notify(str(services.settings.problem), tone="warning")
    if project_path is not None:
        opening.open_project(context, project_path)
    status = app.exec()
    context.jobs.shutdown()  # the last drafts are written; their news has nobody to reach any more
    QCoreApplication.removePostedEvents(delivery)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    if context.project is not None:
        context.project.close()
    return int(status)


def _bind_file_actions(context: Context, window: AppWindow) -> None:
    """Give the acts on project files their functions; the start page declares them."""

    def open_another() -> None:
        path = files.ask_for_project(window)
        if path is not None:
            opening.when_idle(context, partial(opening.open_project, context, path))

    context.actions.bind("app.open_project", open_another)
    context.actions.bind(
        "app.close_project", partial(opening.close_project, context), enabled=lambda: context.project is not None
    )


def report_bugs(context: Context, delivery: GuiDelivery) -> None:
    """Show a fault that nobody caught, beside printing it; the window goes on."""

    def in_window(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception):
            show_failure(context, error)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        if error is not None:
            delivery.deliver(lambda: in_window(type(error), error, args.exc_traceback))

    sys.excepthook = in_window
    threading.excepthook = in_thread
