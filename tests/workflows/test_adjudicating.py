"""What reviewers disagree about, decided by a person or settled by a rule, and taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.workflows.meanings import Meanings

from accord.domain.disagreements import Clash, Reason
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor
from accord.domain.review import Judgement, RevisionKind, Status, Verdict
from accord.formats.failures import UnreadableFile
from accord.storage import events, listing, reviews, states
from accord.storage.project import Project
from accord.workflows import adjudicating, assigning, browsing, importing, majority, projects, reviewing, undoing

LEAD = Who(actor="lena")
ACCEPT, REJECT, UNSURE = (Judgement(verdict=v) for v in (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of four examples that three people review."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,The answer is {n}.\n" for n in range(4)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a"})
    assigning.assign(project=made, who=LEAD, reviewers=["ana", "bo", "cy"], overlap=1, per_item=3)
    return made


def _edit(text: str) -> Judgement:
    return Judgement(verdict=Verdict.EDIT, edits={1: text})


def _judge(project: Project, number: int, *said: Judgement) -> str:
    """Let ana, bo and cy say this of one example and return its id."""
    example = browsing.example_page(project=project, numbers=[number])[0].id
    for name, judgement in zip(("ana", "bo", "cy"), said, strict=False):
        reviewing.submit(project=project, who=Who(actor=name), example_id=example, judgement=judgement)
    return example


def _row(project: Project, example: str) -> tuple[str, str, str]:
    found = browsing.example(project=project, example_id=example).row
    return found.status, found.decided_by, found.content.answer


def test_the_gravest_come_first_with_every_version(project: Project) -> None:
    unsure = _judge(project, 1, ACCEPT, ACCEPT, UNSURE)
    texts = _judge(project, 2, _edit("It is 1, at most."), ACCEPT, ACCEPT)
    verdicts = _judge(project, 3, ACCEPT, REJECT, _edit("It is two."))
    _judge(project, 4, ACCEPT, ACCEPT)
    found = adjudicating.open_disagreements(project=project)
    assert [one.id for one in found] == [verdicts, texts, unsure]
    assert [one.clash for one in found] == [Clash.VERDICT, Clash.TEXT, Clash.UNSURE]
    assert [(v.reviewer, v.verdict, v.content.answer) for v in found[0].versions] == [
        ("ana", Verdict.ACCEPT, "The answer is 2."),
        ("bo", Verdict.REJECT, "The answer is 2."),
        ("cy", Verdict.EDIT, "It is two."),
    ]


def test_a_decision_is_a_third_record_and_is_taken_back(project: Project) -> None:
    example = _judge(project, 1, ACCEPT, _edit("It is none."), REJECT)
    decided = adjudicating.decide(
        project=project,
        who=LEAD,
        example_id=example,
        verdict=Verdict.EDIT,
        edits={1: "It is zero."},
        reason="evidence",
        comment="By the textbook.",
    )
    assert decided.status == Status.ACCEPTED
    assert _row(project, example) == (Status.ACCEPTED, "adjudicated", "It is zero.")
    assert len(browsing.example(project=project, example_id=example).reviews) == 3
    assert adjudicating.open_disagreements(project=project) == []
    undoing.undo(project=project, who=LEAD)
    assert _row(project, example)[0] == Status.DISAGREEMENT
    assert [one.id for one in adjudicating.open_disagreements(project=project)] == [example]


def test_a_decision_needs_its_reason_its_comment_and_the_role(project: Project) -> None:
    example = _judge(project, 1, ACCEPT, REJECT, REJECT)
    for reason, comment in (("", "why"), ("evidence", " ")):
        with pytest.raises(Refused):
            adjudicating.decide(
                project=project, who=LEAD, example_id=example, verdict=Verdict.ACCEPT, reason=reason, comment=comment
            )
    project.sign_in("ana")
    with pytest.raises(OnlyFor):
        adjudicating.decide(
            project=project, who=Who(actor="ana"), example_id=example, verdict=Verdict.REJECT, reason="a", comment="b"
        )
    assert _row(project, example)[0] == Status.DISAGREEMENT


def test_a_rule_settles_what_most_say_and_never_a_persons_decision(project: Project) -> None:
    most = _judge(project, 1, _edit("It is none."), _edit("It is none."), REJECT)
    split = _judge(project, 2, ACCEPT, REJECT, _edit("It is one."))
    decided = _judge(project, 3, REJECT, REJECT, ACCEPT)
    adjudicating.decide(
        project=project, who=LEAD, example_id=decided, verdict=Verdict.ACCEPT, reason="guideline", comment="See 2."
    )
    done = majority.settle_by_rule(project=project, who=LEAD, share=0.6)
    assert (done.settled, done.reopened, done.left) == (1, 0, 1)
    assert _row(project, most) == (Status.ACCEPTED, "adjudicated", "It is none.")
    assert _row(project, split)[0] == Status.DISAGREEMENT
    assert _row(project, decided)[0] == Status.ACCEPTED
    assert majority.settle_by_rule(project=project, who=LEAD, share=0.6).settled == 0
    reviewing.submit(project=project, who=Who(actor="bo"), example_id=most, judgement=REJECT)
    again = majority.settle_by_rule(project=project, who=LEAD, share=0.6)
    assert (again.settled, again.reopened) == (1, 1)
    assert _row(project, most)[0] == Status.REJECTED
    assert majority.settle_by_rule(project=project, who=LEAD, share=0.9).reopened == 1
    assert _row(project, most)[0] == Status.DISAGREEMENT
    with pytest.raises(Refused):
        majority.settle_by_rule(project=project, who=LEAD, share=0.5)


def test_a_question_for_the_guideline_stands_beside_it(project: Project) -> None:
    example = _judge(project, 1, ACCEPT, REJECT, REJECT)
    adjudicating.send_back(project=project, who=LEAD, example_id=example, question="Do we name brands?")
    found = adjudicating.disagreement(project=project, example_id=example)
    assert found is not None
    assert found.question == "Do we name brands?"


def test_a_file_of_decisions_is_taken_row_by_row(project: Project, tmp_path: Path) -> None:
    ids = [_judge(project, number, ACCEPT, REJECT, ACCEPT) for number in (1, 2, 3)]
    rows = [
        {"id": ids[0], "decision": "accept", "reason": "evidence", "comment": "Right."},
        {"id": ids[1], "decision": "edit", "answer": "One.", "reason": "merged", "comment": "Both."},
        {"id": ids[2], "decision": "reject", "reason": "", "comment": "No."},
        {"id": ids[2], "decision": "perhaps", "reason": "x", "comment": "y"},
        {"id": "0" * 20, "decision": "reject", "reason": "x", "comment": "y"},
    ]
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = adjudicating.apply(project=project, who=LEAD, path=file)
    assert (report.read, report.accepted, report.rejected) == (5, 2, 3)
    assert [(f.line, f.field) for f in report.rejections] == [(3, "decision"), (4, "decision"), (5, "decision")]
    assert [_row(project, example)[0] for example in ids] == [
        Status.ACCEPTED,
        Status.ACCEPTED,
        Status.DISAGREEMENT,
    ]
    assert _row(project, ids[1])[2] == "One."


def test_a_file_of_decisions_is_one_act_and_undone_as_one(project: Project, tmp_path: Path) -> None:
    ids = [_judge(project, number, ACCEPT, REJECT, ACCEPT) for number in (1, 2)]
    file = tmp_path / "decisions.jsonl"
    rows = [
        {"id": ids[0], "decision": "edit", "answer": "One.", "reason": "merged", "comment": "Both."},
        {"id": ids[1], "decision": "accept", "reason": "evidence", "comment": "Right."},
        {"id": ids[0], "decision": "edit", "answer": "One!", "reason": "merged", "comment": "Louder."},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert adjudicating.apply(project=project, who=LEAD, path=file).accepted == len(rows)
    assert _row(project, ids[0])[2] == "One!"
    undone = undoing.undo(project=project, who=LEAD)
    assert (undone.kind, set(undone.examples)) == ("adjudicate", set(ids))
    assert {one.id for one in adjudicating.open_disagreements(project=project)} == set(ids)
    assert [_row(project, example)[2] for example in ids] == ["The answer is 0.", "The answer is 1."]


def _file(tmp_path: Path, *rows: dict[str, str]) -> Path:
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_what_a_file_has_decided_already_is_said_and_not_stored_again(project: Project, tmp_path: Path) -> None:
    ids = [_judge(project, number, ACCEPT, REJECT, ACCEPT) for number in (1, 2, 3)]
    rows = [
        {"id": ids[0], "decision": "accept", "reason": "evidence", "comment": "Right."},
        {"id": ids[1], "decision": "edit", "answer": "One.", "reason": "merged", "comment": "Both."},
        {"id": ids[2], "decision": "reject", "reason": "not_usable", "comment": "No."},
    ]
    file = _file(tmp_path, *rows)
    first = adjudicating.apply(project=project, who=LEAD, path=file)
    assert (first.read, first.accepted, first.already, first.rejected) == (3, 3, 0, 0)
    before = undoing.last_act(project=project, who=LEAD)
    again = adjudicating.apply(project=project, who=LEAD, path=file)
    assert (again.read, again.accepted, again.already, again.rejected) == (3, 0, 3, 0)
    assert undoing.last_act(project=project, who=LEAD) == before
    assert len(browsing.example(project=project, example_id=ids[1]).revisions) == 1
    rows[0]["comment"], rows[2]["decision"] = "Right, see 3.2.", "accept"
    changed = adjudicating.apply(project=project, who=LEAD, path=_file(tmp_path, *rows))
    assert (changed.accepted, changed.already, changed.rejected) == (2, 1, 0)
    assert _row(project, ids[2])[0] == Status.ACCEPTED


def test_reasons_are_understood_by_name_and_by_their_words(project: Project, tmp_path: Path) -> None:
    ids = [_judge(project, number, ACCEPT, REJECT, ACCEPT) for number in (1, 2, 3, 4)]
    reasons = ("best_of_several", "Evidence decides", "NOT USABLE", "Leitlinie 3.2")
    said = {"decision": "accept", "comment": "So."}
    file = _file(tmp_path, *({"id": i, "reason": r, **said} for i, r in zip(ids, reasons, strict=True)))
    found = adjudicating.apply(project=project, who=LEAD, path=file)
    assert found.reasons == {Reason.BEST_OF_SEVERAL: 1, Reason.EVIDENCE: 1, Reason.NOT_USABLE: 1}
    assert found.others == ("Leitlinie 3.2",)
    stored = [browsing.example(project=project, example_id=example).decisions[-1] for example in ids]
    assert [(one.reason, one.comment) for one in stored] == [
        ("best_of_several", "So."),
        ("evidence", "So."),
        ("not_usable", "So."),
        ("", "Leitlinie 3.2: So."),
    ]


def test_an_adjudicator_sees_the_very_text_that_each_reviewer_judged(project: Project) -> None:
    example = browsing.example_page(project=project, numbers=[1])[0].id
    mine = _edit("Hers, of the text as it came.")
    reviewing.submit(project=project, who=Who(actor="ana"), example_id=example, judgement=mine)
    with project.write(Who(actor="ana")) as unit:  # she changes the shared text too, which leaves her verdict standing
        base = listing.base_of(unit, 1)
        later = base.with_texts({1: "A later shared text."})
        reviews.add_revision(unit, 1, later, parent=base, kind=RevisionKind.EDIT, author="ana")
        states.refresh(unit, [1])
        events.append(unit, "fix_once", {"example": example})
        unit.commit()
    for name, said in (("bo", ACCEPT), ("cy", REJECT)):
        reviewing.submit(project=project, who=Who(actor=name), example_id=example, judgement=said)
    (found,) = adjudicating.open_disagreements(project=project)
    assert [(v.reviewer, v.content.answer, v.of_earlier) for v in found.versions] == [
        ("ana", "Hers, of the text as it came.", True),
        ("bo", "A later shared text.", False),
        ("cy", "A later shared text.", False),
    ]


def test_a_file_that_is_not_there_is_told_in_whole_sentences(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as told:
        adjudicating.apply(project=project, who=LEAD, path=tmp_path / "none.csv")
    assert str(told.value) == "none.csv cannot be read. No such file or directory. Nothing was taken from it."


def test_a_file_without_a_usable_decision_leaves_nothing_to_undo(project: Project, tmp_path: Path) -> None:
    _judge(project, 1, ACCEPT, REJECT, ACCEPT)
    file = tmp_path / "decisions.jsonl"
    file.write_text(json.dumps({"id": "0" * 20, "decision": "reject", "reason": "x", "comment": "y"}) + "\n")
    before = undoing.last_act(project=project, who=LEAD)
    assert adjudicating.apply(project=project, who=LEAD, path=file).accepted == 0
    assert undoing.last_act(project=project, who=LEAD) == before


def test_a_rule_says_what_it_would_do_before_it_does_it(project: Project) -> None:
    most = _judge(project, 1, _edit("It is none."), _edit("It is none."), REJECT)
    _judge(project, 2, ACCEPT, REJECT, _edit("It is one."))
    ahead = majority.preview_rule(project=project, share=0.6)
    assert (ahead.settled, ahead.reopened, ahead.left) == (1, 0, 1)
    assert _row(project, most)[0] == Status.DISAGREEMENT
    assert majority.settle_by_rule(project=project, who=LEAD, share=0.6) == ahead
    again = majority.preview_rule(project=project, share=0.66)
    assert (again.settled, again.reopened, again.left) == (0, 0, 1)
    assert majority.preview_rule(project=project, share=1.0).reopened == 1


def test_nobody_replaces_a_decision_unseen(project: Project) -> None:
    example = _judge(project, 1, ACCEPT, _edit("It is none."), REJECT)
    said: dict[str, Any] = {
        "project": project,
        "example_id": example,
        "reason": "evidence",
        "comment": "By the textbook.",
    }
    adjudicating.decide(who=LEAD, verdict=Verdict.REJECT, **said)
    with pytest.raises(adjudicating.AlreadyDecided, match="lena decided on this"):
        adjudicating.decide(who=Who(actor="mia"), verdict=Verdict.ACCEPT, while_open=True, **said)
    assert _row(project, example)[0] == Status.REJECTED


def test_precedents_come_with_how_they_were_decided(project: Project) -> None:
    decided = _judge(project, 1, ACCEPT, REJECT, REJECT)
    agreed = _judge(project, 2, ACCEPT, ACCEPT, ACCEPT)
    asked = _judge(project, 3, ACCEPT, REJECT, ACCEPT)
    adjudicating.decide(
        project=project, who=LEAD, example_id=decided, verdict=Verdict.REJECT, reason="evidence", comment="No source."
    )
    found = {
        one.row.id: one.decision
        for one in adjudicating.precedents(project=project, example_id=asked, embedder=Meanings())
    }
    assert set(found) == {decided, agreed}
    assert found[agreed] is None
    made = found[decided]
    assert made is not None
    assert (made.author, made.reason, made.comment) == ("lena", "evidence", "No source.")


def test_disagreements_are_needed_once_there_are_people_or_were_any(tmp_path: Path, project: Project) -> None:
    alone = projects.new_project(path=tmp_path / "alone.accord", who=LEAD)
    assert not adjudicating.is_needed(project=alone)
    assert adjudicating.is_needed(project=project)
