"""Generating on a team's server: a lead starts runs and compares them; a reviewer sees the tags and nothing of runs."""

from collections.abc import Iterator

import pytest
from tests.storage.runs import PLAN, begun
from tests.teams import ANA, LENA, Team, who

from accord.domain.generation import Start
from accord.domain.people import OnlyFor
from accord.domain.project import ProjectSettings
from accord.domain.review import Judgement, Verdict
from accord.storage.project import Project
from accord.workflows import generation_coverage, recipes, reviewing
from accord.workflows.generation_figures import by_recipe_and_model
from accord.workflows.generation_prompts import Shared, messages
from accord.workflows.generation_starts import Wish, starts_of


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Give a team in which one reviewer has accepted two examples, one of which waits for a second reviewer."""
    made = Team(database)
    for number in (1, 12):
        judgement = Judgement(verdict=Verdict.ACCEPT, tags=("t",))
        reviewing.submit(project=made[ANA], who=who(ANA), example_id=made.ids[number - 1], judgement=judgement)
    yield made
    made.close()


def told(project: Project, name: str) -> str:
    recipe = recipes.find(project=project, name=name).recipe
    found = starts_of(project=project, recipe=recipe, wish=Wish(n=50)).starts
    with project.read() as view:
        return str(messages(view, recipe, found, Shared(settings=ProjectSettings())))


def test_a_lead_starts_from_what_is_accepted_and_not_from_what_still_waits(team: Team) -> None:
    said = told(team[LENA], "variations")
    assert "Question 12 about" in said
    assert "Question 2 about" not in said


def test_runs_are_compared_by_a_lead_alone_and_tags_are_counted_as_each_may_see_them(team: Team) -> None:
    begun(team[LENA], who(LENA), Start(seed=12), plan=PLAN)
    assert [row.model for row in by_recipe_and_model(project=team[LENA])] == ["gpt-4.1"]
    with pytest.raises(OnlyFor):
        by_recipe_and_model(project=team[ANA])
    for name in (ANA, LENA):
        (row,) = generation_coverage.coverage(project=team[name])
        assert (row.tag, row.accepted, row.waiting) == ("t", 1, 11)


def test_a_recipe_is_changed_by_a_lead_and_read_by_everybody(team: Team) -> None:
    text = recipes.built_in()["worse"]
    changed = {"name": "worse", "markdown": text.markdown + " ", "facts": text.facts}
    with pytest.raises(OnlyFor):
        recipes.save(project=team[ANA], who=who(ANA), **changed)
    assert recipes.save(project=team[LENA], who=who(LENA), **changed).own
    assert recipes.find(project=team[ANA], name="worse").own
