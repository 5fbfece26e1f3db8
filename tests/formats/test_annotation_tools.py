"""Exports of Label Studio, Argilla and doccano: a verdict comes in only where a person gave one."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.formats.samples import faults, read_bytes, records

from accord.domain.records import ImportedVerdict, RawRecord
from accord.formats.reading import inspect_file, open_rows

DATA = {"question": "What helps against fever?", "answer": "Rest.", "topic": "fever", "licence": "CC BY 4.0"}


def verdict(who: str, kind: str, **more: Any) -> ImportedVerdict:
    return ImportedVerdict(reviewer=who, verdict=kind, **more)


def one(folder: Path, row: Any, *, array: bool = False) -> RawRecord:
    data = orjson.dumps([row], option=orjson.OPT_INDENT_2) if array else orjson.dumps(row)
    rows = read_bytes(folder, data)
    assert not faults(rows), faults(rows)
    (found,) = records(rows)
    return found


def annotation(who: Any, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": 31,
        "completed_by": who,
        "result": list(results),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-03-09T22:16:08.728353Z",
        "updated_at": "2026-03-09T22:16:08.728378Z",
        "draft_created_at": None,
        "lead_time": 4.288,
        "result_count": 1,
        "task": 1,
        **more,
    }


def result(kind: str, name: str, value: Any, key: str = "") -> dict[str, Any]:
    return {
        "id": "Dx_aB91ISN",
        "type": kind,
        "from_name": name,
        "to_name": "question",
        "origin": "manual",
        "value": {key or kind: value},
    }


def area(name: str, *texts: str) -> dict[str, Any]:
    return result("textarea", name, list(texts), "text")


def task(*annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "annotations": list(annotations),
        "file_upload": "3f6.json",
        "drafts": [],
        "predictions": [{"model_version": "m1", "result": [area("answer", "A model's answer")]}],
        "data": {**DATA, **data},
        "meta": {"batch": 3},
        "created_at": "2026-03-09T21:52:49.513742Z",
        "updated_at": "2026-03-09T22:16:08.746926Z",
        "inner_id": 1,
        "total_annotations": 1,
        "cancelled_annotations": 0,
        "total_predictions": 1,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 83,
        "updated_by": 10,
        "comment_authors": [],
    }


def test_a_task_of_label_studio(tmp_path: Path) -> None:
    people = [
        annotation({"id": 4, "email": "ada@clinic.example", "first_name": "Ada"}, area("answer", "Rest and fluids.")),
        annotation(7, result("choices", "decision", ["accept"]), result("choices", "kind", ["advice", "home"])),
        annotation(
            8, result("choices", "facts", ["Incorrect"]), area("why", "Too short."), result("rating", "quality", 2)
        ),
        annotation(9, result("choices", "x", ["unsure"])),
        annotation(10, area("answer", "Skipped"), was_cancelled=True),
    ]
    row = one(tmp_path, task(*people), array=True)
    assert (row.content.request, row.content.answer) == (DATA["question"], DATA["answer"])
    assert row.source.licence == "CC BY 4.0"
    assert row.source.metadata == {"id": "1", "batch": "3", "topic": "fever"}
    assert row.verdicts == (
        verdict("ada@clinic.example", "edit", answer="Rest and fluids."),
        verdict("7", "accept", tags=("advice", "home")),
        verdict("8", "reject", tags=("quality: 2",), comment="Too short."),
        verdict("9", "unsure"),
    )


def test_the_mapping_of_label_studio_is_shown_and_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_bytes(orjson.dumps([task(annotation(7, area("answer", "fever")))]))
    shape = inspect_file(path)
    assert shape.format == "label-studio"
    assert dict(shape.mapping) == {
        "request": "/data/question",
        "answer": "/data/answer",
        "licence": "/data/licence",
        "id": "id",
    }
    assert "/data/topic" in shape.columns
    (row,) = records(open_rows(shape, mapping={"request": "/data/question", "answer": "/data/topic"}))
    assert row.content.answer == "fever"
    assert row.verdicts == (verdict("7", "accept"),)
    assert row.source.metadata["answer"] == "Rest."


def test_the_latest_annotation_of_a_person_counts(tmp_path: Path) -> None:
    early, late = "2026-03-09T22:16:08Z", "2026-03-10T08:00:00Z"
    newest = annotation(7, area("answer", "Second"), updated_at=late)
    row = one(tmp_path, task(newest, annotation(7, area("answer", "First"), updated_at=early)))
    assert row.verdicts == (verdict("7", "edit", answer="Second"),)


def test_a_text_written_where_no_answer_was(tmp_path: Path) -> None:
    written = annotation(7, area("txt", "Rest", "and fluids."))
    row = one(tmp_path, task(written, answer=None))
    assert not row.content.has_answer
    assert row.verdicts == (verdict("7", "edit", answer="Rest\nand fluids."),)


def kept(row: RawRecord) -> dict[str, str]:
    """Return what the row keeps of annotations without a verdict."""
    return {key: text for key, text in row.source.metadata.items() if key.startswith("annotation by")}


@pytest.mark.parametrize("result_name", ["quality", "verdict"])
@pytest.mark.parametrize("choice", ["bad", "good", "ok", "No", "Yes", "needs work", "not correct", "1"])
def test_a_choice_that_names_no_verdict_judges_nothing(tmp_path: Path, result_name: str, choice: str) -> None:
    row = one(tmp_path, task(annotation(7, result("choices", result_name, [choice]))))
    assert (row.verdicts, row.source.tags) == ((), ())
    assert kept(row) == {"annotation by 7": f"{result_name}: {choice}"}


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        (("accept", "Accepted", "approve", "APPROVED", "Correct"), "accept"),
        (("reject", "Rejected", "Incorrect", "wrong"), "reject"),
        (("unsure", "Not_sure", "unclear", "Skip"), "unsure"),
    ],
)
def test_a_choice_that_names_a_verdict_is_one(tmp_path: Path, choices: tuple[str, ...], kind: str) -> None:
    for choice in choices:
        row = one(tmp_path, task(annotation(7, result("choices", "choice", [choice]), result("rating", "stars", 2))))
        assert (row.verdicts, kept(row)) == ((verdict("7", kind, tags=("stars: 2",)),), {})


def test_the_most_cautious_of_several_choices_counts(tmp_path: Path) -> None:
    facts, style = result("choices", "facts", ["Incorrect"]), result("choices", "style", ["correct"])
    for results in ((facts, style), (style, facts)):
        row = one(tmp_path, task(annotation(7, *results)))
        assert row.verdicts == (verdict("7", "reject", tags=("style: correct",)),)


def test_tags_ratings_and_remarks_alone_are_kept_and_judge_nothing(tmp_path: Path) -> None:
    people = [
        annotation("ana", result("choices", "quality", ["bad"]), result("rating", "rating", 1)),
        annotation("ben", result("choices", "kind", ["advice", "home"]), area("why", "So.")),
        annotation("cy", area("what is missing", "Fluids")),
        annotation("dan"),
        annotation("eve", result("choices", "verdict", ["accept"])),
    ]
    row = one(tmp_path, task(*people))
    assert row.verdicts == (verdict("eve", "accept"),)
    assert row.source.tags == ()
    assert kept(row) == {
        "annotation by ana": "quality: bad; rating: 1",
        "annotation by ben": "kind: advice, home; why: So.",
        "annotation by cy": "what is missing: Fluids",
    }


@pytest.mark.parametrize(
    "beside",
    [
        result("choices", "quality", ["bad"]),
        result("rating", "rating", 1),
        area("comment", "Wrong dose"),
        area("x", "y"),
    ],
)
def test_the_unchanged_answer_accepts_only_where_nothing_else_was_said(tmp_path: Path, beside: dict[str, Any]) -> None:
    same = area("answer", DATA["answer"])
    assert one(tmp_path, task(annotation(7, same))).verdicts == (verdict("7", "accept"),)
    row = one(tmp_path, task(annotation(7, same, beside)))
    assert row.verdicts == ()
    assert kept(row)["annotation by 7"].startswith("answer: Rest.; ")
    assert one(tmp_path, task(annotation(7, area("text", DATA["answer"])))).verdicts == ()


def test_an_edit_keeps_what_was_chosen_beside_it(tmp_path: Path) -> None:
    said = [area("corrected answer", "Rest and fluids."), result("choices", "quality", ["bad"])]
    row = one(tmp_path, task(annotation(7, *said, result("choices", "verdict", ["accept"]))))
    assert row.verdicts == (verdict("7", "edit", answer="Rest and fluids.", tags=("bad",)),)


@pytest.mark.parametrize("name", ["answer_quality", "corrected question", "response-language", "edited_prompt"])
def test_a_question_about_the_answer_is_no_answer(tmp_path: Path, name: str) -> None:
    said = [{"user_id": "u1", "status": "submitted", "values": {name: {"value": "bad"}}}]
    row = one(tmp_path, {"fields": FIELDS, "responses": said})
    assert (row.verdicts, kept(row)) == ((), {"annotation by u1": f"{name}: bad"})


def test_a_verdict_written_in_place_of_the_answer_is_the_verdict(tmp_path: Path) -> None:
    said = [{"user_id": "u1", "status": "submitted", "values": {"response": {"value": "Incorrect"}}}]
    assert one(tmp_path, {"fields": FIELDS, "responses": said}).verdicts == (verdict("u1", "reject"),)
    labels = {"question": "Is it so?", "answer": "correct"}
    found = one(tmp_path, {"fields": labels, "responses": said}).verdicts
    assert found == (verdict("u1", "edit", answer="Incorrect"),)


@pytest.mark.parametrize("values", [None, {"verdict": {"value": "accept"}}, {"answer": {"value": "Rest."}}])
def test_a_discarded_record_of_argilla_is_a_rejection(tmp_path: Path, values: Any) -> None:
    said = [{"user_id": "u1", "status": "discarded", "values": values}]
    (found,) = one(tmp_path, {"fields": FIELDS, "responses": said}).verdicts
    assert (found.reviewer, found.verdict, found.answer) == ("u1", "reject", None)


@pytest.mark.parametrize("values", [None, {}, {"rating": {"value": 1}}, {"ok": {"value": False}}])
def test_a_submitted_record_without_a_verdict_judges_nothing(tmp_path: Path, values: Any) -> None:
    said = [{"user_id": "u1", "status": "submitted", "values": values}]
    row = one(tmp_path, {"fields": FIELDS, "responses": said})
    assert row.verdicts == ()
    assert bool(kept(row)) == bool(values)


def test_the_rule_is_told_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_bytes(orjson.dumps([task(annotation(7))]))
    (told,) = (note for note in inspect_file(path).notes if "annotation" in note)
    assert "only where it gives a verdict" in told
    assert "“Discarded” in Argilla is a rejection" in told


def test_choices_without_any_answer_are_kept_and_nobody_accepts_it(tmp_path: Path) -> None:
    said = annotation(7, result("choices", "topic", ["fever"]), result("choices", "verdict", ["accept"]))
    row = one(tmp_path, task(said, answer=""))
    assert (row.source.tags, row.verdicts) == ((), ())
    assert kept(row) == {"annotation by 7": "topic: fever; verdict: accept"}


def test_a_reject_keeps_what_was_written_as_its_comment(tmp_path: Path) -> None:
    row = one(tmp_path, task(annotation(None, result("choices", "v", ["Reject"]), area("answer", "Better so"))))
    assert row.verdicts == (verdict("unnamed 1", "reject", comment="Better so"),)


@pytest.mark.parametrize(
    "broken",
    [
        {"annotations": [5]},
        {"annotations": [annotation(7, 5)]},  # type: ignore[arg-type]  # hostile on purpose
        {"annotations": [{**annotation(7), "result": {}, "x": 1} | {"result": 5}]},
        {"annotations": [annotation(7, result("textarea", "answer", [5], "text"))]},
    ],
)
def test_a_broken_task_is_refused(tmp_path: Path, broken: dict[str, Any]) -> None:
    (fault,) = faults(read_bytes(tmp_path, orjson.dumps({**task(), **broken})))
    assert fault.field.startswith("annotations")


FIELDS = {"question": "What helps?", "answer": "Rest."}
ARGILLA: dict[str, dict[str, Any]] = {
    "1.x": {
        "fields": FIELDS,
        "responses": [
            {
                "user_id": "u1",
                "status": "submitted",
                "values": {"corrected": {"value": "Rest more."}, "notes": {"value": "So."}},
            },
            {"user_id": "u2", "status": "submitted", "values": {"topic": {"value": ["home"]}, "rating": {"value": 4}}},
            {"user_id": "u3", "status": "discarded", "values": None},
            {"user_id": "u4", "status": "draft", "values": {"corrected": {"value": "No"}}},
        ],
        "suggestions": [{"question_name": "corrected", "value": "A model's"}],
        "metadata": {"batch": 3},
        "external_id": "7",
    },
    "2.x JSON": {
        "id": "7",
        "fields": FIELDS,
        "metadata": {"batch": 3},
        "suggestions": {"corrected": {"value": "A model's", "score": None, "agent": None}},
        "responses": {
            "corrected": [
                {"value": "Rest more.", "user_id": "u1"},
                {"value": "No", "user_id": "u4", "status": "draft"},
            ],
            "notes": [{"value": "So.", "user_id": "u1"}],
            "topic": [{"value": ["home"], "user_id": "u2"}],
            "rating": [{"value": 4, "user_id": "u2"}],
            "verdict": [{"value": "reject", "user_id": "u3"}],
        },
        "vectors": {},
        "_server_id": "8b",
    },
    "2.x dataset": {
        "id": "7",
        "status": "completed",
        "_server_id": "8b",
        **FIELDS,
        "batch": 3,
        "corrected.responses": ["Rest more.", "No"],
        "corrected.responses.users": ["u1", "u4"],
        "corrected.responses.status": ["submitted", "draft"],
        "corrected.suggestion": "A model's",
        "corrected.suggestion.score": None,
        "corrected.suggestion.agent": None,
        "notes.responses": ["So."],
        "notes.responses.users": ["u1"],
        "notes.responses.status": ["submitted"],
        "topic.responses": [["home"], None],
        "topic.responses.users": ["u2", "u3"],
        "topic.responses.status": ["submitted", "discarded"],
        "rating.responses": [4],
        "rating.responses.users": ["u2"],
        "rating.responses.status": ["submitted"],
    },
    "1.x dataset": {
        **FIELDS,
        "corrected": [
            {"user_id": "u1", "value": "Rest more.", "status": "submitted"},
            {"user_id": "u4", "value": "No", "status": "draft"},
        ],
        "corrected-suggestion": "A model's",
        "corrected-suggestion-metadata": {"type": None, "score": None, "agent": None},
        "notes": {"user_id": ["u1"], "value": ["So."], "status": ["submitted"]},
        "topic": [
            {"user_id": "u2", "value": ["home"], "status": "submitted"},
            {"user_id": "u3", "value": None, "status": "discarded"},
        ],
        "rating": [{"user_id": "u2", "value": 4, "status": "submitted"}],
        "metadata": {"batch": 3},
        "external_id": "7",
    },
}


@pytest.mark.parametrize("layout", ARGILLA)
def test_the_records_of_argilla(tmp_path: Path, layout: str) -> None:
    row = one(tmp_path, ARGILLA[layout])
    assert (row.content.request, row.content.answer) == (FIELDS["question"], FIELDS["answer"])
    assert kept(row) == {"annotation by u2": "topic: home; rating: 4"}
    rest = {key: text for key, text in row.source.metadata.items() if key not in kept(row)}
    assert rest in ({"id": "7", "batch": "3"}, {"external_id": "7", "batch": "3"})
    assert sorted(row.verdicts, key=lambda v: v.reviewer) == [
        verdict("u1", "edit", answer="Rest more.", comment="So."),
        verdict("u3", "reject"),
    ]


@pytest.mark.parametrize("responses", [[5], [{"values": 5}], {"q": 5}, {"q": [5]}])
def test_a_broken_record_is_refused(tmp_path: Path, responses: Any) -> None:
    (fault,) = faults(read_bytes(tmp_path, orjson.dumps({"fields": FIELDS, "responses": responses})))
    assert fault.field.startswith("responses")


def test_doccano_since_1_5_with_answers(tmp_path: Path) -> None:
    row = one(tmp_path, {"id": 3, "text": "What helps?", "label": ["Rest and drink.", "Sleep a lot."], "Comments": []})
    assert (row.content.request, row.content.answer) == ("What helps?", "Rest and drink.")
    assert row.source.metadata == {"id": "3", "other answers": '["Sleep a lot."]', "Comments": "[]"}
    assert row.verdicts == ()


def test_doccano_since_1_5_with_categories(tmp_path: Path) -> None:
    row = one(tmp_path, {"id": 3, "text": "What helps?", "label": ["fever", "home"], "Comments": ["So."]})
    assert (row.content.has_answer, row.source.tags, row.verdicts) == (False, ("fever", "home"), ())


def test_doccano_with_a_person(tmp_path: Path) -> None:
    written = {"text": "What helps?", "label": ["Rest and drink.", "Sleep a lot."], "annotator": "ada"}
    assert one(tmp_path, written).verdicts == (verdict("ada", "accept"),)
    row = one(tmp_path, {**written, "Comments": ["Too short."]})
    assert row.verdicts == ()
    assert kept(row) == {"annotation by ada": "answer: Rest and drink.; Comments: Too short."}


def test_doccano_before_1_5(tmp_path: Path) -> None:
    written = [{"text": "Rest.", "user": 1}, {"text": "Sleep.", "user": 2}]
    rows = {"id": 3, "text": "What helps?", "meta": {"licence": "CC0"}, "annotation_approver": None}
    row = one(tmp_path, {**rows, "annotations": written})
    assert row.verdicts == (verdict("1", "edit", answer="Rest."), verdict("2", "edit", answer="Sleep."))
    row = one(tmp_path, {**rows, "answer": "Rest.", "annotations": [{"label": 2, "user": 1}]})
    assert (row.content.answer, row.verdicts, kept(row)) == ("Rest.", (), {"annotation by 1": "label: 2"})
    row = one(tmp_path, {**rows, "answer": "Rest.", "annotations": [{"label": "wrong", "user": 1}]})
    assert row.verdicts == (verdict("1", "reject"),)


def test_doccano_labels_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text":"Q","label":[[0,1,"PER"]]}\n')
    rows = list(open_rows(inspect_file(path), mapping={"request": "text", "answer": "label"}))
    assert [fault.field for fault in faults(rows)] == ["label"]


FLAT = {
    "id": 7,
    "question": "What helps against fever?",
    "answer": "Rest.",
    "state": "Bavaria",
    "annotator": "ana@clinic.example",
    "annotation_id": 31,
    "created_at": "2026-03-09T22:16:08.728353Z",
    "updated_at": "2026-03-09T22:16:08.728378Z",
    "lead_time": 4.288,
}


def test_json_min_gives_a_verdict_only_where_it_says_one(tmp_path: Path) -> None:
    found = one(tmp_path, {**FLAT, "quality": "accept", "rating": 4}, array=True)
    assert found.verdicts == (verdict("ana@clinic.example", "accept"),)
    assert found.source.metadata == {"id": "7", "state": "Bavaria", "rating": "4"}
    found = one(tmp_path, {**FLAT, "quality": "Good", "rating": 4})
    assert found.verdicts == ()
    kept = {"id": "7", "state": "Bavaria", "quality": "Good", "rating": "4", "annotator": "ana@clinic.example"}
    assert found.source.metadata == kept
    found = one(tmp_path, {**FLAT, "corrected_answer": "Rest and water.", "comment": "Water was missing."})
    (edit,) = found.verdicts
    assert (edit.verdict, edit.answer, edit.comment) == ("edit", "Rest and water.", "Water was missing.")
    (several,) = one(tmp_path, {**FLAT, "checks": {"choices": ["reject", "accept"]}}).verdicts
    assert several.verdict == "reject"


def test_json_min_without_an_answer_does_not_take_a_choice_for_one(tmp_path: Path) -> None:
    row = {"id": 1, "text": "A text that was classified.", "label": "Positive", "annotator": 2, "annotation_id": 3}
    found = one(tmp_path, row)
    assert (found.content.request, found.content.has_answer, found.verdicts) == (row["text"], False, ())
    assert found.source.metadata == {"id": "1", "label": "Positive", "annotator": "2"}


def test_the_csv_of_label_studio_is_read_alike(tmp_path: Path) -> None:
    data = b'annotation_id,annotator,id,question,answer,checks\n3,5,1,What?,That.,"{""choices"": [""unsure""]}"\n'
    (found,) = records(read_bytes(tmp_path, data))
    assert found.verdicts == (verdict("5", "unsure"),)
    assert inspect_file(tmp_path / "rows.dat").format == "label-studio"
