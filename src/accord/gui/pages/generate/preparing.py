"""Prepares what would be asked, in a worker, anew whenever a choice changes; the last one counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.bootstrap import Services
from accord.domain.errors import AccordError, Cancelled
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.recipes import Recipe, Takes
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.jobs import Job
from accord.settings import SavedConnection
from accord.workflows import generating, generation_questions, home_records
from accord.workflows.generating import Prepared
from accord.workflows.generation_prompts import Messages
from accord.workflows.generation_starts import Wish
from accord.workflows.leaving import Locked

_AFTER_MS = 500
_ALIKE = {"temperature": 0}  # the same question gets the same answer, as far as a service can


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """All that decides what would be sent. ``most_tokens``: of a reply; 0 for as many as the recipe says."""

    recipe: Recipe
    wish: Wish
    saved: SavedConnection
    model: str
    parameters: dict[str, Any] = field(default_factory=dict)
    most_tokens: int = 0
    surrogates: bool = False
    although: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What would be asked. ``held``: by number, the first questions that are held back, as they stand."""

    prepared: Prepared
    held: Mapping[int, Messages]


class Preparing(QObject):
    """``started`` gives the job, ``found`` a Ready, ``refused`` says that there is none, and ``refusal`` why."""

    started = Signal(object)
    found = Signal(object)
    refused = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._wanted: Wanted | None = None
        self.prepared: Prepared | None = None
        self.refusal = ""
        self.locked = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_AFTER_MS)
        self._pause.timeout.connect(self._start)

    @property
    def working(self) -> bool:
        """Whether it is not known yet what would be asked."""
        return self._wanted is not None and self.prepared is None and not self.refusal

    def want(self, wanted: Wanted | None, *, again: bool = False) -> None:
        """Prepare this once the person pauses; nothing where it is prepared already, unless ``again``."""
        if wanted == self._wanted and not again:
            return
        if self._job is not None:
            self._job.cancel()
        self._job = self.prepared = None
        self._wanted, self.refusal, self.locked = wanted, "", False
        self._pause.stop()
        if wanted is not None:
            self._pause.start()

    def _start(self) -> None:
        wanted, project, services = self._wanted, self._context.project, self._context.services
        if wanted is None or project is None:
            return
        who = Who(actor=self._context.actor, device=self._context.settings.device_id)
        job = run_read(
            self._context,
            _("Preparing the questions"),
            lambda progress: prepared(project, who, services, wanted, progress),
            done=lambda found: self._found(job, found),
            failed=lambda error: self._failed(job, error),
        )
        self._job = job
        self.started.emit(job)

    def _found(self, job: Job, found: Ready) -> None:
        if job is self._job:
            self.prepared = found.prepared
            self.found.emit(found)

    def _failed(self, job: Job, error: BaseException) -> None:
        if job is not self._job:
            return
        self._job = None
        self.locked = isinstance(error, Locked)
        self.refusal = _("Stopped. Change something, and the questions are prepared again.")
        if isinstance(error, AccordError) and not isinstance(error, Cancelled):
            self.refusal = str(error)
        elif not isinstance(error, Cancelled):
            self.refusal = _("The questions could not be prepared. Nothing was sent.")
            show_failure(self._context, error)
        self.refused.emit()


def prepared(project: Any, who: Who, services: Services, wanted: Wanted, progress: Progress) -> Ready:
    """Return what would be asked. Raises what ``generating.prepare`` raises."""
    recipe = wanted.recipe
    if wanted.most_tokens:
        recipe = replace(recipe, most_tokens=wanted.most_tokens)
    wish, parameters = wanted.wish, wanted.parameters
    if recipe.takes is Takes.CONVERSATION:
        wish = replace(wish, besides=home_records.recorded(project=project, model=wanted.model))
        parameters = {**_ALIKE, **parameters}
    found = generating.prepare(
        project=project,
        who=who,
        recipe=recipe,
        wish=wish,
        saved=wanted.saved,
        model=wanted.model,
        parameters=parameters,
        surrogates=wanted.surrogates,
        although=wanted.although,
        has_key=bool(services.keys.find(wanted.saved.connection).key),
        progress=progress,
    )
    starts = {one.number: found.starts.starts[one.number - 1] for one in found.first if one.held is not None}
    held = generation_questions.as_they_stand(
        project=project, plan=found.plan, starts=starts, shared=found.questions.shared
    )
    return Ready(prepared=found, held=held)


def within(found: Prepared, budget: Decimal | None) -> Prepared:
    """Return what was prepared with a budget that a person entered; nothing that would be sent depends on it."""
    return found if budget is None else replace(found, plan=replace(found.plan, budget=budget))
