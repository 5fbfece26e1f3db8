"""Every coefficient against its definition, on published tables and on random ones, and where it is not defined."""

import math
from fractions import Fraction

import numpy as np
import pytest
from tests.analysis.agreement import plain

from accord.analysis.agreement import weights
from accord.analysis.agreement.measuring import alpha_of_distance, measure
from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Figure, Level, Measured, Undefined

KEYS = ("percent_agreement", "krippendorff_alpha", "fleiss_kappa", "gwet_ac1", "conger_kappa", "brennan_prediger")


def ratings_of(table: plain.Table, q: int, *, numbers: bool = True) -> Ratings:
    codes = np.array([[-1 if code is None else code for code in row] for row in table])
    return Ratings.of_codes(codes, [float(k) if numbers else f"c{k:02}" for k in range(q)])


def figures(ratings: Ratings, level: Level = Level.NOMINAL, *, replicates: int = 0) -> dict[str, Figure]:
    return measure(ratings, level=level, replicates=replicates).figures


def value(figure: Figure) -> float | None:
    return figure.value if isinstance(figure, Measured) else None


def assert_same(found: Figure, expected: Fraction | None) -> None:
    if expected is None:
        assert isinstance(found, Undefined)
    else:
        assert isinstance(found, Measured)
        assert math.isclose(found.value, expected, rel_tol=1e-9, abs_tol=1e-9)


@plain.HOW_MANY
def test_random_tables_agree_with_the_definitions_in_exact_fractions(tables: int) -> None:
    compared = 0
    for seed in range(tables):
        table, q = plain.random_table(seed, most_items=12)
        if all(len(plain.given(row)) < 2 for row in table):
            continue
        compared += 1
        found = figures(ratings_of(table, q))
        assert_same(found["percent_agreement"], plain.observed(table))
        assert_same(found["fleiss_kappa"], plain.fleiss(table, q))
        assert_same(found["gwet_ac1"], plain.gwet(table, q))
        assert_same(found["conger_kappa"], plain.conger(table, q))
        assert_same(found["brennan_prediger"], plain.brennan_prediger(table, q))
        assert_same(found["krippendorff_alpha"], plain.alpha(table, lambda c, k: Fraction(c != k)))
    assert compared > 0.95 * tables


@plain.HOW_MANY
def test_random_tables_at_the_other_levels_agree_with_the_definitions_too(tables: int) -> None:
    for seed in range(tables):
        table, q = plain.random_table(seed, most_items=10)
        if all(len(plain.given(row)) < 2 for row in table):
            continue
        ratings = ratings_of(table, q)
        most = q - 1

        def ordinal(c: int, k: int, q: int = q) -> Fraction:
            return 1 - Fraction(abs(c - k) * (abs(c - k) + 1), q * (q - 1))

        def quadratic(c: int, k: int, most: int = most) -> Fraction:
            return 1 - Fraction((c - k) ** 2, most**2)

        def ratio(c: int, k: int) -> Fraction:
            return Fraction(c - k, c + k) ** 2 if c + k else Fraction(0)

        by_level = {level: figures(ratings, level) for level in Level}
        assert_same(by_level[Level.ORDINAL]["gwet_ac2"], plain.gwet(table, q, ordinal))
        assert_same(by_level[Level.INTERVAL]["gwet_ac2"], plain.gwet(table, q, quadratic))
        assert_same(by_level[Level.RATIO]["gwet_ac2"], plain.gwet(table, q, lambda c, k: 1 - ratio(c, k)))
        ordinal_alpha = plain.alpha(table, plain.ordinal_distance(table))
        assert_same(by_level[Level.ORDINAL]["krippendorff_alpha"], ordinal_alpha)
        squared = plain.alpha(table, lambda c, k: Fraction((c - k) ** 2))
        assert_same(by_level[Level.INTERVAL]["krippendorff_alpha"], squared)
        assert_same(by_level[Level.RATIO]["krippendorff_alpha"], plain.alpha(table, ratio))


@plain.HOW_MANY
def test_two_raters_agree_with_cohen_s_definition_over_the_items_both_rated(tables: int) -> None:
    for seed in range(tables):
        table, q = plain.random_table(seed, raters=2)
        if all(len(plain.given(row)) < 2 for row in table):
            continue
        found = figures(ratings_of(table, q), Level.ORDINAL)
        if not isinstance(found["cohen_kappa"], Undefined) or plain.cohen(table, q) is not None:
            assert_same(found["cohen_kappa"], plain.cohen(table, q))
        for name, power in (("cohen_kappa_linear", 1), ("cohen_kappa_quadratic", 2)):
            expected = plain.cohen(table, q, lambda c, k, p=power, m=q - 1: 1 - Fraction(abs(c - k), m) ** p)  # type: ignore[misc]  # the defaults bind the loop's values
            assert_same(found[name], expected)


def test_krippendorff_s_example() -> None:
    rows = ["* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4"]
    columns = [[None if cell == "*" else float(cell) for cell in row.split()] for row in rows]
    ratings = Ratings.of_values(list(zip(*columns, strict=True)))
    assert value(figures(ratings)["krippendorff_alpha"]) == pytest.approx(0.691358, abs=1e-6)
    assert value(figures(ratings, Level.INTERVAL)["krippendorff_alpha"]) == pytest.approx(0.810845, abs=1e-6)


def test_alpha_of_any_distance_is_that_of_the_level_whose_distance_it_is() -> None:
    table, q = plain.random_table(7)
    ratings = ratings_of(table, q)
    x = np.arange(float(q))
    apart = (x[:, None] - x[None, :]) ** 2
    found = alpha_of_distance(ratings, apart, replicates=50, seed=3)
    expected = measure(ratings, level=Level.INTERVAL, replicates=50, seed=3).figures["krippendorff_alpha"]
    assert isinstance(found, Measured)
    assert isinstance(expected, Measured)
    assert found.value == pytest.approx(expected.value, abs=1e-12)
    assert found.ci95 == pytest.approx(expected.ci95, abs=1e-12)


def test_a_distance_of_nothing_between_all_values_leaves_alpha_undefined() -> None:
    table, q = plain.random_table(7)
    assert isinstance(alpha_of_distance(ratings_of(table, q), np.zeros((q, q)), replicates=10), Undefined)


def test_the_three_layouts_of_one_table_give_the_same_figures() -> None:
    table, q = plain.random_table(3, raters=2, complete=True)
    categories = [float(k) for k in range(q)]
    codes = np.array(table)
    matrix = np.zeros((q, q), dtype=np.int64)
    np.add.at(matrix, (codes[:, 0], codes[:, 1]), 1)
    counts = np.array([[row.count(k) for k in range(q)] for row in table])
    by_rater, square = figures(Ratings.of_codes(codes, categories)), figures(Ratings.of_matrix(matrix, categories))
    counted = figures(Ratings.of_counts(counts, categories))
    for name in (*KEYS, "cohen_kappa"):
        assert value(by_rater[name]) == pytest.approx(value(square[name]), abs=1e-12), name
    for name in ("percent_agreement", "krippendorff_alpha", "fleiss_kappa", "gwet_ac1", "brennan_prediger"):
        assert value(counted[name]) == pytest.approx(value(by_rater[name]), abs=1e-12), name
    for name in ("conger_kappa", "cohen_kappa"):
        assert counted[name] == Undefined(reason="A table of counts does not say who rated what.")


def test_the_order_of_items_and_raters_does_not_matter() -> None:
    table, q = plain.random_table(11)
    turned = [list(reversed(row)) for row in reversed(table)]
    for level in Level:
        ours, theirs = figures(ratings_of(table, q), level), figures(ratings_of(turned, q), level)
        assert {k: value(v) for k, v in ours.items()} == pytest.approx({k: value(v) for k, v in theirs.items()})


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("raters", [1, 2, 5])
def test_a_table_without_ratings_has_no_figures_and_says_so(level: Level, raters: int) -> None:
    for items in (0, 1, 4):
        found = measure(Ratings.of_codes(np.full((items, raters), -1), []), level=level)
        assert set(found.figures.values()) == {Undefined(reason="There is no rating.")}
        assert (found.items, found.warnings) == (0, ())


def test_one_rater_and_items_rated_once_give_the_reason() -> None:
    for codes in ([[0], [1], [1]], [[0, -1], [-1, 1], [1, -1]]):
        found = figures(Ratings.of_codes(np.array(codes), ["a", "b"]))
        assert set(found.values()) == {Undefined(reason="No item was rated by two people.")}


@pytest.mark.parametrize("level", Level)
def test_with_one_category_only_the_percent_agreement_is_defined(level: Level) -> None:
    found = figures(Ratings.of_codes(np.zeros((6, 2), dtype=int), [1.0]), level, replicates=20)
    assert found["percent_agreement"] == Measured(value=1.0, ci95=(1.0, 1.0), n=6)
    for name in (*KEYS[1:], "cohen_kappa"):
        assert isinstance(found[name], Undefined), name
        assert found[name] == found["fleiss_kappa"]


def test_a_category_that_nobody_chose_counts_where_the_literature_counts_it() -> None:
    counts = np.array([[3, 0], [3, 0], [3, 0]])
    found = figures(Ratings.of_counts(counts, ["yes", "no"]))
    assert value(found["gwet_ac1"]) == value(found["brennan_prediger"]) == 1.0
    assert isinstance(found["fleiss_kappa"], Undefined)
    assert isinstance(found["krippendorff_alpha"], Undefined)


def test_identical_raters_agree_fully_by_every_coefficient() -> None:
    codes = np.repeat(np.arange(12)[:, None] % 11, 3, axis=1)
    for level in Level:
        found = figures(Ratings.of_codes(codes, [float(k + 1) for k in range(11)]), level)
        assert {value(figure) for name, figure in found.items() if "cohen" not in name} <= {1.0, None}
        assert value(found["krippendorff_alpha"]) == 1.0


def test_large_and_close_values_lose_no_digits_at_the_interval_level() -> None:
    values = [[1e9 + a, 1e9 + b] for a, b in ((0.0, 1.0), (1.0, 1.0), (2.0, 3.0), (5.0, 5.0))]
    near = [[a - 1e9, b - 1e9] for a, b in values]
    far = figures(Ratings.of_values(values), Level.INTERVAL)["krippendorff_alpha"]
    assert value(far) == pytest.approx(value(figures(Ratings.of_values(near), Level.INTERVAL)["krippendorff_alpha"]))


def test_as_many_values_as_ratings_are_no_hindrance_but_where_a_square_of_them_is_needed() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(10, 2, 3000)
    values = [[round(float(v), 6), round(float(v + e), 6)] for v, e in zip(base, rng.normal(0, 1, 3000), strict=True)]
    ratings = Ratings.of_values(values)
    found = figures(ratings, Level.INTERVAL, replicates=20)
    assert value(found["krippendorff_alpha"]) == pytest.approx(0.9, abs=0.03)
    assert found["gwet_ac2"] == Undefined(reason=f"There are more than {weights.MOST_CATEGORIES} different values.")
    assert isinstance(figures(ratings, Level.ORDINAL, replicates=20)["krippendorff_alpha"], Measured)
    assert isinstance(figures(ratings, Level.RATIO)["krippendorff_alpha"], Undefined)
