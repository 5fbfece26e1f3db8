"""Places that somebody meant to fill in: markers of a template that stand in a finished text."""

import re
from collections.abc import Iterator

from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

# “[doctor]” alone is a speaker in a transcript.
_MARKER = re.compile(
    r"\{\{[\w.|' \t-]{1,60}\}\}"
    r"|\{%[-\w .,'\"()=]{1,80}%\}"
    r"|\[(?:your|insert|enter|add)\b[^\]\n]{0,40}\]"
    r"|\[(?:recipient|sender|company|client|patient|doctor|lawyer|first|last|full)(?:['’]s)?[ _-]"
    r"(?:name|address|number|date|e-?mail|phone)\]"
    r"|\[(?:recipient|sender)\]"
    r"|\[(?:name|date|address|city|state|phone|e-?mail|signature|title|amount|number|link|url)(?: here)?\]"
    r"|<(?:YOUR|INSERT|ENTER)[_ -][A-Z_ -]{2,40}>"
    r"|\b(?:TODO|FIXME|TBD|XXXX+)\b"
    r"|\blorem ipsum\b",
    re.IGNORECASE,
)
_IN_CAPITALS = re.compile(r"todo|fixme|tbd|xxxx+", re.IGNORECASE)


def _markers(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        if message.role is Role.SYSTEM:
            continue
        for found in _MARKER.finditer(message.content):
            words = found.group()
            if not _IN_CAPITALS.fullmatch(words) or words.isupper():
                yield rule.at(index, *found.span(), words=words[:60])


RULES = (
    Rule(
        name="template-marker",
        kind=Kind.TEMPLATE,
        severity=Severity.WARNING,
        title=mark("A place not filled in"),
        sentence=mark("“{words}” looks like a place that was to be filled in."),
        source=mark("The markers of Jinja, shells and letter templates."),
        find=_markers,
    ),
)
