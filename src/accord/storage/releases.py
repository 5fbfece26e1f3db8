"""Frozen releases: which text of which example stands in which part, and under which rules."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import BATCH, batched
from accord.domain.canonical import canonical_json
from accord.domain.project import ProjectSettings
from accord.domain.releases import (
    InstructionMode,
    LeftOut,
    Part,
    Release,
    ReleasedExample,
    ReleasePlan,
    StoredExample,
)
from accord.storage import schema
from accord.storage.project import Unit, View

_PARTS = {part.value: part for part in Part}
_SEQ_BITS = 40
_SEQ_MASK = (1 << _SEQ_BITS) - 1


def add(unit: Unit, release: Release, settings: ProjectSettings, items: Iterable[tuple[int, ReleasedExample]]) -> int:
    """Store a release with its (example number, example) items. Returns its id."""
    facts = {k: v for k, v in asdict(release).items() if k not in {"name", "hash", "created_at", "created_by"}}
    result = unit.connection.execute(
        sa.insert(schema.release).values(
            name=release.name,
            hash=release.hash,
            facts=canonical_json(facts),
            settings=canonical_json(settings.to_json()),
            author=release.created_by,
            act=unit.act,
            at=release.created_at,
        )
    )
    release_id = int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
    batch: list[dict[str, Any]] = []
    for seq, item in items:
        batch.append(_item_values(release_id, seq, item))
        if len(batch) == BATCH:
            _insert_items(unit, batch)
            batch = []
    _insert_items(unit, batch)
    return release_id


def find(view: View, name: str) -> Release | None:
    """Return the release with this name."""
    row = view.connection.execute(sa.select(schema.release).where(schema.release.c.name == name)).first()
    return None if row is None else _release(row)


def listed(view: View) -> list[Release]:
    """Return all releases, oldest first."""
    return [_release(row) for row in view.connection.execute(sa.select(schema.release).order_by(schema.release.c.id))]


def settings_of(view: View, name: str) -> ProjectSettings:
    """Return the project settings that a release was frozen with."""
    text = view.connection.execute(
        sa.select(schema.release.c.settings).where(schema.release.c.name == name)
    ).scalar_one()
    return ProjectSettings.from_json(json.loads(text))


def parts(view: View, name: str) -> dict[str, tuple[Part, str]]:
    """Return {example id: (part, hash)} of a release, examples purged since left out."""
    table = schema.release_item
    rows = view.connection.execute(
        sa.select(schema.example.c.id, table.c.part, table.c.hash)
        .join(schema.release, schema.release.c.id == table.c.release_id)
        .join(schema.example, schema.example.c.seq == table.c.seq)
        .where(schema.release.c.name == name)
    )
    return {row[0]: (Part(row[1]), row[2]) for row in rows}


def earlier_parts(view: View) -> dict[int, Part]:
    """Return the part each example had in earlier releases: held-out if ever, else train if ever, else validation."""
    rank = {Part.VALIDATION: 0, Part.TRAIN: 1, Part.HELDOUT: 2}
    found: dict[int, Part] = {}
    for seq, text in view.connection.execute(
        sa.select(schema.release_item.c.seq, schema.release_item.c.part).distinct()
    ):
        part = Part(text)
        if seq not in found or rank[part] > rank[found[seq]]:
            found[seq] = part
    return found


def examples(view: View, name: str) -> Iterator[ReleasedExample]:
    """Yield a release's examples sorted by id (in Python, as exports promise), texts in batches."""
    return (found.whole() for found in stored_examples(view, name))


def stored_examples(view: View, name: str) -> Iterator[StoredExample]:
    """Yield a release's examples as they are stored, sorted by id (in Python, as exports promise)."""
    release_id = view.connection.execute(sa.select(schema.release.c.id).where(schema.release.c.name == name)).scalar()
    item, example = schema.release_item, schema.example
    rows = view.connection.execute(
        sa.select(example.c.id, item.c.seq)
        .join(example, example.c.seq == item.c.seq)
        .where(item.c.release_id == release_id)
    )
    # One number for each: an id's twenty hex digits before the example's number. A million of them take 60 MB.
    order = sorted(int(row[0], 16) << _SEQ_BITS | row[1] for row in _tuples(rows))
    for batch in batched(order):
        yield from _batch(view, int(release_id or 0), [number & _SEQ_MASK for number in batch])


def _tuples(rows: sa.CursorResult[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows straight from the driver: SQLAlchemy's row objects cost more than the query."""
    cursor: Any = rows.cursor
    while part := cursor.fetchmany(10_000):
        yield from part


def holding(view: View, seqs: Sequence[int]) -> list[str]:
    """Return the names of the releases that hold any of these examples."""
    table = schema.release_item
    rows = view.connection.execute(
        sa.select(schema.release.c.name)
        .join(table, table.c.release_id == schema.release.c.id)
        .where(table.c.seq.in_(list(seqs)))
        .distinct()
        .order_by(schema.release.c.name)
    )
    return list(rows.scalars())


def holding_act(view: View, seqs: Sequence[int], *, since: str) -> list[str]:
    """Return the releases made at or after a moment (ISO text) that hold any of these examples."""
    moment = datetime.fromisoformat(since)
    found: set[str] = set()
    for row in view.connection.execute(sa.select(schema.release.c.name, schema.release.c.at)).all():
        # Compared as moments: two texts with different offsets from UTC do not sort by time.
        if datetime.fromisoformat(row.at) >= moment and any(
            row.name in holding(view, batch) for batch in batched(sorted(seqs))
        ):
            found.add(row.name)
    return sorted(found)


def _batch(view: View, release_id: int, seqs: Sequence[int]) -> Iterator[StoredExample]:
    item, example, revision = schema.release_item, schema.example, schema.revision
    query = (
        sa.select(
            item.c.seq,
            example.c.id,
            item.c.part,
            item.c.hash,
            example.c.origin,
            example.c.content,
            revision.c.content.label("revised"),
            item.c.facts,
        )
        .join(example, example.c.seq == item.c.seq)
        .outerjoin(revision, revision.c.id == item.c.revision_id)
        .where(item.c.release_id == release_id, item.c.seq.in_(seqs))
    )
    rows = {row[0]: row for row in _tuples(view.connection.execute(query))}
    for seq in seqs:
        _seq, id_, part, hash_, origin, original, revised, facts = rows[seq]
        text = original if revised is None else revised
        yield StoredExample(id_, _PARTS[part], hash_, origin, text, original, json.loads(facts))


_FACTS = (
    "decided_by",
    "tags",
    "reviewers",
    "file",
    "line",
    "source",
    "source_url",
    "source_date",
    "licence",
    "context",
    "comment",
    "rejected",
)


def _item_values(release_id: int, seq: int, item: ReleasedExample) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "seq": seq,
        "part": item.part.value,
        "hash": item.hash,
        "edited": item.hash != item.original.hash,
        "facts": canonical_json({name: getattr(item, name) for name in _FACTS}),
    }


def _insert_items(unit: Unit, batch: Sequence[dict[str, Any]]) -> None:
    if not batch:
        return
    table = schema.revision
    edited = [values["seq"] for values in batch if values["edited"]]
    rows = unit.connection.execute(
        sa.select(table.c.seq, table.c.hash, sa.func.min(table.c.id))
        .where(table.c.seq.in_(edited))
        .group_by(table.c.seq, table.c.hash)
    )
    revision_ids = {(row[0], row[1]): row[2] for row in rows}
    values = [
        {
            **{k: v for k, v in value.items() if k != "edited"},
            "revision_id": revision_ids[value["seq"], value["hash"]] if value["edited"] else None,
        }
        for value in batch
    ]
    unit.connection.execute(sa.insert(schema.release_item), values)


def _release(row: Any) -> Release:
    facts = json.loads(row.facts)
    return Release(
        name=row.name,
        hash=row.hash,
        created_at=row.at,
        created_by=row.author,
        **{
            **facts,
            "plan": ReleasePlan(**facts["plan"]),
            "instruction_mode": InstructionMode(facts["instruction_mode"]),
            "left_out": tuple(LeftOut(**value) for value in facts["left_out"]),
            "warnings": tuple(facts["warnings"]),
        },
    )
