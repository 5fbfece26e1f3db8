"""Tables with a row per rating: a column names the rater, one the item, one holds the label; often without header."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

_RATERS = frozenset(
    {"rater", "coder", "annotator", "reviewer", "judge", "expert", "observer", "assessor", "labeler", "labeller"}
)
_ITEMS = frozenset({"item", "unit", "id", "subject", "example", "question", "document", "doc", "case", "text"})
_LABELS = frozenset(
    {"label", "rating", "score", "category", "code", "value", "verdict", "class", "annotation", "grade", "judgement"}
    | {"judgment", "answer", "response"}
)
_COLUMNS = 3
_MANY = 6
"""Rows from which their make-up alone may say what the columns are."""
_OFTEN = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingColumns:
    """The places of the three columns."""

    rater: int
    item: int
    label: int


def named(columns: Sequence[str]) -> RatingColumns | None:
    """Return the columns where their names say them, each by one; others may stand beside them."""
    words = [name.casefold().replace("_", " ").removesuffix(" id").removesuffix(" name") for name in columns]
    places = [
        [at for at, word in enumerate(words) if word in known or word.removesuffix("s") in known]
        for known in (_RATERS, _ITEMS, _LABELS)
    ]
    if any(len(found) != 1 for found in places):
        return None
    (rater,), (item,), (label,) = places
    return RatingColumns(rater=rater, item=item, label=label)


def seeming(rows: Sequence[Sequence[str]]) -> list[RatingColumns]:
    """Return which columns they could be, by what stands in three of them.

    Each rater rates an item once, an item has several raters, a rater several items, and there are fewer raters than
    items; names of raters stand nowhere else.
    """
    if len(rows) < _MANY or any(len(row) != _COLUMNS for row in rows):
        return []
    return [
        RatingColumns(rater=rater, item=item, label=label)
        for rater, item, label in permutations(range(_COLUMNS))
        if _fits([(row[rater], row[item], row[label]) for row in rows])
    ]


def _fits(rows: Sequence[tuple[str, str, str]]) -> bool:
    raters, items = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    labels = {row[2] for row in rows}
    if "" in raters or "" in items or raters.keys() & (items.keys() | labels):
        return False
    several = len(rows) >= _OFTEN * len(items) and min(raters.values()) > 1
    return several and 1 < len(raters) < len(items) and len({row[:2] for row in rows}) == len(rows)


def first_is_data(columns: Sequence[str], rows: Sequence[Sequence[str]], found: RatingColumns) -> bool:
    """Say whether the names of the columns are a rating like those below: its rater stands below again."""
    return any(row[found.rater] == columns[found.rater] for row in rows)
