"""Many rows in, and which of many ids are known: straight through the driver, on both databases."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from accord.storage.among import tuples
from accord.storage.project import Unit, View
from accord.storage.texts import stands_as_it_is

Values = tuple[Any, ...]


def insert_many(unit: Unit, table: sa.Table, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Insert rows whose values stand in the order of ``columns``; SQLAlchemy's own way costs three times as much."""
    if not rows:
        return
    dialect = unit.connection.dialect
    given = list(zip(*rows, strict=True))
    changes = [
        (i, change)
        for i, name in enumerate(columns)
        if (change := _change(table.c[name], dialect)) and not stands_as_it_is(given[i])
    ]
    values = [_changed(row, changes) for row in rows] if changes else list(rows)
    if dialect.name == "postgresql":
        insert_as_json(unit, _from_json(table, columns), columns, values)
    else:
        unit.connection.exec_driver_sql(_insertion(table.name, columns), values)


def update_many(unit: Unit, table: sa.Table, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Give rows, found by the first of ``columns``, these values in place; in one statement on a server."""
    if not rows:
        return
    dialect = unit.connection.dialect
    changes = [(i, change) for i, name in enumerate(columns) if (change := _change(table.c[name], dialect))]
    values = [_changed(row, changes) for row in rows]
    key, names = columns[0], ", ".join(columns[1:])
    if dialect.name == "postgresql":
        given = ", ".join(f"given.{name}" for name in columns[1:])
        # The list of numbers beside the rows: it reaches into a view, where what is joined to it does not.
        statement = (
            f"UPDATE {table.name} SET ({names}) = ROW({given}) FROM {_recordset(table, columns)} "  # noqa: S608  (all of them names of the schema)
            f"WHERE {table.name}.{key} = given.{key} AND {table.name}.{key} = ANY(%s)"
        )
        unit.connection.exec_driver_sql(statement, (_json(columns, values), [row[0] for row in values]))
    else:
        statement = f"UPDATE {table.name} SET ({names}) = ({', '.join('?' * (len(columns) - 1))}) WHERE {key} = ?"  # noqa: S608  (as above)
        unit.connection.exec_driver_sql(statement, [(*row[1:], row[0]) for row in values])


def insert_as_json(unit: Unit, statement: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
    """Run a statement over rows that go to the server as one value; a statement for each row takes twice as long."""
    unit.connection.exec_driver_sql(statement, (_json(columns, rows),))


def _json(columns: Sequence[str], rows: Sequence[Values]) -> str:
    names = [f"{name}" for name in columns]  # SQLAlchemy's own names are a kind of text that orjson does not take
    return orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]).decode()


def _change(column: "sa.Column[Any]", dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """Return what a column's type makes of a value on its way in; None where it stays as it is."""
    decorated = column.type if isinstance(column.type, sa.types.TypeDecorator) else None
    return None if decorated is None else decorated.bind_processor(dialect)


def _changed(row: Values, changes: Sequence[tuple[int, Callable[[Any], Any]]]) -> Values:
    values = list(row)
    for index, change in changes:
        if values[index]:
            values[index] = change(values[index])
    return tuple(values)


def _from_json(table: sa.Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(table, columns)}"  # noqa: S608  (all of them names of the schema)


def _recordset(table: sa.Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f"{name} {_TYPES.get(type(table.c[name].type), 'text')}" for name in columns)
    return f"json_to_recordset(%s::json) AS given({typed})"


_TYPES: dict[type, str] = {sa.Integer: "integer", sa.Boolean: "boolean", sa.Float: "double precision"}


@lru_cache(maxsize=64)
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (all of them names of the schema)


def known_examples(view: View, ids: Collection[str]) -> dict[str, int]:
    """Return {id: number} of the examples among these ids, those of unfinished imports included, in one query."""
    if not ids:
        return {}
    run = view.connection.exec_driver_sql
    if view.connection.dialect.name == "sqlite":
        asked = orjson.dumps(list(ids)).decode()
        rows = run("SELECT id, seq FROM example WHERE id IN (SELECT value FROM json_each(?))", (asked,))
    else:
        rows = run("SELECT id, seq FROM example WHERE id = ANY(%s)", (list(ids),))
    return dict(tuples(rows))
