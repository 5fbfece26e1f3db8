"""The labels of a labelled file that nothing here is known to answer, and what they stand for."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from accord.domain.findings import Kind
from accord.domain.wording import _, plural
from accord.gui.widgets import Card, FormRow, PlainLabel
from accord.workflows import check_rules


class LabelsCard(Card):
    """A choice for each label; ``chosen`` says that a person made one. Hidden where every label is known."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__(_("What other labels stand for"))
        told = _("No rule is known to answer these. Say what they stand for, and the file is measured again.")
        self.body.addWidget(PlainLabel(told, role="small", wrap=True))
        self.choices: dict[str, LabelChoice] = {}
        self._rows: list[FormRow] = []

    def meant(self) -> dict[str, str]:
        """Return the name of the rule that each label stands for, where a person said so."""
        return {label: choice.rule() for label, choice in self.choices.items() if choice.rule()}

    def forget(self) -> None:
        """Show none: another file comes."""
        for old in self._rows:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows, self.choices = [], {}
        self.hide()

    def show_labels(self, unknown: Mapping[str, int]) -> None:
        """Add these labels, with how many marks each has, to those that a person said something of."""
        for label, n in unknown.items():
            if label not in self.choices:
                choice = LabelChoice()
                choice.activated.connect(lambda _position: self.chosen.emit())
                self.choices[label] = choice
                made = FormRow(plural("{label}, {n} mark", "{label}, {n} marks", n, label=label), choice)
                self._rows.append(made)
                self.body.addWidget(made)
        self.setVisible(bool(self.choices))


class LabelChoice(QComboBox):
    """The rules for personal data by their titles, or nothing; the wheel does not change it."""

    def __init__(self) -> None:
        super().__init__()
        self.addItem(_("nothing that is looked for"), "")
        for rule in check_rules.rules():
            if rule.kind is Kind.PERSONAL:
                self.addItem(rule.title, rule.name)

    def rule(self) -> str:
        """Return the name of the chosen rule, "" for none."""
        return str(self.currentData())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
