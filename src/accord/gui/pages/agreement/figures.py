"""How a figure is written and drawn: two decimals with its interval, a whisker on one scale, or why there is none."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain.agreement import Figure, Measured, Undefined
from accord.domain.wording import _, between, decimals, percent
from accord.gui.theme import theme
from accord.gui.widgets import plain_tooltip

_LEAST = -0.2  # what is worse is drawn at the edge


def coefficient(figure: Figure) -> str:
    """Return a coefficient as text: ``0.71 [0.60, 0.82]``, a dash where it is undefined."""
    if isinstance(figure, Undefined):
        return "–"
    return decimals(figure.value) if figure.ci95 is None else f"{decimals(figure.value)} {between(*figure.ci95)}"


def share(figure: Figure) -> str:
    """Return a share as text: ``91% [84, 96]``."""
    if isinstance(figure, Undefined):
        return "–"
    ends = "" if figure.ci95 is None else " [{:.0f}, {:.0f}]".format(*(100 * end for end in figure.ci95))
    return f"{percent(figure.value)}{ends}"


def reason(figure: Figure) -> str:
    """Return why a figure is undefined, empty where it is not."""
    return figure.reason if isinstance(figure, Undefined) else ""


def counted(figure: Figure) -> int:
    """Return on how many examples a figure rests."""
    return figure.n if isinstance(figure, Measured) else 0


class Whisker(QWidget):
    """A figure on a scale up to 1: a dot with its interval; the line at 0 is what chance alone would give."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._figure: Figure | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure; of one that is undefined the tooltip tells why."""
        self._figure = figure
        said = reason(figure) or coefficient(figure)
        self.setAccessibleName(f"{self._name}: {said}")
        plain_tooltip(self, _("{name}, from chance (0) to perfect (1): {figure}", name=self._name, figure=said))
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

        def place(value: float) -> float:
            return inset + width * (min(1.0, max(_LEAST, value)) - _LEAST) / (1 - _LEAST)

        painter.setPen(QPen(now.color("border"), 1))
        painter.drawLine(QPointF(inset, middle), QPointF(inset + width, middle))
        for mark in (0.0, 1.0):
            painter.drawLine(QPointF(place(mark), middle - now.px(5)), QPointF(place(mark), middle + now.px(5)))
        if not isinstance(self._figure, Measured):
            return
        if self._figure.ci95 is not None:
            low, high = (place(end) for end in self._figure.ci95)
            painter.setPen(QPen(now.color("primary"), now.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("primary"))
        half = now.px(4)
        painter.drawEllipse(QRectF(place(self._figure.value) - half, middle - half, 2 * half, 2 * half))
