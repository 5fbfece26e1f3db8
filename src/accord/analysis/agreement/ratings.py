"""Ratings as distinct rows with how often each occurs: equal items are counted once, whatever is summed over items."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from accord.domain.agreement import Layout, RatingTable, Value

I64 = npt.NDArray[np.int64]

MISSING = -1
_LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """The ratings of items by raters, as P distinct rows.

    ``categories``: the q values there are, in their order. ``times``: shape (P,), how many items have the row.
    ``rows``, ``cats``, ``counts``: shape (N,), sorted: row r holds category c so many times; a row holds at least one.
    ``codes``: shape (P, raters), each rater's category or MISSING; None where it is not known who rated what.
    ``most``: the most ratings that an item has, or the number of raters where they are known.
    """

    categories: tuple[Value, ...]
    times: I64
    rows: I64
    cats: I64
    counts: I64
    codes: I64 | None
    most: int

    @classmethod
    def of_codes(cls, codes: npt.NDArray[np.integer], categories: Sequence[Value]) -> Self:
        """Take each rater's category, shape (items, raters): an index into ``categories``, below 0 where not rated.

        Items and raters without any rating are left out.
        """
        rated = codes >= 0
        given: I64 = np.where(rated, codes, MISSING).astype(np.int64)
        given = given[rated.any(axis=1)][:, rated.any(axis=0)]
        distinct, times = _distinct(given, len(categories))
        return cls._of_distinct(distinct, times, categories)

    @classmethod
    def of_values(cls, values: Sequence[Sequence[Value | None]]) -> Self:
        """Take a row per item of values, None where a rater did not rate; the categories are the sorted values."""
        found = sorted({value for row in values for value in row if value is not None})
        index: dict[Hashable, int] = {value: code for code, value in enumerate(found)}
        width = max(map(len, values), default=0)
        codes = np.full((len(values), width), MISSING, dtype=np.int64)
        for item, row in enumerate(values):
            codes[item, : len(row)] = [MISSING if value is None else index[value] for value in row]
        return cls.of_codes(codes, found)

    @classmethod
    def of_counts(cls, counts: npt.NDArray[np.integer], categories: Sequence[Value]) -> Self:
        """Take how many raters gave each category, shape (items, q); who they were is not known."""
        given: I64 = counts.astype(np.int64).reshape(-1, len(categories))
        distinct, times = np.unique(given[given.sum(axis=1) > 0], axis=0, return_counts=True)
        rows, cats = np.nonzero(distinct)
        most = int(distinct.sum(axis=1).max(initial=0))
        return cls(
            categories=tuple(categories),
            times=times.astype(np.int64),
            rows=rows.astype(np.int64),
            cats=cats.astype(np.int64),
            counts=distinct[rows, cats],
            codes=None,
            most=most,
        )

    @classmethod
    def of_matrix(cls, matrix: npt.NDArray[np.integer], categories: Sequence[Value]) -> Self:
        """Take two raters' square table: how many items the first put in category i and the second in j."""
        codes = np.argwhere(matrix > 0).astype(np.int64)
        return cls._of_distinct(codes, matrix[matrix > 0].astype(np.int64), categories)

    @classmethod
    def of_table(cls, table: RatingTable) -> Self:
        """Take a table as it was read. Numbers that name the columns are put in their order."""
        if table.layout in {Layout.RATINGS, Layout.LONG}:
            return cls.of_values(table.ratings)
        order = list(range(len(table.names)))
        if all(isinstance(name, float) for name in table.names):
            order.sort(key=lambda at: table.names[at])
        names = [table.names[at] for at in order]
        counts = np.array(table.counts, dtype=np.int64).reshape(-1, len(names))[:, order]
        return cls.of_counts(counts, names) if table.layout is Layout.COUNTS else cls.of_matrix(counts[order], names)

    @classmethod
    def _of_distinct(cls, codes: I64, times: I64, categories: Sequence[Value]) -> Self:
        row, rater = np.nonzero(codes >= 0)
        q = max(len(categories), 1)
        cells, counts = np.unique(row * q + codes[row, rater], return_counts=True)
        return cls(
            categories=tuple(categories),
            times=times.astype(np.int64),
            rows=cells // q,
            cats=cells % q,
            counts=counts.astype(np.int64),
            codes=codes,
            most=codes.shape[1],
        )

    @property
    def items(self) -> int:
        """How many items have a rating."""
        return int(self.times.sum())

    @property
    def sizes(self) -> I64:
        """How many ratings each distinct row holds, shape (P,)."""
        return np.bincount(self.rows, weights=self.counts, minlength=len(self.times)).astype(np.int64)

    @property
    def doubly_rated(self) -> int:
        """How many items have two ratings or more."""
        return int(self.times[self.sizes > 1].sum())

    def shares(self) -> npt.NDArray[np.float64]:
        """Return the share of each category among all ratings, shape (q,)."""
        found = np.bincount(self.cats, weights=self.counts * self.times[self.rows], minlength=len(self.categories))
        return np.asarray(found / max(found.sum(), 1))


def _distinct(codes: I64, q: int) -> tuple[I64, I64]:
    """Return the distinct rows and how often each occurs."""
    raters = codes.shape[1]
    if (q + 1) ** raters < _LARGEST_KEY:  # one number stands for a row, which sorts many times faster
        powers = (q + 1) ** np.arange(raters, dtype=np.int64)
        _keys, first, times = np.unique((codes + 1) @ powers, return_index=True, return_counts=True)
        return codes[first], times
    rows, times = np.unique(codes, axis=0, return_counts=True)
    return rows, times
