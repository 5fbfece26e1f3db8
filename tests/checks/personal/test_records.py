"""What a text calls the number of a record, an insurance or an account is found; what it does not is left."""

import pytest

from accord.checks.personal.finding import find_spans


def entities(text: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    ("entity", "text", "number"),
    [
        ("medical-record", "MRN: 00123456", "00123456"),
        ("medical-record", "medical record number 4471-22", "4471-22"),
        ("medical-record", "NHC: 2569870.", "2569870"),
        ("medical-record", "CIPA: nhc-272226.", "272226"),
        ("medical-record", "His patient number 00-77-3152 was noted.", "00-77-3152"),
        ("medical-record", "Episodio: 04735665.", "04735665"),
        ("health-plan", "NASS: 27 2226350 05.", "27 2226350 05"),
        ("health-plan", "policy number is AX-9981234", "AX-9981234"),
        ("account-number", "My account number is 8812 3399 12", "8812 3399 12"),
        ("licence-number", "his driver's license number is F162823540116", "F162823540116"),
        ("licence-number", "NºCol: 28 28 20943.", "28 28 20943"),
        ("national-id", "Passport no. X12345678", "X12345678"),
        ("national-id", "SSN 123456789", "123456789"),
        ("vehicle-id", "license plate 7823 KLM", "7823"),
        ("device-id", "pacemaker serial number PJN 4412087", "PJN 4412087"),
    ],
)
def test_a_named_number_is_found(entity: str, text: str, number: str) -> None:
    assert entities(text) == [(entity, number)]


@pytest.mark.parametrize(
    "text",
    [
        "We analyzed the medical records of 2061 patients.",
        "call Social Security at 18007721213",
        "group 3 had 1204 members",
        "policy 2010 and account for 2500 cases",
        "Medicare was signed in 1965.",
        "Avenida de Córdoba, S/N",
        "the specimen measured 1204",
    ],
)
def test_a_number_that_no_word_names_is_none(text: str) -> None:
    assert not {entity for entity, _ in entities(text)} - {"address"}


def test_a_date_behind_the_word_of_a_number_is_no_number() -> None:
    assert [entity for entity, _ in entities("patient number 03-04-2012")] == ["date"]
