"""Asks for a short reason at the foot of the page: a number for a ready-made one, or a few words of one's own."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.widgets import Button, Flow, KeyButton, PlainLabel, column, row


class ReasonBar(QFrame):
    """Takes the focus while it asks and gives it back; ``ask`` calls ``take`` with the reason, Esc with nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.question = PlainLabel(role="strong", wrap=True)
        self.field = _ReasonField()
        self.field.setPlaceholderText(_("Or in your own words, then Enter"))
        self.field.setAccessibleName(_("Reason"))
        self.field.digit = self._take_ready
        self.field.leave = self.cancel
        self.field.returnPressed.connect(self._take_typed)
        self.settle = Button(_("Settle"), kind="primary", run=self._take_typed)
        self.settle.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.settle.setEnabled(bool(text.strip())))
        self.close_button = KeyButton(_("Cancel"), "Esc")
        self.close_button.clicked.connect(self.cancel)
        self._chips = QWidget()
        self._flow = Flow(gap=8)
        self._chips.setLayout(self._flow)
        self.ready: list[KeyButton] = []
        typing = row(self.field, self.settle, self.close_button, gap=8)
        typing.setStretch(0, 1)
        self.setLayout(column(self.question, self._chips, typing, gap=8, margins=(24, 12, 24, 12)))
        self._take: Callable[[str], object] | None = None
        self._before: QWidget | None = None
        self.hide()

    def ask(self, question: str, reasons: Sequence[str], take: Callable[[str], object]) -> None:
        """Ask; the answer to an earlier question is no longer waited for."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._take = take
        self.question.setText(question)
        self.setAccessibleName(question)
        for old in self.ready:
            self._flow.removeWidget(old)
            old.deleteLater()
        self.ready = [KeyButton(reason, str(n)) for n, reason in enumerate(reasons, 1)]
        for button in self.ready:
            button.clicked.connect(partial(self._finish, button.plain_text()))
            self._flow.addWidget(button)
        self.field.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """Stop asking; nothing was changed."""
        self._take = None
        self._leave()

    def _take_ready(self, position: int) -> bool:
        if not 0 <= position < len(self.ready):
            return False
        self._finish(self.ready[position].plain_text())
        return True

    def _take_typed(self) -> None:
        text = self.field.text().strip()
        if text:
            self._finish(text)

    def _finish(self, reason: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        take, self._take = self._take, None
        self._leave()
        if take is not None:
            take(reason)

    def _leave(self) -> None:
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)


class _ReasonField(QLineEdit):
    """A line in which a digit, typed first, chooses a ready-made reason, and Esc leaves."""

    digit: Callable[[int], bool]
    leave: Callable[[], object]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits and Esc before the line does."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        text = event.text()
        if not self.text() and text.isdecimal() and self.digit(int(text) - 1):
            return
        super().keyPressEvent(event)
