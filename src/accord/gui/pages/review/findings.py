"""The findings beside the item: looked for after its text is shown and while one types; moved through with keys."""

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from accord.domain.content import Content
from accord.domain.wording import _
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.review.found import Found, look, marks_in
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.work import Work
from accord.gui.theme import theme
from accord.workflows import deidentifying

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

AFTER_SHOWN_MS, AFTER_TYPED_MS = 1, 300
AHEAD, KEPT = 2, 40
Key = tuple[str, str]  # an example and the text of it that was looked at


class Findings(QObject):
    """Fills the findings' part of the pane and marks their places in the text; one look at a time, never here."""

    def __init__(self, page: "ReviewPage") -> None:
        super().__init__(page)
        self._page, self._context, self._desk = page, page.context, page.desk
        self.part = page.pane.findings
        self.found: tuple[Found, ...] = ()
        self.chosen: Found | None = None
        self.looked: Content | None = None  # the text in which they were found
        self._kept: OrderedDict[Key, tuple[Found, ...]] = OrderedDict()
        self._looking, self._stamp = False, 0
        self.may_replace = False  # whether whoever works may de-identify
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self.part.chosen.connect(self.choose)
        theme().changed.connect(self._paint)
        page.reading.edited.connect(lambda _index: self._soon.start(AFTER_TYPED_MS))

    @property
    def open(self) -> list[Found]:
        """What nobody dismissed, in the order of the text."""
        return [one for one in self.found if one.is_open]

    def show_item(self, item: Item | None) -> None:
        """Show what is found in an item once its text is painted."""
        self._soon.stop()
        self.chosen, self.looked, self.found = None, None, ()
        if item is None:
            self._paint()
        elif self._desk.awake:
            self._soon.start(AFTER_SHOWN_MS)

    def pause(self) -> None:
        """Look for nothing more: the page is left."""
        self._soon.stop()

    def forget(self) -> None:
        """Look again: what is looked for, what is known or what was dismissed has changed."""
        self._kept.clear()
        self._stamp += 1  # what is under way comes too late
        if self._desk.item is not None and self._desk.awake:
            self._soon.start(AFTER_SHOWN_MS)

    def choose(self, found: Found) -> None:
        """Make a finding the chosen one and bring its place into view."""
        self.chosen = found
        self._paint()
        self._page.reading.show_place(found.finding.message, found.finding.start)

    def step(self, by: int) -> None:
        """Choose the next finding, or the one before; after the last comes the first."""
        listed = self.open
        if not listed:
            return
        at = listed.index(self.chosen) + by if self.chosen in listed else min(by, 0)
        self.choose(listed[at % len(listed)])

    def first(self) -> Found | None:
        """Return the chosen finding, else choose the first."""
        if self.chosen not in self.open:
            self.step(1)
        return self.chosen

    def _look(self) -> None:
        """Look at the text as it stands, else at one that comes soon."""
        item = self._desk.item
        if item is None or not self._desk.awake:
            return
        content = _content(item, self._desk.collect())
        known = self._kept.get((item.id, content.hash))
        if known is not None:
            self._show(known, content)
        elif self.looked is None:
            self._paint()  # nothing of the item before
        if self._looking:
            return  # what is under way comes back here
        if known is None:
            self._read(item, content)
        else:
            self._look_ahead()

    def _look_ahead(self) -> None:
        for number in self._desk.order.neighbours(AHEAD, 0):
            item = self._desk.loader.item(number)
            if item is not None:
                content = _content(item, item.work(self._context.actor))
                if (item.id, content.hash) not in self._kept:
                    self._read(item, content)
                    return

    def _read(self, item: Item, content: Content) -> None:
        self._looking = True
        project = self._context.project
        run_read(
            self._context,
            _("Checking a text"),
            lambda _progress: (look(project, item, content), deidentifying.may(project=project)),
            done=partial(self._done, self._stamp, (item.id, content.hash)),
            failed=self._failed,
        )

    def _done(self, stamp: int, key: Key, told: tuple[tuple[Found, ...], bool]) -> None:
        self._looking = False
        found, self.may_replace = told
        if stamp == self._stamp:
            self._kept[key] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if not self._soon.isActive():  # else one types, and it looks again by itself
            self._look()

    def _failed(self, _error: BaseException) -> None:
        self._looking = False  # the text can be judged without; the next one is looked at again

    def _show(self, found: tuple[Found, ...], content: Content | None) -> None:
        if found is self.found and content == self.looked:
            return
        self.found, self.looked = found, content
        self.chosen = self._still(self.chosen)
        self._paint()

    def _still(self, chosen: Found | None) -> Found | None:
        """Return the finding that was chosen, where it stands now."""
        if chosen is None:
            return None
        same = [o for o in self.open if (o.finding.rule, o.finding.message) == _kind_of(chosen)]
        return min(same, key=lambda one: abs(one.finding.start - chosen.finding.start), default=None)

    def _paint(self) -> None:
        self.part.show_findings(self.found, self.chosen)
        messages = () if self.looked is None else self.looked.messages
        for block in self._page.reading.blocks():
            text = messages[block.index].content if block.index < len(messages) else ""
            block.show_marks(text, marks_in(self.found, self.chosen, block.index, text))


def _kind_of(found: Found) -> tuple[str, int]:
    return found.finding.rule, found.finding.message


def _content(item: Item, work: Work) -> Content:
    """Return the text that a person sees of an item."""
    return item.base.with_texts(work.edits)
