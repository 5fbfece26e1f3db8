"""Reason, comment and the one large button, whose label names what is still missing."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from accord.domain.content import Content
from accord.domain.disagreements import Reason
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.actions import Actions, shown_key
from accord.gui.decision_reasons import reason_title
from accord.gui.pages.disagreements.entered import Entered
from accord.gui.pages.review.note_field import NoteField
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Flow, PlainLabel, TagChip, column, row

WIDTH = 312


class Deciding(QWidget):
    """``reason_chosen`` gives a reason; ``typed`` when the comment changes; ``left`` on Esc in it."""

    reason_chosen = Signal(object)
    typed = Signal()
    left = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.setFixedWidth(theme().px(WIDTH))
        self._flow = Flow(gap=6, line_gap=6)
        self._reasons = QWidget()
        self._reasons.setLayout(self._flow)
        self.chips: dict[Reason, TagChip] = {}
        self.comment = NoteField(_("Comment"), _("Why? The next adjudicator reads this."))
        self.comment.edited.connect(self.typed)
        self.comment.installEventFilter(self)
        self.decide = ActionButton(actions, "disagreements.decide", kind="primary")
        self._cap = PlainLabel("", role="kbd")
        head = row(PlainLabel(_("Comment"), role="strong"), self._cap, None)
        self.setLayout(
            column(
                PlainLabel(_("Reason"), role="strong"), self._reasons, 4, head, self.comment, None, self.decide, gap=6
            )
        )
        actions.changed.connect(self._print_keys)
        theme().changed.connect(self._measure)
        self._keys: tuple[str, ...] = ()
        self._print_keys()

    def show_entered(self, entered: Entered, base: Content) -> None:
        """Show what was entered, but for the comment, and what is missing."""
        for reason, chip in self.chips.items():
            chip.setChecked(reason is entered.reason)
        missing = entered.missing(base)
        self.decide.setText(missing or _label(entered.verdict(base)))
        self.decide.set_kind("plain" if missing else "primary")
        self.decide.update_from_action()

    def put_comment(self, text: str) -> None:
        """Show a comment without telling."""
        self.comment.blockSignals(True)
        self.comment.set_text("", current=text)
        self.comment.blockSignals(False)

    def go_to_missing(self, entered: Entered) -> None:
        """Put the focus where something is missing."""
        if entered.reason is None:
            next(iter(self.chips.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        elif not entered.comment.strip():
            self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the reasons as they are drawn: before, they have not the font that they are shown in."""
        super().showEvent(event)
        self._measure()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leave the comment with Esc."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False

    def _print_keys(self) -> None:
        """Make the chips anew where a person has chosen other keys."""
        self._cap.setText(shown_key(self._actions.key("disagreements.comment")))
        keys = tuple(self._actions.key(action_of(reason)) for reason in Reason)
        if keys == self._keys:
            return
        self._keys = keys
        chosen = next((reason for reason, chip in self.chips.items() if chip.isChecked()), None)
        for old in self.chips.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = {}
        for reason, key in zip(Reason, keys, strict=True):
            chip = TagChip(reason_title(reason), key, on=reason is chosen)
            chip.setAccessibleName(_("Reason: {reason}", reason=reason_title(reason)))
            chip.clicked.connect(partial(self._choose, reason))
            self._flow.addWidget(chip)
            self.chips[reason] = chip
        self._measure()

    def _measure(self) -> None:
        """Keep the room for all lines of reasons, however low the page is."""
        self.setFixedWidth(theme().px(WIDTH))
        self._reasons.setFixedHeight(self._flow.heightForWidth(self.width()))

    def _choose(self, reason: Reason, _on: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        self.reason_chosen.emit(reason)


def action_of(reason: Reason) -> str:
    """Return the id of the action that chooses a reason."""
    return f"disagreements.reason_{reason.value}"


def _label(verdict: Verdict) -> str:
    match verdict:
        case Verdict.REJECT:
            return _("Decide: reject")
        case Verdict.EDIT:
            return _("Decide: this text")
        case _other:
            return _("Decide: the original")
