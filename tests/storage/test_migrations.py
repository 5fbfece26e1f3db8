"""A project file of an earlier format opens, becomes like a new one, and keeps what it held."""

from pathlib import Path

import pytest
from tests.storage.conftest import WHO, bring_in, record

from accord.storage import listing, sqlite
from accord.storage.failures import DamagedProject
from accord.storage.project import Project, create_project, open_project

#: What the first format had and what came after it, as statements on a file of today.
BACK_TO_FIRST = (
    "DROP TABLE setting",
    "DROP TABLE person",
    "DROP TABLE requirement",
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


def test_an_old_file_with_a_stranger_s_table_is_left_as_it_was(tmp_path: Path) -> None:
    path = _of_first_format(tmp_path, "DROP TRIGGER review_no_update")
    before = sqlite.recognise(path, 99)
    with pytest.raises(DamagedProject):
        open_project(path)
    assert sqlite.recognise(path, 99) == before == 1
