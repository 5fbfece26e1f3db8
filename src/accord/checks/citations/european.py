"""The rules for European sources: the form of an ECLI and a CELEX number, the order of number and year of an act."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from accord.checks.citations.answers import SHOWN, answers, rule_for_citations
from accord.domain.content import Content
from accord.domain.findings import Finding, Limits, Rule, Severity
from accord.domain.wording import mark

_ECLI = re.compile(r"(?<!\w)ECLI:[^\s,;()\[\]<>\"'“”»]*+")
_ECLI_FORM = re.compile(r"ECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:(?P<year>\d{4}):[A-Z0-9][A-Z0-9.]{0,24}")
_CELEX = re.compile(
    r"\bCELEX(?:\s?(?:numbers?|n[.º°o]{1,2}|[Nn]r\.?|:|%3A|=)){0,2}\s?(?P<number>[0-9CE]\d{3,}[0-9A-Z()/-]*|\d+[A-Z]+\d+)",
    re.IGNORECASE,
)
_CELEX_FORM = re.compile(r"[02-689CE]\d{4}[A-Z]{1,2}\d{1,4}\w*(?:\(\d+\))*(?:[-/]\w+)*|[17]\d{4}[A-Z].*")
_MARK = r"(?:EU|EC|EEC|UE|CE|CEE|EG|EWG|Euratom)"
_NUMBERED = r"\s?(?P<no>No\.?|[Nn][.º°o]{1,3}|Nr\.?)?\s?(?P<first>\d{1,4})/(?P<second>\d{1,4})"
_DIRECTIVE = re.compile(
    rf"\b(?:Directive|Directiva|Diretiva|Direttiva|Richtlinie)\s(?:(?P<before>\({_MARK}\)){_NUMBERED}(?![\w/])"
    rf"|(?P<first2>\d{{1,4}})/(?P<second2>\d{{1,4}})/(?P<after>{_MARK})\b)"
)
_REGULATION = re.compile(
    rf"\b(?:Regulation|Reglamento|Règlement|Regulamento|Regolamento|Verordnung)\s\({_MARK}(?:,\s?Euratom)?\){_NUMBERED}"
    r"(?![\w/])"
)
_YEAR_FIRST = 2015  # since 1 January 2015 the year stands first in all acts
_TREATY = 1958


def _forms(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        for found in _ECLI.finditer(text):
            written = found.group().rstrip(".:")
            form = _ECLI_FORM.fullmatch(written)
            if any(map(str.isdigit, written)) and (form is None or int(form["year"]) > _this_year()):
                yield rule.at(index, found.start(), found.start() + len(written), words=written[:SHOWN])


def _celex(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        for found in _CELEX.finditer(text):
            written = found["number"].rstrip("-/()" if "(" not in found["number"] else "-/")
            if not _CELEX_FORM.fullmatch(written.upper()) or not _celex_year(written):
                yield rule.at(index, *found.span("number"), words=written[:SHOWN])


def _celex_year(written: str) -> bool:
    return not written[1:5].isdecimal() or int(written[1:5]) <= _this_year()


def _acts(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        for found in (*_DIRECTIVE.finditer(text), *_REGULATION.finditer(text)):
            parts = found.groupdict()
            place = ("first", "second") if parts["first"] else ("first2", "second2")
            likely = _likely(parts[place[0]], parts[place[1]], directive=found.re is _DIRECTIVE)
            if likely:
                yield rule.at(index, *found.span(), words=found.group()[:SHOWN], likely=likely)


def _likely(first: str, second: str, *, directive: bool) -> str:
    """Return the number that was meant, by the order of number and year in such acts; "" where it may be right."""
    year, after = _year(first), _year(second)
    if directive:
        if len(first) == len("02") and int(first) < _YEAR_FIRST - 2000:
            return f"20{first}/{second}"
        return "" if year or not after else f"{second}/{first}"
    if after >= _YEAR_FIRST and year < _YEAR_FIRST:
        return f"{second}/{first}"
    return f"{second}/{first}" if year and year < _YEAR_FIRST and not after else ""


def _year(digits: str) -> int:
    """Return the year that digits of an act can be, 0 where they can be none."""
    year = int(digits) + (1900 if len(digits) == len("95") else 0)
    return year if _TREATY <= year <= _this_year() else 0


def _this_year() -> int:
    return datetime.now(UTC).year


RULES = (
    rule_for_citations(
        name="ecli-form",
        severity=Severity.WARNING,
        title=mark("Not the form of an ECLI"),
        sentence=mark("“{words}” is no ECLI: ECLI, country, court, year and number stand with colons between them."),
        source=mark("Council conclusions on the European Case Law Identifier (2011/C 127/01), annex."),
        find=_forms,
    ),
    rule_for_citations(
        name="celex-form",
        severity=Severity.WARNING,
        title=mark("Not the form of a CELEX number"),
        sentence=mark("“{words}” is no CELEX number: sector, year, kind and number make one (32016R0679)."),
        source=mark("EUR-Lex, how CELEX numbers are composed."),
        find=_celex,
    ),
    rule_for_citations(
        name="act-number",
        severity=Severity.WARNING,
        title=mark("Number and year of an act of the Union"),
        sentence=mark("“{words}” is not how the Union numbers its acts: {likely} is probably meant."),
        source=mark(
            "EUR-Lex, numbering of Union acts: since 2015 the year first, in regulations before then the number."
        ),
        find=_acts,
    ),
)
