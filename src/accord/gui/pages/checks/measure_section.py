"""The section that measures how much of the personal data that people marked in a file is found, and what beside it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QSizePolicy, QVBoxLayout, QWidget

from accord.domain.errors import Cancelled
from accord.domain.measurement import Measurement, ShareFound, Spot
from accord.domain.wording import _, number, plural
from accord.gui import files
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.agreement.figures import share
from accord.gui.pages.agreement.waiting_line import WaitingLine
from accord.gui.pages.checks.labels_card import LabelsCard
from accord.gui.pages.checks.share_bar import ShareBar
from accord.gui.pages.project.sections import Section
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Button, Card, PlainLabel, row
from accord.workflows import measuring

_SHOWN = 500  # places in a list; the saved table has all
_FAULTS = 20
_ROWS = 8  # of a list that are seen at once
_NAME, _SHARE, _COUNT = 80, 100, 80  # px at 100 percent; a name takes what is left


class MeasureSection(Section):
    """``file_wanted`` asks for a labelled file. Nothing of it is stored in the project."""

    section_id = "measure"
    file_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Labelled file"),
            _(
                "How well personal data is found, measured on texts in which people marked it: JSON lines or a JSON "
                "array with text and spans (start, end, label), as Presidio, doccano, Prodigy and Label Studio write "
                "them. The file is only read; nothing of it is kept."
            ),
        )
        self._context = context
        self._path: Path | None = None
        self.found: Measurement | None = None
        self.choose = ActionButton(context.actions, "checks.measure", text=_("Choose a labelled file"))
        self.save_button = Button(_("Save as CSV"), icon="table-arrow-down", run=self.save)
        self.waiting = WaitingLine(_("Measuring"))
        self.said = PlainLabel(wrap=True)
        self.recall = SharesCard(_("Recall"), _("How much of what people marked is found, label by label."))
        self.precision = SharesCard(_("Precision"), _("How much of what is found was marked, kind by kind."))
        self.labels = LabelsCard()
        self.labels.chosen.connect(self._measure_again)
        self.left_out = NotesCard(_("Not in these figures"))
        self.missed = SpotsCard(_("Missed"))
        self.false = SpotsCard(_("False alarms"))
        self.body.addLayout(row(self.choose, self.save_button, None))
        self._results: tuple[QWidget, ...] = (self.save_button, self.said, self.recall, self.precision)
        self.body.addWidget(self.waiting)
        for card in (self.said, self.recall, self.precision, self.labels, self.left_out, self.missed, self.false):
            self.body.addWidget(card)
        self.body.addStretch(1)
        for hidden in (*self._results, self.labels, self.left_out, self.missed, self.false):
            hidden.hide()

    def ask(self) -> None:
        """Ask for a file and measure on it."""
        chosen = files.ask_for_labelled(self)
        if chosen is not None:
            self.labels.forget()
            self.measure(chosen)

    def measure(self, path: Path) -> None:
        """Measure on a file, apart from the window; another measurement under way is stopped."""
        self.waiting.cancel()
        self._path = path
        project, labels = self._context.project, self.labels.meant()

        def failed(error: BaseException) -> None:
            self.waiting.rest()
            if isinstance(error, Cancelled):
                self._context.notify(_("Measuring was stopped."))
            else:
                show_failure(self._context, error)

        self.waiting.follow(
            run_read(
                self._context,
                _("Measuring"),
                lambda progress: measuring.measure(project=project, path=path, labels=labels, progress=progress),
                done=self.show_measurement,
                failed=failed,
            )
        )

    def save(self) -> None:
        """Save all figures and places as a table."""
        found = self.found
        to = files.ask_for_table(self, files.documents() / f"{_('measured')}.csv") if found is not None else None
        if found is None or to is None:
            return

        def done(_none: object) -> None:
            self._context.notify(
                _("The table is saved as {name}.", name=to.name),
                tone="good",
                undo=lambda: files.open_outside(to),
                undo_title=_("Open"),
            )

        work = partial(measuring.save, found=found, to=to)
        run_read(self._context, _("Saving a table"), lambda _progress: work(), done=done)

    def _measure_again(self) -> None:
        if self._path is not None:
            self.measure(self._path)

    def show_measurement(self, found: Measurement) -> None:
        """Show the figures and the places that lower them."""
        self.waiting.rest()
        self.found = found
        self.said.setText(_told(found))
        whole = ShareFound(name=_("All"), hits=0, n=0, figure=found.all_recall)
        self.recall.show_shares(found.recall, whole)
        self.precision.show_shares(found.precision, ShareFound(name=_("All"), hits=0, n=0, figure=found.all_precision))
        self.labels.show_labels(found.unknown)
        self.left_out.show_notes(_notes(found))
        self.missed.show_spots(found.missed)
        self.false.show_spots(found.false_alarms)
        for part in self._results:
            part.show()


class SharesCard(Card):
    """Shares with their intervals, a line each, and that of all at the end."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__(title)
        self.body.addWidget(PlainLabel(about, role="small", wrap=True))
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.lines: list[QWidget] = []

    def show_shares(self, shares: Sequence[ShareFound], whole: ShareFound) -> None:
        """Show these and the share of all."""
        for old in self.lines:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [_share_line(one) for one in shares] + [_share_line(whole, strong=True)]
        for made in self.lines:
            self._lines.addWidget(made)


class NotesCard(Card):
    """Sentences one under the other; hidden without any."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.text = PlainLabel(role="muted", wrap=True, selectable=True)
        self.body.addWidget(self.text)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Show these sentences."""
        self.text.setText("\n".join(notes))
        self.setVisible(bool(notes))


class SpotsCard(Card):
    """Places of the file, with the words that stand there; hidden without any."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._title = title
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.more = PlainLabel(role="small")
        self.body.addWidget(self.list)
        self.body.addWidget(self.more)

    def show_spots(self, spots: Sequence[Spot]) -> None:
        """Show the first of these places."""
        self.title.setText(f"{self._title}  {number(len(spots))}")
        self.list.clear()
        self.list.addItems([_spot_line(spot) for spot in spots[:_SHOWN]])
        self.list.setFixedHeight(theme().px(29) * min(_ROWS, max(1, len(spots))) + theme().px(8))
        left = len(spots) - _SHOWN
        self.more.setText(plural("{n} more in the saved table.", "{n} more in the saved table.", max(0, left)))
        self.more.setVisible(left > 0)
        self.setVisible(bool(spots))


def _share_line(one: ShareFound, *, strong: bool = False) -> QWidget:
    px = theme().px
    name = PlainLabel(one.name, role="strong" if strong else "body", elide=True)
    name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    name.setMinimumWidth(px(_NAME))
    bar = ShareBar(one.name)
    bar.show_figure(one.figure)
    value = PlainLabel(share(one.figure), role="strong" if strong else "body")
    value.setFixedWidth(px(_SHARE))
    count = PlainLabel("" if strong else _("{hits} of {n}", hits=number(one.hits), n=number(one.n)), role="small")
    count.setFixedWidth(px(_COUNT))
    made, parts = QWidget(), row(name, bar, value, count, gap=12)
    for position, wide in enumerate((3, 1)):
        parts.setStretch(position, wide)
    made.setLayout(parts)
    made.setAccessibleName(f"{one.name}: {share(one.figure)}")
    return made


def _spot_line(spot: Spot) -> str:
    words = " ".join(spot.text.split())
    place = _("line {line}, {start}-{end}", line=number(spot.line), start=number(spot.start), end=number(spot.end))
    return f"{place}   {spot.name}   {words}"


def _told(found: Measurement) -> str:
    return plural(
        "{n} text of {file}. The brackets are 95% intervals (Wilson).",
        "{n} texts of {file}. The brackets are 95% intervals (Wilson).",
        found.texts,
        file=found.file.name,
    )


def _notes(found: Measurement) -> list[str]:
    notes = measuring.notes(found)
    notes += [
        _("Line {line} was not used: {reason}", line=one.line, reason=one.reason) for one in found.rejected[:_FAULTS]
    ]
    n = len(found.rejected) - _FAULTS
    if n > 0:
        notes.append(plural("{n} more line was not used.", "{n} more lines were not used.", n))
    return notes
