"""An import that was undone can be made again, the right way this time."""

from pathlib import Path

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.storage.project import Project
from accord.workflows import browsing, importing, keeping, reviewing, undoing

ROWS = "question,answer,wrong,patient\nA?,a,W,P1\nB?,b,W,P2\nC?,c,W,P3\nC?,c,W,P3\n"


def test_an_undone_import_comes_in_again_with_its_new_groups(project: Project, who: Who, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    content = {"request": "question", "answer": "answer"}
    importing.import_file(project=project, who=who, path=path, mapping={**content, "group": "wrong"})
    undoing.undo(project=project, who=who)
    assert {row.status for row in browsing.examples(project=project)} == {"set_aside"}

    again = importing.import_file(project=project, who=who, path=path, mapping={**content, "group": "patient"})
    assert (again.read, again.accepted, again.duplicate) == (4, 3, 1)
    rows = list(browsing.examples(project=project))
    assert [(row.status, row.group) for row in rows] == [("candidate", "P1"), ("candidate", "P2"), ("candidate", "P3")]
    places = browsing.example(project=project, example_id=rows[0].id).places
    assert [place.source.group for place in places] == ["P1"]

    reviewing.submit(project=project, who=who, example_id=rows[0].id, judgement=Judgement(verdict=Verdict.ACCEPT))
    bo = Who(actor="bo", device="there")
    act = next(
        e.id
        for e in keeping.audit(project=project)[0]
        if e.kind == "import" and e.refs["accepted"] == 3 and e.number > 3
    )
    undoing.undo(project=project, who=who, act=act)
    assert [row.status for row in browsing.examples(project=project)] == ["accepted", "set_aside", "set_aside"]
    assert keeping.inspect(project=project, who=bo) == []
