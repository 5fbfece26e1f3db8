"""The words that search sees: case-folded, no stemming, CJK as bigrams; made here so that both databases agree."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_WORD = re.compile(r"\w+")
_ASCII_BETWEEN_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff]+")


def words(text: str) -> str:
    """Return the words of a text with spaces between them, as they are indexed.

    A run of CJK characters becomes its bigrams and its last character, so that each character begins some word.
    """
    return _words(text, lambda run: f" {_bigrams(run)} {run[-1]} ")


def _asked(text: str) -> list[str]:
    """Return the words to look for."""
    return _words(text, lambda run: f" {_bigrams(run) or run} ").split()


def _words(text: str, cut: Callable[[str], str]) -> str:
    if text.isascii():
        return text.lower().translate(_ASCII_BETWEEN_WORDS)
    folded = unicodedata.normalize("NFC", text.casefold())
    if _CJK.search(folded):
        folded = _CJK.sub(lambda m: cut(m[0]), folded)
    return " ".join(_WORD.findall(folded))


def _bigrams(run: str) -> str:
    return " ".join(run[i : i + 2] for i in range(len(run) - 1))


def match_expression(query: str) -> str | None:
    """Return the FTS5 expression for a query (all words; ``dos*`` is a prefix), or None when it has no word."""
    return " AND ".join(f'"{word}"*' if prefix else f'"{word}"' for word, prefix in _terms(query)) or None


@lru_cache(maxsize=32)
def _terms(query: str) -> tuple[tuple[str, bool], ...]:
    """Return the words to look for, each with whether it stands for all that begin with it."""
    terms: list[tuple[str, bool]] = []
    for piece in query.split():
        found = _asked(piece)
        terms += [(word, len(word) == 1 and _CJK.fullmatch(word) is not None) for word in found]
        if piece.endswith("*") and found:
            terms[-1] = (terms[-1][0], True)
    return tuple(terms)


def holds(content: str, query: str) -> bool:
    """Tell whether a stored content holds all words of a query: what the index would say, without the index."""
    terms = _terms(query)
    if content.isascii():
        lowered = content.lower()  # words stand in JSON as they are, so that most texts need no further look
        if not all(word in lowered for word, _prefix in terms):
            return False
    texts = [message["content"] for message in json.loads(content)["messages"]]
    known = set(words("\n".join(texts)).split())
    return bool(terms) and all(
        word in known or (prefix and any(found.startswith(word) for found in known)) for word, prefix in terms
    )


def any_of(text: str, most: int) -> str | None:
    """Return the FTS5 expression for texts that hold any of the ``most`` longest words of this one."""
    found = sorted(set(_asked(text)), key=lambda word: (-len(word), word))[:most]
    return " OR ".join(f'"{word}"' for word in found) or None
