"""A project file of an earlier format opens, becomes like a new one, and keeps what it held."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.canonical import request_key
from accord.domain.content import Content, pair
from accord.domain.errors import AccordError
from accord.domain.people import Person, Role
from accord.domain.records import RawRecord
from accord.domain.review import Judgement, Verdict
from accord.storage import backups, kept, listing, requests, reviews, schema, sqlite, states
from accord.storage.failures import CannotSave, DamagedProject
from accord.storage.migrations import CURRENT
from accord.storage.project import Project, create_project, open_project
from accord.workflows import conflicts, projects

#: What the first format had and what came after it, as statements on a file of today.
BACK_TO_FIRST = (
    "DROP TABLE setting",
    "DROP TABLE person",
    "DROP TABLE requirement",
    "DROP TABLE assignment",
    "DROP TABLE calibration",
    "DROP TABLE calibration_item",
    "DROP TABLE control",
    "DROP TABLE signature",
    "DROP TABLE pack",
    "DROP TABLE pack_item",
    "DROP TABLE finding",
    "DROP TABLE checked",
    "DROP TABLE checking",
    "DROP TABLE generation",
    "DROP TABLE generation_item",
    "DROP TABLE generation_reply",
    "DROP TABLE generation_source",
    "DROP TABLE sending",
    "DROP TABLE service_record",
    "DROP TABLE service_part",
    "DROP INDEX occurrence_of_import",
    "DROP INDEX occurrence_of_group",
    "DROP INDEX occurrence_of_source",
    "DROP INDEX state_in_status",
    "DROP INDEX state_in_review",
    "DROP INDEX state_in_import",
    "DROP INDEX state_with_tags",
    "DROP INDEX state_with_reviewers",
    "DROP INDEX state_of_origin",
    "DROP INDEX state_in_conflict",
    "CREATE INDEX ix_occurrence_import_id ON occurrence (import_id)",
    "CREATE INDEX state_by_status ON example_state (status, seq)",
    "CREATE INDEX state_by_import ON example_state (import_id)",
    "CREATE INDEX state_by_conflict ON example_state (conflict) WHERE conflict",
    "DELETE FROM migration WHERE number > 1",
    "PRAGMA user_version=1",
)


def _of_first_format(folder: Path, *more: str) -> Path:
    project = create_project(folder / "old.accord")
    bring_in(project, [record(n, f"Question {n}?") for n in range(1, 4)])
    project.close()
    module = sqlite.dbapi()
    connection = module.connect(str(project.path), isolation_level=None)
    for statement in (*BACK_TO_FIRST, *more):
        connection.execute(statement)
    connection.close()
    return project.path


def _schema(project: Project) -> dict[tuple[str, str], str]:
    with project.read() as view:
        return sqlite.schema_of(view.connection)


def test_a_file_of_the_first_format_becomes_like_a_new_one(tmp_path: Path) -> None:
    path = _of_first_format(tmp_path)
    opened, fresh = open_project(path), create_project(tmp_path / "new.accord")
    assert _schema(opened) == _schema(fresh)
    with opened.read() as view:
        assert list(listing.seqs(view)) == [1, 2, 3]
    with opened.write(WHO) as unit:
        unit.commit()
    opened.close()
    fresh.close()
    open_project(path).close()


def test_a_second_program_opens_what_the_first_has_just_brought_up_to_date(tmp_path: Path) -> None:
    path = _of_first_format(tmp_path)
    first = open_project(path)
    assert sqlite.recognise(path, CURRENT) == 1  # the head of the file is behind while the first has it open
    second = open_project(path)
    assert _schema(second) == _schema(first)
    assert second.kept is None
    second.close()
    first.close()


def test_an_older_file_learns_which_turns_came_before_a_request(tmp_path: Path) -> None:
    talk = Content(messages=(*pair("Is it so?", "It is.").messages, *pair("Question 1?", "Another.").messages))
    project = create_project(tmp_path / "old.accord")
    bring_in(project, [record(1, "Question 1?"), RawRecord(line=2, content=talk)])
    project.close()
    connection = sqlite.dbapi().connect(str(project.path), isolation_level=None)
    for statement in (
        "UPDATE example_state SET request_key = substr(request_key, 1, 20), conflict = 1",
        "DELETE FROM migration WHERE number > 3",
        "PRAGMA user_version=3",
    ):
        connection.execute(statement)
    connection.close()
    opened = projects.open_project(path=project.path)
    assert conflicts.listed(project=opened) == []
    with opened.read() as view:
        assert states.differences(view) == []
        assert requests.open_conflicts(view) == 0
        assert requests.asking(view, request_key("question 1?")) == [1, 2]
    opened.close()


def test_an_old_file_with_a_stranger_s_table_is_left_as_it_was(tmp_path: Path) -> None:
    path = _of_first_format(tmp_path, "DROP TRIGGER review_no_update")
    before = sqlite.recognise(path, 99)
    with pytest.raises(DamagedProject):
        open_project(path)
    assert sqlite.recognise(path, 99) == before == 1


def test_people_of_an_earlier_format_stay(tmp_path: Path) -> None:
    path = _of_first_format(
        tmp_path,
        "CREATE TABLE person (name TEXT NOT NULL, role TEXT NOT NULL, login TEXT NOT NULL, active BOOLEAN NOT NULL, "
        "at TEXT NOT NULL, PRIMARY KEY (name))",
        "INSERT INTO person VALUES ('ana', 'adjudicator', 'a1', 1, 'then')",
    )
    opened, fresh = open_project(path), create_project(tmp_path / "new.accord")
    assert _schema(opened) == _schema(fresh)
    assert opened.sign_in("ana") == Person(name="ana", role=Role.ADJUDICATOR, login="a1")


def test_times_of_reviews_in_an_older_project_sort_by_time(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2")])
    times = {1: "2026-03-01T01:00:00.000+05:45", 2: "2026-02-28T20:00:00.000+00:00"}
    with project.write(WHO) as unit:
        run = unit.connection.execute
        for seq in times:
            reviews.append(unit, seq, Judgement(verdict=Verdict.ACCEPT), listing.base_of(unit, seq), reviewer="ana")
        run(sa.insert(schema.purge_guard).values(id=1))
        for seq, at in times.items():
            run(sa.update(schema.review).where(schema.review.c.seq == seq).values(at=at))
        run(sa.delete(schema.purge_guard))
        states.refresh(unit, times)
        for seq, at in times.items():
            run(sa.update(schema.example_state).where(schema.example_state.c.seq == seq).values(last_review=at))
        run(sa.delete(schema.migration).where(schema.migration.c.number > 5))
        unit.commit()
    if project.file is not None:
        project.close()
        connection = sqlite.dbapi().connect(str(project.path), isolation_level=None)
        connection.execute("PRAGMA user_version=5")
        connection.close()
    opened = open_project(project.opens)
    with opened.read() as view:
        assert list(listing.seqs(view, sort="last_review")) == [1, 2]
        assert [row.last_review for row in listing.page(view, [1])] == ["2026-02-28T19:15:00.000+00:00"]
        assert states.differences(view) == []
    opened.close()


def test_an_older_file_is_kept_as_it_was_before_it_changes(tmp_path: Path) -> None:
    path = _of_first_format(tmp_path)
    opened = open_project(path)
    copy = opened.kept
    assert copy is not None
    assert sqlite.recognise(copy, 99) == 1
    assert [found.path for found in backups.listed(path)] == [copy]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    opened.close()
    assert open_project(path).kept is None
    before = copy.read_bytes()
    restored = backups.restore(copy, tmp_path / "again.accord")
    with restored.read() as view:
        assert list(listing.seqs(view)) == [1, 2, 3]
    restored.close()
    assert copy.read_bytes() == before, "a backup is only read"
    assert [found.name for found in backups.folder_of(path).iterdir()] == [copy.name]


def test_a_file_that_cannot_be_kept_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _of_first_format(tmp_path)
    (tmp_path / f"{path.name}-backups").write_text("no folder")
    with pytest.raises(CannotSave):
        open_project(path)
    assert sqlite.recognise(path, 99) == 1
    (tmp_path / f"{path.name}-backups").unlink()
    monkeypatch.setattr(kept, "copy_file", lambda _project, to: to.write_bytes(path.read_bytes()[:-4096]))
    with pytest.raises(AccordError):
        open_project(path)
    assert sqlite.recognise(path, 99) == 1
    assert backups.listed(path) == []
