"""A password, shown once: nobody can look it up again, here or on the server."""

from PySide6.QtGui import QGuiApplication

from accord.domain.wording import _
from accord.gui.widgets import Button, Card, PlainLabel, row


class PasswordCard(Card):
    """Holds one password until it is put away or the page is left."""

    def __init__(self) -> None:
        super().__init__(_("One-time password"))
        self.said = PlainLabel(role="body", wrap=True)
        self.password = PlainLabel(role="heading", selectable=True)
        self.password.setAccessibleName(_("The password"))
        self.copy = Button(_("Copy"), kind="primary", icon="content-copy", name=_("Copy the password"), run=self._copy)
        self.done = Button(_("I have passed it on"), run=self.forget)
        self.copied = PlainLabel(role="muted")
        for part in (row(self.said), row(self.password, self.copy, self.copied, None, self.done, gap=12)):
            self.body.addLayout(part)
        self.hide()

    def show_password(self, name: str, password: str, place: str) -> None:
        """Show the password of a person, and the address that it belongs to."""
        self.said.setText(
            _(
                "{name} opens {place} with this password, in the window under “Open a team's project”. It is shown "
                "this once and kept nowhere. Pass it on by another way than the address.",
                name=name,
                place=place,
            )
        )
        self.password.setText(password)
        self.copied.setText("")
        self.show()
        self.copy.setFocus()

    def forget(self) -> None:
        """Put the password away."""
        self.password.setText("")
        self.hide()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.password.full_text())
        self.copied.setText(_("Copied"))
