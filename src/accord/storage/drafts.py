"""What people have typed and not submitted: one row of a person and an example, for a review and for a decision."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from accord.domain.canonical import canonical_json
from accord.storage import schema
from accord.storage.project import Unit, View

#: Under this name lies, beside what a person types as a reviewer, what she types as an adjudicator.
_DECISION = "decision"


def save(unit: Unit, seq: int, person: str, value: Mapping[str, Any] | None) -> None:
    """Keep what a reviewer has typed; None forgets it."""
    kept = _read(unit, person, [seq]).get(seq, {})
    decision = {_DECISION: kept[_DECISION]} if _DECISION in kept else {}
    _put(unit, seq, person, None if value is None and not decision else {**(value or {}), **decision})


def save_decision(unit: Unit, seq: int, person: str, value: Mapping[str, Any] | None) -> None:
    """Keep what an adjudicator has entered; None forgets it."""
    review = _of_review(_read(unit, person, [seq]).get(seq))
    if value is not None:
        _put(unit, seq, person, {**(review or {}), _DECISION: dict(value)})
    else:
        _put(unit, seq, person, review)


def of_example(view: View, seq: int, person: str) -> dict[str, Any] | None:
    """Return a reviewer's draft of one example."""
    return _of_review(_read(view, person, [seq]).get(seq))


def of_examples(view: View, seqs: Sequence[int], person: str) -> dict[int, dict[str, Any]]:
    """Return a reviewer's drafts of these examples, by number."""
    found = {seq: _of_review(value) for seq, value in _read(view, person, seqs).items()}
    return {seq: value for seq, value in found.items() if value is not None}


def of_person(view: View, person: str) -> list[tuple[str, str]]:
    """Return (example id, time) of a reviewer's drafts, newest first."""
    found = [(id_, at) for id_, at, value in _all(view, person) if _of_review(value) is not None]
    return sorted(found, key=lambda one: one[1], reverse=True)


def decisions_of(view: View, person: str) -> dict[str, dict[str, Any]]:
    """Return what an adjudicator has entered and not decided, by the ids of the examples."""
    return {id_: value[_DECISION] for id_, _at, value in _all(view, person) if _DECISION in value}


def _of_review(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if value is None or set(value) == {_DECISION}:
        return None
    return {name: said for name, said in value.items() if name != _DECISION}


def _put(unit: Unit, seq: int, person: str, value: Mapping[str, Any] | None) -> None:
    table = schema.draft
    unit.connection.execute(sa.delete(table).where(table.c.seq == seq, table.c.reviewer == person))
    if value is not None:
        unit.connection.execute(
            sa.insert(table).values(seq=seq, reviewer=person, value=canonical_json(value), at=unit.at)
        )


def _read(view: View, person: str, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    table = schema.draft
    query = sa.select(table.c.seq, table.c.value).where(table.c.reviewer == person, table.c.seq.in_(list(seqs)))
    return {row.seq: dict(json.loads(row.value)) for row in view.connection.execute(query)}


def _all(view: View, person: str) -> list[tuple[str, str, dict[str, Any]]]:
    table, example = schema.draft, schema.example
    query = (
        sa.select(example.c.id, table.c.at, table.c.value)
        .join(example, example.c.seq == table.c.seq)
        .where(table.c.reviewer == person)
    )
    return [(row.id, row.at, dict(json.loads(row.value))) for row in view.connection.execute(query)]
