"""What agreement is measured on and what comes of it: levels of measurement, tables of ratings, figures."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What may be said of two different values (Stevens 1946): that they differ, their order, difference, ratio."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Layout(StrEnum):
    """How a table holds ratings.

    A column per rater; a column per category, with counts; two raters' square table; a row per rating, with its rater.
    """

    RATINGS = "ratings"
    COUNTS = "counts"
    MATRIX = "matrix"
    LONG = "long"


Value = str | float
"""A rating: text at the nominal level, a number where an order is needed (or text in the order of the columns)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingTable:
    """Ratings as they stand in a table.

    ``ratings``: layouts ratings and long, a row per item and a value per rater, None where one did not rate.
    ``counts``: the other layouts, a row per item (or per category of the first rater) and a count per category.
    ``names``: the raters, or the categories in the order of their columns. ``notes``: sentences on what a person should
    know of the table.
    """

    layout: Layout
    names: tuple[Value, ...]
    ratings: tuple[tuple[Value | None, ...], ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A coefficient, its 95% interval (None where there is too little to resample) and the items it rests on."""

    value: float
    ci95: tuple[float, float] | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A coefficient that these ratings do not define, and why."""

    reason: str


Figure = Measured | Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All figures of one table, by name, and the sentences to read with them; ``items`` are those with a rating."""

    items: int
    raters: int
    categories: tuple[Value, ...]
    figures: dict[str, Figure]
    warnings: tuple[str, ...]
