"""How to search for near-duplicates, the running search with its progress, and what the last one was."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame

from accord.domain.errors import Cancelled
from accord.domain.ledger import Who
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write, show_failure
from accord.gui.widgets import Button, FormRow, NumberField, PlainLabel, ProgressLine, Segmented, column, row
from accord.jobs import Job
from accord.workflows import duplicate_search

FOLLOW_MS = 150


class SearchPanel(QFrame):
    """A form that opens above the cards; ``running_changed`` when a search starts or ends, ``opened`` when it shows."""

    opened = Signal(bool)
    running_changed = Signal(bool)

    def __init__(self, context: Context, who: Callable[[], Who]) -> None:
        super().__init__()
        self._context, self._who = context, who
        self._job: Job | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Search for near-duplicates"))
        self.fields = Segmented(
            _("Compare"), [("pair", _("Both")), ("request", _("Requests")), ("answer", _("Answers"))]
        )
        self.method = _methods()
        self.threshold = NumberField(_("At least this alike"), 30, 100, 80)
        self.threshold.setSingleStep(5)
        self.threshold.setSuffix(" %")
        self.run = Button(_("Search"), kind="primary", run=self.start)
        self.close_button = Button(_("Close"), kind="quiet", run=self.hide)
        self._alike = FormRow(_("At least this alike"), self.threshold)
        self.form = row(
            FormRow(_("Compare"), self.fields),
            FormRow(_("Find texts that are"), self.method),
            self._alike,
            None,
            column(None, row(self.run, self.close_button)),
            gap=24,
        )
        self.about = PlainLabel(role="muted", wrap=True)
        self.progress = ProgressLine(_("Search for near-duplicates"))
        self.stop = Button(_("Stop"), run=self._stop)
        self.state = PlainLabel(_("Searching. You can go on working meanwhile."), role="muted")
        for item in (self.progress, self.stop, self.state):
            item.hide()
        running = row(self.progress, self.stop, gap=16)
        running.setStretch(0, 1)
        self.setLayout(column(self.form, self.about, self.state, running, gap=8, margins=(16, 12, 16, 12)))
        self.method.changed.connect(self._show_method)
        self._show_method(self.method.value())
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._show_progress)
        self.setFocusProxy(self.method)
        self.hide()

    @property
    def running(self) -> bool:
        """Whether a search is on its way."""
        return self._job is not None

    def _show_method(self, method: str) -> None:
        """Offer the method's own threshold, and say what it goes by."""
        self._alike.setVisible(method != "exact")
        self.threshold.setValue(round(duplicate_search.THRESHOLDS[method] * 100))
        dialogues = _("In dialogues the earlier turns must be as alike, too.")
        if method == duplicate_search.SEMANTIC:
            how = _(
                "Finds what says the same in other words, by about the first 200 words of each text. The first search "
                "takes a while, later ones only for what is new. Texts in a script that the model cannot read are "
                "alike only where they are the same word for word."
            )
            dialogues = f"{how} {dialogues}"
        self.about.setText(dialogues)

    def start(self) -> None:
        """Search with what the form says, apart from the window and apart from other people's writing."""
        if self._job is not None or self._context.project is None:
            return
        path = self._context.project.opens
        method, fields, threshold = self.method.value(), self.fields.value(), self.threshold.value() / 100
        self._job = self._context.jobs.compute(
            _("Search for near-duplicates"),
            duplicate_search.search_file,
            (path, method, threshold, fields, self._context.embedder),
            done=self._store,
            failed=self._failed,
            reports=True,
        )
        self._show_running(running=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the form is there."""
        super().showEvent(event)
        self.opened.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the form has gone."""
        super().hideEvent(event)
        self.opened.emit(False)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)

    def _store(self, found: duplicate_search.Found) -> None:
        project, who = self._context.project, self._who()
        run_write(
            self._context,
            _("Search for near-duplicates"),
            lambda _progress: duplicate_search.store(project=project, who=who, found=found),
            done=lambda _none: self._stored(found),
            failed=self._failed,
            changed=("duplicates",),
        )

    def _stored(self, found: duplicate_search.Found) -> None:
        self._show_running(running=False)
        self.hide()
        said = plural(
            "{n} cluster found among {examples} examples.",
            "{n} clusters found among {examples} examples.",
            len(found.near.clusters),
            examples=number(len(found.ids)),
        )
        self._context.notify(said, tone="good")

    def _failed(self, error: BaseException) -> None:
        self._show_running(running=False)
        if isinstance(error, Cancelled):
            self._context.notify(_("The search was stopped. The results of the search before it are still here."))
        else:
            show_failure(self._context, error)

    def _show_running(self, *, running: bool) -> None:
        if not running:
            self._job = None
        for item in (self.progress, self.stop, self.state):
            item.setVisible(running)
        self.stop.setEnabled(running)
        for control in (self.fields, self.method, self.threshold, self.run):
            control.setEnabled(not running)
        if running:
            self.progress.set_progress(0, None)
            self._follow.start()
        else:
            self._follow.stop()
        self.running_changed.emit(running)

    def _show_progress(self) -> None:
        if self._job is not None:
            self.progress.set_progress(
                self._job.done, self._job.total, left=self._job.seconds_left, note=self._job.note
            )


def _methods() -> Segmented:
    return Segmented(
        _("Method"),
        [
            ("minhash", _("Nearly the same")),
            ("exact", _("Word for word")),
            (duplicate_search.SEMANTIC, _("Similar in meaning")),
        ],
    )
