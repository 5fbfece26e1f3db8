"""What a reader takes for one character: a letter with its marks, a syllable of Hangul, a flag, a joined emoji.

The clusters are those of Unicode Standard Annex 29, or several of them in one: a text cut between them shows every
letter as it was. Python's standard library has no such properties; they are built from the categories it knows.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from accord.analysis.shingles import UNSPACED_SCRIPTS

# UAX 29, table 2: what extends a cluster beside the marks (category M). The joiner U+200D is among the marks here.
_EXTENDERS = "\u200c\u200d\uff9e\uff9f\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_JOINER = "\u200d"
_PREPENDED = (
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U000113d1"
    "\U0001193f\U00011941\U00011a84-\U00011a89\U00011d46\U00011f02"
)
_LEADING, _VOWEL, _TRAILING = "\u1100-\u115f\ua960-\ua97c", "\u1160-\u11a7\ud7b0-\ud7c6", "\u11a8-\u11ff\ud7cb-\ud7fb"
_SYLLABLE, _FLAG_LETTER = "\uac00-\ud7a3", "\U0001f1e6-\U0001f1ff"
#: White space that ends a line or is a control: a mark behind it stands alone.
_CONTROL_SPACE = "\t-\r\x1c-\x1f\x85\u2028\u2029"
_MARK_RANGES = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))
_VIRAMA_CLASS = 9


@dataclass(frozen=True, slots=True)
class _Parts:
    """Pieces of patterns: what may stand before a base, what belongs to it behind it, and one that extends."""

    before: str
    tail: str
    extender: str
    hangul: str


@lru_cache(maxsize=1)
def _parts() -> _Parts:
    marks = [chr(c) for r in _MARK_RANGES for c in r if unicodedata.category(chr(c)).startswith("M")]
    viramas = "".join(mark for mark in marks if unicodedata.combining(mark) == _VIRAMA_CLASS)
    plain = "".join(mark for mark in marks if mark not in viramas) + _EXTENDERS.replace(_JOINER, "")
    extender = f"[{plain}{viramas}{_JOINER}]"
    # A virama ties the next consonant to this one, the joiner whatever follows: half letters, families, professions.
    tied = rf"(?:[{viramas}]{extender}*+(?=\w)|{_JOINER}{extender}*+(?=\S))."
    tail = rf"(?:[{plain}]*+{tied})*+{extender}*+"
    hangul = f"(?:[{_LEADING}]++[{_SYLLABLE}]?+|[{_SYLLABLE}]|(?=[{_VOWEL}{_TRAILING}]))[{_VOWEL}]*+[{_TRAILING}]*+"
    return _Parts(before=f"[{_PREPENDED}]*+", tail=tail, extender=extender, hangul=hangul)


@lru_cache(maxsize=1)
def cluster_pattern() -> re.Pattern[str]:
    """Return the pattern of one cluster; every character of a text is in one."""
    p = _parts()
    base = f"(?:{p.hangul}|[{_FLAG_LETTER}]{{2}}|[^{_CONTROL_SPACE}])"
    return re.compile(rf"\r\n|[{_CONTROL_SPACE}]|{p.before}{base}{p.tail}|.", re.DOTALL)


@lru_cache(maxsize=1)
def token_pattern() -> re.Pattern[str]:
    """Return the pattern of a token: white space, a word, a cluster of a script without spaces, or a sign.

    Every token is made of whole clusters, so that a text cut between tokens shows every letter as it was.
    """
    p = _parts()
    spaces = rf"(?:[{_CONTROL_SPACE}]|\s(?!{p.extender}))++"
    flag = rf"[{_FLAG_LETTER}]{{2}}{p.tail}"
    unspaced = rf"{p.before}(?:{p.hangul}|[{UNSPACED_SCRIPTS}]){p.tail}"
    word = rf"(?:{p.before}[^\W{UNSPACED_SCRIPTS}]{p.tail})++"
    sign = rf"{p.before}[^\w\s]{p.tail}|[{_PREPENDED}]++[^{_CONTROL_SPACE}]?+{p.tail}|\s{p.tail}"
    return re.compile(rf"{spaces}|{flag}|{unspaced}|{word}|{sign}", re.DOTALL)


# Letters, signs and white space that nothing below can join: without others a token is told by far less, and no slower
# pattern need look at every character. Latin, Greek, Cyrillic, the usual signs.
_SIMPLE = re.compile(
    "[\\0-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2100-\u22ff]*+"
)
_SIMPLE_TOKEN = re.compile(r"\s++|\w++|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Return the text cut by ``token_pattern``; joined they are the text."""
    return (_SIMPLE_TOKEN if _SIMPLE.fullmatch(text) else token_pattern()).findall(text)


def clusters(text: str) -> list[str]:
    """Return the text cut into clusters; joined they are the text."""
    return list(text) if text.isascii() and "\r" not in text else cluster_pattern().findall(text)
