"""After much has come in the server's planner knows what the tables hold."""

from pathlib import Path

import sqlalchemy as sa
from tests.storage.conftest import bring_in, record
from tests.teams import LENA, Team

from accord.storage import statistics
from accord.storage.project import Project, create_project

_KNOWN = "SELECT count(*) FROM pg_stats WHERE schemaname = 'accord' AND tablename = 'example_state'"


def _count(project: Project) -> int:
    with project.read() as view:
        return int(view.connection.execute(sa.text(_KNOWN)).scalar() or 0)


def test_a_server_counts_what_came_in(database: str) -> None:
    project = create_project(database)
    bring_in(project, [record(n, f"Q{n}?") for n in range(20)])
    statistics.gather(project)
    assert _count(project) > 0
    project.close()


def test_a_lead_who_owns_no_table_can_have_them_counted(database: str) -> None:
    team = Team(database)
    statistics.gather(team[LENA])
    assert _count(team.owner) > 0
    team.close()


def test_a_file_needs_none(tmp_path: Path) -> None:
    project = create_project(tmp_path / "clinic.accord")
    statistics.gather(project)
    project.close()
