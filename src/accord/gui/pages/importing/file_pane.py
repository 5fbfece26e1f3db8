"""One chosen file: how it is read, where its columns go, and the preview of its first rows."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.pages.importing.chosen import ChosenFile
from accord.gui.pages.importing.mapping_table import MappingTable
from accord.gui.pages.importing.preview_pane import PreviewPane
from accord.gui.pages.importing.reading_card import ReadingCard
from accord.gui.pages.importing.unsure_pane import UnsurePane
from accord.gui.theme import theme
from accord.gui.widgets import Card, PlainLabel, Scrolled, row
from accord.workflows.importing import FileReport

#: From which width, px at 100 percent, columns and preview stand side by side.
BESIDE_FROM = 780


class FilePane(QWidget):
    """Says what a person chose; what that gives comes back through ``show_file``."""

    placed = Signal(str, str)
    reading_chosen = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._chosen: ChosenFile | None = None
        self._shape: object = None
        self.reading = ReadingCard()
        self.reading.chosen.connect(self.reading_chosen)
        self.unsure = UnsurePane(context.actions)
        self.mapping = MappingTable()
        self.mapping.placed.connect(self.placed)
        self.columns = Card(_("Columns"))
        self.how_placed = PlainLabel(role="muted", wrap=True)
        self.columns.body.addWidget(self.how_placed)
        self.columns.body.addWidget(self.mapping)
        self.preview = PreviewPane(context)
        self.preview.tree.placed.connect(self.placed)
        self._left, self._right = Scrolled(), Scrolled()
        for part in (self.reading, self.unsure, self.columns):
            self._left.body.addWidget(part)
        self._left.body.addStretch(1)
        self._right.body.addWidget(self.preview)
        self._right.body.addStretch(1)
        self._across = row(gap=8)
        self._across.addWidget(self._left, 1)
        self._across.addWidget(self._right, 1)
        self.setLayout(self._across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the preview below where there is no room for it beside the columns."""
        super().resizeEvent(event)
        beside = event.size().width() >= theme().px(BESIDE_FROM)
        inner = 8 if beside else 0
        self._left.body.setContentsMargins(0, 0, inner, 16)
        self._right.body.setContentsMargins(inner, 0, 0, 16)
        self._across.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def show_file(self, chosen: ChosenFile) -> None:
        """Show a file as it is known now."""
        other = chosen is not self._chosen or chosen.shape is not self._shape
        self._chosen, self._shape = chosen, chosen.shape
        self.reading.show_file(chosen)
        self.unsure.setVisible(bool(chosen.choices))
        self.unsure.show_choices(chosen.choices)
        self.columns.setVisible(chosen.shape is not None and bool(chosen.shape.columns))
        if other or not self.mapping.covers(chosen.targets):
            self.mapping.show_file(chosen)
        else:
            self.mapping.show_targets(chosen)
        self._show_how_placed(chosen)
        self._right.setVisible(chosen.shape is not None)
        if chosen.preview is not None or other or chosen.fault:
            self.preview.show_preview(chosen, chosen.fault)
        else:
            self.preview.show_verdicts(chosen)

    def _show_how_placed(self, chosen: ChosenFile) -> None:
        proposed = any(chosen.proposal_word(name) for name in chosen.targets)
        told = (
            _("The columns go where you put them the last time a file had these columns.")
            if chosen.remembered
            else _(
                "Where columns go was guessed from their names and texts. Look at the preview; change what is wrong."
            )
        )
        self.how_placed.setText(told if proposed else "")
        self.how_placed.setVisible(proposed)


def count_text(chosen: ChosenFile) -> str:
    """Return what an import would do, as a sentence without a full stop; empty while it is not known."""
    count = chosen.count
    if count is None:
        return ""
    return plural("{n} row: {parts}", "{n} rows: {parts}", count.read, parts=", ".join(count_parts([count])))


def count_parts(counts: Sequence[FileReport]) -> list[str]:
    """Return what an import of files would do, in parts of a sentence."""
    new, empty = sum(c.accepted for c in counts), sum(c.needs_answer for c in counts)
    seen, refused = sum(c.duplicate for c in counts), sum(c.rejected for c in counts)
    parts = [_("{n} new", n=number(new))]
    if empty:
        parts = [_("{n} new ({empty} without an answer)", n=number(new), empty=number(empty))]
    if seen:
        parts.append(_("{n} seen before or twice", n=number(seen)))
    if refused:
        parts.append(_("{n} refused", n=number(refused)))
    return parts
