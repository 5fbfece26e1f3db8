"""Entering: opening and leaving editors, tags, ratings, reasons, comment and citation."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor

from accord.domain.project import AnswerKind
from accord.domain.review import Status, Verdict
from accord.gui.pages.review.answer_control import AnswerControl
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.judgement_pane import JudgementPane
from accord.gui.pages.review.message_block import MessageBlock
from accord.gui.pages.review.note_field import NoteField
from accord.gui.pages.review.reading import ReadingColumn
from accord.gui.pages.review.work import Work

CHECK_AFTER_MS = 250


class Entry(QObject):
    """What the keys and the pane do to the fields. ``fault`` says what is wrong with what was typed, or nothing."""

    fault = Signal(str)
    editing_changed = Signal()

    def __init__(self, desk: Desk, reading: ReadingColumn, pane: JudgementPane) -> None:
        super().__init__()
        self._desk, self._reading, self._pane = desk, reading, pane
        self.elsewhere = False  # something else than the item is shown in the middle
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_AFTER_MS)
        self._check.timeout.connect(self._check_answer)
        reading.edit_wanted.connect(self.edit)
        reading.edited.connect(self._typed)
        pane.noted.connect(desk.typed)
        pane.tag_toggled.connect(self.toggle_tag)
        pane.reason_toggled.connect(lambda reason: desk.set_work(desk.collect().toggled_reason(reason)))
        pane.rated.connect(lambda question, value: desk.set_work(desk.collect().rated(question, value)))
        pane.tag_field.left.connect(self.go_back)

    def can_judge(self) -> bool:
        """Whether there is an item that can be judged."""
        item = self._desk.item
        return item is not None and not self.elsewhere and item.detail.row.status != Status.SET_ASIDE

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open or a text was changed."""
        return bool(self._desk.work.edits) or any(block.is_open for block in self._reading.blocks())

    def has_something_open(self) -> bool:
        """Whether Esc has something to leave: an editor, a field, or the list of tags."""
        focused = self._reading.window().focusWidget()
        elsewhere = focused is not self._reading or self._pane.tag_field.isVisible()
        return elsewhere or any(block.is_open for block in self._reading.blocks())

    def pause(self) -> None:
        """Check nothing more: the page is left."""
        self._check.stop()

    def take(self, work: Work) -> Work:
        """Return the fields with what stands in the editors and notes."""
        item = self._desk.item
        if item is None:
            return work
        for block in self._reading.blocks():
            work = work.with_edit(block.index, block.text(), item.text_of(block.index))
        return Work(
            edits=work.edits,
            tags=work.tags,
            ratings=work.ratings,
            reasons=work.reasons,
            comment=self._pane.comment.text(),
            citation=self._pane.citation.text(),
        )

    def edit(self, index: int | None = None) -> None:
        """Open the editor on a message: the one given, the one with the focus, else the answer."""
        block = self._block(index)
        if block is None or not self.can_judge():
            return
        control = block.open_editor()
        self.editing_changed.emit()
        if isinstance(control, AnswerControl):
            control.take_focus()
        else:
            control.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._reading.show_editor()

    def open_missing(self) -> None:
        """Open the editor of an answer that is still to be written; the focus stays where it is."""
        item = self._desk.item
        if item is not None and not item.base.has_answer and self.can_judge():
            self.open_quietly(item.answer_index)

    def open_quietly(self, index: int) -> None:
        """Open the editor on a message; the focus and the scroll bar stay where they are."""
        block = self._block(index)
        if block is not None:
            block.open_editor()

    def leave(self) -> None:
        """Leave the editor or field; what was typed is kept as a draft."""
        if self._pane.tag_field.isVisible():
            self._pane.tag_field.leave()
            return
        work = self._desk.collect()
        for block in self._reading.blocks():
            if block.is_open:
                block.close_editor()
        self.show_texts(work)
        self._desk.drafts.flush()
        self.go_back()
        self.editing_changed.emit()

    def show_texts(self, work: Work) -> None:
        """Show the texts with what was entered."""
        item = self._desk.item
        if item is not None:
            self._reading.show_texts(item, work)

    def go_back(self) -> None:
        """Put the focus on the text, where the keys work."""
        self._reading.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_diff(self) -> None:
        """Show what differs from the import, or not."""
        self._reading.diff = not self._reading.diff
        self.show_texts(self._desk.collect())

    def toggle_tag(self, tag: str) -> None:
        """Put a tag on or take it off."""
        if self._desk.item is not None:
            self._desk.set_work(self._desk.collect().toggled_tag(tag))

    def toggle_tag_number(self, n: int) -> None:
        """Toggle the tag with the key ``n``."""
        tags = self._desk.settings.tags
        if n <= len(tags):
            self.toggle_tag(tags[n - 1].name)

    def pick_choice(self, n: int) -> None:
        """Pick an answer of the closed list."""
        choices, item = self._desk.settings.choices, self._desk.item
        block = None if item is None else self._block(item.answer_index)
        if block is not None and n <= len(choices) and self.can_judge():
            block.put(choices[n - 1].label)

    def focus_note(self, note: NoteField) -> None:
        """Put the cursor into the comment or the citation, behind what stands there."""
        note.moveCursor(QTextCursor.MoveOperation.End)
        note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _block(self, index: int | None) -> MessageBlock | None:
        blocks = {block.index: block for block in self._reading.blocks()}
        if index is not None:
            return blocks.get(index)
        focused = self._reading.focused_block()
        item = self._desk.item
        return focused or (None if item is None else blocks.get(item.answer_index))

    def _typed(self, _index: int) -> None:
        self._desk.typed()
        if self._desk.settings.answer_kind is not AnswerKind.TEXT:
            self._desk.collect()
            self._check.start()
        else:
            self.fault.emit("")
        self.editing_changed.emit()

    def _check_answer(self) -> None:
        work = self._desk.collect()
        judgement = work.judgement(Verdict.EDIT, seconds=0)
        self.fault.emit(self._desk.problem_with(judgement) if work.edits else "")
