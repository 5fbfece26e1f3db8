"""Chance-corrected coefficients: (pa - pe) / (1 - pe), which differ in what they take for agreement by chance, pe.

Missing ratings are treated as in K. L. Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014, chapters 2 to 5: pa is
the mean over items with two ratings or more, pe rests on all ratings. Each function takes the sums of B weightings of
the items and returns shape (B,), nan where the coefficient is not defined. ``weights``, shape (q, q), are 1 for equal
categories; None is the identity: categories agree or they do not.
"""

import numpy as np

from accord.analysis.agreement.sums import Sums
from accord.analysis.agreement.weights import F64

_NOTHING = 1e-12


def percent_agreement(sums: Sums, weights: F64 | None = None) -> F64:
    """Return the mean over items of the share of their pairs of ratings that agree (Fleiss 1971, P-bar).

    Item i with r_i ratings, r_ik of them of category k: sum_k r_ik (r_ik - 1) / (r_i (r_i - 1)).
    """
    return sums.agreement(weights)


def fleiss_kappa(sums: Sums, weights: F64 | None = None) -> F64:
    """Return Fleiss' kappa (Psychological Bulletin 76, 1971); for two raters Scott's pi (1955).

    pe = sum_kl w_kl pi_k pi_l, where pi_k is the mean over items of the share r_ik / r_i.
    """
    return _corrected(sums.agreement(weights), _meeting(sums.shares, sums.shares, weights))


def gwet_ac(sums: Sums, weights: F64 | None = None) -> F64:
    """Return Gwet's AC1, or with weights AC2 (British Journal of Mathematical and Statistical Psychology 61, 2008).

    pe = T_w / (q (q - 1)) sum_k pi_k (1 - pi_k), with T_w the sum of all weights (q for AC1) and pi_k as Fleiss' kappa.
    """
    q = len(sums.ratings.categories)
    if q < 2:  # noqa: PLR2004  (with one category there is no chance to speak of)
        return np.full(sums.items.shape, np.nan)
    total = q if weights is None else weights.sum()
    return _corrected(sums.agreement(weights), total / (q * (q - 1)) * (sums.shares * (1 - sums.shares)).sum(axis=0))


def brennan_prediger(sums: Sums, weights: F64 | None = None) -> F64:
    """Return Brennan and Prediger's coefficient (Educational and Psychological Measurement 41, 1981); Bennett's S.

    pe = T_w / q^2, without weights 1 / q, q being the number of categories that could be chosen.
    """
    q = max(len(sums.ratings.categories), 1)
    total = q if weights is None else weights.sum()
    return _corrected(sums.agreement(weights), np.full(sums.items.shape, total / q**2))


def conger_kappa(sums: Sums, weights: F64 | None = None) -> F64:
    """Return Conger's kappa (Psychological Bulletin 88, 1980), for two raters without missing ratings Cohen's.

    pe is the mean over pairs of raters g, h of sum_kl w_kl p_gk p_hl, where p_gk is the share of category k among all
    ratings of rater g. Needs to know who rated what.
    """
    p = sums.by_rater(only_double=False)
    raters = len(p)
    together = p.sum(axis=0)
    own = sum((_meeting(one, one, weights) for one in p), start=np.zeros(p.shape[2]))
    with np.errstate(invalid="ignore", divide="ignore"):
        pe = (_meeting(together, together, weights) - own) / (raters * (raters - 1.0))
    return _corrected(sums.agreement(weights), pe)


def cohen_kappa(sums: Sums, weights: F64 | None = None) -> F64:
    """Return Cohen's kappa of two raters (1960), with weights his weighted kappa (Psychological Bulletin 70, 1968).

    pe = sum_kl w_kl p_1k p_2l over the items that both rated; others are left out. Needs to know who rated what.
    """
    first, second = sums.by_rater(only_double=True)
    return _corrected(sums.agreement(weights), _meeting(first, second, weights))


def _meeting(a: F64, b: F64, weights: F64 | None) -> F64:
    """Return sum_kl w_kl a_k b_l for each column."""
    return np.asarray((a * (b if weights is None else weights @ b)).sum(axis=0))


def _corrected(pa: F64, pe: F64) -> F64:
    left = 1 - pe
    return np.asarray(np.divide(pa - pe, left, out=np.full(pa.shape, np.nan), where=left > _NOTHING))
