"""The people of a file: added, described, given roles, retired; there is always a lead, and only a lead does it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.storage.conftest import bring_in, record
from tests.teams import ANA, LENA, Team

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.records import RawRecord
from accord.domain.review import ConflictResolution, Judgement, SetAsideReason, Verdict
from accord.storage.project import Project
from accord.workflows import (
    assigning,
    browsing,
    bulk,
    conflicts,
    duplicates,
    people,
    projects,
    reviewing,
    undoing,
)

BO = Who(actor="bo")


@pytest.fixture
def filled(project: Project) -> list[RawRecord]:
    """Put four examples into the project."""
    records = [record(number, f"Question {number}?", f"Answer {number}.") for number in range(1, 5)]
    bring_in(project, records)
    return records


def roles(project: Project) -> dict[str, Role]:
    return {person.name: person.role for person in people.everyone(project=project)}


def test_who_names_the_first_reviewer_leads(project: Project, who: Who) -> None:
    assert people.everyone(project=project) == []
    people.add(project=project, who=who, name=" Bo ", role=Role.REVIEWER, credential="MD,\n cardiology")
    assert roles(project) == {"ana": Role.LEAD, "Bo": Role.REVIEWER}
    assert [p.credential for p in people.everyone(project=project)] == ["MD, cardiology", ""]


def test_who_made_a_file_leads_it_whoever_names_the_first_person(tmp_path: Path, who: Who) -> None:
    file = projects.new_project(path=tmp_path / "shared.accord", who=Who(actor="maker"))
    added = people.add(project=file, who=who, name="lena", role=Role.LEAD)
    assert added.leads == ("maker", "ana")
    assert roles(file) == {"ana": Role.LEAD, "lena": Role.LEAD, "maker": Role.LEAD}
    assert people.add(project=file, who=who, name="bo", role=Role.REVIEWER).leads == ()
    file.close()


def test_who_adds_herself_to_another_s_file_is_what_she_said(tmp_path: Path, who: Who) -> None:
    file = projects.new_project(path=tmp_path / "shared.accord", who=Who(actor="maker"))
    assert people.add(project=file, who=who, name="ana", role=Role.REVIEWER).leads == ("maker",)
    assert roles(file) == {"ana": Role.REVIEWER, "maker": Role.LEAD}
    file.close()


def test_a_role_is_changed_and_the_last_lead_stays(project: Project, who: Who) -> None:
    people.add(project=project, who=who, name="bo", role=Role.REVIEWER, credential="MD")
    people.change_role(project=project, who=who, name="BO", role=Role.ADJUDICATOR)
    assert next(p for p in people.everyone(project=project) if p.name == "bo").credential == "MD"
    with pytest.raises(Refused, match="only lead"):
        people.change_role(project=project, who=who, name="ana", role=Role.REVIEWER)
    with pytest.raises(Refused, match="only lead"):
        people.retire(project=project, who=who, name="ana")
    with pytest.raises(Refused, match="Not on this project's list of people: cara"):
        people.change_role(project=project, who=who, name="cara", role=Role.LEAD)
    assert roles(project) == {"ana": Role.LEAD, "bo": Role.ADJUDICATOR}


def test_a_reviewer_changes_nobody_and_describes_herself(project: Project, who: Who) -> None:
    people.add(project=project, who=who, name="bo", role=Role.REVIEWER)
    project.sign_in("bo")
    with pytest.raises(OnlyFor):
        people.add(project=project, who=BO, name="eve", role=Role.LEAD)
    with pytest.raises(OnlyFor):
        people.retire(project=project, who=BO, name="ana")
    with pytest.raises(OnlyFor):
        people.describe(project=project, who=BO, name="ana", credential="x")
    people.describe(project=project, who=BO, name="bo", credential="attorney at law")
    assert {p.name: p.credential for p in people.everyone(project=project)}["bo"] == "attorney at law"


def test_who_leaves_leaves_her_reviews_and_what_waits_for_her_is_given_back(
    project: Project, who: Who, filled: list[RawRecord]
) -> None:
    people.add(project=project, who=who, name="bo", role=Role.REVIEWER)
    assigning.assign(project=project, who=who, reviewers=["bo"])
    first = browsing.example_page(project=project, numbers=[1])[0].id
    project.sign_in("bo")
    assert len(people.given_to(project=project, name="bo").left) == len(filled)
    reviewing.submit(project=project, who=BO, example_id=first, judgement=Judgement(verdict=Verdict.ACCEPT))
    yours = people.given_to(project=project, name="bo")
    assert (list(yours.left), yours.given) == ([2, 3, 4], 4)
    project.sign_in("ana")
    assert people.retire(project=project, who=who, name="bo") == 3
    assert roles(project) == {"ana": Role.LEAD}
    assert browsing.example(project=project, example_id=first).row.reviewers == ("bo",)
    with pytest.raises(Refused):
        people.retire(project=project, who=who, name="bo")
    people.add(project=project, who=who, name="Bo", role=Role.ADJUDICATOR)  # back, under the name she had
    assert roles(project) == {"ana": Role.LEAD, "bo": Role.ADJUDICATOR}


def test_names_that_cannot_be_and_passwords_of_a_file_are_refused(project: Project, who: Who) -> None:
    for name in ("", " ", "a\nb", "a" * 300):
        with pytest.raises(Refused):
            people.add(project=project, who=who, name=name, role=Role.REVIEWER)
    with pytest.raises(Refused, match="password"):
        people.add(project=project, who=who, name="bo", role=Role.REVIEWER, password="0123456789")  # noqa: S106  (refused)
    with pytest.raises(Refused, match="credential"):
        people.add(project=project, who=who, name="bo", role=Role.REVIEWER, credential="x" * 300)
    assert people.everyone(project=project) == []


def test_a_preview_says_what_would_be_given_and_gives_nothing(
    project: Project, who: Who, filled: list[RawRecord]
) -> None:
    seen = assigning.assign(project=project, who=who, reviewers=["bo", "cara"], overlap=0.5, preview=True)
    assert people.everyone(project=project) == []
    done = assigning.assign(project=project, who=who, reviewers=["bo", "cara"], overlap=0.5)
    assert (seen.assigned, seen.double_reviewed, seen.examples) == (done.assigned, done.double_reviewed, len(filled))
    assert undoing.undo(project=project, who=who).kind == "assign"


def test_on_a_server_people_are_its_logins(database: str) -> None:
    team = Team(database)
    lena, who = team[LENA], Who(actor=LENA)
    added = people.add(project=lena, who=who, name="Nora", role=Role.REVIEWER, credential="RN")
    assert added.password
    assert added.person.credential == "RN"
    people.change_role(project=lena, who=who, name="Nora", role=Role.ADJUDICATOR)
    assert roles(lena)["Nora"] is Role.ADJUDICATOR
    assigning.assign(project=lena, who=who, reviewers=["Nora"], where="")
    waiting = len(people.unjudged(project=lena, name="Nora"))
    assert waiting > 0
    assert people.retire(project=lena, who=who, name="Nora") == waiting
    assert "Nora" not in roles(lena)
    with pytest.raises(OnlyFor):
        people.retire(project=team[ANA], who=Who(actor=ANA), name=LENA)
    team.close()


def test_a_reviewer_of_a_file_decides_nothing_for_others(tmp_path: Path, who: Who) -> None:
    file = projects.new_project(path=tmp_path / "shared.accord", who=who)
    bring_in(file, [record(number, "Same question?", f"Quite another answer {number * 7}.") for number in (1, 2)])
    for name, role in (("bo", Role.REVIEWER), ("cara", Role.ADJUDICATOR)):
        people.add(project=file, who=who, name=name, role=role)
    ids = [row.id for row in browsing.example_page(project=file, numbers=[1, 2])]
    conflicts.refresh_all(project=file, who=who)
    (found,) = conflicts.listed(project=file)
    acts: list[Callable[[Who], object]] = [
        lambda me: bulk.add_tag(project=file, who=me, numbers=[1], tag="t"),
        lambda me: bulk.set_aside(project=file, who=me, numbers=[1]),
        lambda me: bulk.bring_back(project=file, who=me, numbers=[1]),
        lambda me: duplicates.not_duplicates(project=file, who=me, ids=ids),
        lambda me: duplicates.set_aside_suggested(project=file, who=me),
        lambda me: duplicates.set_aside(project=file, who=me, ids=ids[:1], reason=SetAsideReason.BY_HAND),
        lambda me: duplicates.bring_back(project=file, who=me, ids=ids[:1]),
        lambda me: conflicts.settle(
            project=file, who=me, keys=[found.key], resolution=ConflictResolution.ALL_VALID, reason="Both."
        ),
    ]
    file.sign_in("bo")
    for act in acts:
        with pytest.raises(OnlyFor, match="adjudicator"):
            act(BO)
    file.sign_in("cara")
    for act in acts:
        act(Who(actor="cara"))
    file.close()


def test_what_two_were_to_review_still_waits_for_a_second_when_one_leaves(
    project: Project, who: Who, filled: list[RawRecord]
) -> None:
    people.add(project=project, who=who, name="bo", role=Role.REVIEWER)
    people.add(project=project, who=who, name="cy", role=Role.REVIEWER)
    assigning.assign(project=project, who=who, reviewers=["bo", "cy"], overlap=1)
    first = browsing.example_page(project=project, numbers=[1])[0].id
    reviewing.submit(project=project, who=BO, example_id=first, judgement=Judgement(verdict=Verdict.ACCEPT))
    assert people.retire(project=project, who=who, name="cy") == len(filled)
    assert browsing.example(project=project, example_id=first).row.status == "in_review"
    people.add(project=project, who=who, name="dan", role=Role.REVIEWER)
    given = assigning.assign(project=project, who=who, reviewers=["bo", "dan"], overlap=0)
    assert given.assigned == {"bo": 0, "dan": len(filled)}
