"""The first questions as a service would be sent them: word by word, with the personal data in them marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, TextView, column, row
from accord.gui.widgets.marking import Mark, document_places, select, show_marks
from accord.gui.widgets.text import grown_height
from accord.workflows import checking
from accord.workflows.privacy_gate import Place

_HIGHEST, _ROW, _ROWS = 260, 29, 5  # px at 100 percent; places that are seen at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question: the messages as they would be sent, what was found in them, and why it is not sent, if so.

    ``replaced``: so many of the places found are replaced in the messages.
    """

    messages: Sequence[Mapping[str, str]]
    found: Sequence[Place] = ()
    why: str = ""
    replaced: int = 0


class PromptView(QWidget):
    """One question at a time, with a way to the next and the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("What would be sent"))
        self.prompts: Sequence[Prompt] = ()
        self.place = 0
        self.which = PlainLabel(role="strong")
        self.previous = Button(
            icon="chevron-left", kind="quiet", size="small", name=_("The question before"), run=lambda: self.step(-1)
        )
        self.next = Button(
            icon="chevron-right", kind="quiet", size="small", name=_("The next question"), run=lambda: self.step(1)
        )
        self.why = PlainLabel(role="error", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Personal data in this question"))
        self.list.setUniformItemSizes(True)
        self.list.currentRowChanged.connect(lambda _row: self._mark())
        self.found_title = PlainLabel(_("Personal data in it"), role="strong")
        self._messages = column(gap=12)
        self.texts: list[MessageText] = []
        head = row(self.which, self.previous, self.next, None, gap=8)
        self.setLayout(column(head, self.why, self._messages, self.found_title, self.list, gap=8))

    def show_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Show these questions, the first one first."""
        self.prompts, self.place = prompts, min(self.place, max(0, len(prompts) - 1))
        self._show()

    def can_step(self, by: int) -> bool:
        """Say whether there is a question so many further."""
        return 0 <= self.place + by < len(self.prompts)

    def step(self, by: int) -> None:
        """Go on to another question."""
        if self.can_step(by):
            self.place += by
            self._show()

    def _show(self) -> None:
        for old in self.texts:
            self._messages.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.texts = []
        self.setVisible(bool(self.prompts))
        if not self.prompts:
            return
        shown = self.prompts[self.place]
        self.which.setText(
            _("Question {n} of the first {all}", n=number(self.place + 1), all=number(len(self.prompts)))
        )
        several = len(self.prompts) > 1
        for button, by in ((self.previous, -1), (self.next, 1)):
            button.setVisible(several)
            button.setEnabled(self.can_step(by))
        self.why.setText(shown.why)
        self.why.setVisible(bool(shown.why))
        for message in shown.messages:
            made = MessageText(role_word(message["role"]), message["content"])
            self.texts.append(made)
            self._messages.addWidget(made)
        self._list(shown)

    def _list(self, shown: Prompt) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([f"{checking.title(one.rule)}   {' '.join(one.text.split())}" for one in shown.found])
        self.list.blockSignals(False)
        n = len(shown.found)
        self.list.setFixedHeight(theme().px(_ROW) * min(_ROWS, max(1, n)) + theme().px(8))
        if shown.replaced:
            told = plural(
                "{n} place with personal data is replaced by invented data:",
                "{n} places with personal data are replaced by invented data:",
                n,
            )
        else:
            told = plural("{n} place with personal data:", "{n} places with personal data:", n)
        self.found_title.setText(told)
        self.found_title.setVisible(n > 0)
        self.list.setVisible(n > 0)
        self._mark()

    def _mark(self) -> None:
        chosen = self.list.currentRow()
        shown = self.prompts[self.place] if self.prompts else None
        found = [] if shown is None or shown.replaced else list(enumerate(shown.found))
        for place, made in enumerate(self.texts):
            marks = [
                Mark(start=one.start, end=one.end, tone="disagreement", chosen=number_ == chosen)
                for number_, one in found
                if one.message == place
            ]
            show_marks(made.text, marks)
        if 0 <= chosen < len(found):
            one = found[chosen][1]
            self.texts[one.message].text.show_place(one.start)


class MessageText(QWidget):
    """Who says it, and the text, plain and in full; a long one scrolls."""

    def __init__(self, role: str, text: str) -> None:
        super().__init__()
        self.text = _Reading(role)
        self.text.set_text(text)
        self.setLayout(column(PlainLabel(role, role="small"), self.text, gap=2))


class _Reading(TextView):
    """As tall as its text, up to a height from which it scrolls."""

    def __init__(self, name: str) -> None:
        super().__init__(name, columns=110, grows=False)
        self.setProperty("kind", "")  # in a frame: it scrolls

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width needs."""
        super().resizeEvent(event)
        wanted = min(grown_height(self) + theme().px(4), theme().px(_HIGHEST))
        if self.height() != wanted:
            self.setFixedHeight(wanted)

    def show_place(self, offset: int) -> None:
        """Scroll to a place of the text, in code points."""
        self.setTextCursor(select(self, *document_places(self, [offset, offset])))
        self.ensureCursorVisible()


def role_word(role: str) -> str:
    """Return who says a message."""
    words = {"system": _("Instruction (system)"), "user": _("Question (user)"), "assistant": _("Answer (assistant)")}
    return words.get(role, role)
