"""The chosen files beside each other: name, what it is, what is wrong with it, and a way to leave it out."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain.wording import _
from accord.gui.pages.importing.chosen import ChosenFile, format_title
from accord.gui.pages.importing.file_pane import count_text
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, Scrolled, column, row
from accord.gui.widgets.text import restyle

HEIGHT = 46
WIDTH = 232


class FileList(Scrolled):
    """One row a file; the chosen one is drawn as such."""

    picked = Signal(object)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 16), gap=4)
        self.setAccessibleName(_("Chosen files"))
        self.setFixedWidth(theme().px(WIDTH))
        self.rows: list[FileRow] = []
        self._held: list[QWidget] = []
        self.body.addStretch(1)

    def show_files(self, files: Sequence[ChosenFile], current: ChosenFile | None) -> None:
        """Show these files."""
        for old in self._held:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows, self._held = [], []
        for position, chosen in enumerate(files):
            made = FileRow(chosen)
            made.clicked.connect(lambda _checked=False, file=chosen: self.picked.emit(file))
            leave = Button(
                icon="close",
                kind="quiet",
                size="small",
                name=_("Leave {file} out", file=chosen.path.name),
                run=partial(self.dropped.emit, chosen),
            )
            held = QWidget()
            across = row(gap=2)
            across.addWidget(made, 1)
            across.addWidget(leave)
            held.setLayout(across)
            self.body.insertWidget(position, held)
            self._held.append(held)
            self.rows.append(made)
        self.setVisible(len(files) > 1)
        self.follow(current)

    def follow(self, current: ChosenFile | None) -> None:
        """Show the news of each file and which one is looked at."""
        for made in self.rows:
            made.follow(current=made.chosen is current)


class FileRow(Button):
    """A file as a button of two lines."""

    def __init__(self, chosen: ChosenFile) -> None:
        super().__init__(kind="quiet")
        self.chosen = chosen
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.name = PlainLabel(chosen.path.name, role="strong", elide=True)
        self.state = PlainLabel(role="small", elide=True)
        for label in (self.name, self.state):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(column(self.name, self.state, gap=2, margins=(10, 7, 6, 7)))
        theme().changed.connect(self._measure)
        self._measure()

    def follow(self, *, current: bool) -> None:
        """Show the news."""
        chosen = self.chosen
        self.name.set_role("strong" if current else "body")
        self.setProperty("current", "true" if current else "false")
        self._measure()
        restyle(self)
        words = _state(chosen)
        self.state.set_role("error" if chosen.fault else "small")
        self.state.setText(words)
        self.setAccessibleName(chosen.path.name)
        self.setAccessibleDescription(words)

    def _measure(self) -> None:
        height = theme().px(HEIGHT)
        current = self.property("current") == "true"
        back = f"background: {theme().color('selected').name()};" if current else ""
        self.setStyleSheet(f"QPushButton {{ min-height: {height}px; max-height: {height}px; {back} }}")


def _state(chosen: ChosenFile) -> str:
    if chosen.choices:
        return _("Which encoding?")
    if chosen.shape is None:
        return _("Cannot be read") if chosen.fault else _("Looking…")
    return _("Needs a request column") if chosen.fault else count_text(chosen) or format_title(chosen.shape.format)
