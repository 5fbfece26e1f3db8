"""The same shingles as 64-bit numbers, made for many texts at once with no Python object per shingle.

The hash of a shingle is a polynomial over its code points modulo 2**64, taken through a mixing bijection, so it depends
on the shingle's text alone. Some two of n distinct shingles collide with a probability of about n**2 / 2**65: 3e-4 for
the hundred million of a million texts, and a collision moves the score of a pair that has both by one shingle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from accord.analysis.shingles import (
    CHARACTERS_PER_SHINGLE,
    WORDS_PER_SHINGLE,
    counts_characters,
    normalised,
    white_space_folded,
)

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]
_Codes = npt.NDArray[np.uint32]

# An odd number has an inverse modulo 2**64, which lets a substring's hash be read off running sums.
_BASE = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64
_CODE_POINTS = 0x110000
# Tells the shingles of earlier turns from those of the request and answer behind them.
EARLIER = np.uint64(1 << 63)
# Characters hashed in one go: enough that numpy's overhead is small, few enough that the arrays stay in the cache.
BATCH_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class HashedTexts:
    """The shingle hashes of some texts, with repeats: those of ``rows[i]`` are ``hashes[bounds[i]:bounds[i + 1]]``."""

    rows: I64
    bounds: I64
    hashes: U64


def hashed(texts: Sequence[str], rows: Sequence[int]) -> Iterator[HashedTexts]:
    """Yield the shingle hashes of ``texts[row]`` for each row, in batches, in any order within one.

    Blank texts have no shingles and are not among the rows of a batch.
    """
    batch = _Batch()
    for row in rows:
        batch.add(row, texts[row])
        if batch.size >= BATCH_CHARACTERS:
            yield batch.hashed()
            batch = _Batch()
    if batch.rows:
        yield batch.hashed()


def hashed_talks(texts: Sequence[str], earlier: Sequence[str], rows: Sequence[int]) -> Iterator[HashedTexts]:
    """Yield the shingle hashes of ``texts[row]`` and ``earlier[row]``, none of them blank, together for each row.

    Those of the earlier turns are told by their highest bit, so that what is alike is found in both apart: if each of
    the two sets has a Jaccard similarity of at least t, so has the whole.
    """
    batch, before = _Batch(), _Batch()
    for row in rows:
        batch.add(row, texts[row])
        before.add(row, earlier[row])
        if batch.size + before.size >= BATCH_CHARACTERS:
            yield _together(batch.hashed(), before.hashed())
            batch, before = _Batch(), _Batch()
    if batch.rows:
        yield _together(batch.hashed(), before.hashed())


def _together(last: HashedTexts, earlier: HashedTexts) -> HashedTexts:
    """Join the hashes of the same rows, in any order, row by row."""
    order = np.argsort(np.concatenate([last.rows, earlier.rows]), kind="stable")
    starts = np.concatenate([last.bounds[:-1], earlier.bounds[:-1] + len(last.hashes)])[order]
    counts = np.concatenate([np.diff(last.bounds), np.diff(earlier.bounds)])[order]
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    hashes = np.concatenate([last.hashes & ~EARLIER, earlier.hashes | EARLIER])
    places = np.arange(bounds[-1], dtype=np.int64) + np.repeat(starts - bounds[:-1], counts)
    return HashedTexts(rows=np.sort(last.rows), bounds=bounds[::2], hashes=hashes[places])


class _Batch:
    """Texts waiting to be hashed together: those cut by words, and those cut by characters with the width of each."""

    def __init__(self) -> None:
        self.size = 0
        self.rows: list[int] = []
        self._word_rows: list[int] = []
        self._word_texts: list[str] = []
        self._character_rows: list[int] = []
        self._character_texts: list[str] = []

    def add(self, row: int, text: str) -> None:
        if not text or text.isspace():
            return
        normal = normalised(text)
        self.size += len(normal) + 1
        self.rows.append(row)
        if counts_characters(normal):
            self._character_rows.append(row)
            self._character_texts.append(white_space_folded(normal))
        else:
            self._word_rows.append(row)
            self._word_texts.append(normal)

    def hashed(self) -> HashedTexts:
        by_words, wordless = _by_words(self._word_texts)
        whole = [white_space_folded(self._word_texts[i]) for i in wordless]
        by_characters = _by_characters(
            self._character_texts + whole,
            np.array(
                [CHARACTERS_PER_SHINGLE] * len(self._character_texts) + [len(text) for text in whole], dtype=np.int64
            ),
        )
        # A wordless text has an empty stretch among the words; its one shingle stands among the characters.
        kept = np.ones(len(self._word_rows), dtype=np.bool_)
        kept[wordless] = False
        word_rows = np.array(self._word_rows, dtype=np.int64)
        counts = np.concatenate([by_words.counts[kept], by_characters.counts])
        return HashedTexts(
            rows=np.concatenate([word_rows[kept], np.array(self._character_rows, dtype=np.int64), word_rows[~kept]]),
            bounds=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
            hashes=np.concatenate([by_words.hashes, by_characters.hashes]),
        )


@dataclass(frozen=True, slots=True)
class _Hashes:
    counts: I64
    hashes: U64


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Words or characters: token i is ``codes[starts[i]:ends[i]]``."""

    codes: _Codes
    starts: I64
    ends: I64


def _by_words(texts: list[str]) -> tuple[_Hashes, I64]:
    """Hash word shingles; also return the indexes of the texts that have no word."""
    if not texts:
        return _Hashes(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)), np.zeros(0, dtype=np.int64)
    codes = _codes("\n".join(texts) + "\n")
    in_word = _word_characters()[codes]
    after_word = np.concatenate([np.zeros(1, dtype=np.bool_), in_word[:-1]])
    # Keep the words and the one character behind each, as a space: what "one space between words" looks like.
    kept = in_word | after_word
    text_ends = np.cumsum(np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts)))
    word_starts = np.flatnonzero(in_word & ~after_word)
    words_before = np.concatenate([np.zeros(1, dtype=np.int64), np.searchsorted(word_starts, text_ends)])
    packed = np.where(in_word, codes, np.uint32(32))[kept]
    ends = np.flatnonzero(packed == np.uint32(32))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1] + 1]) if len(ends) else ends
    counted = np.diff(words_before)
    widths = np.full(len(texts), WORDS_PER_SHINGLE, dtype=np.int64)
    hashes = _windows(_Tokens(packed, starts, ends), words_before[:-1], counted, widths)
    return hashes, np.flatnonzero(counted == 0)


def _by_characters(texts: list[str], widths: I64) -> _Hashes:
    """Hash character shingles of the given width for each text, white space already folded."""
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    codes = _codes("".join(texts))
    starts = np.arange(len(codes), dtype=np.int64)
    first = np.cumsum(lengths) - lengths
    return _windows(_Tokens(codes, starts, starts + 1), first, lengths, widths)


def _windows(tokens: _Tokens, first: I64, counted: I64, widths: I64) -> _Hashes:
    """Hash windows of ``widths[t]`` tokens over each text's tokens ``first[t]`` to ``first[t] + counted[t]``."""
    counts = np.where(counted > 0, np.maximum(counted - widths + 1, 1), 0)
    bounds = np.cumsum(counts)
    token = np.arange(int(counts.sum()), dtype=np.int64) + np.repeat(first - (bounds - counts), counts)
    last = np.minimum(token + np.repeat(widths - 1, counts), np.repeat(first + counted - 1, counts))
    return _Hashes(counts, _substrings(tokens.codes, tokens.starts[token], tokens.ends[last]))


def _substrings(codes: _Codes, starts: I64, ends: I64) -> U64:
    """Hash ``codes[start:end]`` for each pair, all from one running sum."""
    powers, inverses = _powers(_table_size(len(codes)))
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * inverses[: len(codes)], out=sums[1:])
    return mixed((sums[ends] - sums[starts]) * powers[np.maximum(ends, 1) - 1])


def mixed(values: U64) -> U64:
    """Return MurmurHash3's 64-bit finaliser of each value: a bijection; every input bit moves every output bit."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def _codes(text: str) -> _Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _table_size(length: int) -> int:
    size = 2 * BATCH_CHARACTERS
    while size < length + 1:
        size *= 2
    return size


@lru_cache(maxsize=1)
def _powers(size: int) -> tuple[U64, U64]:
    """Return the powers of the base and of its inverse modulo 2**64, from exponent 0."""
    powers, inverses = np.ones(size, dtype=np.uint64), np.ones(size, dtype=np.uint64)
    powers[1:] = np.uint64(_BASE)
    inverses[1:] = np.uint64(pow(_BASE, -1, _MODULUS))
    return np.multiply.accumulate(powers), np.multiply.accumulate(inverses)


@lru_cache(maxsize=1)
def _word_characters() -> _Flags:
    r"""Return for each code point whether ``\w`` of a string pattern matches it: letters, digits and the underscore."""
    table = np.fromiter(map(str.isalnum, map(chr, range(_CODE_POINTS))), dtype=np.bool_, count=_CODE_POINTS)
    table[ord("_")] = True
    return table
