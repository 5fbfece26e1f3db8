"""Runs of generated candidates as rows and back; JSON in ASCII, so that whatever a service sends can be kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from accord.domain.chat import Connection, Kind, Trouble, Usage
from accord.domain.generation import Consent, ItemState, Outcome, Passage, Reply, RunItem, RunPlan, Start
from accord.domain.recipes import Makes, Recipe, Takes
from accord.domain.spending import Price


def as_json(value: Any) -> str:
    """Return JSON of plain values, with sorted keys, in ASCII: any text comes back as it was, on both databases."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def holdable(text: str) -> str:
    """Return a service's own words as a database can hold them: half of a character becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def host_of(connection: Connection) -> str:
    """Return the name, and the port where one is given, that a connection leads to."""
    return urlsplit(connection.base_url).netloc.rpartition("@")[2]


def from_plan(plan: RunPlan) -> dict[str, Any]:
    """Return the columns of a run that never change."""
    recipe = plan.recipe
    return {
        "recipe": recipe.name,
        "version": recipe.version,
        "makes": recipe.makes.value,
        "text": as_json({**asdict(recipe), "schema": dict(recipe.schema)}),
        "connection": as_json(asdict(plan.connection)),
        "model": plan.model,
        "parameters": as_json(dict(plan.parameters)),
        "price": as_json({**asdict(plan.price), "prompt": str(plan.price.prompt), "answer": str(plan.price.answer)}),
        "budget": None if plan.budget is None else str(plan.budget),
        "consent": None if plan.consent is None else as_json(asdict(plan.consent)),
        "surrogates": plan.surrogates,
    }


def to_plan(row: Any) -> RunPlan:
    """Return how a run asks, as it was begun."""
    recipe, connection, price = (json.loads(text) for text in (row.text, row.connection, row.price))
    return RunPlan(
        recipe=Recipe(**{**recipe, "takes": Takes(recipe["takes"]), "makes": Makes(recipe["makes"])}),
        connection=Connection(**{**connection, "kind": Kind(connection["kind"])}),
        model=row.model,
        price=Price(**{**price, "prompt": Decimal(price["prompt"]), "answer": Decimal(price["answer"])}),
        budget=None if row.budget is None else Decimal(row.budget),
        parameters=json.loads(row.parameters),
        consent=None if row.consent is None else Consent(**json.loads(row.consent)),
        surrogates=bool(row.surrogates),
    )


def from_start(start: Start) -> dict[str, Any]:
    """Return the columns of an item that say what it starts from."""
    rest: dict[str, Any] = {"tag": start.tag, "count": start.count, "group": start.group}
    if start.passage is not None:
        rest["passage"] = {name: getattr(start.passage, name) for name in ("id", "document", "place")}
    return {
        "seed": start.seed,
        "shown": "".join(f",{seq}" for seq in start.shown) + "," if start.shown else "",
        "start": as_json(rest),
        "passage": start.passage.text if start.passage is not None else "",
    }


def to_start(row: Any) -> Start:
    """Return what an item starts from; without the passage's text once that is gone, and nothing of a purged seed."""
    rest = json.loads(row.start)
    passage = rest.get("passage")
    return Start(
        seed=row.seed,
        shown=tuple(int(seq) for seq in row.shown.split(",") if seq),
        tag=rest.get("tag", ""),
        count=rest.get("count", 1),
        passage=None if passage is None else Passage(**passage, text=row.passage),
        group=rest.get("group", ""),
    )


def to_item(row: Any) -> RunItem:
    """Return one question of a run as it stands."""
    counted = row.prompt_tokens is not None
    return RunItem(
        number=row.number,
        start=to_start(row),
        state=ItemState(row.state),
        tries=row.tries,
        trouble=Trouble(row.trouble) if row.trouble else None,
        said=row.said,
        aside=Decimal(row.aside),
        cost=Decimal(row.cost),
        asked=row.asked,
        usage=Usage(row.prompt_tokens, row.answer_tokens) if counted else None,
        seconds=row.seconds,
        model=row.model,
        request_id=row.request_id,
        outcome=to_outcome(row.outcome) if row.outcome else None,
    )


def from_outcome(outcome: Outcome) -> str:
    """Return what became of a reply's candidates, as text."""
    return as_json({**asdict(outcome), "refused": dict(outcome.refused)})


def to_outcome(text: str) -> Outcome:
    """Return what became of a reply's candidates."""
    return Outcome(**json.loads(text))


def from_reply(reply: Reply) -> str:
    """Return a whole answer as text."""
    value: Mapping[str, Any] = {one.name: getattr(reply, one.name) for one in fields(Reply) if one.name != "number"}
    usage = None if reply.usage is None else [reply.usage.prompt, reply.usage.answer]
    return as_json({**value, "usage": usage, "raw": dict(reply.raw), "cost": str(reply.cost)})


def to_reply(number: int, text: str) -> Reply:
    """Return a whole answer."""
    value = json.loads(text)
    usage = None if value["usage"] is None else Usage(*value["usage"])
    known = {**value, "number": number, "usage": usage, "cost": Decimal(value["cost"])}
    return Reply(**{**known, "left": tuple(value.get("left", ()))})
