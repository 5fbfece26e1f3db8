"""Verdicts from a file: whose they are, what was there before, and what nobody had given to anybody."""

from pathlib import Path

import pytest

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.storage.project import Project
from accord.workflows import assigning, browsing, importing, people, projects, review_files
from accord.workflows.naming import NotListed
from accord.workflows.permissions import LooksOn

LEAD = Who(actor="lena")
NAMES = ("ana", "bo")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of six examples in which nobody is listed."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(6)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a"})
    return made


@pytest.fixture
def staffed(project: Project) -> Project:
    """Give it with two reviewers, each of whom is to review the first two examples; the lead signed in."""
    assigning.assign_by_hand(project=project, who=LEAD, numbers=[1, 2], reviewers=NAMES)
    project.sign_in("lena")
    return project


def _apply(project: Project, *said: tuple[int, str], who: Who = LEAD, new: bool = False) -> review_files.ReviewAccount:
    ids = [row.id for row in browsing.example_page(project=project, numbers=range(1, 7))]
    path = project.path.with_name("said.csv")
    rows = [f"{ids[number - 1]},{name},accept\n" for number, name in said]
    path.write_text("id,reviewer,verdict\n" + "".join(rows))
    return review_files.apply(project=project, who=who, path=path, new=new)


def _reviewers(project: Project) -> set[str]:
    return {name for row in browsing.examples(project=project) for name in row.reviewers}


def test_where_nobody_is_listed_anybody_may_have_reviewed_and_nobody_is_listed_by_it(project: Project) -> None:
    assert _apply(project, (1, "ana"), (2, "bo")).met.new == NAMES
    assert _apply(project, (3, "ana"), (4, "cy")).met.new == ("cy",)
    assert people.everyone(project=project) == []


def test_the_same_file_again_says_what_was_there(project: Project) -> None:
    said = [(number, name) for number in (1, 2, 3) for name in NAMES]
    first, second = _apply(project, *said), _apply(project, *said, (4, "ana"))
    assert (first.accepted, first.already) == (6, 0)
    assert (second.read, second.accepted, second.rejected, second.already) == (7, 7, 0, 6)
    assert projects.counts(project=project).reviews == 7


def test_what_was_not_given_is_counted_and_counts(staffed: Project) -> None:
    told = _apply(staffed, (1, "ana"), (2, "bo"), (3, "ana"))
    assert (told.accepted, told.not_given) == (3, 1)
    assert _apply(staffed, (3, "ana")).not_given == 0
    assert [row.status for row in browsing.example_page(project=staffed, numbers=[3])] == ["accepted"]


def test_a_file_with_a_name_that_is_not_listed_is_refused_whole_unless_it_is_meant(staffed: Project) -> None:
    with pytest.raises(NotListed, match=r"annna.*Nearest: ana, .*--new"):
        _apply(staffed, (1, "ana"), (1, "annna"))
    assert _reviewers(staffed) == set()
    told = _apply(staffed, (1, "Ana"), (1, "cy"), new=True)
    assert told.met.new == ("cy",)
    assert _reviewers(staffed) == {"ana", "cy"}
    assert {person.name: person.role for person in people.everyone(project=staffed)} == {
        "ana": Role.REVIEWER,
        "bo": Role.REVIEWER,
        "cy": Role.REVIEWER,
        "lena": Role.LEAD,
    }


def test_only_a_lead_lists_people_in_passing(staffed: Project) -> None:
    staffed.sign_in("ana")
    with pytest.raises(OnlyFor):
        _apply(staffed, (1, "cy"), who=Who(actor="ana"), new=True)


def test_who_is_not_listed_brings_no_verdict_of_her_own(staffed: Project) -> None:
    staffed.sign_in("visitor")
    for new in (False, True):
        with pytest.raises(Refused, match="visitor"):
            _apply(staffed, (1, ""), who=Who(actor="visitor"), new=new)
    told = _apply(staffed, (1, "ana"), who=Who(actor="visitor"))
    assert (told.accepted, told.rejected) == (0, 1)


def test_who_has_left_may_still_have_her_reviews_brought(staffed: Project) -> None:
    people.retire(project=staffed, who=LEAD, name="bo")
    assert _apply(staffed, (5, "bo")).accepted == 1


@pytest.mark.parametrize("named", ["", "bo", "Bo"])
def test_who_has_left_brings_none_of_her_own_any_more(staffed: Project, named: str) -> None:
    _apply(staffed, (1, "bo"))
    people.retire(project=staffed, who=LEAD, name="bo")
    staffed.sign_in("bo")
    with pytest.raises(LooksOn):
        _apply(staffed, (2, named), who=Who(actor="bo"))


def test_a_lead_and_an_adjudicator_alone_are_no_list_of_reviewers(project: Project) -> None:
    people.add(project=project, who=LEAD, name="mia", role=Role.ADJUDICATOR)
    project.sign_in("lena")
    assert _apply(project, (1, "ana")).met.new == ("ana",)
    project.sign_in("visitor")
    with pytest.raises(LooksOn):
        _apply(project, (1, ""), who=Who(actor="visitor"))
