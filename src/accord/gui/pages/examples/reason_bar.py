"""Asks for a reason above the foot of the page before something is set aside or deleted for good."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.widgets import Button, KeyButton, PlainLabel, column, row
from accord.gui.widgets.buttons import Kind


class ReasonBar(QFrame):
    """One question at a time; nothing happens before the button is pressed, and Esc leaves all as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.question = PlainLabel(role="strong", wrap=True)
        self.detail = PlainLabel(role="body", wrap=True)
        self.field = QLineEdit()
        self.field.setAccessibleName(_("Reason"))
        self.field.textChanged.connect(self._measure)
        self.field.returnPressed.connect(self._entered)
        self.confirm = Button(kind="primary", run=self._confirm)
        self.cancel_button = KeyButton(_("Cancel"), "Esc")
        self.cancel_button.clicked.connect(lambda _checked=False: self.cancel())
        typing = row(self.field, self.confirm, self.cancel_button)
        typing.setStretch(0, 1)
        self.setLayout(column(self.question, self.detail, typing, gap=8, margins=(24, 12, 24, 12)))
        self._take: Callable[[str], object] | None = None
        self._before: QWidget | None = None
        self._needed = self._twice = False
        self.hide()

    def ask(
        self,
        question: str,
        take: Callable[[str], object],
        *,
        button: str,
        detail: str = "",
        placeholder: str = "",
        kind: Kind = "primary",
        needed: bool = False,
        twice: bool = False,
        known: Sequence[str] = (),
        text: str = "",
    ) -> None:
        """Ask; ``needed`` keeps the button off until something stands there, ``twice`` keeps Enter from pressing it.

        ``known`` are offered while one types; ``text`` stands there to begin with.
        """
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._take, self._needed, self._twice = take, needed, twice
        self.question.setText(question)
        self.setAccessibleName(question)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.confirm.setText(button)
        self.confirm.set_kind(kind)
        self.field.setPlaceholderText(placeholder)
        self.field.setText(text)
        self.field.selectAll()
        self.field.setCompleter(self._completer(known))
        self.field.setAccessibleName(placeholder or _("Reason"))
        self._measure()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """Stop asking; nothing was changed."""
        self._take = None
        self._leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return
        super().keyPressEvent(event)

    def _entered(self) -> None:
        if self._twice:
            self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)  # what cannot be undone takes a second press
        elif self.confirm.isEnabled():
            self._confirm()

    def _completer(self, known: Sequence[str]) -> QCompleter:
        made = QCompleter(list(known), self.field)
        made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        made.setFilterMode(Qt.MatchFlag.MatchContains)
        return made

    def _measure(self, _text: str = "") -> None:
        self.confirm.setEnabled(not self._needed or bool(self.field.text().strip()))

    def _confirm(self) -> None:
        take, self._take = self._take, None
        reason = self.field.text().strip()
        self._leave()
        if take is not None:
            take(reason)

    def _leave(self) -> None:
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
