"""Several names in one column, such that one whole name can be looked for."""

from collections.abc import Iterable

_SEPARATOR = "\x1f"


def pack(values: Iterable[str]) -> str:
    """Return names as one text that can be searched for a whole name."""
    found = sorted(set(values))
    return _SEPARATOR + _SEPARATOR.join(found) + _SEPARATOR if found else ""


def unpack(text: str) -> tuple[str, ...]:
    """Read what ``pack`` wrote."""
    return tuple(part for part in text.split(_SEPARATOR) if part)


def packed_pattern(value: str) -> str:
    """Return what a packed text contains exactly when it contains the name ``value``."""
    return f"{_SEPARATOR}{value}{_SEPARATOR}"
