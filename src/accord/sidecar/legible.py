"""Which texts a model can read: one that it takes apart into letters or does not know has no meaning for it."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from accord.domain.canonical import fold

F32 = npt.NDArray[np.float32]

# Measured with MiniLM: English, German and Spanish texts have no unknown piece and at most 0.29 single letters, Arabic
# ones at least 0.89 single letters; of Chinese ones at least 0.22 is unknown.
_UNKNOWN, _SINGLE = 0.1, 0.5
_LOOKED_AT, _CHARACTERS = 256, 2048  # pieces, and the characters of a text that they are taken from
_IDEOGRAPHS = 0x2E80  # from here on a character by itself may well be a word


class Legible:
    """Tells by a model's tokenizer which texts the model can read."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        vocabulary = tokenizer.get_vocab()
        self._single = np.zeros(max(vocabulary.values()) + 1, dtype=np.bool_)
        for piece, number in vocabulary.items():
            bare = piece.removeprefix("##").removeprefix("▁").removeprefix("Ġ")
            self._single[number] = len(bare) == 1 and bare.isalpha() and ord(bare) < _IDEOGRAPHS

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the pieces that each text begins with, by their numbers in the vocabulary."""
        begun = [text[:_CHARACTERS] for text in texts]
        taken = self._tokenizer(begun, add_special_tokens=False, truncation=True, max_length=_LOOKED_AT)
        return list(taken["input_ids"])

    def mended(self, texts: Sequence[str], pieces: Sequence[Sequence[int]], vectors: F32) -> F32:
        """Return the vectors, with one in a direction of its own for each text that cannot be read.

        Such a text is like itself alone (white space and case aside): its meaning is not guessed at. Its vector can be
        told from a model's: all its numbers are of one size, and the text draws their signs.
        """
        for i, ids in enumerate(pieces):
            if not self._legible(np.asarray(ids, dtype=np.int64)):
                seed = hashlib.blake2b(fold(texts[i]).encode("utf-8", "surrogatepass"), digest_size=16).digest()
                signs = np.random.default_rng(int.from_bytes(seed, "little")).choice((-1.0, 1.0), size=vectors.shape[1])
                vectors[i] = signs / np.sqrt(vectors.shape[1])
        return vectors

    def _legible(self, ids: npt.NDArray[np.int64]) -> bool:
        if not len(ids):
            return False
        unknown = (ids == self._tokenizer.unk_token_id).mean() if self._tokenizer.unk_token_id is not None else 0.0
        return bool(unknown <= _UNKNOWN and self._single[ids].mean() <= _SINGLE)
