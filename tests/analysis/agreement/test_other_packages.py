"""The same random tables through other packages: equal where they define the same quantity and are right.

irrCAC is no part of the development packages, for it asks for an older scipy than Accord's; its tests are skipped
unless it was installed beside them (pip install --no-deps irrCAC==0.4.4).
"""

import warnings

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from tests.analysis.agreement import plain
from tests.analysis.agreement.test_coefficients import figures, ratings_of, value

from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Level, Undefined


def close(found: float | None, expected: float) -> bool:
    return found is not None and bool(np.isclose(found, expected, rtol=1e-9, atol=1e-9))


def as_floats(table: plain.Table) -> np.ndarray:
    return np.array([[np.nan if code is None else float(code) for code in row] for row in table])


@plain.HOW_MANY
def test_krippendorff_s_alpha_at_every_level(tables: int) -> None:
    for seed in range(tables):
        table, q = plain.random_table(seed)
        ratings = ratings_of(table, q)
        for level in Level:
            ours = figures(ratings, level)["krippendorff_alpha"]
            pairable = {code for row in table if len(plain.given(row)) > 1 for code in plain.given(row)}
            if len(pairable) < 2:
                assert isinstance(ours, Undefined)
                continue
            theirs = krippendorff.alpha(as_floats(table).T, level_of_measurement=level.value)
            assert close(value(ours), theirs), (seed, level)


@plain.HOW_MANY
def test_cohen_s_kappas_of_two_raters(tables: int) -> None:
    for seed in range(tables):
        table, q = plain.random_table(seed, raters=2)
        both = [row for row in table if len(plain.given(row)) == 2]
        found = figures(ratings_of(table, q), Level.ORDINAL)
        if not both or {code for row in both for code in row} == {both[0][0]}:
            assert value(found["cohen_kappa"]) is None
            continue
        first, second = zip(*both, strict=True)
        labels = list(range(q))
        square = np.zeros((q, q))
        np.add.at(square, (first, second), 1)
        for name, weight in (
            ("cohen_kappa", None),
            ("cohen_kappa_linear", "linear"),
            ("cohen_kappa_quadratic", "quadratic"),
        ):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # statsmodels divides by zero in its variance
                theirs = cohens_kappa(square, wt=weight).kappa
            assert close(value(found[name]), cohen_kappa_score(first, second, labels=labels, weights=weight)), (
                seed,
                name,
            )
            assert close(value(found[name]), theirs), (seed, name)


@plain.HOW_MANY
def test_fleiss_and_brennan_prediger_of_complete_tables(tables: int) -> None:
    for seed in range(tables):
        table, q = plain.random_table(seed, complete=True)
        counts = np.array([[plain.given(row).count(k) for k in range(q)] for row in table])
        found = figures(Ratings.of_counts(counts, [f"c{k}" for k in range(q)]))
        assert close(value(found["brennan_prediger"]), fleiss_kappa(counts, method="randolph"))
        if (counts.sum(axis=0) > 0).sum() > 1:
            assert close(value(found["fleiss_kappa"]), fleiss_kappa(counts, method="fleiss"))


@plain.HOW_MANY
def test_irrcac(tables: int) -> None:
    cac = pytest.importorskip("irrCAC.raw", reason="irrCAC is not installed: pip install --no-deps irrCAC==0.4.4").CAC
    import pandas as pd

    methods = {
        "gwet_ac1": ("gwet", Level.NOMINAL, "identity"),
        "fleiss_kappa": ("fleiss", Level.NOMINAL, "identity"),
        "conger_kappa": ("conger", Level.NOMINAL, "identity"),
        "brennan_prediger": ("bp", Level.NOMINAL, "identity"),
        "krippendorff_alpha": ("krippendorff", Level.INTERVAL, "quadratic"),
    }
    weighted = {Level.ORDINAL: "ordinal", Level.INTERVAL: "quadratic", Level.RATIO: "ratio"}
    for seed in range(tables):
        table, q = plain.random_table(seed)
        if sum(len(plain.given(row)) > 1 for row in table) < 2:
            continue  # it divides by zero for one item
        ratings = Ratings.of_codes(np.nan_to_num(as_floats(table), nan=-1).astype(int), [k + 1.0 for k in range(q)])
        by_level = {level: figures(ratings, level) for level in Level}
        # It divides by zero where a rater has no rating, and takes no 0 for a category.
        frame = pd.DataFrame(as_floats(table) + 1).dropna(axis=1, how="all")
        categories = list(ratings.categories)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for name, (method, level, weight) in methods.items():
                ours = value(by_level[level][name])
                if ours is None:
                    continue
                theirs = getattr(cac(frame.copy(), weight, categories=categories, digits=15), method)()
                assert close(ours, theirs["est"]["coefficient_value"]), (seed, name)
            for level, weight in weighted.items():
                theirs = cac(frame.copy(), weight, categories=categories, digits=15).gwet()
                assert close(value(by_level[level]["gwet_ac2"]), theirs["est"]["coefficient_value"]), (seed, level)


def test_ordinal_alpha_is_krippendorff_s_and_not_irrcac_s() -> None:
    """Two raters give four items 1 1, 1 2, 2 2, 3 3: values 1, 2, 3 occur n = 3, 3, 2 times, 8 in all.

    Krippendorff (2004, section 11.3.3) takes the distance from how often values occur: d12 = (3/2 + 3/2)^2 = 9,
    d23 = (3/2 + 2/2)^2 = 6.25, d13 = (3/2 + 3 + 2/2)^2 = 30.25. One item disagrees, 1 with 2, in both orders: Do =
    2 * 9 / 8. De = 2 (3*3*9 + 3*2*6.25 + 3*2*30.25) / (8 * 7) = 600 / 56. alpha = 1 - (18/8) / (600/56) = 0.79.

    irrCAC puts Gwet's ordinal weights in, which look at the number of categories between two alone: distances 1, 1, 3
    and 1 - (2/8) / (2 (9 + 6 + 18) / 56) = 1 - 14/66 = 0.7879. That is an alpha with other weights, and not the ordinal
    alpha that Krippendorff defined; so irrCAC is right in its sums and wrong in the name.
    """
    table = [[0, 0], [0, 1], [1, 1], [2, 2]]
    assert close(value(figures(ratings_of(table, 3), Level.ORDINAL)["krippendorff_alpha"]), 0.79)
    assert close(krippendorff.alpha(np.array(table, dtype=float).T, level_of_measurement="ordinal"), 0.79)
    cac = pytest.importorskip("irrCAC.raw", reason="irrCAC is not installed: pip install --no-deps irrCAC==0.4.4").CAC
    import pandas as pd

    theirs = cac(pd.DataFrame(table, dtype=float), "ordinal", digits=15).krippendorff()
    assert close(theirs["est"]["coefficient_value"], 1 - 14 / 66)
