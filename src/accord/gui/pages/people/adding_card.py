"""Somebody new: a name, a role and what stands beside a signature."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.sign_in import role_title
from accord.gui.widgets import ActionButton, Card, FormRow, PlainLabel, Segmented, column, row
from accord.workflows import naming, people


class AddingCard(Card):
    """``wanted`` asks for the person whose name was typed."""

    wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Add a person"))
        self.name, self.credential = QLineEdit(), QLineEdit()
        self.name.setAccessibleName(_("Name of the new person"))
        self.name.setPlaceholderText(_("Ana Ruiz"))
        self.name.setMaxLength(naming.LONGEST_NAME)
        self.credential.setAccessibleName(_("Credential of the new person"))
        self.credential.setPlaceholderText(_("MD, cardiology"))
        self.credential.setMaxLength(people.LONGEST_CREDENTIAL)
        roles = [(role.value, role_title(role)) for role in Role]
        self.role = Segmented(_("Role of the new person"), roles, value=Role.REVIEWER.value)
        self.button = ActionButton(actions, "people.add", kind="primary")
        fields = row(gap=12)
        fields.addWidget(FormRow(_("Name"), self.name), 1)
        fields.addWidget(FormRow(_("Credential, where there is one"), self.credential), 1)
        fields.addLayout(column(PlainLabel(_("Role"), role="strong"), self.role, gap=4))
        self.body.addLayout(fields)
        self.body.addLayout(row(self.button, None))
        for field in (self.name, self.credential):
            field.returnPressed.connect(self.wanted)
        self.name.textChanged.connect(lambda _text: self.button.update_from_action())

    def clear(self) -> None:
        """Empty the fields for the next person, whose name comes first."""
        if self.credential.hasFocus() or self.button.hasFocus():
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.clear()
        self.credential.clear()
