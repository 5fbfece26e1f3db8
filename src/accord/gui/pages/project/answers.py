"""The section on answers: free text, a closed list with codes, or JSON by a schema that is checked while one types."""

import json
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QWidget

from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.project.drafting import schema_text
from accord.gui.pages.project.row_editor import Cell, Line, RowEditor
from accord.gui.pages.project.sections import COLUMNS, Section, show_text
from accord.gui.widgets import Card, FormRow, MessageEditor, Segmented, column
from accord.workflows import projects

CHECK_AFTER_MS = 300


class Answers(Section):
    """Answer kind with what belongs to it."""

    section_id = "answers"

    def __init__(self, context: Context) -> None:
        super().__init__(_("Answers"))
        kinds = [
            (AnswerKind.TEXT.value, _("Free text")),
            (AnswerKind.LIST.value, _("One of a closed list")),
            (AnswerKind.JSON.value, _("JSON by a schema")),
        ]
        self.kind = Segmented(_("An answer is"), kinds)
        self.kind.changed.connect(self._kind_chosen)
        self.body.addWidget(FormRow(_("An answer is"), self.kind))
        cells = [Cell(title=_("Answer")), Cell(title=_("Code"), width=120)]
        self.choices = RowEditor(_("Answers of the list"), cells, add=_("Add an answer"))
        self.codes = QCheckBox(_("Export the codes in place of the answers, with a legend"))
        self.codes.setAccessibleName(self.codes.text())
        self.list_card = _card(_("Closed list"), self.choices, self.codes)
        self.schema = SchemaEditor(context)
        self.schema_card = _card(_("Schema"), self.schema)
        self.body.addWidget(self.list_card)
        self.body.addWidget(self.schema_card)
        self.body.addStretch(1)
        self.choices.changed.connect(self._said)
        self.codes.toggled.connect(self._said)
        self.schema.editor.edited.connect(self._said)
        self._follow_kind()

    def put(self, settings: ProjectSettings) -> None:
        """Show the answer kind, the list and the schema; what another kind would use is kept too."""
        self.kind.set_value(settings.answer_kind.value)
        self.choices.set_lines([Line((choice.label, choice.code)) for choice in settings.choices])
        self.codes.blockSignals(True)
        self.codes.setChecked(settings.export_codes)
        self.codes.blockSignals(False)
        self.schema.put(settings)
        self._follow_kind()

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return them as edited; a schema that is no JSON yet leaves the stored one."""
        schema = self.schema.value()
        return replace(
            settings,
            answer_kind=AnswerKind(self.kind.value()),
            choices=tuple(Choice(label=line.values[0], code=line.values[1]) for line in self.choices.lines()),
            export_codes=self.codes.isChecked(),
            answer_schema=settings.answer_schema if schema is None else schema,
        )

    def problem(self) -> str:
        """Return what is wrong with the schema, where it counts."""
        if self.schema.value() is None:
            return self.schema.fault or _("The schema is not valid JSON yet.")
        return self.schema.fault if self.kind.value() == AnswerKind.JSON.value else ""

    def _kind_chosen(self, _kind: str) -> None:
        self._follow_kind()
        self.changed.emit()

    def _follow_kind(self) -> None:
        self.list_card.setVisible(self.kind.value() == AnswerKind.LIST.value)
        self.schema_card.setVisible(self.kind.value() == AnswerKind.JSON.value)


class SchemaEditor(QWidget):
    """A JSON schema as text; what is wrong with it stands below, a moment after the last key."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.fault = ""
        self.editor = MessageEditor(_("JSON schema"), columns=COLUMNS)
        self.row = FormRow(_("JSON schema"), self.editor, help_text=_("Review draws its form from this schema."))
        self.setLayout(column(self.row))
        self._stored: dict[str, Any] = {}
        self._stored_text = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(CHECK_AFTER_MS)
        self._pause.timeout.connect(self._check)
        self.editor.edited.connect(self._pause.start)

    def put(self, settings: ProjectSettings) -> None:
        """Open the schema of these settings."""
        self._stored, self._stored_text = dict(settings.answer_schema), schema_text(settings)
        show_text(self.editor, self._stored_text)
        self._said("")
        self._pause.stop()

    def value(self) -> dict[str, Any] | None:
        """Return the schema; None while the text is no JSON object."""
        text = self.editor.text()
        if text == self._stored_text:
            return self._stored
        if not text.strip():
            return {}
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def _check(self) -> None:
        text = self.editor.text()
        if not text.strip():
            self._said("")
            return
        run_read(
            self._context,
            _("Checking the schema"),
            lambda _progress: projects.schema_problem(text=text),
            done=lambda problem: self._said(problem or "") if self.editor.text() == text else None,
        )

    def _said(self, fault: str) -> None:
        self.fault = fault
        self.row.set_fault(fault)


def _card(title: str, *parts: QWidget) -> Card:
    made = Card(title)
    for part in parts:
        made.body.addWidget(part)
    return made
