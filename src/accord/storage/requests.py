"""Examples that share a request: the ground on which conflicts and precedents are found."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.storage import schema
from accord.storage.filtering import visible
from accord.storage.project import Unit, View
from accord.storage.words import any_of


def request_groups(view: View, keys: Sequence[str] | None = None) -> dict[str, list[int]]:
    """Return the numbers of the active examples for each request that two or more of them share."""
    table = schema.example_state
    active = [visible(), table.c.status.not_in(("set_aside", "rejected", "needs_answer"))]
    if keys is not None:
        active.append(table.c.request_key.in_(list(keys)))
    shared = sa.select(table.c.request_key).where(*active).group_by(table.c.request_key).having(sa.func.count() > 1)
    found: dict[str, list[int]] = {}
    rows = view.connection.execute(
        sa.select(table.c.request_key, table.c.seq)
        .where(*active, table.c.request_key.in_(shared))
        .order_by(table.c.seq)
    )
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return found


def open_conflicts(view: View, *, status: str = "") -> int:
    """Return how many requests have answers that conflict and are not settled (with an example of a status)."""
    table = schema.example_state
    query = sa.select(sa.func.count(sa.distinct(table.c.request_key))).where(table.c.conflict.is_(True), visible())
    if status:
        query = query.where(table.c.status == status)
    return int(view.connection.execute(query).scalar() or 0)


def flagged_keys(view: View) -> list[str]:
    """Return the requests whose examples carry the conflict flag."""
    table = schema.example_state
    query = sa.select(table.c.request_key).where(table.c.conflict.is_(True)).distinct()
    return list(view.connection.execute(query).scalars())


def flag_conflicts(unit: Unit, keys: Sequence[str], flagged: Collection[int]) -> None:
    """Make the conflict flag of the examples with these requests true for ``flagged`` and false for the others."""
    table = schema.example_state
    unit.connection.execute(
        sa.update(table).where(table.c.request_key.in_(list(keys)), table.c.conflict.is_(True)).values(conflict=False)
    )
    for batch in batched(sorted(flagged)):
        unit.connection.execute(sa.update(table).where(table.c.seq.in_(list(batch))).values(conflict=True))


def similar(view: View, text: str, *, words: int, limit: int) -> list[int]:
    """Return settled examples that hold any of the text's longest words, best match first (a net, not a ranking)."""
    expression = any_of(text, words)
    if expression is None:
        return []
    table = schema.example_state
    search = sa.table("search", sa.column("rowid", sa.Integer), sa.column("rank", sa.Float))
    query = (
        sa.select(search.c.rowid)
        .join(table, table.c.seq == search.c.rowid)
        .where(
            sa.literal_column("search").op("MATCH")(expression),
            table.c.status.in_(("accepted", "rejected")),
            visible(),
        )
        .limit(limit * 20)
        .subquery()
    )
    return list(view.connection.execute(sa.select(query.c.rowid).limit(limit)).scalars())


def asking(view: View, key: str) -> list[int]:
    """Return the examples whose text asks this request."""
    table = schema.example_state
    return list(view.connection.execute(sa.select(table.c.seq).where(table.c.request_key == key, visible())).scalars())
