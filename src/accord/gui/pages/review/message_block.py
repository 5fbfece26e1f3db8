"""One message in the reading column: its role, its text with what changed, and an editor that opens in its place."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from accord.analysis.diffs import word_diff
from accord.domain.content import Message, Role
from accord.domain.wording import _
from accord.gui.pages.review.answer_control import COLUMNS, AnswerControl
from accord.gui.pages.review.choices import ChoiceRow
from accord.gui.theme import theme
from accord.gui.widgets import Button, DiffView, MessageEditor, PlainLabel, column, row
from accord.gui.widgets.marking import Mark, show_marks
from accord.gui.widgets.text import PlainTextEdit, restyle

Control = MessageEditor | AnswerControl
Make = Callable[[str], Control]


def role_title(role: Role, *, is_answer: bool, is_request: bool) -> str:
    """Return what a message is called."""
    if is_answer:
        return _("Answer")
    if is_request:
        return _("Request")
    titles = {
        Role.SYSTEM: _("Instruction"),
        Role.USER: _("User"),
        Role.ASSISTANT: _("Assistant"),
        Role.TOOL: _("Tool"),
    }
    return titles[role]


def extra_text(extra: Mapping[str, Any] | None) -> str:
    """Return what a message carries beside its text, as JSON one can read."""
    return json.dumps(dict(extra), ensure_ascii=False, indent=1) if extra else ""


class MessageBlock(QFrame):
    """Shows one message and edits it. ``edit_wanted`` and ``edited`` give the message's position.

    ``make(kind)`` makes the control that edits a message of a kind: ``text``, ``list`` or ``json``.
    """

    edit_wanted = Signal(int)
    edited = Signal(int)
    cursor_moved = Signal(object)

    def __init__(self, make: Make) -> None:
        super().__init__()
        self.index = -1
        self.is_answer = False
        self._make = make
        self._base = self._imported = self._shown = ""
        self._kind = "text"
        self._controls: dict[str, Control] = {}
        self._open = self._show_diff = False
        self._left_at = 0
        self._marks: tuple[Mark, ...] = ()
        self._marked = ""  # the text that the marks are places of
        self.title = PlainLabel("", role="muted")
        self.changed_note = PlainLabel("", role="small")
        self.pencil = Button(icon="pencil-outline", kind="quiet", size="small", name=_("Edit this message"))
        self.pencil.clicked.connect(lambda _checked=False: self.edit_wanted.emit(self.index))
        self.pencil.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view = DiffView(_("Message"), columns=COLUMNS)
        self.extra = PlainLabel("", role="small", wrap=True, selectable=True)
        self._slot = QVBoxLayout()
        self._slot.setContentsMargins(0, 0, 0, 0)
        self._body = column(row(self.title, self.changed_note, None, self.pencil), self.view, self._slot, gap=6)
        self._body.addWidget(self.extra)
        self.setLayout(self._body)

    def show_message(self, message: Message, index: int, *, imported: str, title: str, kind: str = "") -> None:
        """Show a message; ``kind`` is the answer kind where it is the answer. ``show_text`` follows."""
        self._drop_control()
        self._left_at = 0
        self._marks = ()
        self.index, self._base, self._imported = index, message.content, imported
        self.is_answer, self._kind = bool(kind), kind or "text"
        self.title.setText(title)
        self.view.setAccessibleName(title)
        self.pencil.setAccessibleName(_("Edit: {title}", title=title))
        self.extra.setText(extra_text(message.extra))
        self.extra.setVisible(bool(message.extra))
        self.setProperty("kind", "card" if self.is_answer else "")
        side, top = (theme().px(16), theme().px(8)) if self.is_answer else (0, 0)
        self._body.setContentsMargins(side, top, side, side)
        restyle(self)

    def show_text(self, current: str, *, diff: bool) -> None:
        """Show a text, with what differs from the import where ``diff`` is on; an open editor stays."""
        self._shown = current
        differs = current != self._imported
        if diff and differs:
            self.view.set_parts(word_diff(self._imported, current))
        else:
            self.view.set_text(current)
        self.changed_note.setText(_("edited") if differs else "")
        self._show_diff = diff and differs
        if self._kind in {"list", "json"}:
            self._show_control(self._control(), current)
        self._arrange()

    @property
    def is_open(self) -> bool:
        """Whether the editor is open."""
        return self._open

    def open_editor(self) -> Control:
        """Open the editor on the text as it stands and return it."""
        control = self._control()
        if not self._open and not self._pinned():
            place = 0 if self._show_diff else self.view.textCursor().position()
            self._show_control(control, self._shown)
            self._open = True
            self._arrange()
            self.set_cursor_place(place or self._left_at or len(self._shown))
        return control

    def close_editor(self) -> None:
        """Close the editor; its text is taken with ``text`` before, and where the cursor was is kept."""
        self._left_at = self.cursor_place() if self._open else 0
        self._open = False
        self._arrange()

    def text(self) -> str:
        """Return the text as it stands: typed, chosen, or as shown."""
        control = self._controls.get(self._kind)
        if control is not None and not control.isHidden():
            return control.text()
        return self._shown

    def put(self, text: str) -> None:
        """Make a text the message's, as if it had been chosen or typed."""
        control = self.open_editor() if not self._pinned() else self._control()
        if isinstance(control, ChoiceRow):
            control.pick(text)
        elif isinstance(control, MessageEditor):
            control.replace_with(text)

    def cursor_place(self) -> int:
        """Return the place of the text cursor."""
        return self.text_edit().textCursor().position()

    def set_cursor_place(self, position: int) -> None:
        """Put the text cursor at a place, or at the end of a shorter text."""
        edit = self.text_edit()
        cursor = edit.textCursor()
        cursor.setPosition(max(0, min(position, edit.document().characterCount() - 1)))
        edit.setTextCursor(cursor)

    def show_marks(self, text: str, marks: Sequence[Mark]) -> None:
        """Mark places of a text, in whatever shows it; of another text than the one that stands, nothing."""
        self._marks, self._marked = tuple(marks), text
        self._paint_marks()

    def _paint_marks(self) -> None:
        marks = self._marks if self._marks and self.text() == self._marked else ()
        for edit in (self.view, self._controls.get("text")):
            if isinstance(edit, PlainTextEdit):
                show_marks(edit, marks if edit is self.text_edit() else ())

    def text_edit(self) -> MessageEditor | DiffView:
        """Return what shows the text: the editor where it is open, else the view."""
        control = self._controls.get(self._kind)
        return control if self._open and isinstance(control, MessageEditor) else self.view

    def _control(self) -> Control:
        if self._kind not in self._controls:
            made = self._make(self._kind)
            made.hide()
            made.edited.connect(self._tell_edited)
            if isinstance(made, MessageEditor):
                made.cursorPositionChanged.connect(partial(self._tell_cursor, made))
            self._slot.addWidget(made)
            self._controls[self._kind] = made
        return self._controls[self._kind]

    def _show_control(self, control: Control, current: str) -> None:
        control.setAccessibleName(_("Edit: {title}", title=self.title.full_text()))
        control.blockSignals(True)
        control.set_text(self._base, current=current)
        control.blockSignals(False)
        control.show()

    def _pinned(self) -> bool:
        """Whether the control stands in place of the text all the time."""
        control = self._controls.get(self._kind)
        return isinstance(control, AnswerControl) and control.pinned

    def _drop_control(self) -> None:
        self._open = False
        for control in self._controls.values():
            control.hide()

    def _arrange(self) -> None:
        control = self._controls.get(self._kind)
        pinned = self._pinned()
        if control is not None and not pinned:
            control.setVisible(self._open)
        self.view.setVisible(self._show_diff and self._kind == "json" if pinned else not self._open)
        self.pencil.setVisible(not self._open and not pinned)
        self._paint_marks()

    def _tell_cursor(self, editor: MessageEditor) -> None:
        QTimer.singleShot(0, self, partial(self.cursor_moved.emit, editor))  # once the editor has grown

    def _tell_edited(self) -> None:
        self.edited.emit(self.index)
