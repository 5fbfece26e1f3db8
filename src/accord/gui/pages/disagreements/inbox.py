"""The inbox at the left: what is open, the most consequential first, with what clashes, who, and how far apart."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from accord.domain.disagreements import Clash, Disagreement
from accord.domain.wording import _, number, percent
from accord.gui.pages.disagreements.words import clash_look
from accord.gui.pages.review.queue_pane import PlainCombo, QueueList
from accord.gui.reading_order import paint_line
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, column, line, row

ROW_HEIGHT = 72
_EVERYTHING, _SENT_BACK = "all", "sent back"
Index = QModelIndex | QPersistentModelIndex


class Inbox(QFrame):
    """``chosen`` gives the id of the one under the cursor; ``rule_wanted`` asks for the rule's panel."""

    chosen = Signal(str)
    rule_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAccessibleName(_("Inbox"))
        self._all: list[Disagreement] = []
        self.model = _Model()
        self.list = QueueList()
        self.list.setAccessibleName(_("Open disagreements"))
        self.list.setProperty("kind", "plain")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.model, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = PlainLabel(_("Disagreements"), role="heading")
        self.count = PlainLabel("", role="small")
        self.show_box = PlainCombo()
        self.show_box.setAccessibleName(_("Which disagreements"))
        self.none = PlainLabel(_("None of this kind is open."), role="muted", wrap=True)
        self.rule = Button(
            _("Settle what most agree on…"), kind="quiet", icon="vote-outline", run=self.rule_wanted.emit
        )
        head = column(row(self.title, None, self.count), self.show_box, gap=8, margins=(12, 12, 12, 12))
        self.none.setMargin(theme().px(12))
        foot = row(self.rule, None, margins=(8, 8, 8, 8))
        whole = column(head, line(), self.none, self.list, line(), foot, gap=0)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self._quiet = False
        self.show_box.activated.connect(lambda _index: self._fill(self.current()))
        self.list.selectionModel().currentRowChanged.connect(lambda *_both: self._tell())
        self.show_disagreements([])

    def show_disagreements(self, found: Sequence[Disagreement], *, wanted: str = "") -> None:
        """Show what is open; the cursor stays on its line, or goes to ``wanted``, or to what took the line's place."""
        kept = wanted or self.current()
        self._all = list(found)
        self._offer()
        if wanted and not any(one.id == wanted and _fits(one, str(self.show_box.currentData())) for one in found):
            self.show_box.setCurrentIndex(0)
        self._fill(kept)

    def drop(self, example_id: str) -> None:
        """Take one off, for it is decided; the cursor goes to what takes its place."""
        self.show_disagreements([one for one in self._all if one.id != example_id])

    def drop_quietly(self, example_id: str) -> None:
        """Take one off without telling what is under the cursor now."""
        self.blockSignals(True)
        self.drop(example_id)
        self.blockSignals(False)

    def current(self) -> str:
        """Return the id under the cursor, empty for none."""
        found = self.model.one(self.list.currentIndex().row())
        return "" if found is None else found.id

    def has(self, example_id: str) -> bool:
        """Say whether one is open."""
        return any(one.id == example_id for one in self._all)

    def total(self) -> int:
        """Return how many are open, shown or not."""
        return len(self._all)

    def step(self, by: int) -> None:
        """Move the cursor."""
        wanted = self.list.currentIndex().row() + by
        if 0 <= wanted < self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(wanted, 0))

    def after(self, count: int) -> list[str]:
        """Return the ids around the cursor that are likely to be opened next."""
        here = self.list.currentIndex().row()
        near = [*range(here + 1, here + 1 + count), here - 1]
        return [found.id for found in map(self.model.one, near) if found is not None]

    def _offer(self) -> None:
        """Offer every kind with how many there are."""
        kept = self.show_box.currentData()
        self.show_box.clear()
        self.show_box.addItem(_("All open  {n}", n=number(len(self._all))), _EVERYTHING)
        for clash in Clash:
            count = sum(one.clash is clash for one in self._all)
            self.show_box.addItem(f"{clash_look(clash).word}  {number(count)}", clash.value)
        asked = sum(bool(one.question) for one in self._all)
        self.show_box.addItem(_("Sent to the guideline  {n}", n=number(asked)), _SENT_BACK)
        self.show_box.setCurrentIndex(max(0, self.show_box.findData(kept)))

    def _fill(self, wanted: str) -> None:
        before = self.list.currentIndex().row()
        kind = self.show_box.currentData()
        shown = [one for one in self._all if _fits(one, str(kind))]
        self._quiet = True
        self.model.show(shown)
        place = self.model.position(wanted)
        place = place if place >= 0 else min(max(before, 0), len(shown) - 1)
        index = self.model.index(place, 0)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)
        self._quiet = False
        self.none.setVisible(bool(self._all) and not shown)
        self._tell()

    def _tell(self) -> None:
        if self._quiet:
            return
        at, total = self.list.currentIndex().row() + 1, self.model.rowCount()
        self.count.setText(_("{at} of {total}", at=number(at), total=number(total)) if total else "")
        self.chosen.emit(self.current())


class _Model(QAbstractListModel):
    """The disagreements that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Disagreement] = []

    def show(self, shown: list[Disagreement]) -> None:
        """Show these."""
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def one(self, position: int) -> Disagreement | None:
        """Return the one at a position."""
        return self._shown[position] if 0 <= position < len(self._shown) else None

    def position(self, example_id: str) -> int:
        """Return where one is, -1 for nowhere."""
        return next((i for i, one in enumerate(self._shown) if one.id == example_id), -1)

    def rowCount(self, _parent: Index | None = None) -> int:
        """Return how many are shown."""
        return len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return what is said of one."""
        found = self.one(index.row())
        if found is None or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        return ". ".join([*_first_line(found), found.base.request[:200], _last_line(found)])


class _Delegate(QStyledItemDelegate):
    """Paints one: what clashes and how far apart, the request, the reviewers or the note that it was sent back."""

    def __init__(self, model: _Model, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._model = model
        self._signs: dict[Clash, QPixmap] = {}
        theme().changed.connect(self._forget_signs)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the fixed height."""
        return QSize(theme().px(120), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one disagreement."""
        now, area, found = theme(), QRectF(option.rect), self._model.one(index.row())
        if found is None:
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, now.color("selected"))
            painter.fillRect(QRectF(area.left(), area.top(), now.px(3), area.height()), now.color("primary"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, now.color("hover"))
        inside = area.adjusted(now.px(36), now.px(8), -now.px(12), -now.px(8))
        painter.drawPixmap(round(area.left()) + now.px(12), round(inside.top()) + 1, self._sign(found.clash))
        third = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 3)
        self._line(painter, third, " · ".join(_first_line(found)), clash_look(found.clash).role, 12)
        self._line(painter, third.translated(0, third.height()), found.base.request, "text", 13)
        self._line(painter, third.translated(0, 2 * third.height()), _last_line(found), "muted", 12)

    def _forget_signs(self) -> None:
        self._signs.clear()

    def _line(self, painter: QPainter, area: QRectF, text: str, role: str, size: int) -> None:
        painter.setFont(theme().font(size))
        painter.setPen(theme().color(role))
        paint_line(painter, area, text)

    def _sign(self, clash: Clash) -> QPixmap:
        if clash not in self._signs:
            shown, size = clash_look(clash), theme().px(16)
            self._signs[clash] = theme().icon(shown.icon, shown.role).pixmap(size, size)
        return self._signs[clash]


def _fits(one: Disagreement, kind: str) -> bool:
    if kind == _SENT_BACK:
        return bool(one.question)
    return kind in {_EVERYTHING, one.clash.value}


def _first_line(found: Disagreement) -> list[str]:
    parts = [clash_look(found.clash).word]
    if found.distance:
        parts.append(_("{share} apart", share=percent(max(found.distance, 0.01))))
    return parts


def _last_line(found: Disagreement) -> str:
    names = ", ".join(version.reviewer for version in found.versions)
    if found.question:
        return _("Sent to the guideline: {question}", question=found.question)
    return _("Double-review tag: {names}", names=names) if found.weighty else names
