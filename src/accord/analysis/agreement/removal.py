"""What single items cost: how much a coefficient would rise if an item were not there."""

import numpy as np

from accord.analysis.agreement.bootstrap import Coefficient
from accord.analysis.agreement.ratings import I64, Ratings
from accord.analysis.agreement.sums import Contributions, Sums, once
from accord.analysis.agreement.weights import F64

_NUMBERS_AT_ONCE = 1 << 20


def removal_gains(ratings: Ratings, coefficient: Coefficient, codes: I64) -> F64:
    """Return by how much the coefficient rises without each of these items, shape (items,).

    ``codes``, shape (items, raters), are rows of what the ratings were made of. Where nothing is left to disagree
    about, so that the coefficient is not defined, it counts as 1.
    """
    if ratings.codes is None or not len(codes):
        return np.zeros(len(codes))
    place = {row.tobytes(): at for at, row in enumerate(ratings.codes)}
    wanted, inverse = np.unique(codes.astype(np.int64), axis=0, return_inverse=True)
    rows = np.array([place[row.tobytes()] for row in wanted])
    contributions = Contributions(ratings)
    whole = float(coefficient(once(contributions))[0])
    times = ratings.times.astype(np.float64)[:, np.newaxis]
    block = max(1, _NUMBERS_AT_ONCE // contributions.width)
    found = []
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        weights = np.repeat(times, len(part), axis=1)
        weights[part, np.arange(len(part))] -= 1
        found.append(coefficient(Sums(contributions, weights)))
    values = np.concatenate(found)
    return np.asarray((np.where(np.isnan(values), 1.0, values) - whole)[inverse.reshape(-1)])
