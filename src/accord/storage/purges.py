"""True deletion of an example: its text leaves every table, a tombstone with its hash stays."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.content import EXAMPLE_ID_DIGITS
from accord.storage import blindness, events, releases, schema, schema_generation, search
from accord.storage.postgres import TEAM
from accord.storage.project import Unit, View
from accord.storage.texts import stored


def purge(unit: Unit, seq: int, *, example_id: str, content_hash: str, reason: str) -> list[str]:
    """Delete an example for real, note the hash of each of its texts, and tell; returns the releases that held it."""
    held = releases.holding(unit, [seq])
    told = events.append(unit, "purge", {"example": example_id, "hash": content_hash, "releases": held})
    if blindness.in_force(unit.connection):
        # Who deletes is the database's owner alone (guards.py), once the event is there.
        values = {"seq": seq, "told": told, "why": stored(reason)}
        unit.connection.execute(sa.text(f"SELECT {TEAM}.purge(:seq, :told, :why)"), values)
    else:
        _delete(unit, seq, {example_id: content_hash} | _edited(unit, seq), held, reason)
    return held


def _delete(unit: Unit, seq: int, gone: Mapping[str, str], held: Sequence[str], reason: str) -> None:
    run = unit.connection.execute
    if unit.connection.dialect.name == "sqlite":
        unit.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # FAST leaves whole pages as they were
    run(sa.insert(schema.purge_guard).values(id=1))
    facts = {"reason": reason, "releases": canonical_json(held), "author": unit.actor, "at": unit.at}
    run(sa.insert(schema.tombstone), [{"id": id_, "hash": hash_, **facts} for id_, hash_ in gone.items()])
    search.forget(unit, [seq])
    link = schema.duplicate_link
    run(sa.delete(link).where(sa.or_(link.c.a == seq, link.c.b == seq)))
    run(sa.update(schema.release_item).where(schema.release_item.c.seq == seq).values(facts="{}", revision_id=None))
    for statement in schema_generation.purging("", ":seq"):
        run(sa.text(statement), {"seq": seq})
    for table in schema.OF_EXAMPLE:
        run(sa.delete(table).where(table.c.seq == seq))
    run(sa.delete(schema.purge_guard))
    # A deleted row's words stay in the index until its pieces are merged.
    search.purge_words(unit)


def _edited(view: View, seq: int) -> dict[str, str]:
    """Return {id: hash} of an example's edited texts: an export holds those, and they must not come back either.

    A text that is another example's own, or was purged before, is left out.
    """
    table, run = schema.revision, view.connection.execute
    hashes = set(run(sa.select(table.c.hash).where(table.c.seq == seq)).scalars())
    ids = {found[:EXAMPLE_ID_DIGITS]: found for found in hashes}
    for column in (schema.example.c.id, schema.tombstone.c.id):
        for batch in batched(sorted(ids)):
            for known in run(sa.select(column).where(column.in_(batch))).scalars():
                ids.pop(known)
    return ids


def purged_from(view: View, release: str) -> int:
    """Return how many examples of a release have been purged since."""
    table = schema.release_item
    known = sa.select(schema.example.c.seq)
    return int(
        view.connection.execute(
            sa.select(sa.func.count())
            .select_from(table)
            .join(schema.release, schema.release.c.id == table.c.release_id)
            .where(schema.release.c.name == release, table.c.seq.not_in(known))
        ).scalar()
        or 0
    )


def tombstones(view: View, hashes: Sequence[str]) -> set[str]:
    """Return which of these content hashes were purged before."""
    table = schema.tombstone
    if view.connection.execute(sa.select(table.c.id).limit(1)).first() is None:
        return set()
    found: set[str] = set()
    for batch in batched(hashes):
        found.update(view.connection.execute(sa.select(table.c.hash).where(table.c.hash.in_(list(batch)))).scalars())
    return found


def purged_ids(view: View) -> frozenset[str]:
    """Return the ids of all that was purged: of examples, and of texts they were edited to."""
    return frozenset(view.connection.execute(sa.select(schema.tombstone.c.id)).scalars())


def packs_with(view: View, seq: int) -> list[tuple[str, str]]:
    """Return (reviewer, when it was made) of each pack that took an example along, oldest first."""
    table, item = schema.pack, schema.pack_item
    query = sa.select(table.c.reviewer, table.c.at).join(item, item.c.pack_id == table.c.id).where(item.c.seq == seq)
    return [(row.reviewer, row.at) for row in view.connection.execute(query.order_by(table.c.at, table.c.id))]


def all_tombstones(view: View) -> frozenset[str]:
    """Return the content hashes of all that was purged."""
    return frozenset(view.connection.execute(sa.select(schema.tombstone.c.hash)).scalars())
