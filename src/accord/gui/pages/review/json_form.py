"""The answer as a form drawn from the project's schema; where no form can be drawn, its JSON as text."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from accord.domain.wording import _
from accord.gui.pages.review.answer_control import COLUMNS, AnswerControl
from accord.gui.pages.review.json_fields import MISSING, Field, can_be_a_form, make_field
from accord.gui.widgets import MessageEditor, column

COMPACT = (",", ":")


class JsonForm(AnswerControl):
    """Fills in a JSON answer. Until a field is changed, ``text`` is the very text that was opened."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        super().__init__()
        self.field: Field | None = make_field(_("Answer"), schema, top=True) if can_be_a_form(schema) else None
        self.plain = MessageEditor(_("Answer as JSON"), columns=COLUMNS)
        self.plain.edited.connect(self.edited)
        self._exact = self._current = ""
        self._changed = False
        whole = column(self.plain, gap=0)
        if self.field is not None:
            self.field.edited.connect(self._field_edited)
            whole.addWidget(self.field)
        self.setLayout(whole)

    @property
    def is_form(self) -> bool:
        """Whether the answer is shown as a form: the schema and the text allow it."""
        return self.field is not None and not self.field.isHidden()

    def set_text(self, exact: str, *, current: str | None = None) -> None:
        """Open an answer; text that is not JSON is shown as it is, to be mended there."""
        self._exact, self._current, self._changed = exact, exact if current is None else current, False
        value = _parsed(self._current)
        as_form = self.field is not None and (value is not _NOT_JSON)
        self.pinned = as_form
        self.plain.setVisible(not as_form)
        if self.field is not None:
            self.field.setVisible(as_form)
        if as_form and self.field is not None:
            self.field.set_value(value)
        else:
            self.plain.blockSignals(True)
            self.plain.set_text(exact, current=current)
            self.plain.blockSignals(False)

    def text(self) -> str:
        """Return the answer as JSON text, laid out as it came."""
        if not self.is_form:
            return self.plain.text()
        if not self._changed or self.field is None:
            return self._current
        value = self.field.value()
        if value is MISSING:
            return ""
        if "\n" in self._exact.strip():
            return json.dumps(value, ensure_ascii=False, indent=2)
        tight = '":' in self._exact and '": ' not in self._exact
        return json.dumps(value, ensure_ascii=False, separators=COMPACT if tight else None)

    def take_focus(self) -> None:
        """Put the focus into the first field."""
        if self.is_form and self.field is not None:
            self.field.take_focus()
        else:
            self.plain.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _field_edited(self) -> None:
        self._changed = True
        self.edited.emit()


_NOT_JSON = object()


def _parsed(text: str) -> Any:
    """Return the value, MISSING for no text at all, _NOT_JSON for text that is not JSON."""
    if not text.strip():
        return MISSING
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOT_JSON
