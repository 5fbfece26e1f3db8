"""The funnel of Home: one horizontal bar for each step from raw to released."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from accord.domain.wording import number, percent
from accord.gui.theme import theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step: ``role`` is the token of its colour; ``id`` is given back when the bar is chosen."""

    id: str
    title: str
    count: int
    role: str = "primary"


class Funnel(QWidget):
    """Bars on one scale; each is a button, so that one can go to what it counts."""

    activated = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._bars: list[_Bar] = []

    def set_stages(self, stages: Iterable[Stage]) -> None:
        """Show the steps, the widest bar being the largest count. Bars of the same ids are kept, focus and all."""
        listed = list(stages)
        if [bar.stage.id for bar in self._bars] != [stage.id for stage in listed]:
            for old in self._bars:
                self._column.removeWidget(old)
                old.deleteLater()
            self._bars = [self._bar(stage) for stage in listed]
        widest = max((stage.count for stage in listed), default=0)
        for bar, stage in zip(self._bars, listed, strict=True):
            bar.show_stage(stage, widest)

    def _bar(self, stage: Stage) -> "_Bar":
        bar = _Bar(stage)
        bar.clicked.connect(lambda _checked=False: self.activated.emit(bar.stage.id))
        self._column.addWidget(bar)
        return bar


class _Bar(QPushButton):
    """A title, a bar and a count with its share."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self._widest = 0
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_stage(self, stage: Stage, widest: int) -> None:
        """Show a step on the scale of the widest."""
        self.stage, self._widest = stage, widest
        self.setAccessibleName(f"{stage.title}: {number(stage.count)}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a line of 32 px."""
        return QSize(theme().px(420), theme().px(32))

    def minimumSizeHint(self) -> QSize:
        """Return what still shows title and count."""
        return QSize(theme().px(300), theme().px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw title, bar, count and share."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        left, right, height = now.px(128), now.px(112), now.px(14)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(now.color("text"))
        painter.drawText(
            QRectF(now.px(8), 0, left - now.px(8), self.height()), Qt.AlignmentFlag.AlignLeft | middle, self.stage.title
        )
        track = QRectF(left, (self.height() - height) / 2, max(8, self.width() - left - right), height)
        self._draw_bar(painter, track)
        painter.setFont(now.font(figures=True, strong=True))
        painter.setPen(now.color("text"))
        counts = QRectF(track.right() + now.px(8), 0, now.px(56), self.height())
        painter.drawText(counts, Qt.AlignmentFlag.AlignRight | middle, number(self.stage.count))
        painter.setFont(now.font(12, figures=True))
        painter.setPen(now.color("muted"))
        share = percent(self.stage.count / self._widest) if self._widest else ""
        shares = QRectF(counts.right(), 0, self.width() - counts.right() - now.px(8), self.height())
        painter.drawText(shares, Qt.AlignmentFlag.AlignRight | middle, share)
        if self.hasFocus():
            painter.setPen(QPen(now.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw_bar(self, painter: QPainter, track: QRectF) -> None:
        now = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("placeholder"))
        painter.drawRoundedRect(track, 3, 3)
        if self._widest and self.stage.count:
            filled = QRectF(track)
            filled.setWidth(max(4.0, track.width() * self.stage.count / self._widest))
            painter.setBrush(now.color(self.stage.role))
            painter.drawRoundedRect(filled, 3, 3)
