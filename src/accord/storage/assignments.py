"""Who is to review what, in which round: given out, taken back, counted; a lease that ended counts no more."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.storage import schema
from accord.storage.inserting import insert_many
from accord.storage.packing import unpack
from accord.storage.project import Unit, View

_COLUMNS = ("seq", "reviewer", "round", "kind", "until", "author", "act", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One example that one person is to review; ``until`` is empty where the lease does not end."""

    seq: int
    reviewer: str
    kind: str
    round: int = 1
    until: str = ""


class Stored(NamedTuple):
    """One row as it is stored, with whose act gave it."""

    seq: int
    reviewer: str
    round: int
    kind: str
    until: str
    author: str
    act: str
    at: str


def add(unit: Unit, given: Iterable[Assignment]) -> None:
    """Give examples to people."""
    put_back(unit, [Stored(a.seq, a.reviewer, a.round, a.kind, a.until, unit.actor, unit.act, unit.at) for a in given])


def put_back(unit: Unit, rows: Sequence[Stored]) -> None:
    """Give examples to people as somebody had given them before."""
    insert_many(unit, schema.assignment, _COLUMNS, rows)


def stored(view: View, seqs: Sequence[int], *, reviewer: str = "") -> list[Stored]:
    """Return all that is given out of some examples, in force or not, of one person only where she is named."""
    table = schema.assignment
    query = sa.select(*(table.c[name] for name in _COLUMNS)).order_by(table.c.id)
    if reviewer:
        query = query.where(table.c.reviewer == reviewer)
    found = (view.connection.execute(query.where(table.c.seq.in_(part))) for part in batched(seqs))
    return [Stored(*row) for rows in found for row in rows]


def remove(unit: Unit, seqs: Sequence[int], *, reviewer: str = "", act: str = "") -> None:
    """Take examples back, from everybody or from one person; ``act`` keeps what other acts have given."""
    table = schema.assignment
    beside = [column == value for column, value in ((table.c.reviewer, reviewer), (table.c.act, act)) if value]
    for batch in batched(sorted(set(seqs))):
        unit.connection.execute(sa.delete(table).where(table.c.seq.in_(batch), *beside))


def prolong(unit: Unit, seqs: Sequence[int], *, reviewer: str, until: str) -> None:
    """Let what a person has of these examples end at another moment."""
    table = schema.assignment
    for batch in batched(sorted(set(seqs))):
        mine = sa.and_(table.c.seq.in_(batch), table.c.reviewer == reviewer)
        unit.connection.execute(sa.update(table).where(mine).values(until=until))


def in_force(
    view: View, at: str, *, seqs: Sequence[int] | None = None, reviewer: str = "", kind: str = ""
) -> list[Assignment]:
    """Return what is given out at a moment, of some examples, one person or one kind only where they are named."""
    table = schema.assignment
    beside = [lasting(at)]
    beside += [column == value for column, value in ((table.c.reviewer, reviewer), (table.c.kind, kind)) if value]
    if seqs is None:
        return _read(view, beside)
    return [found for part in batched(seqs) for found in _read(view, [*beside, table.c.seq.in_(part)])]


def of(view: View, seqs: Sequence[int]) -> list[Assignment]:
    """Return all that was given out of these examples, also what has ended."""
    return [found for part in batched(seqs) for found in _read(view, [schema.assignment.c.seq.in_(part)])]


def any_given(view: View) -> bool:
    """Say whether anything was ever given out here and not taken back."""
    return view.connection.execute(sa.select(schema.assignment.c.id).limit(1)).first() is not None


def ended(view: View, at: str) -> list[Assignment]:
    """Return what was given out for a time that is over."""
    return _read(view, [sa.not_(lasting(at))])


def _read(view: View, conditions: Sequence[sa.ColumnElement[bool]]) -> list[Assignment]:
    table = schema.assignment
    rows = view.connection.execute(sa.select(table).where(*conditions).order_by(table.c.id))
    return [
        Assignment(seq=row.seq, reviewer=row.reviewer, kind=row.kind, round=row.round, until=row.until) for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewable:
    """What a plan needs to know of an example.

    ``reviewers``: whose verdicts of ``round``, the one it was called to, the reader may know of.
    """

    seq: int
    id: str
    status: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]
    round: int = 1


def reviewable(view: View, seqs: Sequence[int]) -> list[Reviewable]:
    """Return these examples, without their texts."""
    table = schema.example_state
    query = sa.select(table.c.seq, table.c.id, table.c.status, table.c.tags, table.c.reviewers)
    called = rounds(view, seqs)
    return [
        Reviewable(
            seq=seq, id=id_, status=status, tags=unpack(tags), reviewers=unpack(reviewers), round=called.get(seq, 1)
        )
        for part in batched(seqs)
        for seq, id_, status, tags, reviewers in view.connection.execute(query.where(table.c.seq.in_(part)))
    ]


def rounds(view: View, seqs: Sequence[int]) -> dict[int, int]:
    """Return the round that each of these examples was called to, those that never were again left out."""
    table = schema.decision
    query = sa.select(table.c.seq, table.c.kind, table.c.payload).where(
        table.c.kind == "reopen", table.c.payload.like('%"round":%')
    )
    found: dict[int, int] = {}
    for part in batched(seqs):
        rows = view.connection.execute(query.where(table.c.seq.in_(part)).order_by(table.c.id)).all()
        found |= {row.seq: called_to([row]) for row in rows}
    return found


def called_to(decisions: Iterable[Any]) -> int:
    """Return the round that an example was called to, by its decisions: 1 unless it was opened again for another."""
    found = 1
    for row in decisions:
        if row.kind == "reopen":
            found = int(json.loads(row.payload).get("round", found))
    return found


def highest_round(view: View, seqs: Sequence[int]) -> dict[int, int]:
    """Return the highest round of each of these examples in which anything was given out, said or called for."""
    found = rounds(view, seqs)
    for table in (schema.review, schema.assignment):
        query = sa.select(table.c.seq, sa.func.max(table.c.round)).group_by(table.c.seq)
        for part in batched(seqs):
            for seq, number in view.connection.execute(query.where(table.c.seq.in_(part))):
                found[seq] = max(found.get(seq, 1), int(number))
    return found


def judged(view: View, seqs: Sequence[int]) -> set[tuple[int, str, int]]:
    """Return (example, reviewer, round) of each verdict in force that the reader may know of."""
    table = schema.review
    found: set[tuple[int, str, int]] = set()
    for part in batched(seqs):
        query = sa.select(table.c.seq, table.c.reviewer, table.c.round, table.c.verdict)
        newest = {
            (row.seq, row.reviewer, row.round): row.verdict
            for row in view.connection.execute(query.where(table.c.seq.in_(part)).order_by(table.c.id))
        }
        found.update(key for key, verdict in newest.items() if verdict is not None)
    return found


def of_act(view: View, act: str) -> list[int]:
    """Return the examples that an act gave out."""
    table = schema.assignment
    return sorted(set(view.connection.execute(sa.select(table.c.seq).where(table.c.act == act)).scalars()))


def lasting(at: str) -> sa.ColumnElement[bool]:
    """Return the condition that an assignment is in force at a moment (UTC, as it is stored)."""
    table = schema.assignment
    return sa.or_(table.c.until == "", table.c.until > at)
