"""Law without its place: a section whose act nobody named, a legal period without jurisdiction or date."""

import re
from collections.abc import Iterator

from accord.checks.citations.answers import SHOWN, answers, rule_for_citations
from accord.checks.citations.laws import DOCUMENT, LAW, PLACE
from accord.domain.content import Content
from accord.domain.findings import Finding, Limits, Rule, Severity
from accord.domain.wording import mark

_SIGN = re.compile(r"§§?\s?\d+[a-z]?\b|\b[Aa]rt(?:icles?|\.)\s?[LRD]\.?\s?\d+(?:-\d+)*")
_SECTION = re.compile(
    r"(?<![\w-])(?:[Ss]ections?|[Aa]rticles?|[Aa]rt\.|[Aa]rtículos?|Artikel)\s\d{1,4}[A-Za-z]?\b(?!\s?[.:]\d|:|\s?%|\s?mm\b)"
)
_OWNED = re.compile(r"(?:\([\w]{1,3}\))*,?\s(?:of|du|de la|del|des|der|in|to)\s\w+")
# What is only said of law, near a section.
_LEGAL = re.compile(
    r"\b(?:notice|court|tribunal|offen[cs]e|liab\w+|landlord|tenan\w+|convict\w+|prosecut\w+|law|lawful\w*|unlawful\w*|legal\w*"
    r"|statut\w+|eviction|evict\w*|detain\w*|pursuant|plaintiff|defendant|claimants?|appeals?|damages|breach|dismissal"
    r"|Gericht\w*|Anspruch\w*|Kündigung\w*|Haftung\w*|haftet|Kläger\w*|juzgado|demanda\w*|despido|derecho|juez|arrend\w+"
    r"|droit|licenciement|salariée?|bailleur|locataire|juge|préavis)\b",
    re.IGNORECASE,
)
_NEAR = 120
_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|ten|twelve|fourteen|thirty|sixty|ninety)"
_LASTING = re.compile(
    rf"\b{_COUNT}[- ](?:calendar |working |business )?(?:days?|weeks?|months?|years?)\b"
    r"|\b\w+ (?:Tag|Woche|Monat|Jahr)e?n?\b|\b\w+ (?:días|semanas|mes(?:es)?|años?)\b"
    r"|\b\w+ (?:jours?|semaines|mois|ans?|années)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\blimitation periods?\b|\bstatutes? of limitations?\b|\btime[- ]barred\b|\b(?-i:[Nn]otice periods?)\b"
    r"|\bperiods? of notice\b"
    r"|\b(?:cooling-off|withdrawal) periods?\b|\btime limits? (?:for|to)\b"
    r"|\b(?:appeal|file (?:a|the|your) (?:claim|lawsuit|complaint)|sue|bring (?:a|the|your) claim)\b"
    r"(?:(?!\sif\s|\sunless\s)[^.\n]){0,60}\bwithin\b"
    r"|\bwithin\b[^.\n]{0,60}\b(?:to appeal|to file|to sue|to bring (?:a|the|your) claim)\b"
    r"|\bverjähr\w+|\b(?:Kündigungs|Widerrufs|Berufungs|Rechtsmittel|Einspruchs|Klage|Ausschluss)frist(?:en)?\b"
    r"|\bplazo de (?:prescripción|caducidad|desistimiento|preaviso)"
    r"|\bprescribe[n]?\b[^.\n]{0,40}\baños"
    r"|\bdélai de (?:prescription|préavis|rétractation|recours)|\bse prescri\w+ par\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SENTENCE = re.compile(r"[^.\n]+")


def _sections(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    """Yield the first section of an answer whose law is not named; one says as much as all of them."""
    for index, text, before in answers(content):
        found = next(_unowned(text), None)
        if found is None or any(each.search(part) for each in (LAW, DOCUMENT) for part in (text, before)):
            continue
        yield rule.at(index, *found.span(), words=found.group()[:SHOWN])


def _unowned(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_SIGN, _SECTION):
        for found in pattern.finditer(text):
            near = text[max(found.start() - _NEAR, 0) : found.end() + _NEAR]
            if not _OWNED.match(text, found.end()) and (pattern is _SIGN or _LEGAL.search(near)):
                yield found


def _periods(text: str) -> Iterator[re.Match[str]]:
    """Yield the first place where a text states how long a legal period is."""
    for sentence in _SENTENCE.finditer(text):
        found = _PERIOD.search(text, *sentence.span())
        if found and _LASTING.search(text, *sentence.span()):
            yield found
            return


def _nowhere(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    for index, text, before in answers(content) if limits.place_and_date else ():
        for found in _periods(text):
            if not any(each.search(part) for each in (PLACE, LAW) for part in (text, before)):
                yield rule.at(index, *found.span(), words=found.group()[:SHOWN])


def _timeless(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content) if limits.place_and_date else ():
        for found in _periods(text):
            if not _YEAR.search(text):
                yield rule.at(index, *found.span(), words=found.group()[:SHOWN])


RULES = (
    rule_for_citations(
        name="section-without-law",
        severity=Severity.NOTE,
        title=mark("Section without its law"),
        sentence=mark("“{words}” belongs to a law that nobody names here."),
        source=mark("The Bluebook, rule 12, and OSCOLA, 2.4: a provision is cited with its act."),
        find=_sections,
    ),
    rule_for_citations(
        name="period-without-place",
        severity=Severity.NOTE,
        title=mark("Legal period without its place"),
        sentence=mark("“{words}”: how long it is depends on the law of a place, and none is named."),
        source=mark("The project's own rule. Limitation follows the law that applies: Rome I, article 12(1)(d)."),
        find=_nowhere,
    ),
    rule_for_citations(
        name="period-without-date",
        severity=Severity.NOTE,
        title=mark("Legal period without a date"),
        sentence=mark("“{words}”: periods are changed by law, and no year is named as of which this holds."),
        source=mark("The project's own rule."),
        find=_timeless,
    ),
)
