"""The event chain: who did what, when, as ids and hashes (never text), each event sealed with the one before it."""

import json
import uuid
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.ledger import Event
from accord.storage import blindness, schema
from accord.storage.postgres import TEAM
from accord.storage.project import Unit, View

_FIRST = "0" * 64
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def seal(*, device: str, number: int, at: str, actor: str, kind: str, refs: str, previous: str, event_id: str) -> str:
    """Return the hash of an event, over everything it says and the hash before it."""
    return sha256_hex(canonical_json([event_id, device, number, at, actor, kind, refs, previous]))


def append(unit: Unit, kind: str, refs: dict[str, Any]) -> str:
    """Append an event of this unit's act to its device's chain and return its id (the unit's first one is the act)."""
    last = unit.connection.execute(
        sa.select(schema.event.c.number, schema.event.c.hash)
        .where(schema.event.c.device == unit.device)
        .order_by(schema.event.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last[0] + 1, last[1]) if last else (1, _FIRST)
    taken = unit.connection.execute(sa.select(schema.event.c.id).where(schema.event.c.id == unit.act)).first()
    event_id = uuid.uuid4().hex if taken else unit.act
    text = canonical_json(refs)
    values: dict[str, Any] = {
        "device": unit.device,
        "number": number,
        "at": unit.at,
        "actor": unit.actor,
        "kind": kind,
        "refs": text,
        "previous": previous,
    }
    sealed = seal(event_id=event_id, **values)
    unit.connection.execute(sa.insert(schema.event).values(id=event_id, hash=sealed, **values))
    return event_id


def find(view: View, act: str) -> Event | None:
    """Return an act's own event, however long ago it was; None where there is none that the reader may see."""
    row = view.connection.execute(sa.select(schema.event).where(schema.event.c.id == act)).first()
    return None if row is None else _event(row)


def maker(view: View) -> str:
    """Return who made the project, as far as the reader may know; empty where nothing says so."""
    table = schema.event
    made = sa.select(table.c.actor).where(table.c.kind == "project").order_by(table.c.at).limit(1)
    return str(view.connection.execute(made).scalar() or "")


def walk(view: View) -> Iterator[Event]:
    """Yield all events, chain by chain, in order."""
    table = schema.event
    for row in view.connection.execute(sa.select(table).order_by(table.c.device, table.c.number)):
        yield _event(row)


def of_actor(view: View, actor: str, *, limit: int = 200) -> list[Event]:
    """Return a person's newest events, newest first: by number within a chain, by time between chains.

    The further parts of a bulk act are left out: its first event stands for it.
    """
    table = schema.event
    chains = []
    for device in view.connection.execute(sa.select(table.c.device).distinct()).scalars().all():
        whole = table.c.kind.not_in(("bulk_part", "undo_part"))
        mine = sa.select(table).where(table.c.device == device, table.c.actor == actor, whole)
        rows = view.connection.execute(mine.order_by(table.c.number.desc()).limit(limit))
        chains.append(deque(_event(row) for row in rows))
    found: list[Event] = []
    while len(found) < limit and any(chains):
        newest = max((chain for chain in chains if chain), key=lambda chain: _moment(chain[0].at))
        found.append(newest.popleft())
    return found


def lengths(view: View) -> dict[str, int]:
    """Return the number of the newest event of each chain."""
    table = schema.event
    rows = view.connection.execute(sa.select(table.c.device, sa.func.max(table.c.number)).group_by(table.c.device))
    return {str(row[0]): int(row[1]) for row in rows}


def kinds_since(view: View, before: Mapping[str, int], *, besides: str) -> set[str]:
    """Return the kinds of what anybody ``besides`` one person has done since the chains were so long."""
    table, found = schema.event, set[str]()
    for device in lengths(view):
        later = sa.and_(table.c.device == device, table.c.number > before.get(device, 0), table.c.actor != besides)
        found.update(view.connection.execute(sa.select(table.c.kind).where(later).distinct()).scalars())
    return found


def taken_back(view: View) -> set[str]:
    """Return the acts that were undone, and the acts that undid them (of a bulk act also those that began to).

    Nobody undoes another's act: an event that says so was not written by this program, and takes nothing back.
    """
    table, about = schema.event, dict[str, tuple[str, str, str]]()
    kinds = table.c.kind.in_(("undo", "undo_part"))
    for row in view.connection.execute(sa.select(table.c.id, table.c.actor, table.c.kind, table.c.refs).where(kinds)):
        about[row.id] = (row.actor, row.kind, str(_refs(row.refs).get("of", "")))
    whose: dict[str, str] = {}
    for batch in batched(sorted({of for _actor, _kind, of in about.values()})):
        rows = view.connection.execute(sa.select(table.c.id, table.c.actor).where(table.c.id.in_(batch)))
        whose.update((row.id, row.actor) for row in rows)
    found: set[str] = set()
    for act, (actor, kind, of) in about.items():
        if whose.get(of) == actor:
            found |= {act, of} if kind == "undo" else {act}
    return found


def taken_back_among(view: View, acts: Collection[str]) -> set[str]:
    """Return which of these acts were undone or undid another, also where a server hides the events that say so."""
    if not acts:
        return set()
    if not blindness.in_force(view.connection):
        return taken_back(view) & set(acts)
    query = sa.text(f"SELECT {TEAM}.retracted(:acts)")
    return set(view.connection.execute(query, {"acts": sorted(acts)}).scalars())


def ends(view: View) -> list[tuple[str, str]]:
    """Return (device, hash of its last event) for every chain."""
    table = schema.event
    newest = sa.select(table.c.device, sa.func.max(table.c.number).label("number")).group_by(table.c.device).subquery()
    rows = view.connection.execute(
        sa.select(table.c.device, table.c.hash).join(
            newest, sa.and_(table.c.device == newest.c.device, table.c.number == newest.c.number)
        )
    )
    return sorted((row.device, row.hash) for row in rows)


def head(view: View) -> str:
    """Return one hash over the ends of all chains: what a release or an export names as the project's state."""
    return sha256_hex(canonical_json(ends(view)))


def contains(view: View, found: list[tuple[str, str]]) -> bool:
    """Say whether each of these chain ends is an event of this project (of now or of an earlier moment)."""
    table = schema.event
    return all(
        view.connection.execute(sa.select(table.c.id).where(table.c.device == device, table.c.hash == sealed)).first()
        for device, sealed in found
    )


def problems(view: View) -> list[str]:
    """Return a plain line for every event that is missing from or altered in its chain."""
    found = []
    expected: dict[str, tuple[int, str]] = {}
    for event in walk(view):
        number, previous = expected.get(event.device, (1, _FIRST))
        if event.number != number or event.previous != previous:
            found.append(f"event {event.device}/{event.number}: the event before it is missing or was changed")
        sealed = seal(
            event_id=event.id,
            device=event.device,
            number=event.number,
            at=event.at,
            actor=event.actor,
            kind=event.kind,
            refs=canonical_json(event.refs),
            previous=event.previous,
        )
        if sealed != event.hash:
            found.append(f"event {event.device}/{event.number}: it was changed after it was written")
        expected[event.device] = (event.number + 1, event.hash)
    return found


def unwitnessed(view: View) -> list[str]:
    """Return a plain line for every kind of row that no event tells of: a chain cut at its end is whole in itself."""
    found = []
    known = sa.select(schema.event.c.id)
    tables = (
        schema.project_version,
        schema.revision,
        schema.review,
        schema.decision,
        schema.duplicate_run,
        schema.release,
    )
    for table in tables:
        query = sa.select(sa.func.count(sa.distinct(table.c.act))).where(table.c.act.not_in(known))
        if acts := view.connection.execute(query).scalar():
            found.append(f"{table.name}: {acts} acts have no event")
    run, event = schema.import_run, schema.event
    told = {
        _refs(refs).get("import")
        for refs in view.connection.execute(sa.select(event.c.refs).where(event.c.kind == "import")).scalars()
    }
    done = view.connection.execute(sa.select(run.c.id).where(run.c.state == "done")).scalars()
    return found + [f"import {number} has no event" for number in done if number not in told]


def _event(row: Any) -> Event:
    return Event(**{**row._mapping, "refs": _refs(row.refs)})  # noqa: SLF001  (SQLAlchemy's public name for it)


def _refs(text: str) -> dict[str, Any]:
    """Read what an event refers to; nothing where somebody wrote past the program, which its seal then tells."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def sealed_release(view: View, name: str) -> str:
    """Return the hash of the event that made a release."""
    table = schema.event
    rows = view.connection.execute(sa.select(table.c.refs, table.c.hash).where(table.c.kind == "release"))
    return next((row.hash for row in rows if _refs(row.refs).get("name") == name), "")


def exports(view: View, releases: Collection[str]) -> list[Event]:
    """Return the events of the exports of these releases, oldest first."""
    table = schema.event
    rows = view.connection.execute(sa.select(table).where(table.c.kind == "export"))
    found = [event for event in map(_event, rows) if event.refs.get("release") in releases]
    return sorted(found, key=lambda event: _moment(event.at))


def last_at(view: View) -> datetime | None:
    """Return when the newest event happened, None where there is none; each chain is told by its own clock."""
    table = schema.event
    newest = sa.select(table.c.device, sa.func.max(table.c.number)).group_by(table.c.device)
    rows = view.connection.execute(sa.select(table.c.at).where(sa.tuple_(table.c.device, table.c.number).in_(newest)))
    # Compared as moments: people of one team may write the time of different zones.
    return max((_moment(at) for at in rows.scalars()), default=None)


def _moment(text: str) -> datetime:
    """Read when an event happened; long ago where somebody wrote past the program."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _LONG_AGO
    return found if found.tzinfo else _LONG_AGO
