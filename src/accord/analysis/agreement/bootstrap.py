"""Bootstrap over items: replicates as weights of the distinct rows, drawn in blocks so that memory is bounded.

B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: percentile intervals.
"""

from collections.abc import Callable, Mapping

import numpy as np

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.sums import Contributions, Sums
from accord.analysis.agreement.weights import F64

REPLICATES = 1000
Coefficient = Callable[[Sums], F64]

_NUMBERS_AT_ONCE = 1 << 18  # 2 MB, which the processor keeps at hand
_LEAST_AT_ONCE = 16
_DEVIATIONS = 4
_TAILS = (0.025, 0.975)


def replicate_values(
    contributions: Contributions,
    coefficients: Mapping[str, Coefficient],
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, F64]:
    """Return each coefficient's value in each replicate, shape (replicates,); all see the same resampled items."""
    found: dict[str, list[F64]] = {name: [] for name in coefficients}
    times = contributions.ratings.times
    if not len(times) or not replicates:
        return {name: np.full(replicates, np.nan) for name in coefficients}
    generator = np.random.default_rng(seed)
    block = max(_LEAST_AT_ONCE, _NUMBERS_AT_ONCE // contributions.width)
    for start in range(0, replicates, block):
        sums = Sums(contributions, _drawn(times, min(block, replicates - start), generator))
        for name, coefficient in coefficients.items():
            found[name].append(coefficient(sums))
    return {name: np.concatenate(values) for name, values in found.items()}


def interval(values: F64) -> tuple[float, float] | None:
    """Return the 95% percentile interval of the replicates in which a coefficient is defined; None without any."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, _TAILS)
    return float(low), float(high)


def _drawn(times: I64, size: int, generator: np.random.Generator) -> F64:
    """Return how often each row is among n items drawn from n, for ``size`` replicates, shape (P, size).

    Independent Poisson counts are, given their sum, a draw of so many items. So somewhat fewer than n are drawn that
    way, row by row, and the rest item by item: the same distribution, many times faster than n items one by one.
    """
    n = int(times.sum())
    means = (times * max(0.0, 1 - _DEVIATIONS / np.sqrt(n)))[:, np.newaxis]
    drawn = generator.poisson(means, size=(len(times), size)).astype(np.float64)
    while (over := drawn.sum(axis=0) > n).any():  # one in thirty thousand
        drawn[:, over] = generator.poisson(means, size=(len(times), int(over.sum())))
    left = n - drawn.sum(axis=0).astype(np.int64)
    row_of = np.repeat(np.arange(len(times)), times)
    np.add.at(drawn, (row_of[generator.integers(n, size=left.sum())], np.repeat(np.arange(size), left)), 1.0)
    return drawn
