"""Decisions about examples and requests: set aside, bring back, settle a conflict, open it again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.history import Decision
from accord.storage import schema
from accord.storage.among import among
from accord.storage.project import Unit, View


def about_examples(
    unit: Unit,
    seqs: Iterable[int],
    kind: str,
    *,
    reason: str = "",
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Append the same decision about each example."""
    rows = [_values(unit, kind, reason, comment, payload, seq=seq, key=None) for seq in sorted(set(seqs))]
    if rows:
        unit.connection.execute(sa.insert(schema.decision), rows)


def about_request(
    unit: Unit,
    key: str,
    kind: str,
    *,
    reason: str = "",
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Append a decision about all examples that share a request."""
    unit.connection.execute(
        sa.insert(schema.decision).values(**_values(unit, kind, reason, comment, payload, seq=None, key=key))
    )


def of_example(view: View, seq: int) -> list[Decision]:
    """Return the decisions about an example, oldest first."""
    return _read(view, schema.decision.c.seq == seq)


def of_act(view: View, act: str, seqs: Sequence[int] | None = None) -> list[Decision]:
    """Return the decisions that one act made (about ``seqs`` where given)."""
    table = schema.decision
    if seqs is None:
        return _read(view, table.c.act == act)
    return _read(view, sa.and_(table.c.act.concat("") == act, table.c.seq.in_(seqs)))


def settlements(view: View, keys: Sequence[str] | None = None) -> dict[str, Decision]:
    """Return the settlement in force for each request that has one (limited to ``keys`` where given)."""
    condition: sa.ColumnElement[bool] = schema.decision.c.kind.in_(("settle_conflict", "reopen_conflict"))
    if keys is not None:
        condition = sa.and_(condition, among(view, schema.decision.c.key, keys))
    found: dict[str, Decision] = {}
    for row in _read(view, condition):
        if row.kind == "settle_conflict":
            found[str(row.key)] = row
        else:
            found.pop(str(row.key), None)
    return found


def adjudicated(view: View, seqs: Sequence[int]) -> dict[int, Decision]:
    """Return the adjudicator's or the rule's decision in force on each of these examples that has one."""
    table = schema.decision
    found: dict[int, Decision] = {}
    for batch in batched(seqs):
        for row in _read(view, sa.and_(table.c.seq.in_(batch), table.c.kind.in_(("adjudicate", "reopen")))):
            if row.kind == "adjudicate":
                found[int(row.seq or 0)] = row
            else:
                found.pop(int(row.seq or 0), None)
    return found


def any_adjudicated(view: View) -> bool:
    """Say whether anybody or any rule ever settled a disagreement."""
    query = sa.select(schema.decision.c.id).where(schema.decision.c.kind == "adjudicate").limit(1)
    return view.connection.execute(query).first() is not None


def decide_as_before(unit: Unit, decision: Decision) -> None:
    """Take back what an act decided: append what it replaced (``restores``), or that there is no decision."""
    seq, table = int(decision.seq or 0), schema.decision
    before_act = sa.and_(table.c.seq == seq, table.c.id < decision.id, table.c.act != decision.act)
    earlier = _read(unit, before_act)
    others = [row for row in earlier if row.kind in {"adjudicate", "reopen"}]
    before = others[-1] if others else None
    if before is None or before.kind == "reopen":
        about_examples(unit, [seq], "reopen")
        return
    payload = {"restores": before.id, **before.payload}
    about_examples(unit, [seq], "adjudicate", reason=before.reason, comment=before.comment, payload=payload)


def settled_by_rule(view: View) -> list[int]:
    """Return the examples on which a rule's decision is in force."""
    table = schema.decision
    by_rule = sa.and_(table.c.kind == "adjudicate", table.c.payload.like('%"rule":%'))
    seqs = sorted(set(view.connection.execute(sa.select(table.c.seq).where(by_rule)).scalars()))
    return [seq for seq, decision in adjudicated(view, seqs).items() if "rule" in decision.payload]


def questions(view: View, seqs: Sequence[int]) -> dict[int, Decision]:
    """Return the newest question about each of these examples that was sent back to the guideline.

    Its comment is empty where it was taken back.
    """
    table = schema.decision
    found: dict[int, Decision] = {}
    for batch in batched(seqs):
        asked = _read(view, sa.and_(table.c.seq.in_(batch), table.c.kind == "ask_guideline"))
        found |= {int(row.seq or 0): row for row in asked}
    return found


def asked(view: View) -> dict[int, str]:
    """Return the newest question of each example about which one was sent back to the guideline and stands."""
    found = {int(row.seq or 0): row.comment for row in _read(view, schema.decision.c.kind == "ask_guideline")}
    return {seq: question for seq, question in found.items() if question}


def apart(view: View) -> dict[str, list[frozenset[str]]]:
    """Return for each example the sets of examples, itself among them, that a person said are no duplicates."""
    kinds = ("not_duplicates", "maybe_duplicates")
    in_force: dict[tuple[str, ...], None] = {}
    for row in _read(view, schema.decision.c.kind.in_(kinds)):
        ids = tuple(row.payload["ids"])
        if row.kind == "not_duplicates":
            in_force[ids] = None
        else:
            in_force.pop(ids, None)
    found: dict[str, list[frozenset[str]]] = {}
    for ids in in_force:
        members = frozenset(ids)
        for example_id in ids:
            found.setdefault(example_id, []).append(members)
    return found


def _values(
    unit: Unit,
    kind: str,
    reason: str,
    comment: str,
    payload: Mapping[str, Any] | None,
    *,
    seq: int | None,
    key: str | None,
) -> dict[str, Any]:
    return {
        "seq": seq,
        "key": key,
        "kind": kind,
        "reason": reason,
        "comment": comment,
        "payload": canonical_json(dict(payload or {})),
        "author": unit.actor,
        "act": unit.act,
        "at": unit.at,
    }


def _read(view: View, condition: sa.ColumnElement[bool]) -> list[Decision]:
    rows = view.connection.execute(sa.select(schema.decision).where(condition).order_by(schema.decision.c.id))
    return [Decision(**{**row._mapping, "payload": json.loads(row.payload)}) for row in rows]  # noqa: SLF001
