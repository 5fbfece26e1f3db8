"""What a rule found in one place and stands in another too, where no rule knew it: a surname alone, a bare number."""

import re
from collections.abc import Iterable, Iterator, Mapping

from accord.checks.personal import surrogates_names as names
from accord.checks.personal.spans import Span

#: Rules whose finds are nobody's own words, so that the same words elsewhere say nothing.
_COMMON = frozenset({"date-of-life", "exact-date", "age", "age-over-89", "postal-code"})
_LEAST_SIGNS = 6
_LEAST_LETTERS = 4


def said(text: str, spans: Iterable[Span]) -> dict[str, Span]:
    """Return the words by which what was found here is known elsewhere: numbers, full names, surnames of full names."""
    known: dict[str, Span] = {}
    for span in spans:
        for words in _words(text[span.start : span.end], span.rule):
            known.setdefault(words, span)
    return known


def _words(written: str, rule: str) -> Iterator[str]:
    if rule in _COMMON or "\n" in written:
        return
    if rule != "person-name":
        if len(written) >= _LEAST_SIGNS:
            yield written
        return
    parts = [names.bare(word.group()) for word in names.words_of(written) if names.of_name(word.group())]
    if len(parts) > 1:
        yield written
        if len(parts[-1]) >= _LEAST_LETTERS and parts[-1][0].isupper():
            yield parts[-1]


def echoes(text: str, spans: Iterable[Span], known: Mapping[str, Span]) -> list[Span]:
    """Return the places outside ``spans`` at which known words stand as they are known, as whole words.

    A surname that stands in the text in small letters too is a word of the language there, and is left; an address by
    the name of a person says nothing of the kind.
    """
    wanted = [words for words in known if words in text]
    if not wanted:
        return []
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in sorted(wanted, key=len, reverse=True)))
    found = []
    for match in pattern.finditer(text):
        words = match.group()
        common = words.isalpha() and _stands(words.lower(), text, taken)
        if taken.find(1, match.start(), match.end()) < 0 and not common:
            like = known[words]
            found.append(Span(match.start(), match.end(), like.entity, like.rule, like.certainty))
    return found


def _stands(word: str, text: str, taken: bytearray) -> bool:
    """Say whether a word stands outside what was found."""
    places = re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return any(taken.find(1, place.start(), place.end()) < 0 for place in places)
