"""What is said above the text: set aside, changed by someone else, a draft of an older text."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from accord.analysis.diffs import word_diff
from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.pages.review.loading import Item

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage


class Banners(QObject):
    """Shows one sentence at a time, with what can be done about it."""

    def __init__(self, page: "ReviewPage") -> None:
        super().__init__(page)
        self._page, self._desk, self._verdicts = page, page.desk, page.verdicts
        self._older: Item | None = None
        page.verdicts.text_changed.connect(self._text_changed)

    def show_item(self, item: Item) -> None:
        """Say what is to be said of an item, or nothing."""
        banner, older = self._page.reading.banner, self._older
        self._older = None
        if item.detail.row.status == Status.SET_ASIDE:
            reasons = {"duplicate": _("as a duplicate"), "withdrawn": _("because it was withdrawn")}
            why = reasons.get(item.detail.row.set_aside_reason, _("by hand"))
            sentence = _("This example is set aside {why}. It cannot be judged.", why=why)
            banner.say(sentence, (_("Bring back"), self._bring_back))
        elif older is not None:
            self._show_both(item, older)
        elif item.draft_is_stale:
            banner.say(_("The text changed after you typed your draft. Yours is kept below."), *self._choices())

    def _show_both(self, item: Item, older: Item) -> None:
        """Show the text that stands now beside the one the person typed."""
        self._page.reading.banner.say(
            _("Someone changed this text while you had it open. Theirs is here, yours below: decide again."),
            *(self._choices() if self._desk.work.edits else ()),
        )
        self._page.reading.banner.show_other(word_diff(older.base.answer, item.base.answer))
        for index in self._desk.work.edits:
            self._page.entry.open_quietly(index)

    def _choices(self) -> list[tuple[str, Any]]:
        return [(_("Keep mine"), self._page.reading.banner.hide), (_("Take theirs"), self._take_theirs)]

    def _take_theirs(self) -> None:
        item = self._desk.item
        if item is not None:
            work = self._desk.collect().without_edits()
            for block in self._page.reading.blocks():
                block.close_editor()
            self._desk.set_work(work)
            self._page.entry.show_texts(work)
            self._page.reading.banner.hide()
            self._page.entry.editing_changed.emit()

    def _text_changed(self, older: Item) -> None:
        self._older = older

    def _bring_back(self) -> None:
        item = self._desk.item
        if item is not None:
            self._desk.loader.hold(item.seq)
            self._verdicts.session.bring_back(item, done=partial(self._brought_back, item.seq))

    def _brought_back(self, seq: int, _act: str) -> None:
        self._desk.loader.release(seq)
        self._page.queue.mark(seq, None)
