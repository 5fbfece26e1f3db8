"""A connection as it is entered: which service, its name and address, and its key, which is never shown again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from accord.domain.chat import Connection, Kind
from accord.domain.wording import _
from accord.gui.widgets import Button, Card, FormRow, PlainLabel, row
from accord.settings import SavedConnection
from accord.workflows import connections

HERE = "llama.cpp"
_OTHER = ""


class ConnectionForm(Card):
    """``saved`` asks to keep what stands here; ``closed`` says that the person thought better of it."""

    saved = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(_("Connection"))
        self._before: SavedConnection | None = None
        self.preset = QComboBox()
        for one in connections.PRESETS:
            self.preset.addItem(one.connection.name, one.connection.name)
        self.preset.addItem(_("Another service that speaks like OpenAI"), _OTHER)
        self.name, self.url, self.version, self.key = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.hint = PlainLabel(role="small", wrap=True, selectable=True)
        self.preset_row = FormRow(_("Service"), self.preset)
        about = _("Up to and with /v1. An address on this machine begins with http://127.0.0.1 or http://localhost.")
        self.url_row = FormRow(_("Address"), self.url, help_text=about)
        self.version_row = FormRow(_("Version of Azure's API"), self.version)
        self.key_row = FormRow(_("Key"), self.key)
        self.fault = PlainLabel(role="error", wrap=True)
        self.save_button = Button(_("Save the connection"), kind="primary", run=self.saved.emit)
        self.cancel_button = Button(_("Cancel"), run=self.closed.emit)
        self.body.setSpacing(12)
        rows = (self.preset_row, FormRow(_("Name"), self.name), self.url_row, self.version_row, self.key_row)
        for part in (*rows, self.hint, self.fault):
            self.body.addWidget(part)
        self.body.addLayout(row(self.save_button, self.cancel_button, None))
        self.preset.activated.connect(lambda _place: self._fill())
        for field in (self.name, self.url, self.version, self.key):
            field.returnPressed.connect(self.saved)
        self.hide()

    @property
    def instead_of(self) -> str | None:
        """The name of the connection that is changed; None for a new one."""
        return None if self._before is None else self._before.name

    def open_new(self, preset: str = connections.PRESETS[0].connection.name) -> None:
        """Ask for a new connection, to begin with to the service of this name."""
        self.preset.setCurrentIndex(self.preset.findData(preset))
        self._open(None, _("Add a connection"), _("Kept in this system's keyring where there is one."))
        self._fill()
        self.preset.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_saved(self, found: SavedConnection, key_sentence: str) -> None:
        """Change a connection."""
        told = _("{where} Leave it empty to keep it as it is.", where=key_sentence)
        self._open(found, _("Change “{name}”", name=found.name), told)
        known = found.connection
        self.name.setText(known.name)
        self.url.setText(known.base_url)
        self.version.setText(known.api_version)
        usual = {one.connection.kind: one.connection.name for one in connections.PRESETS[:2]}
        self.preset.setCurrentIndex(max(0, self.preset.findData(usual.get(known.kind, _OTHER))))
        self._follow_kind()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def connection(self) -> SavedConnection:
        """Return what was entered, unchecked; a model and prices that were kept stay."""
        kind = self._kind()
        entered = Connection(
            name=self.name.text(),
            base_url=self.url.text(),
            kind=kind,
            api_version=self.version.text().strip() if kind is Kind.AZURE else "",
        )
        if self._before is None:
            return SavedConnection(connection=entered)
        return SavedConnection(connection=entered, model=self._before.model, prices=self._before.prices)

    def show_fault(self, sentence: str) -> None:
        """Say why it cannot be kept; what was typed stays."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def go_on(self, kept: SavedConnection, fault: str) -> None:
        """Say why the key could not be kept; the connection itself is, and is changed from now on."""
        self._before = kept
        self.show_fault(fault)

    def close_form(self) -> None:
        """Forget what was typed, the key above all."""
        self.key.clear()
        self.hide()

    def _open(self, before: SavedConnection | None, title: str, about_key: str) -> None:
        self._before = before
        self.title.setText(title)
        self.setAccessibleName(title)
        self.key.clear()
        self.key_row.note.setText(about_key)
        self.key_row.note.show()
        self.show_fault("")
        self.show()

    def _kind(self) -> Kind:
        chosen = self.preset.currentData()
        return next(
            (one.connection.kind for one in connections.PRESETS if one.connection.name == chosen), Kind.COMPATIBLE
        )

    def _fill(self) -> None:
        """Put the usual address of the chosen service in; of another one nothing is known."""
        chosen = next((one for one in connections.PRESETS if one.connection.name == self.preset.currentData()), None)
        if self._before is None or chosen is not None:
            known = None if chosen is None else chosen.connection
            self.url.setText("" if known is None else known.base_url)
            self.version.setText("" if known is None else known.api_version)
            if self._before is None:
                self.name.setText("" if known is None else known.name)
        self.hint.setText("" if chosen is None else chosen.start_hint)
        self._follow_kind()

    def _follow_kind(self) -> None:
        self.version_row.setVisible(self._kind() is Kind.AZURE)
        self.hint.setVisible(bool(self.hint.full_text()))
