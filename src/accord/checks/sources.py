"""The age of sources: by the dates that came with an example, whether what it was taken from is old."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from accord.checks.citations.answers import SHOWN, rule_for_citations
from accord.domain.content import Content
from accord.domain.findings import Finding, Limits, Rule, Severity
from accord.domain.wording import mark

_ISO = re.compile(r"((?:19|20)\d\d)-?(0[1-9]|1[0-2])(?:-?([0-2]\d|3[01]))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
LAST_MONTH = 12


def read_date(written: str) -> date | None:
    """Return the day that a source is of; None where no year can be read.

    ISO 8601 is read to the day or the month. Of any other form only the last year counts, to its last day: which of
    two numbers is the month depends on where the source comes from.
    """
    text = written.strip()
    if iso := _ISO.match(text):
        year, month, day = iso.groups()
        try:
            return date(int(year), int(month), int(day or 1))
        except ValueError:
            return None  # 2023-02-30
    years = _YEAR.findall(text)
    return date(int(years[-1]), LAST_MONTH, 31) if years else None


def stale(source_date: str, today: date, years: int) -> bool | None:
    """Say whether a source is older than so many years; None where its date cannot be read or is yet to come."""
    day = read_date(source_date)
    if day is None or (day.year, day.month) > (today.year, LAST_MONTH) or day.year > today.year:
        return None
    return day.replace(day=min(day.day, 28)) < today.replace(year=max(today.year - years, 1), day=min(today.day, 28))


def of_dates(content: Content, dates: Sequence[str], limits: Limits, today: date) -> list[Finding]:
    """Return what is to be said of the dates of all sources of one example, the youngest of which counts.

    A source without a date says nothing. The finding is about the answer as a whole.
    """
    given = [each.strip() for each in dates if each.strip()]
    if not limits.source_years or not given:
        return []
    judged = {each: stale(each, today, limits.source_years) for each in given}
    if False in judged.values():
        return []
    old = sorted(each for each, is_old in judged.items() if is_old)
    rule, shown = (OLD_SOURCE, max(old, key=_day)) if old else (UNREAD_DATE, given[0])
    if rule.name in limits.off:
        return []
    index = content.answer_index or 0
    end = len(content.messages[index].content) if content.messages else 0
    details = {"date": shown[:SHOWN]} | ({"years": str(limits.source_years)} if old else {})
    return [rule.at(index, 0, end, **details)]


def _day(written: str) -> date:
    return read_date(written) or date.min


def _nothing(_rule: Rule, _content: Content, _limits: Limits) -> Iterator[Finding]:
    """A content does not hold the dates of its sources: ``of_dates`` is given them."""
    yield from ()


OLD_SOURCE = rule_for_citations(
    name="old-source",
    severity=Severity.WARNING,
    title=mark("Old source"),
    sentence=mark("The source is of {date}, more than {years} years ago. Is it still what holds?"),
    source=mark(
        "The project's own limit. Five years is what the National Guideline Clearinghouse took in; half of the "
        "guidelines were out of date after 5.8 (Shekelle et al., JAMA 2001;286:1461)."
    ),
    find=_nothing,
)
UNREAD_DATE = rule_for_citations(
    name="unread-source-date",
    severity=Severity.NOTE,
    title=mark("Date of a source that cannot be read"),
    sentence=mark("“{date}” is no date of a source that can be read: how old it is, nobody can say."),
    source=mark("ISO 8601, or any date with a year of four digits that is not yet to come."),
    find=_nothing,
)
RULES = (OLD_SOURCE, UNREAD_DATE)
