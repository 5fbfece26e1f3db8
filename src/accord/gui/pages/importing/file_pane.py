"""One chosen file: how it is read, where its columns go, and the preview of its first rows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.actions import Actions
from accord.gui.pages.importing.chosen import ChosenFile, container_title, format_title, size_title
from accord.gui.pages.importing.mapping_table import CalmCombo, MappingTable
from accord.gui.pages.importing.preview_pane import PreviewPane
from accord.gui.theme import theme
from accord.gui.widgets import Card, FormRow, PlainLabel, Scrolled, row
from accord.workflows.import_looks import ENCODINGS, FORMATS


class FilePane(QWidget):
    """Says what a person chose; what that gives comes back through ``show_file``."""

    placed = Signal(str, str)
    format_chosen = Signal(str)
    encoding_chosen = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._chosen: ChosenFile | None = None
        self._shape: object = None
        self.fault = PlainLabel(role="error", wrap=True, selectable=True)
        self.facts = PlainLabel(role="muted", wrap=True)
        self.formats = _combo(_("Format"), ["auto", *FORMATS])
        self.encodings = _combo(_("Encoding"), ["", *ENCODINGS])
        self.formats.activated.connect(lambda at: self.format_chosen.emit(str(self.formats.itemData(at))))
        self.encodings.activated.connect(lambda at: self.encoding_chosen.emit(str(self.encodings.itemData(at))))
        self.mapping = MappingTable()
        self.mapping.placed.connect(self.placed)
        self.reading = Card(" ")
        self.reading.body.setSpacing(12)
        self.reading.body.addWidget(self.fault)
        choosers = row(gap=16)
        for title, combo in ((_("Format"), self.formats), (_("Encoding"), self.encodings)):
            choosers.addWidget(FormRow(title, combo), 1)
        self.reading.body.addLayout(choosers)
        self.reading.body.addWidget(self.facts)
        self.columns = Card(_("Columns"))
        self.columns.body.addWidget(self.mapping)
        self.preview = PreviewPane(actions)
        left, right = Scrolled(margins=(0, 0, 8, 16)), Scrolled(margins=(8, 0, 0, 16))
        for part in (self.reading, self.columns):
            left.body.addWidget(part)
        left.body.addStretch(1)
        right.body.addWidget(self.preview)
        right.body.addStretch(1)
        across = row(gap=8)
        across.addWidget(left, 1)
        across.addWidget(right, 1)
        self.setLayout(across)

    def show_file(self, chosen: ChosenFile) -> None:
        """Show a file as it is known now."""
        other = chosen is not self._chosen or chosen.shape is not self._shape
        self._chosen, self._shape = chosen, chosen.shape
        self.fault.setText(chosen.fault)
        self.fault.setVisible(bool(chosen.fault))
        self.reading.title.setText(chosen.path.name)
        self.facts.setText(facts(chosen))
        self.facts.setVisible(bool(facts(chosen)))
        self._show_reading(chosen)
        self.columns.setVisible(chosen.shape is not None)
        if other:
            self.mapping.show_file(chosen)
        else:
            self.mapping.show_targets(chosen.targets)
        self.preview.setVisible(chosen.shape is not None)
        if chosen.preview is not None or other or chosen.fault:
            self.preview.show_preview(chosen.preview, chosen.fault)

    def _show_reading(self, chosen: ChosenFile) -> None:
        found = chosen.shape
        automatic = (
            _("Automatic")
            if found is None or chosen.format != "auto"
            else _("Auto: {format}", format=format_title(found.format))
        )
        self.formats.setItemText(0, automatic)
        for position in range(1, self.formats.count()):
            self.formats.setItemText(position, format_title(str(self.formats.itemData(position))))
        self.formats.setCurrentIndex(self.formats.findData(chosen.format))
        spoken = _("Automatic") if found is None or chosen.encoding else _("Auto: {name}", name=found.encoding)
        self.encodings.setItemText(0, spoken)
        self.encodings.setCurrentIndex(max(0, self.encodings.findData(chosen.encoding)))


def facts(chosen: ChosenFile) -> str:
    """Return a line on a file: kind, size, and what its rows would come to."""
    shape = chosen.shape
    if shape is None:
        return "" if chosen.fault else _("Looking at the file…")
    parts = [container_title(shape), size_title(shape.bytes), plural("{n} column", "{n} columns", len(shape.columns))]
    return " · ".join(parts)


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


def _combo(name: str, values: list[str]) -> CalmCombo:
    combo = CalmCombo()
    combo.setAccessibleName(name)
    for value in values:
        combo.addItem(value, value)
    combo.setMinimumWidth(theme().px(96))
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
