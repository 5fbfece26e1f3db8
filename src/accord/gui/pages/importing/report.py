"""The account of an import: read = new + refused + seen before, and each refused row with its reason."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.pages.importing.bringing import Outcome
from accord.gui.pages.importing.preview_pane import verdicts_text
from accord.gui.pages.importing.refused_rows import listed_words, refused_table
from accord.gui.widgets import ActionButton, Button, Card, PlainLabel, Scrolled, TableView, column, row
from accord.workflows.importing import FileReport

ROWS_SHOWN = 8


class ReportView(QWidget):
    """One card a file, below what to do next; ``correct_wanted`` gives a file's account."""

    correct_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.headline = PlainLabel(role="heading", wrap=True)
        self.stopped = PlainLabel(role="error", wrap=True)
        self.next = PlainLabel(role="body", wrap=True)
        self.review = ActionButton(context.actions, "importing.review", kind="primary")
        self.undo = ActionButton(context.actions, "importing.undo")
        self.more = ActionButton(context.actions, "importing.choose", text=_("Import more files"))
        self.area = Scrolled(width=860, margins=(0, 0, 0, 24))
        self.area.body.addLayout(column(self.headline, self.stopped, self.next, gap=4))
        self.area.body.addLayout(row(self.review, self.more, self.undo, None))
        self.area.body.addStretch(1)
        self.setLayout(column(self.area, gap=0))
        self.cards: list[FileCard] = []

    def show_outcome(self, outcome: Outcome) -> None:
        """Show the accounts."""
        for card in self.cards:
            self.area.body.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [FileCard(self._context, report) for report in outcome.reports]
        for card in self.cards:
            card.correct_wanted.connect(self.correct_wanted)
            self.area.body.insertWidget(self.area.body.count() - 1, card)
        self.headline.setText(_("This import was taken back.") if outcome.taken_back else headline(outcome))
        self.next.setText(next_step(outcome))
        self.stopped.setVisible(bool(outcome.stopped))
        self.stopped.setText(_("{file} was stopped: nothing of it was kept.", file=outcome.stopped))
        for button in (self.review, self.undo):
            button.update_from_action()
            button.setVisible(button.isEnabled())

    def focus_next(self) -> None:
        """Put the focus on what to do next."""
        button = self.review if self.review.isVisible() else self.more
        button.setFocus(Qt.FocusReason.OtherFocusReason)


class FileCard(Card):
    """One file: its figures, what was worth knowing, and its refused rows."""

    correct_wanted = Signal(object)

    def __init__(self, context: Context, report: FileReport) -> None:
        super().__init__(Path(report.file).name)
        self.report = report
        self.figures = row(gap=24)
        for title, count, sign in _figures(report):
            if sign:
                self.figures.addWidget(PlainLabel(sign, role="title"))
            self.figures.addLayout(
                column(PlainLabel(number(count), role="title"), PlainLabel(title, role="small"), gap=2)
            )
        self.figures.addStretch(1)
        self.body.addLayout(self.figures)
        told = [needs_answer_text(report), verdicts_text(report.verdicts), *report.notes]
        if any(told):
            self.body.addWidget(PlainLabel("\n".join(filter(None, told)), wrap=True, selectable=True))
        self.table: TableView | None = None
        self.correct: Button | None = None
        if report.rejections:
            self._add_rejections(context, report)

    def _add_rejections(self, context: Context, report: FileReport) -> None:
        faults = report.rejections
        told = listed_words(len(faults), report.rejected)
        head = row(PlainLabel(told, role="strong"), None)
        if report.rejections_file:
            head.addWidget(Button(_("Show its folder"), kind="link", run=partial(_open_folder, report)))
            self.correct = Button(_("Correct them and import again"), icon="file-edit-outline")
            self.correct.clicked.connect(lambda _checked=False: self.correct_wanted.emit(report))
            head.addWidget(self.correct)
        self.body.addSpacing(8)
        self.body.addLayout(head)
        if report.rejections_file:
            how = _(
                "The refused rows are in a file of their own. The button opens it: correct the rows there, save it, "
                "and import it here. The rows that came in stay as they are."
            )
            self.body.addWidget(PlainLabel(how, role="muted", wrap=True))
        name = _("Refused rows of {file}", file=Path(report.file).name)
        self.table = refused_table(context, faults, name=name, in_sheet=bool(report.sheet), rows_shown=ROWS_SHOWN)
        self.body.addWidget(self.table)


def headline(outcome: Outcome) -> str:
    """Return the account of all files as one sentence."""
    read, accepted = sum(r.read for r in outcome.reports), sum(r.accepted for r in outcome.reports)
    refused, seen = sum(r.rejected for r in outcome.reports), sum(r.duplicate for r in outcome.reports)
    parts = [plural("{n} new example", "{n} new examples", accepted)]
    empty = sum(r.needs_answer for r in outcome.reports)
    if empty:
        parts[0] = _("{new} ({n} without an answer)", new=parts[0], n=number(empty))
    if refused:
        parts.append(_("{n} refused", n=number(refused)))
    if seen:
        parts.append(_("{n} seen before", n=number(seen)))
    return plural("{n} row read: {parts}.", "{n} rows read: {parts}.", read, parts=", ".join(parts))


def next_step(outcome: Outcome) -> str:
    """Return what to do now, as a sentence."""
    if outcome.taken_back:
        return _("What came in and nobody has reviewed is set aside. The files can be imported again.")
    if any(report.accepted for report in outcome.reports):
        return _("Next: read the new examples and judge them. Enter or R begins with the first.")
    if any(report.rejections_file for report in outcome.reports):
        return _("Nothing new came in. Next: correct the refused rows below, or choose other files.")
    return _("Nothing new came in. Next: choose other files.")


def needs_answer_text(report: FileReport) -> str:
    """Return how many new examples lack an answer, as a sentence; empty for none."""
    if not report.needs_answer:
        return ""
    return plural(
        "{n} of the new examples has no answer yet; a reviewer writes it.",
        "{n} of the new examples have no answer yet; a reviewer writes them.",
        report.needs_answer,
    )


def _figures(report: FileReport) -> list[tuple[str, int, str]]:
    return [
        (_("rows read"), report.read, ""),
        (_("new"), report.accepted, "="),
        (_("refused"), report.rejected, "+"),
        (_("seen before"), report.duplicate, "+"),
    ]


def _open_folder(report: FileReport) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(report.rejections_file).parent)))
