"""A strip above the action bar that asks for one key: the reason of a rejection, a rating."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.pages.review.queue_pane import plain_key
from accord.gui.widgets import Flow, KeyButton, PlainLabel, column, row

Option = tuple[str, str]
Taken = Callable[[str], object]


class KeyStrip(QFrame):
    """Takes the next key. ``Enter`` takes the option with the key ``Return``; Esc or another place ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.question = PlainLabel("", role="strong")
        self._flow = Flow(8)
        held = QWidget()
        held.setLayout(self._flow)
        self.note = QLineEdit()
        self.note.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.note.returnPressed.connect(self._to_keys)
        self._write = KeyButton("", "C")
        self._write.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._write.clicked.connect(lambda _checked=False: self._to_note())
        self._noting = QWidget()
        noting = row(self._write, self.note)
        noting.setStretch(1, 1)
        self._noting.setLayout(noting)
        self.setLayout(column(self.question, held, self._noting, gap=6, margins=(16, 8, 16, 8)))
        self.buttons: list[KeyButton] = []
        self._taken: Taken | None = None
        self._back: QWidget | None = None
        self.hide()

    def ask(self, question: str, options: Sequence[Option], taken: Taken, *, back: QWidget, note: str = "") -> None:
        """Ask; ``options`` are (key, title); ``taken`` gets the key; ``back`` gets the focus afterwards.

        ``note`` names a line that one may fill first (the key C, then Enter); ``note_text`` gives it.
        """
        self._clear()
        self.note.clear()
        self.note.setAccessibleName(note)
        self._write.setText(note)
        self._noting.setVisible(bool(note))
        self.question.setText(question)
        self.setAccessibleName(question)
        for key, title in options:
            button = KeyButton(title, key)
            button.setAccessibleName(title or key)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self._take, key))
            self._flow.addWidget(button)
            self.buttons.append(button)
        self._taken, self._back = taken, back
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def note_text(self) -> str:
        """Return what was written beside the answer."""
        return self.note.text().strip()

    def leave(self) -> None:
        """End without an answer."""
        self._taken = None
        self._end()

    def event(self, event: QEvent) -> bool:
        """Take plain keys before the page's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and plain_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the option of the key that was pressed."""
        if event.key() == Qt.Key.Key_Escape:
            if self.note.hasFocus():
                self._to_keys()
            else:
                self.leave()
            return
        if event.key() == Qt.Key.Key_C and not self._noting.isHidden():
            self._to_note()
            return
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        wanted = "Return" if enter else event.text().upper()
        if wanted and any(button.key() == wanted for button in self.buttons):
            self._take(wanted)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End when the person goes elsewhere in the window."""
        super().focusOutEvent(event)
        if (
            event.reason() in {Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason}
            and self.isVisible()
            and not self.note.hasFocus()
        ):
            self._back = None
            self.leave()

    def _to_note(self) -> None:
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_keys(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take(self, key: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        taken, self._taken = self._taken, None
        self._end()
        if taken is not None:
            taken(key)

    def _end(self) -> None:
        back, self._back = self._back, None
        self.hide()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []


def cancel_option() -> Option:
    """Return the option that ends a strip."""
    return "Esc", _("Back")
