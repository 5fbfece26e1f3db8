"""Intervals over items: repeatable, of the right width, and the same however equal items are counted together."""

import numpy as np
import pytest
from scipy.stats import poisson
from tests.analysis.agreement import plain
from tests.analysis.agreement.test_coefficients import ratings_of

from accord.analysis.agreement import bootstrap, resampling
from accord.analysis.agreement.bootstrap import interval, replicate_values
from accord.analysis.agreement.coefficients import fleiss_kappa, percent_agreement
from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.analysis.agreement.resampling import Resampler
from accord.analysis.agreement.sums import Contributions, Sums
from accord.domain.agreement import Level, Measured


def two_raters(agreeing: int, items: int) -> Ratings:
    codes = np.array([[k % 2, k % 2 if k < agreeing else 1 - k % 2] for k in range(items)])
    return Ratings.of_codes(codes, ["a", "b"])


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    table, q = plain.random_table(5)
    ratings = ratings_of(table, q)
    first, again = measure(ratings, level=Level.ORDINAL, seed=1), measure(ratings, level=Level.ORDINAL, seed=1)
    assert first == again
    assert first != measure(ratings, level=Level.ORDINAL, seed=2)


@pytest.mark.parametrize("items", [10, 50, 400, 20_000])
def test_the_interval_of_a_share_is_the_binomial_one(items: int) -> None:
    agreeing = items * 8 // 10
    figure = measure(two_raters(agreeing, items)).figures["percent_agreement"]
    assert isinstance(figure, Measured)
    assert figure.ci95 is not None
    half = 1.96 * np.sqrt(0.8 * 0.2 / items)
    assert figure.value == pytest.approx(0.8)
    assert figure.ci95 == pytest.approx((0.8 - half, 0.8 + half), abs=0.15 * half + 1 / items)


@pytest.mark.parametrize("few", [0, 32])
def test_a_replicate_draws_as_many_items_as_there_are_each_as_often_as_any(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(resampling, "_FEW_ROWS", few)
    times = np.array([1, 1, 2, 5, 40, 300], dtype=np.int64)
    drawn = Resampler(times).draw(20_000, np.random.default_rng(3))
    n, share = times.sum(), times / times.sum()
    assert set(drawn.sum(axis=0)) == {n}
    assert drawn.min() >= 0
    assert drawn.mean(axis=1) == pytest.approx(n * share, rel=0.05)
    assert drawn.var(axis=1) == pytest.approx(n * share * (1 - share), rel=0.08)
    assert np.cov(drawn[4], drawn[5])[0, 1] == pytest.approx(-n * share[4] * share[5], rel=0.08)


@pytest.mark.parametrize("mean", [0.4, 3.0, 41.0])
def test_counts_drawn_from_a_table_are_poisson_counts(mean: float) -> None:
    drawn = resampling._poisson(mean, (400, 5_000), np.random.default_rng(8)).astype(np.int64).ravel()
    seen = np.bincount(drawn, minlength=100)[:100]
    expected = poisson.pmf(np.arange(100), mean) * len(drawn)
    often = expected > 20
    # Pearson's statistic has the mean and half the variance of its degrees of freedom.
    freedom = often.sum() - 1
    assert ((seen - expected)[often] ** 2 / expected[often]).sum() < freedom + 5 * np.sqrt(2 * freedom)
    assert seen[~often].sum() == pytest.approx(expected[~often].sum(), abs=6 * np.sqrt(20 * (~often).sum()))


def test_rows_of_equal_times_are_drawn_as_the_others_are() -> None:
    times = np.concatenate([np.full(300, 3), np.full(50, 7), [400]]).astype(np.int64)
    resampler = Resampler(times)
    assert (len(resampler._tabled), len(resampler._others)) == (1, 51)
    drawn = resampler.draw(4_000, np.random.default_rng(2))
    assert set(drawn.sum(axis=0)) == {times.sum()}
    assert drawn[:300].mean() == pytest.approx(3, rel=0.01)
    assert drawn[:300].var(axis=1).mean() == pytest.approx(3, rel=0.02)


def test_equal_items_counted_together_weigh_as_one_by_one() -> None:
    table, q = plain.random_table(9, most_items=8)
    ratings = ratings_of([*table, *table, *table], q)
    assert len(ratings.times) == len({tuple(row) for row in table if plain.given(row)})
    sums = Sums(Contributions(ratings), ratings.times[:, None] / 3.0)
    once = Sums(Contributions(ratings_of(table, q)), np.ones((1, 1)) * ratings_of(table, q).times[:, None])
    assert fleiss_kappa(sums) == pytest.approx(fleiss_kappa(once))


def test_small_blocks_hold_little_and_give_intervals_of_the_same_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    contributions = Contributions(two_raters(80, 100))
    whole = replicate_values(contributions, {"percent": percent_agreement})["percent"]
    widths: list[int] = []

    def seen(sums: Sums) -> np.ndarray:
        widths.append(sums.weights.size)
        return percent_agreement(sums)

    monkeypatch.setattr(bootstrap, "_NUMBERS_AT_ONCE", 70)
    parts = replicate_values(contributions, {"percent": seen})["percent"]
    assert len(parts) == len(whole) == 1000
    assert max(widths) <= 70
    assert interval(parts) == pytest.approx(interval(whole), abs=0.03)


def test_items_that_one_person_alone_rated_change_no_interval_of_alpha() -> None:
    codes = np.array([[k % 2, k % 2 if k < 14 else 1 - k % 2] for k in range(20)])
    alone = np.array([[k % 2, -1] for k in range(30)])
    without, with_them = (
        measure(Ratings.of_codes(table, ["a", "b"])).figures for table in (codes, np.concatenate([codes, alone]))
    )
    for name in ("krippendorff_alpha", "percent_agreement"):
        assert without[name] == with_them[name]


def test_replicates_without_a_value_are_left_out_and_told() -> None:
    codes = np.zeros((4, 2), dtype=int)
    codes[0] = 1
    found = measure(Ratings.of_codes(codes, ["a", "b"]))
    figure = found.figures["fleiss_kappa"]
    assert isinstance(figure, Measured)
    assert figure.ci95 == (1.0, 1.0)
    assert any("of the resamples all ratings were the same" in warning for warning in found.warnings)


def test_one_doubly_rated_item_has_a_value_and_no_interval() -> None:
    found = measure(Ratings.of_codes(np.array([[0, 1], [0, -1], [-1, 1]]), ["a", "b"]))
    assert found.figures["percent_agreement"] == Measured(value=0.0, ci95=None, n=1)
    assert found.warnings[0].startswith("Only 1 item was rated by two people or more.")
