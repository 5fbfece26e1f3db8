"""A seeded draw that is spread over kinds: as many of each kind as there can be, whatever order the items come in."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def by_lot(ids: Sequence[str], seed: int) -> list[str]:
    """Return distinct ids in an order that the seed alone decides."""
    return sorted(set(ids), key=lambda id_: lot(id_, seed))


def lot(text: str, seed: int) -> bytes:
    """Return what to sort by for an order that the seed decides."""
    return hashlib.sha256(f"{seed} {text}".encode()).digest()


def spread(items: Sequence[tuple[str, T]], count: int, seed: int) -> list[str]:
    """Draw ``count`` of these (id, kind), or all where there are fewer: one of each kind in turn, drawn by lot."""
    kinds: dict[T, list[str]] = defaultdict(list)
    for id_, kind in sorted(set(items), key=lambda item: lot(item[0], seed)):
        kinds[kind].append(id_)
    turns = sorted(kinds.values(), key=lambda ids: lot(ids[0], seed))
    found: list[str] = []
    for turn in range(max(map(len, turns), default=0)):
        found += [ids[turn] for ids in turns if turn < len(ids)]
        if len(found) >= count:
            break
    return found[:count]
