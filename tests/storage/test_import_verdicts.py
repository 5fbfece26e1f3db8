"""Verdicts on new rows are stored as they would be one by one, in a file and on a server."""

from pathlib import Path

from tests.formats.test_annotation_tools import annotation, area, result, task
from tests.storage.conftest import WHO

from accord.domain.canonical import canonical_json
from accord.storage import events, listing, reviews, states
from accord.storage.project import Project
from accord.workflows import importing


def test_reviews_edits_and_states_are_those_that_the_rows_say(project: Project, tmp_path: Path) -> None:
    people = [
        annotation({"id": 1, "email": "ada"}, area("answer", "Rest and fluids.")),
        annotation({"id": 2, "email": "bo"}, result("choices", "verdict", ["accept"]), area("comment", "Too short\0")),
    ]
    other = annotation({"id": 1, "email": "ada"}, result("choices", "verdict", ["reject"]))
    rows = [task(*people), task(other, question="And a cold?"), task(question="Neither?"), task(*people[:1])]
    path = tmp_path / "t.json"
    path.write_text(canonical_json(rows), encoding="utf-8")
    report = importing.import_file(project=project, who=WHO, path=path)
    assert (report.accepted, report.duplicate, dict(report.verdicts)) == (3, 1, {"ada": 2, "bo": 1})
    with project.read() as view:
        assert states.differences(view) == []
        assert events.problems(view) == events.unwitnessed(view) == []
        disputed, rejected, untouched = listing.page(view, [1, 2, 3])
        told = reviews.of_example(view, 1)
    assert (disputed.status, rejected.status, untouched.status) == ("disagreement", "rejected", "candidate")
    assert [(one.reviewer, one.verdict, one.judgement.comment) for one in told] == [
        ("ada", "edit", ""),
        ("bo", "accept", "Too short\0"),
    ]
