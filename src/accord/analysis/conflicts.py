"""Whether answers to one request contradict each other."""

from collections.abc import Sequence
from itertools import combinations

from accord.analysis.shingles import shingle_set


def conflicting(answers: Sequence[str], *, threshold: float = 0.8) -> bool:
    """Tell whether some two answers to the same request are less alike than ``threshold`` (exact Jaccard of shingles).

    Equal answers never conflict, and a blank one says nothing to conflict with.
    """
    # Many reviewers give the same answer: each different one is compared once. The order makes the extremes of length
    # meet first, where a conflict shows soonest.
    sets = sorted({shingle_set(answer) for answer in set(answers)} - {frozenset()}, key=len)
    if len(sets) > 1 and len(sets[0]) < threshold * len(sets[-1]):
        return True
    return any(_similarity(a, b) < threshold for a, b in combinations(sets, 2))


def _similarity(a: frozenset[str], b: frozenset[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)
