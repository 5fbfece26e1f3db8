"""What happens beside the verdicts: findings, source and history, settled examples, pace, and the same sentence."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from accord.analysis.pace import items_per_day
from accord.domain.history import ExampleRow
from accord.domain.meaning import Embedder
from accord.domain.wording import _, plural
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.review.banners import Banners
from accord.gui.pages.review.below import HistoryPart, SettledPart
from accord.gui.pages.review.finding_acts import FindingActs
from accord.gui.pages.review.findings import Findings
from accord.gui.pages.review.loading import Item, has_lines
from accord.gui.pages.review.same_sentence import SameSentence
from accord.workflows import browsing, repeating
from accord.workflows.reviewing import Reviewed
from accord.workflows.similar import Neighbour, similar

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

NEAREST_AFTER_MS = 150
MOST = 3


class Asides(QObject):
    """Fills what stands around the text; none of it holds up the next item."""

    def __init__(self, page: "ReviewPage") -> None:
        super().__init__(page)
        self._page = page
        self._context, self._desk, self._verdicts = page.context, page.desk, page.verdicts
        self.same = SameSentence(page)
        self.banners = Banners(page)
        self.findings = Findings(page)
        self.finding_acts = FindingActs(page, self.findings)
        self.history, self.settled = HistoryPart(), SettledPart()
        page.reading.below.addWidget(self.history)
        page.reading.below.addWidget(self.settled)
        self._seconds: list[float] = []
        self._per_day: dict[str, int] = {}
        self._near = QTimer(self)
        self._near.setSingleShot(True)
        self._near.setInterval(NEAREST_AFTER_MS)
        self._near.timeout.connect(self._read_nearest)
        self.settled.chosen.connect(page.desk.go)
        page.pane.findings.linked.connect(self._go_to_row)
        page.verdicts.stored.connect(self._stored)
        page.verdicts.taking_back.connect(self.same.drop)
        page.verdicts.taken_back.connect(self._taken_back)

    def show_item(self, item: Item | None) -> None:
        """Show what belongs to an item."""
        self.settled.show_neighbours([])
        self._page.reading.banner.hide()
        self.findings.show_item(item)
        if item is None:
            self._page.pane.findings.show_others(())
            return
        self._page.pane.findings.show_others(alike(item))
        if self.history.isVisible() or not self.history.isHidden():
            self.history.show_item(item)
        self.banners.show_item(item)
        self.same.moved_to(item)
        if self._desk.awake:
            self._near.start()

    def show_unread(self, why: str) -> None:
        """Say that the item cannot be read now; it comes as soon as it can be."""
        page = self._page
        if self._desk.item is None:
            page.centre.setCurrentWidget(page.empty)
            page.empty.button.hide()
            page.empty.sentence.setText(_("This example cannot be read now. Accord goes on trying. {why}", why=why))
            page.pane.setEnabled(False)

    def pause(self) -> None:
        """Read nothing more: the page is left."""
        self._near.stop()
        self.findings.pause()
        self.same.drop()

    def toggle_history(self) -> None:
        """Open or close source and history below the answer."""
        item = self._desk.item
        if not self.history.isHidden():
            self.history.hide()
        elif item is not None:
            self.history.show_item(item)
            self.history.show()
            QTimer.singleShot(0, self.history, lambda: self._page.reading.ensureWidgetVisible(self.history, 0, 24))

    def next_waiting(self) -> None:
        """Go to the next item of the list that waits for a verdict."""
        project = self._context.project

        def done(waiting: Sequence[int]) -> None:
            if not self._desk.awake:
                return
            following = self._desk.order.next_open(among=set(waiting))
            if following is None:
                self._page.bar.say(_("Nothing else in this list waits for a verdict."))
            else:
                self._desk.go(following)

        run_read(self._context, _("Reading the queue"), lambda _p: browsing.queue(project=project), done=done)

    def empty_sentence(self) -> str:
        """Return what to say where no item is left."""
        desk = self._desk
        if not desk.loaded:
            return _("Reading the queue…")
        if desk.hers and not desk.filter.text.strip():
            return _("All that was given to you is judged.")
        if desk.order.judged:
            return _("This list is done. Everything in it has your verdict.")
        if desk.filter.text.strip():
            return _("Nothing in this list fits your words.")
        return _("Nothing waits here.")

    def read_pace(self) -> None:
        """Read how fast the person works."""
        project, reviewer = self._context.project, self._context.actor

        def done(found: tuple[list[float], dict[str, int]]) -> None:
            self._seconds, self._per_day = found
            if self._desk.awake:
                self._show_pace()

        run_read(
            self._context,
            _("Reading the pace"),
            lambda _p: browsing.pace_of(project=project, reviewer=reviewer),
            done=done,
        )

    def _show_pace(self) -> None:
        now = datetime.now().astimezone().date()
        today = self._per_day.get(now.isoformat(), 0)
        self._page.bar.show_pace(
            today=today,
            history=self._seconds[::-1],
            left=self._desk.order.waiting,
            per_day=items_per_day(self._per_day, now),
        )

    def _stored(self, found: Reviewed) -> None:
        if not self._desk.awake:
            return
        self.read_pace()
        self.same.search(found)

    def _taken_back(self) -> None:
        self.same.drop()
        self.read_pace()

    def _read_nearest(self) -> None:
        item, project, embedder = self._desk.item, self._context.project, self._context.embedder
        if item is None:
            return

        def done(found: list[Neighbour]) -> None:
            if self._desk.awake and self._desk.item is not None and self._desk.item.id == item.id:
                self.settled.show_neighbours(found)

        run_read(
            self._context,
            _("Reading settled examples"),
            lambda _p: _nearest(project, item.id, self._context.actor, embedder),
            done=done,
        )

    def _go_to_row(self, link: str) -> None:
        kind, _colon, seq = link.partition(":")
        if kind in {"twin", "rival"}:
            self._desk.go(int(seq))
        else:
            self._context.navigate(kind)


def alike(item: Item) -> list[tuple[str, str]]:
    """Return (id, sentence) of the rows that are like an item, or answer the same otherwise."""
    found = [(f"rival:{r.seq}", _rival(r)) for r in item.rivals[:MOST]]
    if item.detail.row.conflict:
        found.append(("duplicates", _("Settle the conflict")))
    found += [(f"twin:{t.seq}", _twin(t)) for t in item.twins[:MOST]]
    if len(item.twins) > MOST:
        more = len(item.twins) - MOST
        found.append(("duplicates", plural("{n} more near-duplicate", "{n} more near-duplicates", more)))
    return found


def _rival(other: ExampleRow) -> str:
    if has_lines(other.file):
        return _("Another answer: line {line}", line=other.line)
    return _("Another answer: row {line}", line=other.line)


def _twin(other: ExampleRow) -> str:
    if has_lines(other.file):
        return _("Near-duplicate of line {line}", line=other.line)
    return _("Near-duplicate of row {line}", line=other.line)


def _nearest(project: Any, example_id: str, reviewer: str, embedder: Embedder) -> list[Neighbour]:
    """Return the nearest settled examples, without those that came back to the reviewer."""
    near = similar(project=project, example_id=example_id, embedder=embedder, n=MOST, settled=True)
    return [one for one in near.found if not repeating.waits(project=project, person=reviewer, number=one.row.seq)]
