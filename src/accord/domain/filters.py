"""The filter language of lists: ``field op value`` joined by ``and``, one for window and command line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from accord.domain.errors import WrongUsage
from accord.domain.findings import Kind, Severity
from accord.domain.review import Origin, Status
from accord.domain.wording import _

_LISTED = 20  # values that fit a sentence
_NEAREST = 5


class Field(StrEnum):
    """What can be filtered on."""

    STATUS = "status"
    TAG = "tag"
    ORIGIN = "origin"
    SOURCE = "source"
    GROUP = "group"
    TEXT = "text"
    FINDING = "finding"
    REVIEWER = "reviewer"
    ASSIGNED = "assigned"
    ID = "id"


class Op(StrEnum):
    """How a field is compared."""

    IS = "="
    IS_NOT = "!="
    CONTAINS = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison."""

    field: Field
    op: Op
    value: str


class BadFilter(WrongUsage):
    """A filter that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _(
                "The filter “{text}” is not of the form FIELD OP VALUE [and …]. Fields: {fields}. Operators: = != ~.",
                text=text,
                fields=" ".join(Field),
            )
        )


class UnknownValue(WrongUsage):
    """A value that the field never has; a list filtered by it would be empty for ever."""

    def __init__(self, field: str, value: str, known: Iterable[str]) -> None:
        super().__init__(
            _("“{value}” is no {field}. {there}", value=value, field=field, there=_there(value, tuple(known)))
        )


def _there(value: str, known: Sequence[str]) -> str:
    """Return the values there are, or of many those that are most like what was written."""
    if len(known) <= _LISTED:
        return _("There are: {known}.", known=", ".join(known))

    def likest(one: str) -> tuple[bool, float, str]:
        return (not one.startswith(value), -SequenceMatcher(None, value, one).ratio(), one)

    return _("Nearest: {near}.", near=", ".join(sorted(known, key=likest)[:_NEAREST]))


#: Fields with few values, all known beforehand.
_VALUES: dict[Field, tuple[str, ...]] = {
    Field.STATUS: tuple(Status),
    Field.ORIGIN: tuple(Origin),
}
#: What a finding can be but the name of a rule, which ``workflows.filter_reading`` knows.
FINDINGS = ("conflict", "near-duplicate", *Severity, *Kind)
_RULE_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_TERM = re.compile(r"\s*(\w+)\s*(!=|=|~)\s*(\"(?:[^\"\\]|\\.)*\"|'[^']*'|.*?)\s*$", re.DOTALL)
# Quotes are quotes only around a whole value: an apostrophe within one is not.
_QUOTED = re.compile(r"[=~]\s*(\"(?:[^\"\\]|\\.)*\"|'[^']*')(?=\s*$|\s+and\s)", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=\w+\s*(?:!=|=|~))", re.IGNORECASE)


def read_filter(text: str) -> tuple[Term, ...]:
    """Read a filter that someone typed. Raises BadFilter, and UnknownValue for a status that does not exist."""
    terms = parse_filter(text)
    for term in terms:
        check_value(term)
    return terms


def check_value(term: Term) -> None:
    """Raise UnknownValue for a status or origin that does not exist, and for what can be no finding's name."""
    known = _VALUES.get(term.field)
    if term.field is Field.FINDING and not _RULE_NAME.fullmatch(term.value):
        known = FINDINGS
    if known and term.op is not Op.CONTAINS and term.value not in {*known, ""}:
        raise UnknownValue(term.field.value, term.value, known)


def parse_filter(text: str) -> tuple[Term, ...]:
    """Read a filter; the empty text filters nothing. A value with `` and `` in it is put in quotes.

    Raises BadFilter. Whether the values exist is ``read_filter``'s to say.
    """
    if not text.strip():
        return ()
    return tuple(_term(part) for part in _split(text))


def _split(text: str) -> list[str]:
    quoted = [match.span(1) for match in _QUOTED.finditer(text)]
    parts, start = [], 0
    for match in _AND.finditer(text):
        if not any(a <= match.start() < b for a, b in quoted):
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _term(part: str) -> Term:
    match = _TERM.match(part)
    if match is None or match[1].lower() not in list(Field):
        raise BadFilter(part)
    value = match[3]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\") if value[0] == '"' else value[1:-1]
    return Term(field=Field(match[1].lower()), op=Op(match[2]), value=value)
