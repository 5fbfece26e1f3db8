"""What waits for a person, a line each, with its number first; a line leads to where it is done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from accord.domain.wording import _, number
from accord.gui.pages.home.facts import Step
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, column, row

HEIGHT = 38


class WaitingList(QWidget):
    """Gives ``chosen(step)``."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("What waits for you"))
        self._column = column(gap=2)
        self.setLayout(self._column)
        self.lines: list[WaitingLine] = []

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these; lines that lead to the same place are kept, focus and all."""
        if [(line.step.page, line.step.icon) for line in self.lines] != [(step.page, step.icon) for step in steps]:
            for old in self.lines:
                self._column.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.lines = [WaitingLine(step) for step in steps]
            for made in self.lines:
                made.clicked.connect(partial(self._choose, made))
                self._column.addWidget(made)
        for line, step in zip(self.lines, steps, strict=True):
            line.show_step(step)

    def _choose(self, line: "WaitingLine", _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal)
        self.chosen.emit(line.step)


class WaitingLine(Button):
    """An icon, a number and what it counts."""

    def __init__(self, step: Step) -> None:
        super().__init__(kind="quiet")
        self.step = step
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon, self._arrow = QLabel(), QLabel()
        self._count, self._title = PlainLabel(role="figure"), PlainLabel(elide=True)
        across = row(gap=12, margins=(8, 0, 8, 0))
        across.addWidget(self._icon)
        across.addWidget(self._count)
        across.addWidget(self._title, 1)
        across.addWidget(self._arrow)
        for label in (self._icon, self._count, self._title, self._arrow):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for picture in (self._icon, self._arrow):
            picture.setAccessibleName(" ")
        self.setLayout(across)
        theme().changed.connect(self._draw)
        self._draw()

    def show_step(self, step: Step) -> None:
        """Show how much waits now."""
        self.step = step
        self._count.setText(number(step.count))
        self._title.setText(step.title)
        self.setAccessibleName(f"{number(step.count)} {step.title}")

    def _draw(self) -> None:
        now, size = theme(), theme().px(18)
        self._icon.setPixmap(now.icon(self.step.icon, "muted").pixmap(size, size))
        self._arrow.setPixmap(now.icon("chevron-right", "muted").pixmap(size, size))
        height = now.px(HEIGHT)
        self.setStyleSheet(f"QPushButton {{ min-height: {height}px; max-height: {height}px; }}")
        self._count.setMinimumWidth(now.px(48))
