"""Calibration: a round in which all judge the same examples, who is done, what it came to, and what to discuss."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from accord.domain.calibration import CalibrationResult, CalibrationRound
from accord.domain.people import Person, Role
from accord.domain.wording import _, number, plural
from accord.gui import opening
from accord.gui.context import Choice
from accord.gui.jobs_bridge import run_write
from accord.gui.pages.people.assign_card import Boxes
from accord.gui.widgets import AlphaField, Button, Card, FormRow, LinkList, NumberField, PlainLabel, column, row
from accord.workflows import calibrating, undoing
from accord.workflows.calibrating import Begun

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

CHANGED = ("examples", "reviews", "settings")
MOST_ITEMS, MOST_DISCUSSED, REQUEST_SHOWN = 200, 8, 70


class CalibrationCard(Card):
    """A lead begins and closes a round; everybody sees how far she is, and what a round that is over came to."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(_("Calibration"))
        self._page, self._context = page, page.context
        self.state = PlainLabel(wrap=True)
        self.result = PlainLabel(role="strong", wrap=True)
        self.discuss_title = PlainLabel(_("To discuss, the most disagreed about first"), role="muted")
        self.discuss = LinkList(_("Examples to discuss"))
        self.discuss.activated.connect(lambda example: self._context.navigate("examples", id=example))
        self.history = PlainLabel(role="small", wrap=True)
        self.people = Boxes(_("Who takes part"))
        self.people.toggled.connect(self._follow)
        self.items = NumberField(_("Examples"), 2, MOST_ITEMS, calibrating.ITEMS)
        self.threshold = AlphaField(_("Agreement to reach (alpha)"), calibrating.THRESHOLD)
        self.begin = Button(_("Begin a round"), kind="primary", run=self._begin)
        self.close_round = Button(_("Close the round"), run=self._ask_close)
        numbers = row(gap=16)
        for title, field in ((_("Examples"), self.items), (_("Alpha to reach"), self.threshold)):
            numbers.addWidget(FormRow(title, field), 0, Qt.AlignmentFlag.AlignTop)
        numbers.addStretch(1)
        self.form = QWidget()
        who = column(PlainLabel(_("Who takes part"), role="strong"), self.people, gap=4)
        self.form.setLayout(column(who, numbers, row(self.begin, None), gap=12))
        parts = (self.state, self.result, self.discuss_title, self.discuss, self.history, self.form)
        for part in parts:
            self.body.addWidget(part)
        self.body.addLayout(row(self.close_round, None))

    def show_rounds(
        self,
        people: Sequence[Person],
        rounds: Sequence[CalibrationRound],
        results: Sequence[CalibrationResult],
    ) -> None:
        """Show the round that is open, the newest result, and those before; what is asked of a lead for leads alone."""
        leads, running = self._page.may_change(), next((one for one in rounds if one.open), None)
        before = set(self.people.boxes)
        self.people.show_names([person.name for person in people])
        for person in people:
            if person.name not in before:
                self.people.check(person.name, checked=person.role is not Role.LEAD)
        self.state.setText(_state(running, any_before=bool(rounds)))
        newest = results[-1] if results else None
        self.result.setText("" if newest is None else newest.sentence)
        shown = [] if newest is None else newest.discuss[:MOST_DISCUSSED]
        self.discuss.set_links((item.id, _short(item.base.request)) for item in shown)
        self.history.setText("\n".join(_("Round {n}: {told}", n=r.round.number, told=r.sentence) for r in results[:-1]))
        for part, there in (
            (self.result, newest is not None),
            (self.discuss_title, bool(shown)),
            (self.discuss, bool(shown)),
            (self.history, len(results) > 1),
            (self.form, leads and running is None),
            (self.close_round, leads and running is not None),
        ):
            part.setVisible(there)
        self.setVisible(len(people) > 1 and (leads or bool(rounds)))
        self._follow()

    def _begin(self) -> None:
        begin = partial(
            calibrating.begin,
            project=self._context.project,
            who=opening.who(self._context),
            reviewers=self.people.checked(),
            items=self.items.value(),
            threshold=round(self.threshold.value(), 2),
        )
        run_write(self._context, _("Begin a round"), lambda _progress: begin(), done=self._begun, changed=CHANGED)

    def _begun(self, begun: Begun) -> None:
        self._context.notify(begun.sentence, tone="good", undo=partial(self._undo, begun.act))

    def _undo(self, act: str) -> None:
        take = partial(undoing.undo, project=self._context.project, who=opening.who(self._context), act=act)
        run_write(self._context, _("Undo"), lambda _progress: take(), changed=CHANGED)

    def _ask_close(self) -> None:
        self._context.ask(
            _("Close the round? What is not judged is taken back from its people; what is judged counts."),
            Choice(title=_("Close the round"), run=self._close, kind="primary"),
            Choice(title=_("Cancel")),
        )

    def _close(self) -> None:
        close = partial(calibrating.close, project=self._context.project, who=opening.who(self._context))
        run_write(self._context, _("Close the round"), lambda _progress: close(), done=self._closed, changed=CHANGED)

    def _closed(self, found: CalibrationResult | None) -> None:
        told = _("Nobody had judged anything, so the round does not count.") if found is None else found.sentence
        self._context.notify(told, tone="good" if found is not None and found.reached else "warning")

    def _follow(self) -> None:
        self.begin.setEnabled(len(self.people.checked()) > 1)


def _state(running: CalibrationRound | None, *, any_before: bool) -> str:
    if running is not None:
        done = ", ".join(
            _("{name} {done} of {n}", name=name, done=number(count), n=number(running.items))
            for name, count in running.done.items()
        )
        return _("Round {n} is open: {done}.", n=running.number, done=done)
    if any_before:
        return _("No round is open.")
    return plural(
        "All judge the same {n} example, see how far they agree, discuss, and mend the guideline.",
        "All judge the same {n} examples, see how far they agree, discuss, and mend the guideline.",
        calibrating.ITEMS,
    )


def _short(request: str) -> str:
    plain = " ".join(request.split())
    return plain if len(plain) <= REQUEST_SHOWN else plain[: REQUEST_SHOWN - 1] + "…"
