"""How far apart two categories are: the weights of agreement of Gwet's handbook, and the distances of each level.

K. L. Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014, section 3.5; K. Krippendorff, Content Analysis, 2nd ed.
2004, section 11.3. A weight is 1 for equal categories and falls to 0 for the farthest; a distance is 0 for equal ones.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from accord.domain.agreement import Level, Value

F64 = npt.NDArray[np.float64]

MOST_CATEGORIES = 2000
"""More are not laid out as a square matrix, of 32 MB then."""


def positions(categories: Sequence[Value], level: Level) -> F64:
    """Return where the categories stand, shape (q,): their values at the levels that have them, otherwise 0, 1, 2..."""
    if level in {Level.INTERVAL, Level.RATIO}:
        return np.array(categories, dtype=np.float64)
    return np.arange(len(categories), dtype=np.float64)


def linear(x: F64) -> F64:
    """Return 1 - |x_k - x_l| / (max - min) (Cicchetti and Allison 1971), shape (q, q)."""
    return _weights(np.abs(np.subtract.outer(x, x)))


def quadratic(x: F64) -> F64:
    """Return 1 - (x_k - x_l)^2 / (max - min)^2 (Fleiss and Cohen 1973), shape (q, q)."""
    return _weights(np.subtract.outer(x, x) ** 2)


def ordinal(q: int) -> F64:
    """Return 1 - C(|k - l| + 1, 2) / C(q, 2), Gwet's ordinal weights, shape (q, q)."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(np.float64)
    return _weights(apart * (apart + 1))


def ratio(x: F64) -> F64:
    """Return 1 - ((x_k - x_l) / (x_k + x_l))^2 over its largest, Gwet's ratio weights, shape (q, q)."""
    return _weights(ratio_distance(x))


def of_level(categories: Sequence[Value], level: Level) -> F64 | None:
    """Return the weights for AC2 at a level: ordinal, quadratic, ratio; None at the nominal level, which has none."""
    if level is Level.NOMINAL:
        return None
    if level is Level.ORDINAL:
        return ordinal(len(categories))
    x = positions(categories, level)
    return quadratic(x) if level is Level.INTERVAL else ratio(x)


def ratio_distance(x: F64) -> F64:
    """Return ((x_k - x_l) / (x_k + x_l))^2 for numbers of 0 and more, 0 for two zeros, shape (q, q)."""
    sums = np.add.outer(x, x)
    return np.divide(np.subtract.outer(x, x), sums, out=np.zeros_like(sums), where=sums != 0) ** 2


def _weights(distance: F64) -> F64:
    farthest = distance.max(initial=0.0)
    return np.asarray(1 - distance / farthest if farthest > 0 else np.ones_like(distance))
