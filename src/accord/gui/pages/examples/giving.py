"""Giving the selected examples to a person by hand: a name is asked for, and all of it can be taken back."""

from collections.abc import Sequence
from functools import partial

from accord.domain.wording import _, plural
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.workflows import assigning, people, permissions, undoing
from accord.workflows.assigning import Given

CHANGED = ("examples", "reviews", "settings")


class Giving:
    """For a lead of a project in which several people work."""

    def __init__(self, context: Context, reasons: ReasonBar) -> None:
        self._context = context
        self._reasons = reasons

    def possible(self) -> bool:
        """Whether there is anybody to give to, and who works may."""
        return self._context.several and permissions.leads(project=self._context.project)

    def ask(self, numbers: Sequence[int]) -> None:
        """Ask to whom, offering the people of the project."""
        project = self._context.project

        def done(names: list[str]) -> None:
            self._reasons.ask(
                plural("Give {n} example to whom?", "Give {n} examples to whom?", len(numbers)),
                partial(self._give, numbers),
                button=_("Give out"),
                detail=_("Besides whoever has them: each then needs as many verdicts. Several names with commas."),
                placeholder=", ".join(names),
                needed=True,
                known=names,
            )

        run_read(
            self._context,
            _("Reading the people"),
            lambda _progress: [person.name for person in people.everyone(project=project)],
            done=done,
        )

    def _give(self, numbers: Sequence[int], names: str) -> None:
        project, who = self._context.project, opening.who(self._context)

        def work(_progress: object) -> Given:
            wanted = people.names_among(project=project, names=names.split(","))
            return assigning.assign_by_hand(project=project, who=who, numbers=numbers, reviewers=wanted)

        run_write(self._context, _("Give out"), work, done=self._given, changed=CHANGED)

    def _given(self, given: Given) -> None:
        told = plural("{n} example was given out.", "{n} examples were given out.", given.examples)
        self._context.notify(told, tone="good", undo=partial(self._undo, given.act))

    def _undo(self, act: str) -> None:
        take = partial(undoing.undo, project=self._context.project, who=opening.who(self._context), act=act)
        run_write(self._context, _("Undo"), lambda _progress: take(), changed=CHANGED)
