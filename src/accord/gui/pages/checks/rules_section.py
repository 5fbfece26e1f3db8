"""A section of rules: those of one kind, or over all kinds those that found something; and the switches they share."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShowEvent

from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.gui.pages.checks.rule_row import RuleRow
from accord.gui.pages.project.sections import Section
from accord.gui.widgets import Card, EmptyState, line
from accord.workflows.check_rules import RuleFacts, Standing

_GRAVEST_FIRST = ("error", "warning", "note")


class Switches(QObject):
    """Which rules are off, as they stand in the sections; ``turned`` says that a person turned one."""

    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.off: tuple[str, ...] = ()

    def turn(self, rule: str, on: bool) -> None:  # noqa: FBT001  (a signal's value)
        """Take a rule in or out."""
        self.off = tuple(name for name in self.off if name != rule) + (() if on else (rule,))
        self.turned.emit()


class RulesSection(Section):
    """Rules one under the other; rows are made when the section is first shown, for there are many.

    ``open_wanted`` asks for the examples in which a rule found something.
    """

    open_wanted = Signal(str)

    def __init__(self, section_id: str, title: str, rules: Sequence[RuleFacts], switches: Switches) -> None:
        super().__init__(title)
        self.section_id = section_id
        self.rules = tuple(rules)
        self.rows: dict[str, RuleRow] = {}
        self._switches = switches
        self._standing: Standing | None = None
        self._built = self._read_only = False
        self.card = Card()
        self.body.addWidget(self.card)
        self.body.addStretch(1)
        switches.turned.connect(self._show_switches)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the rows."""
        if not self._built:
            self._build()
        super().showEvent(event)

    def put(self, settings: ProjectSettings) -> None:
        """Show which rules are off."""
        self._switches.off = settings.checks.off
        self._show_switches()

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the settings with the rules that are off; their order says nothing."""
        if set(settings.checks.off) == set(self._switches.off):
            return settings
        return replace(settings, checks=replace(settings.checks, off=self._switches.off))

    def show_standing(self, standing: Standing) -> None:
        """Show what the rules found."""
        self._standing = standing
        if self._built:
            self._show_counts(standing)

    def only_read(self) -> None:
        """Let nobody turn a switch who could not save it."""
        self._read_only = True
        for made in self.rows.values():
            made.wanted.setEnabled(False)

    def open(self) -> int:
        """Return how many findings of these rules are open."""
        counts = {} if self._standing is None else self._standing.counts
        return sum(counts[rule.name].open for rule in self.rules if rule.name in counts)

    def _build(self) -> None:
        self._built = True
        for rule in self.rules:
            self._add(rule)
        self._show_switches()
        if self._standing is not None:
            self._show_counts(self._standing)

    def _add(self, rule: RuleFacts) -> None:
        if self.rows:
            self.card.body.addWidget(line())
        made = RuleRow(rule)
        made.switched.connect(self._switched)
        made.open_wanted.connect(self.open_wanted)
        self.card.body.addWidget(made)
        made.wanted.setEnabled(not self._read_only)
        self.rows[rule.name] = made

    def _switched(self, rule: str, on: bool) -> None:  # noqa: FBT001  (a signal's value)
        self._switches.turn(rule, on)
        self.changed.emit()

    def _show_switches(self) -> None:
        missing = set() if self._standing is None else {rule.name for rule in self._standing.missing}
        for name, made in self.rows.items():
            made.show_wanted(on=name not in self._switches.off, missing=name in missing)

    def _show_counts(self, standing: Standing) -> None:
        for name, made in self.rows.items():
            made.show_count(standing.counts.get(name), checked=standing.stale < standing.examples)
        self._show_switches()


class FoundSection(RulesSection):
    """The rules that have open findings, the gravest and most frequent first."""

    #: Where nobody has anything to do here: to check the examples, or to bring some in.
    check_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, rules: Sequence[RuleFacts], switches: Switches) -> None:
        super().__init__("found", _("Found"), (), switches)
        self._all = tuple(rules)
        self.card.hide()
        self.none = EmptyState(
            _("There are no examples yet. What is wrong with them is found here once a file is imported."),
            _("Import a file"),
            self.import_wanted.emit,
            icon="import",
        )
        self.unchecked = EmptyState(
            _("Nothing has been looked at yet. A check changes no text, and you can go on working meanwhile."),
            _("Check now"),
            self.check_wanted.emit,
            icon="shield-search",
        )
        self.clean = EmptyState(_("Nothing is open."), icon="shield-check-outline")
        for state in (self.none, self.unchecked, self.clean):
            self.body.insertWidget(self.body.count() - 1, state)
            state.hide()

    def show_standing(self, standing: Standing) -> None:
        """Show the rules that found something; the same ones keep their rows, focus and all."""
        found = [rule for rule in self._all if rule.name in standing.counts]
        found = [rule for rule in found if standing.counts[rule.name].open]
        found.sort(key=lambda rule: (_GRAVEST_FIRST.index(rule.severity), -standing.counts[rule.name].open))
        if {rule.name for rule in found} != {rule.name for rule in self.rules}:
            self._clear()
            self.rules = tuple(found)
            for rule in found if self._built else ():
                self._add(rule)
        super().show_standing(standing)
        unchecked = standing.stale >= standing.examples
        self.card.setVisible(bool(found))
        self.none.setVisible(not standing.examples)
        self.unchecked.setVisible(bool(standing.examples) and unchecked and not found)
        self.unchecked.button.setVisible(standing.may_run)
        self.clean.setVisible(bool(standing.examples) and not unchecked and not found)

    def show_running(self, *, running: bool) -> None:
        """Offer no second check while one is under way."""
        self.unchecked.button.setEnabled(not running)

    def _clear(self) -> None:
        self.rows = {}
        while (item := self.card.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
