"""Keeps reading columns whole: one that grew while it was being narrowed would paint only its former height."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from accord.gui.widgets import TextView


class Unclipped(QObject):
    """Watches the reading columns of a part of the page and lays each out once more after its size has changed."""

    def watch(self, part: QWidget) -> None:
        """Watch every reading column of ``part``."""
        for view in part.findChildren(TextView):
            view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay out again when the resizing is over; Qt drops a layout that is asked for in the middle of it."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, TextView):
            QTimer.singleShot(0, watched, lambda: watched.setViewportMargins(0, 0, 0, 0))
        return False
