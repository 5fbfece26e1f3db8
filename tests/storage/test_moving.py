"""A project that moves between a file and a server is the same project, row for row."""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.runs import PASSAGE, begun, reply, setback

from accord.domain.filters import parse_filter
from accord.domain.generation import Asked, Made, Outcome, Start
from accord.domain.review import Judgement, Verdict
from accord.storage import (
    backups,
    events,
    generations,
    health,
    listing,
    moving,
    schema_generation,
    schema_team,
    service_records,
    states,
)
from accord.storage.failures import DamagedProject, NoProject, ProjectExists
from accord.storage.project import Project, open_project
from accord.workflows import keeping, reviewing


@pytest.fixture
def elsewhere(server: Server) -> Iterator[str]:
    """Give the address of an empty database that no project of the test is in."""
    address = server.new_database()
    yield address
    server.drop(address)


def _fill(project: Project) -> None:
    texts = ["gout", "\0 nul", "\x1a0", "高血压", "İ ß ς", "a\u2028b", "👩‍⚕️", "é e\u0301"]
    rows = [
        record(n, f"{text} {n}", f"answer {text}", group=text, tags=(text,), metadata={"n": text})
        for n, text in enumerate(texts * 4)
    ]
    bring_in(project, rows)
    bring_in(project, [*rows[:3], record(1, "later")], file="\0.csv")
    for number, row in enumerate(rows[:9]):
        verdict = [Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT][number % 3]
        edits = {1: f"edited {number} \0"} if verdict is Verdict.EDIT else {}
        judgement = Judgement(verdict=verdict, edits=edits, comment="\0", tags=("x",), seconds=0.1 + number / 3)
        reviewing.submit(project=project, who=WHO, example_id=row.content.id, judgement=judgement)
    reviewing.save_draft(project=project, who=WHO, example_id=rows[10].content.id, value={"text": "\0 unsaved"})
    keeping.purge(project=project, who=WHO, example_id=rows[20].content.id, reason="withdrawn")


def _share(project: Project) -> None:
    """Fill the tables of work that several people share, with texts that two databases may order differently."""
    made = {"author": "Ana", "act": "a", "at": "2026-01-02T03:04:05.678+00:00"}
    each = {"round": 1, "kind": "plan", "until": "", **made}
    signed = {"release_id": 1, "kind": "sign", "credential": "MD \0", "statement": "I\nanswer.", "hash": "0" * 64}
    packed = {"guideline": 0, "secret": "s", **made}
    facts = {"role": "reviewer", "login": "", "active": True, "at": made["at"], "phrase": "v"}
    rows: dict[sa.Table, list[dict[str, Any]]] = {
        schema_team.person: [
            {"name": name, "credential": "\0", **facts} for name in ("b", "A", "é", "Z \0", "_", "a b")
        ],
        schema_team.requirement: [{"seq": 2, "required": 3}, {"seq": 10, "required": 2}],
        schema_team.assignment: [{"seq": seq, "reviewer": "Z \0", **each} for seq in (10, 2)],
        schema_team.calibration: [
            {"threshold": 0.1 + 0.2, "guideline": 1, "reviewers": "b\0", "closed_at": "", **made}
        ],
        schema_team.calibration_item: [{"calibration_id": 1, "seq": 2}],
        schema_team.control: [{"seq": 2, "verdict": "accept", "note": "\0", **made}],
        schema_team.signature: [{"name": "É", **signed, **made}],
        schema_team.pack: [{"id": name, "reviewer": "é", **packed} for name in ("b", "A", "a")],
        schema_team.pack_item: [{"pack_id": name, "seq": 2} for name in ("b", "A", "a")],
    }
    assert set(rows) == set(schema_team.TABLES)
    with project.write(WHO) as unit:
        for table, values in rows.items():
            unit.connection.execute(sa.insert(table), values)
        states.refresh(unit, [2, 10])
        unit.commit()


def _generate(project: Project) -> None:
    """Fill the tables of runs of a chat model and of what a service held."""
    run_id = begun(project, WHO, Start(seed=1, shown=(2, 3)), Start(passage=PASSAGE), Start(tag="\0"))
    with project.write(WHO) as unit:
        asked = [Asked(number=number, asked=f"hash{number}", aside=Decimal("0.1")) for number in (1, 2, 3)]
        generations.asking(unit, run_id, asked)
        generations.told(unit, run_id, [reply(1), reply(2, text="\0 \ud800 高"), setback(3, final=False)])
        generations.stored(unit, run_id, {1: Outcome(new=1, refused={"\0": 1})}, [Made(4, 1, (1,)), Made(5, 1)], 1)
        generations.stop(unit, run_id, "\0", {"é"})
        file = io.BytesIO(bytes(range(256)) * 400)
        service_records.keep(unit, host="h\0", kind="model", name="ft:é", content=file)
        unit.commit()
    with project.read() as view:
        empty = [t.name for t in schema_generation.TABLES if not view.connection.execute(sa.select(t)).first()]
    assert empty == []


def _lines(project: Project) -> list[str]:
    with project.read() as view:
        assert events.problems(view) == []
        assert states.differences(view) == []
        assert health.problems(view) == []
        return list(moving.canonical_lines(view))


def test_there_and_back_it_is_the_same_byte_for_byte(project: Project, elsewhere: str, tmp_path: Path) -> None:
    _fill(project)
    _share(project)
    _generate(project)
    before = _lines(project)
    assert len(before) > 100
    moving.copy(project, elsewhere)
    there = open_project(elsewhere)
    assert _lines(there) == before
    assert there.id == project.id
    with there.read() as one, project.read() as other:
        assert moving.digest(one) == moving.digest(other)
        for text in ("text ~ gout", "text ~ 高血", "text ~ edited", "group = gout", "tag = gout"):
            found = list(listing.seqs(one, parse_filter(text)))
            assert found == list(listing.seqs(other, parse_filter(text)))
            assert found or "tag" in text
    made = backups.make_dated(there, "by-hand")
    back = backups.restore(made.path, tmp_path / "back.accord")
    assert _lines(back) == before
    for opened in (there, back):
        with opened.read() as one, project.read() as other:
            assert generations.runs(one) == generations.runs(other)
            assert generations.items(one, 1) == generations.items(other, 1)
            assert generations.replies(one, 1) == generations.replies(other, 1)
            assert b"".join(service_records.content(one, 1)) == bytes(range(256)) * 400
        bring_in(opened, [record(1, "after the move")], file="after.csv")
        with opened.read() as view:
            assert events.problems(view) == []
        opened.close()


def test_a_move_lands_only_where_no_project_is(project: Project, elsewhere: str) -> None:
    bring_in(project, [record(1, "Q")])
    moving.copy(project, elsewhere)
    with pytest.raises(ProjectExists):
        moving.copy(project, elsewhere)


def test_a_move_that_arrives_changed_leaves_nothing(
    project: Project, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, [record(1, "Q")])
    monkeypatch.setattr(moving, "_digest", lambda _view, _table: "another")
    with pytest.raises(DamagedProject):
        moving.copy(project, elsewhere)
    with pytest.raises(NoProject):
        open_project(elsewhere)


def test_two_projects_that_differ_in_one_letter_differ(project: Project) -> None:
    bring_in(project, [record(1, "Q")])
    with project.read() as view:
        before = moving.digest(view)
    bring_in(project, [record(1, "Q")], file="r0ws.csv")
    with project.read() as view:
        assert moving.digest(view) != before
