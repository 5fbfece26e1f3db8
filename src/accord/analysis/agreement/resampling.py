"""Draws of items with replacement, as how often each distinct row is among them.

Independent Poisson counts are, given their sum, a draw of so many items. So somewhat fewer than n are drawn that way,
row by row, and the rest item by item: the same distribution, many times faster than n items one by one.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.weights import F64

_FEW_ROWS = 32  # drawn as the multinomial counts that they are
_DEVIATIONS = 4
_CELLS = 1 << 16
_REST = 255  # in a table: draw it from what the cells could not hold
_LARGEST_MEAN = 60.0  # no count of this mean reaches _REST, by 1e-70
_FEWEST = 128  # rows of one mean for which a table is worth its making


class Resampler:
    """Draws n items from n; ``times``, shape (P,), says how many of them are each row."""

    def __init__(self, times: I64) -> None:
        self._n = int(times.sum())
        self._shares = times / self._n
        self._row_of = np.repeat(np.arange(len(times)), times)
        self._means = times * max(0.0, 1 - _DEVIATIONS / np.sqrt(self._n))
        values, group, size = np.unique(self._means, return_inverse=True, return_counts=True)
        tabled = (values > 0) & (values <= _LARGEST_MEAN) & (size >= _FEWEST)
        self._tabled = [(float(values[at]), np.flatnonzero(group == at)) for at in np.flatnonzero(tabled)]
        self._others = np.flatnonzero(~tabled[group])

    def draw(self, size: int, generator: np.random.Generator) -> F64:
        """Return how often each row is drawn, shape (P, size)."""
        if len(self._means) <= _FEW_ROWS:
            return generator.multinomial(self._n, self._shares, size=size).T.astype(np.float64)
        drawn = self._counts(size, generator)
        while (over := drawn.sum(axis=0) > self._n).any():  # one in thirty thousand
            drawn[:, over] = self._counts(int(over.sum()), generator)
        left = self._n - drawn.sum(axis=0).astype(np.int64)
        rest = self._row_of[generator.integers(self._n, size=left.sum())]
        np.add.at(drawn, (rest, np.repeat(np.arange(size), left)), 1.0)
        return drawn

    def _counts(self, size: int, generator: np.random.Generator) -> F64:
        """Return a Poisson count for each row, shape (P, size)."""
        drawn = np.empty((len(self._means), size))
        drawn[self._others] = generator.poisson(self._means[self._others][:, np.newaxis], (len(self._others), size))
        for mean, rows in self._tabled:
            drawn[rows] = _poisson(mean, (len(rows), size), generator)
        return drawn


def _poisson(mean: float, shape: tuple[int, int], generator: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return Poisson counts of one mean, by G. Marsaglia's table (Communications of the ACM 6, 1963): exact, and fast.

    A count fills as many cells as its probability holds whole; what is left over of all counts has the other cells.
    """
    cells, left = _table(mean)
    drawn = cells[generator.integers(_CELLS, size=shape, dtype=np.uint16)]
    again = np.flatnonzero(drawn == _REST)
    drawn.flat[again] = generator.choice(len(left), size=len(again), p=left)
    return drawn


@lru_cache(maxsize=512)
def _table(mean: float) -> tuple[npt.NDArray[np.uint8], F64]:
    """Return the cells, and the distribution of what they could not hold."""
    from scipy.stats import poisson

    share = poisson.pmf(np.arange(_REST), mean) * _CELLS
    whole = np.floor(share)
    cells = np.full(_CELLS, _REST, dtype=np.uint8)
    cells[: int(whole.sum())] = np.repeat(np.arange(_REST, dtype=np.uint8), whole.astype(np.int64))
    left = share - whole
    return cells, left / left.sum()
