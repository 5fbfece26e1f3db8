"""What stands below the answer: where it comes from, what happened to it, and what was settled for similar requests."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from accord.analysis.diffs import word_diff
from accord.domain.moments import local
from accord.domain.review import Review, Status, Verdict
from accord.domain.wording import _, percent
from accord.gui.made_by import told
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.reading import where_in
from accord.gui.widgets import Button, DiffView, PlainLabel, StatusChip, column, row
from accord.workflows.similar import LEAST, Neighbour

EXCERPT = 400


class HistoryPart(QFrame):
    """Source, revisions and reviews of an item, opened with a key."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Source and history"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.setLayout(
            column(PlainLabel(_("Source and history"), role="heading"), self._rows, margins=(16, 12, 16, 16))
        )
        self._made: list[QWidget] = []
        self.hide()

    def show_item(self, item: Item) -> None:
        """Show an item's places, texts and judgements."""
        for old in self._made:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._made = []
        for line in [*_source_lines(item), *_review_lines(item)]:
            self._add(PlainLabel(line, wrap=True, selectable=True))
        before = item.detail.original
        for revision in item.detail.revisions:
            who = revision.author or _("somebody")
            self._add(PlainLabel(_("{who} changed the text, {at}", who=who, at=local(revision.at)), role="muted"))
            view = DiffView(_("What changed"))
            view.set_parts(word_diff(before.answer, revision.content.answer))
            self._add(view)

    def _add(self, widget: QWidget) -> None:
        self._made.append(widget)
        self._rows.addWidget(widget)


class SettledPart(QWidget):
    """The nearest settled examples; ``chosen`` gives the number of one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rows = column(gap=12)
        self.title = PlainLabel(_("Settled before, with a similar request"), role="muted")
        self.setLayout(column(self.title, self._rows, gap=8))
        self._made: list[QWidget] = []
        self.hide()

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """Show them, or nothing where there is none."""
        for old in self._made:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._made = [self._card(neighbour) for neighbour in neighbours if neighbour.score >= LEAST]
        for card in self._made:
            self._rows.addWidget(card)
        self.setVisible(bool(self._made))

    def _card(self, neighbour: Neighbour) -> QFrame:
        found = neighbour.row
        card = QFrame()
        card.setProperty("kind", "card")
        look = Button(_("Open"), kind="link", name=_("Open: {request}", request=found.content.request[:80]))
        look.clicked.connect(lambda _checked=False: self.chosen.emit(found.seq))
        alike = PlainLabel(_("{share} alike", share=percent(neighbour.score)), role="small")
        request = PlainLabel(found.content.request, role="strong", wrap=True)
        answer = " ".join(found.content.answer.split())
        words = PlainLabel(answer if len(answer) <= EXCERPT else f"{answer[:EXCERPT]}…", wrap=True)
        head = row(StatusChip(Status(found.status)), alike, None, look)
        card.setLayout(column(head, request, words, gap=4, margins=(16, 8, 16, 12)))
        return card


def _source_lines(item: Item) -> list[str]:
    lines = []
    for place in item.detail.places:
        source = place.source
        facts = [source.source, source.source_url, source.source_date, source.licence]
        lines.append(" · ".join(part for part in (where_in(place), *facts) if part))
        lines += [f"{name}: {value}" for name, value in told(source.metadata)]
    return lines


def _review_lines(item: Item) -> list[str]:
    return [_review_line(review) for review in item.detail.reviews]


def _review_line(review: Review) -> str:
    words = {
        Verdict.ACCEPT: _("{who} accepted it, {at}"),
        Verdict.EDIT: _("{who} edited it, {at}"),
        Verdict.REJECT: _("{who} rejected it, {at}"),
        Verdict.UNSURE: _("{who} was unsure, {at}"),
        None: _("{who} took the verdict back, {at}"),
    }
    line = words[review.verdict].format(who=review.reviewer, at=local(review.at))
    judgement = review.judgement
    more = [", ".join(judgement.reasons), judgement.comment, judgement.citation]
    return ". ".join([line, *(part for part in more if part)])
