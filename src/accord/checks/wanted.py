"""What the project asks of every answer: words that it contains, and a form that it has as a whole."""

import re
from collections.abc import Iterator
from functools import lru_cache

from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark


def _phrases(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    if content.answer_index is None or not content.has_answer:
        return
    said = " ".join(content.answer.split()).casefold()
    for phrase in limits.phrases:
        if " ".join(phrase.split()).casefold() not in said:
            yield rule.at(content.answer_index, 0, len(content.answer), words=phrase)


def _pattern(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    if limits.pattern and content.answer_index is not None and content.has_answer:
        wanted = _compiled(limits.pattern)
        if wanted is not None and not wanted.fullmatch(content.answer.strip()):
            yield rule.at(content.answer_index, 0, len(content.answer), pattern=limits.pattern)


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None  # whoever types one is refused it (projects.change_settings); a file edited by hand may hold one


RULES = (
    Rule(
        name="missing-phrase",
        kind=Kind.FORMAT,
        severity=Severity.WARNING,
        title=mark("Words that are missing"),
        sentence=mark("The answer does not contain “{words}”, which the project asks for."),
        source=mark("The project's own rule."),
        find=_phrases,
    ),
    Rule(
        name="wrong-form",
        kind=Kind.FORMAT,
        severity=Severity.WARNING,
        title=mark("Another form"),
        sentence=mark("The answer does not have the form that the project asks for ({pattern})."),
        source=mark("The project's own rule, a regular expression."),
        find=_pattern,
    ),
)
