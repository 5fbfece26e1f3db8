"""Spans in a text that is JSON: what may be replaced without making it something else."""

import json
import re
from dataclasses import dataclass

from accord.checks.personal.surrogates_numbers import digits

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_STANDS_IN = 0xE000  # the private use area: no letters, no digits


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a span holds, with signs in place of the escapes of JSON, and how its surrogate is put back."""

    written: str
    escapes: tuple[str, ...] = ()
    number: str = ""

    def opened(self, new: str, rule: str) -> str:
        """Return what takes the place of the span: its escapes again, or a number where a number stands."""
        if self.number:
            plain = digits(new).lstrip("0")
            return plain if plain and not new.startswith("[") else "90" if rule == "age-over-89" else "0"
        for at, escape in enumerate(self.escapes):
            new = new.replace(chr(_STANDS_IN + at), escape)
        return new


@dataclass(frozen=True, slots=True)
class Form:
    """Where the strings of a text that is JSON stand; without any the text is none."""

    strings: tuple[tuple[int, int], ...] = ()
    is_json: bool = False

    def within(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Return a span that begins and ends between the escapes of its string."""
        for first, last in self.strings:
            if first < end and start < last:
                start, end = max(start, first + 1), min(end, last - 1)
                for found in _ESCAPE.finditer(text, first + 1, last - 1):
                    if found.start() < start < found.end():
                        start = found.end()
                    if found.start() < end < found.end():
                        end = found.start()
                return start, max(start, end)
        return start, end

    def of(self, text: str, start: int, end: int) -> Guarded:
        """Return what a span holds."""
        written = text[start:end]
        if not self.is_json:
            return Guarded(written)
        if not any(first < end and start < last for first, last in self.strings):
            return Guarded(written, number=written)
        escapes = tuple(dict.fromkeys(_ESCAPE.findall(written)))
        for at, escape in enumerate(escapes):
            written = written.replace(escape, chr(_STANDS_IN + at))
        return Guarded(written, escapes)

    def stays_whole(self, _old: str, new: str) -> bool:
        """Say whether a text is what it was: JSON, where it was that."""
        return not self.is_json or _is_json(new)


def guarded(text: str) -> Form:
    """Return the form of a text: an object or an array of JSON, or any other."""
    if text.lstrip()[:1] not in {"{", "["} or not _is_json(text):
        return Form()
    return Form(tuple(found.span() for found in _STRING.finditer(text)), is_json=True)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
