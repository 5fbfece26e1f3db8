"""The whole conversation of one example, every text exactly as it is, or what was changed since the import."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.analysis.diffs import word_diff
from accord.domain.content import Content, Message, Role
from accord.domain.wording import _
from accord.gui.widgets import DiffView, PlainLabel, Segmented, TextView, column, row

NOW, CHANGES, IMPORTED = "now", "changes", "imported"


class Conversation(QWidget):
    """Messages one under the other; three views of them where the text was edited. ``redrawn`` gives new widgets."""

    redrawn = Signal(QWidget)

    def __init__(self, now: Content, imported: Content) -> None:
        super().__init__()
        self.setAccessibleName(_("Conversation"))
        self._now, self._imported = now, imported
        self.texts: list[TextView] = []
        self.switch = Segmented(
            _("Text"), [(NOW, _("As it stands")), (CHANGES, _("Changes")), (IMPORTED, _("As imported"))]
        )
        self.switch.changed.connect(self.show_view)
        self.switch.setVisible(now.hash != imported.hash)
        self._held = QWidget()
        self._column = column(row(self.switch, None), self._held, gap=12)
        self.setLayout(self._column)
        self.show_view(NOW)

    def show_view(self, view: str) -> None:
        """Show the texts as they stand, the changes, or the texts as imported."""
        old, self._held = self._held, QWidget()
        self.texts = []
        blocks = column(gap=16)
        content = self._imported if view == IMPORTED else self._now
        for index, message in enumerate(content.messages):
            blocks.addWidget(self._message(index, message, content, view))
        if content.tools:
            blocks.addWidget(_block(_("Tools"), TextView(_("Tools")), _readable(content.tools), self.texts))
        self._held.setLayout(blocks)
        self._column.replaceWidget(old, self._held)
        old.hide()
        old.deleteLater()
        self.redrawn.emit(self._held)

    def _message(self, index: int, message: Message, content: Content, view: str) -> QWidget:
        title = role_word(message.role)
        if index == content.answer_index:
            title = _("Answer")
        elif index == content.request_index:
            title = _("Request")
        before = self._imported.messages[index].content if index < len(self._imported.messages) else ""
        if view == CHANGES and before != message.content:
            shown = DiffView(title)
            shown.set_parts(word_diff(before, message.content))
            self.texts.append(shown)
            made = _titled(_("{part}, changed", part=title), shown)
        else:
            made = _block(title, TextView(title), message.content, self.texts)
        if message.extra:
            inner = made.layout()
            if inner is not None:
                inner.addWidget(_block(_("Also"), TextView(_("Also")), _readable(message.extra), self.texts))
        return made


def role_word(role: Role) -> str:
    """Return who speaks, in a word."""
    words = {
        Role.SYSTEM: _("Instruction"),
        Role.USER: _("User"),
        Role.ASSISTANT: _("Assistant"),
        Role.TOOL: _("Tool"),
    }
    return words[role]


def _block(title: str, view: TextView, text: str, texts: list[TextView]) -> QWidget:
    view.set_text(text)
    texts.append(view)
    if not text:
        return _titled(title, PlainLabel(_("(empty)"), role="muted"))
    return _titled(title, view)


def _titled(title: str, shown: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(PlainLabel(title, role="small"), shown, gap=4))
    return made


def _readable(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    plain = dict(value) if isinstance(value, Mapping) else [dict(v) for v in value]
    return json.dumps(plain, ensure_ascii=False, indent=2)
