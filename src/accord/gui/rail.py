"""The rail: the pages that exist now, in the order of the work, with quiet counts of what waits."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.actions import shown_key
from accord.gui.page import PageSpec
from accord.gui.theme import theme
from accord.gui.widgets.layout import line
from accord.gui.widgets.text import plain_tooltip

WIDE, NARROW = 76, 48
LABELLED = 44  # px of height at 100 percent: of a page with its label


class Rail(QWidget):
    """Icons with short labels; without labels when it is collapsed. ``chosen`` gives the id of the page."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Pages"))
        self._buttons: dict[str, RailButton] = {}
        self._collapsed = False
        self._column = QVBoxLayout()
        self._column.setContentsMargins(4, 4, 4, 8)
        self._column.setSpacing(0)
        inner = QWidget()
        inner.setObjectName("scrolled")
        inner.setLayout(self._column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        self.logo = _Logo()
        outer.addWidget(self.logo)
        outer.addWidget(area, 1)
        theme().changed.connect(self._measure)
        self._measure()

    def set_pages(self, pages: Sequence[PageSpec]) -> None:
        """Show these pages; a line stands between groups."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons, group = {}, None
        for spec in pages:
            if group is not None and spec.group != group:
                self._column.addSpacing(4)
                self._column.addWidget(line())
                self._column.addSpacing(4)
            group = spec.group
            button = RailButton(spec)
            button.clicked.connect(lambda _checked=False, page=spec.id: self.chosen.emit(page))
            self._buttons[spec.id] = button
            self._column.addWidget(button)
        self._column.addStretch(1)
        self._measure()

    def set_current(self, page_id: str) -> None:
        """Mark the page that is shown."""
        for key, button in self._buttons.items():
            button.setChecked(key == page_id)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how much waits on each page; 0 shows nothing."""
        for key, button in self._buttons.items():
            button.set_count(counts.get(key, 0))

    def set_collapsed(self, *, collapsed: bool) -> None:
        """Show icons alone, or with labels."""
        self._collapsed = collapsed
        self._measure()

    def collapsed(self) -> bool:
        """Say whether the labels are hidden."""
        return self._collapsed

    def button(self, page_id: str) -> "RailButton":
        """Return the button of a page; KeyError where the page does not exist now."""
        return self._buttons[page_id]

    def page_ids(self) -> list[str]:
        """Return the pages that are shown, from the top."""
        return list(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the labels where there is room for all of them."""
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        labelled = not self._collapsed and self._has_room()
        self.setFixedWidth(theme().px(WIDE if labelled else NARROW))
        for button in self._buttons.values():
            button.set_labelled(labelled=labelled)

    def _has_room(self) -> bool:
        """Say whether every page can have its label; a label cut in half is none."""
        groups = sum(one.spec.group != other.spec.group for one, other in pairwise(self._buttons.values()))
        margins = self._column.contentsMargins()
        needed = len(self._buttons) * theme().px(LABELLED) + 9 * groups + margins.top() + margins.bottom()
        return not self.isVisible() or self.logo.height() + needed <= self.height()


class RailButton(QPushButton):
    """One page: an icon, a label under it, a count at its shoulder."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self.spec = spec
        self._count = 0
        self._labelled = True
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click goes to a page and leaves no ring behind
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)
        key = f"  {shown_key(spec.key)}" if spec.key else ""
        plain_tooltip(self, spec.title + key)

    def nextCheckState(self) -> None:
        """Leave the mark to the frame: a page may refuse to be left."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the ring off an item that was reached by Tab before."""
        before = self.window().focusWidget()
        if isinstance(before, RailButton):
            before.clearFocus()
        super().mousePressEvent(event)

    def set_count(self, count: int) -> None:
        """Show how much waits."""
        self._count = count
        waiting = plural("{n} waits", "{n} wait", count) if count else ""
        self.setAccessibleName(f"{self.spec.title}, {waiting}" if waiting else self.spec.title)
        self.update()

    def set_labelled(self, *, labelled: bool) -> None:
        """Show or hide the label."""
        self._labelled = labelled
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height with or without a label."""
        return QSize(theme().px(36), theme().px(LABELLED if self._labelled else 40))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon, label, count, and the mark of the page that is shown."""
        now, painter, on = theme(), QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        if on or self.underMouse():
            painter.setBrush(now.color("selected" if on else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        role, size = "primary" if on else "muted", now.px(20)
        top = now.px(4) if self._labelled else (self.height() - size) // 2
        left = (self.width() - size) // 2
        painter.drawPixmap(left, top, now.icon(self.spec.icon, role).pixmap(size, size))
        if self._labelled:
            painter.setFont(now.font(11, strong=on))
            painter.setPen(now.color("text" if on else "muted"))
            words = QRectF(0, top + size + now.px(2), area.width(), now.px(16))
            title = painter.fontMetrics().elidedText(
                self.spec.label or self.spec.title, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, title)
        self._draw_count(painter, left + size, top)
        if self.hasFocus():
            painter.setPen(QPen(now.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)

    def _draw_count(self, painter: QPainter, x: float, y: float) -> None:
        if not self._count:
            return
        now = theme()
        if not self._labelled:
            painter.setPen(QPen(now.color("surface"), 2))
            painter.setBrush(now.color("primary"))
            painter.drawEllipse(QRectF(x - now.px(5), y - now.px(3), now.px(10), now.px(10)))
            return
        text = number(self._count) if self._count < 1000 else f"{self._count // 1000}k"
        painter.setFont(now.font(10, strong=True, figures=True))
        width = max(painter.fontMetrics().horizontalAdvance(text) + now.px(8), now.px(16))
        left = min(x - now.px(5), self.width() - width - 1)
        pill = QRectF(left, y - now.px(4), width, now.px(15))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("surface"))
        painter.drawRoundedRect(pill.adjusted(-2, -2, 2, 2), 9, 9)
        painter.setBrush(now.color("border"))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(now.color("text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


class _Logo(QWidget):
    """The sign of the program: two circles that share an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Accord"))
        self.setFixedHeight(theme().px(44))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sign in the theme's colours."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle, radius = QRectF(self.rect()).center(), now.px(7.5)
        for shift, role in ((-0.55, "primary"), (0.55, "muted")):
            painter.setPen(QPen(now.color(role), now.px(2.5)))
            circle = QRectF(0, 0, 2 * radius, 2 * radius)
            circle.moveCenter(middle)
            painter.drawEllipse(circle.translated(shift * radius, 0))
