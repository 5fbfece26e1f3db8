"""A change of the guideline names the settled examples it may affect, which can be called to a further round."""

from dataclasses import replace
from pathlib import Path

import pytest

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.review import Judgement, Status, Verdict
from accord.storage.project import Project
from accord.workflows import (
    adjudicating,
    assigning,
    browsing,
    guideline_changes,
    importing,
    people,
    projects,
    reviewing,
    undoing,
)

LEAD = Who(actor="lena")
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT)
OLD = "Accept what is right.\n\nDoses are given in milligrams."
NEW = "Accept what is right.\n\nInsulin doses are given in units.\n\nItems of renal failure name the creatinine."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give forty examples: 1 to 3 of insulin, 4 with a tag, 5 asked about, 6 open; by lena, or by ana and bo."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    topics = {1: "insulin doses", 2: "insulin", 3: "insulin pumps"}
    rows = (
        f"What of {topics.get(n, 'aspirin')} {n}?,It is given {n}.,{'renal-failure' * (n == 4)}" for n in range(1, 41)
    )
    file.write_text("q,a,tags\n" + "\n".join(rows) + "\n")
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a", "tags": "tags"})
    _write(made, OLD)
    assigning.assign_by_hand(project=made, who=LEAD, numbers=[5], reviewers=["ana", "bo"])
    people.add(project=made, who=LEAD, name="cy", role=Role.REVIEWER)
    for seq in {*range(1, 41)} - {5, 6}:
        _judge(made, "lena", seq, replace(ACCEPT, tags=("renal-failure",) if seq == 4 else ()))
    _judge(made, "ana", 5, ACCEPT)
    _judge(made, "bo", 5, REJECT)
    adjudicating.send_back(project=made, who=LEAD, example_id=_id(made, 5), question="Does it hold for children?")
    adjudicating.decide(
        project=made, who=LEAD, example_id=_id(made, 5), verdict=Verdict.ACCEPT, reason="evidence", comment="It does."
    )
    return made


def _write(project: Project, guideline: str) -> None:
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=LEAD, settings=replace(settings, guideline=guideline))


def _id(project: Project, seq: int) -> str:
    return browsing.example_page(project=project, numbers=[seq])[0].id


def _judge(project: Project, name: str, seq: int, judgement: Judgement) -> None:
    reviewing.submit(project=project, who=Who(actor=name), example_id=_id(project, seq), judgement=judgement)


def _status(project: Project, *seqs: int) -> list[str]:
    return [row.status for row in browsing.example_page(project=project, numbers=seqs)]


def test_what_a_draft_may_affect_is_ranked_with_the_reasons(project: Project) -> None:
    newest = len(guideline_changes.guidelines(project=project))
    found = guideline_changes.affected(project=project, after=NEW)
    assert found.before == ("Doses are given in milligrams.",)
    assert len(found.after) == 2
    assert {item.seq for item in found.items} == {1, 2, 3, 4, 5}
    assert found.items[0].seq == 5
    assert [item.score for item in found.items] == sorted((item.score for item in found.items), reverse=True)
    why = {item.seq: " ".join(item.reasons) for item in found.items}
    assert "children" in why[5]
    assert "renal-failure" in why[4]
    assert "doses, insulin" in why[1]
    assert found.settled == 39
    assert not any("given" in one for one in why.values()), "a word that nearly all have says nothing"
    _write(project, NEW)
    assert guideline_changes.affected(project=project).items == found.items
    assert guideline_changes.affected(project=project, before_version=newest, after=newest + 1).items == found.items


def test_what_did_not_change_in_a_paragraph_is_no_reason(project: Project) -> None:
    bullets = "Accept what is right.\n- Insulin: few are clear.\n- Pumps: would be complete."
    _write(project, bullets)
    for draft in (f"{bullets}\n- Unsure: name what you lack.", f"{bullets} Unsure: name what you lack."):
        found = guideline_changes.affected(project=project, after=draft)
        assert found.before == ()
        assert [one.removeprefix("- ") for one in found.after] == ["Unsure: name what you lack."]
        assert {item.seq for item in found.items} == {5}, "the one whose question was sent back to the guideline"
    broken = guideline_changes.affected(project=project, after=bullets.replace("few are", "few\nare"))
    assert (broken.before, broken.after, broken.found) == ((), (), 0), "a line that ends elsewhere is no change"


def test_nothing_changed_affects_nothing_and_a_version_must_be_there(project: Project) -> None:
    assert guideline_changes.affected(project=project, after=OLD.replace("\n\n", "\n \n")).found == 0
    for before, after in ((0, 9), (9, None)):
        with pytest.raises(Refused):
            guideline_changes.affected(project=project, before_version=before, after=after)


def test_called_again_it_is_open_for_those_who_were_given_it(project: Project) -> None:
    done = guideline_changes.queue_again(project=project, who=LEAD, numbers=[1, 5, 6], reviewers=["ana", "cy"])
    assert (done.queued, done.left_out) == (2, 1)
    assert _status(project, 1, 5) == [Status.CANDIDATE, Status.CANDIDATE]
    assert {row.seq for row in browsing.examples(project=project, where="assigned = cy")} == {1, 5}
    _judge(project, "ana", 5, REJECT)
    assert _status(project, 5) == [Status.IN_REVIEW]
    project.sign_in("cy")
    assert _status(project, 5) == [Status.CANDIDATE]
    _judge(project, "cy", 5, REJECT)
    project.sign_in("lena")
    assert _status(project, 5) == [Status.REJECTED]
    rounds = [(r.reviewer, r.round) for r in browsing.example(project=project, example_id=_id(project, 5)).reviews]
    assert rounds == [("ana", 1), ("bo", 1), ("ana", 2), ("cy", 2)], "nobody's verdict is deleted"


def test_versions_of_an_earlier_round_are_no_part_of_a_disagreement(project: Project) -> None:
    guideline_changes.queue_again(project=project, who=LEAD, numbers=[5], reviewers=["bo", "cy"])
    _judge(project, "bo", 5, ACCEPT)
    _judge(project, "cy", 5, REJECT)
    found = adjudicating.disagreement(project=project, example_id=_id(project, 5))
    assert found is not None
    assert [version.reviewer for version in found.versions] == ["bo", "cy"]


def test_calling_again_is_undone_as_one_act_with_the_decision(project: Project) -> None:
    before = browsing.example_page(project=project, numbers=[1, 2, 5])
    guideline_changes.queue_again(project=project, who=LEAD, numbers=[1, 2, 5], reviewers=["ana", "bo"])
    undone = undoing.undo(project=project, who=LEAD)
    assert (len(undone.examples), undone.kept) == (3, 0)
    assert browsing.example_page(project=project, numbers=[1, 2, 5]) == before
    assert before[2].decided_by == "adjudicated"


def test_what_was_judged_again_meanwhile_stays_called(project: Project) -> None:
    guideline_changes.queue_again(project=project, who=LEAD, numbers=[1, 2], reviewers=["ana"])
    _judge(project, "ana", 1, REJECT)
    undone = undoing.undo(project=project, who=LEAD)
    assert (undone.examples, undone.kept) == ((_id(project, 2),), 1)
    assert _status(project, 1, 2) == [Status.REJECTED, Status.ACCEPTED]


def test_only_a_lead_calls_again_and_only_what_is_settled(project: Project) -> None:
    with pytest.raises(Refused):
        guideline_changes.queue_again(project=project, who=LEAD, numbers=[6], reviewers=["ana"])
    project.sign_in("ana")
    with pytest.raises(OnlyFor):
        guideline_changes.queue_again(project=project, who=Who(actor="ana"), numbers=[1], reviewers=["ana"])
