"""Recipes and models compared by what reviewers did with their candidates."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.runs import PLAN, begun, reply
from tests.workflows.candidates import judge, ran

from accord.analysis.agreement.proportions import wilson
from accord.domain.agreement import Measured, Undefined
from accord.domain.generation import Asked, Made, Outcome, Start
from accord.domain.people import OnlyFor, Role
from accord.domain.review import SetAsideReason, Verdict
from accord.storage import decisions, generations, states
from accord.storage.project import Project, create_project
from accord.workflows import people
from accord.workflows.generation_figures import by_recipe_and_model


@pytest.fixture
def clinic(place: Path | str) -> Iterator[Project]:
    """Give a project with one seed, from which runs make candidates."""
    project = create_project(place)
    bring_in(project, [record(1, "The seed?", "Yes.")])
    yield project
    project.close()


def test_what_reviewers_did_is_counted_by_recipe_and_model(clinic: Project) -> None:
    rows = [record(n, f"Question {n}?", "one two three four.") for n in range(1, 8)]
    found = ran(clinic, "large", rows, Outcome(new=7, duplicate=2, refused={"held out": 3}), cost="0.90")
    ran(clinic, "small", [record(9, "Question 9?", "")], Outcome(new=1), cost="0")
    judge(clinic, found[0], Verdict.ACCEPT)
    judge(clinic, found[1], Verdict.EDIT, m1="one two three five.")  # 2 of 10 words and signs
    judge(clinic, found[2], Verdict.EDIT, m1="all of it is new")
    judge(clinic, found[3], Verdict.REJECT)
    judge(clinic, found[4], Verdict.UNSURE)
    with clinic.write(WHO) as unit:
        decisions.about_examples(unit, [found[5]], "set_aside", reason=SetAsideReason.DUPLICATE)
        states.refresh(unit, [found[5]])
        unit.commit()
    large, small = by_recipe_and_model(project=clinic)
    assert (large.recipe, large.model, large.made) == ("variations", "large", 7)
    assert (large.as_they_are, large.edited, large.rejected, large.set_aside, large.waiting) == (1, 2, 1, 1, 2)
    assert large.edit == pytest.approx((0.2 + 1.0) / 2)
    assert (large.duplicate, large.refused) == (2, 3)
    assert large.accepted_share == wilson(3, 4, none="")
    assert isinstance(large.accepted_share, Measured)
    assert (large.cost, large.cost_per_accepted) == (Decimal("0.90"), Decimal("0.30"))
    assert (small.model, small.waiting, small.edit, small.cost_per_accepted) == ("small", 1, None, None)
    assert isinstance(small.accepted_share, Undefined)


def test_a_request_that_was_answered_by_a_person_is_accepted_as_it_is(clinic: Project) -> None:
    first, second = ran(clinic, "m", [record(1, "Why so late?", ""), record(2, "Why early?", "")], Outcome(new=2))
    judge(clinic, first, Verdict.EDIT, m1="Because.")
    judge(clinic, second, Verdict.EDIT, m0="Why so very early?", m1="Because.")
    (row,) = by_recipe_and_model(project=clinic)
    assert (row.as_they_are, row.edited) == (1, 1)
    assert row.edit == pytest.approx(2 / 8)


def test_an_example_that_two_runs_made_counts_for_the_first(clinic: Project) -> None:
    (seq,) = ran(clinic, "first", [record(1, "Why?", "So.")], Outcome(new=1))
    run_id = begun(clinic, WHO, Start(seed=1), plan=replace(PLAN, model="second"))
    with clinic.write(WHO) as unit:
        generations.resume(unit, run_id)
        generations.asking(unit, run_id, [Asked(number=1, asked="h")])
        generations.told(unit, run_id, [reply(1)])
        generations.stored(unit, run_id, {1: Outcome(duplicate=1)}, [Made(seq, 1, (1,))])
        unit.commit()
    generations.ended(unit.act)
    first, second = sorted(by_recipe_and_model(project=clinic), key=lambda row: row.model)
    assert (first.made, second.made, second.duplicate) == (1, 0, 1)


def test_only_a_lead_compares(tmp_path: Path) -> None:
    project = create_project(tmp_path / "clinic.accord")
    assert by_recipe_and_model(project=project) == ()
    people.add(project=project, who=WHO, name="ana", role=Role.LEAD)
    people.add(project=project, who=WHO, name="bo", role=Role.REVIEWER)
    project.sign_in("bo")
    with pytest.raises(OnlyFor):
        by_recipe_and_model(project=project)
    project.close()
