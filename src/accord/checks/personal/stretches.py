"""The stretches of a text in which a form can stand: most text is far from any number, and is not searched."""

import re
from collections.abc import Iterator, Sequence

# digits, and the few words that a form may have instead of one: s/n, on Temple Street, cuarto mes de vida
_SIGNS = re.compile(r"\d|[sS]/[nN]|(?:Street|Avenue|Road|Boulevard|Lane)\b|de (?:vida|edad)\b|\baños\b")
_BEFORE, _AFTER, _WORD = 110, 140, 70


def stretches(text: str) -> list[tuple[int, int]]:
    """Return, in order and apart, the stretches of a folded text around its numbers; each ends where a word ends."""
    found: list[tuple[int, int]] = []
    for sign in _SIGNS.finditer(text):
        start, end = max(0, sign.start() - _BEFORE), sign.end() + _AFTER
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, _word_end(text, end)) for start, end in found]


def _word_end(text: str, end: int) -> int:
    space = text.find(" ", end, end + _WORD)
    return min(len(text), space if space >= 0 else end)


def matches(pattern: re.Pattern[str], text: str, within: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that lie within one of the stretches."""
    for start, end in within:
        yield from pattern.finditer(text, start, end)
