"""An import that was undone can be made again, the right way this time."""

from pathlib import Path

import pytest

from accord.domain import batches
from accord.domain.errors import Cancelled
from accord.domain.ledger import Who
from accord.domain.progress import CancelFlag
from accord.domain.review import Judgement, Verdict
from accord.storage import imports
from accord.storage.project import Project
from accord.workflows import browsing, importing, keeping, projects, reviewing, undoing

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


class _After(CancelFlag):
    """Asks to stop after so many parts, and does something then."""

    def __init__(self, parts: int) -> None:
        super().__init__()
        self._left = parts

    def report(self, *_how_far: object) -> None:
        self._left -= 1
        self.cancelled = self._left <= 0


@pytest.fixture
def in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in ("_FIRST", "_LEAST", "_MOST"):
        monkeypatch.setattr(batches, size, 2)


def _bring(project: Project, who: Who, tmp_path: Path, name: str, tags: str) -> None:
    path = tmp_path / name
    path.write_text("question,answer,tags\n" + "".join(f"Q{n}?,a{n},{tags}\n" for n in range(5)), encoding="utf-8")
    mapping = {"request": "question", "answer": "answer", "tags": "tags"}
    importing.import_file(project=project, who=who, path=path, mapping=mapping)


@pytest.mark.usefixtures("in_twos")
def test_a_stopped_undo_of_an_import_goes_on_when_it_is_asked_again(project: Project, who: Who, tmp_path: Path) -> None:
    _bring(project, who, tmp_path, "rows.csv", "t")
    with pytest.raises(Cancelled):
        undoing.undo(project=project, who=who, progress=_After(1))
    assert [row.status for row in browsing.examples(project=project)] == ["set_aside"] * 2 + ["candidate"] * 3
    assert keeping.inspect(project=project) == []

    fourth = list(browsing.examples(project=project))[3]
    bo = Who(actor="bo", device="there")
    reviewing.submit(project=project, who=bo, example_id=fourth.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    undone = undoing.undo(project=project, who=who)
    assert (undone.kind, len(undone.examples)) == ("import", 2)
    statuses = [row.status for row in browsing.examples(project=project)]
    assert statuses == ["set_aside"] * 3 + ["accepted", "set_aside"]
    assert [e.kind for e in keeping.audit(project=project)[0]].count("undo") == 1
    assert undoing.last_act(project=project, who=who) is None
    assert keeping.inspect(project=project) == []


@pytest.mark.usefixtures("in_twos")
def test_what_was_judged_while_an_import_is_taken_back_stays(project: Project, who: Who, tmp_path: Path) -> None:
    _bring(project, who, tmp_path, "rows.csv", "t")
    last = list(browsing.examples(project=project))[4]

    class Judging(_After):
        def report(self, *_how_far: object) -> None:
            bo = Who(actor="bo", device="there")
            reviewing.submit(project=project, who=bo, example_id=last.id, judgement=Judgement(verdict=Verdict.REJECT))

    assert len(undoing.undo(project=project, who=who, progress=Judging(1)).examples) == 4
    assert [row.status for row in browsing.examples(project=project)] == ["set_aside"] * 4 + ["rejected"]


@pytest.mark.usefixtures("in_twos")
def test_tags_that_only_an_undone_import_gave_go_also_after_a_crash(
    project: Project, who: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bring(project, who, tmp_path, "first.csv", "t")
    _bring(project, who, tmp_path, "second.csv", "u")
    assert {row.tags for row in browsing.examples(project=project)} == {("t", "u")}
    with monkeypatch.context() as patch:
        patch.setattr(undoing, "finish_undone", lambda **_named: None)  # a kill after the last part
        undoing.undo(project=project, who=who)
    with project.read() as view:
        assert imports.to_retell(view) == [2]
    projects.open_project(path=project.opens).close()
    assert {row.tags for row in browsing.examples(project=project)} == {("t",)}
    with project.read() as view:
        assert imports.to_retell(view) == []
    assert keeping.inspect(project=project) == []
