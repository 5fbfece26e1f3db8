"""The age of one person is found, and told apart over 89; the ages of groups are left."""

import pytest

from accord.checks.personal.finding import find_spans


def found(text: str) -> list[tuple[str, str]]:
    return [(span.rule, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Mr. Baader is a 21 year old man", "21 year old"),
        ("My brother just turned 47", "47"),
        ("I'm 58 y/o.", "58 y/o"),
        ("He retired at the age of 68", "68"),
        ("Edad: 53 años Sexo: H", "53 años"),
        ("varón de 70 años que acude", "70 años"),
        ("cuando tenía 12 años", "12 años"),
        ("el niño con 15 meses de edad", "15 meses de edad"),
        ("eine 53-jährige Patientin", "53-jährige"),
        ("患者，53岁", "53岁"),
    ],
)
def test_the_age_of_one_person_is_found(text: str, age: str) -> None:
    assert [(rule, written.removesuffix(" de edad")) for rule, written in found(text)] == [
        ("age", age.removesuffix(" de edad"))
    ]


@pytest.mark.parametrize("text", ["a 93-year-old woman", "Edad: 104", "mujer de 91 años"])
def test_an_age_over_89_is_told_apart(text: str) -> None:
    assert [rule for rule, _ in found(text)] == ["age-over-89"]


@pytest.mark.parametrize(
    "text",
    [
        "children under 5 years old",
        "adults aged 65 or older",
        "people over 90 years old",
        "women ages 50 to 75",
        "mean age = 67.09 years",
        "boys 5 to 9 years old",
        "tras 3 años de seguimiento",
        "paciente con tos de 3 años de evolución",
        "She turned 180 degrees",
        "an infant of 12 weeks or 3 years",
        "a 10-year study of 500 patients",
    ],
)
def test_the_ages_of_groups_and_the_lengths_of_time_are_left(text: str) -> None:
    assert found(text) == []
