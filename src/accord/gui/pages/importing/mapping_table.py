"""Each column of a file with some of its values, and the place it goes to."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from accord.domain.wording import _
from accord.gui.pages.importing.chosen import ChosenFile, target_titles
from accord.gui.pages.importing.tree_nodes import readable_place, values_at
from accord.gui.theme import theme
from accord.gui.widgets import PlainLabel, column, line, plain_tooltip, row

SHOWN_VALUES = 3
SHOWN_CHARS = 60
TOOLTIP_CHARS = 600


class CalmCombo(QComboBox):
    """A chooser that the wheel does not change while a person scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()


class MappingTable(QWidget):
    """Says ``placed(column, target)`` when a person chooses a place."""

    placed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Columns and where they go"))
        self.combos: dict[str, CalmCombo] = {}
        self.marks: dict[str, PlainLabel] = {}
        self._column = column(gap=0)
        self.setLayout(self._column)

    def show_file(self, chosen: ChosenFile) -> None:
        """Show the columns of a file anew."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.combos, self.marks = {}, {}
        shape = chosen.shape
        if shape is None:
            return
        titles = target_titles(shape)
        for position, name in enumerate(dict.fromkeys((*shape.columns, *chosen.targets))):
            if position:
                self._column.addWidget(line())
            values = list(dict.fromkeys(values_at(shape, name)))[:SHOWN_VALUES]
            end = (
                PlainLabel(_("Part of the conversation"), role="muted")
                if name in chosen.own
                else self._combo(name, titles)
            )
            self.marks[name] = PlainLabel(role="small")
            self._column.addWidget(_row(name, values, self.marks[name], end))
        self.show_targets(chosen)

    def covers(self, places: Iterable[str]) -> bool:
        """Say whether each of these places has its row here."""
        return set(places) <= self.combos.keys()

    def show_targets(self, chosen: ChosenFile) -> None:
        """Show where each column goes now and which of them nobody has said, without saying it back."""
        for name, combo in self.combos.items():
            combo.blockSignals(True)
            combo.setCurrentIndex(max(0, combo.findData(chosen.targets.get(name, ""))))
            combo.blockSignals(False)
            word = chosen.proposal_word(name)
            combo.setAccessibleDescription(word)
            self.marks[name].setText(word)
            self.marks[name].setVisible(bool(word))

    def _combo(self, name: str, titles: Sequence[tuple[str, str]]) -> CalmCombo:
        combo = CalmCombo()
        combo.setAccessibleName(_("Column {column} becomes", column=readable_place(name)))
        for target, title in titles:
            combo.addItem(title, target)
        combo.setMaxVisibleItems(len(titles))
        combo.currentIndexChanged.connect(partial(self._say, name))
        self.combos[name] = combo
        return combo

    def _say(self, name: str, position: int) -> None:
        self.placed.emit(name, str(self.combos[name].itemData(position)))


def _row(name: str, values: Sequence[str], mark: QWidget, end: QWidget) -> QWidget:
    made = QWidget()
    title = PlainLabel(readable_place(name), role="strong", elide=True)
    shown = " · ".join(" ".join(value[:SHOWN_CHARS].split()) for value in values[:SHOWN_VALUES])
    sample = PlainLabel(shown or _("empty in the first rows"), role="small", elide=True)
    if values:
        plain_tooltip(sample, "\n\n".join(value[:TOOLTIP_CHARS] for value in values))
    top = row(gap=8)
    top.addWidget(title, 1)
    top.addWidget(mark)
    words = column(top, sample, gap=2)
    across = row(gap=16, margins=(0, 8, 0, 8))
    across.addLayout(words, 1)
    across.addWidget(end, 0, Qt.AlignmentFlag.AlignVCenter)
    end.setFixedWidth(theme().px(184))
    made.setLayout(across)
    return made
