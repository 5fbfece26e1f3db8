"""What the table is narrowed to: chips a person chose, and the words or the filter typed into the search field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from accord.domain.errors import AccordError, NotFound
from accord.domain.filters import FINDINGS, BadFilter, Field, Op, Term, UnknownValue, parse_filter
from accord.domain.findings import Kind, Severity
from accord.domain.review import Origin, Status
from accord.domain.wording import _
from accord.gui.severity import severity_look
from accord.gui.status import look
from accord.workflows import checking, filter_reading
from accord.workflows.check_rules import kind_title

#: Of these fields an example has one value, so that a second choice takes the place of the first.
ONE_VALUE = frozenset({Field.STATUS, Field.ORIGIN, Field.SOURCE})
_LIKE_A_FILTER = re.compile(r"\s*\w+\s*(?:!=|=|~)")


class UnreadableSearch(AccordError):
    """A search that cannot be read as words or as a filter; the sentence says what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleFilter:
    """The chips, and the terms of the search field beside the text they were typed as."""

    chips: tuple[Term, ...] = ()
    text: str = ""

    @property
    def where(self) -> str:
        """The whole filter in the filter language. Raises UnreadableSearch."""
        return to_where((*self.chips, *read_search(self.text)))

    def toggled(self, term: Term) -> "ExampleFilter":
        """Return the filter with a chip more, or without it where it was there."""
        if term in self.chips:
            return replace(self, chips=tuple(t for t in self.chips if t != term))
        kept = self.chips
        if term.field in ONE_VALUE and term.op is Op.IS:
            kept = tuple(t for t in kept if (t.field, t.op) != (term.field, Op.IS))
        return replace(self, chips=(*kept, term))

    @classmethod
    def from_where(cls, where: str) -> "ExampleFilter":
        """Read a filter that another page asks for: words go to the search field, all else becomes chips.

        Raises BadFilter.
        """
        terms = parse_filter(where)
        words = [t for t in terms if t.field is Field.TEXT and t.op is not Op.IS_NOT]
        if len(words) != 1:
            return cls(chips=terms)
        return cls(chips=tuple(t for t in terms if t is not words[0]), text=_as_typed(words[0].value))


def read_search(text: str) -> tuple[Term, ...]:
    """Return the terms of what was typed: a filter, or plain words that the text must hold.

    Raises UnreadableSearch.
    """
    words = text.strip()
    if not words:
        return ()
    try:
        terms = parse_filter(words)
    except BadFilter as error:
        if _LIKE_A_FILTER.match(words):
            hint = _("To search for the words themselves, put them in quotation marks.")
            raise UnreadableSearch(f"{error} {hint}") from error
        return (Term(field=Field.TEXT, op=Op.CONTAINS, value=words),)
    for term in terms:
        _check_value(term)
    return terms


def how_search_works() -> str:
    """Return what the search field finds, for its tooltip and for a search that found nothing."""
    return _(
        "Search finds examples that hold all the words, in any order, upper or lower case. It looks for whole words; "
        "dos* finds all that begin with dos. Accents count: uber does not find über."
    )


def to_where(terms: Iterable[Term]) -> str:
    """Return terms in the filter language, every value in quotes."""
    return " and ".join(f"{t.field.value} {t.op.value} {_quoted(t.value)}" for t in terms)


def values_of(field: Field) -> tuple[str, ...]:
    """Return the values that a field can have, where they are a fixed few."""
    match field:
        case Field.STATUS:
            return tuple(Status)
        case Field.ORIGIN:
            return tuple(Origin)
        case Field.FINDING:
            return FINDINGS
        case _other:
            return ()


def field_word(field: Field) -> str:
    """Return the name of a field as buttons print it."""
    words = {
        Field.STATUS: _("Status"),
        Field.TAG: _("Tag"),
        Field.ORIGIN: _("Origin"),
        Field.SOURCE: _("Source"),
        Field.FINDING: _("Finding"),
        Field.GROUP: _("Group"),
        Field.REVIEWER: _("Reviewer"),
        Field.TEXT: _("Text"),
        Field.ID: _("Id"),
    }
    return words[field]


def value_word(field: Field, value: str) -> str:
    """Return a value as a person reads it."""
    if field is Field.STATUS and value in set(Status):
        return look(Status(value)).word
    if field is Field.FINDING:
        return _finding_word(value)
    words = {
        (Field.ORIGIN, Origin.IMPORTED.value): _("Imported"),
        (Field.ORIGIN, Origin.GENERATED.value): _("Generated"),
    }
    if not value:
        return _("none")
    return words.get((field, value), value)


def _finding_word(value: str) -> str:
    """Return what a severity, a kind of finding or a rule is called."""
    if value in set(Severity):
        return severity_look(Severity(value)).word
    if value in set(Kind):
        return kind_title(Kind(value))
    words = {
        "": _("none"),
        "conflict": _("Conflict"),
        "near-duplicate": _("Near-duplicate"),
    }
    if value in words:
        return words[value]
    try:
        return checking.title(value)
    except NotFound:
        return value  # a rule of another version


def term_words(term: Term) -> str:
    """Return a chip's label."""
    field, value = field_word(term.field), value_word(term.field, term.value)
    match term.op:
        case Op.IS:
            return _("{field}: {value}", field=field, value=value)
        case Op.IS_NOT:
            return _("{field} is not: {value}", field=field, value=value)
        case Op.CONTAINS:
            return _("{field} contains: {value}", field=field, value=value)


def _check_value(term: Term) -> None:
    try:
        filter_reading.check(term)
    except UnknownValue as error:
        raise UnreadableSearch(str(error)) from error


def _as_typed(words: str) -> str:
    """Return words such that typing them searches for them."""
    return f'"{words}"' if _LIKE_A_FILTER.match(words) else words


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
