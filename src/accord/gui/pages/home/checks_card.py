"""What checks found and nobody dismissed, by severity, each a way to its examples; and what is not checked yet."""

from accord.domain.dismissals import Ran
from accord.domain.errors import Cancelled
from accord.domain.findings import Severity
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.home.facts import CheckFacts, Step
from accord.gui.pages.home.waiting_list import WaitingList
from accord.gui.severity import severity_look
from accord.gui.widgets import ActionButton, Card, PlainLabel, row
from accord.workflows import findings


class ChecksCard(Card):
    """Hidden where nothing was found and nothing is left to check."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Checks"))
        self._context = context
        self._facts: CheckFacts | None = None
        self._running = False
        self.found = WaitingList()
        self.found.setAccessibleName(_("What checks found"))
        self.found.chosen.connect(lambda step: context.navigate(step.page, **dict(step.params)))
        self.left = PlainLabel(role="muted", wrap=True)
        context.actions.bind("home.check", self.check, enabled=self._may_check)
        self.button = ActionButton(context.actions, "home.check")
        below = row(self.left, self.button)
        below.setStretch(0, 1)
        self.body.addWidget(self.found)
        self.body.addLayout(below)
        self.hide()

    def show_facts(self, facts: CheckFacts | None) -> None:
        """Show what was counted; nothing before it is."""
        self._facts = facts
        steps = [] if facts is None else found_steps(facts)
        self.found.show_steps(steps)
        self.found.setVisible(bool(steps))
        self.left.setText("" if facts is None else left_sentence(facts))
        self.left.setVisible(facts is not None and facts.stale > 0)
        self.setVisible(facts is not None and bool(steps or facts.stale))
        self._follow()

    def check(self) -> None:
        """Check what is not checked yet, apart from the window; a stop keeps what was found until then."""
        project, context = self._context.project, self._context
        who = Who(actor=context.actor, device=context.settings.device_id)
        self._running = True
        self._follow()

        def work(progress: Progress) -> Ran:
            return findings.run(project=project, actor=who, progress=progress)

        def done(ran: Ran) -> None:
            self._ended()
            told = plural("{n} example was checked.", "{n} examples were checked.", ran.checked)
            left_out = len(ran.missing)
            here = plural("{n} rule cannot be looked for here.", "{n} rules cannot be looked for here.", left_out)
            context.notify(f"{told} {here}" if left_out else told, tone="good")

        def failed(error: BaseException) -> None:
            self._ended()
            if isinstance(error, Cancelled):
                context.notify(_("Stopped. What was found until then is kept."))
            else:
                show_failure(context, error)

        run_read(context, _("Checking the examples"), work, done=done, failed=failed, quiet=False)

    def _ended(self) -> None:
        self._running = False
        self._context.tell_changed("findings")

    def _may_check(self) -> bool:
        return self._facts is not None and self._facts.may_check and self._facts.stale > 0 and not self._running

    def _follow(self) -> None:
        self.button.update_from_action()
        self.button.setVisible(self._facts is not None and self._facts.may_check and self._facts.stale > 0)


def found_steps(facts: CheckFacts) -> list[Step]:
    """Return a line for each severity that has open findings, the most serious first."""
    counts = {severity: facts.open.get(severity, 0) for severity in reversed(Severity)}
    words = {
        Severity.ERROR: plural("error found in a text", "errors found in texts", counts[Severity.ERROR]),
        Severity.WARNING: plural("warning about a text", "warnings about texts", counts[Severity.WARNING]),
        Severity.NOTE: plural("note on a text", "notes on texts", counts[Severity.NOTE]),
    }
    return [
        Step(
            title=words[severity],
            page="examples",
            params={"where": f"finding = {severity}"},
            count=count,
            icon=severity_look(severity).icon,
        )
        for severity, count in counts.items()
        if count
    ]


def left_sentence(facts: CheckFacts) -> str:
    """Say how many examples are not checked yet, and who checks them."""
    if not facts.stale:
        return ""
    told = plural(
        "{count} example is not checked yet.",
        "{count} examples are not checked yet.",
        facts.stale,
        count=number(facts.stale),
    )
    return told if facts.may_check else f"{told} {_('On a server a lead checks for everybody.')}"
