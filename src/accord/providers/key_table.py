"""Where keys stand among many others: a table by key in one piece of memory, filled and asked in whole columns."""

from typing import Any

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

_SLOTS_FOR_EACH = 2  # from here on hardly a key meets another one in its slot
_NONE = -1


def last_of(known: U64, wanted: U64) -> I64:
    """Return for each of ``wanted`` the last position in ``known`` where it stands, -1 where it does not.

    Both are 128-bit numbers as uint64 of shape (n, 2), spread evenly, as hashes are. Open addressing with linear
    probing (Knuth, The Art of Computer Programming 3, 6.4, algorithm L), a step for all keys at a time.
    """
    low, high = np.ascontiguousarray(known[:, 0]), np.ascontiguousarray(known[:, 1])
    last = (1 << (_SLOTS_FOR_EACH * len(known)).bit_length()) - 1
    table = np.full(last + 1, _NONE, dtype=np.int64)
    left = np.arange(len(known))
    slots = _home(low, last)
    while len(left):
        free = table[slots] == _NONE
        table[slots[free]] = left[free]  # of several the last one stays; an earlier one of its key goes no further
        there = table[slots]
        on = (low[there] != low[left]) | (high[there] != high[left])
        left, slots = left[on], (slots[on] + 1) & last
    found = np.full(len(wanted), _NONE, dtype=np.int64)
    left = np.arange(len(wanted) if len(known) else 0)
    slots = _home(wanted[: len(left), 0], last)
    while len(left):
        there = table[slots]
        same = (there != _NONE) & (low[there] == wanted[left, 0]) & (high[there] == wanted[left, 1])
        found[left[same]] = there[same]
        on = ~same & (there != _NONE)
        left, slots = left[on], (slots[on] + 1) & last
    return found


def _home(low: U64, last: int) -> Any:
    """Return the slot in which each key is looked for first."""
    return (low & np.uint64(last)).astype(np.int64)
