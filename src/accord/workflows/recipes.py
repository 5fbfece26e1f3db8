"""The recipes of a project: those that come along, with the project's own versions of them, and more of its own."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from accord.domain import recipes
from accord.domain.errors import NotFound
from accord.domain.ledger import Who
from accord.domain.project import OwnRecipe, ProjectSettings
from accord.domain.recipes import BadRecipe, Makes, Recipe, Takes
from accord.domain.wording import _
from accord.formats import answers, reply_schema
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import projects
from accord.workflows.generation_prompts import answer_form
from accord.workflows.generation_replies import form

_FOLDER = resources.files("accord") / "resources" / "recipes"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
#: The order in which they are listed, by what they make.
_ORDER = tuple(Makes)
_FITTING: Mapping[Makes, frozenset[Takes]] = {
    Makes.ANSWER: frozenset({Takes.UNANSWERED}),
    Makes.PAIRS: frozenset({Takes.SEED, Takes.PASSAGE, Takes.TAG}),
    Makes.REQUESTS: frozenset({Takes.SEED, Takes.PASSAGE, Takes.TAG}),
    Makes.PARAPHRASES: frozenset({Takes.SEED}),
    Makes.REVISION: frozenset({Takes.CANDIDATE}),
    Makes.WORSE: frozenset({Takes.SEED}),
}
_FIELDS: Mapping[Makes, tuple[str, ...]] = {
    Makes.ANSWER: ("answer",),
    Makes.PAIRS: ("pairs", "request", "answer"),
    Makes.REQUESTS: ("requests",),
    Makes.PARAPHRASES: ("requests",),
    Makes.REVISION: ("critique", "answer"),
    Makes.WORSE: ("answer", "fault"),
}
_ANSWERS = frozenset({Makes.ANSWER, Makes.PAIRS, Makes.REVISION, Makes.WORSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A recipe of a project. ``recipe``: as it is asked here; ``markdown`` and ``facts``: its text, for editing.

    ``built_in``: one of this name comes along; ``own``: the project's own text counts; ``problem``: why its own text
    cannot be used, so that the one which comes along counts.
    """

    recipe: Recipe
    markdown: str
    facts: str
    built_in: bool
    own: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that a recipe had in the project, from when on and by whom; empty where it was reset."""

    at: str
    author: str
    version: str
    markdown: str = ""
    facts: str = ""


@cache
def built_in() -> dict[str, OwnRecipe]:
    """Return the texts of the recipes that come along, by name."""
    names = sorted(entry.name.removesuffix(".md") for entry in _FOLDER.iterdir() if entry.name.endswith(".md"))
    found = [OwnRecipe(name=name, markdown=_resource(f"{name}.md"), facts=_resource(f"{name}.json")) for name in names]
    return {one.name: one for one in sorted(found, key=lambda one: _ORDER.index(_read(one).makes))}


def _resource(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def listed(*, project: Project) -> tuple[Known, ...]:
    """Return the recipes of a project: those that come along, or its own versions of them, then others of its own."""
    with project.read() as view:
        return of_settings(project_settings.current(view))


def of_settings(settings: ProjectSettings) -> tuple[Known, ...]:
    """Return what ``listed`` does."""
    own = {one.name: one for one in settings.recipes}
    found = [_known(name, own.get(name), settings) for name in {**built_in(), **own}]
    return tuple(one for one in found if one is not None)


class NoRecipe(NotFound):
    """There is no recipe of this name; it says which there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(_("recipe"), name)
        self.args = (_("{problem} There are: {known}.", problem=str(self), known=", ".join(known)),)


def find(*, project: Project, name: str) -> Known:
    """Return the recipe with this name. Raises NoRecipe."""
    known = {one.recipe.name: one for one in listed(project=project)}
    if name not in known:
        raise NoRecipe(name, known)
    return known[name]


def _known(name: str, own: OwnRecipe | None, settings: ProjectSettings) -> Known | None:
    along, problem = built_in().get(name), ""
    for text in (own, along):
        if text is None:
            continue
        try:
            recipe = for_project(_read(text), settings)
        except BadRecipe as error:  # of a later program, or past this one
            problem = str(error)
            continue
        return Known(
            recipe=recipe,
            markdown=text.markdown,
            facts=text.facts,
            built_in=along is not None,
            own=text is own,
            problem=problem,
        )
    return None


def for_project(recipe: Recipe, settings: ProjectSettings) -> Recipe:
    """Return a recipe as it is asked in a project: an answer in its reply has the project's own form.

    Where the answers are a closed list or JSON, the reply's schema says so, and so does the text (``{{form}}``).
    """
    told = recipe.system
    if recipe.makes in _ANSWERS and answer_form(settings) and "form" not in recipe.places:
        told = f"{told}\n\n{{{{form}}}}".strip()
    return replace(recipe, system=told, schema=form(recipe, settings))


def save(*, project: Project, who: Who, name: str, markdown: str, facts: str) -> Known:
    """Keep a new version of a recipe in the project, which counts from now on; the earlier ones stay in its history.

    Raises BadRecipe, and OnlyFor; nothing is changed then.
    """
    text = OwnRecipe(name=name, markdown=markdown.replace("\r\n", "\n"), facts=facts.replace("\r\n", "\n"))
    check(text)
    settings = projects.settings_of(project=project)
    others = tuple(one for one in settings.recipes if one.name != name)
    kept = () if text == built_in().get(name) else (text,)
    projects.change_settings(project=project, who=who, settings=replace(settings, recipes=(*others, *kept)))
    return find(project=project, name=name)


def reset(*, project: Project, who: Who, name: str) -> bool:
    """Let the recipe count again that comes along, or take away one of the project's own; False where nothing differs.

    Raises NotFound, and OnlyFor.
    """
    find(project=project, name=name)
    settings = projects.settings_of(project=project)
    left = tuple(one for one in settings.recipes if one.name != name)
    return projects.change_settings(project=project, who=who, settings=replace(settings, recipes=left))


def history(*, project: Project, name: str) -> list[Version]:
    """Return the versions that a recipe had in the project, the newest first; not that which comes along."""
    with project.read() as view:
        versions = project_settings.history(view)
    found: list[Version] = []
    before: OwnRecipe | None = None
    for at, author, settings in versions:
        now = next((one for one in settings.recipes if one.name == name), None)
        if now != before:
            found.append(_version(at, author, now, settings))
        before = now
    return found[::-1]


def _version(at: str, author: str, text: OwnRecipe | None, settings: ProjectSettings) -> Version:
    if text is None:
        return Version(at=at, author=author, version="")
    try:
        version = for_project(_read(text), settings).version
    except BadRecipe:
        version = ""
    return Version(at=at, author=author, version=version, markdown=text.markdown, facts=text.facts)


def check(text: OwnRecipe) -> Recipe:
    """Return the recipe that a text is. Raises BadRecipe with what a person can mend."""
    if not _NAME.fullmatch(text.name):
        told = _("“{name}” is no name for a recipe: small letters, digits and hyphens, a letter first.", name=text.name)
        raise BadRecipe(told)
    recipe = _read(text)
    if recipe.takes not in _FITTING[recipe.makes]:
        told = _(
            "The recipe “{name}” makes “{makes}”, which starts from: {takes}.",
            name=text.name,
            makes=recipe.makes.value,
            takes=", ".join(sorted(takes.value for takes in _FITTING[recipe.makes])),
        )
        raise BadRecipe(told)
    problem = answers.schema_problem(json.dumps(dict(recipe.schema))) or reply_schema.strict_problem(recipe.schema)
    problem = problem or _missing(recipe)
    if problem:
        raise BadRecipe(
            _("The recipe “{name}” has a schema that cannot be used. {problem}", name=text.name, problem=problem)
        )
    return recipe


def _missing(recipe: Recipe) -> str | None:
    """Return the sentence that says which field of the reply is not in its schema."""
    fields = _FIELDS[recipe.makes]
    part: Mapping[str, Any] = recipe.schema
    for name in fields:
        properties = part.get("properties", {})
        if name not in properties:
            return _("A reply of this kind has: {fields}.", fields=", ".join(fields))
        found = properties[name]
        if found.get("type") == "array":
            part = found.get("items", {})
    return None


def _read(text: OwnRecipe) -> Recipe:
    return recipes.read(text.name, text.markdown, text.facts)
