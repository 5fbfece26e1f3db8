"""Whether answers to one request contradict each other."""

from collections.abc import Sequence
from itertools import combinations

from accord.analysis.shingles import shingle_set


def conflicting(answers: Sequence[str], *, threshold: float = 0.8) -> bool:
    """Tell whether some two answers to the same request are less alike than ``threshold`` (exact Jaccard of shingles).

    Equal answers never conflict, and a blank one says nothing to conflict with.
    """
    # Most conflicts show in the first pair when the extremes of length meet first, so shingles are cut only as needed.
    texts = sorted({answer for answer in answers if answer.strip()}, key=lambda text: (len(text), text))
    if len(texts) < 2:  # noqa: PLR2004  (a conflict takes two)
        return False
    shortest = shingle_set(texts[0])
    sets = [shortest]
    for text in reversed(texts[1:]):
        sets.append(shingle_set(text))
        if _similarity(shortest, sets[-1]) < threshold:
            return True
    return any(_similarity(a, b) < threshold for a, b in combinations(set(sets), 2))


def _similarity(a: frozenset[str], b: frozenset[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)
