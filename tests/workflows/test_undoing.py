"""Undo: one's own last act or one by its number, never an earlier one unasked, nor on the word of another's event."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.conftest import bring_in, record

import accord
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events, states
from accord.storage.project import Project, open_project
from accord.workflows import (
    act_names,
    adjudicating,
    assigning,
    browsing,
    bulk,
    duplicates,
    majority,
    packing,
    people,
    projects,
    releasing,
    reviewing,
    undoing,
)
from accord.workflows.permissions import LooksOn
from accord.workflows.undone import NotHere, NothingToUndo, Stays

ROWS = [record(n, f"Q{n}") for n in (1, 2, 3)]
FIRST = ROWS[0].content.id
ACCEPT, REJECT = (Judgement(verdict=verdict) for verdict in (Verdict.ACCEPT, Verdict.REJECT))


def test_an_act_is_found_however_much_was_done_since(project: Project, who: Who) -> None:
    bring_in(project, ROWS)
    accept = Judgement(verdict=Verdict.ACCEPT)
    act = reviewing.submit(project=project, who=who, example_id=FIRST, judgement=accept).act
    with project.write(who) as unit:
        for _n in range(250):
            events.append(unit, "settings", {})
        unit.commit()
    with pytest.raises(Refused):
        undoing.undo(project=project, who=Who(actor="somebody else"), act=act)
    assert undoing.undo(project=project, who=who, act=act).examples == (FIRST,)
    assert browsing.example(project=project, example_id=FIRST).row.status == Status.CANDIDATE
    with pytest.raises(Refused):
        undoing.undo(project=project, who=who, act=act)


@pytest.mark.parametrize("kind", ["undo", "undo_part"])
def test_an_event_that_claims_to_undo_another_s_act_does_not(project: Project, who: Who, kind: str) -> None:
    bring_in(project, ROWS)
    duplicates.set_aside(project=project, who=who, ids=[FIRST])
    mine = undoing.last_act(project=project, who=who)
    cara = Who(actor="cara", device="hers")
    duplicates.bring_back(project=project, who=cara, ids=[FIRST])
    hers = undoing.last_act(project=project, who=cara)
    assert mine is not None
    assert hers is not None
    with project.write(Who(actor="zed", device="third")) as unit:
        unit.act = hers.id
        events.append(unit, kind, {"of": hers.id})
        events.append(unit, kind, {})
        unit.commit()
    with pytest.raises(Refused, match="since"):
        undoing.undo(project=project, who=who, act=mine.id)
    with project.read() as view:
        assert events.taken_back(view) == set()
    undoing.undo(project=project, who=cara, act=hers.id)
    undoing.undo(project=project, who=who, act=mine.id)
    with project.read() as view:
        assert {mine.id, hers.id} <= events.taken_back(view)


@pytest.fixture
def disputed(project: Project, who: Who) -> Project:
    """Give a project of three examples, of which two of three people reject the first two."""
    bring_in(project, ROWS, who=who)
    for name in ("bo", "cy", "dan"):
        people.add(project=project, who=who, name=name, role=Role.REVIEWER)
    assigning.assign_by_hand(project=project, who=who, numbers=[1, 2, 3], reviewers=["bo", "cy", "dan"])
    for row in ROWS[:2]:
        for name, said in (("bo", ACCEPT), ("cy", REJECT), ("dan", REJECT)):
            reviewing.submit(project=project, who=Who(actor=name), example_id=row.content.id, judgement=said)
    return project


def _statuses(project: Project) -> list[str]:
    return [row.status for row in browsing.examples(project=project)]


def test_what_a_rule_settled_is_one_act_and_taken_back_as_one(disputed: Project, who: Who) -> None:
    second = ROWS[1].content.id
    adjudicating.decide(
        project=disputed, who=who, example_id=second, verdict=Verdict.ACCEPT, reason="evidence", comment="so"
    )
    done = majority.settle_by_rule(project=disputed, who=who, share=0.6)
    assert (done.settled, _statuses(disputed)[:2]) == (1, ["rejected", "accepted"])
    undone = undoing.undo(project=disputed, who=who)
    assert (undone.act.id, undone.examples) == (done.act, (FIRST,))
    assert _statuses(disputed)[:2] == ["disagreement", "accepted"]
    assert majority.settle_by_rule(project=disputed, who=who, share=0.6).settled == 1
    again = majority.settle_by_rule(project=disputed, who=who, share=1)
    assert (again.reopened, _statuses(disputed)[0]) == (1, "disagreement")
    undoing.undo(project=disputed, who=who)
    assert _statuses(disputed)[0] == "rejected"
    assert majority.preview_rule(project=disputed, share=1).reopened == 1  # it is the rule's decision still
    with disputed.read() as view:
        assert states.differences(view) == []


def test_a_persons_later_decision_outlives_the_undo_of_the_rule(disputed: Project, who: Who) -> None:
    done = majority.settle_by_rule(project=disputed, who=who, share=0.6)
    adjudicating.decide(
        project=disputed, who=who, example_id=FIRST, verdict=Verdict.ACCEPT, reason="evidence", comment="so"
    )
    undone = undoing.undo(project=disputed, who=who, act=done.act)
    assert (undone.kept, _statuses(disputed)[:2]) == (1, ["accepted", "disagreement"])


def test_a_question_is_taken_back_to_the_one_before_it(disputed: Project, who: Who) -> None:
    def question() -> str:
        found = adjudicating.disagreement(project=disputed, example_id=FIRST)
        assert found is not None
        return found.question

    ask = {"project": disputed, "who": who, "example_id": FIRST}
    first = adjudicating.send_back(**ask, question="Do we name brands?")  # type: ignore[arg-type]  # as it takes them
    adjudicating.send_back(**ask, question="And doses?")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Another question"):
        undoing.undo(project=disputed, who=who, act=first)
    undoing.undo(project=disputed, who=who)
    assert question() == "Do we name brands?"


def test_a_question_that_is_taken_back_stands_nowhere_any_more(disputed: Project, who: Who) -> None:
    adjudicating.send_back(project=disputed, who=who, example_id=FIRST, question="Do we name brands?")
    undoing.undo(project=disputed, who=who)
    found = adjudicating.disagreement(project=disputed, example_id=FIRST)
    assert found is not None
    assert found.question == ""
    assert _statuses(disputed)[0] == "disagreement"


def test_a_question_overtakes_no_decision(disputed: Project, who: Who) -> None:
    duplicates.set_aside(project=disputed, who=who, ids=[FIRST])
    back = undoing.undo(project=disputed, who=who)
    assert back.kind == "set_aside"
    duplicates.set_aside(project=disputed, who=who, ids=[FIRST])
    aside = undoing.last_act(project=disputed, who=who)
    adjudicating.send_back(project=disputed, who=Who(actor="mia"), example_id=FIRST, question="Why?")
    assert aside is not None
    undoing.undo(project=disputed, who=who, act=aside.id)
    assert _statuses(disputed)[0] == "disagreement"


def test_what_was_taken_from_people_is_theirs_again(disputed: Project, who: Who) -> None:
    given = assigning.progress(project=disputed)
    with disputed.read() as view:
        needed = states.requirements(view, [1, 2, 3])
    assert assigning.take_back(project=disputed, who=who, numbers=[3], reviewer="bo") == 1
    assert assigning.progress(project=disputed) != given
    assert undoing.undo(project=disputed, who=who).examples == (ROWS[2].content.id,)
    assert assigning.progress(project=disputed) == given
    with disputed.read() as view:
        assert states.requirements(view, [1, 2, 3]) == needed
    assert undoing.undo(project=disputed, who=who).kind == "assign"  # what was given again, too
    assert {one.given for one in assigning.progress(project=disputed)} == {0}


def test_what_was_taken_from_somebody_who_left_is_not_given_again(disputed: Project, who: Who) -> None:
    people.retire(project=disputed, who=who, name="bo")
    with disputed.read() as view:
        taken = next(event for event in events.of_actor(view, who.actor) if event.kind == "unassign")
    with pytest.raises(Refused, match="bo no longer works"):
        undoing.undo(project=disputed, who=who, act=taken.id)


def test_what_the_project_decides_is_as_before(project: Project, who: Who) -> None:
    bring_in(project, ROWS, who=who)
    before = projects.settings_of(project=project)
    for text in ("Be brief.", "Be kind."):
        changed = replace(projects.settings_of(project=project), guideline=text)
        projects.change_settings(project=project, who=who, settings=changed)
    undoing.undo(project=project, who=who)
    assert projects.settings_of(project=project).guideline == "Be brief."
    undoing.undo(project=project, who=who)
    assert projects.settings_of(project=project) == before
    assert undoing.undo(project=project, who=who).kind == "import"


def test_a_change_that_somebody_else_went_on_from_stays(project: Project, who: Who) -> None:
    for name, text in (("ana", "Be brief."), ("lena", "Be kind.")):
        changed = replace(projects.settings_of(project=project), guideline=text)
        projects.change_settings(project=project, who=Who(actor=name), settings=changed)
    with pytest.raises(Refused, match="since"):
        undoing.undo(project=project, who=who)
    assert projects.settings_of(project=project).guideline == "Be kind."


def test_an_act_that_stays_is_named_and_nothing_before_it_is_touched(
    project: Project, who: Who, tmp_path: Path
) -> None:
    bring_in(project, ROWS, who=who)
    duplicates.set_aside(project=project, who=who, ids=[ROWS[2].content.id])
    packing.make(project=project, who=who, reviewer="bo", to=tmp_path / "bo.accord", where="")
    with pytest.raises(Stays, match=r"Your last act was the review pack for bo, at .*, and it stays"):
        undoing.undo(project=project, who=who)
    away = open_project(tmp_path / "bo.accord")
    reviewing.submit(project=away, who=Who(actor="bo"), example_id=FIRST, judgement=ACCEPT)
    away.close()
    packing.merge(project=project, who=who, files=[tmp_path / "bo.accord"])
    with pytest.raises(Stays, match=r"the reviews of bo that a pack brought home.*backup"):
        undoing.undo(project=project, who=who)
    releasing.make(project=project, who=who, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    with pytest.raises(Stays, match="the release “v1”"):
        undoing.undo(project=project, who=who)
    with pytest.raises(Stays):
        undoing.look(project=project, who=who)
    assert _statuses(project) == ["accepted", "candidate", "set_aside"]


def test_what_an_undo_says(project: Project, who: Who) -> None:
    with pytest.raises(NothingToUndo):
        undoing.undo(project=project, who=Who(actor="nobody"))
    bring_in(project, ROWS, who=who)
    bulk.add_tag(project=project, who=who, numbers=[1, 2], tag="x")
    ahead = undoing.look(project=project, who=who)
    assert (act_names.kind_of(ahead.act), ahead.examples) == ("add_tag", 2)
    assert "tagging, by ana at" in ahead.sentence()
    assert [row.tags for row in browsing.examples(project=project)] == [("x",), ("x",), ()]
    with pytest.raises(NotHere, match="tagging"):
        undoing.undo(project=project, who=who, only=["review"])
    told = " ".join(undoing.undo(project=project, who=who).sentences())
    assert told.startswith("Taken back: tagging, by ana at ")
    assert told.endswith("2 examples changed with it.")


@pytest.mark.parametrize("kind", ["decision", "rule", "question", "give", "take", "settings", "tag"])
def test_who_has_the_role_no_more_takes_nothing_back(disputed: Project, kind: str) -> None:
    lena = Who(actor="lena")
    people.add(project=disputed, who=Who(actor="ana"), name="lena", role=Role.LEAD)
    act = {"project": disputed, "who": lena}
    match kind:
        case "decision":
            said = {"verdict": Verdict.ACCEPT, "reason": "evidence", "comment": "so"}
            adjudicating.decide(**act, example_id=FIRST, **said)  # type: ignore[arg-type]  # as it takes them
        case "rule":
            majority.settle_by_rule(**act, share=0.6)  # type: ignore[arg-type]
        case "question":
            adjudicating.send_back(**act, example_id=FIRST, question="Why?")  # type: ignore[arg-type]
        case "give":
            assigning.assign_by_hand(**act, numbers=[3], reviewers=["ana"])  # type: ignore[arg-type]
        case "take":
            assigning.take_back(**act, numbers=[3], reviewer="bo")  # type: ignore[arg-type]
        case "settings":
            changed = replace(projects.settings_of(project=disputed), guideline="Be brief.")
            projects.change_settings(**act, settings=changed)  # type: ignore[arg-type]
        case _tag:
            bulk.add_tag(**act, numbers=[1], tag="x")  # type: ignore[arg-type]
    people.change_role(project=disputed, who=Who(actor="ana"), name="lena", role=Role.REVIEWER)
    disputed.sign_in("lena")
    with pytest.raises(OnlyFor):
        undoing.undo(project=disputed, who=lena)


def test_who_is_no_longer_listed_takes_nothing_back(disputed: Project, who: Who) -> None:
    disputed.sign_in(who.actor)
    people.retire(project=disputed, who=who, name="bo")
    disputed.sign_in("bo")
    with pytest.raises(LooksOn):
        undoing.undo(project=disputed, who=Who(actor="bo"))
    disputed.sign_in(who.actor)
    assert _statuses(disputed)[:2] == [Status.DISAGREEMENT, Status.DISAGREEMENT]


def test_every_kind_of_act_is_taken_back_or_named() -> None:
    """An act of a new kind must not be passed over, so that an earlier one is taken back in its place."""
    told, passed = set[str](), {"undo", "undo_part", "bulk_part", "duplicates", "export", "project", "reviews"}
    passed |= {"generation", "fetch"}  # they change no example: what came of them is an import of its own
    for file in Path(accord.__file__).parent.rglob("*.py"):
        found = re.findall(r"events\.append\(\s*unit,\s*([^,]+),", file.read_text(encoding="utf-8"))
        told |= {kind for one in found for kind in re.findall(r'"(\w+)"', one)}
    assert {"review", "merge", "unassign", "settings"} <= told
    assert told - passed == undoing.KINDS
