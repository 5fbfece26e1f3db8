"""Who is to review what: given out, taken back, counted; a lease that ended counts no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


def add(unit: Unit, given: Iterable[Assignment]) -> None:
    """Give examples to people."""
    rows = [(a.seq, a.reviewer, a.round, a.kind, a.until, unit.actor, unit.act, unit.at) for a in given]
    insert_many(unit, schema.assignment, _COLUMNS, rows)


def remove(unit: Unit, seqs: Sequence[int], *, reviewer: str = "", act: str = "") -> None:
    """Take examples back, from everybody or from one person; ``act`` keeps what other acts have given."""
    table = schema.assignment
    beside = [column == value for column, value in ((table.c.reviewer, reviewer), (table.c.act, act)) if value]
    for batch in batched(sorted(set(seqs))):
        unit.connection.execute(sa.delete(table).where(table.c.seq.in_(batch), *beside))


def in_force(view: View, at: str, *, seqs: Sequence[int] | None = None, reviewer: str = "") -> list[Assignment]:
    """Return what is given out at a moment, of some examples or one person only where they are named."""
    table = schema.assignment
    beside = [lasting(at), *([table.c.reviewer == reviewer] if reviewer else [])]
    if seqs is None:
        return _read(view, beside)
    return [found for part in batched(seqs) for found in _read(view, [*beside, table.c.seq.in_(part)])]


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
    """What a plan needs to know of an example; ``reviewers`` are those whose verdicts the reader may know of."""

    seq: int
    id: str
    status: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]


def reviewable(view: View, seqs: Sequence[int]) -> list[Reviewable]:
    """Return these examples, without their texts."""
    table = schema.example_state
    query = sa.select(table.c.seq, table.c.id, table.c.status, table.c.tags, table.c.reviewers)
    return [
        Reviewable(seq=seq, id=id_, status=status, tags=unpack(tags), reviewers=unpack(reviewers))
        for part in batched(seqs)
        for seq, id_, status, tags, reviewers in view.connection.execute(query.where(table.c.seq.in_(part)))
    ]


def of_act(view: View, act: str) -> list[int]:
    """Return the examples that an act gave out."""
    table = schema.assignment
    return sorted(set(view.connection.execute(sa.select(table.c.seq).where(table.c.act == act)).scalars()))


def lasting(at: str) -> sa.ColumnElement[bool]:
    """Return the condition that an assignment is in force at a moment (UTC, as it is stored)."""
    table = schema.assignment
    return sa.or_(table.c.until == "", table.c.until > at)
