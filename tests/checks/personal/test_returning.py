"""What was sent in place of personal data comes back in an answer, in other words too, and nothing else changes."""

import json

import pytest

from accord.checks.personal import names_model
from accord.checks.personal import surrogates_names as names
from accord.checks.personal.returning import Swaps, put_back
from accord.checks.personal.returning_forms import Pair
from accord.checks.personal.surrogates_known import UNMISTAKABLE

SENT = Swaps(
    pairs=(
        Pair("person-name", "Kevin Callahan", "John Smith"),
        Pair("person-name", "Berta", "ANA"),
        Pair("phone-number", "+34 655 010 123", "+34 612 345 678"),
        Pair("social-security-number", "666-31-0786", "123-45-6789"),
        Pair("medical-record", "[RECORD NUMBER #1]", "4821"),
        Pair("street-address", "57 Cantrell Street, Schroeder", "12 Oak Street, Boston"),
        Pair("street-address", "Calle Zabala, 31", "Calle Robles, 8"),
        Pair("email-address", "kevin.callahan@example.org", "john.smith@clinic.org"),
        Pair("exact-date", "16 April 2019", "12 March 2019"),
        Pair("date-of-life", "04/04/1961", "28/02/1961"),
    ),
    days=35,
    days_named=((2019, 3, 12), (1961, 2, 28)),
)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("Kevin Callahan came.", "John Smith came."),
        ("Mr Callahan's wife, the Callahans and KEVIN CALLAHAN", "Mr Smith's wife, the Smiths and JOHN SMITH"),
        ("Callahan, Kevin; K. Callahan; **Kevin**\nCallahan", "Smith, John; J. Smith; **John**\nSmith"),
        ("Berta said so, BERTA did", "ANA said so, ANA did"),
        ("Kevin  \n Callahan", "John Smith"),
        ("患者Kevin Callahan说", "患者John Smith说"),
        ("Call 655010123 or 655 010 123 or +34-655-010-123.", "Call 612 345 678 or 612 345 678 or +34 612 345 678."),
        ("SSN 666310786 (666-31-0786)", "SSN 123-45-6789 (123-45-6789)"),
        ("(655) 010-123, (655010123)", "612 345 678, (612 345 678)"),
        ("Record [Record Number #1], [RECORD NUMBER 1]", "Record 4821, 4821"),
        ("At 57 Cantrell St. and Cantrell Street", "At 12 Oak St. and Oak Street"),
        ("En la calle Zabala nº 31", "En la calle Robles nº 8"),
        ("Write to Kevin.Callahan@example.org!", "Write to john.smith@clinic.org!"),
        ("On April 16, 2019, 16/04/2019, 2019-04-16", "On March 12, 2019, 12/03/2019, 2019-03-12"),
        ("Seen in April 2019; born 4 April 1961", "Seen in March 2019; born 28 February 1961"),
    ],
)
def test_an_original_comes_back_in_the_words_of_the_answer(answer: str, wanted: str) -> None:
    assert put_back(answer, SENT).text == wanted


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("callahan is told, not guessed", ("callahan",)),
        ("Keving Callahanson, xCallahan", ()),
        ("56660666-31-07861", ()),
        ("57 people, 31 of them, 4821, 12 mg", ()),
        ("The law of 27 April 2016 holds", ("27 April 2016",)),
        ("dated 10 January 2018", ("10 January 2018",)),
        ("kcallahan@example.org", ()),
    ],
)
def test_what_merely_looks_alike_stays_and_what_points_at_a_surrogate_is_told(
    answer: str, left: tuple[str, ...]
) -> None:
    back = put_back(answer, SENT)
    assert (back.text, back.left) == (answer, left)


def test_json_is_put_back_in_its_strings_and_stays_json() -> None:
    swaps = Swaps(
        pairs=(
            Pair("person-name", "Kevin Callahan", 'John "Jack" \\ Smith'),
            Pair("phone-number", "5550134", "7365000"),
        )
    )
    inner = json.dumps({"who": "Kevin Callahan"})
    answer = (
        '{"Kevin Callahan": "K\\u0065vin Callahan said: 555-0134",\n "n": 5550134, "x": [1.50, "'
        'a"], "inner": ' + json.dumps(inner) + "}"
    )
    back = put_back(answer, swaps)
    read = json.loads(back.text)
    assert read["Kevin Callahan"] == 'John "Jack" \\ Smith said: 7365000'
    assert json.loads(read["inner"]) == {"who": 'John "Jack" \\ Smith'}
    assert "1.50" in back.text
    assert (read["n"], back.left) == (5550134, ("5550134",))


def test_the_first_year_of_a_moved_date_is_told_where_it_is_another() -> None:
    swaps = Swaps(pairs=(Pair("exact-date", "2020-01-14", "2019-12-10"),), days=35, days_named=((2019, 12, 10),))
    assert put_back("In 2020 and on 14 January", swaps).left == ("2020",)
    assert put_back("In 2020 and on 14 January", swaps).text == "In 2020 and on 10 December"


def test_the_names_that_are_known_again_are_names_and_no_words() -> None:
    lists = {
        name.casefold()
        for place in ("en_US", "es_ES")
        for kind in ("men", "women", "last")
        for name in names.names(place, kind)
    }
    assert lists >= UNMISTAKABLE
    for kind, spanish in (("first", False), ("first", True), ("last", False), ("last", True)):
        for gender in ("", "men", "women"):
            pool = {name.casefold() for name in names.pool("Zz", kind=kind, gender=gender, spanish=spanish)}
            assert len(pool & UNMISTAKABLE) > 50, (kind, spanish, gender)


@pytest.mark.long
def test_no_name_that_is_known_again_is_a_word_of_english() -> None:
    assert not UNMISTAKABLE & names_model.dictionary()
