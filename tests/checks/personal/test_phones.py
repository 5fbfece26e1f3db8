"""Telephone numbers are found by form or by a word; doses, values, years and codes are none."""

import pytest

from accord.checks.personal.finding import find_spans


def entities(text: str, *languages: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text, languages)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(579) 888-3058", "(579) 888-3058"),
        ("It was 404-639-1075 then", "404-639-1075"),
        ("+41 (0)44 668 18 00", "+41 (0)44 668 18 00"),
        ("ring +34 963 862 500.", "+34 963 862 500"),
        ("Tel.: 963 862 500", "963 862 500"),
        ("you can call me at 358 0594 today", "358 0594"),
        ("Phone:\n60-56-85-91", "60-56-85-91"),
        ("416 60 039 office", "416 60 039"),
        ("call 463-612-6138x036 now", "463-612-6138x036"),
        ("Móvil: 612 345 678", "612 345 678"),
        ("电话：13812345678", "13812345678"),
        ("هاتف ٠٥٥ ١٢٣ ٤٥٦٧", "٠٥٥ ١٢٣ ٤٥٦٧"),
    ],
)
def test_a_telephone_number_is_found(text: str, number: str) -> None:
    assert entities(text) == [("phone", number)]


def test_a_fax_is_a_fax() -> None:
    assert entities("Phone: 930 167 394 Fax: 930 167 395") == [("phone", "930 167 394"), ("fax", "930 167 395")]
    assert entities("+46 (0)8 928 571 38 fax") == [("fax", "+46 (0)8 928 571 38")]


def test_the_languages_of_a_text_say_which_forms_need_no_word() -> None:
    assert entities("91 123 45 67 por la tarde", "es") == [("phone", "91 123 45 67")]
    assert entities("91 123 45 67 in the evening", "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "blood pressure 120/80, then 135/85 and 142/90",
        "the years 2009-2010 and 1999 - 2004",
        "phone calls (OR 0.27, 95 % CI: 0.17-0.44) were protective",
        "loss to follow-up reached 136 (28.2 %)",
        "ICD-10 codes E11.9, I10 and Z79.4",
        "PMID 20301427 and NCT00004992",
        "600 mg, 800 mg or 1 200 mg",
        "platelets 250 000 per mm3",
        "10 20 30 40 50 60 70",
        "call 1-800-422-6237 for free",  # a free line is nobody's own
        "§ 123 456 789",
    ],
)
def test_other_numbers_are_no_telephones(text: str) -> None:
    assert entities(text) == []


@pytest.mark.parametrize("behind", [". 12 of them came", " (12)", " (3), then"])
def test_a_number_behind_a_telephone_number_is_none_of_its_digits(behind: str) -> None:
    text = f"Her phone is +44 20 7946 0958{behind}"
    assert entities(text) == [("phone", "+44 20 7946 0958")]
