"""Characters that nobody sees: controls, marks that turn the order of a line round, spaces of no width.

They stay in the text as they are. A view paints the name of each over the place where it stands; a line of a table,
where there is no room for that, shows the name of those that would turn the line round or hide in it.
"""

import re
import unicodedata

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock, QTextLine
from PySide6.QtWidgets import QTextEdit

from accord.domain.wording import plural
from accord.gui.theme import theme

#: The abbreviations of the Unicode Standard; those of the C0 controls are their pictures U+2400 and up.
_C0 = tuple(
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI "  # noqa: SIM905  (a table reads better than 32 strings)
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split()
)
_TURNING = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
_QUIET = {
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u180e": "MVS",
    "\u200b": "ZWSP",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2028": "LSEP",
    "\u2060": "WJ",
    "\u2061": "FA",
    "\u2062": "IT",
    "\u2063": "IS",
    "\u2064": "IP",
    "\ufeff": "BOM",
    "\ufff9": "IAA",
    "\ufffa": "IAS",
    "\ufffb": "IAT",
}
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LOUD_RUN = re.compile(f"[{_CONTROLS}{''.join(_TURNING)}]")
# A tag letter belongs to a flag (U+1F3F4 and tags up to U+E007F); elsewhere it hides a message.
_HIDDEN_RUN = re.compile(
    f"\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|([{_CONTROLS}{''.join(_TURNING)}{''.join(_QUIET)}"
    "\u206a-\u206f\U000e0000-\U000e007f]+)"
)
_NAMED_IN_RUN = 3


def short_name(character: str) -> str:
    """Return the usual abbreviation of a character that shows nothing, else its code point."""
    code = ord(character)
    if code < len(_C0):
        return _C0[code]
    return "DEL" if code == 0x7F else _TURNING.get(character) or _QUIET.get(character) or f"U+{code:04X}"


def has_hidden(text: str) -> bool:
    """Tell whether a text holds a character that shows nothing."""
    return any(found[1] for found in _HIDDEN_RUN.finditer(text))


def made_visible(text: str) -> str:
    """Return the text of a line with the name of each character in it that would turn it round or hide a control."""
    return text if text.isascii() and text.isprintable() else _LOUD_RUN.sub(_label, text)


def described(text: str) -> str:
    """Return a sentence on what is hidden in a text, for those who do not see the names painted; empty for nothing."""
    found = [character for run in _HIDDEN_RUN.finditer(text) for character in run[1] or ""]
    if not found:
        return ""
    names = ", ".join(dict.fromkeys(_long_name(character) for character in found))
    return plural("{n} hidden character: {names}", "{n} hidden characters: {names}", len(found), names=names)


def paint_hidden(edit: QTextEdit, visible: QRectF) -> None:
    """Paint the names of the hidden characters over a text edit, where they stand; ``visible`` in viewport px."""
    painter = QPainter(edit.viewport())
    layout = edit.document().documentLayout()
    offset = QPointF(-edit.horizontalScrollBar().value(), -edit.verticalScrollBar().value())
    block = edit.document().begin()
    while block.isValid():
        area = layout.blockBoundingRect(block).translated(offset)
        if area.top() > visible.bottom():
            break
        if area.bottom() >= visible.top():
            _paint_block(painter, block, area.topLeft())
        block = block.next()
    painter.end()


def _paint_block(painter: QPainter, block: QTextBlock, origin: QPointF) -> None:
    text = block.text()
    if text.isascii() and text.isprintable():
        return
    for run in _HIDDEN_RUN.finditer(text):
        if not run[1]:
            continue
        position = len(text[: run.start()].encode("utf-16-le", "surrogatepass")) // 2
        line = block.layout().lineForTextPosition(position)
        if not line.isValid():
            continue
        _paint_name(painter, origin + QPointF(_x_of(line, position), line.y()), line.height(), run[1])


def _x_of(line: QTextLine, position: int) -> float:
    found: object = line.cursorToX(position)  # the binding gives the place and the position, whatever its stub says
    return float(found[0] if isinstance(found, tuple) else str(found))


def _paint_name(painter: QPainter, top: QPointF, height: float, run: str) -> None:
    """Paint a small flag at the top of the line, above the letters, and the pole that shows the place."""
    now = theme()
    turning = _LOUD_RUN.search(run) is not None
    names = list(dict.fromkeys(map(short_name, run)))
    label = " ".join(names[:_NAMED_IN_RUN]) + ("…" if len(names) > _NAMED_IN_RUN else "")
    if len(run) > len(names):
        label = f"{label} ×{len(run)}"
    painter.setFont(now.font(8, strong=True))
    width = painter.fontMetrics().horizontalAdvance(label) + now.px(6)
    right = painter.device().width()
    above = now.px(5)  # letters leave that much free below the top of their line
    flag = QRectF(max(0.0, min(top.x(), right - width)), max(0.0, top.y() - above), width, now.px(10))
    back = now.color("disagreement" if turning else "muted")
    painter.fillRect(QRectF(top.x() - 0.5, top.y(), 1, height), back)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawRoundedRect(flag, 2, 2)
    painter.setPen(now.color("surface"))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, label)


def _label(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < len(_C0) else f"[{short_name(found[0])}]"


def _long_name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"{short_name(character)} ({name.lower()})" if name else short_name(character)
