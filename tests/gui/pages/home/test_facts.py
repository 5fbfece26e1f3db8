"""The arithmetic of Home."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.gui.pages.home.facts import PACE_DAYS, daily

TODAY = date(2026, 3, 20)


def test_idle_days_count_and_old_days_do_not() -> None:
    per_day = {"2026-03-17": 30, "2026-03-20": 10, "2026-01-01": 900}
    assert daily(per_day, TODAY) == pytest.approx(10.0)
    assert daily({"2026-01-01": 900}, TODAY) == 0.0
    assert daily({}, TODAY) == 0.0


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 500), max_size=12))
def test_a_day_rate_lies_between_nothing_and_the_best_day(days: dict[int, int]) -> None:
    per_day = {(TODAY - timedelta(days=back)).isoformat(): n for back, n in days.items()}
    recent = [n for back, n in days.items() if back < PACE_DAYS]
    assert 0 <= daily(per_day, TODAY) <= max(recent, default=0)
    assert (daily(per_day, TODAY) > 0) == bool(recent)
