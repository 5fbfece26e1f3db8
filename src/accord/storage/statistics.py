"""What a server's planner knows of the tables, brought up to date after much has come in; a file's needs nothing."""

import sqlalchemy as sa

from accord.domain.ledger import Who
from accord.storage import blindness
from accord.storage.postgres import SCHEMA, TEAM
from accord.storage.project import Project, Unit

MANY = 1_000
"""So many new rows change how a query is best answered; the server's own upkeep may take a minute to notice."""
_PROGRAM = Who(actor="accord")


def gather(project: Project) -> None:
    """Count anew what the tables hold, one in each unit of work: a sample of each is read, whatever its size."""
    if project.file is not None:
        return
    for name in blindness.GATHERED:
        with project.write(_PROGRAM, lasting=False) as unit:
            _gather(unit, name)
            unit.commit()


def _gather(unit: Unit, name: str) -> None:
    if blindness.in_force(unit.connection):
        unit.connection.execute(sa.text(f"SELECT {TEAM}.gather(:name)"), {"name": name})  # a lead does not own it
    else:
        unit.connection.execute(sa.text(f"ANALYZE {SCHEMA}.{name}"))
