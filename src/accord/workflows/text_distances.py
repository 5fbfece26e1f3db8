"""How far apart the answers are that reviews lead to: read when they are needed, compared once."""

from collections.abc import Sequence

import numpy as np

from accord.analysis.agreement.ratings import I64
from accord.analysis.agreement.weights import F64
from accord.analysis.diffs import TokenNumbers, edit_share
from accord.domain.batches import batched
from accord.domain.progress import Progress
from accord.storage import votes
from accord.storage.project import View


class TextDistances:
    """The token edit distances of texts, which ``keys`` name by category: number of an example, hash of the text."""

    def __init__(self, view: View, keys: Sequence[tuple[int, str]], watch: Progress) -> None:
        self._view = view
        self._keys = keys
        self._watch = watch
        self._numbers = TokenNumbers()
        self._texts: dict[int, list[int]] = {}
        self._known: dict[tuple[int, int], float] = {}

    def of(self, pairs: I64) -> F64:
        """Return the distance of each of these pairs of categories, shape (pairs, 2). Raises Cancelled."""
        wanted = [(min(a, b), max(a, b)) for a, b in pairs.tolist()]
        new = sorted({pair for pair in wanted if pair[0] != pair[1]} - self._known.keys())
        for part in batched(new):
            self._watch.check()
            self._read(sorted({code for pair in part for code in pair} - self._texts.keys()))
            for a, b in part:
                self._known[a, b] = edit_share(self._texts[a], self._texts[b])
        return np.array([0.0 if a == b else self._known[a, b] for a, b in wanted], dtype=np.float64)

    def _read(self, codes: Sequence[int]) -> None:
        found = votes.answers(self._view, {self._keys[code] for code in codes})
        # A text that somebody took out past the program is as far from every other as can be.
        self._texts |= {code: self._numbers.of(found.get(self._keys[code], "")) for code in codes}
