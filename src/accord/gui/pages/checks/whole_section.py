"""The section of what is found of all examples taken together: unusual lengths, balance, tags at odds."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.errors import Cancelled
from accord.domain.history import ExampleRow
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.agreement.items_card import SHOWN, ItemsCard
from accord.gui.pages.agreement.waiting_line import WaitingLine
from accord.gui.pages.checks.rule_row import SeverityWord
from accord.gui.pages.project.sections import Section
from accord.gui.widgets import Button, Card, PlainLabel, column, line, row
from accord.workflows import browsing, check_rules
from accord.workflows.whole_checks import WholeFinding


class WholeSection(Section):
    """Looks when it is shown and something changed since it last looked, in a process of its own."""

    section_id = "whole"

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("All examples together"),
            _("What no single example shows: lengths far from the usual, answers and tags too rare or too common."),
        )
        self._context = context
        self._stale, self._looking = True, False
        self.waiting = WaitingLine(_("Looking at all examples"))
        self.said = PlainLabel(role="muted", wrap=True)
        self.card = Card()
        self._lines = QVBoxLayout()
        self.card.body.addLayout(self._lines)
        self.lines: list[WholeLine] = []
        self.items = ItemsCard()
        self.items.chosen.connect(lambda found, _differs: context.navigate("examples", example_id=found))
        for part in (self.waiting, self.said, self.card, self.items):
            self.body.addWidget(part)
        self.card.hide()
        self.body.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Look, where something changed."""
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop looking."""
        super().hideEvent(event)
        self.waiting.cancel()

    def go_stale(self) -> None:
        """Hear that examples or limits changed."""
        self._stale = True
        if self.isVisible():
            self._look()

    def show_found(self, found: Sequence[WholeFinding]) -> None:
        """Show what was found."""
        self._clear()
        for one in found:
            made = WholeLine(one, partial(self._list, one))
            self._lines.addWidget(made)
            self.lines.append(made)
        self.items.hide()
        self.card.setVisible(bool(found))
        self.said.setText("" if found else _("Nothing stands out."))
        self.said.setVisible(not found)

    def _look(self) -> None:
        project = self._context.project
        if project is None or self._looking or not self._stale:
            return
        self._stale, self._looking = False, True

        def done(found: tuple[WholeFinding, ...]) -> None:
            if self._context.project is project:  # else this section is gone
                self._ended()
                self.show_found(found)
                self.go_on()

        def failed(error: BaseException) -> None:
            if self._context.project is not project:
                return
            self._ended()
            self._stale = True
            if not isinstance(error, Cancelled):
                show_failure(self._context, error)

        job = self._context.jobs.compute(
            _("Looking at all examples"),
            check_rules.look_at_whole,
            (project.opens,),
            done=done,
            failed=failed,
            reports=True,
        )
        self.waiting.follow(job)

    def go_on(self) -> None:
        """Look again where something changed meanwhile."""
        if self._stale and self.isVisible():
            self._look()

    def _ended(self) -> None:
        self._looking = False
        self.waiting.rest()

    def _list(self, found: WholeFinding) -> None:
        project = self._context.project

        def done(rows: list[ExampleRow | None]) -> None:
            self.items.show_items(found.says, [one for one in rows if one is not None], found.count)
            self.ensureWidgetVisible(self.items)
            links = self.items.links.links()
            if links:
                links[0].setFocus()

        ids = list(found.examples[:SHOWN])
        run_read(
            self._context,
            _("Looking for the examples"),
            lambda _progress: browsing.example_rows(project=project, ids=ids),
            done=done,
        )

    def _clear(self) -> None:
        for old in self.lines:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = []


class WholeLine(QWidget):
    """One finding: how serious, its sentence, and the way to its examples."""

    def __init__(self, found: WholeFinding, show: partial[None]) -> None:
        super().__init__()
        self.found = found
        self.setAccessibleName(found.says)
        sentence = PlainLabel(found.says, wrap=True)
        n = found.count
        self.show_button = Button(
            _("{n} examples", n=number(n)) if n != 1 else _("1 example"),
            kind="link",
            run=show,
            name=plural("Show {n} example: {says}", "Show {n} examples: {says}", n, says=found.says),
        )
        self.show_button.setVisible(bool(found.examples))
        top = row(SeverityWord(found.rule.severity), sentence, self.show_button, gap=8)
        top.setStretch(1, 1)
        self.setLayout(column(top, line(), gap=8))
