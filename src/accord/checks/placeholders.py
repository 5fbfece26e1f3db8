"""Places that somebody meant to fill in: markers of a template that stand in a finished text."""

import re
from collections.abc import Iterator

from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_UNFILLED = re.compile(r"\{\{[\w.|' \t-]{1,60}\}\}|\{%[-\w .,'\"()=]{1,80}%\}")
# “[doctor]” alone is a speaker in a transcript, and “[NAME]” stands where a name was taken out.
_MARKER = re.compile(
    r"\[(?:your|insert|enter|add)\b[^\]\n]{0,40}\]"
    r"|\[(?:recipient|sender|company|client|patient|doctor|lawyer|first|last|full)(?:['’]s)?[ _-]"
    r"(?:name|address|number|date|e-?mail|phone)\]"
    r"|\[(?:recipient|sender)\]"
    r"|\[(?:name|date|address|city|state|phone|e-?mail|signature|title|amount|number|link|url)(?: here)?\]"
    r"|<(?:YOUR|INSERT|ENTER)[_ -][A-Z_ -]{2,40}>"
    r"|\b(?:TODO|FIXME|TBD|XXXX+)\b"
    r"|\blorem ipsum\b",
    re.IGNORECASE,
)
_MARKER_SIGNS = ("[", "<", "todo", "fixme", "tbd", "xxxx", "lorem ipsum")
_IN_CAPITALS = re.compile(r"todo|fixme|tbd|xxxx+", re.IGNORECASE)
_TAKEN_OUT = re.compile(r"\[[A-Z-]+\]")


def _markers(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    """Yield what a program left unfilled in any turn, and what a person did in an answer: requests ask about forms."""
    for index, message in enumerate(content.messages):
        if message.role is Role.SYSTEM:
            continue
        spots = [*_UNFILLED.finditer(message.content)]
        said = message.content.lower() if message.role is Role.ASSISTANT else ""
        if any(sign in said for sign in _MARKER_SIGNS):
            spots += filter(_left_open, _MARKER.finditer(message.content))
        for found in spots:
            yield rule.at(index, *found.span(), words=found.group()[:60])


def _left_open(found: re.Match[str]) -> bool:
    words = found.group()
    return not _TAKEN_OUT.fullmatch(words) and (not _IN_CAPITALS.fullmatch(words) or words.isupper())


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
