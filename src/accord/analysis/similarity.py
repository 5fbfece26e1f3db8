"""Which texts are most like a query: overlap of words, a rare word weighing more than a common one."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from accord.analysis.shingles import counts_characters, normalised, white_space_folded

_WORD = re.compile(r"\w+")
_CHARACTERS = 2


def nearest(query: str, candidates: Sequence[tuple[str, str]], *, limit: int) -> list[tuple[str, float]]:
    """Return (id, score) of the ``limit`` candidates, given as (id, text), most like the query, best first.

    The score is the weighted Jaccard similarity of the two sets of words, above 0 to 1; a word weighs
    ``log(1 + N / n)`` where n of N candidates have it (inverse document frequency, Sparck Jones 1972). Texts in scripts
    without spaces between words are compared by pairs of characters. Ties are in the order of the ids; candidates that
    share no word are left out.
    """
    wanted = _terms(query)
    if not wanted or limit < 1:
        return []
    terms = [_terms(text) for _id, text in candidates]
    holding = Counter(term for found in terms for term in found)
    n = len(candidates)
    weight = {term: log(1 + n / count) for term, count in holding.items()}
    # A word of the query that no candidate has is as rare as can be.
    unseen = log(1 + n)
    asked = sum(weight.get(term, unseen) for term in sorted(wanted))
    scored = []
    for (id_, _text), found in zip(candidates, terms, strict=True):
        shared = sum(weight[term] for term in sorted(wanted & found))
        if shared > 0:
            scored.append((id_, shared / (asked + sum(weight[term] for term in sorted(found - wanted)))))
    scored.sort(key=lambda hit: (-hit[1], hit[0]))
    return scored[:limit]


def _terms(text: str) -> set[str]:
    normal = normalised(text)
    if not counts_characters(normal):
        return set(_WORD.findall(normal))
    folded = white_space_folded(normal)
    return {folded[i : i + _CHARACTERS] for i in range(max(len(folded) - _CHARACTERS, 0) + 1)}
