"""What a person says before anything leaves this machine: what for, by whose terms, and how much it may cost."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets import FormRow, PlainLabel, Segmented, column

HOLD, REPLACE = "hold", "replace"
_CENTS = Decimal("0.01")


class ConsentForm(QWidget):
    """``changed`` says that a person wrote or chose something; ``gate_changed`` that what would be sent changes."""

    changed = Signal()
    gate_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.gate = Segmented(
            _("Questions with personal data"),
            [(HOLD, _("Leave them out")), (REPLACE, _("Replace it by invented data"))],
        )
        about = _(
            "Invented names, dates and numbers go out, the same ones for one patient; in the answers they are put back."
        )
        self.gate_row = FormRow(_("Questions with personal data"), self.gate, help_text=about)
        self.although = QLineEdit()
        self.although_row = FormRow(
            _("Why it may be sent although not all personal data can be looked for here"),
            self.although,
            help_text=_("Enter takes it."),
        )
        self.purpose = QLineEdit()
        self.purpose.setPlaceholderText(_("for example: candidates for the dosage tags, reviewed by two clinicians"))
        self.purpose_row = FormRow(_("What it is sent for"), self.purpose)
        self.data_class = PlainLabel(role="muted", wrap=True)
        self.terms = QCheckBox()
        self.terms_about = PlainLabel(
            _("Some providers do not let their answers train other models. Who accepted their terms is kept."),
            role="small",
            wrap=True,
        )
        self.budget = QLineEdit()
        self.budget.setMaximumWidth(theme().px(120))
        self.budget_row = FormRow(_("Budget, in US dollars"), self.budget, help_text=_("It is never passed."))
        self.leaving = QWidget()
        self.leaving.setLayout(
            column(self.purpose_row, self.data_class, column(self.terms, self.terms_about, gap=0), gap=12)
        )
        self.setLayout(column(self.gate_row, self.although_row, self.leaving, self.budget_row, gap=12))
        self.although.editingFinished.connect(self._say_although)
        self._although = ""
        self.gate.changed.connect(lambda _value: self.gate_changed.emit())
        for field in (self.purpose, self.budget):
            field.textEdited.connect(lambda _text: self.changed.emit())
        self.terms.toggled.connect(lambda _on: self.changed.emit())

    def show_needs(self, *, leaves: bool, charged: bool, unlooked: bool, who: str, host: str, data_class: str) -> None:
        """Ask only what has to be known: nothing where the service is on this machine and charges nothing.

        ``unlooked``: some rule for personal data cannot be applied here, and nobody has said that it may be sent so.
        """
        self.although_row.setVisible(leaves and (unlooked or bool(self._although)))
        self.gate_row.setVisible(leaves)
        self.leaving.setVisible(leaves)
        self.budget_row.setVisible(charged)
        self.data_class.setText(data_class)
        told = _("{who} has read what {host} allows to be done with its answers, and accepts it", who=who, host=host)
        self.terms.setText(told.replace("&", "&&"))
        self.terms.setAccessibleName(told)

    def why_although(self) -> str:
        """Return why texts may be sent although not all personal data can be looked for here."""
        return self._although

    def _say_although(self) -> None:
        if self.although.text().strip() != self._although:
            self._although = self.although.text().strip()
            self.gate_changed.emit()

    def surrogates(self) -> bool:
        """Say whether personal data is to be replaced before it is sent."""
        return self.gate.value() == REPLACE

    def budget_value(self) -> Decimal | None:
        """Return the sum that may be spent; None where none, or no sum, was entered."""
        try:
            found = Decimal(self.budget.text().strip().removeprefix("$").replace(",", "."))
        except InvalidOperation:
            return None
        return found if found.is_finite() and found > 0 else None
