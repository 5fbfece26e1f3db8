"""The run that is under way, or that was looked at last: how far, what failed and why, what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal

from accord.domain.generation import RunFacts, RunState
from accord.domain.recipes import Takes
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.pages.generate.words import how_far, reasons, what_came
from accord.gui.widgets import ActionButton, Button, Card, PlainLabel, ProgressLine, row
from accord.jobs import Job
from accord.workflows.generating import Finished

EVERY_MS = 150


class RunCard(Card):
    """Follows a job while one asks; says what came once none does. Hidden while there was none.

    ``again`` says that a person wants another model asked the same as the run that is shown.
    """

    again = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Run"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._job: Job | None = None
        self.progress = ProgressLine(_("Questions answered"))
        self.note = PlainLabel(
            _("You can go on working on other pages; what has come can be reviewed already."), role="small", wrap=True
        )
        self.said = PlainLabel(wrap=True)
        self.why = PlainLabel(role="error", wrap=True)
        self.reasons = PlainLabel(role="small", wrap=True, selectable=True)
        self.pause = ActionButton(actions, "generate.pause")
        self.resume = ActionButton(actions, "generate.resume")
        self.cancel = ActionButton(actions, "generate.cancel")
        self.review = ActionButton(actions, "generate.review", kind="primary")
        self.like = Button(_("Ask another model the same"), run=self.again.emit)
        for part in (self.progress, self.note, self.said, self.why, self.reasons):
            self.body.addWidget(part)
        self.body.addLayout(row(self.review, self.resume, self.pause, self.cancel, self.like, None))
        self._follow = QTimer(self)
        self._follow.setInterval(EVERY_MS)
        self._follow.timeout.connect(self._show_progress)
        self.hide()

    def follow(self, title: str, job: Job) -> None:
        """Show how far a job is that asks."""
        self._job = job
        self._head(title)
        self.progress.set_progress(0, None)
        for part in (self.said, self.why, self.reasons, self.review, self.resume, self.like):
            part.hide()
        for shown in (self.progress, self.note, self.pause, self.cancel):
            shown.show()
        self._update_buttons()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # not on a button: a stray Space would stop it
        self._follow.start()

    def show_reasons(self, finished: Finished) -> None:
        """Show what failed so far, and why."""
        self._list(reasons(finished.refused, finished.failed))

    def show_run(self, run: RunFacts, finished: Finished) -> None:
        """Show what came of a run that nothing asks for now."""
        self._job = None
        self._follow.stop()
        self._head(title_of(run))
        stands = run.state is not RunState.DONE
        came = f"{how_far(run)}. {what_came(run.outcome)}"
        self.said.setText(came)
        self.why.setText(_("It stands still: {why}", why=run.why) if stands and run.why else "")
        if stands and not run.why:
            self.why.setText(_("It stands still: the program was closed while it asked. Nothing that came is lost."))
        self._list(reasons(finished.refused, finished.failed))
        for part, there in (
            (self.said, True),
            (self.why, stands),
            (self.review, bool(run.outcome.new)),
            (self.resume, stands),
            # The texts of passages are kept with their candidates alone.
            (self.like, run.plan.recipe.takes is not Takes.PASSAGE),
            (self.progress, False),
            (self.note, False),
            (self.pause, False),
            (self.cancel, False),
        ):
            part.setVisible(there)
        self._update_buttons()
        self.show()
        if self.hasFocus():
            next_ = self.review if run.outcome.new else self.resume if stands else self
            next_.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Follow none: the job has ended."""
        self._job = None
        self._follow.stop()

    def _head(self, title: str) -> None:
        self.title.setText(title)
        self.title.show()
        self.setAccessibleName(title)

    def _list(self, told: Sequence[str]) -> None:
        self.reasons.setText("\n".join(told))
        self.reasons.setVisible(bool(told))

    def _update_buttons(self) -> None:
        for button in (self.pause, self.resume, self.cancel, self.review):
            button.update_from_action()

    def _show_progress(self) -> None:
        job = self._job
        if job is not None:
            note = _("stopping; what is under way is waited for a moment") if job.stopping else job.note
            self.progress.set_progress(job.done, job.total, left=job.seconds_left, note=note)


def title_of(run: RunFacts) -> str:
    """Return a run by its number, recipe and model."""
    return _("Run {n}: {recipe}, {model}", n=run.id, recipe=run.plan.recipe.title, model=run.plan.model)
