"""What several people said of the same text, for measuring how well they agree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.review import Review, latest_per_reviewer
from accord.storage import schema, states
from accord.storage.project import View

_SEVERAL = 2


def each(view: View) -> Iterator[list[Review]]:
    """Yield, for each example that two people or more have reviewed, the newest review of each of them.

    Only reviews of one and the same text are set side by side: of that which most people judged, the newest of those.
    """
    table = schema.review
    several = (
        sa.select(table.c.seq)
        .group_by(table.c.seq)
        .having(sa.func.count(table.c.reviewer.distinct()) >= _SEVERAL)
        .order_by(table.c.seq)
    )
    for batch in batched(view.connection.execute(several).scalars().all()):
        rows = view.connection.execute(sa.select(table).where(table.c.seq.in_(batch)).order_by(table.c.id))
        by_example: dict[int, list[Review]] = defaultdict(list)
        for row in rows:
            by_example[row.seq].append(states.review_of(row))
        for reviews in by_example.values():
            found = _of_one_text(latest_per_reviewer(reviews))
            if len(found) >= _SEVERAL:
                yield found


def _of_one_text(reviews: Sequence[Review]) -> list[Review]:
    by_text: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_text[review.base_hash].append(review)
    return max(by_text.values(), key=lambda found: (len(found), found[-1].place), default=[])
