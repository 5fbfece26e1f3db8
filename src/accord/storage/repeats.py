"""What people said of an example the first time and when it came back to them blind."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.filters import Field, Op, Term
from accord.domain.moments import in_utc
from accord.domain.review import DecidedBy, Review, Status, latest_per_reviewer
from accord.storage import filtering, schema, states
from accord.storage.project import View

_REPEAT, _BULK = '%"repeat":true%', '%"bulk":true%'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One person's reviews of one example: what stood ``first`` when she gave the ``second``, what stands ``now``."""

    seq: int
    reviewer: str
    first: Review
    second: Review
    now: Review


def begun(view: View, reviewer: str) -> set[int]:
    """Return the examples that a person has ever judged again, also where she took that back."""
    table = schema.review
    repeated = sa.select(table.c.seq).where(table.c.reviewer == reviewer, table.c.judgement.like(_REPEAT))
    return set(view.connection.execute(repeated).scalars())


def pairs(view: View, reviewer: str) -> list[Pair]:
    """Return a person's repeats in force with what they repeat, by example; of several of one example the newest."""
    table = schema.review
    seqs = sorted(begun(view, reviewer))
    mine: dict[int, list[Review]] = {seq: [] for seq in seqs}
    for part in batched(seqs):
        query = sa.select(table).where(table.c.seq.in_(part), table.c.reviewer == reviewer).order_by(table.c.id)
        for row in view.connection.execute(query):
            mine[row.seq].append(states.review_of(row))
    found = [_pair(seq, reviewer, said) for seq, said in mine.items()]
    return [pair for pair in found if pair is not None]


def _pair(seq: int, reviewer: str, said: list[Review]) -> Pair | None:
    second = [review for review in said if review.judgement.repeat][-1]
    if second.verdict is None:
        return None
    first = latest_per_reviewer([review for review in said if review.id < second.place])
    now = latest_per_reviewer(said)
    if not first or not now:
        return None
    return Pair(seq=seq, reviewer=reviewer, first=first[0], second=second, now=now[0])


def in_play() -> sa.ColumnElement[bool]:
    """Return the condition that an example may be judged again: not set aside, nor decided by an adjudicator."""
    state = schema.example_state
    return sa.and_(state.c.status != Status.SET_ASIDE.value, state.c.decided_by != DecidedBy.ADJUDICATED.value)


def still_in_play(view: View, seqs: Sequence[int]) -> set[int]:
    """Return those of these examples that may be judged again."""
    table = schema.example_state
    found: set[int] = set()
    for part in batched(seqs):
        found.update(view.connection.execute(sa.select(table.c.seq).where(table.c.seq.in_(part), in_play())).scalars())
    return found


def judged_until(view: View, reviewer: str, until: str) -> dict[int, str]:
    """Return the ids, by number, of what a person judged one by one until a moment (UTC) and whose text still stands.

    What is set aside, adjudicated, or was called to a further round since is left out.
    """
    table, state = schema.review, schema.example_state
    order = sa.func.row_number().over(partition_by=table.c.seq, order_by=(table.c.round.desc(), table.c.id.desc()))
    said = sa.select(
        table.c.seq, table.c.verdict, table.c.base_hash, table.c.judgement, table.c.at, order.label("place")
    )
    newest = said.where(table.c.reviewer == reviewer, table.c.judgement.not_like(_REPEAT)).subquery()
    hers = Term(field=Field.REVIEWER, op=Op.IS, value=reviewer)
    query = (
        sa.select(state.c.seq, state.c.id, newest.c.at)
        .join(newest, newest.c.seq == state.c.seq)
        .where(newest.c.place == 1, newest.c.verdict.is_not(None), newest.c.judgement.not_like(_BULK))
        .where(newest.c.base_hash == state.c.base_hash, in_play(), *filtering.conditions([hers]))
    )
    return {seq: id_ for seq, id_, at in view.connection.execute(query) if in_utc(at) <= until}
