"""One finding as a line: icon and word of its severity and what it is; the chosen one says its whole sentence."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from accord.domain.wording import _
from accord.gui.pages.review.found import Found
from accord.gui.severity import severity_look
from accord.gui.theme import SMALL, theme
from accord.gui.widgets import plain_tooltip

_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class FindingLine(QPushButton):
    """Pressed, it is the chosen finding; its place stands out in the text."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.found = found
        self._name()
        self._fit()
        theme().changed.connect(self._fit)

    def show_finding(self, found: Found, *, chosen: bool) -> None:
        """Show a finding, as the chosen one or not."""
        if found == self.found and chosen == self.isChecked():
            return
        self.setChecked(chosen)
        if found != self.found:
            self.found = found
            self._name()
        self._fit()
        self.update()

    def _name(self) -> None:
        found = self.found
        word = severity_look(found.finding.severity).word
        self.setAccessibleName(_("{severity}: {sentence}", severity=word, sentence=found.sentence))
        plain_tooltip(self, found.sentence)

    def sizeHint(self) -> QSize:
        """Return one line, and under it the sentence where it is the chosen one."""
        return QSize(theme().px(120), self._height())

    def minimumSizeHint(self) -> QSize:
        """Let it be as narrow as the pane."""
        return QSize(theme().px(60), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the sentence needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint when the pointer leaves."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface, icon, word, title and sentence."""
        now, painter, look = theme(), QPainter(self), severity_look(self.found.finding.severity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse() or self.hasFocus():
            ring = 2 if self.hasFocus() else 0
            painter.setPen(QPen(now.color("primary"), ring) if ring else Qt.PenStyle.NoPen)
            painter.setBrush(now.color("selected" if chosen else "hover" if self.underMouse() else "surface"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        line, size = now.px(28), now.px(16)
        painter.drawPixmap(now.px(6), (line - size) // 2, now.icon(look.icon, look.tone).pixmap(size, size))
        strong, plain = now.font(SMALL, strong=True), now.font(SMALL)
        x = self._left()
        painter.setFont(strong)
        painter.setPen(now.color(look.tone))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(x, 0, self.width() - x, line), middle, look.word)
        x += QFontMetrics(strong).horizontalAdvance(look.word) + now.px(8)
        painter.setFont(plain)
        painter.setPen(now.color("text"))
        room = self.width() - x - now.px(6)
        title = QFontMetrics(plain).elidedText(self.found.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(x, 0, room, line), middle, title)
        if chosen:
            painter.drawText(self._sentence_area(plain), _WRAPPED, self.found.sentence)

    def _left(self) -> int:
        return theme().px(6 + 16 + 6)

    def _sentence_area(self, font: QFont) -> QRect:
        now = theme()
        room = QRect(self._left(), now.px(26), max(1, self.width() - self._left() - now.px(8)), 10_000)
        return QFontMetrics(font).boundingRect(room, int(_WRAPPED), self.found.sentence)

    def _height(self) -> int:
        now = theme()
        if not self.isChecked():
            return now.px(28)
        return self._sentence_area(now.font(SMALL)).bottom() + now.px(7)

    def _fit(self) -> None:
        if self.minimumHeight() != self._height():
            self.setFixedHeight(self._height())
