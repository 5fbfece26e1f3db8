"""A text with what was added underlined and what was removed struck through."""

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Protocol

from PySide6.QtGui import QTextCharFormat, QTextCursor

from accord.domain.wording import _
from accord.gui.exact_text import ExactText
from accord.gui.hidden_characters import described
from accord.gui.reading_order import first_strong
from accord.gui.theme import theme
from accord.gui.widgets.text import READING_COLUMNS, TextView, turn_block

#: What ends a paragraph in the raw text of a Qt document.
PARAGRAPH = "\u2029"


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
        self._spans: list[tuple[int, int]] = []
        super().__init__(name, columns=columns, grows=grows)

    def set_parts(self, parts: Iterable[DiffPart]) -> None:
        """Show a difference."""
        self._parts = tuple(parts)
        self._write()
        added = sum(p.kind == "added" for p in self._parts)
        removed = sum(p.kind == "removed" for p in self._parts)
        told = [_("{added} added, {removed} removed", added=added, removed=removed), described(self.text())]
        self.setAccessibleDescription("; ".join(filter(None, told)))

    def span(self, part: int) -> QTextCursor:
        """Return the selection of a part, by its position among the parts."""
        start, end = self._spans[part]
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def part_at(self, place: int) -> int | None:
        """Return the position of the part that holds a place of the document."""
        return next((i for i, (start, end) in enumerate(self._spans) if start <= place < end), None)

    def shown_offset(self, offset: int) -> int:
        """Return where an offset into the text as it stands is in all that is shown, removed runs among it."""
        kept = shown = 0
        for part in self._parts:
            if part.kind != "removed":
                if offset < kept + len(part.text):
                    return shown + offset - kept
                kept += len(part.text)
            shown += len(part.text)
        return shown + offset - kept

    def set_text(self, exact: str) -> None:
        """Show a text in which nothing changed."""
        self._parts, self._spans = (), []
        super().set_text(exact)

    def _write(self) -> None:
        super().set_text("".join(p.text for p in self._parts))
        ends = ExactText(self.text()).places(list(accumulate(len(p.text) for p in self._parts)))
        cursor, start, at = QTextCursor(self.document()), 0, 0
        self._spans = []
        display = self.document().toRawText()
        for part, end in zip(self._parts, ends, strict=True):
            cursor.setPosition(at)
            begin, at = at, at + _units(display[start:end])
            self._spans.append((begin, at))
            start = end
            if part.kind != "equal":
                cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(self._format(part.kind))
        self._turn(display, [0, *ends])
        self._grow()

    def _turn(self, display: str, ends: list[int]) -> None:
        """Let each paragraph run as what is left of it does, not as what was removed from it."""
        if display.isascii():
            return
        kept = [
            " " * (end - start) if part.kind == "removed" else display[start:end]
            for part, (start, end) in zip(self._parts, pairwise(ends), strict=True)
        ]
        # A break that was removed is still one on the screen.
        left = "".join(was if was == PARAGRAPH else now for was, now in zip(display, "".join(kept), strict=False))
        block = self.document().begin()
        for paragraph in left.split(PARAGRAPH):
            if block.isValid() and first_strong(paragraph):
                turn_block(block, paragraph)
            block = block.next()

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
