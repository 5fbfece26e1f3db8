"""What is read of runs of generated candidates: how they stand, what they cost, and which examples came of which."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from accord.domain.generation import ItemState, Made, Outcome, Reply, RunFacts, RunItem, RunState
from accord.domain.recipes import Makes
from accord.domain.review import Status
from accord.storage import owners, schema
from accord.storage.among import among
from accord.storage.generation_rows import to_item, to_outcome, to_plan, to_reply
from accord.storage.project import View

#: The acts by which this process took a run over and asks.
RUNNING: set[str] = set()
_NOT_LIVING = (Status.REJECTED.value, Status.SET_ASIDE.value)


def is_alive(row: Any) -> bool:
    """Say whether a program asks the questions of a run's row at this moment, as far as this machine can tell."""
    return row.state == RunState.RUNNING and (row.claim in RUNNING or owners.is_alive(row.owner, row.seen))


def run(view: View, run_id: int) -> RunFacts | None:
    """Return one run as it stands; None where there is none of this number."""
    return next(iter(_facts(view, run_id)), None)


def runs(view: View) -> list[RunFacts]:
    """Return all runs, newest first."""
    return _facts(view, None)


def abandoned(view: View) -> list[int]:
    """Return the runs whose program died while it asked, oldest first: each can be resumed."""
    table = schema.generation
    rows = view.connection.execute(sa.select(table).where(table.c.state == RunState.RUNNING.value).order_by(table.c.id))
    return [row.id for row in rows if not is_alive(row)]


def items(view: View, run_id: int, states: Collection[ItemState] = ()) -> list[RunItem]:
    """Return the questions of a run, in their order; ``states``: of these alone."""
    table = schema.generation_item
    query = sa.select(table).where(table.c.generation_id == run_id).order_by(table.c.number)
    if states:
        query = query.where(table.c.state.in_([state.value for state in states]))
    return [to_item(row) for row in view.connection.execute(query)]


def replies(view: View, run_id: int, limit: int | None = None) -> list[Reply]:
    """Return the answers whose candidates are not in the project yet, in the order of their items, the first ones."""
    table = schema.generation_reply
    query = sa.select(table.c.number, table.c.value).where(table.c.generation_id == run_id)
    rows = view.connection.execute(query.order_by(table.c.number).limit(limit))
    return [to_reply(row.number, row.value) for row in rows]


def spent(view: View, run_id: int) -> Decimal:
    """Return US dollars that a run has cost; what is put aside for what is under way counts as spent."""
    return _costs(view, run_id)[run_id]


def made(view: View, run_id: int) -> list[Made]:
    """Return which examples came of a run, in the order in which they came; also those the project held before."""
    table = schema.generation_source
    query = sa.select(table.c.seq, table.c.number, table.c.seed).where(table.c.generation_id == run_id)
    seeds: dict[tuple[int, int], list[int]] = defaultdict(list)
    for seq, number, seed in view.connection.execute(query.order_by(table.c.id)):
        seeds[seq, number] += [] if seed is None else [seed]
    return [Made(seq, number, tuple(found)) for (seq, number), found in seeds.items()]


def seeds_of(view: View, seqs: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return, of those of these examples that came of a seed, the seeds; also such as were deleted for good since."""
    table = schema.generation_source
    query = sa.select(table.c.seq, table.c.seed).where(among(view, table.c.seq, seqs), table.c.seed.is_not(None))
    found: dict[int, set[int]] = defaultdict(set)
    for seq, seed in view.connection.execute(query):
        found[seq].add(seed)
    return {seq: tuple(sorted(seeds)) for seq, seeds in found.items()}


def drafted(view: View) -> set[int]:
    """Return the examples that have a draft answer: a candidate that is neither rejected nor set aside."""
    source, whole, state = schema.generation_source, schema.generation, schema.example_state
    query = (
        sa.select(source.c.seed)
        .distinct()
        .join(whole, whole.c.id == source.c.generation_id)
        .join(state, state.c.seq == source.c.seq)
        .where(whole.c.makes == Makes.ANSWER.value, source.c.seed.is_not(None), source.c.seed != source.c.seq)
        .where(state.c.status.not_in(_NOT_LIVING), state.c.import_id.not_in(schema.pending_imports()))
    )
    return set(view.connection.execute(query).scalars())


def families(view: View) -> dict[int, int]:
    """Return, of each example that came of a seed and of each seed, the least number of those that belong together.

    What came of a seed belongs with it, and so does what came of that.
    """
    table = schema.generation_source
    query = sa.select(table.c.seq, table.c.seed).where(table.c.seed.is_not(None))
    of: dict[int, int] = {}

    def root(seq: int) -> int:
        while of.setdefault(seq, seq) != seq:
            of[seq] = of[of[seq]]
            seq = of[seq]
        return seq

    for seq, seed in view.connection.execute(query):
        low, high = sorted((root(seq), root(seed)))
        of[high] = low
    return {seq: root(seq) for seq in list(of)}


def _facts(view: View, run_id: int | None) -> list[RunFacts]:
    table = schema.generation
    query = sa.select(table).order_by(table.c.id.desc())
    rows = view.connection.execute(query if run_id is None else query.where(table.c.id == run_id)).all()
    counts, costs, outcomes, undone = (
        _counts(view, run_id),
        _costs(view, run_id),
        _outcomes(view, run_id),
        _undone(view),
    )
    return [
        RunFacts(
            id=row.id,
            plan=to_plan(row),
            state=RunState(row.state),
            author=row.author,
            at=row.at,
            items=counts[row.id],
            cost=costs[row.id],
            why=row.why,
            without=frozenset(json.loads(row.refused)),
            outcome=outcomes[row.id],
            alive=is_alive(row),
            undone=undone.get(row.id, 0),
            act=row.act,
        )
        for row in rows
    ]


def _of_run(view: View, query: "sa.Select[Any]", run_id: int | None) -> Iterator[Any]:
    column = schema.generation_item.c.generation_id
    yield from view.connection.execute(query if run_id is None else query.where(column == run_id))


def _counts(view: View, run_id: int | None) -> dict[int, dict[ItemState, int]]:
    table = schema.generation_item
    query = sa.select(table.c.generation_id, table.c.state, sa.func.count())
    found: dict[int, dict[ItemState, int]] = defaultdict(dict)
    for number, state, count in _of_run(view, query.group_by(table.c.generation_id, table.c.state), run_id):
        found[number][ItemState(state)] = count
    return found


def _costs(view: View, run_id: int | None) -> dict[int, Decimal]:
    table = schema.generation_item
    query = sa.select(table.c.generation_id, table.c.cost, table.c.aside, sa.func.count())
    grouped = query.group_by(table.c.generation_id, table.c.cost, table.c.aside)
    found: dict[int, Decimal] = defaultdict(Decimal)
    for number, cost, aside, count in _of_run(view, grouped, run_id):
        found[number] += (Decimal(cost) + Decimal(aside)) * count
    return found


def _outcomes(view: View, run_id: int | None) -> dict[int, Outcome]:
    table = schema.generation_item
    found: dict[int, Outcome] = defaultdict(Outcome)
    query = sa.select(table.c.generation_id, table.c.outcome).where(table.c.outcome != "")
    for number, text in _of_run(view, query, run_id):
        found[number] += to_outcome(text)
    return found


def _undone(view: View) -> dict[int, int]:
    table, brought = schema.generation_item, schema.import_run
    query = (
        sa.select(table.c.generation_id, sa.func.count())
        .join(brought, brought.c.id == table.c.import_id)
        .where(brought.c.state == "undone")
        .group_by(table.c.generation_id)
    )
    return {row[0]: row[1] for row in view.connection.execute(query)}
