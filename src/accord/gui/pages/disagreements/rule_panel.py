"""The rule that settles what most reviewers say alike: what it would do first, then doing it, with a way to stop."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame

from accord.domain.errors import Cancelled
from accord.domain.ledger import Who
from accord.domain.wording import _, number, plural
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.widgets import Button, NumberField, PlainLabel, ProgressLine, column, row
from accord.jobs import Job
from accord.workflows import majority
from accord.workflows.majority import Settled

USUAL = 66  # two of three
_FOLLOW_MS, _PAUSE_MS = 150, 250


class RulePanel(QFrame):
    """``opened`` tells whether it shows; ``settled`` when it has done something."""

    opened = Signal(bool)
    settled = Signal()

    def __init__(self, context: Context, who: Callable[[], Who]) -> None:
        super().__init__()
        self._context, self._who = context, who
        self._job: Job | None = None
        self._looking: Job | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Settle what most agree on"))
        self.share = NumberField(_("At least this share of three or more reviewers"), 51, 100, USUAL)
        self.share.setSuffix(" %")
        self.ahead = PlainLabel("", wrap=True)
        self.run = Button("", kind="primary", run=self.start)
        self.close_button = Button(_("Close"), kind="quiet", run=self.hide)
        about = _(
            "What a person has decided it never touches. Run it again at any time: it takes back what no longer holds."
        )
        self.about = PlainLabel(about, role="muted", wrap=True)
        self.progress, self.stop = ProgressLine(_("Settling")), Button(_("Stop"), run=self._stop)
        title = PlainLabel(_("Settle what most agree on"), role="heading")
        before = PlainLabel(
            _("Settle where at least this share of three or more reviewers say the very same:"), wrap=True
        )
        form = row(before, self.share, gap=12)
        form.setStretch(0, 1)
        does = row(self.ahead, self.run, gap=12)
        does.setStretch(0, 1)
        self._running = row(self.progress, self.stop, gap=16)
        self._running.setStretch(0, 1)
        head = row(title, None, self.close_button)
        self.setLayout(column(head, form, does, self._running, self.about, gap=6, margins=(16, 8, 16, 10)))
        self._pause, self._follow = QTimer(self), QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self._show_progress)
        self.share.valueChanged.connect(lambda _value: self._wait())
        self._show_running(running=False)
        self.hide()

    def look(self) -> None:
        """Count what the rule would do now."""
        if self._job is not None or not self.isVisible():
            return
        if self._looking is not None:
            self._looking.cancel()
        project, share = self._context.project, self.share.value() / 100
        self._looking = run_read(
            self._context,
            _("Settling"),
            lambda progress: (share, majority.preview_rule(project=project, share=share, progress=progress)),
            done=lambda found: self._show_ahead(*found),
            failed=self._not_counted,
        )

    def start(self) -> None:
        """Do it."""
        if self._job is not None:
            return
        project, who, share = self._context.project, self._who(), self.share.value() / 100
        self._job = run_read(
            self._context,
            _("Settling"),
            lambda progress: majority.settle_by_rule(project=project, who=who, share=share, progress=progress),
            done=self._done,
            failed=self._failed,
            quiet=False,
        )
        self._show_running(running=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Count anew."""
        super().showEvent(event)
        self.opened.emit(True)
        self._wait()
        self.share.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that it has gone."""
        super().hideEvent(event)
        self.opened.emit(False)

    def _wait(self) -> None:
        self.run.setEnabled(False)
        self.run.setText(_("Counting…"))
        self.ahead.setText(_("Counting what it would do…"))
        self._pause.start()

    def _show_ahead(self, share: float, found: Settled) -> None:
        self._looking = None
        if share != self.share.value() / 100 or self._job is not None:
            return
        self.ahead.setText(_ahead(found))
        does = found.settled or found.reopened
        self.run.setText(_("Settle {n}", n=number(found.settled)) if does else _("Nothing to settle"))
        self.run.setEnabled(bool(does))

    def _not_counted(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            show_failure(self._context, error)

    def _done(self, found: Settled) -> None:
        self._show_running(running=False)
        self._context.saved.emit()
        said = plural("{n} disagreement settled.", "{n} disagreements settled.", found.settled)
        if found.reopened:
            again = plural("{n} is open again.", "{n} are open again.", found.reopened)
            said = f"{said} {again}"
        undo = partial(opening.undo_bulk, self._context, found.act) if found.act else None
        self._context.notify(said, tone="good", undo=undo)
        self.hide()
        self.settled.emit()

    def _failed(self, error: BaseException) -> None:
        self._show_running(running=False)
        if isinstance(error, Cancelled):
            self._context.notify(_("Stopped. What was settled before stays settled; run it again for the rest."))
        else:
            show_failure(self._context, error)
        self.settled.emit()
        self._wait()

    def _show_running(self, *, running: bool) -> None:
        if not running:
            self._job = None
        for item in (self.progress, self.stop):
            item.setVisible(running)
        self.stop.setEnabled(running)
        self.share.setEnabled(not running)
        self.run.setVisible(not running)
        if running:
            self.ahead.setText(_("Settling. You can go on working meanwhile."))
            self.progress.set_progress(0, None)
            self._follow.start()
        else:
            self._follow.stop()

    def _show_progress(self) -> None:
        if self._job is not None:
            self.progress.set_progress(
                self._job.done, self._job.total, left=self._job.seconds_left, note=self._job.note
            )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)


def _ahead(found: Settled) -> str:
    sentences = [
        plural("It would settle {n} disagreement", "It would settle {n} disagreements", found.settled),
        plural("and leave {n} to a person.", "and leave {n} to a person.", found.left),
    ]
    if found.reopened:
        sentences.append(
            plural(
                "{n} of its own decisions is taken back.", "{n} of its own decisions are taken back.", found.reopened
            )
        )
    return " ".join(sentences)
