"""A project's recipes: those that come along, its own versions of them, and what is wrong with a text."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.conftest import WHO

from accord.domain.errors import NotFound
from accord.domain.people import OnlyFor, Role
from accord.domain.project import AnswerKind, Choice, OwnRecipe, ProjectSettings
from accord.domain.recipes import BadRecipe, Makes
from accord.formats import reply_schema
from accord.storage import settings as project_settings
from accord.storage.project import Project, create_project
from accord.workflows import people, projects, recipes, undoing

CLOSED = ProjectSettings(answer_kind=AnswerKind.LIST, choices=(Choice(label="yes"), Choice(label="no")))
SCHEMA = {"type": "object", "properties": {"mg": {"type": "integer"}, "per": {"type": "string"}}, "required": ["mg"]}
AS_JSON = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=SCHEMA)
NAMES = ("answers", "variations", "passages", "requests", "paraphrases", "revise", "worse")


@pytest.fixture
def clinic(place: Path | str) -> Iterator[Project]:
    project = create_project(place)
    yield project
    project.close()


def along(name: str) -> OwnRecipe:
    return recipes.built_in()[name]


def names(project: Project) -> list[str]:
    return [one.recipe.name for one in recipes.listed(project=project)]


def test_the_recipes_that_come_along_pass_the_check_that_a_persons_own_has_to_pass(clinic: Project) -> None:
    assert sorted(names(clinic)) == sorted(NAMES)
    assert names(clinic)[0] == "answers"
    for one in recipes.listed(project=clinic):
        assert recipes.check(along(one.recipe.name)) == one.recipe
        assert (one.built_in, one.own, one.problem) == (True, False, "")


def test_a_changed_recipe_counts_until_it_is_reset_and_its_versions_stay(clinic: Project) -> None:
    text = along("worse")
    first = text.markdown.replace("one fault of a named kind", "one grave fault")
    second = text.markdown.replace("Keep the language.", "Keep the language and the length.")
    before = recipes.find(project=clinic, name="worse").recipe.version
    recipes.save(project=clinic, who=WHO, name="worse", markdown=first, facts=text.facts)
    saved = recipes.save(project=clinic, who=WHO, name="worse", markdown=second.replace("\n", "\r\n"), facts=text.facts)
    assert saved.own
    assert "the length" in recipes.find(project=clinic, name="worse").recipe.system
    assert names(clinic) == list(recipes.built_in())
    kept = recipes.history(project=clinic, name="worse")
    assert [(one.markdown, one.author) for one in kept] == [(second, "ana"), (first, "ana")]
    assert kept[0].version == saved.recipe.version != before == kept[1].version  # "about" is told to no model
    assert recipes.reset(project=clinic, who=WHO, name="worse")
    assert not recipes.reset(project=clinic, who=WHO, name="worse")
    assert not recipes.find(project=clinic, name="worse").own
    assert [bool(one.markdown) for one in recipes.history(project=clinic, name="worse")] == [False, True, True]
    assert recipes.history(project=clinic, name="answers") == []


def test_a_recipe_that_is_saved_as_it_comes_along_is_none_of_the_projects_own(clinic: Project) -> None:
    text = along("revise")
    assert not recipes.save(project=clinic, who=WHO, name="revise", markdown=text.markdown, facts=text.facts).own


def test_a_recipe_of_ones_own_stands_last_and_a_reset_takes_it_away(clinic: Project) -> None:
    text = along("variations")
    recipes.save(project=clinic, who=WHO, name="harder", markdown=text.markdown, facts=text.facts)
    assert names(clinic)[-1] == "harder"
    assert not recipes.find(project=clinic, name="harder").built_in
    recipes.reset(project=clinic, who=WHO, name="harder")
    with pytest.raises(NotFound, match="no recipe “harder”") as refused:
        recipes.find(project=clinic, name="harder")
    assert "There are: answers, passages," in str(refused.value)
    with pytest.raises(NotFound):
        recipes.reset(project=clinic, who=WHO, name="harder")


def test_a_change_of_a_recipe_is_undone_as_one_of_the_settings_is(tmp_path: Path) -> None:
    project = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    text = along("worse")
    recipes.save(project=project, who=WHO, name="worse", markdown=f"{text.markdown} ", facts=text.facts)
    undoing.undo(project=project, who=WHO)
    assert not recipes.find(project=project, name="worse").own
    project.close()


def _facts(name: str, **changed: object) -> str:
    return json.dumps({**json.loads(along(name).facts), **changed})


@pytest.mark.parametrize(
    ("name", "markdown", "facts", "said"),
    [
        ("Worse!", along("worse").markdown, along("worse").facts, "is no name for a recipe"),
        ("worse", "no title", along("worse").facts, "needs a title"),
        ("worse", along("worse").markdown, "{", "unreadable facts"),
        ("worse", along("answers").markdown, _facts("answers", takes="passage"), "cannot be given"),
        (
            "worse",
            along("worse").markdown,
            _facts("worse", makes="answer"),
            "makes “answer”, which starts from: unanswered",
        ),
        ("worse", along("worse").markdown, _facts("worse", schema={"type": 3}), "not a JSON schema"),
        ("worse", along("worse").markdown, _facts("worse", schema={"type": "array"}), "is of an object"),
        (
            "worse",
            along("worse").markdown,
            _facts("answers", takes="seed", makes="worse"),
            "A reply of this kind has: answer, fault",
        ),
        (
            "worse",
            along("worse").markdown,
            _facts("worse", schema={"type": "object", "properties": {"answer": {}}}),
            "in “required”",
        ),
    ],
)
def test_what_is_wrong_with_a_text_is_said_and_nothing_is_changed(
    tmp_path: Path, name: str, markdown: str, facts: str, said: str
) -> None:
    project = create_project(tmp_path / "clinic.accord")
    with pytest.raises(BadRecipe, match=said):
        recipes.save(project=project, who=WHO, name=name, markdown=markdown, facts=facts)
    with project.read() as view:
        assert project_settings.version(view) == 0
    project.close()


def test_a_stored_text_that_cannot_be_read_gives_way_to_the_one_that_comes_along() -> None:
    broken = OwnRecipe(name="worse", markdown="# W\n\n## User\n{{later}}", facts=along("worse").facts)
    alone = replace(broken, name="alone")
    found = {one.recipe.name: one for one in recipes.of_settings(ProjectSettings(recipes=(broken, alone)))}
    assert "alone" not in found
    assert not found["worse"].own
    assert "names “later”" in found["worse"].problem


def test_settings_with_recipes_come_back_as_they_were() -> None:
    settings = ProjectSettings(recipes=(along("worse"),))
    assert ProjectSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_only_a_lead_changes_a_recipe(tmp_path: Path) -> None:
    project = create_project(tmp_path / "clinic.accord")
    people.add(project=project, who=WHO, name="ana", role=Role.LEAD)
    people.add(project=project, who=WHO, name="bo", role=Role.REVIEWER)
    project.sign_in("bo")
    text = along("worse")
    with pytest.raises(OnlyFor):
        recipes.save(project=project, who=WHO, name="worse", markdown=text.markdown + " ", facts=text.facts)
    project.close()


@pytest.mark.parametrize("settings", [ProjectSettings(), CLOSED, AS_JSON])
@pytest.mark.parametrize("name", NAMES)
def test_each_recipe_asks_for_the_projects_own_form_in_a_schema_that_services_hold_a_model_to(
    name: str, settings: ProjectSettings
) -> None:
    known = {one.recipe.name: one.recipe for one in recipes.of_settings(settings)}[name]
    jsonschema.Draft202012Validator.check_schema(known.schema)
    assert reply_schema.strict_problem(known.schema) is None
    plain = {one.recipe.name: one.recipe for one in recipes.of_settings(ProjectSettings())}[name]
    answers = known.makes not in {Makes.REQUESTS, Makes.PARAPHRASES}
    assert (known.version != plain.version) == (answers and settings != ProjectSettings())
    assert ("{{form}}" in known.system) == (answers and settings != ProjectSettings())
    assert recipes.for_project(known, settings) == known


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5, unique=True))
def test_a_closed_list_is_asked_for_in_its_very_words(labels: list[str]) -> None:
    settings = replace(CLOSED, choices=tuple(Choice(label=label) for label in labels))
    known = next(one.recipe for one in recipes.of_settings(settings) if one.recipe.name == "answers")
    assert known.schema["properties"]["answer"]["enum"] == labels
