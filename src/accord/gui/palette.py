"""The command palette: type a few letters of anything one can do, and do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from accord.domain.wording import _
from accord.gui.actions import EVERYWHERE, best_matches, shown_key
from accord.gui.context import Context
from accord.gui.overlay import Overlay
from accord.gui.theme import theme
from accord.gui.widgets.layout import column, line, row
from accord.gui.widgets.text import PlainLabel

_KeyRole = Qt.ItemDataRole.UserRole + 1
_WhereRole = Qt.ItemDataRole.UserRole + 2
_IconRole = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing the palette offers; ``where`` is a quiet word beside it."""

    title: str
    run: Callable[[], object]
    key: str = ""
    where: str = ""
    icon: str = ""


Source = Callable[[str], Sequence[Entry]]


class CommandPalette(Overlay):
    """Lists the actions that can be used now, best match first, then what its sources offer for the typed text."""

    def __init__(self, window: QWidget, context: Context, page_title: Callable[[str], str]) -> None:
        super().__init__(window, _("Command palette"), width=600, height=456)
        self._context = context
        self._page_title = page_title
        self._sources: list[Source] = []
        self._entries: list[Entry] = []
        self.field = QLineEdit()
        self.field.setProperty("measure", "large")
        self.field.setPlaceholderText(_("Search or run a command"))
        self.field.setAccessibleName(_("Search or run a command"))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setAccessibleName(_("Commands"))
        self.list.setProperty("kind", "plain")
        self.list.setModel(self._model)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.clicked.connect(self._choose)
        hints = row(
            PlainLabel(_("↑ ↓ choose"), role="small"),
            PlainLabel(_("↵ run"), role="small"),
            PlainLabel(_("Esc close"), role="small"),
            None,
            gap=16,
            margins=(16, 6, 16, 8),
        )
        head = row(self.field, margins=(12, 8, 12, 8))
        body = row(self.list, margins=(8, 8, 8, 8))
        self.card.setLayout(column(head, line(), body, line(), hints, gap=0, margins=(1, 1, 1, 1)))

    def add_source(self, source: Source) -> None:
        """Let something else (a search of examples) offer entries for what was typed."""
        self._sources.append(source)

    def open(self) -> None:
        """Show, empty."""
        super().open()
        self.field.clear()
        self._search("")
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """Return what is listed, best first."""
        return [entry.title for entry in self._entries]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and choose with the keys that the field does not need."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in step:
                self._move(step[Qt.Key(event.key())])
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _commands(self) -> list[Entry]:
        actions, entries = self._context.actions, []
        for action in actions.in_force():
            if action.listed and actions.usable(action.id):
                where = "" if action.page == EVERYWHERE else self._page_title(action.page)
                run = partial(actions.run, action.id)
                key = actions.key(action.id)
                entries.append(Entry(title=action.title, run=run, key=key, where=where, icon=action.icon))
        return sorted(entries, key=lambda entry: not entry.where)

    def _search(self, text: str) -> None:
        commands = self._commands()
        found = [commands[i] for i in best_matches(text, [c.title for c in commands], limit=60)]
        for source in self._sources:
            found += source(text.strip())
        self._entries = found
        self._model.clear()
        for entry in found:
            item = QStandardItem(entry.title)
            item.setData(shown_key(entry.key) if entry.key else "", _KeyRole)
            item.setData(entry.where, _WhereRole)
            item.setData(entry.icon, _IconRole)
            self._model.appendRow(item)
        if found:
            self.list.setCurrentIndex(self._model.index(0, 0))

    def _move(self, by: int) -> None:
        if self._entries:
            position = min(max(self.list.currentIndex().row() + by, 0), len(self._entries) - 1)
            self.list.setCurrentIndex(self._model.index(position, 0))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            entry = self._entries[index.row()]
            self.leave()
            entry.run()


class _EntryDelegate(QStyledItemDelegate):
    """Paints an entry: icon, title, where it belongs, key."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: object) -> QSize:
        return QSize(theme().px(200), theme().px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]  # a list view never gives the persistent kind
        now, area = theme(), QRectF(option.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("selected" if option.state & QStyle.StateFlag.State_Selected else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        icon, size = index.data(_IconRole), now.px(18)
        if icon:
            pixmap = now.icon(icon, "muted").pixmap(size, size)
            painter.drawPixmap(round(area.left() + now.px(8)), round(area.center().y() - size / 2), pixmap)
        words = area.adjusted(now.px(38), 0, -now.px(12), 0)
        painter.setFont(now.font())
        painter.setPen(now.color("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, index.data())
        painter.setPen(now.color("muted"))
        painter.setFont(now.font(12))
        key, where = index.data(_KeyRole), index.data(_WhereRole)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, key)
        if where:
            width = now.px(104)
            painter.drawText(words.adjusted(0, 0, -width, 0), Qt.AlignmentFlag.AlignRight | middle, where)
