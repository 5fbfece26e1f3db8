"""What became of the examples that runs made, what runs have used up, and what no model may be shown."""

import json
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa

from accord.domain.canonical import REQUEST_KEY_DIGITS
from accord.domain.generation import ItemState, Outcome
from accord.domain.recipes import Makes
from accord.domain.releases import Part
from accord.domain.review import Origin, Status
from accord.storage import schema
from accord.storage.among import tuples
from accord.storage.filtering import visible
from accord.storage.generation_listing import families
from accord.storage.generation_rows import to_outcome
from accord.storage.project import View

Key = tuple[str, str, str]
"""A recipe's name, its version, and the model."""

_ASKED = (ItemState.ANSWERED.value, ItemState.STORED.value)


class Made(NamedTuple):
    """An example that a run made: by which recipe and model, and where it stands now."""

    seq: int
    recipe: str
    version: str
    model: str
    status: str
    set_aside_reason: str
    edited: bool


def kept_from_models(view: View) -> set[int]:
    """Return what any release holds out, and what shares its group, request or seed: no model is shown these."""
    item, occurrence, state = schema.release_item, schema.occurrence, schema.example_state
    held = sa.select(item.c.seq).where(item.c.part == Part.HELDOUT.value)
    groups = sa.select(occurrence.c.group_key).where(occurrence.c.group_key != "", occurrence.c.seq.in_(held))
    request = sa.func.substr(state.c.request_key, 1, REQUEST_KEY_DIGITS)
    requests = sa.select(request).where(state.c.seq.in_(held))
    kin = (
        sa.select(occurrence.c.seq).where(occurrence.c.group_key != "", occurrence.c.group_key.in_(groups)),
        sa.select(state.c.seq).where(request.in_(requests)),
    )
    found = {seq for (seq,) in tuples(view.connection.execute(held.distinct()))}
    if not found:
        return found
    family = families(view)
    roots = {family[seq] for seq in found & family.keys()}
    found |= {seq for query in kin for (seq,) in tuples(view.connection.execute(query))}
    return found | {seq for seq, root in family.items() if root in roots}


def passages_used(view: View, recipe: str) -> set[str]:
    """Return the ids of the passages that a recipe of this name, in whatever version, was answered about."""
    item, run = schema.generation_item, schema.generation
    query = (
        sa.select(item.c.start)
        .join(run, run.c.id == item.c.generation_id)
        .where(run.c.recipe == recipe, item.c.state.in_(_ASKED))
    )
    starts = (json.loads(text) for (text,) in view.connection.execute(query))
    return {start["passage"]["id"] for start in starts if "passage" in start}


def recorded(view: View, model: str) -> set[int]:
    """Return the examples on whose conversations a model's answers were recorded."""
    item, run = schema.generation_item, schema.generation
    query = (
        sa.select(item.c.seed)
        .join(run, run.c.id == item.c.generation_id)
        .where(run.c.makes == Makes.RECORDED.value, run.c.model == model)
        .where(item.c.seed.is_not(None), item.c.state.in_(_ASKED))
    )
    return {seq for (seq,) in tuples(view.connection.execute(query))}


def revised(view: View) -> set[int]:
    """Return the candidates that have a revision which is neither rejected nor set aside, and these revisions."""
    source, run, state = schema.generation_source, schema.generation, schema.example_state
    query = (
        sa.select(source.c.seq, source.c.seed)
        .join(run, run.c.id == source.c.generation_id)
        .join(state, state.c.seq == source.c.seq)
        .where(run.c.makes == Makes.REVISION.value, source.c.seed.is_not(None), visible())
        .where(state.c.status.not_in((Status.REJECTED.value, Status.SET_ASIDE.value)))
    )
    return {seq for row in tuples(view.connection.execute(query)) for seq in row}


def made(view: View) -> list[Made]:
    """Return the examples that came of runs and not of a file before, each with the run that made it first."""
    source, run, state, example = (
        schema.generation_source,
        schema.generation,
        schema.example_state,
        schema.example,
    )
    query = (
        sa.select(
            state.c.seq,
            run.c.recipe,
            run.c.version,
            run.c.model,
            state.c.status,
            state.c.set_aside_reason,
            state.c.hash != example.c.hash,
        )
        .join(source, source.c.seq == state.c.seq)
        .join(run, run.c.id == source.c.generation_id)
        .join(example, example.c.seq == state.c.seq)
        .where(state.c.origin == Origin.GENERATED.value, visible())
        .order_by(source.c.id.desc())
    )
    rows = {row[0]: Made(*row) for row in view.connection.execute(query)}  # the oldest run comes last, and stays
    return [rows[seq] for seq in sorted(rows)]


def costs(view: View) -> dict[Key, tuple[Decimal, Outcome]]:
    """Return what the runs of each recipe, version and model cost, in US dollars, and what became of their replies.

    What is put aside for what is under way counts as spent.
    """
    item, run = schema.generation_item, schema.generation
    columns = (run.c.recipe, run.c.version, run.c.model, item.c.cost, item.c.aside, item.c.outcome)
    query = sa.select(*columns, sa.func.count()).join(run, run.c.id == item.c.generation_id).group_by(*columns)
    found: dict[Key, tuple[Decimal, Outcome]] = {}
    for recipe, version, model, cost, aside, outcome, count in view.connection.execute(query):
        dollars, total = found.get((recipe, version, model), (Decimal(0), Outcome()))
        came = sum((to_outcome(outcome),) * count if outcome else (), total)
        found[recipe, version, model] = dollars + (Decimal(cost) + Decimal(aside)) * count, came
    return found
