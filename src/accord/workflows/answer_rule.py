"""The one check that needs more of a project than its limits: its answer kind, its choices and its schema."""

from collections.abc import Iterator

from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Rule, Severity
from accord.domain.wording import mark


def _nothing(_rule: Rule, _content: Content, _limits: object) -> Iterator[Finding]:
    yield from ()


#: What it finds is worked out by ``checking.findings_of``.
ANSWER_KIND = Rule(
    name="answer-kind",
    kind=Kind.SCHEMA,
    severity=Severity.ERROR,
    title=mark("Not the project's kind of answer"),
    sentence="{problem}",
    source=mark("The project's answer kind, its choices and its JSON schema."),
    find=_nothing,
)
