"""The sums over items of which every coefficient is made, for many weightings of the items at once.

A bootstrap replicate is a weight per distinct row. What a row contributes is laid out once as sparse arrays; the sums
of B replicates are then products of these with the weights, shape (P, B).
"""

from functools import cached_property
from typing import Any

import numpy as np

from accord.analysis.agreement.ratings import I64, Ratings
from accord.analysis.agreement.weights import F64


class Contributions:
    """What each distinct row adds to the sums.

    ``left``, ``right``: shape (K,), the pairs of different categories that meet in some item, left < right.
    """

    def __init__(self, ratings: Ratings) -> None:
        from scipy.sparse import csr_array

        self.ratings = ratings
        self.sizes = ratings.sizes
        self.double = self.sizes > 1
        p, q = len(self.sizes), len(ratings.categories)
        shape = (q, p)
        counts, rows, cats = ratings.counts.astype(np.float64), ratings.rows, ratings.cats
        self.shares = csr_array((counts / self.sizes[rows], (cats, rows)), shape=shape)
        self.pairable = csr_array((counts * self.double[rows], (cats, rows)), shape=shape)
        row, left, right, product = _meetings(ratings)
        keys, pair = np.unique(left * max(q, 1) + right, return_inverse=True)
        self.left, self.right = keys // max(q, 1), keys % max(q, 1)
        # Both orders of a pair count, as in the literature's sums over all ordered pairs of ratings.
        self.meetings = csr_array((2.0 * product, (pair, row)), shape=(len(keys), p))
        self._csr = csr_array

    def by_rater(self, *, only_double: bool) -> Any:
        """Return a sparse array, shape (raters * q, P): 1 where the rater gave the category to the row."""
        codes = self.ratings.codes
        if codes is None:
            raise ValueError("who rated what is not known")
        raters, q = codes.shape[1], len(self.ratings.categories)
        taken = (codes >= 0) & (self.double[:, np.newaxis] if only_double else True)
        row, rater = np.nonzero(taken)
        places = (rater * q + codes[row, rater], row)
        return self._csr((np.ones(len(row)), places), shape=(raters * q, len(codes)))

    @cached_property
    def all_by_rater(self) -> Any:
        """Every rating by its rater."""
        return self.by_rater(only_double=False)

    @cached_property
    def double_by_rater(self) -> Any:
        """The ratings of items with two or more, by their rater."""
        return self.by_rater(only_double=True)

    @property
    def width(self) -> int:
        """How many numbers one replicate takes at most."""
        raters = 0 if self.ratings.codes is None else self.ratings.most
        return max(len(self.sizes), len(self.left), (raters + 2) * len(self.ratings.categories), 1)


def _meetings(ratings: Ratings) -> tuple[I64, I64, I64, F64]:
    """Return (row, category, later category, product of their counts) for all pairs of categories in a row."""
    rows, cats, counts = ratings.rows, ratings.cats, ratings.counts
    found = []
    for apart in range(1, len(ratings.categories)):
        at = np.flatnonzero(rows[:-apart] == rows[apart:])
        if not len(at):
            break  # no row holds so many categories
        found.append((rows[at], cats[at], cats[at + apart], (counts[at] * counts[at + apart]).astype(np.float64)))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, np.zeros(0)
    row, left, right, product = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return row, left, right, product


class Sums:
    """The sums for B weightings of the items: ``weights``, shape (P, B), says how often each distinct row counts."""

    def __init__(self, contributions: Contributions, weights: F64) -> None:
        self.contributions = contributions
        self.ratings = contributions.ratings
        self.weights = weights
        sizes = contributions.sizes.astype(np.float64)
        self._per_pair = np.divide(1.0, sizes * (sizes - 1), out=np.zeros_like(sizes), where=contributions.double)
        self._per_value = np.divide(1.0, sizes - 1, out=np.zeros_like(sizes), where=contributions.double)

    @cached_property
    def items(self) -> F64:
        """How many items there are, shape (B,)."""
        return np.asarray(self.weights.sum(axis=0))

    @cached_property
    def doubly_rated(self) -> F64:
        """How many items have two ratings or more, shape (B,)."""
        return np.asarray(self.contributions.double.astype(np.float64) @ self.weights)

    @cached_property
    def shares(self) -> F64:
        """The mean over items of each category's share of the item's ratings, shape (q, B)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((self.contributions.shares @ self.weights) / self.items)

    @cached_property
    def pairable(self) -> F64:
        """How often each category was given to an item of two ratings or more, shape (q, B)."""
        return np.asarray(self.contributions.pairable @ self.weights)

    @cached_property
    def coincidences(self) -> F64:
        """Krippendorff's coincidences of each pair of different categories, both orders together, shape (K, B)."""
        return np.asarray(self.contributions.meetings @ (self.weights * self._per_value[:, np.newaxis]))

    def observed_distance(self, distance: F64) -> F64:
        """Return the sum over coincidences of each pair's distance; ``distance`` has shape (K,). Shape (B,)."""
        return np.asarray(((distance @ self.contributions.meetings) * self._per_value) @ self.weights)

    def agreement(self, weights: F64 | None) -> F64:
        """Return the mean over doubly rated items of their pairs' weight of agreement, shape (B,); nan without any."""
        return self._same_category if weights is None else self._agreeing(1 - pair_values(self.contributions, weights))

    @cached_property
    def _same_category(self) -> F64:
        return self._agreeing(np.ones(len(self.contributions.left)))

    def _agreeing(self, lost: F64) -> F64:
        pairs = self.contributions
        disagreeing = ((lost @ pairs.meetings) * self._per_pair) @ self.weights
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(1 - disagreeing / self.doubly_rated)

    def by_rater(self, *, only_double: bool) -> F64:
        """Return the share of each category among each rater's ratings, shape (raters, q, B); nan for none."""
        pairs = self.contributions
        laid = pairs.double_by_rater if only_double else pairs.all_by_rater
        q = len(self.ratings.categories)
        counts = np.asarray(laid @ self.weights).reshape(-1, q, self.weights.shape[1])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def once(contributions: Contributions) -> Sums:
    """Return the sums of the ratings as they are, B = 1."""
    return Sums(contributions, contributions.ratings.times.astype(np.float64)[:, np.newaxis])


def pair_values(contributions: Contributions, matrix: F64) -> F64:
    """Return what a matrix (q, q) says of the pairs of categories that meet, shape (K,)."""
    return np.asarray(matrix[contributions.left, contributions.right])
