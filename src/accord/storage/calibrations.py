"""Calibration rounds and their examples, and the control examples whose right verdict is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from accord.domain.calibration import Control
from accord.domain.review import Verdict
from accord.storage import schema
from accord.storage.packing import pack, unpack
from accord.storage.project import Unit, View


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRound:
    """A round as it is stored; ``guideline`` is the version that it was begun with, ``closed_at`` empty while open."""

    id: int
    threshold: float
    guideline: int
    reviewers: tuple[str, ...]
    closed_at: str
    author: str
    act: str
    at: str
    seqs: tuple[int, ...]


def begin(
    unit: Unit, *, threshold: float, guideline: int, reviewers: Sequence[str], seqs: Sequence[int]
) -> StoredRound:
    """Store a new round."""
    table, items = schema.calibration, schema.calibration_item
    values = {"threshold": threshold, "guideline": guideline, "reviewers": pack(reviewers)}
    beside = {"author": unit.actor, "act": unit.act, "at": unit.at}
    made = unit.connection.execute(sa.insert(table).values(**values, **beside).returning(table.c.id)).scalar_one()
    unit.connection.execute(sa.insert(items), [{"calibration_id": made, "seq": seq} for seq in seqs])
    return next(one for one in rounds(unit) if one.id == made)


def close(unit: Unit, number: int, at: str) -> None:
    """Write when a round ended, once."""
    table = schema.calibration
    unit.connection.execute(sa.update(table).where(table.c.id == number, table.c.closed_at == "").values(closed_at=at))


def rounds(view: View) -> list[StoredRound]:
    """Return all rounds, oldest first, with their examples that are still there."""
    table, items = schema.calibration, schema.calibration_item
    of: dict[int, list[int]] = {}
    for number, seq in view.connection.execute(sa.select(items.c.calibration_id, items.c.seq).order_by(items.c.seq)):
        of.setdefault(number, []).append(seq)
    return [
        StoredRound(
            id=row.id,
            threshold=row.threshold,
            guideline=row.guideline,
            reviewers=unpack(row.reviewers),
            closed_at=row.closed_at,
            author=row.author,
            act=row.act,
            at=row.at,
            seqs=tuple(of.get(row.id, ())),
        )
        for row in view.connection.execute(sa.select(table).order_by(table.c.id))
    ]


def mark_controls(unit: Unit, verdicts: Mapping[int, Verdict | None], note: str) -> None:
    """Make examples controls, each with its right verdict; None takes one out again."""
    _mark(unit, {seq: (verdict.value if verdict else "", note) for seq, verdict in verdicts.items()})


def _mark(unit: Unit, marks: Mapping[int, tuple[str, str]]) -> None:
    beside = {"author": unit.actor, "act": unit.act, "at": unit.at}
    rows = [{"seq": seq, "verdict": marks[seq][0], "note": marks[seq][1], **beside} for seq in sorted(marks)]
    if rows:
        unit.connection.execute(sa.insert(schema.control), rows)


def controls(view: View) -> dict[int, Control]:
    """Return the controls by example, as far as the reader may know of them: nothing but for a lead."""
    table = schema.control
    found: dict[int, Control] = {}
    for row in view.connection.execute(sa.select(table).order_by(table.c.id)):
        if not row.verdict:
            found.pop(row.seq, None)
            continue
        since = found[row.seq].since if row.seq in found else row.at
        found[row.seq] = Control(
            seq=row.seq, verdict=Verdict(row.verdict), note=row.note, author=row.author, since=since
        )
    return found


def unmark(unit: Unit, act: str) -> list[int]:
    """Append of each example that an act marked, or took out, how it was before; return those examples."""
    table = schema.control
    before: dict[int, tuple[str, str]] = {}
    of_act: dict[int, tuple[str, str]] = {}
    for row in unit.connection.execute(sa.select(table).order_by(table.c.id)).all():
        if row.act == act:
            of_act[row.seq] = before.get(row.seq, ("", ""))
        before[row.seq] = (row.verdict, row.note)
    _mark(unit, of_act)
    return sorted(of_act)
