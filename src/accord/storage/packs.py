"""Packs as their project keeps them: which were made, with which secret, of which examples, and what they hold."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.content import Content
from accord.domain.project import ProjectSettings
from accord.domain.review import DecidedBy, Status
from accord.storage import assignments, drafts, schema, states
from accord.storage import settings as project_settings
from accord.storage.inserting import insert_many
from accord.storage.packing import unpack
from accord.storage.project import Unit, View

_OF_SOURCE = ("import_id", "line", "context", "source", "source_url", "source_date", "licence", "metadata")
_OF_REVIEW = ("round", "verdict", "base_hash", "result_hash", "judgement", "seconds", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPack:
    """One pack that was made; ``examples`` counts those that are still there."""

    id: str
    reviewer: str
    author: str
    at: str
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One example as a pack holds it: the shared text, the tags without verdicts, its places, the reviewer's own."""

    seq: int
    id: str
    origin: str
    round: int
    text: Content
    tags: tuple[str, ...]
    places: tuple[Mapping[str, Any], ...]
    review: Mapping[str, Any] | None
    draft: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What goes out: ``files`` are (name, format) of the imports by number."""

    settings: ProjectSettings
    files: Mapping[int, tuple[str, str]]
    items: tuple[Item, ...]


def to_review(view: View, reviewer: str, at: str) -> list[int]:
    """Return what is given out to a person at a moment, but for her blind repeats: those are made where she is."""
    given = assignments.in_force(view, at, reviewer=reviewer)
    return sorted({one.seq for one in given if one.kind != "repeat"})


def gather(view: View, reviewer: str, seqs: Sequence[int]) -> Goods:
    """Return what goes out of these examples; what is set aside or settled by a decision stays here.

    Nothing of it depends on what anybody else said of them.
    """
    items = [item for part in batched(sorted(seqs)) for item in _items(view, reviewer, part)]
    run = schema.import_run
    wanted = sorted({place["import_id"] for item in items for place in item.places})
    files: dict[int, tuple[str, str]] = {}
    for part in batched(wanted):
        rows = view.connection.execute(sa.select(run.c.id, run.c.file, run.c.format).where(run.c.id.in_(part)))
        files |= {row.id: (row.file, row.format) for row in rows}
    return Goods(settings=project_settings.current(view), files=files, items=tuple(items))


def _items(view: View, reviewer: str, seqs: Sequence[int]) -> list[Item]:
    found = []
    places, rounds = _places(view, seqs), assignments.rounds(view, seqs)
    own = _own_reviews(view, reviewer, seqs)
    typed = drafts.of_examples(view, seqs, reviewer)
    for row, text, _original, _unjudged in states.derive(view, seqs, judged=False):
        if row["status"] == Status.SET_ASIDE or row["decided_by"] == DecidedBy.ADJUDICATED:
            continue
        seq, round_ = row["seq"], rounds.get(row["seq"], 1)
        mine = own.get(seq)
        stands = mine is not None and mine["base_hash"] == text.hash and mine["round"] >= round_
        item = Item(
            seq=seq,
            id=row["id"],
            origin=row["origin"],
            round=round_,
            text=text,
            tags=unpack(row["tags"]),
            places=tuple(places[seq]),
            review=mine if stands else None,
            draft=canonical_json(typed[seq]) if seq in typed else None,
        )
        found.append(item)
    return sorted(found, key=lambda item: item.seq)


def _places(view: View, seqs: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    table = schema.occurrence
    columns = [table.c.seq, *(table.c[name] for name in _OF_SOURCE)]
    query = sa.select(*columns).where(table.c.seq.in_(seqs), schema.occurrences_that_count()).order_by(table.c.id)
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in view.connection.execute(query).mappings():
        found[row["seq"]].append({name: row[name] for name in _OF_SOURCE})
    return found


def _own_reviews(view: View, reviewer: str, seqs: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return a person's review in force of each of these examples, blind repeats aside."""
    table = schema.review
    query = sa.select(table).where(table.c.reviewer == reviewer, table.c.seq.in_(seqs))
    found: dict[int, Mapping[str, Any]] = {}
    for row in view.connection.execute(query.order_by(table.c.round, table.c.id)):
        if not states.review_of(row).judgement.repeat:
            values = {name: getattr(row, name) for name in _OF_REVIEW}
            found[row.seq] = values | {"judgement": plain_judgement(row.judgement)}
    return {seq: values for seq, values in found.items() if values["verdict"] is not None}


def plain_judgement(text: str) -> str:
    """Return a stored judgement without what ties it to the numbers of its own project."""
    value = json.loads(text)
    return canonical_json({name: said for name, said in value.items() if name not in {"restores", "again"}})


def key_of(example_id: str, reviewer: str, row: Any) -> str:
    """Return what makes a review this one in whatever project: whose, of what, when, and all that it says."""
    said = plain_judgement(row.judgement)
    return sha256_hex(
        canonical_json([example_id, reviewer, row.round, row.verdict, row.base_hash, row.result_hash, row.at, said])
    )


def add(unit: Unit, pack_id: str, *, reviewer: str, secret: str, seqs: Sequence[int]) -> None:
    """Keep that a pack was made of these examples."""
    made = {"author": unit.actor, "act": unit.act, "at": unit.at}
    version = project_settings.version(unit)
    row = {"id": pack_id, "reviewer": reviewer, "guideline": version, "secret": secret}
    unit.connection.execute(sa.insert(schema.pack).values(**row, **made))
    example = schema.example
    for part in batched(sorted(seqs)):  # one may have been deleted for good meanwhile
        there = unit.connection.execute(sa.select(example.c.seq).where(example.c.seq.in_(part))).scalars().all()
        insert_many(unit, schema.pack_item, ("pack_id", "seq"), [(pack_id, seq) for seq in sorted(there)])


def secret_of(view: View, pack_id: str) -> str | None:
    """Return the secret of a pack, None where this project made none of this id."""
    table = schema.pack
    return view.connection.execute(sa.select(table.c.secret).where(table.c.id == pack_id)).scalar()


def merged_by(view: View) -> dict[str, str]:
    """Return the acts that brought reviews of packs home, each with the id of its pack."""
    table = schema.event
    rows = view.connection.execute(sa.select(table.c.id, table.c.refs).where(table.c.kind == "merge"))
    return {row.id: str(json.loads(row.refs).get("pack", "")) for row in rows}


def seqs_of(view: View, pack_id: str) -> list[int]:
    """Return the examples that went out with a pack and are still there."""
    table = schema.pack_item
    return sorted(view.connection.execute(sa.select(table.c.seq).where(table.c.pack_id == pack_id)).scalars())


def listed(view: View) -> list[StoredPack]:
    """Return the packs that were made, newest first."""
    table, item = schema.pack, schema.pack_item
    counted = sa.select(sa.func.count()).where(item.c.pack_id == table.c.id).scalar_subquery()
    columns = (table.c.id, table.c.reviewer, table.c.author, table.c.at, counted.label("examples"))
    rows = view.connection.execute(sa.select(*columns).order_by(table.c.at.desc(), table.c.id))
    return [StoredPack(**row._mapping) for row in rows]  # noqa: SLF001  (SQLAlchemy's public name for it)
