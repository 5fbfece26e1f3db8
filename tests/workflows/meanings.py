"""A stand-in for what turns texts into vectors: it goes by a list of words that mean the same, and counts its work."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from accord.domain.meaning import EmbeddingModel, NoMeaning, Read
from accord.domain.progress import Progress

WIDE = 64


class Meanings:
    """The port ``Embedder`` in memory; ``same`` names for a word the one it means, ``unread`` texts it cannot read."""

    def __init__(
        self, same: Mapping[str, str] | None = None, *, missing: bool = False, unread: Collection[str] = ()
    ) -> None:
        self._same = dict(same or {})
        self._unread = frozenset(unread)
        self._missing = missing
        self.vectors: dict[tuple[int, int], Any] = {}
        self.read: list[str] = []

    def model(self) -> EmbeddingModel:
        if self._missing:
            raise NoMeaning("It is not installed.")
        return EmbeddingModel(name="words", folder="", digest="0")

    def cosines(self, keys: Any, to: Any) -> Any:
        own = self.known(to.reshape(1, 2))[1][0]
        return self.known(keys)[1] @ own if own.any() else None

    def known(self, keys: Any) -> tuple[Any, Any]:
        """Return which keys are remembered, and the vectors of those."""
        self.model()
        told = [tuple(key) for key in keys.tolist()]
        there = np.array([key in self.vectors for key in told], dtype=np.bool_)
        blank = np.zeros(WIDE, dtype=np.float32)
        return there, np.array([self.vectors.get(key, blank) for key in told], dtype=np.float32)

    def embed(self, keys: Any, read: Read, progress: Progress) -> Any:
        there, _vectors = self.known(keys)
        for position, text in read(np.flatnonzero(~there).tolist()):
            progress.check()
            self.read.append(text)
            self.vectors[tuple(keys[position].tolist())] = self._vector(text)
        progress.report(len(keys), len(keys), "words")
        return self.known(keys)[1]

    def forget(self, keys: Any) -> None:
        for key in keys.tolist():
            self.vectors.pop(tuple(key), None)

    def _vector(self, text: str) -> Any:
        found = np.zeros(WIDE, dtype=np.float32)
        if text in self._unread:
            seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
            return (np.random.default_rng(seed).choice((-1.0, 1.0), size=WIDE) / np.sqrt(WIDE)).astype(np.float32)
        for word in sorted({self._same.get(word, word) for word in re.findall(r"\w+", text.casefold())}):
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
            found += np.random.default_rng(seed).normal(size=WIDE).astype(np.float32)
        length = np.linalg.norm(found)
        return found / length if length else found
