"""Texts to embed, by position, and a progress that can be watched and stopped."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from accord.domain.errors import Cancelled
from accord.domain.progress import Silent


class Texts:
    """Texts under keys of their own; ``asked`` counts how many were read."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.asked = 0

    @property
    def keys(self) -> npt.NDArray[np.uint64]:
        return np.array([(i + 1, 7) for i in range(len(self.texts))], dtype=np.uint64)

    def read(self, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
        for position in wanted:
            self.asked += 1
            yield position, self.texts[position]


class Watched(Silent):
    """Keeps what was reported; ``stop`` says after which report the person stops it."""

    def __init__(self, stop: Callable[[int, str], bool] = lambda _done, _note: False) -> None:
        self.notes: list[str] = []
        self._stop, self._stopped = stop, False

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        self.notes.append(note if total is None else f"{note} of {total}")
        self._stopped = self._stopped or self._stop(done, note)

    def check(self) -> None:
        if self._stopped:
            raise Cancelled
