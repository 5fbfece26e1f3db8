"""Small signs: the status of an example, and tags that are put on and taken off."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.actions import shown_key
from accord.gui.status import look
from accord.gui.theme import SMALL, theme


class StatusChip(QWidget):
    """An icon and a word in the status's colour."""

    def __init__(self, status: Status = Status.CANDIDATE) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._status = status
        self.set_status(status)
        theme().changed.connect(self.updateGeometry)

    def set_status(self, status: Status) -> None:
        """Show another status."""
        self._status = status
        self.setAccessibleName(_("Status: {word}", word=look(status).word))
        self.updateGeometry()
        self.update()

    def status(self) -> Status:
        """Return the status shown."""
        return self._status

    def sizeHint(self) -> QSize:
        """Return the size of icon and word."""
        width = self.fontMetrics().horizontalAdvance(look(self._status).word)
        return QSize(width + theme().px(24), theme().px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon and word."""
        painter = QPainter(self)
        paint_status(painter, QRectF(self.rect()), self._status)


def paint_status(painter: QPainter, area: QRectF, status: Status) -> None:
    """Draw a status at the left of ``area``; tables use it too."""
    shown, now, size = look(status), theme(), theme().px(16)
    pixmap = now.icon(shown.icon, shown.role).pixmap(size, size)
    painter.drawPixmap(round(area.left()), round(area.top() + (area.height() - size) / 2), pixmap)
    painter.setPen(now.color(shown.role))
    words = area.adjusted(size + now.px(6), 0, 0, 0)
    word = painter.fontMetrics().elidedText(shown.word, Qt.TextElideMode.ElideRight, int(words.width()) + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)


def status_width(metrics: QFontMetrics) -> int:
    """Return the width in px of a cell that holds the icon and the longest word."""
    return max(metrics.horizontalAdvance(look(status).word) for status in Status) + theme().px(16 + 6 + 2 * 8 + 4)


class TagChip(QPushButton):
    """A tag with its number key; pressed means the example has it."""

    def __init__(self, tag: str, key: str = "", *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tag = tag
        self._key = key
        self.setCheckable(True)
        self.setChecked(on)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Tag {tag}", tag=tag))
        self.setAccessibleDescription(_("Key {key}", key=shown_key(key)) if key else "")
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size of tick or key, and name."""
        lead = theme().px(18) if self._key or self.isCheckable() else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.tag) + lead + theme().px(22), theme().px(26))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip: outlined with its key when off, filled with a tick when on."""
        now, painter, on = theme(), QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = 2 if self.hasFocus() else 1
        painter.setPen(QPen(now.color("primary" if on or self.hasFocus() else "control"), ring))
        painter.setBrush(now.color("selected" if on else "hover" if self.underMouse() else "surface"))
        half = ring / 2
        shape = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
        lead = QRectF(now.px(8), 0, now.px(16), self.height())
        if on:
            size = now.px(14)
            pixmap = now.icon("check-bold", "primary").pixmap(size, size)
            painter.drawPixmap(round(lead.left() + 1), (self.height() - size) // 2, pixmap)
        else:
            painter.setFont(now.font(SMALL, strong=True))
            painter.setPen(now.color("muted"))
            painter.drawText(lead, Qt.AlignmentFlag.AlignCenter, shown_key(self._key) if self._key else "+")
        painter.setFont(self.font())
        painter.setPen(now.color("text" if self.isEnabled() else "disabled"))
        words = QRectF(lead.right() + now.px(4), 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tag)
