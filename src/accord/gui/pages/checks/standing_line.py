"""How far the examples are checked, what cannot be looked for here, and the check under way with its progress."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from accord.domain import extras
from accord.domain.extras import Extra
from accord.domain.wording import _, number, plural
from accord.gui.pages.agreement.waiting_line import WaitingLine
from accord.gui.widgets import Button, PlainLabel, column, row
from accord.workflows.check_rules import RuleFacts, Standing


class StandingLine(QWidget):
    """One or two sentences under the title; a click opens what the second one leaves to be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.said = PlainLabel(wrap=True)
        self.missing = PlainLabel(role="small", wrap=True, selectable=True)
        self.missing.hide()
        self.how = Button(_("What is missing"), kind="link", size="small", run=self._turn)
        self.how.hide()
        self.waiting = WaitingLine(_("Checking"))
        top = row(self.said, self.how, gap=12)
        top.setStretch(0, 1)
        self.setLayout(column(top, self.missing, self.waiting, gap=4, margins=(24, 4, 24, 0)))

    def show_standing(self, standing: Standing) -> None:
        """Say how the examples stand."""
        self.said.setText(standing_sentence(standing))
        self.missing.setText(_missing(standing.missing))
        self.how.setVisible(bool(standing.missing))
        if not standing.missing:
            self.missing.hide()

    def _turn(self) -> None:
        self.missing.setVisible(self.missing.isHidden())


def standing_sentence(standing: Standing) -> str:
    """Return how far the examples are checked, in one or two sentences."""
    if not standing.examples:
        return _("No examples yet.")
    done = standing.examples - standing.stale
    parts = [
        _("{done} of {all} examples are checked as they are now.", done=number(done), all=number(standing.examples))
    ]
    if done:
        parts.append(plural("{n} finding is open.", "{n} findings are open.", standing.open))
    if standing.missing:
        n = len(standing.missing)
        parts.append(plural("{n} rule cannot be looked for here.", "{n} rules cannot be looked for here.", n))
    if not standing.may_run:
        parts.append(_("On a server a lead checks for everybody."))
    return " ".join(parts)


def _missing(rules: Sequence[RuleFacts]) -> str:
    by_package: dict[str, list[str]] = {}
    for rule in rules:
        by_package.setdefault(rule.needs, []).append(rule.title)
    lines = [
        _("{package}: {rules}", package=package, rules=", ".join(titles))
        for package, titles in sorted(by_package.items())
    ]
    return "\n".join([_("These packages are not installed."), *lines, extras.how(Extra.CHECKS)]) if lines else ""
