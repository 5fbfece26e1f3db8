"""What acts on many examples at once read and write of each chunk."""

from collections.abc import Sequence

import sqlalchemy as sa

from accord.storage import acts, decisions, deidentified, schema, states
from accord.storage.filtering import visible
from accord.storage.project import Unit, View


def tags(view: View, seqs: Sequence[int]) -> dict[int, str]:
    """Return the packed tags of the visible examples among these, by number."""
    table = schema.example_state
    rows = view.connection.execute(sa.select(table.c.seq, table.c.tags).where(table.c.seq.in_(list(seqs)), visible()))
    return {row.seq: row.tags for row in rows}


def statuses(view: View, seqs: Sequence[int]) -> dict[int, str]:
    """Return the status of the visible examples among these, by number."""
    table = schema.example_state
    rows = view.connection.execute(sa.select(table.c.seq, table.c.status).where(table.c.seq.in_(list(seqs)), visible()))
    return {row.seq: row.status for row in rows}


def change_tag(unit: Unit, before: dict[int, str], tag: str, *, on: bool) -> None:
    """Decide that these examples, given with their packed tags, have a tag or do not have it."""
    newest = unit.connection.execute(sa.select(sa.func.max(schema.review.c.id))).scalar() or 0
    kind = "add_tag" if on else "remove_tag"
    decisions.about_examples(unit, before, kind, payload={"tag": tag, "after": int(newest)})
    states.change_tag(unit, before, tag, on=on)


def touched(view: View, act: str) -> list[int]:
    """Return the examples that a bulk act changed."""
    return sorted(acts.seqs_of_act(view, act))


def overtaken_among(view: View, act: str, seqs: Sequence[int]) -> set[int]:
    """Return on which of these examples someone has judged, changed or decided since about what a bulk act left."""
    return acts.overtaken_among(view, act, seqs) | deidentified.overtaken_among(view, act, seqs)


def take_back(unit: Unit, act: str, seqs: Sequence[int]) -> None:
    """Append the inverse of what a bulk act wrote about these examples and derive their states again."""
    acts.take_back_reviews(unit, act, seqs)
    deidentified.take_back(unit, act, seqs)
    made = decisions.of_act(unit, act, seqs)
    aside = [d.seq for d in made if d.kind == "set_aside" and d.seq is not None]
    decisions.about_examples(unit, aside, "bring_back")
    for decision in made:
        if decision.kind == "bring_back" and decision.seq is not None:
            reason = acts.last_reason(unit, decision)
            decisions.about_examples(unit, [decision.seq], "set_aside", reason=reason)
    ruled = {d.seq: d for d in reversed(made) if d.kind in {"adjudicate", "reopen"}}
    for decision in ruled.values():
        decisions.decide_as_before(unit, decision)
    tagged = [d.seq for d in made if d.kind in states.TAG_DECISIONS and d.seq is not None]
    decisions.about_examples(unit, tagged, "retract_tag", payload={"act": act})
    states.refresh(unit, seqs)
