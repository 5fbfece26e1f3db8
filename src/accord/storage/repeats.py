"""What people said of an example the first time and when it came back to them blind."""

from dataclasses import dataclass

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.review import Review, latest_per_reviewer
from accord.storage import schema, states
from accord.storage.project import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One person's reviews of one example: what stood ``first`` when she gave the ``second``, what stands ``now``."""

    seq: int
    reviewer: str
    first: Review
    second: Review
    now: Review


def pairs(view: View, reviewer: str) -> list[Pair]:
    """Return a person's repeats in force with what they repeat, by example; of several of one example the newest."""
    table = schema.review
    repeated = sa.select(table.c.seq).where(table.c.reviewer == reviewer, table.c.judgement.like('%"repeat":true%'))
    seqs = sorted(set(view.connection.execute(repeated).scalars()))
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
