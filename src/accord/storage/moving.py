"""A project from one place to another, row for row, and the lines by which two projects are compared."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accord.domain.canonical import canonical_json
from accord.storage import schema, search
from accord.storage.failures import DamagedProject
from accord.storage.inserting import insert_many
from accord.storage.migrations import migrate
from accord.storage.project import Project, Unit, View, place_of

_ROWS = 500  # at a time
_OWN = frozenset({"migration", "purge_guard"})  # what each place has for itself
_OWN_FACTS = ("search_from",)  # how far its index of words is


def copy(source: Project, target: Path | str) -> None:
    """Make the same project, all its rows under the same numbers, at a place where none is.

    It is one transaction there; what arrived is read back and compared before it is committed.
    Raises ProjectExists, and DamagedProject where what arrived is not what was sent.
    """
    place = place_of(target)
    with source.read() as view:

        def fill(connection: sa.Connection) -> None:
            migrate(connection, 0)
            unit = Unit(connection, actor="", device="", commit=lambda _connection, _act: None)
            for table in _tables():
                sent = _copy_table(view, unit, table)
                if sent != _digest(unit, table):
                    raise DamagedProject(place.shown, f"{table.name} did not arrive as it was sent")
            search.reset(unit)
            while search.index_next(unit, _ROWS):
                pass

        place.make(fill)
    place.close()


def canonical_lines(view: View) -> Iterator[str]:
    """Yield every row of a project as a line of JSON, table by table, in an order that both databases share."""
    for table in _tables():
        for row in _rows(view, table):
            yield _line(table, row)


def digest(view: View) -> str:
    """Return the sha256 of all these lines: two places hold the same project exactly when it is the same."""
    total = hashlib.sha256()
    for line in canonical_lines(view):
        total.update(line.encode("utf-8") + b"\n")
    return total.hexdigest()


def _tables() -> list[sa.Table]:
    return [table for name, table in sorted(schema.metadata.tables.items()) if name not in _OWN]


def _copy_table(view: View, unit: Unit, table: sa.Table) -> str:
    total = hashlib.sha256()
    columns = tuple(table.c.keys())
    batch: list[tuple[Any, ...]] = []
    for row in _rows(view, table):
        total.update(_line(table, row).encode("utf-8") + b"\n")
        batch.append(tuple(row.values()))
        if len(batch) == _ROWS:
            insert_many(unit, table, columns, batch)
            batch = []
    insert_many(unit, table, columns, batch)
    return total.hexdigest()


def _digest(view: View, table: sa.Table) -> str:
    total = hashlib.sha256()
    for row in _rows(view, table):
        total.update(_line(table, row).encode("utf-8") + b"\n")
    return total.hexdigest()


def _rows(view: View, table: sa.Table) -> Iterator[dict[str, Any]]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    if table is schema.meta:
        query = query.where(table.c.key.not_in(_OWN_FACTS))
    for row in view.connection.execute(query, execution_options={"yield_per": _ROWS}):
        yield dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)


def _line(table: sa.Table, row: dict[str, Any]) -> str:
    return canonical_json([table.name, row])
