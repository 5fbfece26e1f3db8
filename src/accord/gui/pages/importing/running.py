"""An import on its way: how far, how fast, how long still, and the way to stop it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.widgets import ActionButton, Card, PlainLabel, ProgressLine, Scrolled, column, row
from accord.jobs import Job

EVERY_MS = 120


class RunningView(QWidget):
    """Follows a job until it ends."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("The import on its way"))
        self._job: Job | None = None
        self.card = Card()
        self.title = PlainLabel(role="heading", elide=True)
        self.progress = ProgressLine(_("Import"))
        self.stop = ActionButton(actions, "importing.stop", icon=True)
        note = _("You can go on working on other pages. Stopped, a file leaves nothing behind.")
        self.card.body.setSpacing(12)
        for part in (self.title, self.progress, PlainLabel(note, role="muted", wrap=True)):
            self.card.body.addWidget(part)
        self.card.body.addLayout(row(self.stop, None))
        area = Scrolled(width=640, margins=(0, 24, 0, 0))
        area.body.addWidget(self.card)
        area.body.addStretch(1)
        self.setLayout(column(area, gap=0))
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._follow)

    def follow(self, job: Job) -> None:
        """Show this job."""
        self._job = job
        self.title.setText(job.title)
        self.stop.update_from_action()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # not on the button: a stray Space would stop it
        self._follow()
        self._timer.start()

    def leave(self) -> None:
        """Stop looking."""
        self._timer.stop()
        self._job = None

    def _follow(self) -> None:
        job = self._job
        if job is None:
            return
        note = _("stopping") if job.stopping else job.note
        self.progress.set_progress(job.done, job.total, left=job.seconds_left, note=note)
