"""How far the page's own work is, with a way to stop it; shown only for work that takes longer than a moment."""

from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from accord.domain.wording import _
from accord.gui.widgets import Button, ProgressLine, row
from accord.jobs import Job

FOLLOW_MS = 150
_MOMENT = 0.7  # seconds


class WaitingLine(QWidget):
    """Follows one job at a time, hidden while there is none."""

    def __init__(self, name: str, *, margin: int = 0) -> None:
        super().__init__()
        self._job: Job | None = None
        self._since = 0.0
        self.progress = ProgressLine(name)
        self.stop = Button(_("Stop"), run=self.cancel)
        line = row(self.progress, self.stop, gap=16, margins=(margin, 8, margin, 0))
        line.setStretch(0, 1)
        self.setLayout(line)
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._show_progress)
        self.hide()

    def follow(self, job: Job) -> None:
        """Show how far a job is, once it has taken longer than a moment."""
        self._job, self._since = job, monotonic()
        self.progress.set_progress(0, None)
        self.stop.setEnabled(True)
        self._follow.start()

    def rest(self) -> None:
        """Follow none: the job has ended."""
        self._job = None
        self._follow.stop()
        self.hide()

    def cancel(self) -> None:
        """Ask the job to stop."""
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)

    def _show_progress(self) -> None:
        job = self._job
        if job is not None and monotonic() - self._since > _MOMENT:
            self.progress.set_progress(job.done, job.total, left=job.seconds_left, note=job.note)
            self.show()
