"""Which texts that stand have not been checked yet, by the settings and rules of now, and those texts."""

from array import array
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.filters import Term
from accord.domain.findings import Kind
from accord.domain.progress import Progress
from accord.storage import filtering, findings, listing, schema
from accord.storage.interrupting import interruptible
from accord.storage.packing import unpack
from accord.storage.project import View


class Text(NamedTuple):
    """A text that stands, as canonical JSON, and the dates of the sources that it was taken from."""

    seq: int
    hash: str
    text: str
    dates: tuple[str, ...] = ()


def covering(view: View, fingerprint: str, kinds: Collection[Kind]) -> list[int]:
    """Return the checkings by these settings that looked for all of these kinds (none named: for every kind)."""
    table = schema.checking
    rows = view.connection.execute(sa.select(table.c.id, table.c.kinds).where(table.c.fingerprint == fingerprint))
    return [row.id for row in rows if not row.kinds or (kinds and set(kinds) <= set(unpack(row.kinds)))]


def unchecked(
    view: View, terms: Sequence[Term], by: Sequence[int], *, progress: Progress | None = None
) -> "array[int]":
    """Return the examples in play that fit a filter and whose text none of these checkings looked at.

    Raises Cancelled, in the middle of the query, once ``progress`` is stopped.
    """
    state, table = schema.example_state, schema.checked
    known = sa.exists().where(table.c.seq == state.c.seq, table.c.hash == state.c.hash, table.c.checking_id.in_(by))
    query = sa.select(state.c.seq).where(*filtering.conditions(terms), findings.in_play(), sa.not_(known))
    with interruptible(view, progress):
        return array("q", sorted(view.connection.execute(query).scalars()))


def stale(view: View, by: Sequence[int]) -> int:
    """Return how many examples in play have a text that none of these checkings looked at, from indexes alone."""
    state, table = schema.example_state, schema.checked
    in_play = sa.select(sa.func.count()).select_from(state).where(filtering.visible(), findings.in_play())
    known = sa.select(sa.func.count()).select_from(table).where(table.c.checking_id.in_(by))
    run = view.connection.execute
    return max(0, int(run(in_play).scalar() or 0) - int(run(known).scalar() or 0))


def texts(view: View, seqs: Sequence[int]) -> list[Text]:
    """Return the texts of examples as they stand and as everybody may see them."""
    state, example, revision = schema.example_state, schema.example, schema.revision
    found: list[Text] = []
    for batch in batched(seqs):
        query = (
            sa.select(state.c.seq, state.c.hash, example.c.hash.label("original"), example.c.content)
            .join(example, example.c.seq == state.c.seq)
            .where(state.c.seq.in_(batch))
        )
        rows = view.connection.execute(query.order_by(state.c.seq)).all()
        edited = [row.seq for row in rows if row.hash != row.original]
        known = sa.select(revision.c.seq, revision.c.hash, revision.c.content).where(revision.c.seq.in_(edited))
        revised = {(row.seq, row.hash): row.content for row in view.connection.execute(known)} if edited else {}
        dates = listing.source_dates(view, batch)
        for row in rows:
            content = revised.get((row.seq, row.hash), row.content)
            found.append(Text(row.seq, row.hash, content, dates.get(row.seq, ())))
    return found
