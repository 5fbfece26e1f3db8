"""All figures of a table of ratings at once: each with its interval and n, or the reason why it is not defined."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from accord.analysis.agreement import alpha, coefficients, weights
from accord.analysis.agreement.bootstrap import REPLICATES, Coefficient, interval, replicate_values
from accord.analysis.agreement.ratings import Ratings
from accord.analysis.agreement.sums import Contributions, once
from accord.analysis.agreement.warnings import warnings_of
from accord.analysis.agreement.weights import F64
from accord.domain.agreement import Agreement, Figure, Level, Measured, Undefined
from accord.domain.wording import _

_TWO = 2
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A coefficient to be measured; ``missing`` is the reason why these ratings cannot define it, or nothing."""

    value: Coefficient
    missing: str = ""


def measure(
    ratings: Ratings, *, level: Level = Level.NOMINAL, replicates: int = REPLICATES, seed: int = 0
) -> Agreement:
    """Return every coefficient of the ratings, by its name on the command line.

    Alpha takes the distance of the level. The kappas, AC1 and Brennan-Prediger tell only same from different at every
    level; above the nominal one Cohen's kappa with linear and quadratic weights and AC2 join them.
    """
    figures, doubtful = _figures(ratings, _wanted(ratings, level), replicates, seed)
    return Agreement(
        items=ratings.items,
        raters=ratings.most,
        categories=ratings.categories,
        figures=figures,
        warnings=warnings_of(ratings, figures, doubtful),
    )


def measure_each(
    ratings: Ratings, wanted: Mapping[str, Wanted], *, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, Figure]:
    """Return these coefficients of the ratings; all see the same replicates."""
    return _figures(ratings, wanted, replicates, seed)[0]


def alpha_of_distance(ratings: Ratings, distance: F64, *, replicates: int = REPLICATES, seed: int = 0) -> Figure:
    """Return Krippendorff's alpha for a distance between categories, shape (q, q): see ``alpha.of_distance``."""
    wanted = Wanted(value=partial(alpha.of_distance, distance=distance), missing=_never_twice(ratings))
    return measure_each(ratings, {"alpha": wanted}, replicates=replicates, seed=seed)["alpha"]


def _wanted(ratings: Ratings, level: Level) -> dict[str, Wanted]:
    never, known, pair = _never_twice(ratings), _unknown_raters(ratings), _not_two(ratings)
    plain: dict[str, tuple[Callable[..., F64], str]] = {
        "percent_agreement": (coefficients.percent_agreement, never),
        "krippendorff_alpha": _alpha(ratings, level, never),
        "fleiss_kappa": (coefficients.fleiss_kappa, never),
        "gwet_ac1": (coefficients.gwet_ac, never),
        "conger_kappa": (coefficients.conger_kappa, never or known),
        "brennan_prediger": (coefficients.brennan_prediger, never),
        "cohen_kappa": (coefficients.cohen_kappa, never or known or pair),
    }
    weighted = {
        "cohen_kappa_linear": (coefficients.cohen_kappa, weights.linear, never or known or pair),
        "cohen_kappa_quadratic": (coefficients.cohen_kappa, weights.quadratic, never or known or pair),
        "gwet_ac2": (coefficients.gwet_ac, None, never),
    }
    found = {name: Wanted(value=value, missing=missing) for name, (value, missing) in plain.items()}
    for name, (value, by_position, missing) in weighted.items():
        why = missing or _unweighted(ratings, level)
        if why:
            found[name] = Wanted(value=value, missing=why)
        else:
            x = weights.positions(ratings.categories, level)
            matrix = weights.of_level(ratings.categories, level) if by_position is None else by_position(x)
            found[name] = Wanted(value=partial(value, weights=matrix))
    return found


def _alpha(ratings: Ratings, level: Level, never: str) -> tuple[Callable[..., F64], str]:
    if never or level is Level.NOMINAL:
        return alpha.nominal, never
    if level is Level.ORDINAL:
        return alpha.ordinal, ""
    x = weights.positions(ratings.categories, level)
    if level is Level.INTERVAL:
        return partial(alpha.interval, x=x), ""
    if why := _too_many(ratings):
        return alpha.of_distance, why
    return partial(alpha.of_distance, distance=weights.ratio_distance(x)), ""


def _figures(
    ratings: Ratings, wanted: Mapping[str, Wanted], replicates: int, seed: int
) -> tuple[dict[str, Figure], dict[str, float]]:
    """Return the figures, and the share of replicates in which a coefficient was not defined, where it was not 0."""
    contributions = Contributions(ratings)
    sums = once(contributions)
    points = {name: float(one.value(sums)[0]) for name, one in wanted.items() if not one.missing}
    defined = {name: wanted[name].value for name, value in points.items() if not np.isnan(value)}
    drawn = replicate_values(contributions, defined, replicates=replicates, seed=seed)
    n = ratings.doubly_rated
    figures: dict[str, Figure] = {}
    for name, one in wanted.items():
        if name in defined:
            # One item drawn again and again is no sample: its interval would have no width.
            ci95 = interval(drawn[name]) if n >= _TWO else None
            ends = None if ci95 is None else (_without_noise(ci95[0]), _without_noise(ci95[1]))
            figures[name] = Measured(value=_without_noise(points[name]), ci95=ends, n=n)
        else:
            figures[name] = Undefined(reason=one.missing or _one_category(ratings))
    lost = {name: float(np.isnan(values).mean()) for name, values in drawn.items() if n >= _TWO and replicates}
    return figures, {name: share for name, share in lost.items() if share > 0}


def _without_noise(value: float) -> float:
    """Return a figure without the last digits that arithmetic leaves behind, so that nothing is 0 and not -3e-15."""
    return round(value, _DIGITS) + 0.0


def _never_twice(ratings: Ratings) -> str:
    if not ratings.items:
        return _("There is no rating.")
    return "" if ratings.doubly_rated else _("No item was rated by two people.")


def _unknown_raters(ratings: Ratings) -> str:
    return _("A table of counts does not say who rated what.") if ratings.codes is None else ""


def _not_two(ratings: Ratings) -> str:
    if ratings.most == _TWO:
        return ""
    return _("Cohen's kappa is for two raters; here are {n}.", n=ratings.most)


def _unweighted(ratings: Ratings, level: Level) -> str:
    if level is Level.NOMINAL:
        return _("Weights need an order of the categories; at the nominal level they have none.")
    return _too_many(ratings) or (_one_category(ratings) if len(ratings.categories) < _TWO else "")


def _too_many(ratings: Ratings) -> str:
    if len(ratings.categories) <= weights.MOST_CATEGORIES:
        return ""
    return _("There are more than {n} different values.", n=weights.MOST_CATEGORIES)


def _one_category(ratings: Ratings) -> str:
    if np.count_nonzero(ratings.shares()) > 1:
        return _(
            "All ratings of the items that two or more rated are the same, so agreement by chance is complete and "
            "there is nothing to compare it with."
        )
    return _("All ratings are the same, so agreement by chance is complete and there is nothing to compare it with.")
