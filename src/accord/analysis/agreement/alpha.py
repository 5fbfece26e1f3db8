"""Krippendorff's alpha at each level of measurement and for any distance between values.

K. Krippendorff, Content Analysis, 2nd ed. 2004, chapter 11: alpha = 1 - Do / De over pairable values, those of items
with two ratings or more. Do is the mean distance of values paired within items, where the pairs of an item of m ratings
weigh 1 / (m - 1); De that of all pairable values paired regardless of item. All functions return shape (B,), nan where
De is 0.
"""

import numpy as np

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.sums import Sums, pair_values
from accord.analysis.agreement.weights import F64

_PAIR = 2


def nominal(sums: Sums) -> F64:
    """Return alpha with distance 1 between any two different values."""
    n = sums.pairable
    expected = n.sum(axis=0) ** 2 - (n**2).sum(axis=0)
    return _alpha(sums, sums.observed_distance(np.ones(len(sums.contributions.left))), expected)


def interval(sums: Sums, x: F64) -> F64:
    """Return alpha with distance (x_c - x_k)^2; ``x``, shape (q,), are the categories' values."""
    pairs = sums.contributions
    observed = sums.observed_distance((x[pairs.left] - x[pairs.right]) ** 2)
    return _alpha(sums, observed, _squares(sums.pairable, x[:, np.newaxis]))


def ordinal(sums: Sums) -> F64:
    """Return alpha with distance (n_c / 2 + n_(c+1) + ... + n_k / 2)^2, n being how often a value occurs.

    That sum is the difference of the two values' mean ranks, so this is interval alpha of ranks, which are those of
    the replicate at hand.
    """
    n, pairs = sums.pairable, sums.contributions
    ranks = np.cumsum(n, axis=0) - n / 2
    observed = (sums.coincidences * (ranks[pairs.left] - ranks[pairs.right]) ** 2).sum(axis=0)
    return _alpha(sums, np.asarray(observed), _squares(n, ranks))


def of_distance(sums: Sums, distance: F64) -> F64:
    """Return alpha for any distance; ``distance``, shape (q, q), is symmetric, 0 on its diagonal, never negative.

    It stands in the formula as it is: give the square where the squared difference is meant.
    """
    n = sums.pairable
    observed = sums.observed_distance(pair_values(sums.contributions, distance))
    return _alpha(sums, observed, np.asarray((n * (distance @ n)).sum(axis=0)))


def of_pairs(sums: Sums, *, meeting: F64, left: I64, right: I64, far: F64) -> F64:
    """Return alpha for a distance that is known of some pairs of values only.

    ``meeting``, shape (K,): the distances of the pairs that meet in an item. ``left``, ``right``, ``far``, shape (S,):
    other pairs of values, and their distances times how many ordered pairs of all ratings each stands for.
    """
    n, once = sums.pairable, sums.contributions.pairable @ sums.ratings.times.astype(np.float64)
    scale = np.divide(n, once[:, np.newaxis], out=np.zeros_like(n), where=once[:, np.newaxis] > 0)
    return _alpha(sums, sums.observed_distance(meeting), np.asarray(far @ (scale[left] * scale[right])))


def _squares(n: F64, x: F64) -> F64:
    """Return the sum over ordered pairs of values of (x_c - x_k)^2: twice n times the squared deviations."""
    total = n.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (n * x).sum(axis=0) / total
    return np.asarray(2 * total * (n * (x - mean) ** 2).sum(axis=0))


def _alpha(sums: Sums, observed: F64, expected: F64) -> F64:
    n = sums.pairable
    varied = ((n > 0).sum(axis=0) >= _PAIR) & (expected > 0)
    share = np.divide(observed * (n.sum(axis=0) - 1), expected, out=np.full(observed.shape, np.nan), where=varied)
    return np.asarray(1 - share)
