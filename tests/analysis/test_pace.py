"""The pace of a review and its end."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.pace import finish_date, items_in, seconds_per_item

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
