"""Generating candidates: shown first, asked for within a budget, and kept so that a crash repeats the least."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from accord.domain import addresses
from accord.domain.chat import THEN, Failure, Then, Trouble, sentence
from accord.domain.errors import Cancelled, Refused
from accord.domain.generation import Consent, ItemState, RunFacts, RunItem, RunPlan, Setback
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.spending import Budget
from accord.domain.wording import _
from accord.storage import generations
from accord.storage.project import Project
from accord.workflows import generation_questions, permissions
from accord.workflows.asking import Asking, Ending
from accord.workflows.connections import OpenService as OpenService
from accord.workflows.generation_keeping import ProjectKeeper
from accord.workflows.generation_preview import AT_ONCE_ELSEWHERE, AT_ONCE_HERE, check_budget
from accord.workflows.generation_preview import Lack as Lack
from accord.workflows.generation_preview import Prepared as Prepared
from accord.workflows.generation_preview import Shown as Shown
from accord.workflows.generation_preview import prepare as prepare
from accord.workflows.generation_questions import Questions
from accord.workflows.generation_replies import Formed
from accord.workflows.leaving import Locked as Locked
from accord.workflows.leaving import refuse_if_locked

_LONGEST_SAID = 300  # of a service's own words
_CENT = Decimal("0.01")


class NotReady(Refused):
    """Something is missing before a run may start; nothing was sent."""

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(_("Nothing was sent. {lacking}", lacking=" ".join(lack_sentence(lack) for lack in lacks)))
        self.lacks = lacks


def lack_sentence(lack: Lack) -> str:
    """Return what is missing before a run may start, and what to do."""
    match lack:
        case Lack.CONSENT:
            return _("The texts would leave this machine: say for which purpose they may (--consent PURPOSE).")
        case Lack.KEY:
            return _("There is no key for this connection.")
        case Lack.PRICE:
            return _("What this model costs is not known, so that no budget can be held: enter its price.")
        case Lack.QUESTION:
            return _("No question is left that may be sent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a run has come to so far, over all its resumes. ``requested`` candidates, of so many ``questions``.

    ``accepted``: candidates that wait for a person now; ``duplicate``: the same as another example, or nearly, and
    then set aside; ``refused``: by reason; ``failed``: questions that gave nothing, by reason. ``tokens``: read and
    written; ``cost``: US dollars; ``seconds``: of this program; ``why``: why it stopped, empty where it is done.
    """

    run: int
    model: str
    requested: int
    questions: int
    accepted: int = 0
    duplicate: int = 0
    refused: Mapping[str, int]
    failed: Mapping[Trouble, int]
    waiting: int = 0
    tokens: tuple[int, int] = (0, 0)
    cost: Decimal = Decimal(0)
    seconds: float = 0.0
    why: str = ""

    @property
    def done(self) -> bool:
        """Whether each question is answered or listed with its reason."""
        return not self.waiting


def start(
    *,
    project: Project,
    who: Who,
    prepared: Prepared,
    open_service: OpenService,
    consent: Consent | None = None,
    progress: Progress | None = None,
) -> Finished:
    """Ask what was prepared and return what came of it; a stop, or a service that fails, is told in ``why``.

    A stopped run keeps what it has, and ``resume`` goes on with it. Raises OnlyFor, Locked, and NotReady where
    something is missing: then nothing is stored or sent.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("generate candidates"))
    refuse_if_locked(project, prepared.plan.connection.base_url)
    allowed = consent is not None and consent.host == prepared.host and bool(consent.purpose)
    lacks = tuple(lack for lack in prepared.lacks if lack is not Lack.CONSENT or not allowed)
    if lacks:
        raise NotReady(lacks)
    plan = replace(prepared.plan, consent=None if prepared.here else consent)
    with project.write(who) as unit:
        run_id = generations.begin(unit, plan, prepared.starts.starts)
        unit.commit()
    try:
        running = _running(project, who, run_id, open_service, progress)
        return running.go(prepared.questions, prepared.although)
    finally:
        generations.ended(unit.act)


def resume(
    *,
    project: Project,
    who: Who,
    run: int,
    open_service: OpenService,
    although: str = "",
    budget: Decimal | None = None,
    progress: Progress | None = None,
) -> Finished:
    """Go on with a run that was stopped, or whose program died: what is in the project is not asked again.

    ``budget``: US dollars for the whole run from now on, what it has spent among them; None: as it was.
    Raises OnlyFor, Locked, NoRun, RunIsDone, RunBusy where another program asks, and WrongUsage for a budget that is
    none.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("generate candidates"))
    with project.read() as view:
        facts = generations.run(view, run)
    if facts is None:
        raise generations.NoRun(run)
    refuse_if_locked(project, facts.plan.connection.base_url)
    check_budget(budget)
    if facts.plan.consent is None and not addresses.leads_here(facts.plan.connection.base_url):
        raise NotReady((Lack.CONSENT,))
    with project.write(who) as unit:
        generations.resume(unit, run, budget)
        unit.commit()
    try:
        return _running(project, who, run, open_service, progress).go(None, although)
    finally:
        generations.ended(unit.act)


def runs(*, project: Project) -> list[RunFacts]:
    """Return all runs as they stand, newest first."""
    with project.read() as view:
        return generations.runs(view)


def plan_of(*, project: Project, run: int) -> RunPlan:
    """Return how a run asks, as it was begun. Raises NoRun."""
    with project.read() as view:
        facts = generations.run(view, run)
    if facts is None:
        raise generations.NoRun(run)
    return facts.plan


def finished(*, project: Project, run: int, seconds: float = 0.0) -> Finished:
    """Return what a run has come to so far. Raises NoRun."""
    with project.read() as view:
        facts, items = generations.run(view, run), generations.items(view, run)
    if facts is None:
        raise generations.NoRun(run)
    usage = [item.usage for item in items if item.usage is not None]
    return Finished(
        run=run,
        model=facts.plan.model,
        requested=sum(item.start.count for item in items),
        questions=len(items),
        accepted=facts.outcome.new,
        duplicate=facts.outcome.duplicate + facts.outcome.near,
        refused=dict(facts.outcome.refused),
        failed=Counter(item.trouble for item in items if item.state is ItemState.FAILED and item.trouble is not None),
        waiting=sum(item.state not in {ItemState.STORED, ItemState.FAILED} for item in items),
        tokens=(sum(one.prompt for one in usage), sum(one.answer for one in usage)),
        cost=facts.cost,
        seconds=seconds,
        why=facts.why,
    )


def _running(
    project: Project, who: Who, run_id: int, open_service: OpenService, progress: Progress | None
) -> "_Running":
    with project.read() as view:
        facts = generations.run(view, run_id)
    if facts is None:
        raise generations.NoRun(run_id)
    return _Running(project=project, who=who, run=facts, open_service=open_service, watch=progress or Silent())


@dataclass(slots=True, kw_only=True)
class _Running:
    """A run that this program asks at this moment."""

    project: Project
    who: Who
    run: RunFacts
    open_service: OpenService
    watch: Progress
    stop: threading.Event = field(default_factory=threading.Event)

    def go(self, questions: Questions | None, although: str) -> Finished:
        """Ask what waits, bring in what comes, and say how the run stands then."""
        started = time.monotonic()
        with self.project.read() as view:
            items = {item.number: item for item in generations.items(view, self.run.id, [ItemState.WAITING])}
        ending, without, why = Ending(Failure(trouble=Trouble.STOPPED, sent=False)), self.run.without, ""
        try:
            asked = questions or self._questions(items, although)
            keeper = ProjectKeeper(project=self.project, who=self.who, run=self.run, items=items, passed=asked.passed)
            keeper.catch_up(self.watch)
            keeper.bring_in()
            ending, without = self._ask(keeper, asked, len(items))
            keeper.bring_in()
        except Cancelled:
            pass  # what has come is kept
        except generations.RunChanged as changed:
            why = str(changed)
        why = why or self._why(ending)
        with self.project.write(self.who) as unit:
            if why:
                generations.stop(unit, self.run.id, why, without)
            else:
                generations.done(unit, self.run.id, without)
            unit.commit()
        return finished(project=self.project, run=self.run.id, seconds=time.monotonic() - started)

    def _questions(self, items: Mapping[int, RunItem], although: str) -> Questions:
        return generation_questions.of(
            project=self.project,
            who=self.who,
            plan=self.run.plan,
            starts={number: item.start for number, item in items.items()},
            although=although,
            progress=self.watch,
        )

    def _ask(self, keeper: ProjectKeeper, questions: Questions, total: int) -> tuple[Ending, frozenset[str]]:
        """Ask all that may be sent. Return how that ended, and which parameters the model refused."""
        held = questions.held
        listed = {number: trouble for number, trouble in held.items() if THEN[trouble] is not Then.STOP}
        if listed:
            keeper.hold_back([Setback(number=number, trouble=trouble) for number, trouble in listed.items()])
        plan, locked = self.run.plan, refuse_if_locked(self.project, self.run.plan.connection.base_url)
        here = addresses.leads_here(plan.connection.base_url)
        service = Formed(
            self.open_service(plan.connection, here_only=locked or here), plan.recipe, questions.shared.settings
        )
        asking = Asking(
            service=service,
            price=plan.price,
            budget=Budget(plan.budget, self.run.cost),
            keeper=keeper,
            stop=self.stop,
            most_at_once=AT_ONCE_HERE if here else AT_ONCE_ELSEWHERE,
            without=self.run.without,
            progress=lambda: self._tell(keeper, total),
        )
        try:
            ending = asking.run(generation_questions.items(plan, questions))
        finally:
            service.close()
        stopping = next((trouble for number, trouble in held.items() if number not in listed), None)
        if ending == Ending() and stopping is not None:
            ending = Ending(Failure(trouble=stopping, sent=False))
        return ending, asking.without

    def _tell(self, keeper: ProjectKeeper, total: int) -> None:
        done = keeper.answered + keeper.failed
        note = _(
            "{answered} answered, {failed} failed, {cost} US$",
            answered=keeper.answered,
            failed=keeper.failed,
            cost=dollars(self.run.cost + keeper.cost),
        )
        self.watch.report(done, total, note)
        try:
            self.watch.check()
        except Cancelled:
            self.stop.set()  # what is under way ends soon, and what has come is kept

    def _why(self, ending: Ending) -> str:
        """Return why a run stopped, in words; empty where it is done."""
        if ending.out_of_budget:
            return _("The budget of {sum} US$ does not hold another question.", sum=dollars(self.run.plan.budget or 0))
        if ending.why is None:
            return ""
        said = "" if ending.why.trouble is Trouble.STOPPED else ending.why.said.strip()
        return f"{sentence(ending.why.trouble)} ({said[:_LONGEST_SAID]})" if said else sentence(ending.why.trouble)


def dollars(sum_: Decimal | int) -> str:
    """Return a sum as people read it: cents, or as many places as it takes to see that it is not nothing."""
    found = Decimal(sum_)
    return f"{found:.2f}" if not found or found >= _CENT else f"{found.normalize():f}"
