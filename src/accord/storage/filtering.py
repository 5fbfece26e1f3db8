"""Filters as SQL: bound values, a fixed list of columns, the same meaning on both databases."""

import re
from collections.abc import Sequence

import sqlalchemy as sa

from accord.domain.content import EXAMPLE_ID_DIGITS
from accord.domain.filters import Field, Op, Term
from accord.domain.findings import Kind, Severity
from accord.domain.moments import now
from accord.storage import assignments, schema, search, states
from accord.storage.texts import holds, holds_in_any_case

_HEX = re.compile(r"[0-9a-f]+")


def visible() -> sa.ColumnElement[bool]:
    """Return the condition that hides the rows of an unfinished import."""
    return schema.example_state.c.import_id.not_in(schema.pending_imports())


def numbers(terms: Sequence[Term]) -> sa.Select[tuple[int]]:
    """Return the question for the numbers of what fits a filter, in no order, asked of the smallest table that knows.

    What is found is stored of visible examples alone (``findings``): their states need not be looked up.
    """
    if len(terms) == 1 and (found := _findings(terms[0])) is not None:
        return found.distinct()
    return sa.select(schema.example_state.c.seq).where(*conditions(terms))


def conditions(terms: Sequence[Term]) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions of a filter, unfinished imports hidden."""
    return [visible(), *(_condition(term) for term in terms)]


def _condition(term: Term) -> sa.ColumnElement[bool]:
    found = _positive(term)
    return sa.not_(found) if term.op is Op.IS_NOT else found


def _positive(term: Term) -> sa.ColumnElement[bool]:
    table = schema.example_state
    exact = term.op is not Op.CONTAINS
    match term.field:
        case Field.STATUS | Field.ORIGIN:
            return _compare(table.c[term.field.value], term.value, exact=exact)
        case Field.ID:
            return _by_id(term.value) if exact else _compare(table.c.id, term.value, exact=False)
        case Field.TAG:
            return _packed(table.c.tags, term.value, exact=exact)
        case Field.REVIEWER:
            return _packed(table.c.reviewers, term.value, exact=exact)
        case Field.ASSIGNED:
            return _assigned(term.value, exact=exact)
        case Field.TEXT:
            return search.condition(term.value)
        case Field.FINDING:
            return _finding(term)
        case Field.SOURCE | Field.GROUP:
            return _occurring(term, exact=exact)


def _compare(column: sa.ColumnElement[str], value: str, *, exact: bool) -> sa.ColumnElement[bool]:
    return column == value if exact else holds_in_any_case(column, value)


def _by_id(value: str) -> sa.ColumnElement[bool]:
    """Return the condition for an id or the beginning of one, by the range that the index of ids is searched for."""
    table = schema.example
    if not _HEX.fullmatch(value) or len(value) > EXAMPLE_ID_DIGITS:
        return sa.false()
    first, last = value.ljust(EXAMPLE_ID_DIGITS, "0"), value.ljust(EXAMPLE_ID_DIGITS, "f")
    return schema.example_state.c.seq.in_(sa.select(table.c.seq).where(table.c.id >= first, table.c.id <= last))


def _packed(column: sa.ColumnElement[str], value: str, *, exact: bool) -> sa.ColumnElement[bool]:
    """Return the condition on packed names; the range leaves those without any name out of the index that is read."""
    if not value:
        return column == ""
    if not exact:
        return _compare(column, value, exact=False)
    return sa.and_(column > "", holds(column, states.packed_pattern(value)))


def _assigned(value: str, *, exact: bool) -> sa.ColumnElement[bool]:
    """Return the condition for what somebody is to review; the empty name finds what nobody is to."""
    table = schema.assignment
    given = sa.select(table.c.seq).where(assignments.lasting(now()))
    if not value:
        return schema.example_state.c.seq.not_in(given)
    return schema.example_state.c.seq.in_(given.where(_compare(table.c.reviewer, value, exact=exact)))


def _finding(term: Term) -> sa.ColumnElement[bool]:
    """Return the condition for a finding, which may be negated; the empty name finds what has none."""
    table = schema.example_state
    if term.value == "conflict":
        return table.c.conflict.is_(True)
    if term.value == "near-duplicate":
        newest = sa.select(sa.func.max(schema.duplicate_run.c.id)).scalar_subquery()
        member = schema.duplicate_member
        return table.c.seq.in_(sa.select(member.c.seq).where(member.c.run_id == newest))
    return table.c.seq.not_in(_open()) if not term.value else table.c.seq.in_(_open(*_named(term)))


def _findings(term: Term) -> sa.Select[tuple[int]] | None:
    """Return the examples of the open findings that a term asks for; None where it asks for what they do not tell."""
    if term.field is not Field.FINDING or term.value in {"conflict", "near-duplicate"}:
        return None
    if (term.op is Op.IS_NOT) is bool(term.value):
        return None
    return _open(*_named(term)) if term.value else _open()


def _open(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    table = schema.finding
    return sa.select(table.c.seq).where(table.c.dismissed == "", *conditions)


def _named(term: Term) -> list[sa.ColumnElement[bool]]:
    """Return the condition on findings of a severity, kind or rule."""
    table, value = schema.finding, term.value
    if term.op is Op.CONTAINS:
        return [sa.or_(*(_compare(column, value, exact=False) for column in (table.c.kind, table.c.rule)))]
    named = table.c.severity if value in set(Severity) else table.c.kind if value in set(Kind) else table.c.rule
    return [named == value]


def _occurring(term: Term, *, exact: bool) -> sa.ColumnElement[bool]:
    table, run = schema.occurrence, schema.import_run
    done = table.c.import_id.not_in(schema.pending_imports())
    if term.field is Field.GROUP:
        fits = _compare(table.c.group_key, term.value, exact=exact)
        fits = sa.and_(fits, table.c.group_key != "") if term.value else fits  # what the index of groups asks for
        return schema.example_state.c.seq.in_(sa.select(table.c.seq).where(fits, done))
    fits = sa.or_(
        _compare(table.c.source, term.value, exact=exact),
        table.c.import_id.in_(sa.select(run.c.id).where(_compare(run.c.file, term.value, exact=exact))),
    )
    return schema.example_state.c.seq.in_(sa.select(table.c.seq).where(fits, done))
