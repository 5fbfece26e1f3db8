"""A row as it stands in the file: its columns and what is nested in them; any value can be given its place."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from accord.domain.wording import _, plural
from accord.gui.pages.importing.chosen import METADATA, ChosenFile, target_titles
from accord.gui.pages.importing.tree_nodes import Node, nodes
from accord.gui.reading_order import paint_line
from accord.gui.theme import theme

ROW_HEIGHT, KEY_WIDTH, BECOMES_WIDTH = 28, 150, 130
_SHOWN_CHARS = 300
_OPEN_CHILDREN = 12
_NodeRole = Qt.ItemDataRole.UserRole
_MutedRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class RowTree(QTreeWidget):
    """Says ``placed(place, target)``: a column's name or a JSON pointer, and what it becomes."""

    placed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._file: ChosenFile | None = None
        self._row = 0
        self.menu: QMenu | None = None
        self.setAccessibleName(_("The row as it stands in the file"))
        self.setColumnCount(3)
        self.setHeaderLabels([_("Field"), _("Value"), _("Becomes")])
        self.setItemDelegate(_TreeDelegate(self))
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.header().setAccessibleName(_("Columns"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.itemClicked.connect(lambda item, _column: self._offer(item))
        self.itemExpanded.connect(lambda _item: self._fit())
        self.itemCollapsed.connect(lambda _item: self._fit())
        theme().changed.connect(self._measure)
        self._measure()

    def show_row(self, file: ChosenFile, position: int) -> None:
        """Show a sample row of a file, and what each of its values becomes; the cursor stays where it was."""
        place = self.current_place()
        self._file, self._row = file, position
        self.clear()
        if file.shape is None:
            return
        titles = dict(target_titles(file.shape))
        for node in nodes(file.shape, position):
            self._add(self.invisibleRootItem(), node, file, titles)
        self.select_place(place)
        self._fit()

    def current_place(self) -> str:
        """Return the place under the cursor; "" for none."""
        item = self.currentItem()
        node = item.data(0, _NodeRole) if item is not None else None
        return node.place if isinstance(node, Node) else ""

    def select_place(self, place: str) -> None:
        """Put the cursor on a place, or on the first row where it is not there."""
        waiting = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        first = waiting[0] if waiting else None
        while waiting:
            item = waiting.pop()
            if item is None:
                continue
            node = item.data(0, _NodeRole)
            if isinstance(node, Node) and node.place == place:
                self.setCurrentItem(item)
                return
            waiting += [item.child(at) for at in range(item.childCount())]
        if first is not None:
            self.setCurrentItem(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer what the value can become on Enter; leave single letters to the page's actions."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._offer(self.currentItem())
        elif event.text() and event.text().isprintable() and not event.text().isspace():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _add(self, parent: QTreeWidgetItem, node: Node, file: ChosenFile, titles: Mapping[str, str]) -> None:
        item = QTreeWidgetItem(parent)
        item.setData(0, _NodeRole, node)
        item.setText(0, node.key)
        held = len(node.children) + node.left
        item.setText(1, _held_text(node, held) if node.children else node.text[:_SHOWN_CHARS])
        item.setData(1, _MutedRole, bool(node.children) or not node.text)
        item.setText(2, _becomes(node, file, titles))
        for child in node.children:
            self._add(item, child, file, titles)
        if node.left:
            more = QTreeWidgetItem(item)
            more.setText(1, plural("{n} more", "{n} more", node.left))
            more.setData(1, _MutedRole, True)
        item.setExpanded(0 < held <= _OPEN_CHILDREN)

    def _offer(self, item: QTreeWidgetItem | None) -> None:
        """Open the menu of what a value can become, beside it."""
        node = item.data(0, _NodeRole) if item is not None else None
        file = self._file
        if item is None or not isinstance(node, Node) or file is None or file.shape is None:
            return
        if _top_column(node) in file.own:
            return
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = QMenu(self)
        self.menu.setAccessibleName(_("Use “{field}” as", field=node.key))
        now = file.targets.get(node.place, METADATA)
        for target, title in target_titles(file.shape):
            if target == METADATA and node.place not in file.targets:
                continue
            action = self.menu.addAction(title if target == METADATA else _("Use as: {target}", target=title))
            action.setCheckable(True)
            action.setChecked(target == now)
            action.triggered.connect(lambda _checked=False, t=target, place=node.place: self.placed.emit(place, t))
        self.menu.setActiveAction(self.menu.actions()[0])
        below = self.visualItemRect(item).bottomLeft()
        below.setX(theme().px(KEY_WIDTH))
        self.menu.popup(self.viewport().mapToGlobal(below))

    def _measure(self) -> None:
        self.setColumnWidth(0, theme().px(KEY_WIDTH))
        self.setColumnWidth(2, theme().px(BECOMES_WIDTH))
        self.setIndentation(theme().px(16))
        self._fit()

    def _fit(self) -> None:
        """Take the height of all rows: the pane scrolls, not the tree in it."""
        rows, item = 0, self.topLevelItem(0)
        while item is not None:
            rows += 1
            item = self.itemBelow(item)
        self.setFixedHeight(
            self.header().sizeHint().height() + theme().px(ROW_HEIGHT) * rows + 2 * self.frameWidth() + 2
        )


class _TreeDelegate(QStyledItemDelegate):
    """Paints a cell as the tables do: one line, in its own direction, shortened at its end."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme().px(60), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, area = theme(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, now.color("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, now.color("hover"))
        painter.setFont(now.font(strong=index.column() == 2))
        muted = bool(index.data(_MutedRole))
        painter.setPen(now.color("muted" if muted else "primary" if index.column() == 2 else "text"))
        paint_line(painter, area.adjusted(now.px(6), 0, -now.px(6), 0), str(index.data() or ""))


def _top_column(node: Node) -> str:
    """Return the column a value stands in."""
    return node.place[1:].split("/")[0].replace("~1", "/").replace("~0", "~") if node.place[:1] == "/" else node.place


def _becomes(node: Node, file: ChosenFile, titles: Mapping[str, str]) -> str:
    if node.place in file.own:
        return _("Conversation")
    target = file.targets.get(node.place, METADATA)
    return titles.get(target, target) if target != METADATA else ""


def _held_text(node: Node, held: int) -> str:
    if node.is_list:
        return plural("list of {n}", "list of {n}", held)
    return plural("{n} field", "{n} fields", held)
