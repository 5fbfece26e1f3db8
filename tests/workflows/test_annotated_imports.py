"""Preference pairs and the exports of annotation tools on their whole way: import, reviews, release, files."""

import json
from array import array
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.formats.test_annotation_tools import annotation, area, result, task
from tests.workflows.texts import accept_all

from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events, states
from accord.storage.project import Project, Unit
from accord.workflows import browsing, exporting, import_storing, importing, reviewing, undoing


def _file(folder: Path, name: str, rows: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_pairs_come_in_are_edited_and_go_out(project: Project, who: Who, tmp_path: Path) -> None:
    rows = [{"prompt": f"Question {n}?", "chosen": f"Good {n}", "rejected": f"Poor {n}"} for n in range(12)]
    known = [{"prompt": "Question 1?", "completion": "Good 1"}]  # known before, without its worse answer
    importing.import_file(project=project, who=who, path=_file(tmp_path, "known.json", known))
    report = importing.import_file(project=project, who=who, path=_file(tmp_path, "pairs.json", rows))
    assert (report.format, report.accepted, report.duplicate) == ("preference", 11, 1)
    first = next(row for row in browsing.examples(project=project) if row.content.request == "Question 0?")
    (place,) = browsing.example(project=project, example_id=first.id).places
    assert place.source.metadata == {"rejected": "Poor 0"}
    accept_all(project)
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Better 0"})
    reviewing.submit(project=project, who=who, example_id=first.id, judgement=edit, base_hash=first.hash)
    plan = ReleasePlan(heldout=0, validation=0)
    done = exporting.one_click(project=project, who=who, plan=plan, format_name="preference", out=tmp_path / "out")
    assert done.verified.ok
    lines = (done.export.manifest.parent / "train.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = {
        (r["preferred_output"][0]["content"], r["non_preferred_output"][0]["content"]) for r in map(json.loads, lines)
    }
    assert pairs == {("Better 0", "Poor 0"), *((f"Good {n}", f"Poor {n}") for n in range(1, 12))}


@pytest.mark.parametrize("dry_run", [True, False])
def test_annotations_with_a_verdict_are_reviews(project: Project, who: Who, tmp_path: Path, dry_run: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    people = [
        annotation({"id": 1, "email": "ada@x.example"}, area("answer", "Rest and fluids.")),
        annotation(2, result("choices", "verdict", ["reject"]), area("comment", "Too short")),
    ]
    told = annotation(3, result("choices", "quality", ["bad"]), result("rating", "rating", 1))
    rows = [task(*people), task(told, question="And a cold?")]
    report = importing.import_file(project=project, who=who, path=_file(tmp_path, "t.json", rows), dry_run=dry_run)
    assert (report.format, report.read, report.accepted) == ("label-studio", 2, 2)
    if dry_run:
        return
    disputed, unjudged = sorted(browsing.examples(project=project), key=lambda row: -len(row.content.request))
    assert (disputed.status, unjudged.status) == (Status.DISAGREEMENT, Status.CANDIDATE)
    (place,) = browsing.example(project=project, example_id=unjudged.id).places
    assert place.source.metadata["annotation by 3"] == "quality: bad; rating: 1"
    detail = browsing.example(project=project, example_id=disputed.id)
    judged = {review.reviewer: (review.verdict, review.judgement.comment) for review in detail.reviews}
    assert judged == {"ada@x.example": (Verdict.EDIT, ""), "2": (Verdict.REJECT, "Too short")}


def test_verdicts_that_come_in_again_do_not_stand_over_what_was_said_since(
    project: Project, who: Who, tmp_path: Path
) -> None:
    told = annotation({"id": 1, "email": who.actor}, result("choices", "verdict", ["accept"]))
    rows = [task(told), task(told, question="And a cold?")]
    path = _file(tmp_path, "t.json", rows)
    for _time in range(2):  # what was undone counts as never said
        assert importing.import_file(project=project, who=who, path=path).verdicts == {who.actor: 2}
        undoing.undo(project=project, who=who)
    assert importing.import_file(project=project, who=who, path=path).verdicts == {who.actor: 2}
    first, second = browsing.examples(project=project)
    reviewing.submit(
        project=project, who=who, example_id=first.id, judgement=Judgement(verdict=Verdict.REJECT, tags=("late",))
    )
    again = importing.import_file(project=project, who=who, path=path)
    assert (again.duplicate, again.verdicts) == (2, {})
    assert [row.status for row in browsing.examples(project=project)] == [Status.REJECTED, Status.ACCEPTED]
    rows[1]["annotations"] = [annotation({"id": 1, "email": who.actor}, result("choices", "verdict", ["reject"]))]
    newer = importing.import_file(project=project, who=who, path=_file(tmp_path, "newer.json", rows))
    assert newer.verdicts == {who.actor: 1}
    assert browsing.example(project=project, example_id=second.id).row.status == Status.REJECTED
    undoing.undo(project=project, who=who)
    assert [row.status for row in browsing.examples(project=project)] == [Status.REJECTED, Status.ACCEPTED]
    with project.read() as view:
        assert states.differences(view) == []


def test_verdicts_on_new_rows_are_ready_before_the_import_is_made_visible(
    project: Project, who: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["accept", "reject", "unsure"]
    lines = [f"Question {n}?,Answer {n}.,t{n % 2},{'ana' if n % 2 else 'ben'},{said[n % 3]}" for n in range(12)]
    again = ["Question 1?,Answer 1.,,ben,accept", "Question 2?,Answer 2.,,ben,unsure"]
    path = tmp_path / "judged.csv"
    path.write_text("\n".join(["q,a,tags,who,says", *lines, *again]) + "\n", encoding="utf-8")
    mapping = {"request": "q", "answer": "a", "tags": "tags", "reviewer": "who", "verdict": "says"}
    left: list[int] = []
    judge = import_storing._judge

    def counted(unit: Unit, given: Sequence[Any], taken_back: Collection[str]) -> list[str]:
        left.append(len(given))
        return judge(unit, given, taken_back)

    monkeypatch.setattr(import_storing, "_judge", counted)
    report = importing.import_file(project=project, who=who, path=path, mapping=mapping)
    assert (report.read, report.accepted, report.rejected, report.duplicate) == (14, 12, 0, 2)
    assert sum(left) == 2
    assert report.verdicts == {"ana": 6, "ben": 7}
    found = list(browsing.examples(project=project))
    assert [row.tags for row in found] == [(f"t{n % 2}",) for n in range(12)]
    assert [row.reviewers for row in found[:3]] == [("ben",), ("ana", "ben"), ("ben",)]
    assert [row.status for row in found[3:6]] == [Status.ACCEPTED, Status.REJECTED, Status.DISAGREEMENT]
    _sound(project)
    undoing.undo(project=project, who=who)
    assert {row.status for row in browsing.examples(project=project)} == {Status.SET_ASIDE}
    _sound(project)


def test_an_answer_that_was_improved_before_it_came_in_stands_and_is_found(
    project: Project, who: Who, tmp_path: Path
) -> None:
    told = annotation({"id": 1, "email": who.actor}, area("answer", "Drink plenty of chamomile."))
    importing.import_file(project=project, who=who, path=_file(tmp_path, "t.json", [task(told)]))
    (row,) = browsing.examples(project=project)
    assert (row.status, row.edited, row.content.answer) == (Status.ACCEPTED, True, "Drink plenty of chamomile.")
    assert browsing.example_numbers(project=project, where="text~chamomile") == array("q", [row.seq])
    _sound(project)


def _sound(project: Project) -> None:
    with project.read() as view:
        assert states.differences(view) == []
        assert events.problems(view) == events.unwitnessed(view) == []
