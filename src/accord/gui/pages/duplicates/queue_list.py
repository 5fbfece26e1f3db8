"""The list beside the cards: one line for each cluster or conflict, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.progress import Progress
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.theme import theme
from accord.gui.widgets import Column, PagedModel, PlainLabel, TableView, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its key, its text, and how many examples it stands for (with a sign where it is settled)."""

    key: str
    title: str
    count: str


class QueueList(QWidget):
    """Shows the lines; ``current_changed`` gives the key of the one under the cursor, or nothing."""

    current_changed = Signal(str)

    def __init__(self, context: Context, name: str, title: str) -> None:
        super().__init__()
        self._lines: dict[str, Line] = {}
        columns = [
            Column(id="title", title=title, text=lambda shown: shown.title, stretch=True),
            Column(id="count", title=_("Size"), text=lambda shown: shown.count, width=56, align="right", muted=True),
        ]
        self.model = PagedModel(context, columns, self._fetch)
        self.table = TableView(name, self.model)
        self.table.current_changed.connect(self._tell)
        self.place = PlainLabel(role="strong")
        self._quiet = False
        self.setLayout(column(self.place, self.table, gap=8))
        self.setFixedWidth(theme().px(280))

    def set_lines(self, lines: Sequence[Line], *, wanted: str = "") -> None:
        """Show other lines; the cursor stays on its line, or goes to ``wanted``, or to the line that took its place."""
        before = self.position()
        kept = wanted or self.current()
        self._lines = {shown.key: shown for shown in lines}
        self._quiet = True
        self.model.set_ids([shown.key for shown in lines])
        if lines and not (kept and self.table.select_id(kept)):
            self.table.select_row(min(max(before, 0), len(lines) - 1))
        self._quiet = False
        self._tell(None)

    def current(self) -> str:
        """Return the key under the cursor, empty for none."""
        return str(self.table.current_id() or "")

    def position(self) -> int:
        """Return the position of the cursor, -1 for none."""
        return self.table.currentIndex().row()

    def selected(self) -> list[str]:
        """Return the keys of all selected lines, from the top."""
        return [str(key) for key in self.table.selected_ids()]

    def select(self, key: str) -> bool:
        """Put the cursor on a line."""
        return self.table.select_id(key)

    def step(self, by: int) -> None:
        """Move the cursor."""
        wanted = self.position() + by
        if 0 <= wanted < len(self._lines):
            self.table.select_row(wanted)

    def _fetch(self, keys: Sequence[Any], _progress: Progress) -> list[Line | None]:
        lines = self._lines
        return [lines.get(str(key)) for key in keys]

    def _tell(self, _key: object) -> None:
        if self._quiet:
            return
        total = len(self._lines)
        self.place.setText(_("{n} of {total}", n=number(self.position() + 1), total=number(total)) if total else "")
        self.current_changed.emit(self.current())
