"""Which way a text runs, by its first strong character, and a line of text painted that way."""

import unicodedata

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from accord.gui.hidden_characters import made_visible

_ISOLATES, _POP_ISOLATE = frozenset({"LRI", "RLI", "FSI"}), "PDI"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LINE_CHARS = 400  # no screen shows more of them in a line


def runs_right_to_left(text: str) -> bool:
    """Tell which way a paragraph runs: rules P2 and P3 of the Unicode bidirectional algorithm (UAX 9)."""
    return first_strong(text) in _RIGHT_TO_LEFT


def first_strong(text: str) -> str:
    """Return the bidirectional class (L, R or AL) of the first strong character outside isolates; "" for none."""
    if text.isascii():
        return "L" if any(map(str.isalpha, text)) else ""
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _ISOLATES:
            depth += 1
        elif kind == _POP_ISOLATE:
            depth = max(0, depth - 1)
        elif kind == "B":
            depth = 0
        elif not depth and (kind == "L" or kind in _RIGHT_TO_LEFT):
            return kind
    return ""


def paint_line(painter: QPainter, area: QRectF, text: str, *, right: bool = False) -> None:
    """Paint one line in its own direction, shortened at its end; ``right`` puts it at the right side in any case.

    Line breaks and tabs become spaces, and characters that would hide in the line or turn it round are named.
    """
    flat = made_visible(" ".join(text[:_LINE_CHARS].split()))
    turned = runs_right_to_left(flat)
    shown = painter.fontMetrics().elidedText(flat, Qt.TextElideMode.ElideRight, int(area.width()))
    side = Qt.AlignmentFlag.AlignRight if right or turned else Qt.AlignmentFlag.AlignLeft
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if turned else Qt.LayoutDirection.LeftToRight)
    painter.drawText(area, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
