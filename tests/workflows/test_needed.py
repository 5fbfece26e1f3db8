"""How many verdicts an example needs: nothing but the act that asked for more is taken back with it."""

from pathlib import Path

import pytest

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.storage import states
from accord.storage.project import Project
from accord.workflows import assigning, browsing, calibrating, importing, people, projects, reviewing, undoing

LEAD = Who(actor="lena")
ACCEPT = Judgement(verdict=Verdict.ACCEPT)
LATER = "2999-01-01T00:00:00.000+00:00"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of six examples and four reviewers."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(6)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a"})
    for name in ("ana", "bo", "cy", "dan"):
        people.add(project=made, who=LEAD, name=name, role=Role.REVIEWER)
    return made


def _needs(project: Project, number: int = 1) -> int:
    with project.read() as view:
        return states.requirements(view, [number]).get(number, 1)


def _plan(project: Project, *names: str, overlap: float, days: int = 0) -> assigning.Given:
    return assigning.assign(project=project, who=LEAD, reviewers=names, overlap=overlap, days=days)


def _by_hand(project: Project, *names: str) -> str:
    return assigning.assign_by_hand(project=project, who=LEAD, numbers=[1], reviewers=names).act


def _judge(project: Project, name: str) -> None:
    example = browsing.example_page(project=project, numbers=[1])[0].id
    reviewing.submit(project=project, who=Who(actor=name), example_id=example, judgement=ACCEPT)


def test_a_plan_that_is_undone_asks_for_nothing_any_more(project: Project) -> None:
    _plan(project, "ana", "bo", "cy", overlap=1)
    assert _needs(project) == 2
    undoing.undo(project=project, who=LEAD)
    assert _needs(project) == 1


def test_the_second_review_outlives_a_third_person_who_came_and_went(project: Project) -> None:
    _plan(project, "ana", "bo", "cy", overlap=1)
    missing = next(name for name in ("ana", "bo", "cy") if not _has(project, name))
    away = next(name for name in ("ana", "bo", "cy") if _has(project, name))
    assigning.take_back(project=project, who=LEAD, numbers=[1], reviewer=away, as_many=True)
    assert _needs(project) == 2
    _by_hand(project, missing)
    assert _needs(project) == 2
    undoing.undo(project=project, who=LEAD)
    assert _needs(project) == 2


def _has(project: Project, name: str) -> bool:
    return any(row.seq == 1 for row in browsing.examples(project=project, where=f"assigned = {name}"))


def test_what_a_plan_gives_to_two_stays_with_two_when_one_is_taken_back(project: Project) -> None:
    _plan(project, "ana", "bo", overlap=1)
    assigning.take_back(project=project, who=LEAD, numbers=[1], reviewer="bo")
    assert _needs(project) == 2
    _judge(project, "ana")
    assert browsing.example_page(project=project, numbers=[1])[0].status == "in_review"
    assert _plan(project, "ana", "cy", overlap=0).assigned == {"ana": 0, "cy": 1}


def test_a_second_review_outlives_the_lease_of_both(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _plan(project, "ana", "bo", overlap=1, days=3)
    for room in ("assigning", "needed"):
        monkeypatch.setattr(f"accord.workflows.{room}.now", lambda: LATER)
    _by_hand(project, "cy")
    assert _needs(project) == 2
    undoing.undo(project=project, who=LEAD)
    assert _needs(project) == 2
    assert _plan(project, "cy", "dan", overlap=0).double_reviewed == 6


def test_people_of_one_act_are_taken_back_one_by_one(project: Project) -> None:
    _plan(project, "ana", overlap=0)
    _by_hand(project, "bo", "cy")
    assert _needs(project) == 3
    for name, left in (("cy", 2), ("bo", 1)):
        assigning.take_back(project=project, who=LEAD, numbers=[1], reviewer=name)
        assert _needs(project) == left


def test_an_earlier_act_takes_back_its_own_share_alone(project: Project) -> None:
    _plan(project, "ana", overlap=0)
    first = _by_hand(project, "bo")
    _by_hand(project, "cy")
    assert _needs(project) == 3
    undoing.undo(project=project, who=LEAD, act=first)
    assert _needs(project) == 2
    undoing.undo(project=project, who=LEAD)
    assert _needs(project) == 1


def test_a_verdict_that_was_given_meanwhile_is_waited_for_with_the_others(project: Project) -> None:
    _plan(project, "ana", overlap=0)
    _by_hand(project, "bo")
    _judge(project, "bo")
    undoing.undo(project=project, who=LEAD)
    assert _needs(project) == 2
    assert browsing.example_page(project=project, numbers=[1])[0].status == "in_review"


def test_a_calibration_round_leaves_what_was_asked_for_before(project: Project) -> None:
    _plan(project, "ana", "bo", overlap=1)
    calibrating.begin(project=project, who=LEAD, reviewers=["ana", "bo", "cy"], items=6)
    assert _needs(project) == 3
    calibrating.close(project=project, who=LEAD)
    assert _needs(project) == 2
