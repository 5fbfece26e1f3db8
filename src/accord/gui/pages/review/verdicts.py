"""Verdicts: given with a key, stored behind the scenes, taken back with their fields as they were."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from accord.domain.errors import AccordError
from accord.domain.review import Status, Verdict
from accord.domain.wording import _
from accord.gui.jobs_bridge import show_failure
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.session import Session, TakenBack
from accord.gui.pages.review.work import Work
from accord.workflows.reviewing import Reviewed, TextChanged

EXPECTED = {
    Verdict.ACCEPT: Status.ACCEPTED,
    Verdict.EDIT: Status.ACCEPTED,
    Verdict.REJECT: Status.REJECTED,
    Verdict.UNSURE: Status.DISAGREEMENT,
}


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
        work = desk.collect()
        if reason and reason not in work.reasons:
            work = work.toggled_reason(reason)
        if verdict is Verdict.ACCEPT and work.edits:
            verdict = Verdict.EDIT  # what one sees is what one accepts
        judgement = work.judgement(verdict, seconds=desk.stopwatch.seconds())
        problem = desk.problem_with(judgement)
        if problem:
            self.refused.emit(problem)
            return False
        desk.drafts.forget()
        desk.loader.hold(item.seq)
        desk.order.judged.add(item.seq)
        self.marked.emit(item.seq, EXPECTED[verdict])
        self.own_changes += 1
        self.session.submit(
            item, judgement, work, done=partial(self._stored, item), failed=partial(self._failed, item, work)
        )
        self._advance()
        return True

    def undo(self) -> None:
        """Take the last verdict back and go to its item."""
        self._desk.leave()
        self.own_changes += 1
        self.taking_back.emit()
        self.session.undo(done=self._taken_back, failed=self._not_taken_back)

    def _advance(self) -> None:
        following = self._desk.order.next_open()
        self._desk.go(following)
        if following is None:
            self.finished.emit()

    def _stored(self, item: Item, found: Reviewed) -> None:
        self._desk.loader.release(item.seq)
        self.marked.emit(item.seq, Status(found.row.status))
        self.stored.emit(found)

    def _failed(self, item: Item, work: Work, error: BaseException) -> None:
        """Bring back an item whose verdict could not be stored, with all that was entered for it."""
        desk = self._desk
        self.own_changes -= 1
        desk.order.judged.discard(item.seq)
        self.marked.emit(item.seq, None)
        desk.drafts.write(item.id, work.to_draft(item.base.hash))
        desk.loader.release(item.seq)
        if isinstance(error, TextChanged):
            self.text_changed.emit(item)  # shown above the text, both versions with it
        else:
            show_failure(desk.context, error)
        desk.go(item.seq, entered=work)

    def _taken_back(self, back: TakenBack) -> None:
        desk = self._desk
        desk.order.judged.discard(back.seq)
        desk.loader.drop(back.seq)
        self.marked.emit(back.seq, None)
        self.taken_back.emit()
        desk.go(back.seq, entered=back.work)
        if back.kind == "fix_once":
            desk.context.notify(_("The replacement was taken back."))
        else:
            desk.context.notify(_("Your verdict was taken back. Its fields are as they were."))

    def _not_taken_back(self, error: BaseException) -> None:
        self.own_changes -= 1
        if isinstance(error, AccordError):
            self.refused.emit(str(error))
        else:
            show_failure(self._desk.context, error)
