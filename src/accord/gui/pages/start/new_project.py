"""The form of a new project: its name, its folder, and one of three ways to begin."""

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from accord.domain.wording import _
from accord.gui import files
from accord.gui.opening import SUFFIX
from accord.gui.widgets import Button, Card, FormRow, PlainLabel, column, row


class NewProject(Card):
    """Gives ``wanted(path, preset, title)``; nothing is made before."""

    wanted = Signal(Path, str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("New project"))
        self.name = QLineEdit()
        self.name.setMaxLength(120)
        self.name.setPlaceholderText(_("Clinic letters 2026"))
        self.folder = QLineEdit(str(files.documents()))
        self.choose = Button(_("Choose…"), name=_("Choose the folder"), run=self._choose_folder)
        held = QWidget()
        line = row()
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose)
        held.setLayout(line)
        self.name_row = FormRow(_("Name"), self.name, help_text=" ")
        self.folder_row = FormRow(_("Folder"), held, help_text=" ")
        self.folder.setAccessibleName(_("Folder"))
        self.presets = PresetCards()
        self.make = Button(_("Make the project"), kind="primary", run=self._submit)
        self.cancel = Button(_("Cancel"), kind="quiet", run=self.left.emit)
        self.body.setSpacing(16)
        fields = row(gap=16)
        fields.addWidget(self.name_row, 2, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self.folder_row, 3, Qt.AlignmentFlag.AlignTop)
        for part in (fields, column(PlainLabel(_("Begin with"), role="strong"), self.presets, gap=8)):
            self.body.addLayout(part)
        self.body.addLayout(row(self.make, self.cancel, None))
        self.name.textChanged.connect(self._follow)
        self.folder.textChanged.connect(self._follow)
        for field in (self.name, self.folder):
            field.returnPressed.connect(self._submit)
        self._follow()

    def begin(self, *, may_cancel: bool) -> None:
        """Show, with the name to be typed."""
        self.cancel.setVisible(may_cancel)
        self.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def path(self) -> Path:
        """Return the file that would be made."""
        return Path(self.folder.text().strip()).expanduser() / (file_stem(self.name.text()) + SUFFIX)

    def _choose_folder(self) -> None:
        folder = files.ask_for_folder(self, Path(self.folder.text()))
        if folder is not None:
            self.folder.setText(str(folder))

    def _follow(self) -> None:
        self.name_row.set_fault("")
        ready = bool(file_stem(self.name.text())) and bool(self.folder.text().strip())
        self.folder_row.set_fault("")
        self.folder_row.note.setText(_("One file: {path}", path=self.path()) if ready else " ")
        self.folder_row.note.setVisible(True)

    def _submit(self) -> None:
        if not file_stem(self.name.text()):
            self.name_row.set_fault(_("Give the project a name of letters or digits."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not Path(self.folder.text().strip()).expanduser().is_absolute():
            self.folder_row.set_fault(_("Give the whole path of a folder, or choose one."))
            self.folder.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.wanted.emit(self.path(), self.presets.value(), self.name.text().strip())


class PresetCards(QWidget):
    """The three presets as cards; arrow keys go from one to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Begin with"))
        sentences = {
            "general": (_("General"), _("Any request and answer pairs, with four plain tags.")),
            "medical": (
                _("Medical"),
                _("Clinical tags and questions; the data stays on this machine."),
            ),
            "legal": (
                _("Legal"),
                _("Tags for matters of law; the data stays on this machine."),
            ),
        }
        self._group = QButtonGroup(self)
        self.cards: dict[str, _PresetCard] = {}
        line = row(gap=8)
        for name, (title, sentence) in sentences.items():
            card = _PresetCard(title, sentence)
            self._group.addButton(card.button)
            self.cards[name] = card
            line.addWidget(card, 1)
        self.setLayout(line)
        self._group.buttonToggled.connect(lambda _button, _on: self._draw())
        self.cards["general"].button.setChecked(True)

    def value(self) -> str:
        """Return the chosen preset."""
        return next(name for name, card in self.cards.items() if card.button.isChecked())

    def _draw(self) -> None:
        for card in self.cards.values():
            card.set_chosen(chosen=card.button.isChecked())


class _PresetCard(Card):
    """One preset: a radio button and a sentence; a click anywhere on it chooses it."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self.button = QRadioButton(title)
        self.button.setAccessibleDescription(sentence)
        self.body.setSpacing(4)
        self.body.addWidget(self.button)
        self.body.addWidget(PlainLabel(sentence, role="small", wrap=True))
        self.body.addStretch(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.button.setChecked(True)
        self.button.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


def file_stem(name: str) -> str:
    """Return a file name that every system takes: letters and digits of any script, words joined by a hyphen."""
    return "-".join(re.findall(r"\w+", name.casefold()))[:80]
