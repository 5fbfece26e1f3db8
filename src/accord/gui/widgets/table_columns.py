"""The columns of a table: what each shows, and how wide they are, which a person drags and finds again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QTableView

from accord.domain.review import Status
from accord.gui.theme import theme
from accord.gui.widgets.chips import status_width

#: No column gets narrower by dragging or by a narrow window, px at 100 percent.
LEAST = 48
_WIDEST = 4000
_SHARES = 1000  # stretching columns have the least width each, and keep their shares of what is left beyond that
_KEEP_AFTER_MS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. ``text`` gives the cell of a fetched row; ``status`` draws icon and word instead; ``width`` px."""

    id: str
    title: str
    text: Callable[[Any], str] = str
    status: Callable[[Any], Status] | None = None
    width: int = 120
    stretch: bool = False
    align: Literal["left", "right"] = "left"
    muted: bool = False
    sortable: bool = False


class ColumnWidths(QObject):
    """Fills the width of a table with its columns.

    Dragging the edge of a column moves that edge alone: the column after it gives or takes the room. A double click
    on an edge gives the usual widths back. ``dragged`` gives what a person chose, for ``restore``.
    """

    dragged = Signal(object)

    def __init__(self, table: QTableView, columns: Sequence[Column]) -> None:
        super().__init__(table)
        self._table, self._columns = table, tuple(columns)
        self.chosen: dict[str, int] = {}
        self._laying = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_KEEP_AFTER_MS)
        self._rest.timeout.connect(lambda: self.dragged.emit(dict(self.chosen)))
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._resized)
        header.sectionHandleDoubleClicked.connect(lambda _section: self._forget())

    def restore(self, chosen: Mapping[str, object]) -> None:
        """Give the columns the widths that were dragged before; what is not one of theirs is left out."""
        names = {column.id for column in self._columns}
        self.chosen = {
            name: width
            for name, width in chosen.items()
            if name in names and isinstance(width, int) and 0 < width <= _WIDEST
        }
        self.lay_out()

    def hide(self, hidden: Collection[str]) -> None:
        """Leave these columns out, and show all others."""
        self._laying = True
        for at, column in enumerate(self._columns):
            self._table.setColumnHidden(at, column.id in hidden)
        self._laying = False
        self.lay_out()

    def lay_out(self) -> None:
        """Give each column its width; those that stretch share what the others leave."""
        header, shown = self._table.horizontalHeader(), self._shown()
        fixed = {at: self._fixed(self._columns[at]) for at in shown if not self._columns[at].stretch}
        shares = {at: self.chosen.get(self._columns[at].id, _SHARES) for at in shown if self._columns[at].stretch}
        least = theme().px(LEAST)
        left = max(0, self._table.viewport().width() - sum(fixed.values()) - least * len(shares))
        widths = {**fixed, **{at: least + left * share // sum(shares.values()) for at, share in shares.items()}}
        if shares:
            widths[max(shares)] += left - sum(widths[at] - least for at in shares)
        self._laying = True
        header.setMinimumSectionSize(least)
        for at, width in widths.items():
            header.resizeSection(at, width)
        self._laying = False

    def _shown(self) -> list[int]:
        return [at for at in range(len(self._columns)) if not self._table.isColumnHidden(at)]

    def _fixed(self, column: Column) -> int:
        usual = theme().px(column.width)
        if column.status is not None:
            usual = max(usual, status_width(self._table.fontMetrics()))
        return theme().px(self.chosen[column.id]) if column.id in self.chosen else usual

    def _resized(self, section: int, before: int, now: int) -> None:
        if self._laying:
            return
        header = self._table.horizontalHeader()
        after = next((at for at in self._shown() if at > section), None)
        self._laying = True
        if after is None:
            header.resizeSection(section, before)
        else:
            both = before + header.sectionSize(after)
            header.resizeSection(section, min(now, both - theme().px(LEAST)))
            header.resizeSection(after, both - header.sectionSize(section))
        self._laying = False
        if after is not None:
            self._note(section, after)

    def _note(self, *moved: int) -> None:
        header, scale = self._table.horizontalHeader(), theme().scale / 100
        for at in moved:
            if not self._columns[at].stretch:
                self.chosen[self._columns[at].id] = round(header.sectionSize(at) / scale)
        stretched = [at for at in self._shown() if self._columns[at].stretch]
        beyond = {at: max(1, header.sectionSize(at) - theme().px(LEAST)) for at in stretched}
        for at, more in beyond.items():
            self.chosen[self._columns[at].id] = max(1, more * _SHARES // sum(beyond.values()))
        self._rest.start()

    def _forget(self) -> None:
        self.chosen = {}
        self.lay_out()
        self._rest.start()
