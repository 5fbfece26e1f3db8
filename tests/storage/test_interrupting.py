"""A query that nobody waits for any more ends in the middle, and the connection serves the next one."""

import threading

import pytest
import sqlalchemy as sa

from accord.domain.errors import Cancelled
from accord.domain.progress import CancelFlag
from accord.storage import listing
from accord.storage.interrupting import interruptible
from accord.storage.project import Project

#: Each takes far longer than anyone waits.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


@pytest.mark.timeout(60)
def test_a_running_query_is_stopped(project: Project) -> None:
    flag = CancelFlag()
    stop = threading.Timer(0.3, lambda: setattr(flag, "cancelled", True))
    stop.start()
    with project.read() as view, pytest.raises(Cancelled), interruptible(view, flag):
        view.connection.execute(sa.text(ENDLESS[view.connection.dialect.name])).all()
    stop.join()
    with project.read() as view:
        assert list(listing.seqs(view, progress=CancelFlag())) == []


def test_another_failure_is_told_as_it_is(project: Project) -> None:
    with project.read() as view, pytest.raises(sa.exc.DBAPIError), interruptible(view, CancelFlag()):
        view.connection.execute(sa.text("SELECT * FROM no_such_table"))
