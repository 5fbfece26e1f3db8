"""The rules for names of persons, places and organisations."""

from collections.abc import Iterator
from functools import lru_cache

from accord.checks.personal.names import find_names
from accord.checks.personal.rules import spans_of
from accord.checks.personal.spans import Span
from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark


@lru_cache(maxsize=4)
def _names(texts: tuple[str, ...]) -> tuple[list[Span], ...]:
    """Return the names in the messages of one example, which three rules read one after another."""
    return find_names(texts, spans_of(texts))


def _find(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for message, spans in enumerate(_names(tuple(message.content for message in content.messages))):
        for span in spans:
            if span.rule == rule.name:
                yield rule.at(message, span.start, span.end, entity=span.entity)


def _rule(name: str, severity: Severity, title: str, sentence: str, source: str) -> Rule:
    return Rule(
        name=name,
        kind=Kind.PERSONAL,
        severity=severity,
        title=title,
        sentence=sentence,
        source=source,
        find=_find,
        needs="presidio_analyzer",
    )


_SAFE_HARBOR = "HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)"

RULES = (
    _rule(
        "person-name",
        Severity.ERROR,
        mark("Name of a person"),
        mark("This looks like the name of a person."),
        f"{_SAFE_HARBOR}(A); Presidio with spaCy's en_core_web_sm, and Faker's lists of names",
    ),
    _rule(
        "place-name",
        Severity.NOTE,
        mark("Name of a place"),
        mark("This looks like a place smaller than a state: does it tell where a person lives?"),
        f"{_SAFE_HARBOR}(B); Presidio with spaCy's en_core_web_sm",
    ),
    _rule(
        "organisation-name",
        Severity.NOTE,
        mark("Name of an organisation"),
        mark("This looks like an organisation: does it tell where a person works or was treated?"),
        f"{_SAFE_HARBOR}, relatives and employers of the individual; Presidio with spaCy's en_core_web_sm",
    ),
)
