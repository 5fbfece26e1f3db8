"""A table of any length: a vector of ids, rows fetched in pages by a worker, a cursor that stays on its example."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
)

from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.theme import theme
from accord.gui.widgets.selecting import selected_ranges
from accord.gui.widgets.table_cells import ROW_HEIGHT, CellDelegate, LoadedRole, StatusRole
from accord.gui.widgets.table_columns import Column, ColumnWidths

PAGE_ROWS = 256
PAGES_KEPT = 32
IN_FLIGHT = 2
_TOOLTIP = Qt.ItemDataRole.ToolTipRole
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[Any], Progress], Sequence[Any]]


class PagedModel(QAbstractTableModel):
    """Rows of ``ids``, fetched 256 at a time by ``fetch(ids, progress)`` in a reader thread.

    ``fetch`` returns one row (any object) for each id, in order, None for one that is gone; it must not touch the
    window. Until a page is there its cells are placeholders. Sorting and filtering mean a new id vector.
    """

    loaded = Signal(int, int)

    def __init__(self, context: Context, columns: Sequence[Column], fetch: Fetch) -> None:
        super().__init__()
        self._context = context
        self.columns = tuple(columns)
        self._fetch = fetch
        self._ids: Sequence[Any] = ()
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._wanted: list[int] = []
        self._flying: set[int] = set()
        self.sorted_by = ("", False)
        self._generation = 0
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.timeout.connect(self._send)

    def set_ids(self, ids: Sequence[Any]) -> None:
        """Show other rows; ``ids`` is kept as it is (``array('q')`` for a million)."""
        self.beginResetModel()
        self._ids = ids
        self._forget()
        self.endResetModel()

    def grow(self, ids: Sequence[Any]) -> None:
        """Show more rows after those that are shown, which are the first of ``ids``; nothing is fetched again."""
        self.beginInsertRows(QModelIndex(), len(self._ids), len(ids) - 1)
        self._ids = ids
        self.endInsertRows()

    def reload(self) -> None:
        """Fetch the rows again, as after a write; the old ones stay on the screen until the new ones are there."""
        self._generation += 1
        self._flying.clear()
        self._wanted = list(self._pages)[-IN_FLIGHT * 2 :]
        for stale in [page for page in self._pages if page not in self._wanted]:
            del self._pages[stale]
        self._ask.start(0)

    @property
    def ids(self) -> Sequence[Any]:
        """Return the id vector."""
        return self._ids

    def row(self, position: int) -> Any | None:
        """Return the fetched row at a position; None while it is on its way (it is asked for)."""
        page, inside = divmod(position, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[inside] if inside < len(rows) else None

    def put_row(self, position: int, row: Any) -> None:
        """Show a row as it is now, without reading it; one that was not fetched is read when it is needed."""
        page, inside = divmod(position, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is not None and inside < len(rows):
            self._pages[page] = [*rows[:inside], row, *rows[inside + 1 :]]
            self.dataChanged.emit(self.index(position, 0), self.index(position, len(self.columns) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the titles of the columns."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titled(column)
        if role == _TOOLTIP and self.can_sort():
            return self._sorting_words(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell: its text, its status, or whether it is there."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self.row(index.row())
        if role == LoadedRole:
            return row is not None
        if role == StatusRole:
            return column.status(row) if row is not None and column.status is not None else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return column.text(row) if row is not None else ""
        return None

    def set_sorted(self, column_id: str, *, descending: bool) -> None:
        """Show an arrow beside the title of the column by which the ids are sorted."""
        self.sorted_by = (column_id, descending)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def can_sort(self) -> bool:
        """Say whether there is a column to sort by."""
        return any(column.sortable for column in self.columns)

    def _sorting_words(self, column: Column) -> str:
        if column.sortable:
            return _("A click sorts by {column}, another turns the order round.", column=column.title)
        titles = ", ".join(other.title for other in self.columns if other.sortable)
        return _("Sort by one of these: {columns}.", columns=titles)

    def _titled(self, column: Column) -> str:
        by, descending = self.sorted_by
        if column.id != by:
            return column.title
        arrow = "↓" if descending else "↑"
        return f"{arrow} {column.title}" if column.align == "right" else f"{column.title} {arrow}"

    def _forget(self) -> None:
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._flying.clear()

    def _want(self, page: int) -> None:
        if page in self._flying:
            return
        if page in self._wanted:
            self._wanted.remove(page)
        self._wanted.append(page)
        del self._wanted[: -IN_FLIGHT * 2]  # a fast scroll asks for pages that nobody sees any more
        if not self._ask.isActive():
            self._ask.start(0)

    def _send(self) -> None:
        while self._wanted and len(self._flying) < IN_FLIGHT:
            page = self._wanted.pop()
            self._flying.add(page)
            ids = self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
            run_read(
                self._context,
                _("Reading rows"),
                partial(self._fetch, ids),
                done=partial(self._arrived, self._generation, page),
                failed=partial(self._failed, self._generation, page),
            )

    def _arrived(self, generation: int, page: int, rows: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self._flying.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        first, last = page * PAGE_ROWS, min(len(self._ids), (page + 1) * PAGE_ROWS) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.loaded.emit(first, last)
        self._send()

    def _failed(self, generation: int, page: int, error: BaseException) -> None:
        if generation == self._generation:
            self._arrived(generation, page, [None] * PAGE_ROWS)
            self._context.notify(_("Some rows could not be read: {reason}", reason=str(error)), tone="error")


class TableView(QTableView):
    """The table in the look.

    ``current_changed`` gives the id under the cursor (None for none), ``opened`` the id that
    was double-clicked or entered, ``sort_wanted`` a column id and whether descending, ``sort_refused`` the sentence
    for a title that has no order, ``selection_changed`` says that other rows are selected.
    """

    current_changed = Signal(object)
    opened = Signal(object)
    sort_wanted = Signal(str, bool)
    sort_refused = Signal(str)
    selection_changed = Signal()

    def __init__(self, name: str, model: PagedModel) -> None:
        super().__init__()
        self._model = model
        self._kept: Any = None
        self.setAccessibleName(name)
        self._dress()
        model.modelAboutToBeReset.connect(self._keep)
        self.setModel(model)
        self.widths = ColumnWidths(self, model.columns)
        model.modelReset.connect(self._give_back)
        self._dress_header()
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(lambda *_changed: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(model.ids[index.row()]))
        theme().changed.connect(self._measure)
        self._measure()

    def current_id(self) -> Any | None:
        """Return the id under the cursor."""
        position = self.currentIndex().row()
        return self._model.ids[position] if 0 <= position < len(self._model.ids) else None

    def select_id(self, wanted: Any) -> bool:
        """Put the cursor on an id; False where it is not in the table."""
        try:
            position = self._model.ids.index(wanted)
        except ValueError:
            return False
        self.select_row(position)
        return True

    def select_row(self, position: int) -> None:
        """Put the cursor on a row."""
        index = self._model.index(position, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def selected_count(self) -> int:
        """Return how many rows are selected; at once also where all of a million are."""
        return sum(last - first + 1 for first, last in selected_ranges(self))

    def selected_ids(self) -> Sequence[Any]:
        """Return the ids of the selected rows, from the top (of an ``array``, an array)."""
        ids, ranges = self._model.ids, selected_ranges(self)
        if isinstance(ids, array):
            return sum((ids[first : last + 1] for first, last in ranges), array(ids.typecode))
        return [ids[row] for first, last in ranges for row in range(first, last + 1)]

    def set_sort_shown(self, column_id: str, *, descending: bool = False) -> None:
        """Show by which column the ids are sorted."""
        self._model.set_sorted(column_id, descending=descending)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row on Enter; leave single letters to the page's actions."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_id() is not None:
            self.opened.emit(self.current_id())
        elif event.text() and event.text().isprintable() and not event.text().isspace():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the width."""
        super().resizeEvent(event)
        self.widths.lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Be opaque."""
        super().showEvent(event)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Be opaque in a new look, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fill()

    def _fill(self) -> None:
        # A turn of the wheel then moves what is painted, and paints only the rows that come into view. The stylesheet
        # takes it back each time it dresses the table.
        self.viewport().setAutoFillBackground(True)

    def _dress(self) -> None:
        self.setItemDelegate(CellDelegate(self._model.columns, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        # Once: raising it later resizes a million rows one by one, which takes minutes.
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT // 2)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns"))
        header.setHighlightSections(False)
        header.setSectionsClickable(self._model.can_sort())
        header.sectionClicked.connect(self._header_clicked)

    def _measure(self) -> None:
        height = theme().px(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(theme().px(30))
        self.widths.lay_out()

    def _header_clicked(self, section: int) -> None:
        column = self._model.columns[section]
        if column.sortable:
            descending = self._model.sorted_by == (column.id, False)
            self.set_sort_shown(column.id, descending=descending)
            self.sort_wanted.emit(column.id, descending)
        elif self._model.can_sort():
            self.sort_refused.emit(str(self._model.headerData(section, Qt.Orientation.Horizontal, _TOOLTIP)))

    def _keep(self) -> None:
        self._kept = self.current_id()

    def _give_back(self) -> None:
        """Keep the cursor on its example when the rows around it changed."""
        if self._kept is None or not self.select_id(self._kept):
            self.current_changed.emit(None)

    def _tell_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(self._model.ids[current.row()])
