"""Judging one example, by hand and from a file: what is stored, what is refused, what others see of it."""

import json
from pathlib import Path

import pytest
from tests.workflows.texts import WHO

from accord.domain.errors import AccordError, NotFound, Refused, UnusableText
from accord.domain.ledger import Who
from accord.domain.review import ConflictResolution, Judgement, SetAsideReason, Verdict
from accord.storage import events
from accord.storage.project import Project
from accord.workflows import (
    browsing,
    conflicts,
    duplicates,
    importing,
    keeping,
    projects,
    review_files,
    reviewing,
    undoing,
)

BEN = Who(actor="ben", device="there")
YES, NO = "Yes, it is safe for most people.", "No, and it would be a mistake to try."
ACCEPT = Judgement(verdict=Verdict.ACCEPT)


def _fill(project: Project, folder: Path, *pairs: tuple[str, str]) -> list[str]:
    path = folder / f"rows{len(list(folder.iterdir()))}.jsonl"
    path.write_text("".join(json.dumps({"q": q, "a": a}) + "\n" for q, a in pairs), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "q", "answer": "a"})
    return [row.id for row in browsing.examples(project=project)]


def _flags(project: Project) -> list[bool]:
    return [row.conflict for row in browsing.examples(project=project)]


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(verdict=Verdict.EDIT),
        Judgement(verdict=Verdict.EDIT, edits={1: "A"}),
        Judgement(verdict=Verdict.EDIT, edits={1: " "}),
        Judgement(verdict=Verdict.EDIT, edits={7: "far away"}),
        Judgement(verdict=Verdict.EDIT, edits={-1: "before"}),
        Judgement(verdict=Verdict.ACCEPT, edits={1: "B"}),
        Judgement(verdict=Verdict.ACCEPT, comment="half a pair \ud800"),
        Judgement(verdict=Verdict.EDIT, edits={1: "half a pair \ud800"}),
    ],
)
def test_a_judgement_that_cannot_be_stored_is_refused_and_leaves_nothing(
    project: Project, tmp_path: Path, judgement: Judgement
) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A"))
    with pytest.raises((reviewing.BadJudgement, UnusableText)):
        reviewing.submit(project=project, who=WHO, example_id=example, judgement=judgement)
    detail = browsing.example(project=project, example_id=example)
    assert (detail.row.status, detail.reviews, detail.revisions) == ("candidate", (), ())


def test_a_missing_answer_can_be_written_but_not_accepted(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", ""))
    with pytest.raises(reviewing.BadJudgement):
        reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT)
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Written"})
    done = reviewing.submit(project=project, who=WHO, example_id=example, judgement=edit)
    assert (done.row.status, done.row.content.answer) == ("accepted", "Written")


def test_a_text_that_changed_since_is_shown_and_nothing_is_stored(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A wrong word."))
    seen = browsing.example(project=project, example_id=example).base.hash
    offer = reviewing.FixOffer(
        example_id=example, base_hash=seen, old="wrong", new="right", before="A wrong word.", after="A right word."
    )
    reviewing.fix_once(project=project, who=BEN, offer=offer)
    with pytest.raises(reviewing.TextChanged) as changed:
        reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT, base_hash=seen)
    assert changed.value.current.answer == "A right word."
    with pytest.raises(reviewing.TextChanged):
        reviewing.fix_once(project=project, who=WHO, offer=offer)
    assert browsing.example(project=project, example_id=example).reviews == ()


def test_an_offer_is_not_applied_to_what_was_judged_since(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A wrong word."))
    row = browsing.example(project=project, example_id=example).row
    offer = reviewing.FixOffer(
        example_id=example, base_hash=row.hash, old="wrong", new="right", before="A wrong word.", after="A right word."
    )
    reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT)
    with pytest.raises(Refused):
        reviewing.fix_once(project=project, who=WHO, offer=offer)
    row = browsing.example(project=project, example_id=example).row
    assert (row.status, row.content.answer) == ("accepted", "A wrong word.")


def test_a_fix_that_was_judged_is_not_undone_under_the_judgement(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A wrong word."))
    row = browsing.example(project=project, example_id=example).row
    offer = reviewing.FixOffer(
        example_id=example, base_hash=row.hash, old="wrong", new="right", before="A wrong word.", after="A right word."
    )
    act = reviewing.fix_once(project=project, who=WHO, offer=offer)
    reviewing.submit(project=project, who=BEN, example_id=example, judgement=ACCEPT)
    with pytest.raises(Refused):
        undoing.undo(project=project, who=WHO, act=act)
    undoing.undo(project=project, who=BEN)
    undoing.undo(project=project, who=WHO, act=act)
    row = browsing.example(project=project, example_id=example).row
    assert (row.status, row.content.answer) == ("candidate", "A wrong word.")


def test_tags_after_an_undo_are_those_before_the_act(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A"))
    for who, tag in ((WHO, "first"), (BEN, "second"), (WHO, "third")):
        judgement = Judgement(verdict=Verdict.ACCEPT, tags=(tag,))
        reviewing.submit(project=project, who=who, example_id=example, judgement=judgement)
    undoing.undo(project=project, who=WHO)
    assert browsing.example(project=project, example_id=example).row.tags == ("second",)


def test_a_draft_is_kept_and_gone_once_submitted(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A"))
    reviewing.save_draft(project=project, who=WHO, example_id=example, value={"texts": {"1": "half"}})
    assert browsing.draft_of(project=project, example_id=example, reviewer="ana") == {"texts": {"1": "half"}}
    assert browsing.draft_of(project=project, example_id=example, reviewer="ben") is None
    assert browsing.example(project=project, example_id=example).row.status == "candidate"
    reviewing.submit(project=project, who=BEN, example_id=example, judgement=ACCEPT)
    assert [found for found, _at in browsing.drafts_of(project=project, reviewer="ana")] == [example]
    reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT)
    assert browsing.drafts_of(project=project, reviewer="ana") == []
    with pytest.raises(NotFound):
        reviewing.save_draft(project=project, who=WHO, example_id="0" * 20, value={})


def test_what_is_set_aside_is_not_judged(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A"))
    duplicates.set_aside(project=project, who=WHO, ids=[example], reason=SetAsideReason.BY_HAND)
    with pytest.raises(Refused):
        reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT)
    path = tmp_path / "reviews.jsonl"
    path.write_text(json.dumps({"id": example, "verdict": "accept"}) + "\n")
    report = review_files.apply(project=project, who=WHO, path=path)
    assert (report.read, report.accepted, report.rejected) == (1, 0, 1)


def test_a_second_opinion_from_a_file_brings_back_the_conflict_that_an_edit_had_ended(
    project: Project, tmp_path: Path
) -> None:
    first, _second = _fill(project, tmp_path, ("Is it safe?", YES), ("Is it safe?", NO))
    assert _flags(project) == [True, True]
    edit = Judgement(verdict=Verdict.EDIT, edits={1: NO})
    reviewing.submit(project=project, who=WHO, example_id=first, judgement=edit)
    assert _flags(project) == [False, False]
    path = tmp_path / "reviews.csv"
    path.write_text(f"id,reviewer,verdict\n{first},ben,accept\n")
    assert review_files.apply(project=project, who=WHO, path=path).accepted == 1
    assert _flags(project) == [True, True]


def test_a_review_file_is_applied_in_parts_and_undone_as_one(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_files, "_AT_ONCE", 2)
    ids = _fill(project, tmp_path, *((f"Q{n}", f"A{n}") for n in range(5)))
    path = tmp_path / "reviews.csv"
    path.write_text("".join(["id,reviewer,verdict\n", *(f"{example},ben,reject\n" for example in ids)]))
    report = review_files.apply(project=project, who=WHO, path=path)
    assert (report.read, report.accepted, report.rejected) == (5, 5, 0)
    with project.read() as view:
        assert next(event.kind for event in events.of_actor(view, "ana")) == "bulk"
        assert [event.kind for event in events.walk(view)][-2:] == ["bulk_part", "bulk_part"]
    assert {row.status for row in browsing.examples(project=project)} == {"rejected"}
    undone = undoing.undo(project=project, who=WHO)
    assert sorted(undone.examples) == sorted(ids)
    assert {row.status for row in browsing.examples(project=project)} == {"candidate"}
    assert keeping.inspect(project=project) == []


def test_review_files_refuse_row_by_row(project: Project, tmp_path: Path) -> None:
    ids = _fill(project, tmp_path, ("Q1", "A1"), ("Q2", "A2"))
    file = browsing.example(project=project, example_id=ids[1]).row.file
    rows: list[object] = [
        {"id": ids[0], "reviewer": "ben", "verdict": "edit", "answer": "Better", "tags": "a; b"},
        {"id": ids[0], "reviewer": "cem", "verdict": "edit", "answer": "A1"},
        {"id": "nobody", "verdict": "accept"},
        {"id": ids[1], "verdict": "maybe"},
        {"verdict": "accept"},
        {"file": file, "line": "2", "verdict": "reject"},
        {"id": ids[1], "verdict": "edit", "messages": [1, 2]},
        {"id": ids[1], "verdict": "edit", "messages": [{"content": 7}]},
        {"id": ids[1], "verdict": "edit", "messages": [{"content": "Q2"}, {"content": "Whole"}], "reviewer": "dan"},
        7,
    ]
    path = tmp_path / "reviews.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = review_files.apply(project=project, who=WHO, path=path)
    assert [fault.line for fault in report.rejections] == [2, 3, 4, 5, 7, 8, 10]
    assert (report.read, report.accepted, report.rejected) == (10, 3, 7)
    row = browsing.example(project=project, example_id=ids[0]).row
    assert (row.status, row.content.answer, row.tags, row.reviewers) == ("accepted", "Better", ("a", "b"), ("ben",))
    assert browsing.example(project=project, example_id=ids[1]).row.status == "disagreement"
    assert keeping.inspect(project=project) == []


def test_messages_of_another_shape_never_land_in_the_wrong_place(project: Project, tmp_path: Path) -> None:
    (first, empty) = _fill(project, tmp_path, ("Q1", "A1"), ("Q2", ""))
    ask, told = {"role": "user", "content": "Q1"}, {"role": "assistant", "content": "Better"}
    wrong = [
        [{"role": "system", "content": "Be brief."}, ask, told],
        [told, ask],
        [ask],
        [ask, told, told],
        5,
        "text",
    ]
    rows = [{"id": first, "verdict": "edit", "messages": messages} for messages in wrong]
    rows += [{"id": first, "verdict": "accept", "tags": 5}, {"file": "x", "line": "\u00b2", "verdict": "accept"}]
    rows += [{"id": empty, "verdict": "edit", "messages": [{"role": "user", "content": "Q2"}, told]}]
    path = tmp_path / "reviews.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = review_files.apply(project=project, who=WHO, path=path)
    assert (report.accepted, report.rejected) == (1, 8)
    texts = {
        row.id: (row.status, row.content.request, row.content.answer) for row in browsing.examples(project=project)
    }
    assert texts == {first: ("candidate", "Q1", "A1"), empty: ("accepted", "Q2", "Better")}


def test_of_two_rows_by_one_person_the_later_counts(project: Project, tmp_path: Path) -> None:
    (first,) = _fill(project, tmp_path, ("Q1", "A1"))
    path = tmp_path / "reviews.csv"
    for verdicts in (["accept"], ["reject", "accept"], ["accept", "reject", "accept"]):
        path.write_text("id,reviewer,verdict\n" + "".join(f"{first},ben,{verdict}\n" for verdict in verdicts))
        review_files.apply(project=project, who=WHO, path=path)
        assert browsing.example(project=project, example_id=first).row.status == "accepted", verdicts


def test_an_unreadable_review_file_stores_nothing(project: Project, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"id,verdict\n\xff\xfe")
    for path in (tmp_path / "missing.csv", tmp_path, tmp_path / "bad.csv"):
        with pytest.raises(AccordError):
            review_files.apply(project=project, who=WHO, path=path)


def test_a_settlement_needs_a_reason_and_a_keeper_and_is_undone(project: Project, tmp_path: Path) -> None:
    first, second = _fill(project, tmp_path, ("Is it safe?", YES), ("Is it safe?", NO))
    (open_one,) = conflicts.listed(project=project)
    keys = [open_one.key, open_one.key]
    for how, reason, keep in (
        (ConflictResolution.ALL_VALID, " ", {}),
        (ConflictResolution.KEEP_ONE, "why", {}),
        (ConflictResolution.MERGE, "why", {open_one.key: "0" * 20}),
    ):
        with pytest.raises(Refused):
            conflicts.settle(project=project, who=WHO, keys=keys, resolution=how, reason=reason, keep=keep)
    how = ConflictResolution.KEEP_ONE
    gone = conflicts.settle(
        project=project, who=WHO, keys=keys, resolution=how, reason="why", keep={open_one.key: first}
    )
    assert gone == [second]
    assert conflicts.listed(project=project) == []
    with pytest.raises(Refused):
        conflicts.settle(project=project, who=WHO, keys=keys[:1], resolution=how, reason="why", keep={keys[0]: first})
    undoing.undo(project=project, who=WHO)
    assert [row.status for row in browsing.examples(project=project)] == ["candidate", "candidate"]
    assert len(conflicts.listed(project=project)) == 1


def test_a_new_answer_opens_a_settled_conflict_again(project: Project, tmp_path: Path) -> None:
    _fill(project, tmp_path, ("Is it safe?", YES), ("Is it safe?", NO))
    (open_one,) = conflicts.listed(project=project)
    how = ConflictResolution.ALL_VALID
    conflicts.settle(project=project, who=WHO, keys=[open_one.key], resolution=how, reason="both hold")
    assert _flags(project) == [False, False]
    _fill(project, tmp_path, ("is it  SAFE?", "It depends on the dose and on the patient."))
    assert _flags(project) == [True, True, True]


def test_an_act_that_changes_nothing_is_not_the_one_that_undo_takes_back(project: Project, tmp_path: Path) -> None:
    (example,) = _fill(project, tmp_path, ("Q", "A"))
    reviewing.submit(project=project, who=WHO, example_id=example, judgement=ACCEPT)
    duplicates.set_aside_suggested(project=project, who=WHO)
    duplicates.bring_back(project=project, who=WHO, ids=[example])
    conflicts.settle(project=project, who=WHO, keys=[], resolution=ConflictResolution.ALL_VALID, reason="none")
    assert undoing.undo(project=project, who=WHO).kind == "review"
    assert projects.counts(project=project).by_status == {"candidate": 1}


@pytest.mark.parametrize(
    ("text", "long_enough"),
    [
        ("Yes", False),
        ("Not at all.", False),
        ("Take one tablet daily.", True),
        ("每日一次", False),
        ("请每日早晨空腹服用一片并多饮水直到症状完全消失为止。", True),
    ],
)
def test_a_word_or_two_is_no_sentence(text: str, long_enough: bool) -> None:  # noqa: FBT001  (a parametrized value)
    assert reviewing.is_sentence(text) is long_enough


def test_who_took_the_only_review_back_is_no_reviewer(project: Project, tmp_path: Path) -> None:
    first, second = _fill(project, tmp_path, ("Q", "A"), ("R", "B"))
    reviewing.submit(project=project, who=WHO, example_id=first, judgement=ACCEPT)
    reviewing.submit(project=project, who=BEN, example_id=second, judgement=ACCEPT)
    undoing.undo(project=project, who=BEN)
    found = projects.counts(project=project)
    assert (found.reviewers, found.reviews) == ([WHO.actor], 1)
