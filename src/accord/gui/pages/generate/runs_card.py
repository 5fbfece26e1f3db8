"""All runs of the project, newest first: what each came to; the one under the cursor can be looked at again."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal

from accord.domain.generation import RunFacts
from accord.domain.moments import local
from accord.domain.progress import Progress
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.pages.generate.words import dollars, how_far_short, state_word
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, Column, PagedModel, PlainLabel, TableView, row

_MOST_ROWS = 6


class RunsCard(Card):
    """``opened`` gives the number of the run that a person wants to look at."""

    opened = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__(_("All runs"))
        self._runs: dict[int, RunFacts] = {}
        self.model = PagedModel(context, _columns(), self._fetch)
        self.table = TableView(_("All runs"), self.model)
        self.none = PlainLabel(_("None yet."), role="muted")
        self.look = Button(_("Look at this run"), run=self._look)
        self.table.opened.connect(self.opened.emit)
        self.body.addWidget(self.none)
        self.body.addWidget(self.table)
        self.body.addLayout(row(self.look, None))
        self.show_runs(())

    def show_runs(self, runs: Sequence[RunFacts]) -> None:
        """Show these runs, the newest first as they come."""
        self._runs = {run.id: run for run in runs}
        if list(self.model.ids) == list(self._runs):
            self.model.reload()
        else:
            self.model.set_ids(list(self._runs))
        if runs and self.table.current_id() is None:
            self.table.select_row(0)
        self.table.setFixedHeight(theme().px(34 + 28 * max(1, min(len(runs), _MOST_ROWS))))
        if self.table.parent() is not None:
            for part in (self.table, self.look):
                part.setVisible(bool(runs))
            self.none.setVisible(not runs)

    def _look(self) -> None:
        chosen = self.table.current_id()
        if chosen is not None:
            self.opened.emit(int(chosen))

    def _fetch(self, ids: Sequence[Any], _progress: Progress) -> list[RunFacts | None]:
        runs = self._runs
        return [runs.get(int(one)) for one in ids]


def _columns() -> list[Column]:
    return [
        Column(id="n", title=_("Run"), text=lambda run: str(run.id), width=48, align="right"),
        Column(id="when", title=_("Begun"), text=lambda run: local(run.at), width=132, muted=True),
        Column(id="recipe", title=_("Recipe"), text=lambda run: run.plan.recipe.title, stretch=True),
        Column(id="model", title=_("Model"), text=lambda run: run.plan.model, width=150),
        Column(id="answered", title=_("Answered"), text=how_far_short, width=84, align="right"),
        Column(id="new", title=_("New"), text=lambda run: number(run.outcome.new), width=60, align="right"),
        Column(id="cost", title=_("Cost"), text=lambda run: dollars(run.cost), width=80, align="right"),
        Column(id="state", title=_("State"), text=state_word, width=92),
    ]
