"""The rules for citations of cases: a reporter that exists, in a year that it covers, with a volume and a page."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from accord.checks.citations.answers import SHOWN, answers, rule_for_citations
from accord.checks.citations.reporters import Case, cases, is_whole, plain, reporters
from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Limits, Rule, Severity
from accord.domain.wording import mark

_DATABASE = mark("The reporters and their years in reporters-db of the Free Law Project, as eyecite reads them.")
_BLUEBOOK = mark("The Bluebook, rule 10: volume, reporter, first page, page meant, year.")
_TOLERATED = 2  # years: volumes collect what was decided before they began
_NAME = r"\bv[.s]?\s[A-Z][^\n(;\[]{0,80}?,\s"
_REPORTER = r"(?P<reporter>[A-Z][A-Za-z\d.'’]{0,20}(?:\s(?:[A-Z][A-Za-z\d.'’]{0,20}|\d(?:d|st|nd|rd|th))){0,5})"
_DATED = r"\s\((?:[^()\n]{0,40}\s)?(?:1[6-9]|2\d)\d\d\)(?!\s\d)"
_WHOLE = re.compile(rf"{_NAME}(?P<cite>\d{{1,4}}\s{_REPORTER}\s\d{{1,5}})(?:,\s\d[\d–-]*)?{_DATED}")
_NO_PAGE = re.compile(rf"{_NAME}(?P<cite>\d{{1,4}}\s{_REPORTER}){_DATED}")
_NO_VOLUME = re.compile(rf"{_NAME}(?P<cite>{_REPORTER}\s\d{{1,5}})(?:,\s\d[\d–-]*)?{_DATED}")
# Reports of other countries of the common law, which the database does not hold.
_COMMON_LAW = (
    "AC KB QB Ch WLR AllER CLR ALR ALJR NZLR SCR DLR OR SCC AIR ER CrAppR EHRR IR ILRM FCR NSWLR VR SASR FLR "
    "BCLR SALR SA BCLC ICR IRLR FSR RPC P&CR HLR LGR LloydsRep BHRC CMLR ECR SLT SC FamLaw FC CCC WWR MLJ SLR "
    "HKLRD"
)
_ABROAD = frozenset(_COMMON_LAW.split())


def _fulls(content: Content) -> Iterator[tuple[int, str, Case]]:
    for index, text, _before in answers(content):
        for case in cases(text):
            if not case.short:
                yield index, text, case


def _outside(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, case in _fulls(content):
        if case.year is None or case.year > _this_year():
            continue
        early = case.first is not None and case.year < case.first - _TOLERATED
        late = case.last is not None and case.year > case.last + _TOLERATED
        if early or late:
            years = f"{case.first or ''}–{case.last or ''}"
            details = {"words": text[case.start : case.end][:SHOWN], "year": str(case.year), "reporter": case.reporter}
            yield rule.at(index, case.start, case.end, **details, years=years)


def _future(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, case in _fulls(content):
        if case.year is not None and case.year > _this_year():
            words = text[case.start : case.end][:SHOWN]
            yield rule.at(index, case.start, case.end, words=words, year=str(case.year))


def _pins(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, case in _fulls(content):
        if case.pin is not None and case.page.isdecimal() and case.pin < int(case.page):
            words = text[case.start : case.end][:SHOWN]
            yield rule.at(index, case.start, case.end, words=words, pin=str(case.pin), page=case.page)


def _incomplete(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, case in _fulls(content):
        if not case.page.strip("_-–— "):
            yield rule.at(index, case.start, case.end, words=text[case.start : case.end][:SHOWN])
    for index, text, _before in answers(content):
        for pattern in (_NO_PAGE, _NO_VOLUME):
            for found in pattern.finditer(text):
                # Some reporters have one volume, which is not numbered (Abb. Adm. 418).
                if plain(found["reporter"]) in reporters() and not is_whole(found["cite"]):
                    yield rule.at(index, *found.span("cite"), words=found["cite"][:SHOWN])


def _unknown(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        read = [case.end for case in cases(text)]
        for found in _WHOLE.finditer(text):
            name, (start, end) = plain(found["reporter"]), found.span("cite")
            after = bisect_right(read, start)
            if name in _ABROAD or name in reporters() or (after < len(read) and cases(text)[after].start < end):
                continue
            yield rule.at(index, start, end, words=found["cite"][:SHOWN], reporter=found["reporter"][:SHOWN])


def _short(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    known: set[tuple[str, str]] = set()
    for index, message in enumerate(content.messages):
        text = message.content
        for case in cases(text):
            if not case.short:
                known.add((case.volume, case.reporter))
            elif message.role is Role.ASSISTANT and (case.volume, case.reporter) not in known:
                yield rule.at(index, case.start, case.end, words=text[case.start : case.end][:SHOWN])


def _this_year() -> int:
    return datetime.now(UTC).year


_rule = partial(rule_for_citations, needs="eyecite")

RULES = (
    _rule(
        name="unknown-reporter",
        severity=Severity.WARNING,
        title=mark("Reporter that is not known"),
        sentence=mark("“{words}”: no reporter is known as {reporter}."),
        source=_DATABASE,
        find=_unknown,
    ),
    _rule(
        name="case-outside-reporter",
        severity=Severity.WARNING,
        title=mark("Year that the reporter does not cover"),
        sentence=mark("“{words}” is of {year}; {reporter} covers {years}."),
        source=_DATABASE,
        find=_outside,
    ),
    _rule(
        name="case-in-future",
        severity=Severity.ERROR,
        title=mark("Case of a year to come"),
        sentence=mark("“{words}” is of {year}, which is yet to come."),
        source=_BLUEBOOK,
        find=_future,
    ),
    _rule(
        name="case-incomplete",
        severity=Severity.WARNING,
        title=mark("Case without volume or page"),
        sentence=mark("“{words}” is incomplete: a volume, a reporter and a page make a citation."),
        source=_BLUEBOOK,
        find=_incomplete,
    ),
    _rule(
        name="pin-before-case",
        severity=Severity.WARNING,
        title=mark("Page before the case begins"),
        sentence=mark("“{words}”: page {pin} is meant, and the case begins on page {page}."),
        source=_BLUEBOOK,
        find=_pins,
    ),
    _rule(
        name="short-citation-alone",
        severity=Severity.NOTE,
        title=mark("Short citation without the full one"),
        sentence=mark("“{words}” is short for a citation that is not given before it."),
        source=_BLUEBOOK,
        find=_short,
    ),
)
