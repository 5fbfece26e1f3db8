"""How many examples each tag has, and which of them new requests are asked for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.widgets import PlainLabel, column
from accord.workflows.generation_coverage import Coverage

_MOST = 40  # tags that are listed, the thinnest first


class TagBoxes(QWidget):
    """A box for each tag, the one with the fewest accepted examples first; none ticked means the thinnest ones."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Tags to ask for"))
        self.boxes: dict[str, QCheckBox] = {}
        self.said = PlainLabel(role="small", wrap=True)
        self._held = QWidget()
        self._holder = column(self.said, self._held, gap=4)
        self.setLayout(self._holder)

    def chosen(self) -> tuple[str, ...]:
        """Return the tags that are ticked."""
        return tuple(tag for tag, box in self.boxes.items() if box.isChecked())

    def show_coverage(self, table: Sequence[Coverage]) -> None:
        """Show how many examples each tag has."""
        ticked = set(self.chosen())
        shown = table[:_MOST]
        told = _("Tick tags, or none: then the tags with the fewest examples are asked for first.")
        left = len(table) - len(shown)
        more = plural("{n} tag with more examples is not listed.", "{n} tags with more examples are not listed.", left)
        self.said.setText(f"{told} {more}" if left > 0 else told)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(3, 1)
        self.boxes = {}
        for place, title in enumerate((_("Tag"), _("Accepted"), _("Waiting"), _("Missing"))):
            side = Qt.AlignmentFlag.AlignLeft if place in {0, 3} else Qt.AlignmentFlag.AlignRight
            grid.addWidget(PlainLabel(title, role="small"), 0, place, side)
        for line, one in enumerate(shown, start=1):
            self._add(grid, line, one, ticked=one.tag in ticked)
        held = QWidget()
        held.setLayout(grid)
        self._holder.replaceWidget(self._held, held)
        self._held.hide()
        self._held.deleteLater()
        self._held = held

    def _add(self, grid: QGridLayout, line: int, one: Coverage, *, ticked: bool) -> None:
        box = QCheckBox(one.tag.replace("&", "&&"))
        box.setAccessibleName(one.tag)
        wanted = plural("{n} more would even it out", "{n} more would even it out", one.wanted) if one.wanted else ""
        counts = _("{accepted} accepted, {waiting} waiting", accepted=one.accepted, waiting=one.waiting)
        box.setAccessibleDescription(". ".join(part for part in (counts, wanted, one.description) if part))
        box.setChecked(ticked)
        box.toggled.connect(lambda _on: self.changed.emit())
        self.boxes[one.tag] = box
        grid.addWidget(box, line, 0)
        grid.addWidget(PlainLabel(number(one.accepted)), line, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(PlainLabel(number(one.waiting), role="muted"), line, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(PlainLabel(wanted or _("enough"), role="small"), line, 3)
