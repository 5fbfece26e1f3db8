"""Where things stand: rows and columns in steps of 4 px, cards, scrolled areas, lines, and the empty page."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.text import PlainLabel, restyle

L = TypeVar("L", bound=QBoxLayout)
Item = QWidget | QLayout | int | None


def row(*items: Item, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a row. An int is a space of so many px, None a stretch; ``margins`` are left, top, right, bottom."""
    return _filled(QHBoxLayout(), items, gap, margins)


def column(*items: Item, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a column, as ``row``."""
    return _filled(QVBoxLayout(), items, gap, margins)


def _filled(box: L, items: tuple[Item, ...], gap: int, margins: tuple[int, int, int, int]) -> L:
    box.setSpacing(gap)
    box.setContentsMargins(*margins)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
    return box


def line(*, vertical: bool = False) -> QFrame:
    """Return a hair line."""
    made = QFrame()
    made.setProperty("kind", "line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


class Card(QFrame):
    """A bordered surface with an optional heading; put content into ``body``, buttons of the card into ``head``."""

    def __init__(self, title: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.title = PlainLabel(title, role="heading")
        self.head = row(self.title, None)
        self.body = column(gap=8)
        if not title:  # shown before it has a parent, it would be a window of its own
            self.title.hide()
        if title:
            self.setAccessibleName(title)
        self.setLayout(column(self.head, self.body, gap=12 if title else 0, margins=(16, 14, 16, 16)))

    def set_chosen(self, *, chosen: bool) -> None:
        """Draw the card as the chosen one of its group."""
        self.setProperty("chosen", "true" if chosen else "false")
        restyle(self)


class Scrolled(QScrollArea):
    """A page's scrolling area: ``body`` is a column with the page's margins, at most ``width`` px wide and centred."""

    def __init__(self, *, width: int = 0, margins: tuple[int, int, int, int] = (24, 24, 24, 24), gap: int = 16) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self.body = column(gap=gap, margins=margins)
        if width:
            held = QWidget()
            held.setObjectName("scrolled")
            held.setMaximumWidth(theme().px(width))
            held.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            held.setLayout(self.body)
            outer = QHBoxLayout(inner)
            outer.setContentsMargins(0, 0, 0, 0)
            outer.addStretch(1)
            outer.addWidget(held, 1000)
            outer.addStretch(1)
        else:
            inner.setLayout(self.body)
        self.setWidget(inner)


class EmptyState(QWidget):
    """What a page shows when there is nothing: one icon, one sentence, one button."""

    def __init__(
        self, sentence: str, button: str = "", run: Callable[[], object] | None = None, *, icon: str = "inbox-outline"
    ) -> None:
        super().__init__()
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(sentence)
        self.sentence = PlainLabel(sentence, role="muted", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(theme().px(380))
        self.button = Button(button, kind="primary")
        if not button:
            self.button.hide()
        if run is not None:
            self.button.clicked.connect(lambda _checked=False: run())
        middle = column(self._picture, self.sentence, row(None, self.button, None), gap=16)
        self.setLayout(column(None, row(None, middle, None), None, None, gap=0))
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        size = theme().px(40)
        self._picture.setPixmap(theme().icon(self._icon, "muted").pixmap(QSize(size, size)))


class Flow(QLayout):
    """A layout that puts widgets in a line and goes on in the next one, as words do; for chips."""

    def __init__(self, gap: int = 8, line_gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._line_gap = line_gap
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """Say that narrower means taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width, px."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """Return a size that holds the widest item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return a size that holds the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, height = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, height = rect.x(), y + height + self._line_gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, height = x + size.width() + self.spacing(), max(height, size.height())
        return y + height - rect.y()
