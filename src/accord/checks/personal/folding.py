"""One spelling for digits, hyphens and spaces of all scripts, code point for code point, so that no place moves."""

import re
import unicodedata
from functools import lru_cache

_HYPHENS = frozenset("‐‑‒–—―−⁃﹘﹣－")
_QUOTES = frozenset("’‘ʼ＇`´")
_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_OTHERS = {"٫": ".", "٬": ",", "。": ".", "、": ",", "：": ":", "\t": " ", "\x0b": " ", "\x0c": " "}

_WORDS = re.compile(r"(?<!\w)[^\W\d_]{2,}")
_NO_NAMES = (
    "the and for you your are was has had his her she him our out not but all can new now who how this that with from"
    " have will they them there what where when were been one two lives live living located meet sent send con por para"
    " at is in on to my me it he we if of or by as an am do so up us no be go de la el en un es del los las una que"
)
_FUNCTION_WORDS = frozenset(_NO_NAMES.split())


def _folded(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if char in _OTHERS:
        return _OTHERS[char]
    if char in _HYPHENS:
        return "-"
    if char in _QUOTES:
        return "'"
    if unicodedata.category(char) == "Zs":
        return " "
    if _WIDE_FIRST <= ord(char) <= _WIDE_LAST:
        return chr(ord(char) - _WIDE_SHIFT)
    return char


class _Table(dict[int, str]):
    """Fills itself with the code points that texts have; ``str.translate`` asks it."""

    def __missing__(self, code: int) -> str:
        self[code] = char = _folded(chr(code))
        return char


_TABLE = _Table()


def fold(text: str) -> str:
    """Return ``text`` with plain digits, hyphens, apostrophes and spaces; it has the same length in code points."""
    return text.translate(_TABLE)


@lru_cache(maxsize=1)  # two finders ask for it, one after the other
def titled(text: str) -> str:
    """Return a text that is written without capitals with one on each word that may be a name, in the same length."""
    return _WORDS.sub(lambda found: found.group() if found.group() in _FUNCTION_WORDS else _titled(found.group()), text)


def _titled(word: str) -> str:
    first = word[0].upper()
    return first + word[1:] if len(first) == 1 else word
