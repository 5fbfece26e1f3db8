"""Numbers with checksums are found with their checksums, and not without."""

import pytest

from accord.checks.personal.finding import find_spans


def entities(text: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text)]


PROVEN = [
    ("card", "4111 1111 1111 1111"),
    ("card", "5555555555554444"),
    ("card", "378282246310005"),
    ("iban", "ES9121000418450200051332"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
    ("us-ssn", "514-69-0360"),
    ("es-dni", "12345678Z"),
    ("es-nie", "X1234567L"),
    ("de-rvnr", "15070649C103"),
    ("fr-nir", "2 95 10 99 126 111 93"),
    ("it-codice-fiscale", "RCCMNL83S18D969H"),
    ("gb-nino", "AB 12 34 56 C"),
    ("be-nn", "85.07.30-033.28"),
    ("ch-ahv", "756.9217.0769.85"),
    ("se-personnummer", "880320-0016"),
    ("dk-cpr", "211062-5629"),
    ("fi-hetu", "131052-308T"),
    ("br-cpf", "390.533.447-05"),
    ("cn-ric", "11010519491231002X"),
    ("vin", "1M8GDM9AXKP042788"),
]


@pytest.mark.parametrize(("entity", "number"), PROVEN)
def test_a_number_with_its_checksum_is_found_wherever_it_stands(entity: str, number: str) -> None:
    assert entities(f"The note says {number}, and no more.") == [(entity, number)]


@pytest.mark.parametrize(
    ("entity", "said", "number"),
    [
        ("de-steuer-id", "Steuer-ID", "36574261809"),
        ("gb-nhs", "NHS number", "943 476 5870"),
        ("nl-bsn", "BSN", "111222333"),
        ("pl-pesel", "PESEL", "44051401359"),
        ("imei", "IMEI", "490154203237518"),
        ("card", "card number", "6304 2737 3398"),
    ],
)
def test_a_weak_checksum_needs_its_word(entity: str, said: str, number: str) -> None:
    assert entities(f"{said} {number}.") == [(entity, number)]
    assert entity not in dict(entities(f"We counted {number} of them."))


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112 was late",
        "ES9121000418450200051333",
        "the batch 12345678A of 2019",
        "X1234567M",
        "gene RCCMNL83S18D969A",
        "0000000000000000",
        "article 28 12345678 41",
        "call 943 476 5870 x 2",  # an NHS number only where the text says so
    ],
)
def test_a_number_without_its_checksum_is_none(text: str) -> None:
    assert not {entity for entity, _ in entities(text)} - {"phone"}


def test_a_spanish_insurance_number_is_proven_by_97() -> None:
    assert entities(f"28/12345678/{2812345678 % 97:02}") == [("es-nass", f"28/12345678/{2812345678 % 97:02}")]
    assert entities("28/12345678/41") == []


def test_digits_of_other_scripts_are_digits() -> None:
    assert entities("رقم ٤١١١ ١١١١ ١١١١ ١١١١") == [("card", "٤١١١ ١١١١ ١١١١ ١١١١")]
    assert entities("５１４－６９－０３６０") == [("us-ssn", "５１４－６９－０３６０")]
    assert entities("514‑69‑0360") == [("us-ssn", "514‑69‑0360")]
    assert entities("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000")[0][0] == "iban"


def test_a_card_is_found_with_another_number_behind_it() -> None:
    assert entities("It was charged to 4111 1111 1111 1111 3 times") == [("card", "4111 1111 1111 1111")]
    assert entities("5555555555554444 12/25") == [("card", "5555555555554444")]
