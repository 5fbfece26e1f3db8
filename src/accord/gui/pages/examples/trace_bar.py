"""Answers "where did this line come from?": a field for a pasted line of an export, and the examples it leads to."""

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from accord.domain.history import ExampleDetail
from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.examples.rows import place_words
from accord.gui.status import look
from accord.gui.theme import theme
from accord.gui.widgets import Button, KeyButton, LinkList, MessageEditor, PlainLabel, column, row
from accord.workflows import exporting

SHOWN_REQUEST = 70


class TraceBar(QFrame):
    """``found`` gives the id of the example to show."""

    found = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Where did this line come from?"))
        self.field = MessageEditor(_("Line of an export"), columns=400, grows=False)
        self.field.setPlaceholderText(_("Paste one whole line of a train, validation or held-out file"))
        self.field.setFixedHeight(theme().px(64))
        self.find_button = Button(_("Find it"), kind="primary", run=self._find)
        self.close_button = KeyButton(_("Close"), "Esc")
        self.close_button.clicked.connect(lambda _checked=False: self.hide())
        self.said = PlainLabel(role="muted", wrap=True)
        self.said.hide()
        self.links = LinkList(_("Examples of this line"))
        self.links.activated.connect(self.found)
        head = row(PlainLabel(_("Where did this line come from?"), role="heading"), None)
        typing = row(self.field, column(self.find_button, self.close_button, None))
        typing.setStretch(0, 1)
        self.setLayout(column(head, typing, self.said, self.links, gap=8, margins=(16, 12, 16, 12)))
        self.hide()

    def open(self) -> None:
        """Show the field, empty, and type there."""
        self.field.set_text("")
        self._answer("", [])
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc, search on Ctrl+Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._find()
        else:
            super().keyPressEvent(event)

    def _find(self) -> None:
        line, project = self.field.text(), self._context.project
        if not line.strip():
            self._answer(_("Paste a line first."), [])
            return
        run_read(
            self._context,
            _("Tracing a line"),
            lambda _progress: exporting.trace(project=project, line=line),
            done=lambda details: self._traced(line, details),
            failed=lambda error: self._answer(str(error), []),
        )

    def _traced(self, line: str, details: list[ExampleDetail]) -> None:
        if len(details) == 1:
            sure = holds_answer(line, details[0])
            unsure = _("This example has its request; its answer is none that stood here (a code, or changed outside):")
            self._answer(_("It came from this example:") if sure else unsure, details)
            self.found.emit(details[0].row.id)
        else:
            self._answer(_("Several examples have this request; choose one:"), details)

    def _answer(self, sentence: str, details: list[ExampleDetail]) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self.links.set_links((d.row.id, _described(d)) for d in details)
        self.links.setVisible(bool(details))


def holds_answer(line: str, detail: ExampleDetail) -> bool:
    """Say whether a line of JSON or CSV holds an answer that stands or stood in an example."""
    versions = (detail.row.content, detail.original, *(revision.content for revision in detail.revisions))
    for answer in {content.answer for content in versions if content.answer}:
        written = (json.dumps(answer, ensure_ascii=False)[1:-1], json.dumps(answer)[1:-1], answer.replace('"', '""'))
        if any(text in line for text in written):
            return True
    return False


def _described(detail: ExampleDetail) -> str:
    row_ = detail.row
    request = " ".join(row_.content.request.split())
    short = request if len(request) <= SHOWN_REQUEST else f"{request[: SHOWN_REQUEST - 1]}…"
    parts = (short, look(Status(row_.status)).word, place_words(row_.file, row_.line))
    return " · ".join(part for part in parts if part)
