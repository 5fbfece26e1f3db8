"""Alpha of texts: exact where all pairs are compared, close to it where a sample is; and what single items cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.agreement import alpha
from accord.analysis.agreement.measuring import alpha_of_distance, measure
from accord.analysis.agreement.proportions import wilson
from accord.analysis.agreement.ratings import I64, Ratings
from accord.analysis.agreement.removal import removal_gains
from accord.analysis.agreement.texts import TextPairs, alpha_of, pairs_to_compare, percent_and_alpha
from accord.analysis.agreement.weights import F64
from accord.domain.agreement import Measured, Undefined

tables = st.lists(st.lists(st.integers(-1, 5), min_size=3, max_size=3), min_size=2, max_size=12)


def _ratings(table: list[list[int]]) -> tuple[Ratings, I64]:
    codes = np.array(table, dtype=np.int64)
    return Ratings.of_codes(codes, [str(code) for code in range(6)]), codes


def _distances(seed: int, q: int) -> F64:
    points = np.random.default_rng(seed).random((q, 3))
    return np.asarray(np.abs(points[:, np.newaxis] - points[np.newaxis]).sum(axis=2))


def _measured(ratings: Ratings, distance: F64, pairs: TextPairs) -> dict[str, Measured | Undefined]:
    near, far = (distance[two[:, 0], two[:, 1]] for two in (pairs.meeting, pairs.across))
    return percent_and_alpha(ratings, alpha_of(pairs, near, far))


@given(tables, st.integers(0, 5))
def test_with_all_pairs_it_is_alpha_of_the_whole_matrix(table: list[list[int]], seed: int) -> None:
    ratings, _codes = _ratings(table)
    distance = _distances(seed, 6)
    expected = alpha_of_distance(ratings, distance, replicates=20)
    pairs = pairs_to_compare(ratings)
    assert not pairs.sampled
    near, far = (distance[two[:, 0], two[:, 1]] for two in (pairs.meeting, pairs.across))
    found = percent_and_alpha(ratings, alpha_of(pairs, near, far), replicates=20)["krippendorff_alpha"]
    if isinstance(expected, Undefined):
        assert isinstance(found, Undefined)
    else:
        assert isinstance(found, Measured)
        assert found.value == pytest.approx(expected.value, abs=1e-9)
        assert (found.ci95 is None) == (expected.ci95 is None)
        if found.ci95 is not None and expected.ci95 is not None:
            assert found.ci95 == pytest.approx(expected.ci95, abs=1e-9)


def test_a_sample_of_pairs_comes_close_with_the_same_interval() -> None:
    generator = np.random.default_rng(1)
    first = generator.integers(0, 300, 400)
    second = np.where(generator.random(400) < 0.7, first, generator.integers(0, 300, 400))
    ratings = Ratings.of_codes(np.stack([first, second], axis=1), [str(code).zfill(3) for code in range(300)])
    distance = _distances(2, 300)
    whole = alpha_of_distance(ratings, distance)
    pairs = pairs_to_compare(ratings, most=5_000)
    assert pairs.sampled
    assert len(pairs.across) == 5_000
    found = _measured(ratings, distance, pairs)["krippendorff_alpha"]
    assert isinstance(found, Measured)
    assert isinstance(whole, Measured)
    assert found.ci95 is not None
    assert found.value == pytest.approx(whole.value, abs=0.01)
    assert found.ci95 == pytest.approx(whole.ci95, abs=0.02)


@given(tables)
def test_a_gain_is_the_difference_that_leaving_the_item_out_makes(table: list[list[int]]) -> None:
    ratings, codes = _ratings(table)
    rows = np.flatnonzero((codes >= 0).any(axis=1))
    whole = measure(ratings, replicates=0).figures["krippendorff_alpha"]
    if isinstance(whole, Undefined):
        return
    kept = codes[:, (codes >= 0).any(axis=0)]
    gains = removal_gains(ratings, alpha.nominal, kept[rows])
    for row, gain in zip(rows, gains, strict=True):
        left = measure(_ratings(np.delete(codes, row, axis=0).tolist())[0], replicates=0) if len(codes) > 1 else None
        figure = left.figures["krippendorff_alpha"] if left else Undefined(reason="")
        assert gain == pytest.approx((figure.value if isinstance(figure, Measured) else 1.0) - whole.value, abs=1e-9)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (91, 100, 0.8377, 0.9519)],
)
def test_wilsons_interval_as_published(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n, none="")
    assert isinstance(found, Measured)
    assert found.ci95 == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_there_is_no_share() -> None:
    assert wilson(0, 0, none="Nobody did.") == Undefined(reason="Nobody did.")
