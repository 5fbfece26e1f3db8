"""Which of many texts may be near to a few that come later: their bands are made once and kept."""

from collections.abc import Sequence

import numpy as np

from accord.analysis.minhash import Permutations, band_keys, bands, signatures
from accord.analysis.shingle_hashes import I64, U64, hashed

_PERMUTATIONS, _SEED = 128, 1


class Nearby:
    """Texts by label, about 170 bytes for each. It proposes; the exact Jaccard similarity is for the caller to decide.

    A text at the threshold is overlooked with a probability under 0.5%, as by ``near_duplicates``; blank ones always.
    """

    def __init__(self, threshold: float) -> None:
        """``threshold``: from which Jaccard similarity of the shingle sets on two texts are near, above 0 to 1."""
        self._banding = bands(threshold, _PERMUTATIONS)
        self._drawn = Permutations.of(_PERMUTATIONS, _SEED)
        self._labels: list[I64] = []
        self._keys: list[U64] = []

    def add(self, labels: Sequence[int], texts: Sequence[str]) -> None:
        """Add texts under their labels; a label may have several."""
        places, keys = self._of(texts)
        if len(places):
            self._labels.append(np.asarray(labels, dtype=np.int64)[places])
            self._keys.append(keys)

    def meeting(self, texts: Sequence[str]) -> list[list[int]]:
        """Return for each text the labels of those that may be near to it, ascending.

        Of these texts themselves, those before it are meant by -1 for the first, -2 for the second, and so on.
        """
        found: list[list[int]] = [[] for _text in texts]
        places, asked = self._of(texts)
        labels, keys = np.concatenate([*self._labels, -1 - places]), np.concatenate([*self._keys, asked])
        if self._labels:
            self._labels, self._keys = [labels[: -len(places) or None]], [keys[: -len(places) or None]]
        for row, place in enumerate(places.tolist()):
            meets = (keys == asked[row]).any(axis=1)
            met = set(labels[meets].tolist())
            found[place] = sorted(label for label in met if label >= 0 or -1 - label < place)
        return found

    def _of(self, texts: Sequence[str]) -> tuple[I64, U64]:
        """Return the places of the texts that have shingles, and the keys of their bands."""
        rows, keys = [np.zeros(0, dtype=np.int64)], [np.zeros((0, self._banding[0]), dtype=np.uint64)]
        for batch in hashed(texts, range(len(texts))):
            rows.append(batch.rows)
            keys.append(band_keys(signatures(batch, self._drawn), *self._banding))
        return np.concatenate(rows), np.concatenate(keys)
