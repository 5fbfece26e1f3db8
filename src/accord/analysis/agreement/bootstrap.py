"""Bootstrap over items: replicates as weights of the distinct rows, drawn in blocks so that memory is bounded.

B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: percentile intervals.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.sums import Contributions, Sums
from accord.analysis.agreement.weights import F64

REPLICATES = 1000
Coefficient = Callable[[Sums], F64]

_NUMBERS_AT_ONCE = 1 << 22
_ROWS_SHARED = 8
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
    if not len(times):
        return {name: np.full(replicates, np.nan) for name in coefficients}
    generator = np.random.default_rng(seed)
    block = max(1, min(replicates, _NUMBERS_AT_ONCE // contributions.width))
    for weights in _drawn(times, replicates, block, generator):
        sums = Sums(contributions, weights)
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


def _drawn(times: I64, replicates: int, block: int, generator: np.random.Generator) -> Iterator[F64]:
    """Yield blocks of replicates, shape (P, up to ``block``): how often each row is among n items drawn from n."""
    n = int(times.sum())
    few = len(times) * _ROWS_SHARED <= n
    row_of = np.empty(0, dtype=np.int64) if few else np.repeat(np.arange(len(times)), times)
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        if few:
            yield np.ascontiguousarray(generator.multinomial(n, times / n, size=size).T, dtype=np.float64)
            continue
        # The same distribution; item by item is faster where most rows occur once.
        drawn = np.empty((len(times), size))
        for column in range(size):
            drawn[:, column] = np.bincount(row_of[generator.integers(n, size=n)], minlength=len(times))
        yield drawn
