"""What of a text differs from the one it is compared with, worked out apart from the window."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.analysis.diffs import DiffKind, DiffPart, word_diff
from accord.domain.history import ExampleRow

#: Below this share of words in common two texts are shown as they are: struck and underlined they could not be read.
LEAST_IN_COMMON = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An example beside the one it is compared with: the parts of request and answer, and where they first differ.

    ``first`` is ("request" or "answer", the offset of the first difference in both texts); None: nothing differs.
    ``unlike``: the answers have little in common, and its parts are the text as it is.
    """

    row: ExampleRow
    request: tuple[DiffPart, ...]
    answer: tuple[DiffPart, ...]
    first: tuple[str, int] | None = None
    unlike: bool = False

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return self.first is not None


def alone(row: ExampleRow) -> Compared:
    """Return an example that others are compared with."""
    return Compared(row=row, request=_plain(row.content.request), answer=_plain(row.content.answer))


def compare(base: ExampleRow, rows: Sequence[ExampleRow], *, requests: bool = True) -> list[Compared]:
    """Return examples beside ``base``; ``requests`` False where all share the request."""
    return [alone(row) if row.id == base.id else _beside(base, row, requests=requests) for row in rows]


def _beside(base: ExampleRow, row: ExampleRow, *, requests: bool) -> Compared:
    before, after = base.content, row.content
    request = _parts(before.request, after.request) if requests else _plain(after.request)
    answer = _parts(before.answer, after.answer)
    places = ((field, _first_difference(parts)) for field, parts in (("request", request), ("answer", answer)))
    first = next(((field, place) for field, place in places if place is not None), None)
    unlike = _in_common(answer) < LEAST_IN_COMMON
    if unlike:
        first, answer = ("answer", 0), _plain(after.answer)
    return Compared(row=row, request=request, answer=answer, first=first, unlike=unlike)


def _plain(text: str) -> tuple[DiffPart, ...]:
    return (DiffPart(DiffKind.EQUAL, text),)


def _parts(before: str, after: str) -> tuple[DiffPart, ...]:
    return _plain(after) if before == after else word_diff(before, after)


def _in_common(parts: Sequence[DiffPart]) -> float:
    """Return the share of the characters of both texts that stand in both."""
    same = sum(2 * len(part.text) for part in parts if part.kind is DiffKind.EQUAL)
    other = sum(len(part.text) for part in parts if part.kind is not DiffKind.EQUAL)
    return same / (same + other) if same + other else 1.0


def _first_difference(parts: Sequence[DiffPart]) -> int | None:
    at = 0
    for part in parts:
        if part.kind is not DiffKind.EQUAL:
            return at
        at += len(part.text)
    return None
