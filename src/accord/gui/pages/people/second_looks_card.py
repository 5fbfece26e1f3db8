"""Second looks: which share of what reviewers judged comes back to them unmarked, and who says the same again."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from accord.domain.people import Person, Role
from accord.domain.wording import _, plural
from accord.gui import opening
from accord.gui.jobs_bridge import run_write
from accord.gui.pages.people.assign_card import Boxes
from accord.gui.widgets import Button, Card, FormRow, NumberField, PlainLabel, column, row
from accord.workflows import repeating, undoing
from accord.workflows.repeating import Planned

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

CHANGED = ("reviews", "examples", "settings")
MOST_DAYS = 365


class SecondLooksCard(Card):
    """A lead lets examples come back; nothing tells them from those that a reviewer sees for the first time."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(_("Second looks"))
        self._context = page.context
        about = _(
            "A share of what each has judged comes back in Review, unmarked and without what was said of it. The "
            "second verdict changes nothing by itself; where it differs she is asked which one stands."
        )
        self.told = PlainLabel(role="strong", wrap=True)
        self.people = Boxes(_("To whom"))
        self.people.toggled.connect(self._follow)
        self.share = NumberField(_("Share that comes back, in percent"), 1, 100, round(100 * repeating.SHARE))
        self.share.setSuffix(" %")
        self.days = NumberField(_("Days since the verdict"), 0, MOST_DAYS, repeating.AFTER_DAYS)
        self.give = Button(_("Let come back"), run=self._give)
        numbers = row(gap=16)
        for title, field in ((_("Share"), self.share), (_("Days since the verdict"), self.days)):
            numbers.addWidget(FormRow(title, field), 0, Qt.AlignmentFlag.AlignTop)
        numbers.addStretch(1)
        whom = QWidget()
        whom.setLayout(column(PlainLabel(_("To whom"), role="strong"), self.people, gap=4))
        for part in (PlainLabel(about, role="small", wrap=True), self.told, whom):
            self.body.addWidget(part)
        self.body.addLayout(numbers)
        self.body.addLayout(row(self.give, None))

    def show_people(self, people: Sequence[Person], told: Sequence[str]) -> None:
        """Show who is there, those who review ticked, and how far each agrees with herself."""
        before = set(self.people.boxes)
        self.people.show_names([person.name for person in people])
        for person in people:
            if person.name not in before:
                self.people.check(person.name, checked=person.role is Role.REVIEWER)
        self.told.setText("\n".join(told))
        self.told.setVisible(bool(told))
        self._follow()

    def _give(self) -> None:
        project, who = self._context.project, opening.who(self._context)
        names, share, days = self.people.checked(), self.share.value() / 100, self.days.value()

        def work(_progress: object) -> list[Planned]:
            plan = partial(repeating.plan_repeats, project=project, who=who, share=share, after_days=days)
            return [plan(reviewer=name) for name in names]

        run_write(self._context, _("Second looks"), work, done=self._given, changed=CHANGED)

    def _given(self, planned: list[Planned]) -> None:
        acts = [one.act for one in planned if one.act]
        if not acts:
            self._context.notify(planned[0].sentence)
            return
        told = plural(
            "{n} example comes back, without what was said of it.",
            "{n} examples come back, without what was said of them.",
            sum(one.planned for one in planned),
        )
        self._context.notify(told, tone="good", undo=partial(self._undo, acts))

    def _undo(self, acts: list[str]) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> None:
            for act in reversed(acts):
                undoing.undo(project=project, who=who, act=act)

        run_write(self._context, _("Undo"), work, changed=CHANGED)

    def _follow(self) -> None:
        self.give.setEnabled(bool(self.people.checked()))
