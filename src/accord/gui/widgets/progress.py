"""How long work is getting on: a thin bar with speed and time left, never a bare spinner."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain.wording import _, number, percent
from accord.gui.theme import theme


class ProgressLine(QWidget):
    """A 4 px bar over one line of words. Without a total it shows the count and the speed, and no share."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._share: float | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme().changed.connect(self.updateGeometry)

    def set_progress(
        self, done: int, total: int | None, *, rate: float | None = None, left: float | None = None, note: str = ""
    ) -> None:
        """Show ``done`` of ``total``; ``rate`` in units a second, ``left`` in seconds."""
        self._share = None if not total else min(1.0, done / total)
        words = [percent(self._share) if self._share is not None else number(done) if done else _("Starting")]
        if rate:
            words.append(_("{rate}/s", rate=number(round(rate))))
        if left is not None:
            words.append(_("{time} left", time=clock(left)))
        if note:
            words.append(note)
        self._words = " · ".join(words)
        self.setAccessibleDescription(self._words)
        self.update()

    def words(self) -> str:
        """Return the line of words."""
        return self._words

    def sizeHint(self) -> QSize:
        """Return room for bar and words."""
        return QSize(theme().px(200), theme().px(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bar and words."""
        painter = QPainter(self)
        paint_bar(painter, QRectF(0, theme().px(2), self.width(), theme().px(4)), self._share)
        painter.setFont(theme().font(12, figures=True))
        painter.setPen(theme().color("muted"))
        area = QRectF(0, theme().px(8), self.width(), theme().px(18))
        text = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def paint_bar(painter: QPainter, area: QRectF, share: float | None) -> None:
    """Draw a bar filled to ``share``; None draws a calm pattern that says "running"."""
    now, radius = theme(), area.height() / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.color("border"))
    painter.drawRoundedRect(area, radius, radius)
    painter.setBrush(now.color("primary"))
    if share is None:
        step = max(12, area.width() / 12)
        for position in range(int(area.width() / step)):
            painter.drawEllipse(QRectF(area.left() + position * step, area.top(), area.height(), area.height()))
    elif share > 0:
        painter.drawRoundedRect(
            QRectF(area.left(), area.top(), max(area.height(), area.width() * share), area.height()), radius, radius
        )


def clock(seconds: float) -> str:
    """Return a time as ``1:10`` or ``2:03:00``."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
