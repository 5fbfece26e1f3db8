"""Runs of generated candidates: each question is kept as asked before it leaves, and what came of it once it is there.

Whatever is killed at whatever moment, a resume asks again at most what was under way, counts what that can have cost,
and brings no reply in twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from accord.domain.errors import AccordError
from accord.domain.generation import Asked, ItemState, Made, Outcome, Reply, RunPlan, RunState, Sent, Setback, Start
from accord.domain.wording import _
from accord.storage import events, generation_listing, owners, schema, sendings
from accord.storage.among import among
from accord.storage.generation_listing import abandoned as abandoned
from accord.storage.generation_listing import drafted as drafted
from accord.storage.generation_listing import families as families
from accord.storage.generation_listing import items as items
from accord.storage.generation_listing import made as made
from accord.storage.generation_listing import replies as replies
from accord.storage.generation_listing import run as run
from accord.storage.generation_listing import runs as runs
from accord.storage.generation_listing import seeds_of as seeds_of
from accord.storage.generation_listing import spent as spent
from accord.storage.generation_rows import (
    as_json,
    from_outcome,
    from_plan,
    from_reply,
    from_start,
    holdable,
    host_of,
    to_plan,
)
from accord.storage.inserting import insert_many
from accord.storage.project import Unit

PURPOSE = "generation"
_OPEN = (ItemState.WAITING.value, ItemState.ASKED.value, ItemState.ANSWERED.value)


class NoRun(AccordError):
    """There is no run of this number."""

    def __init__(self, run_id: int) -> None:
        super().__init__(_("There is no run {n}.", n=run_id))


class RunIsDone(AccordError):
    """Nothing of the run is left to be asked."""

    def __init__(self, run_id: int) -> None:
        super().__init__(_("Run {n} is done: each of its questions is answered or listed.", n=run_id))


class RunBusy(AccordError):
    """Another program asks the questions of this run at this moment."""

    def __init__(self, run_id: int, machine: str) -> None:
        where = _("on {machine}", machine=machine) if machine else _("on this machine")
        super().__init__(
            _("Run {n} is being asked by another program {where}. Stop it there first.", n=run_id, where=where)
        )


class RunTaken(AccordError):
    """Another program took the run over, or it was stopped."""

    def __init__(self, run_id: int) -> None:
        super().__init__(
            _("Run {n} is no longer this program's: it was stopped, or another program resumed it.", n=run_id)
        )


class RunChanged(AccordError):
    """What a question starts from is gone."""

    def __init__(self, run_id: int) -> None:
        super().__init__(_("An example that run {n} starts from was deleted for good. Resume the run.", n=run_id))


def begin(unit: Unit, plan: RunPlan, starts: Sequence[Start]) -> int:
    """Keep a run and its questions, numbered from 1, and return its id.

    Whoever begins one, or resumes one, calls ``ended`` with the unit's act, whatever happens.
    """
    generation_listing.RUNNING.add(unit.act)
    table = schema.generation
    values = {**from_plan(plan), "state": RunState.RUNNING.value, **_claim(unit)}
    beside = {"author": unit.actor, "act": unit.act, "at": unit.at}
    run_id = int(
        unit.connection.execute(sa.insert(table).values(**values, **beside).returning(table.c.id)).scalar_one()
    )
    rows = [_item(unit, run_id, number, start) for number, start in enumerate(starts, start=1)]
    insert_many(unit, schema.generation_item, _ITEM, rows)
    told = {"run": run_id, "recipe": values["version"], "items": len(rows)}
    events.append(unit, "generation", told)
    return run_id


def ended(act: str) -> None:
    """Say that this process asks no more under an act, whether the run is done or not."""
    generation_listing.RUNNING.discard(act)


def resume(unit: Unit, run_id: int, budget: Decimal | None = None) -> None:
    """Take a run over. What a dead program had under way waits again, and what that can have cost counts as spent.

    ``budget``: of the whole run from now on; None: as it was.

    Raises NoRun, RunIsDone, RunBusy.
    """
    table = schema.generation
    row = unit.connection.execute(sa.select(table).where(table.c.id == run_id)).first()
    if row is None:
        raise NoRun(run_id)
    if row.state == RunState.DONE:
        raise RunIsDone(run_id)
    if generation_listing.is_alive(row):
        raise RunBusy(run_id, owners.other_machine(row.owner))
    generation_listing.RUNNING.add(unit.act)
    change: dict[str, str] = {"state": RunState.RUNNING.value, "why": "", **_claim(unit)}
    if budget is not None:
        change["budget"] = str(budget)
    unit.connection.execute(sa.update(table).where(table.c.id == run_id).values(**change))
    _settle_what_was_under_way(unit, run_id)


def _settle_what_was_under_way(unit: Unit, run_id: int) -> None:
    table = schema.generation_item
    under_way = sa.select(table).where(
        table.c.generation_id == run_id, sa.or_(table.c.state == ItemState.ASKED.value, table.c.aside != "0")
    )
    for row in unit.connection.execute(under_way).all():
        state = ItemState.WAITING.value if row.state == ItemState.ASKED else row.state
        _change(unit, row, state=state, cost=_sum(row.cost, row.aside), aside="0")


def stop(unit: Unit, run_id: int, why: str = "", without: Collection[str] = ()) -> None:
    """Say that a run stands still and why; it can be resumed. ``without``: the parameters that the model refused.

    Raises RunTaken.
    """
    _end(unit, run_id, RunState.STOPPED, why, without)


def done(unit: Unit, run_id: int, without: Collection[str] = ()) -> None:
    """Say that each question is stored or listed. Raises RunTaken, and ValueError where one is not."""
    table = schema.generation_item
    left = sa.select(table.c.number).where(table.c.generation_id == run_id, table.c.state.in_(_OPEN)).limit(1)
    if unit.connection.execute(left).first() is not None:
        message = f"run {run_id} has questions that are neither stored nor listed"
        raise ValueError(message)
    _end(unit, run_id, RunState.DONE, "", without)


def _end(unit: Unit, run_id: int, state: RunState, why: str, without: Collection[str]) -> None:
    _keep_hold(unit, run_id)
    change = {"state": state.value, "why": holdable(why), "refused": as_json(sorted(without))}
    unit.connection.execute(sa.update(schema.generation).where(schema.generation.c.id == run_id).values(**change))


def asking(unit: Unit, run_id: int, askings: Sequence[Asked]) -> None:
    """Keep that questions are about to be asked, what they can cost, and in the log what is sent where.

    Raises RunTaken, and RunChanged where one waits no more: then nothing may be sent.
    """
    _keep_hold(unit, run_id)
    rows = _rows(unit, run_id, [one.number for one in askings])
    for one in askings:
        row = rows[one.number]
        if row.state != ItemState.WAITING:
            raise RunChanged(run_id)
        change = {"state": ItemState.ASKED.value, "asked": one.asked, "aside": str(one.aside), "tries": one.tries}
        _change(unit, row, **change)
    plan = sa.select(schema.generation).where(schema.generation.c.id == run_id)
    host = host_of(to_plan(unit.connection.execute(plan).one()).connection)
    sendings.add(
        unit,
        [
            Sent(purpose=PURPOSE, host=host, asked=one.asked, replaced=one.replaced, run=run_id, number=one.number)
            for one in askings
        ],
    )


def told(unit: Unit, run_id: int, came: Sequence[Reply | Setback]) -> None:
    """Keep what came of questions, and what that cost in place of what was put aside.

    A setback may also be of a question that is not sent, or of an answer that is kept and turned out not to count. Of
    a question that was deleted meanwhile with its example the cost alone is kept. Raises RunTaken.
    """
    _keep_hold(unit, run_id)
    rows = _rows(unit, run_id, [one.number for one in came])
    arrived: list[tuple[Any, ...]] = []
    for one in came:
        row = rows[one.number]
        change = {"cost": _sum(row.cost, str(one.cost)), "aside": "0"}
        if row.state == ItemState.ASKED and isinstance(one, Reply):
            change |= {"state": ItemState.ANSWERED.value, "trouble": "", "said": "", "model": holdable(one.model)}
            arrived.append((run_id, one.number, from_reply(one), unit.at))
        elif row.state in _OPEN and isinstance(one, Setback):
            state = ItemState.FAILED if one.final else ItemState.WAITING
            change |= {"state": state.value, "trouble": one.trouble.value, "said": holdable(one.said)}
            change |= {"passage": ""} if one.final else {}
        _change(unit, row, **change, **_counted(row, one))
    _forget_replies(unit, run_id, [one.number for one in came if isinstance(one, Setback)])
    insert_many(unit, schema.generation_reply, ("generation_id", "number", "value", "at"), arrived)


def stored(
    unit: Unit, run_id: int, outcomes: Mapping[int, Outcome], candidates: Iterable[Made], import_id: int | None = None
) -> None:
    """Keep, in the unit of work that brings candidates in, what became of the replies of these items.

    ``candidates``: which came of which item, also those that the project held before; ``import_id``: what brought them
    in. Raises RunTaken, and RunChanged where one is not answered: then nothing may be committed.
    """
    _keep_hold(unit, run_id)
    rows = _rows(unit, run_id, outcomes)
    for number, outcome in outcomes.items():
        if rows[number].state != ItemState.ANSWERED:
            raise RunChanged(run_id)
        change = {"state": ItemState.STORED.value, "outcome": from_outcome(outcome), "passage": ""}
        _change(unit, rows[number], **change, import_id=import_id)
    _forget_replies(unit, run_id, list(outcomes))
    links = [(one.seq, run_id, one.number, seed) for one in candidates for seed in one.seeds or (None,)]
    insert_many(unit, schema.generation_source, ("seq", "generation_id", "number", "seed"), links)


_ITEM = ("generation_id", "number", "state", "seed", "shown", "start", "passage", "at")


def _item(unit: Unit, run_id: int, number: int, start: Start) -> tuple[Any, ...]:
    values = from_start(start)
    return (run_id, number, ItemState.WAITING.value, *(values[name] for name in _ITEM[3:7]), unit.at)


def _claim(unit: Unit) -> dict[str, str]:
    return {"owner": owners.this_program(), "claim": unit.act, "seen": unit.at}


def _keep_hold(unit: Unit, run_id: int) -> None:
    """Note that this program still asks. Raises RunTaken where it does not."""
    table = schema.generation
    held = (table.c.id == run_id, table.c.state == RunState.RUNNING.value, table.c.owner == owners.this_program())
    if unit.connection.execute(sa.update(table).where(*held).values(seen=unit.at)).rowcount != 1:
        raise RunTaken(run_id)


def _rows(unit: Unit, run_id: int, numbers: Collection[int]) -> dict[int, Any]:
    table = schema.generation_item
    query = sa.select(table).where(table.c.generation_id == run_id, among(unit, table.c.number, sorted(set(numbers))))
    return {row.number: row for row in unit.connection.execute(query)}


def _change(unit: Unit, row: Any, **values: Any) -> None:
    table = schema.generation_item
    mine = sa.and_(table.c.generation_id == row.generation_id, table.c.number == row.number)
    unit.connection.execute(sa.update(table).where(mine).values(**values, at=unit.at))


def _counted(row: Any, one: Reply | Setback) -> dict[str, Any]:
    """Return what the service counted: tokens of every asking, and of this one the seconds and its name for it."""
    found: dict[str, Any] = {"seconds": one.seconds, "request_id": holdable(one.request_id)}
    if one.usage is not None:
        found["prompt_tokens"] = (row.prompt_tokens or 0) + one.usage.prompt
        found["answer_tokens"] = (row.answer_tokens or 0) + one.usage.answer
    return found


def _forget_replies(unit: Unit, run_id: int, numbers: Sequence[int]) -> None:
    table = schema.generation_reply
    gone = sa.and_(table.c.generation_id == run_id, among(unit, table.c.number, numbers))
    unit.connection.execute(sa.delete(table).where(gone))


def _sum(one: str, other: str) -> str:
    return str(Decimal(one) + Decimal(other))
