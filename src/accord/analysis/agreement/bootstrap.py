"""Bootstrap over items: replicates as weights of the distinct rows, drawn in blocks so that memory is bounded.

B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: percentile intervals.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.resampling import Resampler
from accord.analysis.agreement.sums import Contributions, Sums
from accord.analysis.agreement.weights import F64

REPLICATES = 1000
Coefficient = Callable[[Sums], F64]

_NUMBERS_AT_ONCE = 1 << 18  # 2 MB, which the processor keeps at hand
_LEAST_AT_ONCE = 16
_TAILS = (0.025, 0.975)


def replicate_values(
    contributions: Contributions,
    coefficients: Mapping[str, Coefficient],
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, F64]:
    """Return each coefficient's value in each replicate, shape (replicates,); all see the same resampled items.

    Items with several ratings and those with one are drawn apart, each as many as there are: what one person alone
    rated says nothing of agreement, and alpha's interval is the same with it and without.
    """
    found: dict[str, list[F64]] = {name: [] for name in coefficients}
    times = contributions.ratings.times
    if not len(times) or not replicates:
        return {name: np.full(replicates, np.nan) for name in coefficients}
    several = contributions.ratings.sizes > 1
    kinds = [(rows, Resampler(times[rows]), np.random.default_rng([seed, kind])) for kind, rows in _rows_of(several)]
    block = max(_LEAST_AT_ONCE, _NUMBERS_AT_ONCE // contributions.width)
    for start in range(0, replicates, block):
        drawn = np.empty((len(times), min(block, replicates - start)))
        for rows, resampler, generator in kinds:
            drawn[rows] = resampler.draw(drawn.shape[1], generator)
        sums = Sums(contributions, drawn)
        for name, coefficient in coefficients.items():
            found[name].append(coefficient(sums))
    return {name: np.concatenate(values) for name, values in found.items()}


def _rows_of(several: npt.NDArray[np.bool_]) -> list[tuple[int, I64]]:
    """Return the rows with several ratings as kind 0 and those with one as kind 1, as far as there are any."""
    return [(kind, np.flatnonzero(which)) for kind, which in enumerate((several, ~several)) if which.any()]


def interval(values: F64) -> tuple[float, float] | None:
    """Return the 95% percentile interval of the replicates in which a coefficient is defined; None without any."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, _TAILS)
    return float(low), float(high)
