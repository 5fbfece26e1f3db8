"""Verdicts: given with a key, stored behind the scenes, taken back with their fields as they were."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from accord.domain.errors import AccordError, NotReached, NotSaved, SavedUnread
from accord.domain.review import Judgement, Status, Verdict
from accord.domain.wording import _
from accord.gui.jobs_bridge import show_failure
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.session import EXPECTED, OF_FINDINGS, Session, TakenBack
from accord.gui.pages.review.unsaved import Unsaved
from accord.gui.pages.review.work import Work
from accord.workflows.reviewing import Reviewed, TextChanged
from accord.workflows.undone import NotHere


class Verdicts(QObject):
    """Gives verdicts and takes them back.

    ``refused`` gives a sentence, ``marked`` an item's number and status, ``stored`` what was saved, ``text_changed``
    the item that had been open when someone else changed it. ``taking_back`` is an undo that was asked for,
    ``taken_back`` one that was done.
    """

    refused = Signal(str)
    marked = Signal(int, object)
    stored = Signal(object)
    text_changed = Signal(object)
    taking_back = Signal()
    taken_back = Signal()
    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.session = Session(desk.context)
        self.own_changes = 0

    def give(self, verdict: Verdict, *, reason: str = "") -> bool:
        """Judge the item on the desk and go on; False, with a sentence, where it cannot be judged so."""
        desk, item = self._desk, self._desk.item
        if item is None:
            return False
        if item.detail.row.status == Status.SET_ASIDE:
            self.refused.emit(_("This example is set aside. Bring it back to review it."))
            return False
        work, again = desk.collect(), item.seq in desk.unsaved
        if reason and reason not in work.reasons:
            work = work.toggled_reason(reason)
        if verdict is Verdict.ACCEPT and work.edits:
            verdict = Verdict.EDIT  # what one sees is what one accepts
        judgement = work.judgement(verdict, seconds=desk.stopwatch.seconds())
        problem = desk.problem_with(judgement)
        if problem:
            self.refused.emit(problem)
            return False
        desk.drafts.rest()
        self._submit(item, judgement, work, again=again, moves=desk.moves + 1)  # the one to the next item
        self._advance()
        return True

    def save_again(self) -> None:
        """Try every verdict that was not saved once more; the one on the desk with its fields as they are now."""
        here = self._desk.unsaved.get(None if self._desk.item is None else self._desk.item.seq)
        for unsaved in self._desk.unsaved.all():
            if unsaved is not here:
                self._submit(unsaved.item, unsaved.judgement, unsaved.work, again=True, moves=-1)
        if here is not None:
            self.give(here.judgement.verdict)

    def go_back(self) -> None:
        """Go to the newest item whose verdict is not saved and that is not on the desk already."""
        here = None if self._desk.item is None else self._desk.item.seq
        others = [unsaved.item.seq for unsaved in self._desk.unsaved.all() if unsaved.item.seq != here]
        if others:
            self._desk.go(others[-1])

    def undo(self, *, elsewhere: Callable[[], object] | None = None) -> None:
        """Take the last verdict back and go to its item; one that was never saved is only looked at again.

        ``elsewhere`` is called instead where the person's last act was made on another page.
        """
        unsaved = self._desk.unsaved.all()
        if unsaved:
            self._desk.unsaved.drop(unsaved[-1].item.seq)
            self._desk.go(unsaved[-1].item.seq)
            return
        self._desk.leave()
        self.own_changes += 1
        self.taking_back.emit()
        self.session.undo(done=self._taken_back, failed=partial(self._not_taken_back, elsewhere))

    def _submit(self, item: Item, judgement: Judgement, work: Work, *, again: bool, moves: int) -> None:
        """Store a verdict; where that fails, one comes back to it if one made no more than so many ``moves``."""
        desk = self._desk
        desk.unsaved.drop(item.seq)
        desk.drafts.forget(item.id)
        desk.loader.hold(item.seq)
        desk.order.judged.add(item.seq)
        self.marked.emit(item.seq, EXPECTED[judgement.verdict])
        self.own_changes += 1
        self.session.submit(
            item,
            judgement,
            work,
            again=again,
            done=partial(self._stored, item),
            failed=partial(self._failed, item, judgement, work, moves),
        )

    def _advance(self) -> None:
        following = self._desk.order.next_open()
        self._desk.go(following)
        if following is None:
            self.finished.emit()

    def _stored(self, item: Item, found: Reviewed) -> None:
        self._desk.loader.release(item.seq)
        self.marked.emit(item.seq, Status(found.row.status))
        self.stored.emit(found)

    def _failed(self, item: Item, judgement: Judgement, work: Work, moves: int, error: BaseException) -> None:
        """Keep what was entered, and go back to the item unless the person is at work on another one."""
        desk = self._desk
        if isinstance(error, SavedUnread):
            desk.loader.release(item.seq)
            desk.context.notify(str(error))
            return
        self.own_changes -= 1
        desk.order.judged.discard(item.seq)
        self.marked.emit(item.seq, None)
        draft = item.draft_with(work, desk.context.actor)
        desk.drafts.write(item.id, draft)
        desk.unsaved.keep(Unsaved(item=item, judgement=judgement, work=work, why=self._reason(error)))
        if isinstance(error, TextChanged):
            self.text_changed.emit(item)  # shown above the text, both versions with it
        if isinstance(error, AccordError) and not isinstance(error, (NotReached, NotSaved)):
            desk.loader.release(item.seq)  # a rule refused it: the item is no longer as it was shown
        else:
            desk.loader.restore(replace(item, draft=draft))
        if desk.moves == moves and desk.awake and not desk.busy:
            desk.go(item.seq)

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, NotReached):
            return _("The server does not answer. All that you entered is here; save it when the server is back.")
        if isinstance(error, AccordError):
            return str(error)
        show_failure(self._desk.context, error)
        return _("Something unexpected happened.")

    def _taken_back(self, back: TakenBack) -> None:
        desk = self._desk
        if back.kind in OF_FINDINGS:
            if desk.item is None or desk.item.seq != back.seq:
                desk.go(back.seq)
            desk.context.tell_changed("findings")
            desk.context.notify(_("What you said of the finding was taken back."))
            return
        desk.order.judged.discard(back.seq)
        desk.loader.drop(back.seq)
        self.marked.emit(back.seq, None)
        self.taken_back.emit()
        desk.go(back.seq, entered=back.work)
        if back.kind in {"fix_once", "deidentify"}:
            desk.context.tell_changed("findings")
            desk.context.notify(_("The replacement was taken back."))
        else:
            desk.context.notify(_("Your verdict was taken back. Its fields are as they were."))

    def _not_taken_back(self, elsewhere: Callable[[], object] | None, error: BaseException) -> None:
        self.own_changes -= 1
        if isinstance(error, NotHere) and elsewhere is not None:
            elsewhere()
        elif isinstance(error, AccordError):
            self.refused.emit(str(error))
        else:
            show_failure(self._desk.context, error)
