"""What is stored from this page: a decision, its undo, a question to the guideline; failures bring everything back."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write, show_failure
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.desk import Desk
from accord.gui.pages.disagreements.entered import Entered
from accord.gui.pages.disagreements.inbox import Inbox
from accord.workflows import adjudicating, undoing
from accord.workflows.act_names import kind_of
from accord.workflows.adjudicating import AlreadyDecided, Decided
from accord.workflows.reviewing import TextChanged
from accord.workflows.undone import Undone

CHANGED = ("examples", "reviews", "conflicts", "disagreements")
MADE_HERE = ("adjudicate", "ask_guideline")
CAUSE = "decision not saved"


class Acts:
    """``reload`` reads the inbox anew; ``overtaken`` is told (case, failure) where somebody else was faster."""

    def __init__(
        self,
        context: Context,
        *,
        desk: Desk,
        inbox: Inbox,
        reload: Callable[[str], object],
        overtaken: Callable[[Case, BaseException], object],
    ) -> None:
        self._context, self._desk, self._inbox = context, desk, inbox
        self._reload, self._overtaken = reload, overtaken
        self._made: dict[str, tuple[Case, Entered]] = {}
        self.own_changes = 0

    def who(self) -> Who:
        """Return who acts, on this device's event chain."""
        return Who(actor=self._context.actor, device=self._context.settings.device_id)

    def decide(self) -> bool:
        """Store the decision on the desk and go on; False where something is missing."""
        case, entered = self._desk.case, self._desk.collect()
        reason = entered.reason
        if case is None or reason is None or entered.missing(case.base):
            return False
        project, who, verdict = self._context.project, self.who(), entered.verdict(case.base)
        edits = {} if verdict == "reject" else entered.edits(case.base)
        self._leave(case)
        run_write(
            self._context,
            _("Decide"),
            lambda _progress: adjudicating.decide(
                project=project,
                who=who,
                example_id=case.id,
                verdict=verdict,
                edits=edits,
                base_hash=case.base.hash,
                reason=reason.value,
                comment=entered.comment,
                while_open=True,
            ),
            done=partial(self._decided, case, entered),
            failed=partial(self._failed, case, entered),
            changed=CHANGED,
        )
        return True

    def undo(self) -> None:
        """Take back what one did last on this page; to a decision or a question one goes back, with all as it was."""
        project, who = self._context.project, self.who()

        def work(_progress: object) -> Undone | str:
            last = undoing.last_act(project=project, who=who)
            if last is not None and kind_of(last) == "settle_by_rule":
                return last.id
            return undoing.undo(project=project, who=who, only=MADE_HERE)

        run_write(self._context, _("Undo"), work, done=self._undone, changed=CHANGED)

    def send_back(self, question: str) -> None:
        """Ask the guideline; the disagreement stays open and the next one is shown."""
        case = self._desk.case
        if case is None:
            return
        project, who = self._context.project, self.who()
        entered = replace(self._desk.collect(), question=question)
        self._desk.ask("")
        run_write(
            self._context,
            _("Send to the guideline"),
            lambda _progress: adjudicating.send_back(project=project, who=who, example_id=case.id, question=question),
            done=partial(self._sent, case, entered),
            failed=partial(self._not_sent, case, question),
            changed=("disagreements",),
        )

    def _leave(self, case: Case) -> None:
        """Take a case off the desk and the list; the next one, read ahead, is shown at once."""
        self._desk.drop()
        self._desk.loader.forget_one(case.id)
        self._inbox.drop(case.id)

    def _decided(self, case: Case, entered: Entered, decided: Decided) -> None:
        self.own_changes += 1
        self._context.over(CAUSE)
        self._made[decided.act] = (case, entered)

    def _failed(self, case: Case, entered: Entered, error: BaseException) -> None:
        """Put everything back; go there unless the person has begun with another one."""
        desk, busy = self._desk, self._desk.has_entered()
        desk.restore(case.id, case.base, entered)
        overtaken = isinstance(error, (AlreadyDecided, TextChanged))
        back = partial(self._overtaken, case, error) if overtaken else partial(self._reload, case.id)
        if overtaken and not busy:
            back()
            return
        if isinstance(error, AccordError):
            self._context.notify(
                _("Not decided. All that you entered is kept. {why}", why=str(error)),
                tone="error",
                undo=back,
                undo_title=_("Go back to it"),
                cause=CAUSE,
            )
        else:
            show_failure(self._context, error, cause=CAUSE)
        self._reload("" if busy else case.id)

    def _undone(self, undone: Undone | str) -> None:
        if isinstance(undone, str):  # what a rule settled
            self._desk.loader.forget()
            opening.undo_bulk(self._context, undone)
            return
        self.own_changes += 1
        case, entered = self._made.pop(undone.act.id, (None, None))
        if case is not None and entered is not None:
            self._desk.restore(case.id, case.base, entered)
        example = str(undone.act.refs.get("example", ""))
        self._desk.loader.forget_one(example)
        self._reload(example)
        if undone.kind == "ask_guideline":
            self._context.notify(_("Taken back: your question is no longer sent to the guideline."))
        else:
            self._context.notify(_("Taken back: the disagreement is open again."))

    def _sent(self, case: Case, entered: Entered, act: str) -> None:
        self.own_changes += 1
        self._made[act] = (case, entered)
        self._desk.loader.forget_one(case.id)
        self._context.notify(_("Sent to the guideline. The disagreement stays open."), tone="good")
        self._reload("")
        self._inbox.step(1)

    def _not_sent(self, case: Case, question: str, error: BaseException) -> None:
        if self._desk.case is not None and self._desk.case.id == case.id:
            self._desk.ask(question)
        show_failure(self._context, error)
