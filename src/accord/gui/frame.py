"""The window: rail, top bar, page stack, notices, jobs drawer and status bar, put together from data."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.frame_actions import bind_frame_actions, declare_frame_actions
from accord.gui.jobs_drawer import JobsDrawer
from accord.gui.keys import WindowKeys
from accord.gui.pack_banner import PackBanner
from accord.gui.page import Page, PageSpec
from accord.gui.palette import CommandPalette
from accord.gui.rail import Rail
from accord.gui.shortcut_sheet import ShortcutSheet
from accord.gui.sign_in import ClosedPage, SignIn
from accord.gui.statusbar import StatusBar
from accord.gui.theme import icon_folder
from accord.gui.topbar import TopBar
from accord.gui.widgets.layout import column, row
from accord.gui.widgets.notices import NoticeStack, PromptBar
from accord.gui.window_memory import WindowMemory
from accord.jobs import Job

JOBS_EVERY_MS = 150
COUNTS_AFTER_MS = 300
Counts = Callable[[Context, Callable[[Mapping[str, int]], None]], object]


class MainWindow(QMainWindow):
    """Shows the pages of ``pages`` that exist now; the first of them is where one starts.

    ``ask_counts(context, deliver)`` is called after changes; it reads in a job and gives ``deliver`` how much waits on
    each page. ``closing`` is called when the window closes. ``first_page(context)`` names the page that a project
    opens on; empty, or one that does not exist now: the first. ``change_person`` is called where another is to work.
    """

    page_shown = Signal(str)

    def __init__(
        self,
        context: Context,
        pages: Sequence[PageSpec],
        *,
        ask_counts: Counts | None = None,
        closing: Callable[[], object] | None = None,
        first_page: Callable[[Context], str] = lambda _context: "",
        change_person: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.context = context
        self.current: Page | None = None
        self._specs = {spec.id: spec for spec in pages}
        self._pages: dict[str, Page] = {}
        self._missed: dict[str, set[str]] = {}
        self._ask_counts = ask_counts
        self._closing = closing
        self._first_page = first_page
        self._change_person = change_person
        self._memory = WindowMemory(context.settings.folder)
        self.setWindowTitle(_("Accord"))
        self.setWindowIcon(QIcon(f"{icon_folder()}/accord.svg"))
        self.setMinimumSize(880, 560)
        declare_frame_actions(context.actions, pages)
        self._build()
        bind_frame_actions(self, pages)
        self._connect()
        self._memory.restore(self, self.rail)
        self._open_project_pages()

    def available(self) -> list[PageSpec]:
        """Return the pages that exist now, in the order of the rail."""
        found = [spec for spec in self._specs.values() if spec.exists(self.context)]
        return sorted(found, key=lambda spec: spec.group)

    def title_of(self, page_id: str) -> str:
        """Return a page's title; its id where no such page is declared."""
        spec = self._specs.get(page_id)
        return spec.title if spec is not None else page_id

    def show_page(self, page_id: str, params: Params | None = None) -> bool:
        """Go to a page that exists now; False where it does not or the page that is shown stays."""
        spec = self._specs.get(page_id)
        if spec is None or not spec.exists(self.context):
            return False
        before, page = self.current, self._page(spec)
        if before is not None and before is not page:
            if not before.may_leave():
                return False
            before.deactivated()
            self.notices.page_left()
        self.current = page
        self.stack.setCurrentWidget(page)
        self.page_shown.emit(page_id)
        self.context.actions.set_page(page_id)
        self.rail.set_current(page_id)
        self.topbar.set_place(self.context.project_name, spec.title)
        self.notices.inset = page.notice_inset
        self.notices.place()
        missed = self._missed.pop(page_id, set())
        if missed:
            page.refresh(missed)
        page.activated(params or {})
        return True

    def refresh_rail(self) -> None:
        """Look again at which pages exist, as after a second reviewer came."""
        specs = self.available()
        self.rail.set_pages([spec for spec in specs if spec.stands_in_rail(self.context)])
        if self.current is not None:
            self.rail.set_current(self.context.actions.page)
        self._count.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the newest notice on an Esc that nothing else has a use for."""
        if event.key() != Qt.Key.Key_Escape or not self.notices.close_newest():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the page, remember the window, and tell the owner."""
        if self.current is not None and not self.current.may_leave():
            event.ignore()
            return
        if self.current is not None:
            self.current.deactivated()
        self._memory.keep(self, self.rail)
        self._stop_listening()
        if self._closing is not None:
            self._closing()
        super().closeEvent(event)

    def _build(self) -> None:
        self.rail, self.topbar, self.statusbar = Rail(), TopBar(), StatusBar()
        self.stack = QStackedWidget()
        self.prompt, self.pack = PromptBar(), PackBanner(self.context)
        self.drawer = JobsDrawer(self.context.jobs)
        middle = QWidget()
        middle.setLayout(column(self.pack, self.prompt, self.stack, gap=0))
        self.notices = NoticeStack(middle)
        right = column(self.topbar, middle, self.drawer, self.statusbar, gap=0)
        right.setStretch(1, 1)
        frame = QWidget()
        frame.setObjectName("frame")
        across = row(self.rail, gap=0)
        across.addLayout(right, 1)
        frame.setLayout(across)
        self.setCentralWidget(frame)
        self.palette_card = CommandPalette(self, self.context, self.title_of)
        self.sheet = ShortcutSheet(self, self.context, self.title_of)
        self.sign_in = SignIn(self)
        self.keys = WindowKeys(self, self.context.actions)

    def _connect(self) -> None:
        context = self.context
        self.rail.chosen.connect(self.show_page)
        self.topbar.search_wanted.connect(self.palette_card.open)
        self.topbar.person_wanted.connect(self._let_another_work)
        self.statusbar.jobs_wanted.connect(self.drawer.toggle)
        context.navigated.connect(self.show_page)
        context.noticed.connect(self.notices.show_notice)
        context.cause_gone.connect(self.notices.cause_gone)
        context.cause_gone.connect(self.prompt.cause_gone)
        context.asked.connect(self.prompt.ask)
        context.person_asked.connect(self.sign_in.ask)
        context.changed.connect(self._spread)
        context.saved.connect(self._say_saved)
        context.project_leaving.connect(self._leave_page)
        context.project_changed.connect(self._open_project_pages)
        context.several_changed.connect(self.refresh_rail)
        context.actions.changed.connect(self._print_keys)
        self._jobs_timer = _single_shot(self, JOBS_EVERY_MS, self._follow_jobs)
        self._count = _single_shot(self, COUNTS_AFTER_MS, self._ask_for_counts)
        self._stop_listening = context.jobs.listen(self._job_changed)
        self._print_keys()

    def _page(self, spec: PageSpec) -> Page:
        page = self._pages.get(spec.id)
        if page is None:
            refusal = spec.refusal(self.context)
            page = ClosedPage(self.context, refusal) if refusal else spec.factory(self.context)
            page.setAccessibleName(page.accessibleName() or spec.title)
            self._pages[spec.id] = page
            self.stack.addWidget(page)
        return page

    def _let_another_work(self) -> None:
        """Ask who works now, once the page has what was typed; where nobody can change, show the settings."""
        if self.current is not None and not self.current.may_leave():
            return
        if self._change_person is not None and self.context.project is not None:
            self._change_person()
        else:
            self.show_page("settings")

    def _leave_page(self) -> None:
        """Let the page that is shown keep what was typed, while its project is still open."""
        if self.current is not None:
            self.current.deactivated()
            self.current = None

    def _open_project_pages(self) -> None:
        """Drop the pages of what was open before and start on the first page of what is open now."""
        for page_id, page in self._pages.items():
            for action in self.context.actions.all():
                if action.page == page_id:
                    self.context.actions.unbind(action.id)
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages.clear()
        self._missed.clear()
        self.notices.project_left()
        self.current = None
        self.statusbar.show_file(self.context.project_file)
        self.topbar.set_person(self.context.actor)
        name = self.context.project_name
        self.setWindowTitle(f"{name} - {_('Accord')}" if name else _("Accord"))
        self.refresh_rail()
        wanted, specs = self._first_page(self.context), self.available()
        if specs and not (wanted and self.show_page(wanted)):
            self.show_page(specs[0].id)

    def _spread(self, changed: AbstractSet[str]) -> None:
        for page_id, page in self._pages.items():
            if page is self.current:
                page.refresh(changed)
            else:
                self._missed.setdefault(page_id, set()).update(changed)
        self.refresh_rail_if_needed()

    def refresh_rail_if_needed(self) -> None:
        """Look at the rail again where a change made pages come or go, and at the counts in any case."""
        if [s.id for s in self.available() if s.stands_in_rail(self.context)] != self.rail.page_ids():
            self.refresh_rail()
        self._count.start()

    def _ask_for_counts(self) -> None:
        if self._ask_counts is not None and self.context.project is not None:
            self._ask_counts(self.context, self.rail.set_counts)

    def _job_changed(self, _job: Job) -> None:
        if not self._jobs_timer.isActive():
            self._jobs_timer.start()

    def _follow_jobs(self) -> None:
        self.statusbar.show_jobs(self.context.jobs.jobs)
        if self.drawer.isVisible():
            self.drawer.follow()

    def _say_saved(self) -> None:
        self.statusbar.show_saved(datetime.now().astimezone())

    def _print_keys(self) -> None:
        self.topbar.set_search_key(self.context.actions.key("app.palette"))


def _single_shot(parent: QWidget, after_ms: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(call)
    return timer
