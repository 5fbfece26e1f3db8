"""What figures of agreement say in plain words, with what one has to know to believe them.

The words for how strong an agreement is are those of J. R. Landis and G. G. Koch (Biometrics 33, 1977).
"""

from bisect import bisect_left

from accord.analysis.agreement.warnings import APART, FEW_ITEMS, too_wide
from accord.domain.agreement import Agreement, Figure, Measured
from accord.domain.project_agreement import Question
from accord.domain.wording import _, between, decimals, number, percent, plural

_FROM = (0.0, 0.2, 0.4, 0.6, 0.8)


def strength(value: float) -> str:
    """Return the word for a coefficient."""
    words = (_("no better than chance"), _("slight"), _("fair"), _("moderate"), _("substantial"), _("almost perfect"))
    return words[bisect_left(_FROM, value)]


def of_question(question: Question, agreement: Agreement, *, differing: int, decided: int, settled: Figure) -> str:
    """Return the sentence for a question, and what became of the differences."""
    said = _figures(question.title, agreement)
    if not differing or not isinstance(settled, Measured):
        return said
    became = plural(
        "{n} example differs; {decided} decided, so {share} are agreed or decided.",
        "{n} examples differ; {decided} decided, so {share} are agreed or decided.",
        differing,
        decided=number(decided),
        share=percent(settled.value),
    )
    return f"{said} {became}"


def _figures(name: str, agreement: Agreement) -> str:
    share, alpha = agreement.figures["percent_agreement"], agreement.figures["krippendorff_alpha"]
    if not isinstance(share, Measured):
        return _("{name}: not measured. {reason}", name=name, reason=share.reason)
    if not isinstance(alpha, Measured):
        return _(
            "{name}: {share} agree in {n} double reviews, but alpha is undefined. {reason}",
            name=name,
            share=percent(share.value),
            n=number(share.n),
            reason=alpha.reason,
        )
    word = strength(alpha.value)
    few = _("{name}: {word}, but too few double reviews ({n}) to be sure.", name=name, word=word, n=number(alpha.n))
    if alpha.n < FEW_ITEMS:
        return few
    ac1 = agreement.figures["gwet_ac1"]
    if isinstance(ac1, Measured) and ac1.value - alpha.value >= APART:
        return _(
            "{name}: {word} by alpha ({alpha}), {other} by Gwet's AC1 ({ac1}): {share} agree in {n} double reviews, "
            "of which alpha takes more for chance.",
            name=name,
            word=word,
            alpha=decimals(alpha.value),
            other=strength(ac1.value),
            ac1=decimals(ac1.value),
            share=percent(share.value),
            n=number(alpha.n),
        )
    if too_wide(alpha):
        return few
    return _(
        "{name}: {word} (alpha {alpha}{interval}, {n} double reviews).",
        name=name,
        word=word,
        alpha=decimals(alpha.value),
        interval="" if alpha.ci95 is None else f" {between(*alpha.ci95)}",
        n=number(alpha.n),
    )


def of_oneself(reviewer: str, share: Figure, *, me: bool) -> str:
    """Return how far a person agrees with herself."""
    if not isinstance(share, Measured):
        return share.reason
    if share.n < FEW_ITEMS:
        alike = number(round(share.value * share.n))
        if me:
            return _(
                "You said the same again of {alike} of {n}: too few to say how far you agree with yourself.",
                alike=alike,
                n=number(share.n),
            )
        return _(
            "{name} said the same again of {alike} of {n}: too few to say more.",
            name=reviewer,
            alike=alike,
            n=number(share.n),
        )
    low, high = share.ci95 or (share.value, share.value)
    told = f"{percent(share.value)} [{low * 100:.0f}, {high * 100:.0f}]"
    if me:
        return _("You agree with yourself {share}, n {n}.", share=told, n=number(share.n))
    return _("{name} says the same again {share}, n {n}.", name=reviewer, share=told, n=number(share.n))
