"""The pace of a review and its end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.pace import PACE_DAYS, finish_date, items_in, items_per_day, minutes_for, seconds_per_item

TODAY = date(2026, 3, 30)


def test_the_latest_items_count() -> None:
    assert seconds_per_item([500.0] * 200 + [20.0] * 50) == 20
    assert seconds_per_item([]) is None


def test_a_few_items_say_nothing() -> None:
    assert seconds_per_item([30.0] * 9) is None
    assert items_in(10, [30.0] * 9) is None
    assert items_in(10, [30.0] * 10) == 20


def test_nobody_reads_in_no_time() -> None:
    assert seconds_per_item([0.1] * 10) == 2
    assert items_in(40, [0.1] * 10) == 1200


def test_an_absence_does_not_make_a_person_slow() -> None:
    assert seconds_per_item([30.0] * 9 + [40_000.0]) == 30
    assert seconds_per_item([40_000.0] * 10) == 600


def test_nonsense_is_left_out() -> None:
    assert seconds_per_item([0.0, -5.0, float("nan"), float("inf"), *[12.0] * 10]) == 12


def test_items_in() -> None:
    assert items_in(10, [45.0] * 10) == 13
    assert items_in(0, [45.0] * 10) == 0
    assert items_in(-3, [45.0] * 10) == 0
    assert items_in(10, []) is None


def test_finish_date() -> None:
    assert finish_date(0, 0, TODAY) == TODAY
    assert finish_date(1, 40, TODAY) == date(2026, 3, 31)
    assert finish_date(41, 40, TODAY) == date(2026, 4, 1)
    assert finish_date(5, 0, TODAY) is None
    assert finish_date(10**9, 0.001, TODAY) is None
    assert finish_date(365, 1, TODAY) == date(2027, 3, 30)
    assert finish_date(366, 1, TODAY) is None


@given(st.integers(1, 10**6), st.floats(0.5, 10**4), st.floats(0.5, 10**4))
def test_working_faster_never_ends_later(remaining: int, one: float, other: float) -> None:
    slow, fast = sorted((one, other))
    late, early = finish_date(remaining, slow, TODAY), finish_date(remaining, fast, TODAY)
    assert late is None or (early is not None and early <= late)


def test_minutes_for_the_rest_fit_the_items_of_a_session() -> None:
    assert minutes_for(166, [2.0] * 10) == 6
    assert minutes_for(1, [2.0] * 10) == 1
    assert minutes_for(0, [2.0] * 10) == 0
    assert minutes_for(5, [2.0] * 9) is None


def test_idle_days_count_and_old_days_do_not() -> None:
    per_day = {"2026-03-27": 30, "2026-03-30": 10, "2026-01-01": 900}
    assert items_per_day(per_day, TODAY) == pytest.approx(10.0)
    assert items_per_day({"2026-01-01": 900}, TODAY) == 0.0
    assert items_per_day({}, TODAY) == 0.0


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 500), max_size=12))
def test_a_day_rate_lies_between_nothing_and_the_best_day(days: dict[int, int]) -> None:
    per_day = {(TODAY - timedelta(days=back)).isoformat(): n for back, n in days.items()}
    recent = [n for back, n in days.items() if back < PACE_DAYS]
    assert 0 <= items_per_day(per_day, TODAY) <= max(recent, default=0)
    assert (items_per_day(per_day, TODAY) > 0) == bool(recent)
