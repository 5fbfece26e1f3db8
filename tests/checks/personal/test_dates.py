"""Dates more exact than a year are found in many languages; ratios, sections and years are none."""

import pytest

from accord.checks.personal.finding import find_spans


def found(text: str) -> list[tuple[str, str]]:
    return [(span.rule, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    "date",
    [
        "2000-04-16 11:34:35",
        "10/23/1951",
        "13-12-2015",
        "22.11.2016",
        "3/7/94",
        "05/2016",
        "January 12, 2009",
        "May 5th, 2019",
        "12 May 2016",
        "March 2008",
        "12 de mayo de 2016",
        "septiembre de 2005",
        "enero del 2003",
        "8. Juli 2015",
        "14 février 2011",
        "3 gennaio 1999",
        "2016年5月12日",
        "१२/०५/२०१६",
    ],
)
def test_a_date_is_found(date: str) -> None:
    assert found(f"It was seen on {date} again.") == [("exact-date", date)]


@pytest.mark.parametrize(
    "text", ["DOB 3/7/1994", "born on July 5th, 2000", "Fecha de nacimiento: 28/05/1991", "admitted on 12/05/08"]
)
def test_a_date_of_a_life_has_a_rule_of_its_own(text: str) -> None:
    assert [rule for rule, _ in found(text)] == ["date-of-life"]


@pytest.mark.parametrize(
    "text",
    [
        "in 1977 and during 2001",
        "blood pressure 120/80",
        "section 2.10.15 and version 1.2.3",
        "one in 1/2000 births",
        "CA 19-9 may mean there is cancer",
        "you may 5 times a day march 4 miles",
        "a score of 13/40/2012",
        "doses 1-2-3",
        "ratio 10/12",
    ],
)
def test_what_looks_like_a_date_and_is_none_is_left(text: str) -> None:
    assert found(text) == []
