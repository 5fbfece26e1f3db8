"""The page Checks: what was found, rule by rule; what is looked for, by which limits, and how well it finds."""

from collections.abc import Set as AbstractSet
from typing import ClassVar

from accord.domain.dismissals import Ran
from accord.domain.errors import Cancelled
from accord.domain.findings import Kind
from accord.domain.ledger import Who
from accord.domain.wording import _, number, plural
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.checks.limits_section import LimitsSection
from accord.gui.pages.checks.measure_section import MeasureSection
from accord.gui.pages.checks.rules_section import FoundSection, RulesSection, Switches
from accord.gui.pages.checks.standing_line import StandingLine
from accord.gui.pages.checks.whole_section import WholeSection
from accord.gui.pages.project.deciding import DecidingPage
from accord.gui.pages.project.sections import Section
from accord.gui.widgets import ActionButton
from accord.workflows import check_rules, findings, permissions
from accord.workflows.check_rules import RuleFacts, Standing

_CHANGES = frozenset({"findings", "examples", "reviews", "imports", "duplicates", "conflicts", "settings"})


class ChecksPage(DecidingPage):
    """Everybody reads it; a lead says what is looked for. ``activated`` takes ``section``."""

    page_id: ClassVar[str] = "checks"

    def __init__(self, context: Context) -> None:
        rules, switches = check_rules.rules(), Switches()
        self.found = FoundSection(rules, switches)
        by_title: dict[str, list[RuleFacts]] = {}
        for rule in sorted(rules, key=lambda one: list(Kind).index(one.kind)):
            by_title.setdefault(check_rules.kind_title(rule.kind), []).append(rule)
        self.of_rules = [RulesSection(own[0].kind.value, title, own, switches) for title, own in by_title.items()]
        self.of_kind = {rule.kind: section for section in self.of_rules for rule in section.rules}
        self.together = WholeSection(context)
        self.limits, self.measuring = LimitsSection(), MeasureSection(context)
        self.standing: Standing | None = None
        self._reading = self._again = self._running = False
        context.actions.bind("checks.measure", self.measure)
        sections: list[Section] = [self.found, self.together, *self.of_rules, self.limits, self.measuring]
        super().__init__(context, _("Checks"), sections)
        context.actions.bind("checks.run", self.run, enabled=self._may_run)
        self.run_button = ActionButton(context.actions, "checks.run", kind="primary")
        self.line = StandingLine()
        self.head.addWidget(self.run_button)
        self.whole.insertWidget(1, self.line)
        for section in (self.found, *self.of_rules):
            section.open_wanted.connect(self._show_examples)
        self.found.check_wanted.connect(lambda: context.actions.run("checks.run"))
        self.found.import_wanted.connect(lambda: context.navigate("importing"))
        if not permissions.leads(project=context.project):
            self._only_read()

    def activated(self, params: Params) -> None:
        """Read how the examples stand."""
        super().activated(params)
        self.list.setFocus()
        self.read()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what was written."""
        super().refresh(changed)
        if changed & _CHANGES:
            self.read()
            self.together.go_stale()

    def read(self) -> None:
        """Read how the examples stand, once at a time; what is asked for meanwhile is read afterwards."""
        project = self.context.project
        if self._reading or project is None:
            self._again = self._reading
            return
        self._reading, self._again = True, False

        def done(standing: Standing) -> None:
            self._reading = False
            self._show(standing)
            if self._again:
                self.read()

        def failed(error: BaseException) -> None:
            self._reading = False
            show_failure(self.context, error)

        run_read(
            self.context,
            _("Counting the findings"),
            lambda _progress: check_rules.standing(project=project),
            done=done,
            failed=failed,
        )

    def run(self) -> None:
        """Check what is new or changed, apart from the window; what was found until a stop is kept."""
        project = self.context.project
        who = Who(actor=self.context.actor, device=self.context.settings.device_id)
        self._set_running(running=True)

        def done(ran: Ran) -> None:
            self._set_running(running=False)
            self.context.notify(_ran(ran), tone="good")
            self.context.tell_changed("findings")

        def failed(error: BaseException) -> None:
            self._set_running(running=False)
            if isinstance(error, Cancelled):
                self.context.notify(_("Stopped. What was found until now is kept; the next check goes on from there."))
            else:
                show_failure(self.context, error)
            self.context.tell_changed("findings")

        self.line.waiting.follow(
            run_read(
                self.context,
                _("Checking"),
                lambda progress: findings.run(project=project, actor=who, progress=progress),
                done=done,
                failed=failed,
                quiet=False,
            )
        )

    def measure(self) -> None:
        """Show the section of the labelled file and ask for one."""
        self.list.setCurrentRow(self.sections.index(self.measuring))
        self.measuring.ask()

    def _may_run(self) -> bool:
        there = self.standing is not None and self.standing.examples > 0 and self.standing.may_run
        return there and not self._running

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        if not running:
            self.line.waiting.rest()
        self.found.show_running(running=running)
        self.run_button.update_from_action()

    def _show(self, standing: Standing) -> None:
        self.standing = standing
        self.line.show_standing(standing)
        self.run_button.update_from_action()
        for position, section in enumerate(self.sections):
            if isinstance(section, RulesSection):
                section.show_standing(standing)
                self._name(position, section)

    def _name(self, position: int, section: RulesSection) -> None:
        open_here = section.open()
        entry = self.list.item(position)
        entry.setText(f"{section.title}  {number(open_here)}" if open_here else section.title)

    def _show_examples(self, rule: str) -> None:
        self.context.navigate("examples", where=f"finding = {rule}")

    def _only_read(self) -> None:
        """Show what is looked for, and no field that could not be saved."""
        for section in (self.found, *self.of_rules):
            section.only_read()
        self.limits.setEnabled(False)
        for button in self.buttons:
            button.hide()
        self.said.hide()
        self.note.setText(_("Only a lead can change this. Ask a lead of your team."))


def _ran(ran: Ran) -> str:
    if not ran.checked:
        return _("Every example was checked already.")
    return plural(
        "{n} example was checked ({pace} in a second): {found}.",
        "{n} examples were checked ({pace} in a second): {found}.",
        ran.checked,
        pace=number(round(ran.per_second)),
        found=plural("{n} finding", "{n} findings", ran.findings),
    )
