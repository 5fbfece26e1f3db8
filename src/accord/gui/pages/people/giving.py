"""What the People page does with a plan: look at it, give out by it, and take back."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from accord.domain.errors import AccordError
from accord.domain.wording import _, plural
from accord.gui import opening
from accord.gui.context import Choice
from accord.gui.jobs_bridge import run_write, show_failure
from accord.gui.pages.people.assign_card import AssignCard, Plan
from accord.workflows import assigning, people, projects, undoing
from accord.workflows.assigning import Given

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

CHANGED = ("examples", "reviews", "settings")


class Giving(QObject):
    """Runs for the card; what was looked at is what is given out, or it is looked at again."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(page)
        self._page, self._context = page, page.context
        self.card = AssignCard(page.context.actions)
        self._seen: Plan | None = None
        self.card.changed.connect(self._forget)

    def may_preview(self) -> bool:
        """Whether there is a plan to look at."""
        return self._page.may_change() and bool(self.card.left) and bool(self.card.people.checked())

    def may_give(self) -> bool:
        """Whether the plan that stands there was looked at."""
        return self._page.may_change() and self._seen is not None and self._seen == self.card.plan()

    def preview(self) -> None:
        """Say who would get how much."""
        plan = self.card.plan()
        if self.may_preview():
            self._run(_("Preview"), plan, preview=True)

    def give(self) -> None:
        """Give out what was looked at."""
        if self.may_give():
            self._run(_("Give out"), self.card.plan(), preview=False)

    def take_back(self, name: str) -> None:
        """Ask, then take back what a person was given and has not judged."""
        waiting = self._page.waiting.get(name, 0)
        question = plural(
            "Take {n} example back that {name} has not judged? What is judged stays.",
            "Take {n} examples back that {name} has not judged? What is judged stays.",
            waiting,
            name=name,
        )
        self._context.ask(
            question,
            Choice(title=_("Take back"), run=partial(self._take_back, name), kind="primary"),
            Choice(title=_("Cancel")),
        )

    def _run(self, title: str, plan: Plan, *, preview: bool) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> Given:
            given = assigning.assign(
                project=project,
                who=who,
                reviewers=plan.reviewers,
                overlap=plan.overlap,
                per_item=plan.per_item,
                double_tags=plan.tags,
                where=plan.where,
                days=plan.days,
                controls=plan.controls,
                preview=preview,
            )
            if not preview and len(plan.reviewers) > 1:
                projects.change_double_reviews(project=project, who=who, overlap=plan.overlap, tags=plan.tags)
            return given

        done = partial(self._previewed, plan) if preview else self._given
        run_write(self._context, title, work, done=done, failed=self._failed, changed=() if preview else CHANGED)

    def _previewed(self, plan: Plan, given: Given) -> None:
        if plan == self.card.plan():
            self._seen = plan
            self.card.show_outcome(given)
            self._page.follow()

    def _given(self, given: Given) -> None:
        self._forget()
        self.card.outcome.hide()
        told = plural("{n} example was given out.", "{n} examples were given out.", given.examples)
        told = " ".join([told, *given.mixed.sentences])
        self._context.notify(told, tone="good", undo=partial(self._undo, given.act))

    def _undo(self, act: str) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> int:
            return len(undoing.undo(project=project, who=who, act=act).examples)

        def done(n: int) -> None:
            told = plural("Taken back: {n} example.", "Taken back: {n} examples.", n)
            self._context.notify(told, tone="good")

        run_write(self._context, _("Undo"), work, done=done, changed=CHANGED)

    def _take_back(self, name: str) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> list[int]:
            numbers = list(people.unjudged(project=project, name=name))
            assigning.take_back(project=project, who=who, numbers=numbers, reviewer=name)
            return numbers

        def done(numbers: list[int]) -> None:
            told = plural("Taken back: {n} example.", "Taken back: {n} examples.", len(numbers))
            self._context.notify(told, tone="good", undo=partial(self._give_again, name, numbers) if numbers else None)

        run_write(self._context, _("Take back"), work, done=done, changed=CHANGED)

    def _give_again(self, name: str, numbers: list[int]) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> Given:
            return assigning.assign_by_hand(project=project, who=who, numbers=numbers, reviewers=[name])

        run_write(self._context, _("Undo"), work, changed=CHANGED)

    def _forget(self) -> None:
        self._seen = None
        self._page.follow()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, AccordError):
            self._context.notify(str(error), tone="warning")
        else:
            show_failure(self._context, error)
