"""Runs of the near-duplicate search: which examples were compared, which links held, which clusters they make."""

from collections.abc import Sequence

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.ledger import DuplicateRun
from accord.storage import filtering, schema
from accord.storage.project import Unit, View


def add_run(
    unit: Unit,
    *,
    method: str,
    threshold: float,
    fields: str,
    seqs: Sequence[int],
    links: Sequence[tuple[int, int, float]],
    clusters: Sequence[Sequence[int]],
) -> int:
    """Store a search over ``seqs``: verified links and clusters, both as example numbers. Returns its id."""
    result = unit.connection.execute(
        sa.insert(schema.duplicate_run).values(
            method=method,
            threshold=threshold,
            fields=fields,
            examples=len(seqs),
            newest_seq=max(seqs, default=0),
            at=unit.at,
            act=unit.act,
        )
    )
    run_id = int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
    members = [
        {"run_id": run_id, "cluster": number, "seq": seq} for number, found in enumerate(clusters) for seq in found
    ]
    if members:
        unit.connection.execute(sa.insert(schema.duplicate_member), members)
    if links:
        unit.connection.execute(
            sa.insert(schema.duplicate_link),
            [{"run_id": run_id, "a": a, "b": b, "score": score} for a, b, score in links],
        )
    return run_id


def in_play(view: View, *, settled: bool = False) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the numbers, ids and hashes of the texts that stand of all examples that are not set aside.

    ``settled``: only of those that are accepted or rejected.
    """
    state = schema.example_state
    wanted = state.c.status.in_(("accepted", "rejected")) if settled else state.c.status != "set_aside"
    query = sa.select(state.c.seq, state.c.id, state.c.hash).where(filtering.visible(), wanted)
    rows = view.connection.execute(query.order_by(state.c.seq)).all()
    return tuple(zip(*rows, strict=True)) if rows else ((), (), ())  # type: ignore[return-value]  # three columns


def newest(view: View) -> DuplicateRun | None:
    """Return the newest search."""
    table = schema.duplicate_run
    row = view.connection.execute(sa.select(table).order_by(table.c.id.desc()).limit(1)).first()
    names = DuplicateRun.__dataclass_fields__
    return None if row is None else DuplicateRun(**{k: v for k, v in row._mapping.items() if k in names})  # noqa: SLF001


def clusters(view: View, run_id: int) -> list[list[int]]:
    """Return the clusters of a search as example numbers, in the order they were stored."""
    table = schema.duplicate_member
    found: dict[int, list[int]] = {}
    for row in view.connection.execute(
        sa.select(table.c.cluster, table.c.seq).where(table.c.run_id == run_id).order_by(table.c.cluster, table.c.seq)
    ):
        found.setdefault(row[0], []).append(row[1])
    return list(found.values())


def open_clusters(view: View, run_id: int) -> set[int]:
    """Return the numbers of the clusters of which two or more examples are in play, without reading a text."""
    table, state = schema.duplicate_member, schema.example_state
    rows = view.connection.execute(
        sa.select(table.c.cluster)
        .join(state, state.c.seq == table.c.seq)
        .where(table.c.run_id == run_id, state.c.status != "set_aside")
        .group_by(table.c.cluster)
        .having(sa.func.count() > 1)
    )
    return set(rows.scalars())


def clusters_with(view: View, run_id: int, seqs: Sequence[int]) -> dict[int, list[int]]:
    """Return all members of the clusters that hold any of these examples, by the cluster's number."""
    table = schema.duplicate_member
    found: dict[int, list[int]] = {}
    for batch in batched(seqs):
        theirs = sa.select(table.c.cluster).where(table.c.run_id == run_id, table.c.seq.in_(batch))
        rows = sa.select(table.c.cluster, table.c.seq).where(table.c.run_id == run_id, table.c.cluster.in_(theirs))
        members: dict[int, list[int]] = {}
        for row in view.connection.execute(rows.order_by(table.c.cluster, table.c.seq)):
            members.setdefault(row.cluster, []).append(row.seq)
        found |= members
    return found


def cluster_of(view: View, run_id: int, seq: int) -> list[int]:
    """Return the members of the cluster that holds an example; empty where it is in none."""
    table = schema.duplicate_member
    mine = sa.select(table.c.cluster).where(table.c.run_id == run_id, table.c.seq == seq)
    rows = view.connection.execute(
        sa.select(table.c.seq).where(table.c.run_id == run_id, table.c.cluster.in_(mine)).order_by(table.c.seq)
    )
    return list(rows.scalars())
