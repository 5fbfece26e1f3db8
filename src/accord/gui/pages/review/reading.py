"""The reading column: every message of the example, the answer as the hero, source, context and what was settled."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from accord.analysis.diffs import DiffPart
from accord.domain.content import Message, Role
from accord.domain.history import Place
from accord.domain.records import Source
from accord.domain.review import Origin, Status
from accord.domain.wording import _
from accord.gui.made_by import drafted_by
from accord.gui.pages.review.answer_control import COLUMNS
from accord.gui.pages.review.loading import Item, has_lines
from accord.gui.pages.review.message_block import Make, MessageBlock, role_title
from accord.gui.pages.review.work import Work
from accord.gui.widgets import Button, DiffView, MessageEditor, PlainLabel, Scrolled, StatusChip, TextView, column, row
from accord.gui.widgets.marking import document_places, select

WIDTH = 680
EDITOR_MARGIN = 24
PLACE_MARGIN = 96


class Banner(QFrame):
    """A sentence above the text with at most two things to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.text = PlainLabel("", wrap=True)
        self.first = Button("")
        self.second = Button("", kind="quiet")
        self._runs: list[Callable[[], object]] = []
        self.first.clicked.connect(lambda _checked=False: self._run(0))
        self.second.clicked.connect(lambda _checked=False: self._run(1))
        line = row(self.text, self.first, self.second)
        line.setStretch(0, 1)
        self.other = DiffView(_("The other text"), columns=COLUMNS)
        self.setLayout(column(line, self.other, margins=(16, 8, 8, 8)))
        self.hide()

    def say(
        self, sentence: str, *choices: tuple[str, Callable[[], object]], role: Literal["body", "error"] = "body"
    ) -> None:
        """Show a sentence with (title, function) pairs."""
        self.text.set_role(role)
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self._runs = [run for _title, run in choices]
        for button, position in ((self.first, 0), (self.second, 1)):
            button.setVisible(position < len(choices))
            button.setText(choices[position][0] if position < len(choices) else "")
        self.other.hide()
        self.show()

    def show_other(self, parts: Iterable[DiffPart]) -> None:
        """Show another text below the sentence, with what differs."""
        self.other.set_parts(parts)
        self.other.show()

    def _run(self, position: int) -> None:
        if position < len(self._runs):
            self._runs[position]()


class ReadingColumn(Scrolled):
    """Shows an item. ``edit_wanted`` and ``edited`` give a message's position."""

    edit_wanted = Signal(int)
    edited = Signal(int)
    scrolled = Signal()

    def __init__(self, make: Make) -> None:
        super().__init__(width=WIDTH, margins=(24, 16, 24, 24), gap=16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("The example"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # one width, whatever the length
        self._make = make
        self._blocks: list[MessageBlock] = []
        self._used = 0
        self._shown_id = ""
        self.diff = True
        self.place = PlainLabel("", role="small", elide=True)
        self.status = StatusChip()
        self.restored = PlainLabel(_("draft restored"), role="small")
        self.blind = PlainLabel("", role="small")
        self.drafted = PlainLabel("", role="kbd")
        self.banner = Banner()
        head = row(self.status, self.drafted, self.blind, self.restored, self.place)
        head.setStretch(4, 1)
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._messages = column(gap=16)
        self.context_title = PlainLabel(_("Source passage"), role="muted")
        self.context_text = TextView(_("Source passage"), columns=COLUMNS)
        self.below = column(gap=16)
        for item in (head, self.banner, self._messages):
            self.body.addLayout(item) if not isinstance(item, QWidget) else self.body.addWidget(item)
        self.body.addWidget(self.context_title)
        self.body.addWidget(self.context_text)
        self.critique_title = PlainLabel(role="muted")
        self.critique = TextView(_("What the model said of it"), columns=COLUMNS)
        self.body.addWidget(self.critique_title)
        self.body.addWidget(self.critique)
        self.body.addLayout(self.below)
        self.body.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())
        self.verticalScrollBar().rangeChanged.connect(self._follow_editor)

    def show_item(self, item: Item, work: Work, *, kind: str) -> None:
        """Show an item with what the reviewer has entered; ``kind`` is the project's answer kind."""
        content, row_ = item.base, item.detail.row
        messages = _messages(item)
        for index, message in enumerate(messages):
            answer = index == item.answer_index
            title = role_title(message.role, is_answer=answer, is_request=index == content.request_index)
            block = self._block(index)
            block.show_message(
                message, index, imported=item.imported_text_of(index), title=title, kind=kind if answer else ""
            )
            block.show_text(work.edits.get(index, message.content), diff=self.diff)
            block.show()
        for block in self._blocks[len(messages) :]:
            block.hide()
        self._used = len(messages)
        self.status.set_status(Status(row_.status))
        self.place.setText(place_of(item))
        source = first_source(item)
        self.context_text.set_text(source.context)
        self.context_title.setVisible(bool(source.context))
        self.context_text.setVisible(bool(source.context))
        self._show_maker(item, source)
        if item.id != self._shown_id:
            self._shown_id = item.id
            self.verticalScrollBar().setValue(0)

    def _show_maker(self, item: Item, source: Source) -> None:
        """Mark what a model made, for ever, and show what it said of the text."""
        made, model = item.detail.row.origin == Origin.GENERATED, source.metadata.get("model", "")
        self.drafted.setText(drafted_by(model) if made else "")
        self.drafted.setVisible(made)
        critique = source.metadata.get("critique", "") if made else ""
        self.critique_title.setText(_("What {model} said of the answer before", model=model))
        self.critique.set_text(critique)
        for part in (self.critique_title, self.critique):
            part.setVisible(bool(critique))

    def show_blind(self, until: int) -> None:
        """Say until when what others said stays hidden, 0 for not at all."""
        told = _("blind until the second reviewer is done") if until == 2 else ""
        self.blind.setText(told or _("blind until all {n} reviewers are done", n=until))
        self.blind.setVisible(until > 0)

    def forget_blocks(self) -> None:
        """Make the blocks anew: the project's answer kind, choices or schema changed."""
        for block in self._blocks:
            self._messages.removeWidget(block)
            block.hide()
            block.deleteLater()
        self._blocks, self._used, self._shown_id = [], 0, ""

    def blocks(self) -> Sequence[MessageBlock]:
        """Return the blocks of the item that is shown."""
        return self._blocks[: self._used]

    def answer_block(self) -> MessageBlock | None:
        """Return the block of the answer."""
        return next((block for block in self.blocks() if block.is_answer), None)

    def cursor_place(self) -> int:
        """Return where the text cursor is in the answer."""
        block = self.answer_block()
        return 0 if block is None else block.cursor_place()

    def focused_block(self) -> MessageBlock | None:
        """Return the block that holds the focus."""
        focused = self.window().focusWidget()
        return next((b for b in self.blocks() if focused is not None and b.isAncestorOf(focused)), None)

    def show_texts(self, item: Item, work: Work) -> None:
        """Show the texts again, as after the difference was switched on; open editors stay."""
        for block in self.blocks():
            if not block.is_open:
                block.show_text(work.edits.get(block.index, item.text_of(block.index)), diff=self.diff)

    def show_place(self, index: int, offset: int) -> None:
        """Scroll to a place of a message, unless it is in view already."""
        block, inner = next((b for b in self.blocks() if b.index == index), None), self.widget()
        if block is None or inner is None or block.text_edit().isHidden():
            return
        edit = block.text_edit()
        rect = edit.cursorRect(select(edit, *document_places(edit, [offset, offset])))
        self.ensureVisible(0, edit.viewport().mapTo(inner, rect.center()).y(), 0, PLACE_MARGIN)

    def _follow_editor(self) -> None:
        """Bring an editor into view when it took its room, as after it was opened below a long request."""
        focused, inner = self.window().focusWidget(), self.widget()
        if not isinstance(focused, MessageEditor) or inner is None or not inner.isAncestorOf(focused):
            return
        top = focused.mapTo(inner, focused.rect().topLeft()).y()
        if focused.height() + 2 * EDITOR_MARGIN <= self.viewport().height():
            self.ensureVisible(0, top, 0, EDITOR_MARGIN)
            self.ensureVisible(0, top + focused.height(), 0, EDITOR_MARGIN)
        self._follow_cursor(focused)

    def show_editor(self) -> None:
        """Bring the editor that has the focus into view, now and once it has grown to its text."""
        QTimer.singleShot(0, self, self._follow_editor)

    def _follow_cursor(self, edit: MessageEditor) -> None:
        """Scroll so that the line one types in stays in view; the editor itself is as tall as its text."""
        inner = self.widget()
        if inner is None or not edit.isVisible() or not edit.hasFocus():
            return
        place = edit.viewport().mapTo(inner, edit.cursorRect().center())
        self.ensureVisible(0, place.y(), 0, 48)

    def _block(self, index: int) -> MessageBlock:
        while len(self._blocks) <= index:
            block = MessageBlock(self._make)
            block.edit_wanted.connect(self.edit_wanted)
            block.edited.connect(self.edited)
            block.cursor_moved.connect(self._follow_cursor)
            self._messages.addWidget(block)
            self._blocks.append(block)
        return self._blocks[index]


def _messages(item: Item) -> list[Message]:
    """Return the messages, with an empty answer at the end where there is none yet."""
    messages = list(item.base.messages)
    if item.answer_index == len(messages):
        messages.append(Message(role=Role.ASSISTANT, content=""))
    return messages


def first_source(item: Item) -> Source:
    """Return what the first place of an example says of its source."""
    places = item.detail.places
    return places[0].source if places else Source()


def where_in(place: Place) -> str:
    """Return the file of a place and the line or row in it."""
    if has_lines(place.file):
        return _("{file}, line {line}", file=place.file, line=place.line)
    return _("{file}, row {line}", file=place.file, line=place.line)


def place_of(item: Item) -> str:
    """Return where an example comes from, in one line."""
    places = item.detail.places
    if not places:
        return item.id
    source = places[0].source
    where = "" if source.source == places[0].file else where_in(places[0])  # what a model made has no line of a file
    return " · ".join(part for part in (source.source, source.source_date, source.licence, where) if part)
