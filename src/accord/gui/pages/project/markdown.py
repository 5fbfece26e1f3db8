"""A guideline as it will be read: rendered Markdown that loads nothing, from no disk and no network."""

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser


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

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Give an empty picture for whatever is named; giving nothing would let Qt read the file itself."""
        return self._empty
