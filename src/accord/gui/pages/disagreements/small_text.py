"""What people wrote beside the text, in the size of the window: plain, whole, every paragraph in its direction."""

from PySide6.QtCore import QTimer

from accord.gui.theme import theme
from accord.gui.widgets import DiffView, TextView
from accord.gui.widgets.text import space_lines

_WIDEST = 16_777_215  # Qt's own "no limit"


class SmallText(TextView):
    """A remark, a precedent's answer, the guideline."""

    def _restyled(self) -> None:
        self.setFont(theme().font())
        self.setMaximumWidth(_WIDEST)
        space_lines(self)
        QTimer.singleShot(0, self, self._grow)


class SmallDiff(DiffView):
    """A difference in a narrow column."""

    def _restyled(self) -> None:
        super()._restyled()
        font = theme().reading_font()
        font.setPixelSize(theme().px(theme().reading_size - 2))
        self.setFont(font)
        self.setMaximumWidth(_WIDEST)
        if self._parts:
            self._write()
        else:
            space_lines(self)
