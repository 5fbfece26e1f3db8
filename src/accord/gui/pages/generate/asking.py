"""Runs on their way: start, pause, resume, cancel; each asks in a job of the network lane and outlives the page."""

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.domain.errors import AccordError, Cancelled
from accord.domain.generation import Consent, RunFacts, RunState
from accord.domain.progress import Progress
from accord.domain.recipes import Makes
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.opening import ALL_KINDS, who
from accord.gui.pages.generate.preparing import within
from accord.gui.pages.generate.run_card import title_of
from accord.jobs import Job, Lane
from accord.workflows import connections, generating, leaving
from accord.workflows.generating import Finished, Prepared

if TYPE_CHECKING:
    from accord.gui.pages.generate.page import GeneratePage

_LOOK_MS = 2000


class Asking(QObject):
    """Works for the card of the run. ``changed`` says that a run began, ended, or is another one that is shown."""

    changed = Signal()

    def __init__(self, page: "GeneratePage") -> None:
        super().__init__(page)
        self._page, self._context, self._card = page, page.context, page.run
        self.job: Job | None = None
        self.shown: RunFacts | None = None
        self._cancelled = False
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._read_reasons)

    @property
    def running(self) -> bool:
        """Whether this window asks at this moment."""
        return self.job is not None

    def can_resume(self) -> bool:
        """Say whether the run that is shown stands still."""
        run = self.shown
        return self.job is None and run is not None and run.state is not RunState.DONE and not run.alive

    def can_review(self) -> bool:
        """Say whether the run that is shown brought candidates."""
        return self.job is None and self.shown is not None and bool(self.shown.outcome.new)

    def start(self, found: Prepared) -> None:
        """Ask what was prepared, within the budget and with the consent that the person gave."""
        form, project, actor = self._page.before.consent, self._context.project, who(self._context)
        ready, services = within(found, form.budget_value()), self._context.services
        purpose, terms = form.purpose.text(), form.terms.accessibleName() if form.terms.isChecked() else ""

        def work(progress: Progress) -> Finished:
            allowed: Consent | None = None
            if not ready.here:
                allowed = leaving.consent(
                    project=project, who=actor, base_url=ready.plan.connection.base_url, purpose=purpose, terms=terms
                )
            return generating.start(
                project=project,
                who=actor,
                prepared=ready,
                open_service=services.chat_service,
                consent=allowed,
                progress=progress,
            )

        recipe, plan = ready.plan.recipe.title, ready.plan
        with contextlib.suppress(AccordError):  # it is asked all the same
            connections.used(settings=services.settings, name=plan.connection.name, model=plan.model)
        self._run(_("Asking {model}: {recipe}", model=ready.plan.model, recipe=recipe), work)

    def resume(self) -> None:
        """Go on with the run that is shown."""
        run, project, services = self.shown, self._context.project, self._context.services
        if run is None:
            return
        work = partial(
            generating.resume,
            project=project,
            who=who(self._context),
            run=run.id,
            open_service=services.chat_service,
            although=self._page.before.consent.why_although(),
        )
        self._run(title_of(run), lambda progress: work(progress=progress))

    def pause(self) -> None:
        """Stop asking; the card stays, with the way to go on."""
        if self.job is not None:
            self.job.cancel()

    def cancel(self) -> None:
        """Stop asking and put the run away; it stays in the list of runs."""
        self._cancelled = True
        self.pause()

    def review(self) -> None:
        """Open Review with the candidates of the run that is shown."""
        run = self.shown
        if run is not None:
            self._context.navigate("review", where=where_of(run))

    def look_at(self, run_id: int) -> None:
        """Show what came of a run."""
        if self.job is None:
            project = self._context.project
            run_read(
                self._context,
                _("Reading a run"),
                lambda _p: _read(project, run_id),
                done=lambda found: self._show(*found),
            )

    def _run(self, title: str, work: Callable[[Progress], Finished]) -> None:
        if self.job is not None:
            return
        self._cancelled = False
        self.job = run_read(
            self._context, title, work, done=self._done, failed=self._failed, quiet=False, lane=Lane.NETWORK
        )
        self._card.follow(title, self.job)
        self._look.start()
        self.changed.emit()

    def _done(self, finished: Finished) -> None:
        self._ended()
        self._context.saved.emit()
        if finished.accepted or finished.duplicate:
            self._context.tell_changed(*ALL_KINDS)
        if self._cancelled:
            self.shown = None
            self._card.hide()
            self._context.notify(_("Cancelled. What came is kept; the run can be resumed from the list of runs."))
        else:
            self.shown = None
            self.look_at(finished.run)
            self._tell(finished)
        self.changed.emit()

    def _failed(self, error: BaseException) -> None:
        self._ended()
        self._card.hide()
        if isinstance(error, Cancelled):
            self._context.notify(_("Cancelled before anything was asked. Nothing was sent."))
        else:
            show_failure(self._context, error)
        self.changed.emit()

    def _ended(self) -> None:
        self.job = None
        self._look.stop()
        self._card.end()

    def _tell(self, finished: Finished) -> None:
        """Say it wherever the person is now."""
        if finished.why:
            self._context.notify(_("The questions stopped: {why}", why=finished.why), tone="warning")
        elif finished.accepted:
            told = plural(
                "{n} new candidate waits for a person.", "{n} new candidates wait for a person.", finished.accepted
            )
            self._context.notify(told, tone="good")
        else:
            self._context.notify(_("No candidate came of it; the page says why."), tone="warning")

    def _show(self, run: RunFacts, finished: Finished) -> None:
        if self.job is None:
            self.shown = run
            self._card.show_run(run, finished)
            self.changed.emit()

    def _read_reasons(self) -> None:
        """Show what failed so far of the run that is under way, where the page is looked at."""
        project, job = self._context.project, self.job
        if job is None or not self._card.isVisible():
            return

        def done(found: Finished | None) -> None:
            if self.job is job and found is not None:
                self._card.show_reasons(found)

        run_read(self._context, _("Reading a run"), lambda _p: _under_way(project), done=done)


def where_of(run: RunFacts) -> str:
    """Return the filter of the candidates that a run brought and nobody has reviewed."""
    status = Status.NEEDS_ANSWER if run.plan.recipe.makes is Makes.REQUESTS else Status.CANDIDATE
    title = _("{model} by {recipe}", model=run.plan.model, recipe=run.plan.recipe.name)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'status = {status.value} and source = "{quoted}"'


def _read(project: Any, run_id: int) -> tuple[RunFacts, Finished]:
    run = next(run for run in generating.runs(project=project) if run.id == run_id)
    return run, generating.finished(project=project, run=run_id)


def _under_way(project: Any) -> Finished | None:
    run = next((run for run in generating.runs(project=project) if run.alive), None)
    return None if run is None else generating.finished(project=project, run=run.id)
