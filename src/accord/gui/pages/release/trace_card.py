"""Where a line came from: paste any exported line, see its row, its edits and its people."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.history import ExampleDetail
from accord.domain.moments import local
from accord.domain.review import Status, Verdict
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, MessageEditor, PlainLabel, StatusChip, column, line, row
from accord.workflows import exporting

MOST_SHOWN = 10


class TraceCard(Card):
    """``opened`` gives the id of an example that a person opened."""

    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(_("Where did this line come from?"))
        self._context = context
        self.editor = MessageEditor(_("Line of an exported file"), grows=False)
        self.editor.setPlaceholderText(_("Paste one line of a train, validation or held-out file"))
        self.editor.setFixedHeight(theme().px(76))
        self.button = Button(_("Find its row"), icon="magnify", run=self.search)
        self.fault = PlainLabel(role="error", wrap=True)
        self.fault.hide()
        self.found: list[PlainLabel] = []
        self._answer = QWidget()
        for item in (self.editor, self.fault, self._answer):
            self.body.addWidget(item)
        self.body.insertLayout(1, row(self.button, None))

    def search(self) -> None:
        """Look for the line."""
        text, project = self.editor.text(), self._context.project
        run_read(
            self._context,
            _("Find a line"),
            lambda _progress: exporting.trace(project=project, line=text),
            done=self._show,
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self._show(())
        self.fault.setText(str(error))
        self.fault.show()

    def _show(self, details: Sequence[ExampleDetail]) -> None:
        self.fault.hide()
        self.found = []
        made = QWidget()
        body = column(gap=12)
        for detail in details[:MOST_SHOWN]:
            body.addWidget(line())
            body.addLayout(self._example(detail))
        if len(details) > MOST_SHOWN:
            body.addWidget(PlainLabel(plural("and {n} more", "and {n} more", len(details) - MOST_SHOWN), role="muted"))
        made.setLayout(body)
        self.body.replaceWidget(self._answer, made)
        self._answer.hide()
        self._answer.deleteLater()
        self._answer = made

    def _example(self, detail: ExampleDetail) -> QVBoxLayout:
        open_button = Button(_("Open the example"), kind="link", run=partial(self.opened.emit, detail.row.id))
        head = row(
            PlainLabel(detail.row.content.request, role="strong", elide=True),
            StatusChip(Status(detail.row.status)),
            open_button,
            gap=12,
        )
        head.setStretch(0, 1)
        labels = [PlainLabel(text, role="muted", wrap=True, selectable=True) for text in history_of(detail)]
        self.found += labels
        return column(head, *labels, gap=4)


def history_of(detail: ExampleDetail) -> list[str]:
    """Return what happened to an example, one sentence each: where it came in, who changed it, who judged it."""
    said = []
    for place in detail.places:
        source = ", ".join(part for part in (place.source.source, place.source.licence) if part)
        where = _("Came in with {file}, line {line}", file=place.file, line=place.line)
        said.append(f"{where} ({source})" if source else where)
    said += [
        _("{when}: text changed by {who}", when=local(revision.at), who=revision.author)
        for revision in detail.revisions
        if revision.parent_hash
    ]
    said += [
        _("{when}: {verdict} by {who}", when=local(review.at), verdict=_verdict(review.verdict), who=review.reviewer)
        for review in detail.reviews
    ]
    return said


def _verdict(verdict: Verdict | None) -> str:
    match verdict:
        case Verdict.ACCEPT:
            return _("accepted")
        case Verdict.EDIT:
            return _("accepted with an edit")
        case Verdict.REJECT:
            return _("rejected")
        case Verdict.UNSURE:
            return _("marked unsure")
        case _none:
            return _("review taken back")
