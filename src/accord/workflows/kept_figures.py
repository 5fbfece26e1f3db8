"""Figures that follow from ratings alone, kept from one measurement to the next: a decision makes none of them anew."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Self, TypeVar

from accord.analysis.agreement.ratings import I64

T = TypeVar("T")


class Kept:
    """What was made for the last two measurements; all of it is seeded, so that made again it would be the same."""

    def __init__(self) -> None:
        self._before: dict[bytes, Any] = {}
        self._now: dict[bytes, Any] = {}

    def begin(self) -> Self:
        """Begin a measurement: what neither it nor the one before asks for is let go."""
        self._before, self._now = self._now, {}
        return self

    def once(self, key: bytes, make: Callable[[], T]) -> T:
        """Return what was kept under a key, made now where nothing was."""
        if key not in self._now:
            self._now[key] = self._before[key] if key in self._before else make()
        found: T = self._now[key]
        return found


def key_of(what: str, codes: I64, categories: Sequence[object]) -> bytes:
    """Return the key of what is made of these codes, shape (examples, reviewers), of these categories."""
    digest = blake2b(repr((what, codes.shape)).encode(), digest_size=16)
    digest.update("\x1f".join(map(str, categories)).encode("utf-8", "surrogatepass"))
    digest.update(codes.tobytes())
    return digest.digest()
