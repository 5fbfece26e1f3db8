"""The status bar: what runs in the background, when the last change was saved, which file is open."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain.wording import _, percent, plural
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import row
from accord.gui.widgets.progress import clock, paint_bar
from accord.gui.widgets.text import PlainLabel, plain_tooltip
from accord.jobs import Job, JobState

HEIGHT = 28


class StatusBar(QWidget):
    """One line; its left part opens the jobs drawer."""

    jobs_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("State"))
        self.jobs = Button(_("No jobs running"), kind="quiet", size="bar", run=self.jobs_wanted.emit)
        self.bar = _SmallBar()
        self.saved = PlainLabel(role="muted")
        self.file = PlainLabel(role="muted")
        self.setLayout(row(self.jobs, self.bar, None, self.saved, self.file, gap=16, margins=(16, 1, 16, 0)))
        self.bar.hide()
        theme().changed.connect(self._measure)
        self._measure()

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Sum up the jobs: the first that runs, how many there are, or how many failed."""
        active = [job for job in jobs if not job.state.final]
        failed = sum(job.state is JobState.FAILED for job in jobs)
        running = next((job for job in active if job.state is JobState.RUNNING), active[0] if active else None)
        self.bar.setVisible(running is not None)
        if running is None:
            text = plural("{n} job failed", "{n} jobs failed", failed) if failed else _("No jobs running")
        else:
            self.bar.set_share(running.done / running.total if running.total else None)
            text = _summed_up(running, len(active))
        self.jobs.setText(text)

    def show_saved(self, at: datetime) -> None:
        """Say when the last change reached the disk."""
        self.saved.setText(_("saved {time}", time=f"{at:%H:%M}"))

    def show_changed(self, at: datetime) -> None:
        """Say when another program last wrote to the project."""
        self.saved.setText(_("Changed by another program {time}", time=f"{at:%H:%M}"))

    def show_file(self, path: str) -> None:
        """Name the project file; its folder is in the tooltip."""
        self.file.setText(path.replace("\\", "/").rsplit("/", 1)[-1])
        plain_tooltip(self.file, path)
        if not path:
            self.saved.setText("")

    def _measure(self) -> None:
        self.setFixedHeight(theme().px(HEIGHT))


def _summed_up(job: Job, active: int) -> str:
    words = [job.title]
    if job.total:
        words.append(percent(min(1.0, job.done / job.total)))
    if job.seconds_left is not None:
        words.append(_("{time} left", time=clock(job.seconds_left)))
    text = "  ".join(words)
    return plural("{n} job", "{n} jobs", active) + ":  " + text if active > 1 else text


class _SmallBar(QWidget):
    """The progress of the job that is summed up."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self.setAccessibleName(_("Progress"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None) -> None:
        """Fill to a share, 0 to 1; None where the total is not known."""
        self._share = share
        self.setAccessibleDescription(percent(share) if share is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the bar's size."""
        return QSize(theme().px(120), theme().px(12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar."""
        height = theme().px(4)
        paint_bar(QPainter(self), QRectF(0, (self.height() - height) / 2, self.width(), height), self._share)
