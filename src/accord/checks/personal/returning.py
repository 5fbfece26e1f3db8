"""The way back of what was sent in place of personal data: surrogates in an answer become the originals again.

An answer says what it was told in other words: a surname alone, another form of a date, a number without its spaces.
What stands for an original beyond doubt is put back in its place; all else stays as it is and is told.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from accord.checks.personal import dates as found_dates
from accord.checks.personal import surrogates_dates as dates
from accord.checks.personal.folding import fold
from accord.checks.personal.returning_forms import Pair, forms, traces, whole
from accord.checks.personal.stretches import stretches

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_KEY = re.compile(r"\s*:")
_NOTHING = r"(?!)"
_Found = tuple[int, int, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """What was sent for what in one question.

    ``days``: by how many its dates were moved; ``days_named``: the days that the originals name.
    """

    pairs: tuple[Pair, ...] = ()
    days: int = 0
    days_named: tuple[dates.Day, ...] = ()


NOTHING = Swaps()


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """An answer with the originals.

    ``returned``: in how many places; ``left``: what points at a surrogate and stays, and dates that were not sent.
    """

    text: str
    returned: int = 0
    left: tuple[str, ...] = ()


def put_back(text: str, swaps: Swaps) -> PutBack:
    """Return an answer with the originals in place of what was sent for them.

    Of a text that is an object or an array of JSON the strings are read, and written anew where they change: it stays
    JSON. Its keys and its numbers stay as they are.
    """
    if not swaps.pairs:
        return PutBack(text=text)
    back = _back(swaps)
    made = back.of_json(text) if is_json(text) else back.of_text(text)
    return replace(made, left=tuple(dict.fromkeys(made.left)))


def is_json(text: str) -> bool:
    """Say whether a text is an object or an array of JSON."""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


class _Back:
    """All forms of what was sent in one question, in one expression; a text is gone through once."""

    def __init__(self, swaps: Swaps) -> None:
        self._exact = {pair.sent: pair.original for pair in swaps.pairs}
        self._forms = forms(swaps.pairs)
        self._pattern = whole(form.pattern for form in self._forms)
        self._traces = whole(["|".join(traces(swaps.pairs)) or _NOTHING])
        self._back = dates.Shift(-swaps.days)
        self._days = swaps.days_named

    def of_json(self, text: str) -> PutBack:
        """Return a text that is JSON with its strings put back."""
        made, at, returned, left = list[str](), 0, 0, list[str]()
        for found in _STRING.finditer(text):
            if _KEY.match(text, found.end()):
                continue
            old = json.loads(found.group(), strict=False)
            new = self.of_json(old) if is_json(old) else self.of_text(old)
            left += new.left
            if new.returned:
                made += [text[at : found.start()], json.dumps(new.text, ensure_ascii=False)]
                at, returned = found.end(), returned + new.returned
        left += self._traces.findall(_STRING.sub('""', text))
        return PutBack(text="".join([*made, text[at:]]), returned=returned, left=tuple(left))

    def of_text(self, text: str) -> PutBack:
        """Return a text put back."""
        literal = [(found.start(), found.end(), self._original(found)) for found in self._pattern.finditer(text)]
        made, at, returned, left = list[str](), 0, 0, list[str]()
        for start, end, new in sorted([*literal, *self._moved(text, literal)]):
            left += self._traces.findall(text[at:start])
            left += [text[start:end]] if new is None else []
            made += [text[at:start], text[start:end] if new is None else new]
            at, returned = end, returned + (new is not None)
        left += self._traces.findall(text[at:])
        return PutBack(text="".join([*made, text[at:]]), returned=returned, left=tuple(left))

    def _original(self, found: re.Match[str]) -> str | None:
        as_sent = self._exact.get(found.group())
        return self._forms[(found.lastindex or 1) - 1].restored(found.group()) if as_sent is None else as_sent

    def _moved(self, text: str, taken: Iterable[_Found]) -> Iterator[_Found]:
        """Yield the dates of an answer in another form than they were sent in; None for those that were not sent."""
        if not self._days:
            return
        used = bytearray(len(text))
        for start, end, _new in taken:
            used[start:end] = b"\1" * (end - start)
        folded = fold(text)
        spans = [one for one in found_dates.find(folded, stretches(folded)) if used.find(1, one.start, one.end) < 0]
        habits = dates.fitted(self._back, text, [text[one.start : one.end] for one in spans])
        for one in spans:
            written = text[one.start : one.end]
            ways = (self._day(written, replace(habits, day_first=first)) for first in (habits.day_first, True, False))
            yield one.start, one.end, next((new for new in ways if new is not None), None)

    def _day(self, written: str, shift: dates.Shift) -> str | None:
        """Return a date moved back where it then is one of the originals, or the part of one that it names."""
        made = dates.moved(written, shift)
        day = None if made is None else dates.read(made, shift)
        return made if day is not None and any(_agrees(day, one) for one in self._days) else None


def _agrees(part: dates.Day, whole: dates.Day) -> bool:
    return all(not mine or mine == theirs for mine, theirs in zip(part, whole, strict=True))


@lru_cache(maxsize=64)
def _back(swaps: Swaps) -> _Back:
    return _Back(swaps)
