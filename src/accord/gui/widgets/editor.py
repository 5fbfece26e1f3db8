"""The editor of a message: opening it changes nothing, and an edit keeps every character that was not touched."""

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy

from accord.gui.exact_text import ExactText, document_text
from accord.gui.theme import theme
from accord.gui.widgets.text import READING_COLUMNS, PlainTextEdit, column_width, grown_height, space_lines

MIN_LINES = 3


class MessageEditor(PlainTextEdit):
    """Edits one message. ``text()`` is the original, character by character, until something was really changed."""

    edited = Signal()

    def __init__(self, name: str, *, columns: int = READING_COLUMNS, grows: bool = True) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._original = ExactText("")
        self._columns = columns
        self._grows = grows
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().contentsChange.connect(self._contents_changed)
        theme().changed.connect(self._restyled)
        self._restyled()

    def set_text(self, exact: str, *, current: str | None = None) -> None:
        """Open a text; ``current`` is a draft of it that was kept, which counts as an edit and can be undone."""
        self._original = ExactText(exact)
        super(PlainTextEdit, self).setPlainText(self._original.display)
        space_lines(self)
        if current is not None and current != exact:
            self._type_over(ExactText(current).display)
        self._grow()

    def text(self) -> str:
        """Return the text as edited; unchanged parts are exactly as they were opened."""
        if not self.document().isModified() and not self.document().isUndoAvailable():
            return self._original.exact
        return self._original.restore(document_text(self.document().toRawText()))

    def is_edited(self) -> bool:
        """Say whether the text differs from what was opened."""
        return self.text() != self._original.exact

    def revert(self) -> None:
        """Put the opened text back, as an edit that can be undone."""
        self._type_over(self._original.display)

    def replace_with(self, text: str) -> None:
        """Put another text in, as one edit that can be undone."""
        self._type_over(ExactText(text).display)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the characters of the selection; no-break spaces stay what they are."""
        data = QMimeData()
        data.setText(document_text(self.textCursor().selectedText()))
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text alone, and as it is."""
        if source.hasText():
            self.textCursor().insertText(ExactText(source.text()).display)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Make Shift+Enter an ordinary line end; Qt would write U+2028."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not (
            event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        ):
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._grow)  # in the middle of a resize Qt would drop the layout it asks for

    def sizeHint(self) -> QSize:
        """Return the column's width and the content's height."""
        return QSize(self.maximumWidth(), self._wanted_height())

    def _type_over(self, display: str) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(display)
        cursor.endEditBlock()

    def _contents_changed(self, _position: int, removed: int, added: int) -> None:
        if removed or added:
            self._tell_hidden(self.document().toRawText())
            self._grow()
            self.edited.emit()

    def _restyled(self) -> None:
        self.setFont(theme().reading_font())
        self.setMaximumWidth(column_width(self, self._columns) + theme().px(16))
        QTimer.singleShot(0, self, self._grow)

    def _wanted_height(self) -> int:
        least = self.fontMetrics().lineSpacing() * MIN_LINES + theme().px(20)
        return max(least, grown_height(self)) if self._grows else super().sizeHint().height()

    def _grow(self) -> None:
        if self._grows and self.height() != self._wanted_height():
            self.setFixedHeight(self._wanted_height())
            self.updateGeometry()
