"""Bringing rows in: chunks under a pending import that no query sees, made visible by one short transaction."""

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.content import EXAMPLE_ID_DIGITS
from accord.domain.errors import AccordError
from accord.domain.ledger import ImportRun, Tally
from accord.domain.records import RawRecord, ReadyRow, RowFault, ready
from accord.domain.review import Origin, SetAsideReason, Status
from accord.domain.wording import _
from accord.storage import decisions, events, findings, owners, schema, search, states
from accord.storage.among import among
from accord.storage.inserting import insert_many, known_examples
from accord.storage.project import Unit, View, meta, set_meta
from accord.storage.states import pack

_KEPT_REJECTIONS = 1000
_REJECTIONS_AT_ONCE = 20  # each may hold a megabyte of its row
_SHOWN_RAW = 2000
_DISCARDED_AT_ONCE = 1000
_RETELL = "undone_imports_stale"
_running: set[str] = set()  # the acts of this process's own imports


class ImportTaken(AccordError):
    """Another program took the import for abandoned and removed its rows."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Another program took this import for one that a crash had left behind and removed its rows. "
                "Nothing of it is in the project. Import the file again."
            )
        )


def begin(
    unit: Unit, *, file: str, sha256: str, format_name: str, encoding: str, mapping: Mapping[str, str | Sequence[str]]
) -> int:
    """Start an import and return its id; whoever starts one calls ``ended`` with the unit's act, whatever happens.

    ``mapping``: which column is what, and under ``filled`` those whose blank cells are read as the one above. Names
    of columns are text of the file: they stand here and in no event.
    """
    _running.add(unit.act)
    search.expect(unit, _next_seq(unit))
    result = unit.connection.execute(
        sa.insert(schema.import_run).values(
            file=file,
            sha256=sha256,
            format=format_name,
            encoding=encoding,
            mapping=json.dumps(mapping, ensure_ascii=False, sort_keys=True),
            state="pending",
            owner=owners.this_program(),
            author=unit.actor,
            act=unit.act,
            at=unit.at,
        )
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted


def add_rows(unit: Unit, import_id: int, rows: Sequence[ReadyRow | RawRecord | RowFault], *, origin: Origin) -> Tally:
    """Store one chunk. Content that is already known becomes a further occurrence of its example.

    Raises ImportTaken.
    """
    _require_own(unit, import_id)
    faults = [row for row in rows if isinstance(row, RowFault)]
    records = [row if isinstance(row, ReadyRow) else ready(row) for row in rows if not isinstance(row, RowFault)]
    ids = [row.hash[:EXAMPLE_ID_DIGITS] for row in records]
    known = known_examples(unit, ids)
    next_seq = _next_seq(unit)
    new: list[tuple[int, ReadyRow]] = []
    examples, occurrences = [], []
    withdrawn = _withdrawn_unmet(unit, import_id, known.values())
    returned, came, at = 0, str(origin.value), unit.at
    for id_, row in zip(ids, records, strict=True):
        seq = known.get(id_)
        if seq is None:
            seq = known[id_] = next_seq
            next_seq += 1
            new.append((seq, row))
            examples.append((seq, id_, row.hash, row.text, came, import_id, at))
        elif seq in withdrawn:
            withdrawn.discard(seq)
            returned += 1
        occurrences.append(_occurrence(seq, import_id, row))
    insert_many(unit, schema.example, _EXAMPLE, examples)
    search.arrived(unit, ((seq, row.text) for seq, row in new))
    insert_many(unit, schema.occurrence, _OCCURRENCE, occurrences)
    insert_many(unit, schema.rejection, _REJECTION, [_rejection(import_id, fault) for fault in faults])
    values = [states.of_import(row, seq=seq, import_id=import_id, origin=came) for seq, row in new]
    insert_many(unit, schema.example_state, states.COLUMNS, values)
    accepted = len(new) + returned
    return Tally(read=len(rows), accepted=accepted, rejected=len(faults), duplicate=len(records) - accepted)


def finish(unit: Unit, import_id: int, tally: Tally, *, tagged: bool = True) -> None:
    """Make an import visible, whole. Tags of further occurrences join those of examples nobody has reviewed.

    ``tagged``: some of its rows have tags.
    """
    _require_own(unit, import_id)
    table = schema.import_run
    unit.connection.execute(
        sa.update(table)
        .where(table.c.id == import_id)
        .values(
            state="done",
            read=tally.read,
            accepted=tally.accepted,
            rejected=tally.rejected,
            duplicate=tally.duplicate,
        )
    )
    if tally.duplicate:
        findings.forget_dated(unit, import_id)
    back = _withdrawn_before(unit, import_id)
    decisions.about_examples(unit, back, "bring_back")
    again = _seen_again_with_tags(unit, import_id) if tagged and tally.duplicate else []
    states.refresh(unit, {*again, *_found_by_undone(unit, import_id), *back})
    events.append(
        unit,
        "import",
        {
            "import": import_id,
            "accepted": tally.accepted,
            "rejected": tally.rejected,
            "duplicate": tally.duplicate,
        },
    )


def _require_own(unit: Unit, import_id: int) -> None:
    """Keep rows from coming in under an import that is no longer there: they would be seen at once, and not whole."""
    run = schema.import_run
    query = sa.select(run.c.owner).where(run.c.id == import_id, run.c.state == "pending")
    if unit.connection.execute(query).scalar() != owners.this_program():  # its number may be another program's by now
        raise ImportTaken


def mark_undone(unit: Unit, import_id: int) -> None:
    """Say that an import was undone; what that changes of its examples (``retold``) is yet to be derived."""
    table = schema.import_run
    unit.connection.execute(sa.update(table).where(table.c.id == import_id).values(state="undone"))
    findings.forget_dated(unit, import_id)
    set_meta(unit, _RETELL, " ".join([*meta(unit, _RETELL).split(), str(import_id)]))


def to_retell(view: View) -> list[int]:
    """Return the undone imports whose examples are yet to be derived again."""
    return [int(number) for number in meta(view, _RETELL).split()]


def retold(view: View, import_id: int) -> list[int]:
    """Return the examples of an undone import whose tags may be others now: those that another import found too."""
    found, other, tagged = schema.occurrence, schema.occurrence.alias(), schema.occurrence.alias()
    query = sa.select(found.c.seq).where(
        found.c.import_id == import_id,
        sa.exists().where(other.c.seq == found.c.seq, other.c.import_id != import_id),
        sa.exists().where(tagged.c.seq == found.c.seq, tagged.c.tags != ""),
    )
    return sorted(set(view.connection.execute(query).scalars()))


def end_retelling(unit: Unit, import_id: int) -> None:
    """Note that all examples of an undone import were derived again."""
    set_meta(unit, _RETELL, " ".join(str(number) for number in to_retell(unit) if number != import_id))


def _found_by_undone(unit: Unit, import_id: int) -> list[int]:
    """Return the examples of an import that undone ones had found: what those said of them counts no more."""
    occurrence = schema.occurrence
    undone = sa.select(schema.import_run.c.id).where(schema.import_run.c.state == "undone")
    before = sa.select(occurrence.c.seq).where(occurrence.c.import_id.in_(undone))
    met = sa.select(occurrence.c.seq).where(occurrence.c.import_id == import_id, occurrence.c.seq.in_(before))
    return list(unit.connection.execute(met.distinct()).scalars())


def _withdrawn_unmet(unit: Unit, import_id: int, seqs: Collection[int]) -> set[int]:
    """Return which of these the undoing of an import had withdrawn and this import has not met before."""
    state, occurrence = schema.example_state, schema.occurrence
    met = sa.exists().where(occurrence.c.seq == state.c.seq, occurrence.c.import_id == import_id)
    if not seqs:
        return set()
    query = sa.select(state.c.seq).where(among(unit, state.c.seq, sorted(set(seqs))), *_withdrawn(), ~met)
    return set(unit.connection.execute(query).scalars())


def _withdrawn_before(unit: Unit, import_id: int) -> list[int]:
    """Return the examples of an import that the undoing of an earlier one had withdrawn."""
    state, occurrence = schema.example_state, schema.occurrence
    met = sa.exists().where(occurrence.c.seq == state.c.seq, occurrence.c.import_id == import_id)
    return list(unit.connection.execute(sa.select(state.c.seq).where(*_withdrawn(), met)).scalars())


def _withdrawn() -> tuple[sa.ColumnElement[bool], ...]:
    state = schema.example_state
    return (state.c.status == Status.SET_ASIDE, state.c.set_aside_reason == SetAsideReason.WITHDRAWN)


def ended(act: str) -> None:
    """Say that an import of this process is over, finished or not."""
    _running.discard(act)


def discard(unit: Unit, import_id: int) -> None:
    """Remove every row of a pending import; one that is done is left as it is."""
    while discard_some(unit, import_id):
        pass


def discard_some(unit: Unit, import_id: int, *, seconds: float = 0.1) -> bool:
    """Remove rows of a pending import for about so long; return whether more are left, True until all are gone.

    An import that is done is left as it is.
    """
    if import_id not in pending(unit):
        return False
    started = time.monotonic()
    for table in (schema.example_state, schema.occurrence, schema.rejection, schema.example):
        key = next(iter(table.primary_key.columns))
        some = sa.select(key).where(table.c.import_id == import_id).limit(_DISCARDED_AT_ONCE)
        while numbers := unit.connection.execute(some).scalars().all():
            if table is schema.example:
                search.forget(unit, numbers)
            unit.connection.execute(sa.delete(table).where(key.in_(numbers)))
            if time.monotonic() - started > seconds:
                return True
    run = schema.import_run
    unit.connection.execute(sa.delete(run).where(run.c.id == import_id, run.c.state == "pending"))
    return False


def abandoned(view: View) -> list[int]:
    """Return the pending imports whose program no longer runs (a crash or a kill left them)."""
    table = schema.import_run
    columns = (table.c.id, table.c.owner, table.c.act, table.c.at)
    rows = view.connection.execute(sa.select(*columns).where(table.c.state == "pending"))
    return [row.id for row in rows if row.act not in _running and not owners.is_alive(row.owner, row.at)]


class Pending(NamedTuple):
    """An import that is not done: whose it is, of which file, since when, on which machine (empty: this one)."""

    id: int
    author: str
    file: str
    at: str
    machine: str


def running(view: View) -> list[Pending]:
    """Return the pending imports whose program runs, or is of another machine and may."""
    table, left = schema.import_run, set(abandoned(view))
    rows = view.connection.execute(sa.select(table).where(table.c.state == "pending").order_by(table.c.id))
    return [
        Pending(row.id, row.author, row.file, row.at, owners.other_machine(row.owner))
        for row in rows
        if row.id not in left
    ]


def pending(view: View) -> list[int]:
    """Return all pending imports."""
    table = schema.import_run
    return list(view.connection.execute(sa.select(table.c.id).where(table.c.state == "pending")).scalars())


def runs(view: View) -> list[ImportRun]:
    """Return the finished imports, newest first, those that were undone since among them."""
    table = schema.import_run
    query = sa.select(table, (table.c.state == "undone").label("undone")).where(table.c.state != "pending")
    rows = view.connection.execute(query.order_by(table.c.id.desc()))
    names = ImportRun.__dataclass_fields__
    return [ImportRun(**{k: v for k, v in row._mapping.items() if k in names}) for row in rows]  # noqa: SLF001


def came_before(view: View, sha256: str) -> bool:
    """Say whether a file of these bytes was imported, and perhaps taken back since."""
    table = schema.import_run
    query = sa.select(table.c.id).where(table.c.sha256 == sha256, table.c.state != "pending").limit(1)
    return view.connection.execute(query).first() is not None


def unanswered(view: View, import_id: int) -> int:
    """Return how many examples that no other import has found wait for an answer."""
    found, other, run, state = schema.occurrence, schema.occurrence.alias(), schema.import_run, schema.example_state
    elsewhere = (
        sa.exists()
        .where(other.c.seq == found.c.seq, other.c.import_id != import_id)
        .where(run.c.id == other.c.import_id, run.c.state == "done")
    )
    query = (
        sa.select(sa.func.count(found.c.seq.distinct()))
        .join(state, state.c.seq == found.c.seq)
        .where(found.c.import_id == import_id, state.c.status == Status.NEEDS_ANSWER, ~elsewhere)
    )
    return int(view.connection.execute(query).scalar() or 0)


def rejections(view: View, import_id: int, *, limit: int = _KEPT_REJECTIONS) -> list[RowFault]:
    """Return the first refused rows of an import, in file order, each cut to what a person looks at."""
    table = schema.rejection
    rows = view.connection.execute(
        sa.select(table.c.line, table.c.field, table.c.reason, sa.func.substr(table.c.raw, 1, _SHOWN_RAW).label("raw"))
        .where(table.c.import_id == import_id)
        .order_by(table.c.id)
        .limit(limit)
    )
    return [RowFault(line=row.line, field=row.field, reason=row.reason, raw=row.raw) for row in rows]


def each_rejection(view: View, import_id: int) -> Iterator[RowFault]:
    """Yield all refused rows of an import, in file order, in constant memory."""
    table = schema.rejection
    after = 0
    while True:
        rows = view.connection.execute(
            sa.select(table)
            .where(table.c.import_id == import_id, table.c.id > after)
            .order_by(table.c.id)
            .limit(_REJECTIONS_AT_ONCE)
        ).all()
        if not rows:
            return
        for row in rows:
            yield RowFault(line=row.line, field=row.field, reason=row.reason, raw=row.raw)
        after = rows[-1].id


def _next_seq(unit: Unit) -> int:
    """Return a number that no example has now and none that was purged has in a release, a search or a run."""
    return 1 + (unit.connection.exec_driver_sql(_LAST_SEQ).scalar() or 0)


def _seen_again_with_tags(unit: Unit, import_id: int) -> list[int]:
    """Return the examples with two or more occurrences, one of which this import found with tags."""
    tagged, every = schema.occurrence.alias(), schema.occurrence.alias()
    again = sa.exists().where(every.c.seq == tagged.c.seq, every.c.id != tagged.c.id)
    query = sa.select(tagged.c.seq).where(tagged.c.import_id == import_id, tagged.c.tags != "", again).distinct()
    return list(unit.connection.execute(query).scalars())


_LAST_SEQ = """
    SELECT max(last) FROM (
        SELECT max(seq) AS last FROM example
        UNION ALL SELECT max(seq) FROM release_item
        UNION ALL SELECT max(newest_seq) FROM duplicate_run
        UNION ALL SELECT max(seq) FROM generation_source
        UNION ALL SELECT max(seed) FROM generation_source
    ) AS of_each
"""
_EXAMPLE = ("seq", "id", "hash", "content", "origin", "import_id", "at")
_OCCURRENCE = (
    "seq",
    "import_id",
    "line",
    "metadata",
    "group_key",
    "context",
    "source",
    "source_url",
    "source_date",
    "licence",
    "tags",
)
_REJECTION = ("import_id", "line", "field", "reason", "raw")


def _occurrence(seq: int, import_id: int, row: ReadyRow) -> tuple[Any, ...]:
    # As _OCCURRENCE names them; a ready row has the same places in the same order.
    return (seq, import_id, row[0], *row[5:12], pack(row.tags) if row.tags else "")


def _rejection(import_id: int, fault: RowFault) -> tuple[Any, ...]:
    raw = fault.raw.encode("utf-8", "replace").decode()
    return (import_id, fault.line, fault.field, fault.reason, raw)
