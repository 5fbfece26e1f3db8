"""After an edit: where else the changed sentence stands, the offer to look, and the walk through those answers."""

from functools import partial
from typing import TYPE_CHECKING

from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.review.fixing import FixOfferStrip, FixWalk
from accord.gui.pages.review.loading import Item
from accord.workflows import reviewing
from accord.workflows.reviewing import FixOffer, Reviewed

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

OTHERS_SHOWN = 2


class SameSentence:
    """Keeps the offers of the last edit that had any."""

    def __init__(self, page: "ReviewPage") -> None:
        self._page, self._context, self._desk = page, page.context, page.desk
        self.offers: list[FixOffer] = []
        self._search = 0
        self._seen: set[str] = set()
        self.strip = FixOfferStrip(page.context.actions, self.look, self.drop)
        self.walk = FixWalk(page.context, page.verdicts.session, self._walked)
        page.centre.addWidget(self.walk)

    def search(self, found: Reviewed) -> None:
        """Look for the sentences that a verdict changed in the answers nobody has reviewed."""
        before, after = found.before.answer, found.after.answer
        if before == after or not before:
            return
        project, example_id = self._context.project, found.row.id
        self._search += 1

        def search(_progress: Progress) -> list[FixOffer]:
            return reviewing.offers_after_edit(project=project, example_id=example_id, before=before, after=after)

        done = partial(self._offer, self._search)
        run_read(self._context, _("Looking for the same sentence"), search, done=done)

    def look(self) -> None:
        """Walk through the other answers that hold the sentence that was changed."""
        if not self.offers:
            self._context.notify(_("No sentence that you just changed stands in another answer."))
        else:
            self._desk.leave()
            offers, self.offers = self.offers, []
            self.strip.hide()
            self._page.entry.elsewhere = True
            self._page.centre.setCurrentWidget(self.walk)
            self._page.entry.editing_changed.emit()
            self.walk.begin(offers)

    def drop(self) -> None:
        """Forget the other answers, also those that are still being looked for."""
        self._search += 1
        self.offers = []
        self.strip.hide()

    def moved_to(self, item: Item) -> None:
        """Take the offer away once two other items were shown since it came."""
        self._seen.add(item.id)
        if self.offers and len(self._seen) > OTHERS_SHOWN:
            self.drop()

    def _offer(self, search: int, offers: list[FixOffer]) -> None:
        if offers and self._desk.awake and search == self._search:
            self.offers = offers
            self._seen = set() if self._desk.item is None else {self._desk.item.id}
            self.strip.say(len(offers))

    def _walked(self) -> None:
        self._desk.loader.drop_all()
        self._desk.go(self._desk.order.current)
        self._page.entry.go_back()
