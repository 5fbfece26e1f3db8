"""How one is connected: database, server, login, encryption."""

from typing import Literal

from PySide6.QtWidgets import QWidget

from accord.domain.people import ServerFacts
from accord.domain.wording import _
from accord.gui.pages.people import sentences
from accord.gui.theme import theme
from accord.gui.widgets import Card, PlainLabel, column, row


class ConnectionCard(Card):
    """Shows what the server says of the connection."""

    def __init__(self) -> None:
        super().__init__(_("Connection"))
        self._lines = QWidget()
        self.body.addWidget(self._lines)

    def show_server(self, server: ServerFacts) -> None:
        """Show it, a line each."""
        told, role = sentences.encryption(server)
        lines = column(gap=8)
        shown: tuple[tuple[str, str, Literal["body", "error"]], ...] = (
            (_("Database"), server.database, "body"),
            (_("Server"), _("PostgreSQL {version}", version=server.version), "body"),
            (_("You sign in as"), server.login, "body"),
            (_("On the way"), told, role),
        )
        for label, value, look in shown:
            name = PlainLabel(label, role="muted")
            name.setFixedWidth(theme().px(110))
            lines.addLayout(row(name, PlainLabel(value, role=look, selectable=True), None, gap=12))
        old, self._lines = self._lines, QWidget()
        self._lines.setLayout(lines)
        self.body.replaceWidget(old, self._lines)
        old.hide()
        old.deleteLater()
