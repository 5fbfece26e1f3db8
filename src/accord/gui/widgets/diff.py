"""A text with what was added underlined and what was removed struck through."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtGui import QTextCharFormat, QTextCursor

from accord.domain.wording import _
from accord.gui.exact_text import ExactText
from accord.gui.theme import theme
from accord.gui.widgets.text import READING_COLUMNS, TextView


class DiffPart(Protocol):
    """A run of text; ``kind`` is ``equal``, ``added`` or ``removed``. ``accord.analysis.diffs`` makes them."""

    @property
    def kind(self) -> str:
        """Return what happened to the run."""

    @property
    def text(self) -> str:
        """Return the run."""


class DiffView(TextView):
    """Shows the parts of a difference in their order, removed runs too."""

    def __init__(self, name: str, *, columns: int = READING_COLUMNS, grows: bool = True) -> None:
        self._parts: tuple[DiffPart, ...] = ()
        super().__init__(name, columns=columns, grows=grows)

    def set_parts(self, parts: Iterable[DiffPart]) -> None:
        """Show a difference."""
        self._parts = tuple(parts)
        self._write()
        added = sum(p.kind == "added" for p in self._parts)
        removed = sum(p.kind == "removed" for p in self._parts)
        self.setAccessibleDescription(_("{added} added, {removed} removed", added=added, removed=removed))

    def set_text(self, exact: str) -> None:
        """Show a text in which nothing changed."""
        self._parts = ()
        super().set_text(exact)
        self.setAccessibleDescription("")

    def _write(self) -> None:
        super().set_text("".join(p.text for p in self._parts))
        cursor, end = QTextCursor(self.document()), 0
        for part in self._parts:
            start, end = end, end + _units(ExactText(part.text).display)
            if part.kind != "equal":
                cursor.setPosition(start)
                cursor.setPosition(min(end, self.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(self._format(part.kind))
        self._grow()

    def _format(self, kind: str) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(theme().color("text"))
        made.setBackground(theme().color(kind))
        if kind == "added":
            made.setFontUnderline(True)
        else:
            made.setFontStrikeOut(True)
        return made

    def _restyled(self) -> None:
        super()._restyled()
        if self._parts:
            self._write()


def _units(text: str) -> int:
    """Return the length in UTF-16 units, which is how a Qt document counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
