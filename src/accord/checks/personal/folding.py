"""One spelling for digits, hyphens and spaces of all scripts, code point for code point, so that no place moves."""

import unicodedata

_HYPHENS = frozenset("‐‑‒–—―−⁃﹘﹣－")
_QUOTES = frozenset("’‘ʼ＇`´")
_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_OTHERS = {"٫": ".", "٬": ",", "。": ".", "、": ",", "：": ":", "\t": " ", "\x0b": " ", "\x0c": " "}


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
