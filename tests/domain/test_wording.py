"""Figures as they are written: none that only rounds to it is called perfect, and none is minus zero."""

import pytest

from accord.domain.wording import between, decimals, percent


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.0, "1.00"), (0.9997, ">0.99"), (0.994, "0.99"), (-0.001, "0.00"), (-0.26, "-0.26"), (0.0, "0.00")],
)
def test_a_coefficient_has_two_decimals_and_is_perfect_only_where_it_is_one(value: float, said: str) -> None:
    assert decimals(value) == said


def test_an_interval_is_written_like_its_ends_and_more_decimals_are_told_alike() -> None:
    assert between(-0.004, 0.996) == "[0.00, >0.99]"
    assert decimals(0.99996, 4) == ">0.9999"
    assert decimals(0.9997, 4) == "0.9997"


def test_a_share_is_all_only_where_it_is_all() -> None:
    assert [percent(share) for share in (1.0, 0.9996, 0.994, 0.0)] == ["100%", ">99%", "99%", "0%"]
