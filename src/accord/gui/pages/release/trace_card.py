"""Where a line came from and why it is in a release or not: paste an exported line, or the id of an example."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.history import ExampleDetail
from accord.domain.moments import local
from accord.domain.releases import ReleasePlan
from accord.domain.review import Status, Verdict
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, MessageEditor, PlainLabel, StatusChip, column, line, row
from accord.workflows import browsing, exporting
from accord.workflows.projects import Project
from accord.workflows.release_standing import InRelease, standing_in_release
from accord.workflows.releasing import Draft

MOST_SHOWN = 10
_ID = re.compile("[0-9a-f]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """An example that was looked for, and where it stands in the next release, where that is known."""

    detail: ExampleDetail
    standing: InRelease | None


class TraceCard(Card):
    """``opened`` gives the id of an example that a person opened."""

    opened = Signal(str)

    def __init__(self, context: Context, planned: Callable[[], tuple[ReleasePlan, Draft | None]]) -> None:
        super().__init__(_("Where did this line come from, and why is it in or out?"))
        self._context = context
        self._planned = planned
        self.editor = MessageEditor(_("Line of an exported file"), grows=False)
        self.editor.setPlaceholderText(
            _("Paste one line of a train, validation or held-out file, or the id of an example")
        )
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
        plan, draft = self._planned()
        run_read(
            self._context,
            _("Find a line"),
            lambda _progress: find(project, text, plan, draft),
            done=self._show,
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self._show(())
        self.fault.setText(str(error))
        self.fault.show()

    def _show(self, details: Sequence[Traced]) -> None:
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

    def _example(self, traced: Traced) -> QVBoxLayout:
        detail = traced.detail
        open_button = Button(_("Open the example"), kind="link", run=partial(self.opened.emit, detail.row.id))
        head = row(
            PlainLabel(detail.row.content.request, role="strong", elide=True),
            StatusChip(Status(detail.row.status)),
            open_button,
            gap=12,
        )
        head.setStretch(0, 1)
        labels = [PlainLabel(text, role="muted", wrap=True, selectable=True) for text in history_of(detail)]
        if traced.standing is not None:
            standing = traced.standing
            said = (
                _("Not in the next release: {sentence}", sentence=standing.sentence)
                if standing.part is None
                else _("In the next release: {sentence}", sentence=standing.sentence)
            )
            labels.append(PlainLabel(said, wrap=True, selectable=True))
        self.found += labels
        return column(head, *labels, gap=4)


def find(project: Project, text: str, plan: ReleasePlan, draft: Draft | None) -> list[Traced]:
    """Return the examples of a line or an id; where the next release is worked out, also why each is in it or not.

    Raises NotFound and Refused.
    """
    wanted = text.strip()
    if _ID.fullmatch(wanted):
        details = [browsing.example(project=project, example_id=wanted)]
    else:
        details = exporting.trace(project=project, line=text)
    found = []
    for place, detail in enumerate(details):
        known = None
        if draft is not None and place < MOST_SHOWN:
            known = standing_in_release(project=project, example_id=detail.row.id, plan=plan, draft=draft)
        found.append(Traced(detail=detail, standing=known))
    return found


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
