"""The jobs drawer: what runs and what ran, with progress, a way to stop it, and what went wrong."""

import time
import traceback
from functools import partial

from PySide6.QtCore import QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import Scrolled, column, line, row
from accord.gui.widgets.progress import ProgressLine
from accord.gui.widgets.text import PlainLabel
from accord.jobs import Job, Jobs, JobState

HEIGHT = 232
MOTION_MS = 120


class JobsDrawer(QWidget):
    """Opens above the status bar. The newest job is on top; what ended stays until the list is full."""

    closed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Jobs"))
        self._jobs = jobs
        self._rows: dict[int, JobRow] = {}
        self.close_button = Button(icon="chevron-down", kind="quiet", size="small", name=_("Close the jobs"))
        self.close_button.clicked.connect(lambda _checked=False: self.leave())
        self._empty = PlainLabel(_("Imports, exports and other long work show here."), role="muted")
        area = Scrolled(margins=(0, 0, 8, 8), gap=0)
        self._list: QVBoxLayout = area.body
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        head = row(PlainLabel(_("Jobs"), role="heading"), None, self.close_button)
        self.setLayout(column(head, area, gap=8, margins=(24, 8, 16, 0)))
        self._motion = QPropertyAnimation(self, b"maximumHeight", self)
        self._motion.setDuration(MOTION_MS)
        self._motion.setStartValue(0)
        self._motion.finished.connect(self._measure)
        theme().changed.connect(self._measure)
        self._measure()
        self.hide()

    def follow(self) -> None:
        """Show the jobs as they are now."""
        jobs = self._jobs.jobs
        self._empty.setVisible(not jobs)
        for gone in set(self._rows) - {job.id for job in jobs}:
            old = self._rows.pop(gone)
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        for job in jobs:
            if job.id not in self._rows:
                self._rows[job.id] = JobRow(job)
                self._list.insertWidget(0, self._rows[job.id])
            self._rows[job.id].follow()

    def rows(self) -> list["JobRow"]:
        """Return the rows, oldest first."""
        return list(self._rows.values())

    def toggle(self) -> None:
        """Open or close."""
        if self.isVisible():
            self.leave()
        else:
            self.follow()
            self.show()
            self._rise()
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _rise(self) -> None:
        """Come up in 120 ms where things may move."""
        if theme().moves:
            self.setMinimumHeight(0)
            self._motion.setEndValue(theme().px(HEIGHT))
            self._motion.start()

    def _measure(self) -> None:
        self.setFixedHeight(theme().px(HEIGHT))


class JobRow(QWidget):
    """One job: its title, progress or outcome, and Stop."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.setAccessibleName(job.title)
        self.title = PlainLabel(job.title, elide=True)
        self.progress = ProgressLine(job.title)
        self.outcome = PlainLabel(role="small", wrap=True)
        self.stop = Button(_("Stop"), size="small", name=_("Stop “{title}”", title=job.title), run=self._stop)
        self.copy = Button(_("Copy details"), kind="quiet", size="small", run=partial(self._copy, job))
        self._pace = (time.monotonic(), job.done)
        self._rate: float | None = None
        words = column(self.title, self.progress, self.outcome, gap=2)
        inner = row(gap=12, margins=(0, 8, 0, 8))
        inner.addLayout(words, 1)
        inner.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignVCenter)
        inner.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(column(inner, line(), gap=0))
        self.follow()

    def follow(self) -> None:
        """Show the job as it is now."""
        job = self.job
        self._measure_pace()
        running = job.state is JobState.RUNNING
        self.progress.setVisible(running)
        self.outcome.setVisible(not running)
        self.stop.setVisible(not job.state.final)
        self.stop.setEnabled(not job.stopping)
        self.copy.setVisible(job.state is JobState.FAILED)
        if running:
            note = _("stopping") if job.stopping else job.note
            self.progress.set_progress(job.done, job.total, rate=self._rate, left=job.seconds_left, note=note)
        else:
            self.outcome.set_role("error" if job.state is JobState.FAILED else "small")
            self.outcome.setText(_outcome(job))

    def _measure_pace(self) -> None:
        since, done = self._pace
        now = time.monotonic()
        if now - since >= 1.0:
            self._rate = max(0.0, (self.job.done - done) / (now - since))
            self._pace = (now, self.job.done)

    def _stop(self) -> None:
        self.job.cancel()
        self.follow()

    @staticmethod
    def _copy(job: Job) -> None:
        if job.error is not None:
            QGuiApplication.clipboard().setText("".join(traceback.format_exception(job.error)))


def _outcome(job: Job) -> str:
    match job.state:
        case JobState.QUEUED:
            return _("Waits for its turn")
        case JobState.FAILED:
            known = isinstance(job.error, AccordError)
            return str(job.error) if known else _("Something unexpected happened. Copy the details to report it.")
        case JobState.CANCELLED:
            return _("Stopped")
        case _ if job.finished is not None:
            return _("Done {time}", time=f"{job.finished.astimezone():%H:%M}")
        case _:
            return _("Done")
