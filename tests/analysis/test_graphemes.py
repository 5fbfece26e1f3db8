"""Clusters: what a reader takes for one character is never cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.graphemes import clusters, token_pattern, tokens

#: Pieces that must stay whole, by what they are.
WHOLE = {
    "letter and combining accent": "e\u0301",
    "several marks": "o\u0302\u0323\u0301",
    "family by joiners": "👨‍👩‍👧‍👦",
    "profession with its selector": "👩‍⚕️",
    "skin tone": "👍🏿",
    "flag": "🇩🇪",
    "flag by tags": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "jamo": "\u1112\u1161\u11ab",
    "syllable with a jamo": "\uac00\u11a8",
    "Devanagari conjunct": "क्षि",
    "Bengali conjunct": "ক্ত",
    "Tamil vowel sign": "கொ",
    "Thai vowel and tone": "ที่",
    "Thai sara am": "นำ",
    "Khmer subscript": "ខ្មែ",
    "ideograph with its variant": "葛\U000e0100",
    "Hebrew points": "שָׁ",
    "Arabic marks": "مُّ",
    "half-width voicing": "ｶ\uff9e",
    "CRLF": "\r\n",
}
mixed = st.lists(
    st.one_of(st.sampled_from(sorted(WHOLE.values())), st.sampled_from(list("a б.ש١ \n\u0301\u200d\u200c\u202e"))),
    max_size=20,
).map("".join)


@pytest.mark.parametrize("piece", WHOLE.values(), ids=WHOLE)
def test_one_character_for_a_reader_is_one_cluster(piece: str) -> None:
    assert clusters(piece) == [piece]
    assert clusters(f"x{piece}.") == ["x", piece, "."]


def test_neighbours_are_told_apart() -> None:
    assert clusters("🇩🇪🇫🇷") == ["🇩🇪", "🇫🇷"]
    assert clusters("糖尿病") == ["糖", "尿", "病"]
    assert clusters("한국") == ["한", "국"]
    assert clusters("a \u0301b\n\u0301") == ["a", " \u0301", "b", "\n", "\u0301"]


def test_a_persian_word_with_its_half_space_is_one_token() -> None:
    assert token_pattern().findall("می‌خواهم بروم") == ["می‌خواهم", " ", "بروم"]


@given(st.one_of(st.text(), mixed))
def test_nothing_is_lost_and_tokens_are_made_of_clusters(text: str) -> None:
    found = clusters(text)
    assert "".join(found) == text
    tokens = token_pattern().findall(text)
    assert "".join(tokens) == text
    cuts = {0}
    for cluster in found:
        cuts.add(max(cuts) + len(cluster))
    end = 0
    for token in tokens:
        end += len(token)
        assert end in cuts


@given(st.one_of(st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("Жпё’“–€™ά\u2028\u0483\u200d"))))
def test_plain_texts_are_cut_as_all_others_are(text: str) -> None:
    assert tokens(text) == token_pattern().findall(text)


def test_every_character_that_passes_for_plain_is() -> None:
    for code in range(0x2400):
        text = f"a{chr(code)}b {chr(code)}"
        if tokens(text) != token_pattern().findall(text):
            pytest.fail(f"U+{code:04X} is cut otherwise")
