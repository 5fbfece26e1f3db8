"""Something that opens over the window and leaves with Esc or a press beside it: the palette, the shortcut sheet."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from accord.gui.theme import theme


class Overlay(QWidget):
    """Dims the window and holds ``card`` in it; gives the focus back where it was."""

    def __init__(self, window: QWidget, name: str, *, width: int, height: int, top: int = 72) -> None:
        super().__init__(window)
        self._window = window
        self.setAccessibleName(name)
        self._size = (width, height, top)
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("kind", "overlay")
        self.card.setAccessibleName(name)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show over the whole window."""
        focused = self.window().focusWidget()
        self._before = focused if focused is not None and not self.isAncestorOf(focused) else self._before
        self.place()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Hide and give the focus back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Cover the window; the card stands in the middle, below its top."""
        window, look = self._window, theme()
        self.setGeometry(window.rect())
        width, height, top = (look.px(size) for size in self._size)
        width, top = min(width, self.width() - 48), min(top, self.height() // 8)
        self.card.setGeometry((self.width() - width) // 2, top, width, min(height, self.height() - top - 24))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts from firing while this is open."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc; no other key goes through to the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave on a press beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what is beneath."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 150 if theme().tokens.dark else 70))
