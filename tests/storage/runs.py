"""Runs of generated candidates for tests: a recipe, a plan, and what comes of asking."""

from decimal import Decimal
from typing import Any

from accord.domain.chat import Connection, Kind, Trouble, Usage
from accord.domain.generation import Consent, Made, Outcome, Passage, Reply, RunPlan, Setback, Start
from accord.domain.ledger import Who
from accord.domain.recipes import Makes, Recipe, Takes
from accord.domain.spending import Price
from accord.storage import generations
from accord.storage.project import Project

RECIPE = Recipe(
    name="variations",
    title="Variations",
    about="Of a seed.",
    system="You help.",
    user="{{request}}",
    takes=Takes.SEED,
    makes=Makes.PAIRS,
    schema={"type": "object", "properties": {"é": {"type": "string"}}},
    most_tokens=700,
)
PLAN = RunPlan(
    recipe=RECIPE,
    connection=Connection(name="œ", base_url="https://chat.example:8443/v1", kind=Kind.AZURE, api_version="2024"),
    model="gpt-4.1",
    price=Price(prompt=Decimal("0.15"), answer=Decimal("0.60"), day="2026-11-01", source="by hand"),
    budget=Decimal("1.50"),
    parameters={"temperature": 0.7, "stop": ["\0"]},
    consent=Consent(author="ana", purpose="more drafts", host="chat.example", terms="v3", at="2026-11-22"),
    surrogates=True,
)
PASSAGE = Passage(id="p1", document="leaflet.pdf", place="page 3", text="Take \0 it with water. 高血压")


def begun(project: Project, who: Who, *starts: Start, plan: RunPlan = PLAN) -> int:
    """Keep a run of these questions and return its id; no program is taken to ask it once this returns."""
    with project.write(who) as unit:
        run_id = generations.begin(unit, plan, starts)
        unit.commit()
    generations.ended(unit.act)
    return run_id


def reply(number: int, text: str = "{}", cost: str = "0.01", **facts: Any) -> Reply:
    """Return a whole answer to an item."""
    given = {"model": "gpt-4.1-2025", "usage": Usage(100, 20), "request_id": "r-1", "asked": "h", "seconds": 1.5}
    return Reply(number=number, text=text, raw={"id": "c", "x": [0.5, None]}, cost=Decimal(cost), **{**given, **facts})


def setback(number: int, trouble: Trouble = Trouble.SERVER, cost: str = "0", *, final: bool = True) -> Setback:
    """Return that an item got no answer."""
    return Setback(number=number, trouble=trouble, said="It \0 failed.", final=final, cost=Decimal(cost))


def link(project: Project, who: Who, run_id: int, number: int, made: dict[int, tuple[int, ...]]) -> None:
    """Store an answered item of which these examples came, each with its seeds."""
    with project.write(who) as unit:
        generations.stored(
            unit, run_id, {number: Outcome(new=len(made))}, [Made(s, number, m) for s, m in made.items()]
        )
        unit.commit()
