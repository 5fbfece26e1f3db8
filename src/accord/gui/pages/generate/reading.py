"""What the page reads, apart from the window: recipes with their starting points, connections, and earlier runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accord.bootstrap import Services
from accord.domain.errors import AccordError
from accord.domain.generation import RunFacts
from accord.domain.project import DataClass
from accord.domain.recipes import RECORDED, Takes
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.gui.pages.generate.recipe_list import Offer
from accord.gui.pages.generate.who_card import KnownConnection
from accord.workflows import browsing, connections, generating, generation_coverage, projects, recipes
from accord.workflows.generation_coverage import Coverage
from accord.workflows.generation_starts import Wish, starts_of
from accord.workflows.recipes import Known

_USUAL = 20  # candidates, in the sentence that says how many examples it would take
_STATUSES = {
    Takes.UNANSWERED: Status.NEEDS_ANSWER,
    Takes.SEED: Status.ACCEPTED,
    Takes.CANDIDATE: Status.CANDIDATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The recipes, how they are offered, the tags, where the data may go, and all runs, the newest first."""

    known: Mapping[str, Known]
    offers: Sequence[Offer]
    coverage: tuple[Coverage, ...]
    data_class: DataClass
    runs: Sequence[RunFacts]

    @property
    def locked(self) -> bool:
        """Whether nothing of the project may leave this machine."""
        return self.data_class is DataClass.LOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The connections of this machine, and the one that was asked last."""

    known: tuple[KnownConnection, ...]
    usual: str


def read_facts(project: Any) -> Facts:
    """Return what the page shows of a project."""
    known = (*recipes.listed(project=project), recorded())
    table = generation_coverage.coverage(project=project)
    by_status = browsing.stage_counts(project=project).by_status
    return Facts(
        known={one.recipe.name: one for one in known},
        offers=[_offer(project, one, table, by_status) for one in known],
        coverage=table,
        data_class=projects.settings_of(project=project).data_class,
        runs=generating.runs(project=project),
    )


def recorded() -> Known:
    """Return how a model's own answers are recorded, as it is offered beside the recipes; it has no text."""
    about = _("Sends conversations as they stand, and keeps each answer beside them: before a model is taken off.")
    recipe = replace(RECORDED, title=_("Record a model's own answers"), about=about)
    return Known(recipe=recipe, markdown="", facts="", built_in=True, own=False)


def read_connections(services: Services) -> Connected:
    """Return the connections of this machine; the keyring is asked where each key is."""
    settings, keys = services.settings, services.keys
    return Connected(
        known=tuple(
            KnownConnection(saved=saved, key=connections.key_sentence(keys=keys, connection=saved.connection))
            for saved in connections.listed(settings=settings)
        ),
        usual=connections.default(settings=settings).name,
    )


def data_class_sentence(data_class: DataClass) -> str:
    """Return where a project's data may go, as it is shown beside the consent."""
    if data_class is DataClass.LOCKED:
        return _("Data class of the project: locked to this machine.")
    return _("Data class of the project: may be sent, after consent.")


def _offer(project: Any, known: Known, table: Sequence[Coverage], by_status: Mapping[str, int]) -> Offer:
    recipe = known.recipe
    about = " ".join(f"{recipe.about} {known.problem}".split())
    standing = _standing(recipe.takes, table, by_status)
    possible = bool(standing)
    if not standing:
        try:
            starts_of(project=project, recipe=recipe, wish=Wish(n=_USUAL, shown=0))
        except AccordError as reason:
            standing = str(reason)
    return Offer(name=recipe.name, title=recipe.title, about=about, standing=standing, possible=possible)


def _standing(takes: Takes, table: Sequence[Coverage], by_status: Mapping[str, int]) -> str:
    """Return what there is to start from; empty where there is nothing."""
    if takes is Takes.PASSAGE:
        return _("Starts from documents that you choose.")
    if takes is Takes.TAG:
        return _tags(table)
    if takes is Takes.CONVERSATION:
        n = sum(by_status.values())
        return plural("{n} example can be asked.", "{n} examples can be asked.", n) if n else ""
    n = by_status.get(_STATUSES[takes], 0)
    if not n:
        return ""
    if takes is Takes.UNANSWERED:
        return plural("{n} request has no answer.", "{n} requests have no answer.", n)
    if takes is Takes.SEED:
        return plural("{n} example is accepted.", "{n} examples are accepted.", n)
    return plural("{n} candidate that nobody has reviewed.", "{n} candidates that nobody has reviewed.", n)


def _tags(table: Sequence[Coverage]) -> str:
    if not table:
        return ""
    thin = sum(one.wanted > 0 for one in table)
    tags = plural("{n} tag", "{n} tags", len(table))
    few = plural("{n} of them has few examples", "{n} of them have few examples", thin) if thin else _("none is thin")
    return f"{tags}, {few}."
