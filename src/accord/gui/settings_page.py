"""The settings of this machine, made from their declarations; each change holds at once."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.appearance import apply_appearance
from accord.gui.context import Context, Params
from accord.gui.key_editor import KeyEditor
from accord.gui.page import Page
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Segmented
from accord.gui.widgets.fields import FormRow, NumberField
from accord.gui.widgets.layout import Card, Scrolled, column
from accord.gui.widgets.text import PlainLabel
from accord.settings import MACHINE_SETTINGS, BadSetting, Setting

APPLY_AFTER_MS = 400
MOST_SEGMENTS = 4


class SettingsPage(Page):
    """One row for each shown setting, then the keys."""

    page_id: ClassVar[str] = "settings"

    def __init__(self, context: Context, page_titles: Callable[[], dict[str, str]] = dict) -> None:
        super().__init__(context)
        self.setAccessibleName(_("Settings"))
        self.rows: dict[str, FormRow] = {}
        self._putters: dict[str, Callable[[Any], None]] = {}
        self._waiting: dict[str, Any] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(APPLY_AFTER_MS)
        self._pause.timeout.connect(self.store)
        area = Scrolled(width=720)
        general = Card(_("This machine"))
        general.body.setSpacing(20)
        for declared in MACHINE_SETTINGS:
            if declared.shown:
                general.body.addWidget(self._row(declared))
        self.keys_card = Card(_("Keys"))
        self.keys = KeyEditor(context.actions, page_titles())
        self.keys_card.body.addWidget(self.keys)
        for item in (PlainLabel(_("Settings"), role="title"), general, self.keys_card):
            area.body.addWidget(item)
        area.body.addStretch(1)
        self._area = area
        self.setLayout(column(area, gap=0))

    def activated(self, params: Params) -> None:
        """Show the section that was asked for."""
        for name, put in self._putters.items():
            put(self.context.settings.get(name))
        if params.get("section") == "keys":
            QTimer.singleShot(0, self, self._show_keys)

    def deactivated(self) -> None:
        """Store what still waits."""
        self.store()

    def store(self) -> None:
        """Keep what was changed and put it in force; a value that cannot be is said beside its control."""
        self._pause.stop()
        waiting, self._waiting = self._waiting, {}
        for name, value in waiting.items():
            fault = ""
            try:
                self.context.settings.set(name, value)
            except BadSetting as error:
                fault = str(error)
            except AccordError as error:
                self.context.notify(str(error), tone="warning")
            self.rows[name].set_fault(fault)
        if waiting:
            apply_appearance(theme(), self.context.settings)
            self.context.tell_changed("appearance")

    def _show_keys(self) -> None:
        self._area.verticalScrollBar().setValue(self.keys_card.y() - theme().px(16))

    def _row(self, declared: Setting) -> FormRow:
        control = self._control(declared)
        made = FormRow(declared.label, control, help_text=declared.help)
        self.rows[declared.name] = made
        return made

    def _control(self, declared: Setting) -> QWidget:
        take = partial(self._take, declared.name)
        value = self.context.settings.get(declared.name)
        if declared.choices and len(declared.choices) <= MOST_SEGMENTS:
            segments = Segmented(declared.label, [(o.value, o.label) for o in declared.choices], value=value)
            segments.changed.connect(take)
            self._putters[declared.name] = segments.set_value
            return segments
        if declared.choices:
            return self._combo(declared, value)
        if declared.type is bool:
            box = QCheckBox(_("On"))
            box.setChecked(bool(value))
            box.toggled.connect(take)
            self._putters[declared.name] = box.setChecked
            return box
        if declared.type is int:
            return self._spin(declared, value)
        field = QLineEdit(str(value))
        field.textEdited.connect(take)
        self._putters[declared.name] = field.setText
        return field

    def _combo(self, declared: Setting, value: str) -> QComboBox:
        combo = QComboBox()
        for option in declared.choices:
            combo.addItem(option.label, option.value)
        combo.setCurrentIndex(combo.findData(value))
        combo.activated.connect(lambda position: self._take(declared.name, combo.itemData(position)))
        self._putters[declared.name] = lambda new: combo.setCurrentIndex(combo.findData(new))
        combo.setMaximumWidth(theme().px(320))
        return combo

    def _spin(self, declared: Setting, value: int) -> NumberField:
        spin = NumberField(declared.label, declared.low or 0, declared.high or 1_000_000, value)
        spin.valueChanged.connect(partial(self._take, declared.name))

        def put(new: int) -> None:
            spin.blockSignals(True)
            spin.setValue(new)
            spin.blockSignals(False)

        self._putters[declared.name] = put
        return spin

    def _take(self, name: str, value: Any) -> None:
        self._waiting[name] = value
        self._pause.start()
