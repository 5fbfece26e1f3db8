"""Whether answers to one request contradict each other."""

import re
from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import Any

from accord.analysis.shingles import WORDS_PER_SHINGLE, counts_characters, normalised, shingle_set, white_space_folded

_WORD = re.compile(r"\w+")
_ASCII_BETWEEN_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def conflicting(answers: Sequence[str], *, threshold: float = 0.8) -> bool:
    """Tell whether some two answers to the same request are less alike than ``threshold`` (exact Jaccard of shingles).

    Equal answers never conflict, and a blank one says nothing to conflict with.
    """
    # Most conflicts show in the first pair when the extremes of length meet first, so shingles are cut only as needed.
    texts = sorted({answer for answer in answers if answer.strip()}, key=lambda text: (len(text), text))
    if len(texts) < 2:  # noqa: PLR2004  (a conflict takes two)
        return False
    shingles = shingle_set if any(counts_characters(normalised(text)) for text in texts) else _word_shingles
    shortest = shingles(texts[0])
    sets = [shortest]
    enough = len(texts[0]) // 2
    for text in reversed(texts[1:]):
        if shingles is _word_shingles and _similarity_at_most(shortest, shingles(text[:enough])) < threshold:
            return True
        sets.append(shingles(text))
        if _similarity(shortest, sets[-1]) < threshold:
            return True
    return any(_similarity(a, b) < threshold for a, b in combinations(set(sets), 2))


def _word_shingles(text: str) -> frozenset[Hashable]:
    """Return the shingles of a text of words as tuples: as alike as those of ``shingle_set``, cut in less time.

    A text without a word is one shingle by itself.
    """
    ascii_only = text.isascii()
    words = text.lower().translate(_ASCII_BETWEEN_WORDS).split() if ascii_only else _WORD.findall(normalised(text))
    if len(words) < WORDS_PER_SHINGLE:
        return frozenset((tuple(words),)) if words else frozenset((white_space_folded(normalised(text)),))
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _similarity_at_most(a: frozenset[Any], beginning: frozenset[Any]) -> float:
    """Return the most that ``a`` may be like a text that begins so; the cut may have made one shingle of its own."""
    others = max(len(beginning - a) - 1, 0)
    return len(a) / (len(a) + others)


def _similarity(a: frozenset[Any], b: frozenset[Any]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)
