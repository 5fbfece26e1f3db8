"""A small field for a remark of one or a few lines; what was in it stays exact."""

from PySide6.QtCore import QTimer

from accord.gui.theme import theme
from accord.gui.widgets import MessageEditor
from accord.gui.widgets.text import grown_height

LINES = 2


class NoteField(MessageEditor):
    """Grows with its text, in the size of the window's own text."""

    def __init__(self, name: str, placeholder: str = "", *, lines: int = LINES) -> None:
        self._lines = lines
        super().__init__(name)
        self.setPlaceholderText(placeholder)

    def _restyled(self) -> None:
        self.setFont(theme().font())
        QTimer.singleShot(0, self, self._grow)

    def _wanted_height(self) -> int:
        least = self.fontMetrics().lineSpacing() * self._lines + theme().px(16)
        return max(least, grown_height(self))
