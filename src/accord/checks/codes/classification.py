"""What ICD-10-CM and the WHO's ICD-10 hold: whether a code exists, and which existing ones are nearest to it."""

import difflib
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")  # the lists also hold chapters (II) and blocks (A00-A09)
CATEGORY = 3
SUBCATEGORY = 5  # “J45.9”
SUGGESTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The codes of one classification, in order, and those that are divided further."""

    codes: tuple[str, ...]
    known: frozenset[str]
    divided: frozenset[str]
    categories: tuple[str, ...]

    def under(self, code: str) -> tuple[str, ...]:
        """Return the codes that begin with a code, itself included where it exists."""
        start, end = bisect_left(self.codes, code), bisect_left(self.codes, code + "~")
        return self.codes[start:end]


def _edition(listed: list[str]) -> Edition:
    codes = tuple(sorted(code for code in listed if _CODE.fullmatch(code)))
    divided = frozenset(one for one, after in pairwise(codes) if after.startswith(one))
    categories = tuple(code for code in codes if len(code) == CATEGORY)
    return Edition(codes=codes, known=frozenset(codes), divided=divided, categories=categories)


@cache
def clinical() -> Edition:
    """Return ICD-10-CM, the United States' clinical modification; about two seconds the first time."""
    import simple_icd_10_cm

    return _edition(simple_icd_10_cm.get_all_codes())


@cache
def international() -> Edition:
    """Return ICD-10 as the WHO publishes it."""
    import simple_icd_10

    return _edition(simple_icd_10.get_all_codes())


@lru_cache(maxsize=1000)
def nearest(code: str) -> tuple[str, ...]:
    """Return up to three existing codes that one that does not exist was probably meant to be, the likeliest first.

    They lie below the longest beginning of it that exists in either classification; where its category does not exist,
    the categories before and after it are returned.
    """
    for length in range(len(code), CATEGORY - 1, -1):
        parent = code[:length].rstrip(".")
        below = sorted({*clinical().under(parent), *international().under(parent)})
        if parent in below:
            return tuple(difflib.get_close_matches(code, below, n=SUGGESTED, cutoff=0.6)) or (parent,)
    categories = clinical().categories
    place = bisect_left(categories, code)
    return categories[max(place - 1, 0) : place + 1]
