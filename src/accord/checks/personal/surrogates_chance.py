"""Choices that follow from a secret and from what they are about, and from nothing else: two runs choose alike."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_BYTES = 8  # of a digest, for one choice: what is left over by a remainder is too little to see


class Chance:
    """A row of choices; of the same secret and the same words it is the same row (HMAC-SHA256, RFC 2104)."""

    def __init__(self, secret: bytes, *about: str) -> None:
        self._secret = secret
        self._about = "\0".join(about).encode("utf-8", "surrogatepass")
        self._drawn: Iterator[int] = self._numbers()

    def below(self, limit: int) -> int:
        """Return a number from 0 up to ``limit``, which it does not reach."""
        return next(self._drawn) % limit

    def pick(self, among: Sequence[T]) -> T:
        """Return one of these."""
        return among[self.below(len(among))]

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(str(self.below(10)) for _each in range(count))

    def shuffled(self, among: Sequence[T]) -> list[T]:
        """Return all of these in another order."""
        left = list(among)
        for at in range(len(left) - 1, 0, -1):
            other = self.below(at + 1)
            left[at], left[other] = left[other], left[at]
        return left

    def _numbers(self) -> Iterator[int]:
        block = 0
        while True:
            digest = hmac.digest(self._secret, self._about + b"\0" + str(block).encode(), hashlib.sha256)
            for start in range(0, len(digest), _BYTES):
                yield int.from_bytes(digest[start : start + _BYTES])
            block += 1
