"""Text that is shown and never changed: labels and reading columns that treat every text as plain."""

import html
import math
from typing import Literal

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from accord.gui.exact_text import ExactText
from accord.gui.hidden_characters import described, has_hidden, made_visible, paint_hidden
from accord.gui.reading_order import runs_right_to_left
from accord.gui.theme import theme

Role = Literal["body", "title", "heading", "strong", "muted", "small", "error", "figure", "kbd"]
READING_COLUMNS = 76
#: Of the size of the type. QPlainTextEdit has no line height; hence QTextEdits that are given plain text only.
LINE_HEIGHT = 1.5
ROOM_FOR_NAMES = 2.0


class PlainLabel(QLabel):
    """A label that never reads its text as markup, so that text cannot load an image or pass for a link."""

    def __init__(
        self,
        text: str = "",
        *,
        role: Role = "body",
        wrap: bool = False,
        selectable: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        self._elide = elide
        self._full = ""
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        if role == "kbd":
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setTextFormat(self, _format: Qt.TextFormat) -> None:
        """Stay plain, whatever is asked."""

    def setText(self, text: str) -> None:
        """Show ``text``; it is also the accessible name."""
        self._full = text
        self.setAccessibleName(text.strip()[:200] or " ")
        self._fit()

    def full_text(self) -> str:
        """Return the text as it was set, also where it is shown shortened."""
        return self._full

    def set_role(self, role: Role) -> None:
        """Change the role of the text: size, weight and colour follow the stylesheet."""
        self.setProperty("role", role)
        restyle(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again where the label elides."""
        super().resizeEvent(event)
        if self._elide:
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Let an eliding label shrink."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def _fit(self) -> None:
        if not self._elide:
            super().setText(made_visible(self._full) if has_hidden(self._full) else self._full)
            return
        line = made_visible(" ".join(self._full.split()))
        super().setText(self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, max(0, self.width())))


class PlainTextEdit(QTextEdit):
    """What reading and editing have in common: plain text alone, whose hidden characters are named over it.

    QTextEdit has a line height and QPlainTextEdit has none; hence this, and not that.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hides = False

    def set_text(self, exact: str) -> None:
        """Show a text."""
        super().setPlainText(exact)

    def text(self) -> str:
        """Return the text that is shown."""
        return super().toPlainText()

    def setPlainText(self, text: str) -> None:
        """Do as ``set_text``: there is one way in."""
        self.set_text(text)

    def setText(self, text: str) -> None:
        """Do as ``set_text``: Qt's own would read the text as markup."""
        self.set_text(text)

    def setHtml(self, text: str) -> None:
        """Show the markup itself: there is no rich text here."""
        self.set_text(text)

    def toPlainText(self) -> str:
        """Return ``text()``, not Qt's altered copy."""
        return self.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and the names of the characters in it that show nothing."""
        super().paintEvent(event)
        if self._hides:
            paint_hidden(self, QRectF(event.rect()))

    def _tell_hidden(self, text: str) -> None:
        """Note what is hidden in the text, and say it to those who do not see it painted."""
        self._hides = has_hidden(text)
        self.setAccessibleDescription(described(text) if self._hides else "")


class TextView(PlainTextEdit):
    """Read-only text under review, as tall as its content and at most ``columns`` characters wide.

    ``text()`` is the very text that was given, and what is copied from it is too. With ``grows`` False it scrolls.
    No text goes through ``setHtml`` or ``setText``, which would read it as markup.
    """

    def __init__(self, name: str, *, columns: int = READING_COLUMNS, grows: bool = True) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setProperty("kind", "reading")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)
        self._text = ExactText("")
        self._columns = columns
        self._grows = grows
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._restyled)
        self._restyled()

    def set_text(self, exact: str) -> None:
        """Show a text."""
        self._text = ExactText(exact)
        self.setCurrentCharFormat(QTextCharFormat())  # else Qt writes on in the format that stands at the cursor
        super(PlainTextEdit, self).setPlainText(self._text.display)
        self._tell_hidden(exact)
        space_lines(self)
        self._grow()

    def text(self) -> str:
        """Return the text as it was given."""
        return self._text.exact

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the exact characters of the selection."""
        cursor = self.textCursor()
        data = QMimeData()
        data.setText(self._text.slice_utf16(cursor.selectionStart(), cursor.selectionEnd()))
        return data

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # In the middle of a resize Qt would drop the layout that a new height asks for, and paint the old one.
            QTimer.singleShot(0, self, self._grow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll where the text has no scroll bar of its own."""
        if self._grows:
            event.ignore()
        else:
            super().wheelEvent(event)

    def sizeHint(self) -> QSize:
        """Return the column's width and the content's height."""
        height = grown_height(self) if self._grows else super().sizeHint().height()
        return QSize(self.maximumWidth(), height)

    def _restyled(self) -> None:
        self.setFont(theme().reading_font())
        self.setMaximumWidth(column_width(self, self._columns))
        space_lines(self)
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        if self._grows:
            self.setFixedHeight(grown_height(self))
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.updateGeometry()


def grown_height(edit: QTextEdit) -> int:
    """Return the height in px that shows all of an editor's text at its width."""
    document = edit.document()
    document.setTextWidth(edit.viewport().width())
    frame = edit.height() - edit.viewport().height()
    return math.ceil(document.size().height()) + max(frame, 2 * edit.frameWidth()) + 1


def space_lines(edit: QTextEdit) -> None:
    """Give every line the height of reading text and every paragraph its direction; nothing to undo remains of it.

    The height is a least one: fonts of other scripts are taller, and a share of theirs would tear lines apart.
    """
    spacing = QTextBlockFormat()
    spacing.setLineHeight(
        round(LINE_HEIGHT * max(1, edit.font().pixelSize())), QTextBlockFormat.LineHeightTypes.MinimumHeight.value
    )
    cursor = QTextCursor(edit.document())
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(spacing)
    block = edit.document().begin()
    while block.isValid():
        text = block.text()
        if has_hidden(text):
            make_room(block, round(ROOM_FOR_NAMES * max(1, edit.font().pixelSize())))
        if not text.isascii():
            turn_block(block, text)
        block = block.next()
    edit.document().clearUndoRedoStacks()
    edit.document().setModified(False)


def make_room(block: QTextBlock, height: int) -> None:
    """Give the lines of a paragraph room above them for the names of its hidden characters."""
    spacing = QTextBlockFormat()
    spacing.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
    QTextCursor(block).mergeBlockFormat(spacing)


def turn_block(block: QTextBlock, text: str) -> None:
    """Let a paragraph run as ``text`` does, where Qt would see it otherwise: it also counts what is in isolates."""
    wanted = Qt.LayoutDirection.RightToLeft if runs_right_to_left(text) else Qt.LayoutDirection.LeftToRight
    if block.textDirection() != wanted:
        turned = QTextBlockFormat()
        turned.setLayoutDirection(wanted)
        QTextCursor(block).mergeBlockFormat(turned)


def column_width(edit: QWidget, columns: int) -> int:
    """Return the width in px of a column of text of so many characters of ordinary prose."""
    metrics = edit.fontMetrics()
    sample = "the patient was advised to take one tablet each morning with food and water"
    return round(metrics.horizontalAdvance(sample) / len(sample) * columns) + 16


def restyle(widget: QWidget) -> None:
    """Apply the stylesheet again after a property that it names has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def plain_tooltip(widget: QWidget, text: str) -> None:
    """Give a tooltip whose text, whatever it holds, is shown as it is."""
    widget.setToolTip(f"<qt>{html.escape(text)}</qt>" if text else "")
