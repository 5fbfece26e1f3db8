"""What is said above the text: set aside, not saved, changed by someone else, a draft of an older text."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from accord.analysis.diffs import word_diff
from accord.domain.review import Status, Verdict
from accord.domain.wording import _
from accord.gui.actions import shown_key
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.unsaved import Unsaved

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage


class Banners(QObject):
    """Shows one sentence at a time, with what can be done about it."""

    def __init__(self, page: "ReviewPage") -> None:
        super().__init__(page)
        self._page, self._desk, self._verdicts = page, page.desk, page.verdicts
        self._older: dict[str, Item] = {}  # as they were when someone changed their text
        page.verdicts.text_changed.connect(self._text_changed)

    def show_item(self, item: Item) -> None:
        """Say what is to be said of an item, or nothing."""
        banner, older = self._page.reading.banner, self._older.pop(item.id, None)
        unsaved = self._desk.unsaved.get(item.seq)
        if item.detail.row.status == Status.SET_ASIDE:
            reasons = {"duplicate": _("as a duplicate"), "withdrawn": _("because it was withdrawn")}
            why = reasons.get(item.detail.row.set_aside_reason, _("by hand"))
            sentence = _("This example is set aside {why}. It cannot be judged.", why=why)
            banner.say(sentence, (_("Bring back"), self._bring_back))
        elif older is not None:
            self._show_both(item, older)
        elif unsaved is not None:
            self._show_unsaved(unsaved)
        elif item.draft_is_stale:
            banner.say(_("The text changed after you typed your draft. Yours is kept below."), *self._choices())

    def _show_unsaved(self, unsaved: Unsaved) -> None:
        """Say that the verdict of this item is not saved, why, and how to save it."""
        words = {
            Verdict.ACCEPT: _("Accept"),
            Verdict.EDIT: _("Edit"),
            Verdict.REJECT: _("Reject"),
            Verdict.UNSURE: _("Unsure"),
        }
        self._page.reading.banner.say(
            _("Not saved: your verdict “{verdict}”. {why}", verdict=words[unsaved.judgement.verdict], why=unsaved.why),
            (
                _("Save again ({key})", key=shown_key(self._page.context.actions.key("review.save_again"))),
                self._verdicts.save_again,
            ),
            role="error",
        )

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
        self._older[older.id] = older

    def _bring_back(self) -> None:
        item = self._desk.item
        if item is not None:
            self._desk.loader.hold(item.seq)
            self._verdicts.session.bring_back(item, done=partial(self._brought_back, item.seq))

    def _brought_back(self, seq: int, _act: str) -> None:
        self._desk.loader.release(seq)
        self._page.queue.mark(seq, None)
