"""One chosen file: how it is read, where its columns go, and the preview of its first rows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.wording import _, number, plural
from accord.gui.actions import Actions
from accord.gui.pages.importing.chosen import ChosenFile
from accord.gui.pages.importing.mapping_table import MappingTable
from accord.gui.pages.importing.preview_pane import PreviewPane
from accord.gui.pages.importing.reading_card import ReadingCard
from accord.gui.pages.importing.unsure_pane import UnsurePane
from accord.gui.widgets import Card, Scrolled, row


class FilePane(QWidget):
    """Says what a person chose; what that gives comes back through ``show_file``."""

    placed = Signal(str, str)
    reading_chosen = Signal(str, str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._chosen: ChosenFile | None = None
        self._shape: object = None
        self.reading = ReadingCard()
        self.reading.chosen.connect(self.reading_chosen)
        self.unsure = UnsurePane(actions)
        self.mapping = MappingTable()
        self.mapping.placed.connect(self.placed)
        self.columns = Card(_("Columns"))
        self.columns.body.addWidget(self.mapping)
        self.preview = PreviewPane(actions)
        self.preview.tree.placed.connect(self.placed)
        left, self._right = Scrolled(margins=(0, 0, 8, 16)), Scrolled(margins=(8, 0, 0, 16))
        for part in (self.reading, self.unsure, self.columns):
            left.body.addWidget(part)
        left.body.addStretch(1)
        self._right.body.addWidget(self.preview)
        self._right.body.addStretch(1)
        across = row(gap=8)
        across.addWidget(left, 1)
        across.addWidget(self._right, 1)
        self.setLayout(across)

    def show_file(self, chosen: ChosenFile) -> None:
        """Show a file as it is known now."""
        other = chosen is not self._chosen or chosen.shape is not self._shape
        self._chosen, self._shape = chosen, chosen.shape
        self.reading.show_file(chosen)
        self.unsure.setVisible(bool(chosen.choices))
        self.unsure.show_choices(chosen.choices)
        self.columns.setVisible(chosen.shape is not None)
        if other or not self.mapping.covers(chosen.targets):
            self.mapping.show_file(chosen)
        else:
            self.mapping.show_targets(chosen.targets)
        self._right.setVisible(chosen.shape is not None)
        if chosen.preview is not None or other or chosen.fault:
            self.preview.show_preview(chosen, chosen.fault)
        else:
            self.preview.show_verdicts(chosen)


def count_text(chosen: ChosenFile) -> str:
    """Return what an import would do, as a sentence without a full stop; empty while it is not known."""
    count = chosen.count
    if count is None:
        return ""
    parts = [_("{n} new", n=number(count.accepted))]
    if count.duplicate:
        parts.append(_("{n} seen before or twice", n=number(count.duplicate)))
    if count.rejected:
        parts.append(_("{n} refused", n=number(count.rejected)))
    return plural("{n} row: {parts}", "{n} rows: {parts}", count.read, parts=", ".join(parts))
