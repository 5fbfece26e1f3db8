"""Who is asked: the connection and whether it works, the model, what it is told beside the question, and its price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.pages.generate.connection_form import HERE, ConnectionForm
from accord.gui.pages.generate.model_field import ModelField
from accord.gui.pages.generate.price_row import PriceRow
from accord.gui.pages.generate.wish_form import halves
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Button, Card, Flow, FormRow, NumberField, PlainLabel, column, row
from accord.settings import SavedConnection

_HOTTEST = Decimal(2)
_MOST_TOKENS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConnection:
    """A connection of this machine, and where its key is, in a sentence."""

    saved: SavedConnection
    key: str


class WhoCard(Card):
    """``chosen`` says that another connection is meant, ``changed`` that a model or a parameter is."""

    chosen = Signal()
    changed = Signal()
    remove_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Who is asked"))
        self.known: Sequence[KnownConnection] = ()
        self.combo = _Connections()
        self.none = PlainLabel(
            _(
                "No connection yet. A server on this machine needs no account and sends nothing away; a service "
                "elsewhere needs a key."
            ),
            role="muted",
            wrap=True,
        )
        self.add, self.test = ActionButton(actions, "generate.connect"), ActionButton(actions, "generate.test")
        self.edit = Button(_("Change"), run=self._edit)
        self.edit.setAccessibleName(_("Change this connection"))
        self.remove = Button(_("Remove"), run=self.remove_wanted.emit)
        self.remove.setAccessibleName(_("Remove this connection"))
        self.key = PlainLabel(role="small", wrap=True)
        self.tested = TriedLines()
        self.form = ConnectionForm()
        self.model = ModelField()
        self.list_models = Button(_("Ask which models it lists"), kind="link")
        self.temperature, self.tokens = QLineEdit(), NumberField(_("Most tokens of a reply"), 0, _MOST_TOKENS, 0)
        self.price = PriceRow()
        self._build()

    def show_connections(self, known: Sequence[KnownConnection], chosen: str) -> None:
        """Offer the connections of this machine."""
        self.known = known
        self.combo.blockSignals(True)
        self.combo.clear()
        for one in known:
            self.combo.addItem(f"{one.saved.name}   {one.saved.connection.base_url}", one.saved.name)
        self.combo.setCurrentIndex(max(0, self.combo.findData(chosen)))
        self.combo.blockSignals(False)
        self._follow()

    def current(self) -> KnownConnection | None:
        """Return the connection that is chosen, None where there is none."""
        return next((one for one in self.known if one.saved.name == self.combo.currentData()), None)

    def parameters(self) -> Mapping[str, float]:
        """Return what is told the model beside the question; nothing where the service's own values hold."""
        found = self._temperature()
        return {} if found is None else {"temperature": float(found)}

    def most_tokens(self) -> int:
        """Return the most tokens of a reply; 0 for as many as the recipe says."""
        return self.tokens.value()

    def problem(self) -> str:
        """Return what is wrong with a parameter, in a few words; empty where nothing is."""
        if self.temperature.text().strip() and self._temperature() is None:
            return _("A temperature is a number from 0 to 2")
        return ""

    def open_form(self) -> None:
        """Ask for a new connection."""
        self.form.open_new()

    def open_form_here(self) -> None:
        """Ask for a server on this machine."""
        self.form.open_new(HERE)

    def _temperature(self) -> Decimal | None:
        try:
            found = Decimal(self.temperature.text().strip().replace(",", "."))
        except InvalidOperation:
            return None
        return found if found.is_finite() and 0 <= found <= _HOTTEST else None

    def _edit(self) -> None:
        found = self.current()
        if found is not None:
            self.form.open_saved(found.saved, found.key)

    def _follow(self) -> None:
        found = self.current()
        there = found is not None
        self.none.setVisible(not there)
        for part in (self.connection_row, self.edit, self.remove, self.test, self.rest):
            part.setVisible(there)
        self.test.update_from_action()
        self.key.setText(found.key if found is not None else "")
        self.key.setVisible(there)
        self.tested.clear()

    def _build(self) -> None:
        self.body.setSpacing(12)
        self.connection_row = FormRow(_("Connection"), self.combo)
        buttons = QWidget()
        flow = Flow(gap=8, line_gap=8)
        for button in (self.test, self.add, self.edit, self.remove):
            flow.addWidget(button)
        buttons.setLayout(flow)
        self.temperature.setMaximumWidth(theme().px(120))
        self.temperature.setPlaceholderText(_("its own"))
        self.tokens.setSpecialValueText(_("as the recipe says"))
        self.tokens.setMaximumWidth(theme().px(180))
        self.tokens.setGroupSeparatorShown(True)
        self.tokens.setSingleStep(100)
        self.temperature_row = FormRow(
            _("Temperature"), self.temperature, help_text=_("0 to 2; higher is more varied.")
        )
        self.tokens_row = FormRow(
            _("Most tokens of a reply"), self.tokens, help_text=_("A longer reply is cut, and refused.")
        )
        self.rest = QWidget()
        self.rest.setLayout(
            column(
                self.model,
                row(self.list_models, None),
                halves(self.temperature_row, self.tokens_row),
                self.price,
                gap=12,
            )
        )
        said = column(self.key, self.tested, gap=4)
        for part in (self.none, self.connection_row, buttons):
            self.body.addWidget(part)
        self.body.addLayout(said)
        for part in (self.form, self.rest):
            self.body.addWidget(part)
        self.combo.activated.connect(lambda _place: self._choose())
        self.model.changed.connect(self.changed)
        self.temperature.textEdited.connect(lambda _text: self._check())
        self.tokens.valueChanged.connect(lambda _value: self.changed.emit())

    def _choose(self) -> None:
        self._follow()
        self.chosen.emit()

    def _check(self) -> None:
        problem = self.problem()
        self.temperature_row.set_fault(problem)
        self.changed.emit()


class TriedLines(QWidget):
    """What a test of the connection came to, a sentence each; ``wanted`` asks for the address that works."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.label = PlainLabel(wrap=True, selectable=True)
        self.change = Button(run=lambda: self.wanted.emit(self._url))
        self._url = ""
        self.setLayout(column(self.label, row(self.change, None), gap=4))
        self.change.hide()
        self.hide()

    def offer(self, url: str) -> None:
        """Offer to keep an address that works in place of the one that was tried; nothing where there is none."""
        self._url = url
        self.change.setText(_("Change the address to {url}", url=url))
        self.change.setVisible(bool(url))

    def show_lines(self, lines: Sequence[str], *, good: bool) -> None:
        """Show what was found."""
        self.label.set_role("body" if good else "error")
        self.label.setText("\n".join(lines))
        self.setVisible(bool(lines))

    def clear(self) -> None:
        """Show nothing."""
        self.show_lines((), good=True)
        self.offer("")


class _Connections(QComboBox):
    """One of the connections; the wheel does not change it, and a long address does not widen the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
