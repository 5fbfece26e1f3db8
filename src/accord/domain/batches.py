"""Cutting long sequences into pieces that a query or a transaction can take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BATCH = 500


def batched(values: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Yield consecutive pieces of at most ``size`` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
