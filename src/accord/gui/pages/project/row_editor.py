"""A short list that a person edits in place: each row has fields, moves up and down, and can be deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets import Button, NumberField, PlainLabel, column, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A field of each row; ``width`` px fixes it, ``low`` and ``high`` make it a number, ``usual`` in a new row."""

    title: str
    width: int = 0
    low: int = 0
    high: int = 0
    usual: int = 0

    @property
    def is_number(self) -> bool:
        """Whether the field holds a number."""
        return self.high > self.low


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``key`` is not shown and stays with it."""

    values: tuple[str, ...]
    key: str = ""


class RowEditor(QWidget):
    """``changed`` says that a person changed, added, moved or deleted a row."""

    changed = Signal()

    def __init__(self, name: str, cells: Sequence[Cell], *, add: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._cells = tuple(cells)
        self.rows: list[_Row] = []
        self._column = column(gap=4)
        self._titles = QWidget()
        titles = row(gap=8)
        for cell in cells:
            label = PlainLabel(cell.title, role="small")
            if cell.width:
                label.setFixedWidth(theme().px(cell.width))
            titles.addWidget(label, 0 if cell.width else 1)
        titles.addSpacing(theme().px(3 * 36))
        self._titles.setLayout(titles)
        self.add_button = Button(add, icon="plus", run=self.add)
        self.setLayout(column(self._titles, self._column, row(self.add_button, None), gap=8))
        self._titles.hide()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other rows, without a signal; the same rows stay as they are."""
        if self.lines() == list(lines):
            return
        for old in self.rows:
            self._drop(old)
        self.rows = []
        for given in lines:
            self._append(given)
        self._follow()

    def lines(self) -> list[Line]:
        """Return the rows as they stand."""
        return [made.line() for made in self.rows]

    def add(self) -> None:
        """Add an empty row and type there."""
        made = self._append(Line(tuple(str(c.usual) if c.is_number else "" for c in self._cells)))
        self._follow()
        made.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _append(self, given: Line) -> "_Row":
        made = _Row(self._cells, given)
        made.edited.connect(self.changed)
        made.up.clicked.connect(partial(self._move, made, -1))
        made.down.clicked.connect(partial(self._move, made, 1))
        made.delete.clicked.connect(partial(self._delete, made))
        self.rows.append(made)
        self._column.addWidget(made)
        return made

    def _move(self, moved: "_Row", by: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        at = self.rows.index(moved)
        self.rows.insert(at + by, self.rows.pop(at))
        self._column.removeWidget(moved)
        self._column.insertWidget(at + by, moved)
        self._follow()
        self.changed.emit()

    def _delete(self, gone: "_Row", _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        at = self.rows.index(gone)
        self.rows.remove(gone)
        self._drop(gone)
        self._follow()
        after: QWidget = self.rows[min(at, len(self.rows) - 1)].delete if self.rows else self.add_button
        after.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _drop(self, gone: "_Row") -> None:
        self._column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    def _follow(self) -> None:
        self._titles.setVisible(bool(self.rows))
        for position, made in enumerate(self.rows):
            made.number(position, first=position == 0, last=position == len(self.rows) - 1)


class _Row(QWidget):
    """One row of fields and its three buttons."""

    edited = Signal()

    def __init__(self, cells: Sequence[Cell], given: Line) -> None:
        super().__init__()
        self._cells, self._key = cells, given.key
        self.fields: list[QLineEdit | NumberField] = []
        across = row(gap=8)
        for cell, value in zip(cells, given.values, strict=True):
            field = self._field(cell, value)
            self.fields.append(field)
            across.addWidget(field, 0 if cell.width else 1)
        self.up = Button(icon="arrow-up", kind="quiet", name=_("Move up"))
        self.down = Button(icon="arrow-down", kind="quiet", name=_("Move down"))
        self.delete = Button(icon="delete-outline", kind="quiet", name=_("Delete"))
        for button in (self.up, self.down, self.delete):
            button.setFixedWidth(theme().px(32))
            across.addWidget(button)
        across.setSpacing(4)
        self.setLayout(across)

    def line(self) -> Line:
        """Return what stands in the fields."""
        return Line(tuple(field.text().strip() for field in self.fields), self._key)

    def number(self, position: int, *, first: bool, last: bool) -> None:
        """Name the fields by their place and switch off the moves that lead nowhere."""
        for cell, field in zip(self._cells, self.fields, strict=True):
            field.setAccessibleName(f"{cell.title} {position + 1}")
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)

    def _field(self, cell: Cell, value: str) -> QLineEdit | NumberField:
        if cell.is_number:
            made = NumberField(cell.title, cell.low, cell.high, int(value))
            made.valueChanged.connect(lambda _value: self.edited.emit())
            made.setFixedWidth(theme().px(cell.width or 80))
            return made
        field = QLineEdit(value)
        field.setCursorPosition(0)
        if cell.width:
            field.setFixedWidth(theme().px(cell.width))
        field.textEdited.connect(lambda _text: self.edited.emit())
        return field
