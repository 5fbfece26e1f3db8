"""The queue at the left: where one is, what is shown, and the items in two lines each."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from accord.domain.history import ExampleRow
from accord.domain.progress import Progress
from accord.domain.review import Status
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.pages.review.filtering import OPEN, WAITING, QueueFilter
from accord.gui.reading_order import paint_line
from accord.gui.status import look
from accord.gui.theme import theme
from accord.gui.widgets import Column, PagedModel, PlainLabel, SearchField, column, line, row
from accord.workflows import repeating

ROW_HEIGHT = 54
SHARED_CHARACTERS = 20
Index = QModelIndex | QPersistentModelIndex


def plain_key(event: QKeyEvent) -> bool:
    """Say whether a key is one that types: no Ctrl, Alt or Meta with it."""
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return not event.modifiers() & strong


class PlainCombo(QComboBox):
    """A list of values that keeps the keys one types in it from the page."""

    def event(self, event: QEvent) -> bool:
        """Take plain keys before the page's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and plain_key(event):
            event.accept()
            return True
        return super().event(event)


class ItemDelegate(QStyledItemDelegate):
    """Paints an item: status sign, first line of the request, first line of the answer."""

    def __init__(self, pane: "QueuePane") -> None:
        super().__init__(pane)
        self._pane = pane
        self._signs: dict[Status | None, QPixmap] = {}
        theme().changed.connect(self._forget_signs)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the fixed height."""
        return QSize(theme().px(120), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one item."""
        now, area = theme(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, now.color("selected"))
            painter.fillRect(QRectF(area.left(), area.top(), now.px(3), area.height()), now.color("primary"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, now.color("hover"))
        item = self._pane.model.row(index.row())
        left = now.px(36)
        inside = area.adjusted(left, now.px(8), -now.px(12), -now.px(8))
        if item is None:
            painter.fillRect(QRectF(inside.left(), inside.top() + 4, inside.width() * 0.7, 8), now.color("placeholder"))
            return
        unsaved = self._pane.is_unsaved(item)
        sign = self._sign(None if unsaved else self._pane.status_of(item))
        painter.drawPixmap(round(area.left()) + now.px(12), round(inside.top()) + 1, sign)
        half = inside.height() / 2
        first = QRectF(inside.left(), inside.top(), inside.width(), half)
        self._line(painter, first, self._pane.told_apart(index.row(), item), "text", 13)
        second = _("Your verdict is not saved") if unsaved else item.content.answer or _("No answer yet")
        self._line(painter, first.translated(0, half), second, "rejected" if unsaved else "muted", 12)

    def _sign(self, status: Status | None) -> QPixmap:
        """Return a status's icon, None for not saved; making one takes longer than painting the rest of the item."""
        if status not in self._signs:
            shown, size = None if status is None else look(status), theme().px(16)
            icon, role = ("alert-circle-outline", "rejected") if shown is None else (shown.icon, shown.role)
            self._signs[status] = theme().icon(icon, role).pixmap(size, size)
        return self._signs[status]

    def _forget_signs(self) -> None:
        self._signs.clear()

    def _line(self, painter: QPainter, area: QRectF, text: str, role: str, size: int) -> None:
        painter.setFont(theme().font(size))
        painter.setPen(theme().color(role))
        paint_line(painter, area, text)


class QueueList(QListView):
    """The list; it leaves letters and the moving keys to the page."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let printable keys pass."""
        if event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class QueuePane(QFrame):
    """Count, filter and list. ``chosen`` gives the number of the item that was clicked."""

    chosen = Signal(int)
    filter_changed = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAccessibleName(_("Queue"))
        self._context = context
        self._marks: dict[int, Status] = {}
        self._unsaved: AbstractSet[int] = frozenset()
        self.model = PagedModel(context, [Column(id="item", title=_("Item"), text=_spoken)], self._fetch)
        self.list = QueueList()
        self.list.setAccessibleName(_("Items of the queue"))
        self.list.setProperty("kind", "plain")
        self.list.setModel(self.model)
        self.list.setItemDelegate(ItemDelegate(self))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.count = PlainLabel("", role="strong")
        self.left = PlainLabel("", role="small")
        self.show_box = PlainCombo()
        self.show_box.setAccessibleName(_("Which items"))
        for value, title in QueueFilter.kinds():
            self.show_box.addItem(title, value)
        self.search = SearchField(_("Filter by words"))
        head = column(row(self.count, None, self.left), self.show_box, self.search, margins=(12, 12, 12, 12))
        self.setLayout(column(head, line(), self.list, gap=0))
        self.show_box.activated.connect(self._tell_filter)
        self.search.searched.connect(self._tell_filter)
        self.list.selectionModel().currentRowChanged.connect(self._tell_chosen)
        self._quiet = False

    def show_numbers(self, numbers: Sequence[int], position: int) -> None:
        """Show a list and where one is in it."""
        self._quiet = True
        self.model.set_ids(numbers)
        self._quiet = False
        self.show_position(position, len(numbers), len(numbers))

    def show_given(self, given: int) -> None:
        """Say whether what waits is what was given to whoever works; then all that waits is there besides."""
        title = _("Assigned to me") if given else _("Waiting for review")
        self.show_box.setItemText(self.show_box.findData(WAITING), title)
        place, wanted = self.show_box.findData(OPEN), bool(given) or self.show_box.currentData() == OPEN
        if place < 0 and wanted:
            self.show_box.insertItem(1, dict(QueueFilter.kinds())[OPEN], OPEN)
        elif place >= 0 and not wanted:
            self.show_box.removeItem(place)

    def show_position(self, position: int, total: int, waiting: int, given: int = 0) -> None:
        """Mark the item one is on; ``given``: how many there are in all where the list is what one was given."""
        at = number(position + 1) if position >= 0 else number(0)
        self.count.setText(_("{at} of {total}", at=at, total=number(total)))
        left = _("{n} left", n=number(waiting))
        yours = _("Yours: {done} of {given} done", done=number(max(given - waiting, 0)), given=number(given))
        self.left.setText(yours if given else left)
        self._quiet = True
        index = self.model.index(position, 0)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)
        self._quiet = False

    def mark(self, seq: int, status: Status | None) -> None:
        """Show an item's status before its row is read again; None shows the row's own."""
        if status is None:
            self._marks.pop(seq, None)
        else:
            self._marks[seq] = status
        self.list.viewport().update()

    def set_unsaved(self, numbers: AbstractSet[int]) -> None:
        """Say of these items that their verdict is not saved."""
        self._unsaved = numbers
        self.list.viewport().update()

    def is_unsaved(self, item: ExampleRow) -> bool:
        """Say whether an item's verdict is not saved."""
        return item.seq in self._unsaved

    def put(self, position: int | None, row: ExampleRow) -> None:
        """Show a row as it is since the verdict: its answer may be another one."""
        if position is not None:
            self.model.put_row(position, row)

    def told_apart(self, position: int, item: ExampleRow) -> str:
        """Return an item's request, without a long beginning that it shares with the one above or below."""
        beside = [self.model.row(n) for n in (position - 1, position + 1) if 0 <= n < len(self.model.ids)]
        return differing_part(item.content.request, [other.content.request for other in beside if other is not None])

    def clear_marks(self) -> None:
        """Show what the rows say."""
        self._marks.clear()

    def status_of(self, item: ExampleRow) -> Status:
        """Return the status to show of a row."""
        return self._marks.get(item.seq) or Status(item.status)

    def set_filter(self, wanted: QueueFilter) -> None:
        """Show a filter without telling."""
        self.show_box.setCurrentIndex(max(0, self.show_box.findData(wanted.kind)))
        self.search.set_text_quietly(wanted.text)

    def current_filter(self) -> QueueFilter:
        """Return the filter as it stands."""
        return QueueFilter(kind=str(self.show_box.currentData()), text=self.search.text())

    def _tell_filter(self, *_args: object) -> None:
        self.filter_changed.emit(self.current_filter())

    def _tell_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(self.model.ids[current.row()])

    def _fetch(self, numbers: Sequence[Any], _progress: Progress) -> Sequence[Any]:
        project, me = self._context.project, self._context.actor
        rows = {r.seq: r for r in repeating.untouched(project=project, numbers=list(numbers), person=me)}
        return [rows.get(seq) for seq in numbers]


def differing_part(request: str, others: Sequence[str]) -> str:
    """Return a request from where it differs from its neighbours on; whole where they share less than half a line."""
    shared = max((_shared_length(request, other) for other in others if other != request), default=0)
    while 0 < shared < len(request) and _is_inside_word(request, shared):
        shared -= 1
    rest = request[shared:].strip()
    return f"… {rest}" if shared >= SHARED_CHARACTERS and rest else request


def _is_inside_word(text: str, place: int) -> bool:
    both = text[place - 1 : place + 1]
    return both.isascii() and both.isalnum()


def _shared_length(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike; slices are compared, not characters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _spoken(item: ExampleRow) -> str:
    """Return what a screen reader says of an item."""
    return f"{look(Status(item.status)).word}: {item.content.request[:200]}"
