"""A folded text has plain digits and signs, and no place in it has moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks.personal.folding import fold, titled


@given(st.text())
def test_every_code_point_keeps_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(fold(char) == folded[place] for place, char in enumerate(text))
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۶۷۸", "678"),
        ("６１３－５５５", "613-555"),
        ("१२३", "123"),
        ("a\u00a0b\u202fc", "a b c"),
        ("1‐2‑3–4−5", "1-2-3-4-5"),
        ("ＡＢ＠ｃ．ｄｅ", "AB@c.de"),
        ("d’Or", "d'Or"),
    ],
)
def test_the_signs_of_other_scripts_become_plain(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_plain_text_stays_itself() -> None:
    assert fold("naïve Übung\n中文") == "naïve Übung\n中文"


@given(st.text().filter(lambda text: "ı" not in text))  # whose capital is that of another letter
def test_capitals_move_nothing_either(text: str) -> None:
    assert len(titled(text)) == len(text)
    assert titled(text).casefold() == text.casefold()


def test_words_that_are_no_names_get_no_capital() -> None:
    assert titled("she lives on bond street 5") == "she lives on Bond Street 5"
