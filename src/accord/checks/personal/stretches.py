"""The stretches of a text in which a form can stand: most text is far from any number, and is not searched."""

import re
from collections.abc import Iterator, Sequence

Stretches = Sequence[tuple[int, int]]

# digits, and the few words that a form may have instead of one: s/n, on Temple Street, cuarto mes de vida
_SIGNS = re.compile(r"\d|[sS]/[nN]|(?:Street|Avenue|Road|Boulevard|Lane)\b|de (?:vida|edad)\b|\baños\b")
_DIGITS = re.compile("[0-9]+")  # a search for these alone passes over all else at once
_WORDS = ("/n", "/N", "Street", "Avenue", "Road", "Boulevard", "Lane", "de vida", "de edad", "años")
_BEFORE, _AFTER, _WORD = 110, 140, 70


def stretches(text: str) -> list[tuple[int, int]]:
    """Return, in order and apart, the stretches of a folded text around its numbers; each ends where a word ends."""
    found: list[tuple[int, int]] = []
    signs = _SIGNS if any(word in text for word in _WORDS) else _DIGITS
    for sign in signs.finditer(text):
        start, end = max(0, sign.start() - _BEFORE), sign.end() + _AFTER
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, _word_end(text, end)) for start, end in found]


def _word_end(text: str, end: int) -> int:
    space = text.find(" ", end, end + _WORD)
    return min(len(text), space if space >= 0 else end)


def holding(sign: re.Pattern[str], text: str, within: Stretches) -> Stretches:
    """Return the stretches that have a sign without which a form cannot stand; such a sign is found in no time.

    It is fast where it begins with one of a few characters: Python's search then passes over all others at once.
    """
    return [(start, end) for start, end in within if sign.search(text, start, end)]


def naming(words: Sequence[str], text: str, within: Stretches) -> Stretches:
    """Return the stretches in which one of these words or parts of words stands, in small letters; none: all."""
    if not words:
        return within
    return [(start, end) for start, end in within if any(map(text[start:end].lower().__contains__, words))]


def matches(pattern: re.Pattern[str], text: str, within: Stretches) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that lie within one of the stretches."""
    for start, end in within:
        yield from pattern.finditer(text, start, end)
