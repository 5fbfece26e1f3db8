"""The log of what was sent to services: which hash went where and when, never the text."""

from collections.abc import Sequence

import sqlalchemy as sa

from accord.domain.generation import Sent
from accord.storage import schema
from accord.storage.generation_rows import holdable
from accord.storage.inserting import insert_many
from accord.storage.project import Unit, View

_COLUMNS = ("purpose", "host", "asked", "replaced", "generation_id", "number", "author", "act", "at")


def add(unit: Unit, sent: Sequence[Sent]) -> None:
    """Note what is about to be sent; who sends it and when is the unit's."""
    rows = [
        (one.purpose, holdable(one.host), one.asked, one.replaced, one.run, one.number, unit.actor, unit.act, unit.at)
        for one in sent
    ]
    insert_many(unit, schema.sending, _COLUMNS, rows)


def listed(view: View, *, run: int | None = None, purpose: str = "") -> list[Sent]:
    """Return what was sent (in a run, for a purpose), oldest first."""
    table = schema.sending
    query = sa.select(table).order_by(table.c.id)
    if run is not None:
        query = query.where(table.c.generation_id == run)
    if purpose:
        query = query.where(table.c.purpose == purpose)
    return [
        Sent(
            purpose=row.purpose,
            host=row.host,
            asked=row.asked,
            replaced=row.replaced,
            run=row.generation_id,
            number=row.number,
            author=row.author,
            at=row.at,
        )
        for row in view.connection.execute(query)
    ]
