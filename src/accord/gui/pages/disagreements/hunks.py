"""A text as changes to its original: single changes are taken from versions into the text that is growing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accord.analysis.diffs import DiffKind, DiffPart, word_diff

#: Below this share in common a version is one change: struck and underlined word by word it could not be read.
LEAST_IN_COMMON = 0.4
_KEPT_AROUND = 90  # characters of unchanged text that stay visible on each side of a change
_SHORTENED = " ⋯ "


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
    """``text`` in place of the original's characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


def hunks_between(before: str, after: str) -> tuple[Hunk, ...]:
    """Return the changes that lead from one text to the other, in their order."""
    if before == after:
        return ()
    parts = word_diff(before, after)
    same = sum(2 * len(part.text) for part in parts if part.kind is DiffKind.EQUAL)
    if same < LEAST_IN_COMMON * (len(before) + len(after)):
        return (Hunk(0, len(before), after),)
    found: list[Hunk] = []
    at = 0
    for part in parts:
        if part.kind is DiffKind.EQUAL:
            at += len(part.text)
        elif part.kind is DiffKind.REMOVED:
            found.append(Hunk(at, at + len(part.text), ""))
            at += len(part.text)
        elif found and found[-1].end == at and not found[-1].text:
            found[-1] = Hunk(found[-1].start, at, part.text)
        else:
            found.append(Hunk(at, at, part.text))
    return tuple(found)


def applied(before: str, hunks: Iterable[Hunk]) -> str:
    """Return the text that changes, none of which crosses another, lead to."""
    pieces, at = list[str](), 0
    for hunk in sorted(hunks):
        pieces += (before[at : hunk.start], hunk.text)
        at = hunk.end
    return "".join((*pieces, before[at:]))


def cross(one: Hunk, other: Hunk) -> bool:
    """Say whether two changes cannot stand in one text: they replace the same characters, or insert at one place."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    return max(one.start, other.start) < min(one.end, other.end) or _inside(one, other) or _inside(other, one)


def _inside(one: Hunk, other: Hunk) -> bool:
    return one.start == one.end and other.start < one.start < other.end


def toggled(taken: Sequence[Hunk], hunk: Hunk) -> tuple[Hunk, ...]:
    """Return the changes with this one taken in place of those it crosses; without it where it was taken already."""
    if hunk in taken:
        return tuple(known for known in taken if known != hunk)
    return tuple(sorted([*(known for known in taken if not cross(known, hunk)), hunk]))


def parts_of(before: str, hunks: Iterable[Hunk]) -> tuple[tuple[DiffPart, ...], tuple[Hunk | None, ...]]:
    """Return the changed text with what was removed and added, and for each part the change that it belongs to."""
    ordered = sorted(hunks)
    found = list(_numbered(before, ordered))
    return tuple(part for part, _n in found), tuple(None if n is None else ordered[n] for _part, n in found)


def numbered_parts(before: str, hunks: Sequence[Hunk]) -> tuple[tuple[DiffPart, ...], tuple[int | None, ...]]:
    """Return the parts, long unchanged ones shortened, and for each the position of the change that it belongs to."""
    found = list(_numbered(before, hunks))
    last = len(found) - 1
    parts = [
        part if number is not None else DiffPart(DiffKind.EQUAL, _shortened(part.text, first=i == 0, last=i == last))
        for i, (part, number) in enumerate(found)
    ]
    return tuple(parts), tuple(number for _part, number in found)


def _numbered(before: str, hunks: Sequence[Hunk]) -> Iterable[tuple[DiffPart, int | None]]:
    at = 0
    for number, hunk in enumerate(hunks):
        if hunk.start > at:
            yield DiffPart(DiffKind.EQUAL, before[at : hunk.start]), None
        if hunk.end > hunk.start:
            yield DiffPart(DiffKind.REMOVED, before[hunk.start : hunk.end]), number
        if hunk.text:
            yield DiffPart(DiffKind.ADDED, hunk.text), number
        at = hunk.end
    if at < len(before):
        yield DiffPart(DiffKind.EQUAL, before[at:]), None


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Return unchanged text without its middle (its beginning, its end at the ends of the text), cut at a space."""
    if len(text) <= (1 if first or last else 2) * _KEPT_AROUND + 40:
        return text
    head = "" if first else text[:_KEPT_AROUND].rpartition(" ")[0] or text[:_KEPT_AROUND]
    tail = "" if last else text[-_KEPT_AROUND:].partition(" ")[2] or text[-_KEPT_AROUND:]
    middle = _SHORTENED.lstrip() if first else _SHORTENED.rstrip() if last else _SHORTENED
    return f"{head.rstrip()}{middle}{tail.lstrip()}"
