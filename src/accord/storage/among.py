"""The condition that a column holds one of many values: bound as one, it costs the same to prepare for any number."""

from collections.abc import Collection, Iterator
from typing import Any

import orjson
import sqlalchemy as sa

from accord.storage.project import View


def among(view: View, column: "sa.ColumnElement[Any]", values: Collection[int] | Collection[str]) -> Any:
    """Return the condition; a mark for each value takes SQLAlchemy longer to write than the query to run."""
    if view.connection.dialect.name == "sqlite":
        each = sa.func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(sa.select(each.c.value))
    kind: Any = sa.Integer if isinstance(column.type, sa.Integer) else sa.Text
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(kind)))


def tuples(rows: "sa.CursorResult[Any]") -> Iterator[tuple[Any, ...]]:
    """Yield rows straight from the driver: SQLAlchemy's row objects cost more than the query.

    Its types are passed over too, so this is for columns that hold what they hold: no ``Free`` text, no truth value.
    """
    cursor: Any = rows.cursor
    while part := cursor.fetchmany(2_000):
        yield from part
