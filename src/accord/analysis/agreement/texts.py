"""Krippendorff's alpha of texts, when all pairs of texts are too many to compare.

The disagreement that is observed rests on every pair of texts that two people gave to one item. That expected by chance
is a mean over all pairs of texts, and a seeded sample of them gives it to within a hundredth of its own spread.
"""

from dataclasses import dataclass

import numpy as np

from accord.analysis.agreement import alpha, coefficients
from accord.analysis.agreement.bootstrap import REPLICATES, Coefficient
from accord.analysis.agreement.measuring import Wanted, measure_each
from accord.analysis.agreement.ratings import I64, Ratings
from accord.analysis.agreement.sums import Contributions, Sums
from accord.analysis.agreement.weights import F64
from accord.domain.agreement import Figure
from accord.domain.wording import _

MOST_PAIRS = 20_000
"""More pairs of texts are sampled: the standard error of their mean distance is then a hundredth of their spread."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextPairs:
    """The pairs of categories whose distance alpha needs, as indexes into ``ratings.categories``.

    ``meeting``, shape (K, 2): those given to one item. ``across``, shape (S, 2): those of any two items; each stands
    for ``times``, shape (S,), ordered pairs of ratings. ``sampled``: these are not all.
    """

    meeting: I64
    across: I64
    times: F64
    sampled: bool


def pairs_to_compare(ratings: Ratings, *, most: int = MOST_PAIRS, seed: int = 0) -> TextPairs:
    """Return which pairs of texts are to be compared."""
    contributions = Contributions(ratings)
    n = np.asarray(contributions.pairable @ ratings.times.astype(np.float64))
    given = np.flatnonzero(n)
    sampled = len(given) * (len(given) - 1) // 2 > most
    if sampled:
        drawn = np.random.default_rng(seed).choice(given, size=(most, 2), p=n[given] / n.sum())
        times = np.full(most, n.sum() ** 2 / most)
    else:
        left, right = np.triu_indices(len(given), 1)
        drawn = np.stack([given[left], given[right]], axis=1)
        times = 2 * n[drawn[:, 0]] * n[drawn[:, 1]]
    meeting = np.stack([contributions.left, contributions.right], axis=1)
    return TextPairs(meeting=meeting, across=drawn, times=times, sampled=sampled)


def alpha_of(pairs: TextPairs, near: F64, far: F64) -> Coefficient:
    """Return the coefficient; ``near``, shape (K,), and ``far``, (S,), are the distances of the two kinds of pairs."""
    left, right = pairs.across[:, 0], pairs.across[:, 1]
    weighed = far * pairs.times

    def coefficient(sums: Sums) -> F64:
        return alpha.of_pairs(sums, meeting=near, left=left, right=right, far=weighed)

    return coefficient


def percent_and_alpha(
    ratings: Ratings, coefficient: Coefficient, *, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, Figure]:
    """Return the share of pairs of the very same category, and alpha as ``coefficient`` has it."""
    missing = "" if ratings.doubly_rated else _("No item was rated by two people.")
    wanted = {
        "percent_agreement": Wanted(value=coefficients.percent_agreement, missing=missing),
        "krippendorff_alpha": Wanted(value=coefficient, missing=missing),
    }
    return measure_each(ratings, wanted, replicates=replicates, seed=seed)
