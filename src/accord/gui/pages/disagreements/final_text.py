"""The final text as it grows: what differs from the original, or an editor in its place."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from accord.domain.wording import _, plural
from accord.gui.pages.disagreements.case import Case, text_at
from accord.gui.pages.disagreements.entered import Entered, Outcome
from accord.gui.pages.disagreements.hunks import Hunk, applied, parts_of
from accord.gui.pages.disagreements.version_card import title_of
from accord.gui.widgets import DiffView, MessageEditor, PlainLabel, Scrolled, column, row


class FinalText(QFrame):
    """``edited`` when a person types; ``left`` when she leaves the editor with Esc."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Final text"))
        self.title = PlainLabel(_("Final text"), role="strong")
        self.state = PlainLabel("", role="small", elide=True)
        self.hint = PlainLabel("", role="muted", wrap=True)
        self._area = Scrolled(margins=(0, 0, 8, 0), gap=8)
        self._blocks: list[_Block] = []
        self._pool: list[_Block] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._area.body.addWidget(self.hint)
        self._area.body.addLayout(self._rows)
        self._area.body.addStretch(1)
        head = row(self.title, self.state, gap=8)
        head.setStretch(1, 1)
        whole = column(head, self._area, gap=6)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self._case: Case | None = None
        self._open = False
        self._wanted: tuple[int, Hunk] | None = None
        self._area.verticalScrollBar().rangeChanged.connect(lambda *_range: self._follow())

    @property
    def is_open(self) -> bool:
        """Whether the editor is open."""
        return self._open

    def show_case(self, case: Case) -> None:
        """Show another case."""
        self._case, self._open, self._wanted = case, False, None
        indexes = case.indexes()
        while len(self._pool) < len(indexes):
            block = _Block()
            block.editor.edited.connect(self.edited)
            block.editor.installEventFilter(self)
            self._rows.addWidget(block)
            self._pool.append(block)
        self._blocks = self._pool[: len(indexes)]
        for block, index in zip(self._blocks, indexes, strict=True):
            block.show_message(index, title_of(case, index), named=len(indexes) > 1)
        for block in self._pool[len(indexes) :]:
            block.hide()
        self._area.verticalScrollBar().setValue(0)

    def show_entered(self, entered: Entered) -> None:
        """Show what was entered; an open editor stays as it is."""
        case = self._case
        if case is None:
            return
        text = entered.outcome is Outcome.TEXT
        self.state.setText(_state(entered, case))
        self.hint.setText(_hint(entered))
        self.hint.setVisible(not text and not self._open)
        for block in self._blocks:
            block.setVisible(text or self._open)
            if text and not self._open:
                block.show_text(text_at(case.base, block.index), entered)

    def open_editors(self, entered: Entered) -> None:
        """Open the editors on the text as it stands and go to the answer's end."""
        case = self._case
        if case is None or self._open:
            return
        self._open, self._wanted = True, None
        for block in self._blocks:
            block.open(text_at(case.base, block.index), entered)
        self.show_entered(entered)
        editor = next(block.editor for block in self._blocks if block.index == case.answer_index)
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(editor)

    def close_editors(self, entered: Entered) -> None:
        """Close them; their texts are taken with ``texts`` before."""
        self._open = False
        for block in self._blocks:
            block.close_editor()
        self.show_entered(entered)

    def reveal(self, index: int, hunk: Hunk) -> None:
        """Scroll to a change, and again as the text gets its height."""
        self._wanted = (index, hunk)
        QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        if self._wanted is None:
            return
        index, hunk = self._wanted
        block, inner = next((b for b in self._blocks if b.index == index), None), self._area.widget()
        place = None if block is None else block.place_of(hunk)
        if block is not None and inner is not None and place is not None:
            top = block.view.mapTo(inner, QPoint(0, place)).y()
            self._area.verticalScrollBar().setValue(top - self._area.viewport().height() // 3)

    def texts(self) -> dict[int, str]:
        """Return the texts of the open editors by message index."""
        return {block.index: block.editor.text() for block in self._blocks} if self._open else {}

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leave the editor with Esc."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False


class _Block(QWidget):
    """One message of the final text; it is used again for the next case."""

    def __init__(self) -> None:
        super().__init__()
        self.index = -1
        self.title = PlainLabel("", role="small")
        self.view, self.editor = DiffView(_("Final text")), MessageEditor(_("Final text"))
        self.editor.hide()
        self._changes: tuple[Hunk | None, ...] = ()
        self.setLayout(column(self.title, self.view, self.editor, gap=4))

    def show_message(self, index: int, title: str, *, named: bool) -> None:
        """Stand for another message."""
        self.index = index
        self.title.setText(title)
        self.title.setVisible(named)
        self.view.setAccessibleName(_("Final text: {title}", title=title))
        self.editor.setAccessibleName(_("Edit: {title}", title=title))
        self.close_editor()

    def show_text(self, before: str, entered: Entered) -> None:
        """Show what differs from the original."""
        hunks = entered.hunks.get(self.index, ())
        parts, self._changes = parts_of(before, hunks)
        if hunks:
            self.view.set_parts(parts)
        else:
            self.view.set_text(before)

    def place_of(self, hunk: Hunk) -> int | None:
        """Return how far down in the text a change begins, px; None where it is not in it."""
        if hunk not in self._changes:
            return None
        cursor = self.view.span(self._changes.index(hunk))
        cursor.setPosition(cursor.selectionStart())
        return self.view.cursorRect(cursor).top()

    def open(self, before: str, entered: Entered) -> None:
        """Open the editor; the original is one undo away."""
        self.editor.blockSignals(True)
        self.editor.set_text(before, current=applied(before, entered.hunks.get(self.index, ())))
        self.editor.blockSignals(False)
        self.view.hide()
        self.editor.show()

    def close_editor(self) -> None:
        """Show the difference again."""
        self.editor.hide()
        self.view.show()


def _hint(entered: Entered) -> str:
    if entered.outcome is Outcome.REJECT:
        return _("Rejected: the example stays out of the dataset. O or a version brings a text back.")
    return _("Take a version, the original, or single changes. The text grows here.")


def _state(entered: Entered, case: Case) -> str:
    if entered.outcome is not Outcome.TEXT:
        return ""
    count = sum(len(hunks) for hunks in entered.hunks.values())
    if not entered.edits(case.base):
        return _("as the original")
    return plural("{n} change to the original", "{n} changes to the original", count)
