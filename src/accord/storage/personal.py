"""What one person keeps for a project, by a key: replaced and forgotten at will, no part of the data or its history."""

import sqlalchemy as sa

from accord.storage import schema
from accord.storage.project import Unit, View


def listed(view: View, person: str, prefix: str) -> dict[str, str]:
    """Return a person's values whose keys begin so, by the rest of the key, in its order."""
    table = schema.setting
    rows = view.connection.execute(
        sa.select(table.c.key, table.c.value).where(table.c.person == person, table.c.key.startswith(prefix))
    )
    return dict(sorted((row.key[len(prefix) :], row.value) for row in rows if row.key.startswith(prefix)))


def put(unit: Unit, person: str, key: str, value: str | None) -> None:
    """Keep a value in place of the one before; None forgets it."""
    table = schema.setting
    unit.connection.execute(sa.delete(table).where(table.c.person == person, table.c.key == key))
    if value is not None:
        unit.connection.execute(sa.insert(table).values(person=person, key=key, value=value, at=unit.at))
