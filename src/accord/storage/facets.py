"""What a list can be narrowed to, counted: tags, files, named sources, findings."""

from typing import Any

import sqlalchemy as sa

from accord.domain.filters import Field, Op, Term
from accord.storage import filtering, listing, schema, states
from accord.storage.project import View


def by_tag(view: View) -> dict[str, int]:
    """Return how many visible examples have each tag; one pass over the distinct sets of tags."""
    packed = schema.example_state.c.tags
    found: dict[str, int] = {}
    rows = view.connection.execute(
        sa.select(packed, sa.func.count()).where(filtering.visible(), packed != "").group_by(packed)
    )
    for text, count in rows:
        for tag in states.unpack(text):
            found[tag] = found.get(tag, 0) + count
    return found


def by_file(view: View) -> dict[str, int]:
    """Return how many examples were found in each imported file, by its name."""
    return _of_occurrences(view, schema.import_run.c.file)


def by_source(view: View, *, limit: int) -> dict[str, int]:
    """Return how many examples name each source, the most frequent ``limit`` of them."""
    return _of_occurrences(view, schema.occurrence.c.source, limit=limit)


def finding(view: View, name: str) -> int:
    """Return how many examples have a finding (``conflict`` or ``near-duplicate``)."""
    return listing.count(view, [Term(field=Field.FINDING, op=Op.IS, value=name)])


def _of_occurrences(view: View, column: "sa.ColumnElement[Any]", *, limit: int | None = None) -> dict[str, int]:
    table, run, state = schema.occurrence, schema.import_run, schema.example_state
    amount = sa.func.count(sa.distinct(table.c.seq))
    rows = view.connection.execute(
        sa.select(column, amount)
        .join_from(table, run, run.c.id == table.c.import_id)
        .join(state, state.c.seq == table.c.seq)
        .where(run.c.state == "done", column != "", filtering.visible())
        .group_by(column)
        .order_by(amount.desc(), column)
        .limit(limit)
    )
    return {row[0]: row[1] for row in rows}
