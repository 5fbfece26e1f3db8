"""Markdown as it is read: rendered, in a view that loads nothing, from no disk and no network."""

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

_MARGIN, _LINE_PERCENT = 16, 135
_ABOVE_HEADING, _BELOW_HEADING, _BELOW_TEXT = 24, 8, 8


class MarkdownView(QTextBrowser):
    """Shows Markdown without its HTML; an image is an empty dot, a link leads nowhere."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self._empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._empty.fill(Qt.GlobalColor.transparent)

    def show_markdown(self, text: str) -> None:
        """Render a text."""
        features = QTextDocument.MarkdownFeature
        self.document().setMarkdown(text, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
        self.document().setDocumentMargin(_MARGIN)
        block = self.document().begin()
        while block.isValid():
            _give_room(block)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Give an empty picture for whatever is named; giving nothing would let Qt read the file itself."""
        return self._empty


def _give_room(block: QTextBlock) -> None:
    """Space a block as reading text; Qt's own headings and paragraphs stand close together."""
    room = block.blockFormat()
    heading = room.headingLevel() > 0
    first = block.blockNumber() == 0
    room.setTopMargin(_ABOVE_HEADING if heading and not first else 0)
    room.setBottomMargin(_BELOW_HEADING if heading else _BELOW_TEXT)
    room.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor = QTextCursor(block)
    cursor.setBlockFormat(room)
