"""Places marked in a text that is shown or edited: tinted and underlined over it, the text itself untouched."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from accord.gui.exact_text import ExactText
from accord.gui.theme import theme
from accord.gui.widgets.diff import DiffView
from accord.gui.widgets.text import PlainTextEdit

MOST = 400  # so many marks are painted at once; more of them are no help


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Code points ``start`` to ``end`` of a text; ``tone`` is the token of the line under them."""

    start: int
    end: int
    tone: str
    chosen: bool = False


def show_marks(edit: PlainTextEdit, marks: Sequence[Mark]) -> None:
    """Mark these places and no others; they move with the text while one types in it."""
    if not marks and not edit.extraSelections():
        return
    shown = sorted(marks, key=lambda one: not one.chosen)[:MOST]
    places = document_places(edit, [offset for mark in shown for offset in (mark.start, mark.end)])
    selections = []
    for position, mark in enumerate(shown):
        selection = QTextEdit.ExtraSelection()
        selection.cursor = select(edit, *places[2 * position : 2 * position + 2])
        selection.format = _format(mark)
        selections.append(selection)
    edit.setExtraSelections(selections[::-1])  # the last one is painted over the others


def select(edit: QTextEdit, start: int, end: int) -> QTextCursor:
    """Return the selection between two positions of the document, which may be beyond its end."""
    last = edit.document().characterCount() - 1
    cursor = QTextCursor(edit.document())
    cursor.setPosition(min(start, last))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def document_places(edit: PlainTextEdit, offsets: Sequence[int]) -> list[int]:
    """Return where offsets into the text, in code points, are in the document, which counts UTF-16 units.

    In a difference the text is what stands, without what was removed.
    """
    wanted = [edit.shown_offset(offset) for offset in offsets] if isinstance(edit, DiffView) else list(offsets)
    exact = ExactText(edit.text())
    places = exact.places(wanted)
    if exact.display.isascii():
        return places
    return [len(exact.display[:place].encode("utf-16-le", "surrogatepass")) // 2 for place in places]


def _format(mark: Mark) -> QTextCharFormat:
    made, now = QTextCharFormat(), theme()
    made.setUnderlineStyle(
        QTextCharFormat.UnderlineStyle.SingleUnderline if mark.chosen else QTextCharFormat.UnderlineStyle.DashUnderline
    )
    made.setUnderlineColor(now.color(mark.tone))
    if mark.chosen:
        made.setBackground(now.color("marked"))
        made.setForeground(now.color("text"))
    return made
