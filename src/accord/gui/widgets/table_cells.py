"""How the cells of a table are painted."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from accord.domain.review import Status
from accord.gui.reading_order import paint_line
from accord.gui.theme import theme
from accord.gui.widgets.chips import paint_status
from accord.gui.widgets.table_columns import Column

ROW_HEIGHT = 28
StatusRole = Qt.ItemDataRole.UserRole + 1
LoadedRole = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of some columns: one line, shortened; a status by icon and word; a bar for a row on its way."""

    def __init__(self, columns: Sequence[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the fixed row height."""
        return QSize(theme().px(80), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        now, area = theme(), QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, now.color("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, now.color("hover"))
        inside = area.adjusted(now.px(8), 0, -now.px(8), 0)
        status = index.data(StatusRole)
        if not index.data(LoadedRole):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("placeholder"))
            share = 0.35 + (index.row() * 7 + index.column() * 3) % 5 / 10
            bar = QRectF(inside.left(), area.center().y() - 4, inside.width() * share, 8)
            painter.drawRoundedRect(bar, 4, 4)
        elif status is not None:
            painter.setFont(now.font())
            paint_status(painter, inside, Status(status))
        else:
            self._paint_text(painter, inside, index)

    def _paint_text(self, painter: QPainter, area: QRectF, index: Index) -> None:
        column = self._columns[index.column()]
        right = column.align == "right"
        painter.setFont(theme().font(figures=right))
        painter.setPen(theme().color("muted" if column.muted else "text"))
        paint_line(painter, area, str(index.data() or ""), right=right)
