"""Who reviews what: given out once, blind while it waits, taken back, given to others when late."""

from dataclasses import replace
from pathlib import Path

import pytest

from accord.domain.errors import Refused, WrongUsage
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.review import Judgement, Status, Verdict
from accord.storage.project import Project
from accord.workflows import assigning, browsing, importing, people, projects, reviewing, undoing
from accord.workflows.assigning import NoShare
from accord.workflows.naming import NotListed

LEAD = Who(actor="lena")
ACCEPT = Judgement(verdict=Verdict.ACCEPT)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of twenty examples in which nobody works yet."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    file.write_text("q,a,tags\n" + "".join(f"Question {n}?,Answer {n}.,{'dosage' * (n < 2)}\n" for n in range(20)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a", "tags": "tags"})
    return made


def _ids(project: Project, where: str) -> set[str]:
    return {row.id for row in browsing.examples(project=project, where=where)}


def test_examples_are_given_out_once_and_a_share_to_two(project: Project) -> None:
    given = assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo", " ana "], overlap=0.2)
    assert given.assigned == {"ana": 12, "bo": 12}
    assert given.double_reviewed == 4
    mine, his = _ids(project, "assigned = ana"), _ids(project, "assigned = bo")
    assert len(mine & his) == 4
    assert len(mine | his) == 20
    with pytest.raises(Refused):
        assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"])
    assert [(one.person.name, one.given, one.done) for one in assigning.progress(project=project)] == [
        ("ana", 12, 0),
        ("bo", 12, 0),
        ("lena", 0, 0),
    ]


def test_what_several_review_waits_for_all_of_them(project: Project) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1)
    example = min(_ids(project, ""))
    project.sign_in("bo")
    reviewing.submit(project=project, who=Who(actor="bo"), example_id=example, judgement=ACCEPT)
    assert _ids(project, "status = in_review") == {example}
    project.sign_in("ana")
    assert _ids(project, "status = in_review") == set()
    reviewing.submit(project=project, who=Who(actor="ana"), example_id=example, judgement=ACCEPT)
    assert {row.decided_by for row in browsing.examples(project=project, where="status = accepted")} == {"agreed"}


def test_tags_that_always_need_two_get_them(project: Project) -> None:
    settings = projects.settings_of(project=project)
    changed = replace(settings, rules=replace(settings.rules, double_tags=("dosage",)))
    projects.change_settings(project=project, who=LEAD, settings=changed)
    given = assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=0)
    assert given.double_reviewed == 2
    assert _ids(project, "assigned = ana and assigned = bo") == _ids(project, "tag = dosage")


def test_giving_out_is_undone_with_what_it_asked_for(project: Project) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1)
    example = min(_ids(project, ""))
    reviewing.submit(project=project, who=Who(actor="bo"), example_id=example, judgement=ACCEPT)
    undone = undoing.undo(project=project, who=LEAD)
    assert len(undone.examples) == 20
    assert _ids(project, "assigned = ana") == set()
    assert {row.status for row in browsing.examples(project=project, where="reviewer = bo")} == {Status.ACCEPTED}


def test_a_late_one_goes_to_somebody_else(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1, days=3)
    later = "2999-01-01T00:00:00.000+00:00"
    for where in ("workflows.assigning", "workflows.needed", "storage.filtering"):
        monkeypatch.setattr(f"accord.{where}.now", lambda: later)
    assert _ids(project, "assigned = ana") == set()
    assert [one.ended for one in assigning.progress(project=project)] == [20, 20, 0]
    given = assigning.assign(project=project, who=LEAD, reviewers=["cara", "dan"], overlap=0, new=True)
    assert given.assigned == {"cara": 20, "dan": 20}  # what two were to review still needs two


def test_by_hand_and_back(project: Project) -> None:
    given = assigning.assign_by_hand(project=project, who=LEAD, numbers=[1, 2], reviewers=["ana", "bo"])
    assert (given.assigned, given.double_reviewed) == ({"ana": 2, "bo": 2}, 2)
    with pytest.raises(Refused):
        assigning.assign_by_hand(project=project, who=LEAD, numbers=[1, 2], reviewers=["ana"])
    assert assigning.take_back(project=project, who=LEAD, numbers=[1], reviewer="bo") == 1
    project.sign_in("ana")
    reviewing.submit(project=project, who=Who(actor="ana"), example_id=_first(project), judgement=ACCEPT)
    assert _ids(project, "status = accepted") == {_first(project)}


def test_a_name_that_nobody_listed_is_refused_with_the_nearest_unless_it_is_meant(project: Project) -> None:
    first = assigning.assign(project=project, who=LEAD, reviewers=["anna", "bo"], where="tag = dosage")
    assert (first.met.new, first.met.leads) == (("anna", "bo"), ("lena",))
    for names in (["annna"], ["Anna", "cy"]):
        with pytest.raises(NotListed) as refused:
            assigning.assign(project=project, who=LEAD, reviewers=names)
        assert names[-1] in str(refused.value)
    with pytest.raises(NotListed, match=r"annna.*Nearest: anna, .*team PROJECT --add") as refused:
        assigning.assign_by_hand(project=project, who=LEAD, numbers=[5], reviewers=["annna"])
    assert "--new" not in str(refused.value), "what is not asked for by a verb has no options"
    assert {one.name for one in people.everyone(project=project)} == {"anna", "bo", "lena"}
    again = assigning.assign(project=project, who=LEAD, reviewers=["ANNA", "cy"], overlap=0, new=True)
    assert (again.met.new, again.met.leads) == (("cy",), ())
    assert sorted(again.assigned) == ["anna", "cy"]
    assert people.everyone(project=project)[-1].role is Role.LEAD


def test_who_has_reviewed_here_is_no_stranger(project: Project) -> None:
    reviewing.submit(project=project, who=Who(actor="dan"), example_id=_first(project), judgement=ACCEPT)
    assigning.assign(project=project, who=LEAD, reviewers=["ana"], where="tag = dosage")
    assert assigning.assign(project=project, who=LEAD, reviewers=["ana", "dan"]).met.new == ("dan",)


def test_what_each_was_given_is_listed_and_how_it_stands(project: Project) -> None:
    assigning.assign_by_hand(project=project, who=LEAD, numbers=[1, 2, 3], reviewers=["ana"], days=3)
    project.sign_in("ana")
    reviewing.submit(project=project, who=Who(actor="ana"), example_id=_first(project), judgement=ACCEPT)
    (mine,) = assigning.given_out(project=project)
    ids = [row.id for row in browsing.example_page(project=project, numbers=[1, 2, 3])]
    assert [(one.id, one.stand.value) for one in mine.items] == [*zip(ids, ["done", "open", "open"], strict=True)]
    assert all(one.until for one in mine.items)
    project.sign_in("lena")
    assert [(share.name, len(share.items)) for share in assigning.given_out(project=project)] == [
        ("ana", 3),
        ("lena", 0),
    ]


def test_what_was_not_done_in_time_is_listed_as_late(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assigning.assign_by_hand(project=project, who=LEAD, numbers=[1], reviewers=["ana"], days=3)
    monkeypatch.setattr("accord.workflows.assigning.now", lambda: "2999-01-01T00:00:00.000+00:00")
    ana = assigning.given_out(project=project)[0]
    assert [one.stand for one in ana.items] == [assigning.Stand.LATE]


def test_a_percentage_is_no_share(project: Project) -> None:
    with pytest.raises(NoShare, match=r"50 is none"):
        assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=50)


def _first(project: Project) -> str:
    return next(iter(browsing.examples(project=project, limit=1))).id


def test_only_a_lead_gives_out_and_only_what_can_be(project: Project) -> None:
    for names, overlap in (([], 0.0), (["ana"], 0.5), (["ana"], 2.0)):
        with pytest.raises(WrongUsage):
            assigning.assign(project=project, who=LEAD, reviewers=names, overlap=overlap)
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"])
    person = project.sign_in("ana")
    assert person is not None
    assert person.role is Role.REVIEWER
    with pytest.raises(OnlyFor):
        assigning.take_back(project=project, who=Who(actor="ana"), numbers=[1])
