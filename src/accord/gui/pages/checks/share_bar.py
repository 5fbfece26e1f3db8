"""A share on a scale from none to all: a dot with its interval."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain.agreement import Figure, Measured
from accord.gui.pages.agreement.figures import reason, share
from accord.gui.theme import theme
from accord.gui.widgets import plain_tooltip

_NARROWEST = 40  # px at 100 percent


class ShareBar(QWidget):
    """Nothing is drawn but the scale where there is no figure."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._figure: Figure | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme().px(_NARROWEST))

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure."""
        self._figure = figure
        said = reason(figure) or share(figure)
        self.setAccessibleName(f"{self._name}: {said}")
        plain_tooltip(self, said)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a line of 24 px."""
        return QSize(theme().px(150), theme().px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw scale, interval and dot."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset, middle = now.px(6), self.height() / 2
        width = self.width() - 2 * inset
        painter.setPen(QPen(now.color("border"), 1))
        painter.drawLine(QPointF(inset, middle), QPointF(inset + width, middle))
        for end in (0, 1):
            painter.drawLine(
                QPointF(inset + end * width, middle - now.px(5)), QPointF(inset + end * width, middle + now.px(5))
            )
        if not isinstance(self._figure, Measured):
            return
        if self._figure.ci95 is not None:
            low, high = (inset + width * end for end in self._figure.ci95)
            painter.setPen(QPen(now.color("primary"), now.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("primary"))
        half = now.px(4)
        at = inset + width * self._figure.value
        painter.drawEllipse(QRectF(at - half, middle - half, 2 * half, 2 * half))
