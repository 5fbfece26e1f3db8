"""All finders together: nothing moves, nothing overlaps, nothing takes long, whatever a text holds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks.personal.finding import find_spans
from accord.checks.personal.rules import RULES
from accord.checks.personal.stretches import stretches

_PIECES = st.sampled_from(
    [
        "MRN 00123456",
        "5 Elm Street",
        "call 404-639-1075",
        "12/05/2008",
        "a@b.org",
        "١٢",
        "\n",
        " ",
        "§ 5",
        "Edad: 91",
        "4111111111111111",
        "é",
        "🧬",
    ]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=12).map(" ".join))
def test_spans_are_apart_in_order_within_the_text_and_of_known_rules(text: str) -> None:
    spans = find_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
    assert {span.rule for span in spans} <= {rule.name for rule in RULES}


@given(st.text("abcdé ñ中🧬\n", max_size=60), st.text("xyz 中🧬\n", max_size=60))
def test_offsets_are_code_points_of_the_text_itself(before: str, after: str) -> None:
    text = f"{before} jorge@yahoo.es {after}"
    place = len(before) + 1
    assert [(span.start, span.end) for span in find_spans(text)] == [(place, place + len("jorge@yahoo.es"))]


@given(st.sampled_from(["514-69-0360", "4111 1111 1111 1111", "12/05/2008", "ZIP: 76400"]))
def test_wide_signs_are_found_where_plain_ones_are(plain: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789-/:" else c for c in plain)
    assert [(s.start, s.end, s.entity) for s in find_spans(wide)] == [
        (s.start, s.end, s.entity) for s in find_spans(plain)
    ]


_HOSTILE = [
    "a",
    "1",
    " ",
    "a@",
    "1 A ",
    "Aa ",
    "Apt 1 ",
    "1-",
    "(1",
    "+1 ",
    "a.",
    "\n",
    "Calle A de la ",
    "1 de ",
    "1:",
    "::",
    "é1",
    "１",
    "tel 1",
]


@pytest.mark.parametrize("unit", ["a", "1", " ", "\n", "aA", "."])
def test_a_megabyte_of_one_thing_is_read(unit: str) -> None:
    assert len(find_spans(unit * (1_000_000 // len(unit)))) <= 1


@pytest.mark.parametrize("unit", _HOSTILE)
def test_hostile_text_is_read(unit: str) -> None:
    """What backtracks badly meets the time limit of the suite here."""
    assert find_spans(unit * (20_000 // len(unit))) is not None


def test_text_far_from_numbers_is_not_searched() -> None:
    text = "word " * 100 + "7 " + "word " * 100
    ((start, end),) = stretches(text)
    assert start <= text.index("7") < end
    assert end - start < len(text) / 2
    assert stretches("no number at all") == []


def test_a_discharge_note_is_read_as_a_person_reads_it() -> None:
    text = (
        "MRN: 00451234. Mrs. Berg, a 93-year-old woman of 221B Baker Street, was admitted on 12/05/2008 with 120/80 mmHg, "
        "HbA1c 7.2 % and I10. She takes 20 mg of enalapril twice daily. Call her son at 404-639-1075 or son@berg.org."
    )
    assert [(span.rule, text[span.start : span.end]) for span in find_spans(text)] == [
        ("medical-record", "00451234"),
        ("age-over-89", "93-year-old"),
        ("street-address", "221B Baker Street"),
        ("date-of-life", "12/05/2008"),
        ("phone-number", "404-639-1075"),
        ("email-address", "son@berg.org"),
    ]
