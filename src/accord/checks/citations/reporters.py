"""Case citations as eyecite reads them: volume, reporter, page, the page that is meant, and the year."""

import logging
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

# Reading costs a millisecond: only for text with a volume, something like a reporter and a page.
_MAY_CITE = re.compile(r"\b\d{1,4}\s+[A-Z][\w.'’ ]{0,40}?\s(?:at\s|\([^()\n]{1,20}\)\s)?(?:\d|_{2})")
_YEAR = re.compile(r"[^()\n;]{0,120}?\((?:[^()\n]{0,60}?[ .,])?(?P<year>(?:1[6-9]|2\d)\d\d)\)")
_OTHER_CASE = re.compile(r"\bv[.s]?\s|\b(?:and|see|cf|also|but|under|with)\b", re.IGNORECASE)
# The database begins with the name of today; what the official volumes reprint is older.
_BEGINS = {"U.S.": 1754, "L. Ed.": 1754}
_ONLINE = re.compile(r"WL|LEXIS")  # numbers of a database, without volumes and pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case citation at code points ``start`` to ``end``; ``pin``: the page that is meant, None where none is given.

    ``short``: names a case that was cited before (347 U.S. at 490). ``first`` and ``last``: the years that the reporter
    covers, None where that is not known or it is still published.
    """

    start: int
    end: int
    volume: str
    reporter: str
    page: str
    pin: int | None
    year: int | None
    short: bool
    first: int | None
    last: int | None


@lru_cache(maxsize=8)
def cases(text: str) -> tuple[Case, ...]:
    """Return the case citations of a text, in its order."""
    if not _MAY_CITE.search(text):
        return ()
    from eyecite import get_citations
    from eyecite.models import FullCaseCitation, ShortCaseCitation

    logging.getLogger("eyecite").setLevel(logging.CRITICAL)  # it would write of citations that overlap, with their text
    cited = [one for one in get_citations(text) if isinstance(one, FullCaseCitation | ShortCaseCitation)]
    return tuple(_case(text, one, short=isinstance(one, ShortCaseCitation)) for one in cited)


def is_whole(words: str) -> bool:
    """Say whether words are a citation by themselves."""
    from eyecite import get_citations

    return bool(get_citations(words))


@cache
def reporters() -> frozenset[str]:
    """Return the names of all reporters that are known, without points and spaces."""
    from eyecite.tokenizers import EDITIONS_LOOKUP

    return frozenset(plain(name) for name in EDITIONS_LOOKUP)


def plain(name: str) -> str:
    """Return the name of a reporter without points and spaces, by which it is compared."""
    return re.sub(r"[\s.’']", "", name)


def _case(text: str, cited: Any, *, short: bool) -> Case:
    start, end = cited.span()
    editions = [(_begin(each), each.end.year if each.end else None) for each in cited.all_editions]
    begins, ends = [first for first, _last in editions], [last for _first, last in editions]
    pin = re.match(r"\d+", cited.metadata.pin_cite or "")
    return Case(
        start=start,
        end=end,
        volume=cited.groups.get("volume") or "",
        reporter=cited.corrected_reporter(),
        page=cited.groups.get("page") or "",
        pin=int(pin.group()) if pin and not short else None,
        year=None if _ONLINE.search(cited.corrected_reporter()) else _year(text, end),
        short=short,
        first=None if None in begins else min((each for each in begins if each), default=None),
        last=None if None in ends else max((each for each in ends if each), default=None),
    )


def _begin(edition: Any) -> int | None:
    return _BEGINS.get(edition.short_name, edition.start.year if edition.start else None)


def _year(text: str, end: int) -> int | None:
    found = _YEAR.match(text, end)
    return int(found["year"]) if found and not _OTHER_CASE.search(found.group().split("(")[0]) else None
