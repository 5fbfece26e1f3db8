"""Many rows in, and which of many ids are known: straight through the driver, on both databases."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from accord.storage import schema
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


def insert_as_json(unit: Unit, statement: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
    """Run a statement over rows that go to the server as one value; a statement for each row takes twice as long."""
    names = [f"{name}" for name in columns]  # SQLAlchemy's own names are a kind of text that orjson does not take
    text = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]).decode()
    unit.connection.exec_driver_sql(statement, (text,))


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
    typed = ", ".join(f"{name} {_TYPES.get(type(table.c[name].type), 'text')}" for name in columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS given({typed})"  # noqa: S608  (all of them names of the schema)


_TYPES: dict[type, str] = {sa.Integer: "integer", sa.Boolean: "boolean", sa.Float: "double precision"}


@lru_cache(maxsize=64)
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (all of them names of the schema)


def known_examples(view: View, ids: Collection[str]) -> dict[str, int]:
    """Return {id: number} of the examples among these ids, those of unfinished imports included, in one query."""
    if not ids:
        return {}
    table = schema.example
    asked: sa.ColumnElement[bool]
    if view.connection.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
        asked = table.c.id.in_(sa.select(each.c.value))
    else:
        asked = table.c.id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Text)))
    rows = view.connection.execute(sa.select(table.c.id, table.c.seq).where(asked))
    return {row[0]: row[1] for row in rows}
