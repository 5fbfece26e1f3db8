"""What a model costs: the price that holds with its day and source, and a person's own in its place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.spending import Price
from accord.domain.wording import _
from accord.gui.pages.generate.wish_form import halves
from accord.gui.widgets import Button, FormRow, PlainLabel, column, row


class PriceRow(QWidget):
    """``kept`` gives a person's own price for the prompt and the answer; ``forgotten`` says that hers is to go."""

    kept = Signal(str, str)
    forgotten = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said = PlainLabel(wrap=True)
        self.change = Button(_("Enter a price"), kind="link", run=self._turn)
        self.prompt, self.answer = QLineEdit(), QLineEdit()
        self.fault = PlainLabel(role="error", wrap=True)
        self.keep = Button(_("Keep this price"), run=self._keep)
        self.forget = Button(_("Forget my price"), run=self.forgotten.emit)
        self.fields = QWidget()
        prompt = FormRow(_("Of the prompt"), self.prompt, help_text=_("US dollars for a million tokens"))
        answer = FormRow(_("Of the answer"), self.answer, help_text=_("US dollars for a million tokens"))
        buttons = row(self.keep, self.forget, None)
        self.fields.setLayout(column(halves(prompt, answer), self.fault, buttons, gap=8))
        line = row(self.said, self.change, gap=8)
        line.setStretch(0, 1)
        self.setLayout(column(PlainLabel(_("Price"), role="strong"), line, self.fields, gap=4))
        for field in (self.prompt, self.answer):
            field.returnPressed.connect(self._keep)
        self.fields.hide()

    def show_price(self, found: Price | None, sentence: str, *, own: bool) -> None:
        """Show the price in force; ``own``: a person entered it."""
        self.said.setText(sentence)
        self.forget.setVisible(own)
        self.change.setText(_("Enter a price") if found is None else _("Change"))
        self.change.setAccessibleName(_("Enter a price") if found is None else _("Change the price"))
        self.show_fault("")
        self.fields.hide()
        if found is not None:
            self.prompt.setText(f"{found.prompt:f}")
            self.answer.setText(f"{found.answer:f}")

    def show_fault(self, sentence: str) -> None:
        """Say why a price cannot be kept; what was typed stays."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _turn(self) -> None:
        self.fields.setVisible(self.fields.isHidden())
        if not self.fields.isHidden():
            self.prompt.setFocus()

    def _keep(self) -> None:
        self.kept.emit(self.prompt.text(), self.answer.text())
