"""All coefficients of agreement with 1,000 bootstrap replicates, beside other packages' point values, in one run.

.venv/bin/python tests/benchmarks/bench_agreement.py [--items 100000]

100,000 items by 5 raters, 5 categories, a tenth of the ratings missing. Both sides begin with the same array of numbers.
irrCAC takes part where it is installed (pip install --no-deps irrCAC==0.4.4); krippendorff, scikit-learn and statsmodels
are among the development packages.
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Level, Measured

RATERS, CATEGORIES, REPLICATES = 5, 5, 1000
SAME = 1e-9
Values = dict[str, float]


def ratings(items: int) -> npt.NDArray[np.float64]:
    """Return values 1 to 5, shape (items, raters), nan where missing."""
    draw = np.random.default_rng(4)
    truth = draw.integers(1, CATEGORIES + 1, (items, 1))
    guessed = draw.integers(1, CATEGORIES + 1, (items, RATERS))
    table = np.where(draw.random((items, RATERS)) < 0.7, truth, guessed).astype(np.float64)
    table[draw.random(table.shape) < 0.1] = np.nan
    return table


def ours(table: npt.NDArray[np.float64], replicates: int) -> Values:
    """Measure every coefficient at the ordinal level, and alpha at all four."""
    values, codes = np.unique(table, return_inverse=True)
    missing = np.isnan(table)
    categories = [float(value) for value in values[~np.isnan(values)]]
    found = Ratings.of_codes(np.where(missing, -1, codes.reshape(table.shape)), categories)
    all_ = measure(found, level=Level.ORDINAL, replicates=replicates).figures
    return {name: figure.value for name, figure in all_.items() if isinstance(figure, Measured)}


def of_krippendorff(table: npt.NDArray[np.float64]) -> Values:
    """Compute ordinal alpha as its package does."""
    return {"krippendorff_alpha": float(krippendorff.alpha(table.T, level_of_measurement="ordinal"))}


def of_irrcac(table: npt.NDArray[np.float64]) -> Values:
    """Compute what irrCAC has of the rest."""
    pandas = import_module("pandas")
    cac: Callable[..., Any] = import_module("irrCAC.raw").CAC
    categories = [float(k) for k in range(1, CATEGORIES + 1)]
    frame = pandas.DataFrame(table)
    methods = {"gwet_ac1": "gwet", "fleiss_kappa": "fleiss", "conger_kappa": "conger", "brennan_prediger": "bp"}
    found = {}
    for name, method in methods.items():
        made = cac(frame.copy(), "identity", categories=categories, digits=15)
        found[name] = float(getattr(made, method)()["est"]["coefficient_value"])
    made = cac(frame.copy(), "ordinal", categories=categories, digits=15)
    return {**found, "gwet_ac2": float(made.gwet()["est"]["coefficient_value"])}


def timed(work: Callable[[], Values]) -> tuple[Values, float]:
    """Return what the work gives and how many seconds it took, the better of two runs."""
    seconds = []
    for _run in range(2):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return found, min(seconds)


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and print it; return 1 if a value differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=100_000)
    items = parser.parse_args(arguments).items
    table = ratings(items)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, plain = timed(lambda: of_krippendorff(table))
        beside = {"krippendorff": plain}
        if find_spec("irrCAC"):
            more, beside["irrCAC"] = timed(lambda: of_irrcac(table))
            theirs |= more
    point, alone = timed(lambda: ours(table, 0))
    found, seconds = timed(lambda: ours(table, REPLICATES))
    print(f"agreement, {items:,} items x {RATERS} raters, {CATEGORIES} categories, 10% missing")
    print(f"  {len(found)} coefficients, point values       {alone:8.3f} s")
    print(f"  with {REPLICATES:,} replicates each         {seconds:8.3f} s")
    for name, took in beside.items():
        print(f"  {name:12s} point values alone     {took:8.3f} s")
    ratio = sum(beside.values()) / seconds
    goal = "" if "irrCAC" in beside else "  (irrCAC is not installed)"
    print(f"  times faster                       {ratio:8.2f}   goal 1{'' if ratio >= 1 else '  MISSED'}{goal}")
    wrong = [name for name, value in theirs.items() if abs(found[name] - value) > SAME or found != point]
    print(f"  values that differ                 {len(wrong):8d}   floor 0, of {len(theirs)} {' '.join(wrong)}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
