"""The cards beside the conversation: where the example was found, and what happened to it since."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from accord.analysis.diffs import word_diff
from accord.domain.history import Place
from accord.domain.moments import local
from accord.domain.wording import _
from accord.gui.made_by import response_of, told
from accord.gui.pages.examples.history import Entry
from accord.gui.pages.examples.rows import place_words
from accord.gui.theme import theme
from accord.gui.widgets import Button, DiffView, PlainLabel, TextView, column, row

_RESPONSE = 96  # px at 100 percent


class FactGrid(QWidget):
    """Label and value in two columns; a value can be selected and, where asked, copied by a button."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def add(self, label: str, value: str, *, copies: bool = False) -> None:
        """Add a fact; an empty value adds nothing."""
        if not value:
            return
        at = self._grid.rowCount()
        name = PlainLabel(label, role="muted")
        name.setMinimumWidth(theme().px(72))
        shown = PlainLabel(_breakable(value), wrap=True, selectable=True)
        shown.setAccessibleName(f"{label}: {value}"[:200])
        shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        top = theme().px(3) if copies else 0
        self._grid.addLayout(column(top, name, None, gap=0), at, 0)
        self._grid.addWidget(shown, at, 1)
        if copies:
            button = Button(icon="content-copy", kind="quiet", size="small", name=_("Copy {what}", what=label))
            button.clicked.connect(partial(_copy, button, value))
            self._grid.addLayout(column(button, None, gap=0), at, 2)


def place_facts(place: Place) -> QWidget:
    """Return what a file said of an example beside its text."""
    grid, source = FactGrid(), place.source
    grid.add(_("File"), place_words(place.file, place.line))
    grid.add(_("Source"), source.source)
    grid.add(_("Address"), source.source_url, copies=True)
    grid.add(_("Date"), source.source_date)
    grid.add(_("Licence"), source.licence)
    grid.add(_("Group"), source.group)
    grid.add(_("Tags"), ", ".join(source.tags))
    for name, value in told(source.metadata):
        grid.add(str(name), str(value))
    held = column(grid, gap=8)
    if response := response_of(source.metadata):
        raw = TextView(_("The service's reply as it came"), grows=False)
        raw.set_text(response)
        raw.setFixedHeight(theme().px(_RESPONSE))
        held.addWidget(PlainLabel(_("The service's reply as it came"), role="small"))
        held.addWidget(raw)
    if source.context:
        passage = TextView(_("Source passage"))
        passage.set_text(source.context)
        held.addWidget(PlainLabel(_("Source passage"), role="small"))
        held.addWidget(passage)
    made = QWidget()
    made.setLayout(held)
    return made


class EntryView(QWidget):
    """One moment of the timeline."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.setAccessibleName(f"{entry.title}, {entry.who}, {local(entry.at)}")
        self._picture = QLabel()
        self._picture.setAccessibleName(entry.title)
        self._picture.setFixedSize(theme().px(18), theme().px(18))
        head = PlainLabel(entry.title, role="strong", wrap=True)
        said = column(head, PlainLabel(_when(entry), role="small", wrap=True), *self._lines(), gap=4)
        across = row(column(self._picture, None, gap=0), gap=8)
        across.addLayout(said, 1)
        self.setLayout(across)
        theme().changed.connect(self._draw)
        self._draw()

    def _lines(self) -> Iterator[QWidget]:
        if self.entry.facts:
            yield PlainLabel(" · ".join(self.entry.facts), role="muted", wrap=True)
        if self.entry.comment:
            yield PlainLabel(self.entry.comment, wrap=True, selectable=True)
        if self.entry.citation:
            yield PlainLabel(_("Citation: {text}", text=self.entry.citation), wrap=True, selectable=True)
        for _index, before, after in self.entry.changes():
            shown = DiffView(_("What changed"))
            shown.set_parts(word_diff(before, after))
            yield shown

    def _draw(self) -> None:
        size = theme().px(18)
        self._picture.setPixmap(theme().icon(self.entry.icon, self.entry.role).pixmap(QSize(size, size)))


def timeline_view(entries: Sequence[Entry]) -> QWidget:
    """Return the entries one under the other."""
    made = QWidget()
    made.setAccessibleName(_("History"))
    made.setLayout(column(*(EntryView(entry) for entry in entries), gap=16))
    return made


def _when(entry: Entry) -> str:
    return " · ".join(part for part in (entry.who, local(entry.at)) if part)


def _breakable(value: str) -> str:
    """Let a long address or name go on in the next line at its signs; what is copied is the value itself."""
    if max((len(word) for word in value.split()), default=0) < 24:
        return value
    for sign in "/_-?&=.,:":
        value = value.replace(sign, f"{sign}\u200b")
    return value


def _copy(button: Button, value: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
    QGuiApplication.clipboard().setText(value)
    button.setAccessibleDescription(_("Copied"))
