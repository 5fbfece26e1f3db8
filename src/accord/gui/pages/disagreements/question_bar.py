"""Asks at the foot of the page what the guideline is to answer."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from accord.domain.wording import _
from accord.gui.widgets import Button, KeyButton, PlainLabel, column, row


class QuestionBar(QFrame):
    """``sent`` gives the question; ``left`` when the person goes back without sending it, the text kept."""

    sent = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.setAccessibleName(_("Send to the guideline"))
        self.title = PlainLabel(
            _("What must the guideline answer first? The disagreement stays open, with your question beside it."),
            role="strong",
            wrap=True,
        )
        self.field = _Field()
        self.field.setAccessibleName(_("Question to the guideline"))
        self.field.leave = self.leave
        self.field.returnPressed.connect(self.send)
        self.button = Button(_("Send"), kind="primary", run=self.send)
        self.close_button = KeyButton(_("Cancel"), "Esc")
        self.close_button.clicked.connect(lambda _checked=False: self.leave())
        self.field.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        typing = row(self.field, self.button, self.close_button, gap=8)
        typing.setStretch(0, 1)
        self.setLayout(column(self.title, typing, gap=8, margins=(16, 12, 16, 12)))
        self.button.setEnabled(False)
        self.hide()

    def ask(self, text: str) -> None:
        """Ask, with what was typed before."""
        self.field.setText(text)
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Send what is typed."""
        if self.field.text().strip():
            self.hide()
            self.sent.emit(self.field.text().strip())

    def leave(self) -> None:
        """Go back without sending."""
        self.hide()
        self.left.emit()


class _Field(QLineEdit):
    """A line that Esc leaves."""

    leave: Callable[[], object]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc before the line does."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)
