"""How a file is read: format, encoding, delimiter, sheet and place of the rows, each found and each open to change."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from accord.domain.wording import _, plural
from accord.gui.pages.importing.chosen import (
    ChosenFile,
    container_title,
    delimiter_title,
    format_title,
    line_ends_title,
    size_title,
)
from accord.gui.pages.importing.mapping_table import CalmCombo
from accord.gui.theme import theme
from accord.gui.widgets import Card, FormRow, PlainLabel, plain_tooltip, row
from accord.workflows.import_looks import ENCODINGS, FORMATS, HEADERS, FileShape, fill_choice

DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
Option = tuple[str, str]


class ReadingCard(Card):
    """Says ``chosen(what, value)`` when a person reads the file another way: ``what`` is a field of Reading."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(" ")
        self.body.setSpacing(12)
        self.fault = PlainLabel(role="error", wrap=True, selectable=True)
        self.facts = PlainLabel(role="muted", wrap=True)
        self.notes = PlainLabel(wrap=True, selectable=True)
        self.notes.setAccessibleDescription(_("What was found in the file"))
        self.combos: dict[str, CalmCombo] = {}
        self._rows: dict[str, FormRow] = {}
        for what, title in (
            ("format", _("Format")),
            ("encoding", _("Encoding")),
            ("delimiter", _("Delimiter")),
            ("sheet", _("Sheet")),
            ("pointer", _("The rows are in")),
            ("header", _("First row")),
        ):
            self._add_combo(what, title)
        self.body.addWidget(self.fault)
        self.body.addLayout(row(*self._equal("format", "encoding", "delimiter"), gap=16))
        self.body.addLayout(row(*self._equal("sheet", "pointer", "header"), gap=16))
        self.fill = QCheckBox(_("Blank cells under a filled one repeat it"))
        self.fill.clicked.connect(self._fill_chosen)
        self._found: FileShape | None = None
        self.body.addWidget(self.fill)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.notes)

    def show_file(self, file: ChosenFile) -> None:
        """Show how a file is read now."""
        self.title.setText(file.path.name)
        self.fault.setText(file.fault)
        self.fault.setVisible(bool(file.fault))
        self.facts.setText(facts(file))
        self.facts.setVisible(bool(facts(file)))
        notes = "\n".join(file.shape.notes) if file.shape is not None else ""
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self._fill("format", _format_options(file), file.reading.format)
        self._fill("encoding", _encoding_options(file), file.reading.encoding)
        self._fill("delimiter", _delimiter_options(file), file.reading.delimiter)
        self._fill("sheet", _sheet_options(file), file.reading.sheet)
        self._fill("pointer", _pointer_options(file), file.reading.pointer)
        self._fill("header", _header_options(file), file.reading.header)
        archive = file.known is not None and file.known.container != "xlsx"
        self._rows["sheet"].label.setText(_("File in the archive") if archive else _("Sheet"))

        self._show_fill(file.shape or file.known)

    def _show_fill(self, found: FileShape | None) -> None:
        """Offer to fill blank cells where a table has them below filled ones."""
        self._found = found
        self.fill.setVisible(found is not None and bool(found.grouped))
        if found is not None:
            self.fill.setChecked(found.fills)
            self.fill.setToolTip(", ".join(found.grouped))

    def _fill_chosen(self, filled: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        if self._found is not None:
            self.chosen.emit("fill", fill_choice(shape=self._found, filled=filled))

    def _add_combo(self, what: str, title: str) -> None:
        combo = CalmCombo()
        combo.setAccessibleName(title)
        combo.setMinimumWidth(theme().px(96))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.activated.connect(lambda at: self.chosen.emit(what, str(combo.itemData(at))))
        self.combos[what] = combo
        self._rows[what] = FormRow(title, combo)

    def _equal(self, *which: str) -> list[QWidget]:
        """Give choosers one width, those of names of files and places twice that."""
        for what in which:
            policy = self._rows[what].sizePolicy()
            policy.setHorizontalStretch(2 if what in {"sheet", "pointer"} else 1)
            self._rows[what].setSizePolicy(policy)
        return [self._rows[what] for what in which]

    def _fill(self, what: str, options: list[Option], value: str) -> None:
        """Offer these values; a chooser with nothing to choose is not shown."""
        combo = self.combos[what]
        shown = [(str(combo.itemData(at)), combo.itemText(at)) for at in range(combo.count())]
        if shown != options:
            combo.clear()
            for data, title in options:
                combo.addItem(title, data)
        combo.setCurrentIndex(max(0, combo.findData(value)))
        plain_tooltip(combo, combo.currentText())  # a long name is cut
        self._rows[what].setVisible(bool(options))


def facts(file: ChosenFile) -> str:
    """Return a line on a file: kind, line ends, size, columns."""
    shape = file.shape
    if shape is None:
        return "" if file.fault or file.choices else _("Looking at the file…")
    columns = plural("{n} column", "{n} columns", len(shape.columns))
    parts = [container_title(shape), line_ends_title(shape.line_ends), size_title(shape.bytes), columns]
    return " · ".join(filter(None, parts))


def _format_options(file: ChosenFile) -> list[Option]:
    found = file.shape
    automatic = (
        _("Automatic")
        if found is None or file.reading.format != "auto"
        else _("Auto: {format}", format=format_title(found.format))
    )
    return [("auto", automatic), *((name, format_title(name)) for name in FORMATS)]


def _encoding_options(file: ChosenFile) -> list[Option]:
    """Offer the encodings; a file that is no text has none."""
    found = file.shape or file.known
    if found is not None and not found.encoding:
        return []
    automatic = _("Automatic")
    if file.shape is not None and not file.reading.encoding:
        automatic = _("Auto: {name}", name=file.shape.encoding)
    names = dict.fromkeys((*ENCODINGS, *(choice.encoding for choice in file.choices)))
    if file.reading.encoding:
        names.setdefault(file.reading.encoding)
    return [("", automatic), *((name, name) for name in names)]


def _delimiter_options(file: ChosenFile) -> list[Option]:
    found = file.shape or file.known
    if found is None or found.container != "csv":
        return []
    automatic = _("Automatic")
    if file.shape is not None and not file.reading.delimiter:
        automatic = _("Auto: {name}", name=delimiter_title(found.delimiter))
    known = dict.fromkeys((*DELIMITERS, *filter(None, (found.delimiter, file.reading.delimiter))))
    return [("", automatic), *((name, delimiter_title(name)) for name in known)]


def _sheet_options(file: ChosenFile) -> list[Option]:
    found = file.shape or file.known
    if found is None or not found.sheets:
        return []
    automatic = _("Automatic")
    if file.shape is not None and not file.reading.sheet:
        automatic = _("Auto: {name}", name=file.shape.sheet)
    return [("", automatic), *((name, name) for name in found.sheets)]


def _pointer_options(file: ChosenFile) -> list[Option]:
    found = file.shape or file.known
    if found is None or not (found.pointers or found.pointer or file.reading.pointer):
        return []
    automatic = _("Automatic")
    if file.shape is not None and not file.reading.pointer:
        automatic = _("Auto: {name}", name=_place_title(file.shape))
    places = dict.fromkeys(filter(None, (file.reading.pointer, found.pointer, *found.pointers)))
    return [("", automatic), *((place, place) for place in places)]


def _header_options(file: ChosenFile) -> list[Option]:
    """Offer what the first row of a table can be: the names of the columns, or data like any other."""
    found = file.shape or file.known
    if found is None or not found.header:
        return []
    titles = {"yes": _("names"), "no": _("data")}
    automatic = _("Automatic")
    if file.shape is not None and file.reading.header == HEADERS[0]:
        automatic = _("Auto: {name}", name=titles.get(found.header, found.header))
    return [(HEADERS[0], automatic), *((name, titles.get(name, name)) for name in HEADERS[1:])]


def _place_title(shape: FileShape) -> str:
    return shape.pointer or _("the file itself")
