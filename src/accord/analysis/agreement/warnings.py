"""Sentences on what figures of agreement hide: a category that prevails, too few items, resamples without a value."""

from collections.abc import Mapping

from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Figure, Measured
from accord.domain.wording import _, number, percent, plural

FEW_ITEMS = 20
"""With fewer doubly rated items an interval is so wide that the figure says little."""
APART = 0.2
"""How far AC1 is above kappa where a category that prevails is named as the cause."""
_MANY_LOST = 0.05


def warnings_of(ratings: Ratings, figures: Mapping[str, Figure], undefined: Mapping[str, float]) -> tuple[str, ...]:
    """Return the sentences to read with these figures.

    ``undefined``: for some of them, the share of replicates in which they had no value.
    """
    found = [_too_few(ratings), _prevalence(ratings, figures)]
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


def _too_few(ratings: Ratings) -> str:
    n = ratings.doubly_rated
    if n >= FEW_ITEMS or not ratings.items:
        return ""
    return plural(
        "Only {n} item was rated by two people or more. With fewer than {few} the figures say little: "
        "have more items reviewed twice.",
        "Only {n} items were rated by two people or more. With fewer than {few} the figures say little: "
        "have more items reviewed twice.",
        n,
        few=number(FEW_ITEMS),
    )


def _prevalence(ratings: Ratings, figures: Mapping[str, Figure]) -> str:
    ac1 = figures.get("gwet_ac1")
    names = {"cohen_kappa": _("Cohen's kappa"), "fleiss_kappa": _("Fleiss' kappa")}
    for name, called in names.items():
        kappa = figures.get(name)
        if isinstance(kappa, Measured) and isinstance(ac1, Measured):
            if ac1.value - kappa.value < APART:
                return ""
            shares = ratings.shares()
            return _(
                "{kappa_name} is {kappa} and Gwet's AC1 is {ac1}: “{category}” makes up {share} of the ratings, and "
                "kappa falls where one category prevails, even though people agree. Read both with the percent "
                "agreement.",
                kappa_name=called,
                kappa=f"{kappa.value:.2f}",
                ac1=f"{ac1.value:.2f}",
                category=shown(ratings.categories[int(shares.argmax())]),
                share=percent(float(shares.max())),
            )
    return ""


def shown(value: str | float) -> str:
    """Return a category as a person wrote it: a whole number without its decimal point."""
    return value if isinstance(value, str) else str(int(value) if value.is_integer() else value)
