"""The words that search sees: case-folded, no stemming, CJK as bigrams; made here so that both databases agree."""

import re
import unicodedata
from collections.abc import Callable

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
    terms = []
    for piece in query.split():
        found = _asked(piece)
        terms += [f'"{word}"*' if _CJK.fullmatch(word) and len(word) == 1 else f'"{word}"' for word in found]
        if piece.endswith("*") and found and not terms[-1].endswith("*"):
            terms[-1] += "*"
    return " AND ".join(terms) or None


def any_of(text: str, most: int) -> str | None:
    """Return the FTS5 expression for texts that hold any of the ``most`` longest words of this one."""
    found = sorted(set(_asked(text)), key=lambda word: (-len(word), word))[:most]
    return " OR ".join(f'"{word}"' for word in found) or None
