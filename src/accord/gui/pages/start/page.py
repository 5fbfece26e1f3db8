"""Where one begins: recent projects, and four ways to another one."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui import files, opening
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.page import Page
from accord.gui.pages.start.new_project import NewProject
from accord.gui.pages.start.recent import RecentList
from accord.gui.pages.start.team_project import TeamProject
from accord.gui.widgets import ActionButton, Card, Flow, PlainLabel, Scrolled, column
from accord.settings import RecentProject
from accord.workflows.projects import is_address, without_password

SAMPLE_FILE = "Accord sample.accord"


class StartPage(Page):
    """Shown while no project is open."""

    page_id: ClassVar[str] = "start"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        actions = context.actions
        actions.bind("start.new", self.begin_new)
        actions.bind("start.sample", lambda: opening.open_sample(context, files.documents() / SAMPLE_FILE))
        actions.bind("start.restore", self._restore)
        actions.bind("start.team", self.begin_team)
        self.fault = Card()
        self.fault.setAccessibleName(_("What went wrong"))
        self._fault_text = PlainLabel(role="error", wrap=True, selectable=True)
        self.fault.body.addWidget(self._fault_text)
        self.fault.hide()
        self.new_button = ActionButton(actions, "start.new", kind="primary")
        ways = ("app.open_project", "start.team", "start.sample", "start.restore")
        self.ways = Flow(8)  # they wrap where a language or a text size leaves no room for one line
        for button in (self.new_button, *(ActionButton(actions, name) for name in ways)):
            self.ways.addWidget(button)
        self._make_forms()
        self.recent_card = Card(_("Recent projects"))
        self.recent = RecentList()
        self.recent.chosen.connect(self._open)
        self.recent.forgotten.connect(self._forget)
        self.recent_card.body.addWidget(self.recent)
        area = Scrolled(width=1010, margins=(24, 32, 24, 24))
        heading = PlainLabel(_("Welcome to Accord"), role="title")
        aim = PlainLabel(
            _("Turn request and answer pairs into a dataset that people have checked, on this machine alone."),
            role="muted",
            wrap=True,
        )
        area.body.addLayout(column(heading, aim, gap=4))
        for item in (self.fault, self.team_form, self.form, self.recent_card):
            area.body.addWidget(item)
        area.body.insertLayout(1, self.ways)
        area.body.addStretch(1)
        self.setLayout(column(area, gap=0))
        self._area = area
        self._form_wanted = False
        self._asked = ""  # the address of the team's project that is being opened
        self._known: dict[str, str] = {}  # address as shown -> with its password; for as long as the window lives

    def _make_forms(self) -> None:
        self.form, self.team_form = NewProject(), TeamProject()
        self.form.wanted.connect(self._make)
        self.team_form.wanted.connect(self._open_team)
        for form in (self.form, self.team_form):
            form.left.connect(self._leave_form)

    def activated(self, params: Params) -> None:
        """Show the list as it is now, and what went wrong with the project that was to be opened."""
        self._show_fault(str(params.get("fault", "")))
        if not params.get("fault"):
            self._form_wanted = False
        self._look()
        if params.get("fault") and self._asked:
            self.begin_team(self._asked, keep_fault=True)
        self._asked = ""

    def begin_team(self, address: str = "", *, keep_fault: bool = False) -> None:
        """Open the form of a team's project."""
        if not keep_fault:
            self._show_fault("")
        self._form_wanted = False
        self.form.hide()
        self.team_form.begin(address)
        self._area.ensureWidgetVisible(self.team_form)

    def begin_new(self) -> None:
        """Open the form of a new project."""
        self._form_wanted = True
        self.team_form.hide()
        self._show_fault("")
        self.form.begin(may_cancel=bool(self.recent.rows))
        self._area.ensureWidgetVisible(self.form)

    def _look(self) -> None:
        recent = self.context.settings.recent_projects
        self._show_recent(recent)
        run_read(
            self.context,
            _("Looking for the recent projects"),
            lambda _progress: [p.path for p in recent if not is_address(p.path) and not Path(p.path).is_file()],
            done=self.recent.mark_missing,
        )

    def _show_recent(self, projects: Sequence[RecentProject]) -> None:
        self.recent.show_projects(projects)
        self.recent_card.setVisible(bool(projects))
        if self._form_wanted or not projects:
            self.form.begin(may_cancel=bool(projects))
            return
        self.form.hide()
        self.recent.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, path: str) -> None:
        if is_address(path):
            self._open_team(self._known.get(path, path))
            return
        self._show_fault("")
        opening.open_project(self.context, path)

    def _open_team(self, address: str) -> None:
        self._show_fault("")
        try:
            self._asked = without_password(address)
        except AccordError as error:
            self._show_fault(str(error))
            return
        self._known[self._asked] = address
        opening.open_project(self.context, address)

    def _make(self, path: Path, preset: str, title: str) -> None:
        self._show_fault("")
        opening.new_project(self.context, path=path, preset=preset, title=title)

    def _restore(self) -> None:
        source = files.ask_for_project(self)
        if source is None:
            return
        target = files.ask_where_to_save(self, files.documents() / _("restored.accord"))
        if target is not None:
            self._show_fault("")
            opening.restore_backup(self.context, source=source, to=target)

    def _forget(self, path: str) -> None:
        try:
            self.context.settings.forget_project(path)
        except AccordError as error:
            show_failure(self.context, error)
        self._look()

    def _leave_form(self) -> None:
        self._form_wanted = False
        self.form.hide()
        self.team_form.hide()
        self.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_fault(self, sentence: str) -> None:
        self._fault_text.setText(sentence)
        self.fault.setVisible(bool(sentence))
