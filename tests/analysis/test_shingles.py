"""The shingles of a text, against the definition spelled out once more, and the numbers that stand for them."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis import shingle_hashes
from accord.analysis.shingle_hashes import hashed
from accord.analysis.shingles import jaccard, shingle_set

UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "HALFWIDTH")
WORDS = [
    "the",
    "dose",
    "Dose",
    "IS",
    "5",
    "mg",
    "daily",
    "e\u0301te\u0301",
    "été",
    "Straße",
    "ﬁn",
    "हिन्दी",
    "糖尿病",
    "ยา",
    "약",
]
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.text(alphabet="糖尿病の薬を飲むยากินข้าว 약을,먹다abc\n", max_size=40),
    st.lists(st.sampled_from([*WORDS, "👍", "...", "\u00a0", "\r\n", "\u2028", "_x", "a_b"]), max_size=12).map("".join),
)


def naive(text: str) -> set[str]:
    """Read the definition off the page, one clause after the other."""
    normal = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    letters = [c for c in normal if c.isalpha()]
    unspaced = [c for c in letters if unicodedata.name(c, "").startswith(UNSPACED)]
    if len(unspaced) * 2 > len(letters):
        folded = re.sub(r"\s+", " ", normal).strip()
        return {folded} if len(folded) < 5 else {folded[i : i + 5] for i in range(len(folded) - 4)}
    words = re.findall(r"\w+", normal)
    if len(words) >= 3:
        return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}
    whole = " ".join(words) or re.sub(r"\s+", " ", normal).strip()
    return {whole} if whole else set()


def numbers(batch_of: list[str]) -> list[set[int]]:
    found: list[set[int]] = [set() for _text in batch_of]
    for batch in hashed(batch_of, range(len(batch_of))):
        for i, row in enumerate(batch.rows):
            found[row] = set(batch.hashes[batch.bounds[i] : batch.bounds[i + 1]].tolist())
    return found


@given(texts)
def test_shingles_are_what_the_definition_says(text: str) -> None:
    assert shingle_set(text) == naive(text)


@given(texts, texts)
def test_similarity_is_shared_over_all(a: str, b: str) -> None:
    left, right = naive(a), naive(b)
    expected = len(left & right) / len(left | right) if left | right else 0.0
    assert jaccard(a, b) == expected == jaccard(b, a)


@pytest.mark.parametrize(
    ("text", "shingles"),
    [
        ("One two THREE four", {"one two three", "two three four"}),
        ("Yes.", {"yes"}),
        ("yes,  sir", {"yes sir"}),
        ("👍", {"👍"}),
        ("", set()),
        (" \n\u00a0", set()),
        ("糖尿病の薬を", {"糖尿病の薬", "尿病の薬を"}),
        ("糖尿病の\n 薬", {"糖尿病の ", "尿病の 薬"}),
        ("糖尿", {"糖尿"}),
        ("糖尿 ab cd", {"糖尿 ab cd"}),  # half the letters or fewer: words
        ("e\u0301", {"é"}),
    ],
)
def test_shingles_of_known_texts(text: str, shingles: set[str]) -> None:
    assert shingle_set(text) == shingles


def test_blank_text_is_like_nothing() -> None:
    assert jaccard("", "") == 0.0
    assert jaccard("", "word") == 0.0
    assert jaccard("👍", "👎") == 0.0


@given(st.lists(texts, max_size=8))
def test_numbers_stand_for_shingles_one_to_one(batch: list[str]) -> None:
    by_number: dict[int, str] = {}
    for text, found in zip(batch, numbers(batch), strict=True):
        shingles = shingle_set(text)
        assert len(found) == len(shingles)
        # The number of a shingle is the number of the text that consists of it, wherever it stood.
        for shingle in shingles:
            (alone,) = shingle_hashes._by_characters([shingle], np.array([len(shingle)])).hashes.tolist()
            assert alone in found
            assert by_number.setdefault(alone, shingle) == shingle


def test_every_word_character_is_one_for_the_pattern_too() -> None:
    everything = "".join(map(chr, range(0x110000)))
    matched = np.zeros(0x110000, dtype=np.bool_)
    for match in re.finditer(r"\w+", everything):
        matched[match.start() : match.end()] = True
    assert np.array_equal(shingle_hashes._word_characters(), matched)


def test_batches_do_not_change_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    some = [" ".join(WORDS[i % 7 :]) + str(i) for i in range(30)] + ["", "👍👍", "糖尿病の薬を飲む"]
    whole = numbers(some)
    monkeypatch.setattr(shingle_hashes, "BATCH_CHARACTERS", 40)
    assert numbers(some) == whole
