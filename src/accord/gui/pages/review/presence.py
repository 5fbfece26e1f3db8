"""Signs that somebody is there, for the clock: keys that act, scrolling, clicks in the text."""

from PySide6.QtCore import QEvent, QObject

from accord.gui.actions import Actions
from accord.gui.pages.review.reading import ReadingColumn
from accord.gui.pages.review.stopwatch import Stopwatch


class Presence(QObject):
    """Touches the clock; what is typed touches it where it is taken."""

    def __init__(self, stopwatch: Stopwatch, actions: Actions, reading: ReadingColumn) -> None:
        super().__init__(reading)
        self._stopwatch = stopwatch
        actions.ran.connect(self._touch)
        reading.scrolled.connect(self._touch)
        reading.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note the wheel and the mouse."""
        if event.type() in {QEvent.Type.Wheel, QEvent.Type.MouseButtonPress}:
            self._stopwatch.touch()
        return False

    def _touch(self, _what: str = "") -> None:
        self._stopwatch.touch()
