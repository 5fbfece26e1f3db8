"""The answers of a closed list as buttons, each with its key; picking another one is an edit."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from accord.domain.project import Choice
from accord.domain.wording import _
from accord.gui.actions import Action, shown_key
from accord.gui.pages.review.answer_control import AnswerControl
from accord.gui.pages.review.keys import PAGE, choice_action
from accord.gui.theme import SMALL, theme
from accord.gui.widgets import Flow, PlainLabel, TextView, column

FREE_KEYS = "BMNOPVY"


class ChoiceButton(QPushButton):
    """One answer of the list with its key cap; pressed means that it is the answer."""

    def __init__(self, label: str, key: str) -> None:
        super().__init__()
        self.label, self.key = label, key
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Answer: {label}", label=label))
        self.setAccessibleDescription(_("Key {key}", key=shown_key(key)) if key else "")

    def sizeHint(self) -> QSize:
        """Return the size of cap and label."""
        lead = theme().px(28) if self.key else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.label) + lead + theme().px(32), theme().px(36))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface, cap and label."""
        now, painter, on = theme(), QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.color("primary" if on or self.hasFocus() else "control"), 2 if on else 1))
        painter.setBrush(now.color("selected" if on else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        x = float(now.px(12))
        if self.key:
            size = now.px(20)
            cap = QRectF(x, (self.height() - size) / 2, size, size).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(now.color("muted"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cap, 4, 4)
            painter.setFont(now.font(SMALL, strong=True))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, shown_key(self.key))
            x += size + now.px(8)
        painter.setFont(now.font(strong=on))
        painter.setPen(now.color("text"))
        area = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.label)


class ChoiceRow(AnswerControl):
    """Stands in place of the answer of a closed list. ``key_of(n)`` gives the key of choice ``n``, from 1."""

    pinned = True
    takes_keys = False

    def __init__(self, choices: Sequence[Choice], key_of: Callable[[int], str]) -> None:
        super().__init__()
        self._exact = self._current = ""
        self.buttons = [ChoiceButton(choice.label, key_of(n)) for n, choice in enumerate(choices, 1)]
        flow = Flow(8)
        for button in self.buttons:
            button.clicked.connect(partial(self.pick, button.label))
            flow.addWidget(button)
        self.other = TextView(_("The answer as it came"))
        self.note = PlainLabel("", role="small", wrap=True)
        self.setLayout(column(self.other, flow, self.note, gap=8))

    def set_text(self, exact: str, *, current: str | None = None) -> None:
        """Show which choice is the answer; an answer that is none of them is shown as it is."""
        self._exact = exact
        self._show(exact if current is None else current)

    def text(self) -> str:
        """Return the chosen answer."""
        return self._current

    def take_focus(self) -> None:
        """Put the focus on the chosen button, or the first."""
        chosen = next((b for b in self.buttons if b.isChecked()), self.buttons[0] if self.buttons else None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def pick(self, label: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        """Make a choice the answer."""
        before, self._current = self._current, label
        self._show(label)
        if label != before:
            self.edited.emit()

    def _show(self, current: str) -> None:
        self._current = current
        labels = {button.label for button in self.buttons}
        for button in self.buttons:
            button.setChecked(button.label == current)
        self.other.setVisible(self._exact not in labels and bool(self._exact))
        self.other.set_text(self._exact)
        changed = current != self._exact and self._exact in labels
        self.note.setText(_("It came as “{label}”.", label=self._exact) if changed else "")
        self.note.setVisible(changed)


def choice_keys(choices: Sequence[Choice]) -> list[str]:
    """Return a free letter for each choice, its own initial where that is free; none for those beyond."""
    free = list(FREE_KEYS)
    keys = []
    for choice in choices:
        wanted = next((letter for letter in choice.label.upper() if letter in free), free[0] if free else "")
        if wanted:
            free.remove(wanted)
        keys.append(wanted)
    return keys


def choice_actions(choices: Sequence[Choice]) -> list[Action]:
    """Return the actions that pick an answer, for the one list of actions."""
    return [
        Action(
            id=choice_action(n),
            title=_("Answer “{label}”", label=choice.label),
            key=key,
            page=PAGE,
            icon="radiobox-marked",
        )
        for n, (choice, key) in enumerate(zip(choices, choice_keys(choices), strict=True), 1)
    ]
