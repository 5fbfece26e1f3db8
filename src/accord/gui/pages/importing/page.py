"""The import page: choose files, place their columns, import, read the account."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from accord.domain.errors import Cancelled
from accord.domain.wording import _
from accord.gui import files
from accord.gui.context import Choice, Context, Params
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.page import Page
from accord.gui.pages.importing.bringing import Outcome, bring, take_back
from accord.gui.pages.importing.prepare import PrepareView
from accord.gui.pages.importing.report import ReportView, headline
from accord.gui.pages.importing.running import RunningView
from accord.gui.pages.importing.unsure_pane import MOST
from accord.gui.widgets import ActionButton, EmptyState, PlainLabel, column, row
from accord.jobs import Job
from accord.workflows import import_looks
from accord.workflows.importing import FileReport


class ImportPage(Page):
    """Four views in turn: nothing chosen, files and their columns, the import on its way, its account."""

    page_id: ClassVar[str] = "importing"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self.prepare = PrepareView(context)
        self.job: Job | None = None
        self.outcome: Outcome | None = None
        self._bind()
        actions = context.actions
        self.summary = PlainLabel(role="muted", elide=True)
        self.clear_button = ActionButton(actions, "importing.clear")
        self.choose_button = ActionButton(actions, "importing.choose", text=_("Add files"))
        self.run_button = ActionButton(actions, "importing.run", kind="primary")
        head = row(PlainLabel(_("Import"), role="title"), 8)
        head.addWidget(self.summary, 1)
        for button in (self.clear_button, self.choose_button, self.run_button):
            head.addWidget(button)
        self.empty = EmptyState(
            _("Drop tables, workbooks or JSON files here, or choose them. You see what comes in before it does."),
            _("Choose files"),
            self.choose,
            icon="tray-arrow-down",
        )
        self.running, self.report = RunningView(actions), ReportView(context)
        self.views = QStackedWidget()
        for view in (self.empty, self.prepare, self.running, self.report):
            self.views.addWidget(view)
        outer = column(head, gap=16, margins=(24, 20, 24, 0))
        outer.addWidget(self.views, 1)
        self.setLayout(outer)
        self.report.correct_wanted.connect(self._correct)
        self.prepare.changed.connect(self._follow_head)
        self.prepare.emptied.connect(self._emptied)
        self._show(self.empty)

    def activated(self, params: Params) -> None:
        """Take files that were dropped elsewhere, or show the account of an earlier import."""
        paths, import_id, project = params.get("files"), params.get("report"), self.context.project
        if isinstance(paths, list):
            self.add([Path(str(path)) for path in paths])
        elif isinstance(import_id, int):
            run_read(
                self.context,
                _("Reading the account of an import"),
                lambda _progress: (
                    import_looks.report_of(project=project, import_id=import_id),
                    import_looks.taken_back(project=project, import_ids=[import_id]),
                ),
                done=lambda told: self._show_outcome(Outcome(reports=(told[0],), taken_back=told[1])),
            )
        elif self.views.currentWidget() is self.empty:
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Count again what would come in, and look whether the import that is told of was taken back."""
        if "imports" in changed and self.views.currentWidget() is self.prepare:
            self.prepare.look_again()
        if "imports" in changed and self.outcome is not None and self.outcome.import_ids:
            self._see_whether_taken_back(self.outcome)

    def choose(self) -> None:
        """Ask for files."""
        self.add(files.ask_for_data(self))

    def add(self, paths: list[Path]) -> None:
        """Look at files."""
        if self.prepare.add(paths):
            self._show(self.prepare)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and self.job is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the files that were dropped."""
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def _bind(self) -> None:
        bind, preview = self.context.actions.bind, self.prepare.pane.preview
        bind("importing.choose", self.choose, enabled=lambda: self.job is None)
        bind("importing.run", self._run, enabled=lambda: self.job is None and self.prepare.settled())
        bind("importing.clear", self.prepare.clear, enabled=lambda: bool(self.prepare.files) and self.job is None)
        bind("importing.stop", self._stop, enabled=lambda: self.job is not None and not self.job.stopping)
        bind("importing.next_row", partial(preview.step, 1), enabled=lambda: preview.can_step(1))
        bind("importing.previous_row", partial(preview.step, -1), enabled=lambda: preview.can_step(-1))
        bind("importing.as_file", preview.turn, enabled=lambda: self.views.currentWidget() is self.prepare)
        for place in range(MOST):
            take, can = partial(self.prepare.take_reading, place), partial(self.prepare.can_take_reading, place)
            bind(f"importing.reading_{place + 1}", take, enabled=can)
        bind("importing.review", lambda: self.context.navigate("review"), enabled=lambda: self._told().has_new)
        bind("importing.undo", self._take_back, enabled=lambda: self._told().stands)

    def _told(self) -> Outcome:
        """Return the import whose account is shown; one of nothing where none is."""
        shown = self.views.currentWidget() is self.report
        return self.outcome if shown and self.outcome is not None else Outcome(reports=())

    def _run(self, *, asked: bool = False) -> None:
        """Import; where nothing new would come in, as of a file that was imported already, only after a question."""
        if self.prepare.brings_nothing() and not asked:
            self.context.ask(
                _("Nothing new would come in: these rows were seen before, or are refused. Import them all the same?"),
                Choice(title=_("Do not import"), run=lambda: None),
                Choice(title=_("Import all the same"), run=partial(self._run, asked=True)),
            )
            return
        self.job = bring(self.context, self.prepare.ready(), done=self._done, failed=self._failed)
        self._show(self.running)
        self.running.follow(self.job)

    def _stop(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def _done(self, outcome: Outcome) -> None:
        self.job = None
        self.running.leave()
        self.prepare.clear()
        self._show_outcome(outcome)
        undo = partial(take_back, self.context, outcome.import_ids) if outcome.import_ids else None
        self.context.notify(headline(outcome), undo=undo, undo_title=_("Take it back"), tone="good")

    def _failed(self, error: BaseException) -> None:
        self.job = None
        self.running.leave()
        self._show(self.prepare)
        if isinstance(error, Cancelled):
            self.context.notify(_("The import was stopped. Nothing of it was kept."))
        else:
            show_failure(self.context, error)

    def _show_outcome(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._show(self.report)
        self.report.show_outcome(outcome)
        self.report.focus_next()

    def _see_whether_taken_back(self, outcome: Outcome) -> None:
        project, ids = self.context.project, outcome.import_ids

        def done(taken_back: bool) -> None:  # noqa: FBT001  (the outcome of the job)
            if self.outcome is outcome and taken_back != outcome.taken_back:
                self.outcome = replace(outcome, taken_back=taken_back)
                self.report.show_outcome(self.outcome)

        run_read(
            self.context,
            _("Reading the account of an import"),
            lambda _progress: import_looks.taken_back(project=project, import_ids=ids),
            done=done,
        )

    def _correct(self, report: FileReport) -> None:
        """Open the file of refused rows, and wait here for its corrected rows."""
        refused = Path(report.rejections_file)
        if not files.open_outside(refused):
            self.context.notify(
                _(
                    "No program opens {file}. Open it yourself; it is in {folder}.",
                    file=refused.name,
                    folder=refused.parent,
                ),
                tone="warning",
            )
        self.add([refused])

    def _take_back(self) -> None:
        if self.outcome is not None:
            take_back(self.context, self.outcome.import_ids, done=self._emptied)

    def _emptied(self) -> None:
        self._show(self.empty)
        if self.isVisible():
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, view: QWidget) -> None:
        self.views.setCurrentWidget(view)
        self._follow_head()

    def _follow_head(self) -> None:
        preparing = self.views.currentWidget() is self.prepare
        for button in (self.clear_button, self.choose_button, self.run_button):
            button.setVisible(preparing)
            button.update_from_action()
        self.summary.setText(self.prepare.summary() if preparing else "")
