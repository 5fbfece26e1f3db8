"""The age of sources: which dates are read, which are old, and what is said of several."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks import registry
from accord.checks.sources import of_dates, read_date, stale
from accord.domain.content import pair
from accord.domain.findings import Limits

TODAY = date(2026, 11, 21)
FIVE = Limits(source_years=5)
ASKED = pair("How high is the dose?", "Ten milligrams.")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-03-04", date(2019, 3, 4)),
        ("20190304", date(2019, 3, 4)),
        ("2019-03-04T10:11:12Z", date(2019, 3, 4)),
        ("2019-03", date(2019, 3, 1)),
        ("2019", date(2019, 12, 31)),
        ("4 March 2019", date(2019, 12, 31)),
        ("04/03/2019", date(2019, 12, 31)),
        ("Stand: März 2019", date(2019, 12, 31)),
        ("1998-2019", date(2019, 12, 31)),
        ("03/04/19", None),
        ("last year", None),
        ("2023-02-30", None),
        ("1546300800", None),
    ],
)
def test_dates_are_read_as_far_as_they_are_certain(written: str, day: date | None) -> None:
    assert read_date(written) == day


def test_a_source_is_old_the_day_after_so_many_years() -> None:
    assert stale("2021-11-20", TODAY, 5) is True
    assert stale("2021-11-21", TODAY, 5) is False
    assert stale("2021", TODAY, 5) is False  # it may be of December
    assert stale("2020", TODAY, 5) is True
    assert stale("2026", TODAY, 5) is False
    assert stale("2031-01-01", TODAY, 5) is None
    assert stale("long ago", TODAY, 5) is None
    assert stale("2023-11-21", date(2028, 2, 29), 5) is False


def test_the_youngest_source_counts() -> None:
    (old,) = of_dates(ASKED, ["2001", "2003-01-01"], FIVE, TODAY)
    assert (old.rule, old.message, old.start, old.end) == ("old-source", 1, 0, len(ASKED.answer))
    assert registry.sentence(old) == "The source is of 2003-01-01, more than 5 years ago. Is it still what holds?"
    assert of_dates(ASKED, ["2001", "2024"], FIVE, TODAY) == []
    assert of_dates(ASKED, ["", "  "], FIVE, TODAY) == []
    assert [one.rule for one in of_dates(ASKED, ["?", "2001"], FIVE, TODAY)] == ["old-source"]


def test_a_date_that_nobody_can_read_is_noted() -> None:
    (note,) = of_dates(ASKED, ["03/04/19"], FIVE, TODAY)
    assert note.rule == "unread-source-date"
    assert "03/04/19" in registry.sentence(note)


def test_a_project_that_sets_no_limit_or_switches_it_off_hears_nothing() -> None:
    assert of_dates(ASKED, ["2001", "?"], Limits(), TODAY) == []
    assert of_dates(ASKED, ["2001"], Limits(source_years=5, off=("old-source",)), TODAY) == []


@given(st.one_of(st.text(max_size=20), st.dates().map(str), st.from_regex(r"[\d/.\- ]{0,12}")), st.integers(0, 5000))
def test_any_date_is_looked_at(written: str, years: int) -> None:
    assert stale(written, TODAY, years) in {True, False, None}
    for one in of_dates(ASKED, [written], Limits(source_years=years), TODAY):
        assert registry.sentence(one)


@given(st.dates(max_value=TODAY, min_value=date(1901, 1, 1)), st.integers(0, 50))
def test_a_longer_limit_makes_no_source_older(day: date, years: int) -> None:
    if stale(day.isoformat(), TODAY, years) is False:
        assert stale(day.isoformat(), TODAY, years + 1) is False
