"""Cutting long sequences into pieces that a query or a transaction can take."""

import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BATCH = 500
_FIRST, _LEAST, _MOST = 200, 50, 5_000


def batched(values: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Yield consecutive pieces of at most ``size`` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def paced(values: Sequence[T], seconds: float = 0.12, *, first: int = 0) -> Iterator[Sequence[T]]:
    """Yield consecutive pieces, each as long as can be worked off in about ``seconds``, going by the one before it.

    For units of work on a project: a verdict that waits for one of these is still saved within a fifth of a second.
    ``first``: how many the first piece has, fewer than usual where a value may take long.
    """
    at, size = 0, first or _FIRST
    least = min(_LEAST, size)
    while at < len(values):
        part = values[at : at + size]
        started = time.monotonic()
        yield part
        at += len(part)
        fitting = int(len(part) * seconds / max(time.monotonic() - started, 0.001))
        size = max(least, min(_MOST, len(part) * 2, fitting))
