"""What reviewers did with candidates, by recipe and model: which of them is worth asking again."""

from collections.abc import Sequence
from typing import Any

from accord.domain.progress import Progress
from accord.domain.wording import _, number, percent
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.agreement.figures import share
from accord.gui.pages.generate.words import dollars
from accord.gui.theme import theme
from accord.gui.widgets import Card, Column, PagedModel, PlainLabel, TableView
from accord.workflows import generation_figures
from accord.workflows.generation_figures import Figures

_MOST_ROWS = 8


class FiguresCard(Card):
    """A line for each recipe, in one version, and model; hidden until something was made."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("What reviewers did with the candidates"))
        self._context = context
        self._figures: dict[str, Figures] = {}
        self._titles: dict[str, str] = {}
        told = _(
            "Accepted: edited or not, of those accepted or rejected; the brackets are 95% intervals (Wilson). "
            "Edited: the median share of words changed. Cost: of each accepted one, in US dollars."
        )
        self.model = PagedModel(context, self._columns(), self._fetch)
        self.table = TableView(_("What reviewers did with the candidates"), self.model)
        self.body.addWidget(self.table)
        self.body.addWidget(PlainLabel(told, role="small", wrap=True))
        self.hide()

    def read(self, titles: dict[str, str]) -> None:
        """Read the figures again; ``titles``: of the recipes, by name."""
        project, self._titles = self._context.project, titles
        run_read(
            self._context,
            _("Comparing recipes and models"),
            lambda progress: generation_figures.by_recipe_and_model(project=project, progress=progress),
            done=self.show_figures,
        )

    def show_figures(self, found: Sequence[Figures]) -> None:
        """Show these, the most accepted first as they come."""
        self._figures = {f"{one.recipe} {one.version} {one.model}": one for one in found}
        self.model.set_ids(list(self._figures))
        self.table.setFixedHeight(theme().px(34 + 28 * max(1, min(len(found), _MOST_ROWS))))
        self.setVisible(bool(found))

    def _fetch(self, ids: Sequence[Any], _progress: Progress) -> list[Figures | None]:
        figures = self._figures
        return [figures.get(str(one)) for one in ids]

    def _columns(self) -> list[Column]:
        def count(name: str, title: str) -> Column:
            return Column(id=name, title=title, text=lambda one: number(getattr(one, name)), width=72, align="right")

        return [
            Column(
                id="recipe", title=_("Recipe"), text=lambda one: self._titles.get(one.recipe, one.recipe), stretch=True
            ),
            Column(id="version", title=_("Version"), text=lambda one: one.version[:6], width=72, muted=True),
            Column(id="model", title=_("Model"), text=lambda one: one.model, width=132),
            count("made", _("Made")),
            count("waiting", _("Waiting")),
            Column(id="share", title=_("Accepted"), text=_accepted, width=132, align="right"),
            Column(id="edit", title=_("Edited"), text=_edited, width=84, align="right"),
            Column(id="cost", title=_("Cost"), text=_cost, width=72, align="right", muted=True),
        ]


def _accepted(one: Figures) -> str:
    return share(one.accepted_share) if one.accepted + one.rejected else "–"


def _edited(one: Figures) -> str:
    if one.edit is None:
        return "–"
    return f"{number(one.edited)} · {percent(one.edit)}"


def _cost(one: Figures) -> str:
    return "–" if one.cost_per_accepted is None else dollars(one.cost_per_accepted)
