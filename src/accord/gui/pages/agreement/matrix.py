"""Who agrees with whom: a square of reviewers, each cell coloured by its coefficient, with the number and its n."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.analysis.agreement.warnings import FEW_ITEMS
from accord.domain.agreement import Measured
from accord.domain.project_agreement import PairAgreement
from accord.domain.wording import _, decimals
from accord.gui.pages.agreement.figures import coefficient, counted, reason, share
from accord.gui.theme import theme
from accord.gui.tokens import mix
from accord.gui.widgets import plain_tooltip

_NAMES, _CELL, _LINE = 150, 104, 44  # px at 100 percent
_STRONGEST = 0.55  # of the colour, so that text stays legible on it


class Matrix(QWidget):
    """The pairs of reviewers; ``chosen`` gives the two of a cell, by click or by arrows and Enter."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._pairs: dict[tuple[str, str], PairAgreement] = {}
        self._at = (0, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme().changed.connect(self.updateGeometry)

    def show_pairs(self, names: Sequence[str], pairs: Sequence[PairAgreement]) -> None:
        """Show these reviewers."""
        self._names = tuple(names)
        self._pairs = {(pair.first, pair.second): pair for pair in pairs}
        self._pairs |= {(second, first): pair for (first, second), pair in self._pairs.items()}
        self._at = (0, min(1, len(names) - 1))
        self._tell()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for all names and cells."""
        now, n = theme(), len(self._names)
        return QSize(now.px(_NAMES + n * _CELL), now.px(28 + n * _LINE))

    def pair_at(self, row: int, column: int) -> PairAgreement | None:
        """Return the pair of a cell, None on the diagonal or where there is no such cell."""
        if not (0 <= row < len(self._names) and 0 <= column < len(self._names)):
            return None
        return self._pairs.get((self._names[row], self._names[column]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows, choose by Enter or Space."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            last = len(self._names) - 1
            self._at = (min(last, max(0, self._at[0] + step[0])), min(last, max(0, self._at[1] + step[1])))
            self._tell()
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._choose(*self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where one is."""
        super().focusInEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say in the tooltip what the cell under the pointer holds."""
        plain_tooltip(self, self._told(*self._cell_at(event.position().toPoint())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that was clicked."""
        self._at = self._cell_at(event.position().toPoint())
        self._tell()
        self.update()
        self._choose(*self._at)

    def _choose(self, row: int, column: int) -> None:
        pair = self.pair_at(row, column)
        if pair is not None:
            self.chosen.emit(pair.first, pair.second)

    def _cell_at(self, point: QPoint) -> tuple[int, int]:
        now = theme()
        return (point.y() - now.px(28)) // now.px(_LINE), (point.x() - now.px(_NAMES)) // now.px(_CELL)

    def _told(self, row: int, column: int) -> str:
        pair = self.pair_at(row, column)
        if pair is None:
            return ""
        told = reason(pair.kappa) or _(
            "{first} and {second}: {share} alike, kappa {kappa}, AC1 {ac1}, {n} examples",
            first=pair.first,
            second=pair.second,
            share=share(pair.percent),
            kappa=coefficient(pair.kappa),
            ac1=coefficient(pair.ac1),
            n=counted(pair.percent),
        )
        few = 0 < counted(pair.percent) < FEW_ITEMS
        return _("{told}: too few to be sure", told=told) if few else told

    def _tell(self) -> None:
        told = self._told(*self._at)
        self.setAccessibleName(_("Who agrees with whom") + (f": {told}" if told else ""))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw names and cells."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, name in enumerate(self._names):
            painter.setPen(now.color("text"))
            beside = QRect(0, self._rect(place, 0).top(), now.px(_NAMES - 12), now.px(_LINE))
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | middle, self._short(name, beside.width()))
            above = QRect(self._rect(0, place).left(), 0, now.px(_CELL - 8), now.px(26))
            painter.setPen(now.color("muted"))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, above.width())
            painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | middle, shown)
        for row in range(len(self._names)):
            for column in range(len(self._names)):
                self._paint_cell(painter, row, column)

    def _short(self, name: str, width: int) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width)

    def _rect(self, row: int, column: int) -> QRect:
        now = theme()
        return QRect(
            now.px(_NAMES) + column * now.px(_CELL), now.px(28) + row * now.px(_LINE), now.px(_CELL), now.px(_LINE)
        )

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        now, area = theme(), self._rect(row, column).adjusted(1, 1, -1, -1)
        pair = self.pair_at(row, column)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour(pair))
        painter.drawRoundedRect(area, 4, 4)
        if pair is not None:
            painter.setPen(now.color("text"))
            painter.setFont(now.font(figures=True, strong=True))
            upper = QRect(area.left(), area.top() + now.px(3), area.width(), now.px(20))
            value = decimals(pair.kappa.value) if isinstance(pair.kappa, Measured) else "–"
            painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, value)
            painter.setFont(now.font(11, figures=True))
            lower = QRect(area.left(), upper.bottom(), area.width(), now.px(16))
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, f"n = {counted(pair.percent)}")
        if self.hasFocus() and (row, column) == self._at:
            painter.setPen(QPen(now.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)


def _colour(pair: PairAgreement | None) -> QColor:
    """Return the colour of a cell: the more agreement the stronger, grey without a figure or with too few examples."""
    now = theme().tokens
    if pair is None or not isinstance(pair.kappa, Measured) or pair.kappa.n < FEW_ITEMS:
        return QColor(now.placeholder)
    value = min(1.0, max(0.0, pair.kappa.value))
    return QColor(mix(now.surface, now.accepted if pair.kappa.value > 0 else now.rejected, 0.08 + value * _STRONGEST))
