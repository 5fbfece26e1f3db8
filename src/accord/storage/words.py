"""The words that search sees: case-folded, no stemming, CJK as bigrams; made here so that both databases agree."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
_ASCII_BETWEEN_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff]+")


def words(text: str) -> str:
    """Return the words of a text with spaces between them, as they are indexed."""
    if text.isascii():
        return text.lower().translate(_ASCII_BETWEEN_WORDS)
    folded = unicodedata.normalize("NFC", text.casefold())
    if _CJK.search(folded):
        folded = _CJK.sub(lambda m: f" {_bigrams(m[0])} ", folded)
    return " ".join(_WORD.findall(folded))


def _bigrams(run: str) -> str:
    return run if len(run) == 1 else " ".join(run[i : i + 2] for i in range(len(run) - 1))


def match_expression(query: str) -> str | None:
    """Return the FTS5 expression for a query (all words; ``dos*`` is a prefix), or None when it has no word."""
    terms = []
    for piece in query.split():
        prefix = piece.endswith("*")
        found = words(piece).split()
        terms += [f'"{word}"' for word in found]
        if prefix and found:
            terms[-1] += "*"
    return " AND ".join(terms) or None


def any_of(text: str, most: int) -> str | None:
    """Return the FTS5 expression for texts that hold any of the ``most`` longest words of this one."""
    found = sorted(set(words(text).split()), key=lambda word: (-len(word), word))[:most]
    return " OR ".join(f'"{word}"' for word in found) or None
