"""The coefficients once more, item by item and pair by pair as their papers define them, in exact fractions."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import pytest

HOW_MANY = pytest.mark.parametrize("tables", [100, pytest.param(1000, marks=pytest.mark.long)])
Row = Sequence[int | None]
Table = Sequence[Row]
Weight = Callable[[int, int], Fraction]


def same(c: int, k: int) -> Fraction:
    return Fraction(c == k)


def random_table(seed: int, *, most_items: int = 30, complete: bool = False, raters: int = 0) -> tuple[list[Row], int]:
    """Return ratings by 2 to 8 raters of 2 to 11 categories, up to 60% missing, and the number of categories."""
    draw = random.Random(seed)
    people, q = raters or draw.randint(2, 8), draw.randint(2, 11)
    missing = 0.0 if complete else draw.random() * 0.6
    faithful = draw.random()
    table: list[Row] = []
    for _item in range(draw.randint(2, most_items)):
        truth = draw.randrange(q)
        row = [truth if draw.random() < faithful else draw.randrange(q) for _rater in range(people)]
        table.append([None if draw.random() < missing else code for code in row])
    return table, q


def given(row: Row) -> list[int]:
    return [code for code in row if code is not None]


def observed(table: Table, weight: Weight = same) -> Fraction:
    """Mean over items with two ratings or more of the weight of agreement of their ordered pairs of ratings."""
    shares = []
    for row in table:
        pairs = list(permutations(given(row), 2))
        if pairs:
            shares.append(sum(weight(c, k) for c, k in pairs) / len(pairs))
    return Fraction(sum(shares)) / len(shares)


def corrected(pa: Fraction, pe: Fraction) -> Fraction | None:
    return None if pe == 1 else (pa - pe) / (1 - pe)


def mean_shares(table: Table, q: int) -> list[Fraction]:
    rated = [given(row) for row in table if given(row)]
    return [sum((Fraction(row.count(k), len(row)) for row in rated), Fraction(0)) / len(rated) for k in range(q)]


def fleiss(table: Table, q: int, weight: Weight = same) -> Fraction | None:
    p = mean_shares(table, q)
    pe = sum((weight(c, k) * p[c] * p[k] for c in range(q) for k in range(q)), Fraction(0))
    return corrected(observed(table, weight), pe)


def gwet(table: Table, q: int, weight: Weight = same) -> Fraction | None:
    total = sum((weight(c, k) for c in range(q) for k in range(q)), Fraction(0))
    pe = total * sum(p * (1 - p) for p in mean_shares(table, q)) / (q * (q - 1))
    return corrected(observed(table, weight), pe)


def brennan_prediger(table: Table, q: int, weight: Weight = same) -> Fraction | None:
    total = sum((weight(c, k) for c in range(q) for k in range(q)), Fraction(0))
    return corrected(observed(table, weight), total / q**2)


def conger(table: Table, q: int, weight: Weight = same) -> Fraction | None:
    """Chance agreement averaged over the pairs of raters, each with the shares of all their ratings."""
    people = [given(column) for column in zip(*table, strict=True)]
    shares = [[Fraction(own.count(k), len(own)) for k in range(q)] for own in people if own]
    by_pair = [
        sum((weight(c, k) * g[c] * h[k] for c in range(q) for k in range(q)), Fraction(0))
        for g, h in combinations(shares, 2)
    ]
    return corrected(observed(table, weight), sum(by_pair, Fraction(0)) / len(by_pair))


def cohen(table: Table, q: int, weight: Weight = same) -> Fraction | None:
    both = [row for row in table if len(given(row)) == 2]
    return conger(both, q, weight)


def alpha(table: Table, distance: Weight) -> Fraction | None:
    """1 - Do / De by listing all pairs of pairable values."""
    units = [given(row) for row in table if len(given(row)) > 1]
    values = [code for unit in units for code in unit]
    within = Fraction(0)
    for unit in units:
        within += Fraction(sum(distance(c, k) for c, k in permutations(unit, 2))) / (len(unit) - 1)
    between = Fraction(sum(distance(c, k) for c, k in permutations(values, 2)))
    if between == 0:
        return None
    return 1 - (within / len(values)) / (between / (len(values) * (len(values) - 1)))


def ordinal_distance(table: Table) -> Weight:
    """(n_c / 2 + all between + n_k / 2)^2, n_c being how often a pairable value is c."""
    values = [code for row in table if len(given(row)) > 1 for code in given(row)]

    def apart(c: int, k: int) -> Fraction:
        low, high = min(c, k), max(c, k)
        ends = Fraction(values.count(low) + values.count(high), 2)
        return Fraction(0) if c == k else (sum(low < v < high for v in values) + ends) ** 2

    return apart
