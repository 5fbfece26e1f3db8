"""The labels of the usual collections stand for rules of ours."""

import pytest

from accord.checks import registry
from accord.checks.personal.labels import known_labels, names_nobody, rules_for

RULES = ("phone-number", "national-id")


@pytest.mark.parametrize(
    ("label", "wanted"),
    [("PHONE_NUMBER", {"phone", "fax"}), ("PHONE", {"phone", "fax"}), ("NATIONAL_ID", {"national-id"}), ("IP", {"ip"})],
)
def test_labels_of_collections_rules_and_entities_are_known(label: str, wanted: set[str]) -> None:
    assert known_labels(RULES)[label] == wanted


def test_every_label_is_told_by_rules_that_there_are() -> None:
    rules = {rule.name for rule in registry.RULES}
    for label, wanted in known_labels(tuple(rules)).items():
        assert set(rules_for(wanted)) <= rules, label
    assert rules_for({"phone", "fax", "person-name"}) == ("fax-number", "person-name", "phone-number")


def test_names_are_known_where_a_rule_finds_them() -> None:
    assert "PATIENT" not in known_labels(RULES)
    assert known_labels((*RULES, "person-name"))["PATIENT"] == {"person-name"}


@pytest.mark.parametrize("words", ["1977", "año 2017", "the year 1990", "Tuesday", " Monday"])
def test_a_year_or_a_weekday_names_nobody(words: str) -> None:
    assert names_nobody("DATE_TIME", known_labels(RULES)["DATE_TIME"], words)


@pytest.mark.parametrize("words", ["May 1977", "12/1990", "on Tuesday the 5th", "19770"])
def test_more_than_a_year_counts(words: str) -> None:
    assert not names_nobody("DATE_TIME", known_labels(RULES)["DATE_TIME"], words)


def test_four_digits_of_another_label_count() -> None:
    assert not names_nobody("ZIP_CODE", known_labels(RULES)["ZIP_CODE"], "1977")


def test_a_country_names_nobody_but_where_it_was_given_another_meaning() -> None:
    place = known_labels((*RULES, "place-name"))
    assert names_nobody("Pais", place["PAIS"], "España")
    assert not names_nobody("CITY", place["CITY"], "Murcia")
    assert not names_nobody("PAIS", known_labels(RULES)["ZIP_CODE"], "España")
