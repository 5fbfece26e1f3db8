"""Sentences on what figures of agreement hide: a category that prevails, too few items, resamples without a value."""

from collections.abc import Mapping

import numpy as np

from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Figure, Measured
from accord.domain.wording import _, decimals, number, percent, plural

FEW_ITEMS = 20
"""With fewer doubly rated items an interval is so wide that the figure says little."""
WIDE = 0.5
"""A wider interval reaches over three or more of the words for agreement, each 0.2 wide (J. R. Landis and G. G. Koch,
Biometrics 33, 1977), so that none of them can be said. That words need the precision of the figure: K. L. Gwet,
Handbook of Inter-Rater Reliability, 4th ed. 2014, chapter 6."""
APART = 0.2
"""How far two coefficients are from each other where the cause is named."""
_MANY_LOST = 0.05
_HALF = 0.5
_NOTHING = 1e-12


def warnings_of(ratings: Ratings, figures: Mapping[str, Figure], undefined: Mapping[str, float]) -> tuple[str, ...]:
    """Return the sentences to read with these figures.

    ``undefined``: for some of them, the share of replicates in which they had no value.
    """
    found = [_too_few(ratings, figures), _parting(ratings, figures)]
    worst = max(undefined.values(), default=0.0)
    if worst > _MANY_LOST:
        found.append(
            _(
                "In {share} of the resamples all ratings were the same and some coefficients had no value; "
                "their intervals rest on the others.",
                share=percent(worst),
            )
        )
    return tuple(sentence for sentence in found if sentence)


def too_wide(figure: Figure | None) -> bool:
    """Say whether a coefficient's interval is wider than ``WIDE``."""
    return isinstance(figure, Measured) and figure.ci95 is not None and figure.ci95[1] - figure.ci95[0] > WIDE


def _too_few(ratings: Ratings, figures: Mapping[str, Figure]) -> str:
    n, alpha = ratings.doubly_rated, figures.get("krippendorff_alpha")
    if n < FEW_ITEMS and ratings.items:
        return plural(
            "Only {n} item was rated by two people or more. With fewer than {few} the figures say little: "
            "have more items reviewed twice.",
            "Only {n} items were rated by two people or more. With fewer than {few} the figures say little: "
            "have more items reviewed twice.",
            n,
            few=number(FEW_ITEMS),
        )
    if isinstance(alpha, Measured) and alpha.ci95 is not None and too_wide(alpha):
        return _(
            "Alpha may be anything from {low} to {high} (95%), too wide to say how strong the agreement is: have more "
            "items reviewed twice.",
            low=decimals(alpha.ci95[0]),
            high=decimals(alpha.ci95[1]),
        )
    return ""


def _parting(ratings: Ratings, figures: Mapping[str, Figure]) -> str:
    """Return why coefficients part ways that are thought to measure the same."""
    if told := _single_ratings(ratings, figures):
        return told
    ac1 = figures.get("gwet_ac1")
    for key, name in (("cohen_kappa", _("Cohen's kappa")), ("fleiss_kappa", _("Fleiss' kappa"))):
        kappa = figures.get(key)
        if isinstance(kappa, Measured) and isinstance(ac1, Measured):
            return _chance(name, kappa, ac1, ratings) if ac1.value - kappa.value >= APART else ""
    return ""


def _single_ratings(ratings: Ratings, figures: Mapping[str, Figure]) -> str:
    """Return what items with one rating do to Fleiss' kappa: they add to its agreement by chance alone."""
    kappa, agreed = figures.get("fleiss_kappa"), figures.get("percent_agreement")
    single = ratings.items - ratings.doubly_rated
    if not single or not isinstance(kappa, Measured) or not isinstance(agreed, Measured):
        return ""
    sizes = ratings.sizes
    times = np.where(sizes > 1, ratings.times, 0)[ratings.rows]
    q = len(ratings.categories)
    mix = np.bincount(ratings.cats, weights=ratings.counts * times / sizes[ratings.rows], minlength=q) / kappa.n
    chance = float((mix**2).sum())
    if 1 - chance < _NOTHING:
        return ""
    without = (agreed.value - chance) / (1 - chance)
    if abs(without - kappa.value) < APART:
        return ""
    return plural(
        "Fleiss' kappa is {kappa}, and would be {without} without {n} item that one person alone rated: like AC1 "
        "it takes agreement by chance from all {items}, alpha from the {double} that two or more rated.",
        "Fleiss' kappa is {kappa}, and would be {without} without the {n} items that one person alone rated: like AC1 "
        "it takes agreement by chance from all {items}, alpha from the {double} that two or more rated.",
        single,
        kappa=decimals(kappa.value),
        without=decimals(without),
        items=number(ratings.items),
        double=number(kappa.n),
    )


def _chance(name: str, kappa: Measured, ac1: Measured, ratings: Ratings) -> str:
    shares = ratings.shares()
    told = {"kappa_name": name, "kappa": decimals(kappa.value), "ac1": decimals(ac1.value)}
    if shares.max() <= _HALF:
        return _(
            "{kappa_name} is {kappa} and Gwet's AC1 is {ac1}: most ratings fall on some of the {n} categories, which "
            "kappa takes for agreement by chance and AC1 hardly. Read both with the percent agreement.",
            n=number(len(shares)),
            **told,
        )
    return _(
        "{kappa_name} is {kappa} and Gwet's AC1 is {ac1}: “{category}” makes up {share} of the ratings, and "
        "kappa falls where one category prevails. Read both with the percent agreement.",
        category=shown(ratings.categories[int(shares.argmax())]),
        share=percent(float(shares.max())),
        **told,
    )


def shown(value: str | float) -> str:
    """Return a category as a person wrote it: a whole number without its decimal point."""
    return value if isinstance(value, str) else str(int(value) if value.is_integer() else value)
