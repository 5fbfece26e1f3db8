"""A place in a text that tells something of one person, and which of two places that overlap is kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum


class Certainty(IntEnum):
    """How sure a form is; where two spans overlap the surer one stays, then the longer."""

    LIKELY = 1  # the form alone, or a word nearby
    STATED = 2  # the text itself says what the number is
    PROVEN = 3  # a checksum holds, or nothing else has this form


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``start`` to ``end`` of a text, what they are (``iban``, ``es-dni``) and the rule that says so."""

    start: int
    end: int
    entity: str
    rule: str
    certainty: Certainty = Certainty.LIKELY


def apart(spans: Iterable[Span], length: int) -> list[Span]:
    """Return the spans of a text of ``length`` code points that do not overlap a surer or a longer one, in order."""
    taken = bytearray(length)
    kept = []
    for span in sorted(spans, key=lambda one: (-one.certainty, one.start - one.end, one)):
        if span.end > span.start and taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept)


def divided(spans: Iterable[Span], text: str) -> list[Span]:
    """Return the spans of a text, apart; of one that overlaps a surer or a longer one, what lies outside of that.

    An address on one line with a number that is proven is an address still.
    """
    found = list(spans)
    kept = apart(found, len(text))
    taken = bytearray(len(text))
    for span in kept:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for span in sorted(set(found).difference(kept), key=lambda one: (-one.certainty, one.start - one.end, one)):
        for free in re.finditer(b"\0+", taken[span.start : span.end]):
            start, end = span.start + free.start(), span.start + free.end()
            written = text[start:end]
            if any(map(str.isalnum, written)):
                taken[start:end] = b"\1" * (end - start)
                start, end = start + len(written) - len(written.lstrip()), start + len(written.rstrip())
                kept.append(replace(span, start=start, end=end))
    return sorted(kept)
