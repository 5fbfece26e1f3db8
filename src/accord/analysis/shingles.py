r"""The shingles of a text, by which texts are compared: the plain definition, which the faster forms must agree with.

The normal form is NFC of casefold of NFC: the first NFC makes canonically equal texts equal before folding, the second
composes what folding took apart, so the form is stable. Texts in scripts that write no spaces between words are cut
into character 5-grams, all others into 3-grams of ``\w+`` words joined by one space.
"""

import re
import unicodedata

WORDS_PER_SHINGLE = 3
CHARACTERS_PER_SHINGLE = 5

_WORD = re.compile(r"\w+")
# Han, Hiragana, Katakana, Hangul, Thai, Lao, Khmer and Myanmar: the blocks of these scripts in the Unicode Standard 16,
# Scripts.txt. Blocks hold some marks and digits too; only letters are ever counted.
UNSPACED_SCRIPTS = (
    "\u0e01-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\U000116d0-\U000116ff"  # Myanmar
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"  # Hangul
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\U00016fe2-\U00016fe3\U00016ff0-\U00016ff1\U00020000-\U0003ffff"  # Han, supplementary planes
    "\u3041-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\U0001aff0-\U0001b16f\U0001f200"  # Kana, supplementary plane
)
_UNSPACED = re.compile(f"[{UNSPACED_SCRIPTS}]")


def normalised(text: str) -> str:
    """Return the normal form that is cut into shingles: NFC of casefold of NFC."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def counts_characters(normal: str) -> bool:
    """Tell whether more than half the letters of a normalised text belong to scripts written without spaces."""
    if normal.isascii() or _UNSPACED.search(normal) is None:
        return False
    letters = sum(map(str.isalpha, normal))
    return 2 * sum(map(str.isalpha, _UNSPACED.findall(normal))) > letters


def white_space_folded(text: str) -> str:
    """Return the text with each run of white space as one space, trimmed."""
    return " ".join(text.split())


def shingle_set(text: str) -> frozenset[str]:
    """Return the set of shingles of a text.

    A text shorter than one shingle is one shingle. A text without a word (signs, emoji) is one shingle, itself with
    white space folded. A blank text has none.
    """
    normal = normalised(text)
    if counts_characters(normal):
        folded = white_space_folded(normal)
        last = max(len(folded) - CHARACTERS_PER_SHINGLE, 0)
        return frozenset(folded[i : i + CHARACTERS_PER_SHINGLE] for i in range(last + 1))
    words = _WORD.findall(normal)
    if not words:
        folded = white_space_folded(normal)
        return frozenset((folded,)) if folded else frozenset()
    last = max(len(words) - WORDS_PER_SHINGLE, 0)
    return frozenset(" ".join(words[i : i + WORDS_PER_SHINGLE]) for i in range(last + 1))


def jaccard(a: str, b: str) -> float:
    """Return the exact Jaccard similarity of two texts' shingle sets, from 0 to 1.

    A blank text has nothing to compare and is similar to none, itself included: 0.
    """
    left, right = shingle_set(a), shingle_set(b)
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0
