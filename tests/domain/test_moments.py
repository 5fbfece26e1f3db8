"""Moments: whatever the clock on the wall is set to, the order of their texts is that of time."""

import time
from collections.abc import Iterator

import pytest

from accord.domain import moments


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the clock on the wall to Kathmandu's."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_a_moment_is_kept_in_utc_and_shown_as_the_wall_says() -> None:
    assert len(moments.now()) == 29
    assert moments.now().endswith("+00:00")
    assert moments.in_utc("2026-03-01T01:02:03+05:45") == "2026-02-28T19:17:03.000+00:00"
    assert moments.local("2026-02-28T19:17:03.000+00:00") == "2026-03-01 01:02"


def test_what_is_no_moment_stays_as_it_is() -> None:
    for text in ("", "yesterday", "2026-02-28T19:17:03"):
        assert moments.in_utc(text) == text
    assert moments.local("yesterday") == "yesterday"
    assert not moments.local("")
