"""Where a person changes keys: press the key cap, press the new key."""

from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.actions import EVERYWHERE, Action, Actions, normal_key, shown_key
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import column, row
from accord.gui.widgets.text import PlainLabel

_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


class KeyField(Button):
    """Shows a key; pressed, it takes the next one. Esc leaves it as it was, Backspace takes the key away."""

    taken = Signal(str)

    def __init__(self, title: str, key: str) -> None:
        self._listening = False  # before Qt's part is made, which already sends events
        super().__init__(size="small")
        self._title = title
        self._key = ""
        self.setMinimumWidth(theme().px(88))
        self.clicked.connect(self._listen)
        self.show_key(key)

    def show_key(self, key: str) -> None:
        """Show a key and stop waiting for one."""
        self._key = key
        self._listening = False
        self.setText(shown_key(key) or "-")
        self.setAccessibleName(_("Key of {title}: {key}", title=self._title, key=shown_key(key) or _("none")))

    def listening(self) -> bool:
        """Say whether the next key is taken."""
        return self._listening

    def event(self, event: QEvent) -> bool:
        """Take a key before any shortcut or the tab order does."""
        if self._listening and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._listening and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._take(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop waiting when something else is chosen."""
        super().focusOutEvent(event)
        if self._listening:
            self.show_key(self._key)

    def _listen(self, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        self._listening = True
        self.setText(_("press a key"))

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key == Qt.Key.Key_Escape:
            self.show_key(self._key)
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self.taken.emit("")
        else:
            self.taken.emit(pressed_key(event))


def pressed_key(event: QKeyEvent) -> str:
    """Return the key of an event as portable text; Shift is left out where the character already tells it (``?``)."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text and text.isprintable() and not text.isalnum():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return normal_key(sequence.toString(QKeySequence.SequenceFormat.PortableText))


class KeyEditor(QWidget):
    """Every action that has a key or may have one, by the page it belongs to."""

    def __init__(self, actions: Actions, titles: dict[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(_("Keys"))
        self._actions = actions
        self.fields: dict[str, KeyField] = {}
        self._resets: dict[str, Button] = {}
        self.fault = PlainLabel(role="error", wrap=True)
        self.fault.hide()
        self.reset = Button(_("Usual keys again"), size="small", run=self._reset_all)
        hint = PlainLabel(_("Press a key cap, then the new key. Backspace takes a key away."), role="muted", wrap=True)
        head = row(gap=16)
        head.addWidget(hint, 1)
        head.addWidget(self.reset)
        body = column(head, self.fault, gap=12)
        for page in sorted({a.page for a in actions.all()}, key=lambda page: page != EVERYWHERE):
            body.addLayout(self._group(page, _("Everywhere") if page == EVERYWHERE else titles.get(page, page)))
        self.setLayout(body)
        actions.changed.connect(self._follow)
        self._follow()

    def _group(self, page: str, title: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(PlainLabel(title, role="strong"), 0, 0)
        for line, action in enumerate((a for a in self._actions.all() if a.page == page), start=1):
            self._add(grid, line, action)
        return grid

    def _add(self, grid: QGridLayout, line: int, action: Action) -> None:
        field = KeyField(action.title, self._actions.key(action.id))
        field.taken.connect(partial(self._set, action.id))
        again = Button(icon="restore", kind="quiet", size="small", name=_("Usual key of {title}", title=action.title))
        again.clicked.connect(lambda _checked=False: self._set(action.id, action.key))
        self.fields[action.id], self._resets[action.id] = field, again
        grid.addWidget(PlainLabel(action.title), line, 0)
        grid.addWidget(again, line, 1)
        grid.addWidget(field, line, 2)

    def _set(self, action_id: str, key: str) -> None:
        self._say("")
        try:
            self._actions.set_key(action_id, key)
        except AccordError as error:
            self._say(str(error))
        self._follow()

    def _reset_all(self) -> None:
        self._say("")
        try:
            self._actions.reset_all()
        except AccordError as error:
            self._say(str(error))

    def _say(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _follow(self) -> None:
        for action_id, field in self.fields.items():
            field.show_key(self._actions.key(action_id))
            again = self._resets[action_id]
            policy = again.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            again.setSizePolicy(policy)
            again.setVisible(self._actions.is_remapped(action_id))
        self.reset.setEnabled(any(self._actions.is_remapped(action_id) for action_id in self.fields))
