"""Frozen releases: which text of which example stands in which part, and under which rules."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from accord.domain.batches import BATCH, batched
from accord.domain.canonical import REQUEST_KEY_DIGITS, canonical_json
from accord.domain.dismissals import FindingCounts
from accord.domain.project import ProjectSettings
from accord.domain.releases import (
    DeidentifiedCounts,
    InstructionMode,
    LeftOut,
    Outside,
    Part,
    Release,
    ReleaseAgreement,
    ReleasedExample,
    ReleaseMeaning,
    ReleasePlan,
)
from accord.storage import deidentified, schema
from accord.storage.among import among, tuples
from accord.storage.inserting import insert_many
from accord.storage.project import Unit, View
from accord.storage.states import unpack

_PARTS = {part.value: part for part in Part}


class Candidate(NamedTuple):
    """What a split needs to know of an example, without its text; ``tags`` and ``reviewers`` are packed."""

    seq: int
    id: str
    hash: str
    request: str
    tags: str
    origin: str
    conflict: bool
    status: str
    set_aside_reason: str
    verdicts: int
    decided_by: str


def candidates(view: View, seqs: Sequence[int]) -> list[Candidate]:
    """Return what a split needs to know of these examples, in the order of their numbers."""
    table = schema.example_state
    # The last request alone binds two examples, whatever was said before it: better one group too large.
    request = sa.func.substr(table.c.request_key, 1, REQUEST_KEY_DIGITS)
    columns = (request if name == "request" else table.c[name] for name in Candidate._fields)
    query = sa.select(*columns).where(among(view, table.c.seq, seqs)).order_by(table.c.seq)
    return [Candidate(*row) for row in view.connection.execute(query)]


class Item(NamedTuple):
    """One example of a release as it is frozen; ``facts`` as ReleasedExample names them."""

    seq: int
    part: Part
    hash: str
    edited: bool
    facts: Mapping[str, Any]


class Standing(NamedTuple):
    """What of an example goes into a release: where it stands, and where it was found first."""

    seq: int
    id: str
    status: str
    hash: str
    edited: bool
    facts: dict[str, Any]


def standings(view: View, seqs: Sequence[int]) -> list[Standing]:
    """Return what a release says of these examples, in the order of their numbers."""
    state, example = schema.example_state, schema.example
    places = _first_places(view, seqs)
    query = (
        sa.select(
            state.c.seq,
            state.c.id,
            state.c.status,
            state.c.hash,
            state.c.hash != example.c.hash,
            state.c.decided_by,
            state.c.tags,
            state.c.reviewers,
        )
        .join(example, example.c.seq == state.c.seq)
        .where(among(view, state.c.seq, seqs))
        .order_by(state.c.seq)
    )
    return [
        Standing(
            row[0],
            row[1],
            row[2],
            row[3],
            bool(row[4]),
            {
                "decided_by": row[5],
                "tags": unpack(row[6]),
                "reviewers": unpack(row[7]),
                **places[row[0]],
                "comment": "",
            },
        )
        for row in view.connection.execute(query)
    ]


def _first_places(view: View, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    table, run = schema.occurrence, schema.import_run
    names = ("line", "source", "source_url", "source_date", "licence", "context")
    query = (
        sa.select(table.c.seq, run.c.file, *(table.c[name] for name in names))
        .join(run, run.c.id == table.c.import_id)
        .where(among(view, table.c.seq, seqs), schema.occurrences_that_count())
        .order_by(table.c.id.desc())
    )
    rows = view.connection.execute(query)
    return {row[0]: dict(zip(("file", *names), row[1:], strict=True)) for row in rows}


def add(unit: Unit, release: Release, settings: ProjectSettings, items: Iterable[Item]) -> int:
    """Store a release with its items. Returns its id."""
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
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        _insert_items(unit, release_id, batch)
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
    """Yield a release's examples in batches, in the order of their tables: any other takes far longer."""
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
        .where(
            item.c.release_id == sa.select(schema.release.c.id).where(schema.release.c.name == name).scalar_subquery()
        )
        .order_by(item.c.seq)
        .limit(BATCH)
    )
    after = -1
    while rows := list(tuples(view.connection.execute(query.where(item.c.seq > after)))):
        # What stood before a de-identification leaves in no file: an edit is preferred over what it left, at most.
        behind = deidentified.behind(view, {row[0]: row[3] for row in rows})
        for seq, id_, part, hash_, origin, original, revised, facts in rows:
            first = behind[seq].text if seq in behind else original
            yield ReleasedExample(id_, _PARTS[part], hash_, origin, revised or original, first, orjson.loads(facts))
        after = rows[-1][0]


def holding(view: View, seqs: Sequence[int]) -> list[str]:
    """Return the names of the releases that hold any of these examples."""
    table = schema.release_item
    rows = view.connection.execute(
        sa.select(schema.release.c.name)
        .join(table, table.c.release_id == schema.release.c.id)
        .where(among(view, table.c.seq, seqs))
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


_ITEM = ("release_id", "seq", "part", "hash", "revision_id", "facts")


def _insert_items(unit: Unit, release_id: int, batch: Sequence[Item]) -> None:
    table = schema.revision
    edited = [item.seq for item in batch if item.edited]
    rows = unit.connection.execute(
        sa.select(table.c.seq, table.c.hash, sa.func.min(table.c.id))
        .where(table.c.seq.in_(edited))
        .group_by(table.c.seq, table.c.hash)
    )
    revision_ids = {(row[0], row[1]): row[2] for row in rows}
    values = []
    for item in batch:
        revision_id = revision_ids[item.seq, item.hash] if item.edited else None
        facts = canonical_json(dict(item.facts))
        values.append((release_id, item.seq, item.part.value, item.hash, revision_id, facts))
    insert_many(unit, schema.release_item, _ITEM, values)


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
            "agreement": tuple(_agreement(value) for value in facts.get("agreement", ())),
            "outside": Outside(**facts["outside"]) if facts.get("outside") else None,
            "findings": FindingCounts(**facts["findings"]) if facts.get("findings") else None,
            "deidentified": DeidentifiedCounts(**facts["deidentified"]) if facts.get("deidentified") else None,
            "meaning": ReleaseMeaning(**facts["meaning"]) if facts.get("meaning") else None,
        },
    )


def _agreement(value: dict[str, Any]) -> ReleaseAgreement:
    return ReleaseAgreement(**{**value, "ci95": None if value["ci95"] is None else tuple(value["ci95"])})
