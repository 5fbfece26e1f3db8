"""Progress with a way to stop it: of the job of the large button, one at a time, and of any other that takes long."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from accord.domain.errors import Cancelled
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.widgets import Button, ProgressLine, row
from accord.jobs import Job

FOLLOW_MS = 150
T = TypeVar("T")


class FollowLine(QWidget):
    """How far a job is; hidden while there is none, and for the first moment of one that is followed."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self.progress = ProgressLine(_("Progress"))
        self.stop = Button(_("Stop"), run=self._stop)
        line = row(self.progress, self.stop, gap=16)
        line.setStretch(0, 1)
        self.setLayout(line)
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._show_progress)
        self.hide()

    def follow(self, job: Job) -> None:
        """Show how far a job is from now on, instead of another."""
        self._job = job
        self.progress.set_progress(0, None)
        self.stop.setEnabled(True)
        self._follow.start()

    def end(self) -> None:
        """Show nothing any more."""
        self._job = None
        self._follow.stop()
        self.hide()

    def _show_progress(self) -> None:
        if self._job is not None:
            job = self._job
            self.show()
            self.progress.set_progress(job.done, job.total, left=job.seconds_left, note=job.note)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)


class RunningLine(FollowLine):
    """Shown as soon as its job runs; ``changed`` when that starts or ends."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    @property
    def running(self) -> bool:
        """Whether a job is on its way."""
        return self._job is not None

    def start(self, title: str, work: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """Run ``work`` apart from the window, unless something runs already."""
        if self._job is not None:
            return

        def ended(result: T) -> None:
            self._ended()
            done(result)

        self.follow(run_read(self._context, title, work, done=ended, failed=self._failed, quiet=False))
        self.show()
        self.changed.emit()

    def _failed(self, error: BaseException) -> None:
        self._ended()
        if isinstance(error, Cancelled):
            self._context.notify(_("Stopped. The folder is as it was before."))
        else:
            show_failure(self._context, error)

    def _ended(self) -> None:
        self.end()
        self.changed.emit()
