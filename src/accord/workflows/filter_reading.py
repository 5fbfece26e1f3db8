"""Filters as people type them, refused where they name a finding that no check has."""

from accord.checks import registry
from accord.domain.filters import FINDINGS, Field, Op, Term, UnknownValue, check_value, read_filter
from accord.workflows.answer_rule import ANSWER_KIND


def rule_names() -> tuple[str, ...]:
    """Return the names of all rules, by which findings are filtered."""
    return (ANSWER_KIND.name, *(rule.name for rule in registry.RULES))


def read(text: str) -> tuple[Term, ...]:
    """Read a filter. Raises BadFilter, and UnknownValue for a status, a finding and so on that does not exist."""
    terms = read_filter(text)
    for term in terms:
        check(term)
    return terms


def check(term: Term) -> None:
    """Raise UnknownValue for a value that its field never has."""
    check_value(term)
    if term.field is Field.FINDING and term.op is not Op.CONTAINS:
        known = (*FINDINGS, *rule_names())
        if term.value not in {"", *known}:
            raise UnknownValue(term.field.value, term.value, known)
