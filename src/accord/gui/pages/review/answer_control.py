"""What an answer that is not free text is edited with: the common shape of the choices and the form."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from accord.gui.pages.review.queue_pane import plain_key

COLUMNS = 76


class AnswerControl(QWidget):
    """Edits an answer. Opening a text and leaving it changes nothing: ``text`` is then the text that was opened."""

    edited = Signal()
    #: Whether the control stands in place of the text all the time.
    pinned = False
    #: Whether the keys one types in it are kept from the page.
    takes_keys = True

    def set_text(self, exact: str, *, current: str | None = None) -> None:
        """Open a text; ``current`` is how the reviewer left it."""
        raise NotImplementedError

    def text(self) -> str:
        """Return the text as it stands."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the focus where one begins."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Keep plain keys from the page's shortcuts while one types here."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if self.takes_keys and is_key and plain_key(event):  # type: ignore[arg-type]  # is_key says so
            event.accept()
            return True
        return super().event(event)
