"""The fields of a form drawn from a JSON schema: one class for each kind of value that a form can hold."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.pages.review.note_field import NoteField
from accord.gui.pages.review.queue_pane import PlainCombo
from accord.gui.widgets import Button, Card, FormRow, Segmented, column, row

MISSING = object()
SIMPLE = frozenset({"string", "number", "integer", "boolean"})
#: Words of a schema that a form understands or may overlook, because the check at the end does not.
KNOWN = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "title", "description", "default"}
    | {"minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"multipleOf", "minItems", "maxItems", "uniqueItems", "examples", "$schema", "$id", "$comment"}
)


def can_be_a_form(schema: Mapping[str, Any]) -> bool:
    """Say whether a form can be drawn: objects, simple values, choices and lists of simple values."""
    if not set(schema) <= KNOWN:
        return False
    if "enum" in schema:
        return isinstance(schema["enum"], list) and all(not isinstance(v, (dict, list)) for v in schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        properties = schema.get("properties")
        return isinstance(properties, Mapping) and all(
            isinstance(s, Mapping) and can_be_a_form(s) for s in properties.values()
        )
    if kind == "array":
        items = schema.get("items")
        return isinstance(items, Mapping) and items.get("type") in SIMPLE and can_be_a_form(items)
    return kind in SIMPLE


class Field(QWidget):
    """A value that a person fills in; ``value`` is MISSING where nothing was."""

    edited = Signal()

    def set_value(self, value: Any) -> None:
        """Show a value, without telling."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the value as it stands."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the focus where one begins to type."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)


class TextField(Field):
    """A string."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.note = NoteField(name, lines=1)
        self.note.edited.connect(self.edited)
        self._missing = True
        self.setFocusProxy(self.note)
        self.setLayout(column(self.note, gap=0))

    def set_value(self, value: Any) -> None:
        """Show a string."""
        self._missing = not isinstance(value, str)
        self.note.blockSignals(True)
        self.note.set_text(value if isinstance(value, str) else "")
        self.note.blockSignals(False)

    def value(self) -> Any:
        """Return the string; a field that was never filled is missing."""
        text = self.note.text()
        return MISSING if self._missing and not text else text


class NumberField(Field):
    """A number; what is not one is given back as it was typed, for the check to refuse."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.setFocusProxy(self.line)
        self.setLayout(column(self.line, gap=0))

    def set_value(self, value: Any) -> None:
        """Show a number."""
        self.line.setText("" if value is MISSING or value is None else json.dumps(value))

    def value(self) -> Any:
        """Return the number that was typed."""
        typed = self.line.text().strip()
        if not typed:
            return MISSING
        try:
            found = json.loads(typed, parse_constant=str)
        except ValueError:
            return typed
        return found if isinstance(found, (int, float)) else typed


class ChoiceField(Field):
    """One of the schema's values."""

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        super().__init__()
        self.box = PlainCombo()
        self.box.setAccessibleName(name)
        self._values = [MISSING, *values]
        self.box.addItems(["–", *(v if isinstance(v, str) else json.dumps(v) for v in values)])
        self.box.activated.connect(lambda _index: self.edited.emit())
        self.setFocusProxy(self.box)
        self.setLayout(column(self.box, gap=0))

    def set_value(self, value: Any) -> None:
        """Show a value; one that the schema does not allow is shown as none."""
        same = (i for i, known in enumerate(self._values) if known == value and type(known) is type(value))
        self.box.setCurrentIndex(next(same, 0))

    def value(self) -> Any:
        """Return the chosen value."""
        return self._values[max(0, self.box.currentIndex())]


class YesNoField(Field):
    """True or false."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.choice = Segmented(name, [("", "–"), ("true", _("Yes")), ("false", _("No"))])
        self.choice.changed.connect(lambda _value: self.edited.emit())
        self.setLayout(row(self.choice, None))

    def set_value(self, value: Any) -> None:
        """Show a truth."""
        self.choice.set_value({True: "true", False: "false"}[value] if isinstance(value, bool) else "")

    def value(self) -> Any:
        """Return the truth."""
        return {"": MISSING, "true": True, "false": False}[self.choice.value()]


class ListField(Field):
    """A list of simple values, one under the other."""

    def __init__(self, name: str, items: Mapping[str, Any]) -> None:
        super().__init__()
        self._name, self._items = name, items
        self._missing = True
        self._rows = column(gap=4)
        self.fields: list[Field] = []
        self._held: list[QWidget] = []
        self.add_button = Button(_("Add"), kind="quiet", size="small", icon="plus", name=_("Add to {name}", name=name))
        self.add_button.clicked.connect(lambda _checked=False: self._add_one())
        self.setLayout(column(self._rows, row(self.add_button, None), gap=4))

    def set_value(self, value: Any) -> None:
        """Show the entries."""
        self._missing = not isinstance(value, list)
        while self.fields:
            self._drop(0)
        for entry in value if isinstance(value, list) else []:
            self._append().set_value(entry)

    def value(self) -> Any:
        """Return the entries that were filled in."""
        entries = [entry for entry in (field.value() for field in self.fields) if entry is not MISSING]
        return MISSING if self._missing and not entries else entries

    def _append(self) -> Field:
        field = make_field(self._name, self._items)
        field.edited.connect(self.edited)
        remove = Button(icon="close", kind="quiet", size="small", name=_("Remove from {name}", name=self._name))
        held = QWidget()
        line = row(field, remove, gap=4)
        line.setStretch(0, 1)
        held.setLayout(line)
        remove.clicked.connect(lambda _checked=False: self._remove(field))
        self.fields.append(field)
        self._held.append(held)
        self._rows.addWidget(held)
        return field

    def _add_one(self) -> None:
        field = self._append()
        field.set_value(MISSING)
        field.take_focus()

    def _remove(self, field: Field) -> None:
        self._drop(self.fields.index(field))
        self._missing = False
        self.edited.emit()

    def _drop(self, position: int) -> None:
        self.fields.pop(position)
        held = self._held.pop(position)
        self._rows.removeWidget(held)
        held.hide()
        held.deleteLater()


class ObjectField(Field):
    """An object: a row for each property; properties that the schema does not name stay as they are."""

    def __init__(self, schema: Mapping[str, Any], *, top: bool) -> None:
        super().__init__()
        self._given: Mapping[str, Any] = {}
        self._missing = True
        self._required = set(schema.get("required") or ())
        self._top = top
        self.fields: dict[str, Field] = {}
        rows = column(gap=12)
        properties = schema["properties"]
        first = [name for name in schema.get("required") or () if name in properties]
        for name in dict.fromkeys([*first, *properties]):  # the schema is stored with its names sorted
            part = properties[name]
            title = str(part.get("title") or name)
            field = make_field(title, part)
            field.edited.connect(self.edited)
            self.fields[name] = field
            rows.addWidget(
                _labelled(title if name in self._required else _("{name} (optional)", name=title), field, part)
            )
        self.setLayout(rows)

    def set_value(self, value: Any) -> None:
        """Show an object's values."""
        self._missing = not isinstance(value, Mapping)
        self._given = value if isinstance(value, Mapping) else {}
        for name, field in self.fields.items():
            field.set_value(self._given.get(name, MISSING))

    def value(self) -> Any:
        """Return the object, its properties in the order they had."""
        found = {name: field.value() for name, field in self.fields.items()}
        names = [*self._given, *(name for name in self.fields if name not in self._given)]
        whole = {name: found.get(name, self._given.get(name)) for name in names}
        filled = {name: value for name, value in whole.items() if value is not MISSING}
        return MISSING if self._missing and not filled and not self._top else filled

    def take_focus(self) -> None:
        """Put the focus into the first field."""
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.take_focus()


def _labelled(title: str, field: Field, schema: Mapping[str, Any]) -> QWidget:
    if isinstance(field, ObjectField):
        card = Card(title)
        card.body.addWidget(field)
        return card
    return FormRow(title, field, help_text=str(schema.get("description") or ""))


def make_field(name: str, schema: Mapping[str, Any], *, top: bool = False) -> Field:
    """Return the field of a schema for which ``can_be_a_form`` is true."""
    if "enum" in schema:
        return ChoiceField(name, schema["enum"])
    match schema.get("type"):
        case "object":
            return ObjectField(schema, top=top)
        case "array":
            return ListField(name, schema["items"])
        case "boolean":
            return YesNoField(name)
        case "number" | "integer":
            return NumberField(name)
        case _string:
            return TextField(name)
