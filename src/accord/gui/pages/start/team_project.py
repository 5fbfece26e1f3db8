"""The form that opens a team's project: the address of its database, and a password that is kept in memory alone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.widgets import Button, Card, FormRow, row
from accord.workflows import projects


class TeamProject(Card):
    """Gives ``wanted(address with password)``; nothing is asked of the server before."""

    wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("Open a team's project"))
        self.address, self.password = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText("postgresql://ana@db.example.org/clinic")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.address_row = FormRow(_("Address"), self.address, help_text=_("Whoever keeps the server gives it to you."))
        password_row = FormRow(
            _("Password"),
            self.password,
            help_text=_("Never stored. Left empty where the server needs none, or a file .pgpass holds it."),
        )
        self.open = Button(_("Open the project"), kind="primary", run=self._submit)
        self.cancel = Button(_("Cancel"), kind="quiet", run=self.left.emit)
        self.body.setSpacing(16)
        fields = row(gap=16)
        fields.addWidget(self.address_row, 3, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(password_row, 2, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(fields)
        self.body.addLayout(row(self.open, self.cancel, None))
        self.address.textChanged.connect(lambda _text: self.address_row.set_fault(""))
        for field in (self.address, self.password):
            field.returnPressed.connect(self._submit)
        self.hide()

    def begin(self, address: str = "") -> None:
        """Show; where the address is known only the password is to be typed."""
        if address:
            self.address.setText(address)
        self.password.clear()
        self.show()
        field = self.password if self.address.text() else self.address
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        try:
            whole = projects.with_password(self.address.text().strip(), self.password.text())
            shown = projects.without_password(whole)
        except AccordError as error:
            self.address_row.set_fault(str(error))
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.address.setText(shown)  # a password that was typed into it is on the screen no longer
        self.password.clear()
        self.wanted.emit(whole)
