"""What a draft becomes: the example that would come in, with all that is kept of where it came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from accord.domain.content import Content, pair
from accord.domain.generation import Draft, Reply, RunFacts, RunItem, RunPlan
from accord.domain.history import ExampleRow
from accord.domain.recipes import Makes, Takes
from accord.domain.records import REJECTED, Source
from accord.domain.review import Status
from accord.domain.wording import _
from accord.workflows.generation_neighbours import REQUEST
from accord.workflows.generation_recorded import answered

#: What two candidates of a recipe are the same by, where that is not the pair.
COMPARED: Mapping[Makes, str] = {Makes.REQUESTS: REQUEST, Makes.PARAPHRASES: REQUEST}
_OF_EXAMPLES = frozenset({Takes.UNANSWERED, Takes.SEED, Takes.CANDIDATE, Takes.CONVERSATION})
_LIKE_ITS_SEED = frozenset({Makes.ANSWER, Makes.REVISION, Makes.RECORDED})
_SAME_ANSWER = frozenset({Makes.ANSWER, Makes.REVISION, Makes.PARAPHRASES, Makes.RECORDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """An example that a question started from: as it stands, as it came in, and what its file said of it."""

    row: ExampleRow
    original: Content
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An example that would come in. ``beside``: it is an occurrence of its seed, which keeps a worse answer by it.

    ``besides``: the examples that it may be near to.
    """

    content: Content
    source: Source
    beside: bool = False
    besides: tuple[int, ...] = ()


def candidate(run: RunFacts, item: RunItem, reply: Reply, draft: Draft, seed: Seed | None) -> Candidate:
    """Return what a draft would be in the project. Raises ValueError with the reason where it can be nothing."""
    plan, start = run.plan, item.start
    makes = plan.recipe.makes
    if seed is None and plan.recipe.takes in _OF_EXAMPLES:
        raise ValueError(_("The example that it started from was deleted for good."))
    if seed is not None and seed.row.status == Status.SET_ASIDE:
        raise ValueError(_("The example that it started from was set aside meanwhile."))
    metadata = provenance(run, item, reply, seed) | dict(draft.facts)
    title = _("{model} by {recipe}", model=reply.model or plan.model, recipe=plan.recipe.name)
    tags = (start.tag,) if start.tag else ()
    terms = licence(plan, seed.source.licence if seed is not None else "")
    source = Source(group=start.group, source=title, metadata=metadata, tags=tags, licence=terms)
    if start.passage is not None:
        place = {"place": start.passage.place} if start.passage.place else {}
        facts = {**metadata, **place, "passage": start.passage.id}
        source = replace(
            source,
            source=start.passage.document,
            context=start.passage.text,
            metadata=facts,
            group=start.group or start.passage.document,
        )
    if seed is None:
        return Candidate(content=pair(draft.request, draft.answer), source=source)
    if makes is Makes.WORSE:
        if draft.answer.strip() == seed.row.content.answer.strip():
            raise ValueError(_("The worse answer is the answer itself."))
        told = Source(metadata={**metadata, REJECTED: draft.answer})
        return Candidate(content=seed.original, source=told, beside=True)
    context = seed.source.context if makes in _SAME_ANSWER else ""
    source = replace(source, tags=source.tags or seed.row.tags, context=context)
    besides = (seed.row.seq,) if makes in _LIKE_ITS_SEED else ()
    return Candidate(content=_content(makes, draft, seed.row.content), source=source, besides=besides)


def _content(makes: Makes, draft: Draft, text: Content) -> Content:
    """Return the conversation of a seed with what was drafted in the place of its request or its answer."""
    if makes in {Makes.ANSWER, Makes.REVISION}:
        return text.with_texts({len(text.messages) if text.answer_index is None else text.answer_index: draft.answer})
    if makes is Makes.RECORDED:
        return answered(text, draft.answer)
    if makes is Makes.PARAPHRASES and text.request_index is not None:
        return text.with_texts({text.request_index: draft.request})
    return pair(draft.request, draft.answer, system=text.system)


def licence(plan: RunPlan, of_seed: str) -> str:
    """Return by which terms a candidate may be used: its seed's, and the provider's for what it writes, if accepted."""
    found = [of_seed]
    if plan.consent is not None and plan.consent.terms:
        by = {"terms": plan.consent.terms, "who": plan.consent.author, "day": plan.consent.at[:10]}
        found.append(_("{terms} (accepted by {who}, {day})", **by))
    return "; ".join(one for one in found if one)


def provenance(run: RunFacts, item: RunItem, reply: Reply, seed: Seed | None) -> dict[str, str]:
    """Return what is kept of where a candidate came from, for ever."""
    plan, recipe = run.plan, run.plan.recipe
    facts: dict[str, Any] = {
        "model": reply.model or plan.model,
        "asked_of": plan.model,
        "service": plan.connection.base_url,
        "parameters": _json(dict(plan.parameters)),
        "recipe": recipe.name,
        "recipe_version": recipe.version,
        "makes": recipe.makes.value,
        "run": run.id,
        "item": item.number,
        "seed": seed.row.id if seed is not None else "",
        "shown": len(item.start.shown) or "",
        "cost_usd": item.cost,
        "prompt_tokens": "" if reply.usage is None else reply.usage.prompt,
        "answer_tokens": "" if reply.usage is None else reply.usage.answer,
        "invented_left": "; ".join(reply.left),
        "asked": reply.asked,
        "request_id": reply.request_id,
        "response": _json(reply.raw),
    }
    # A service may name its model by half of a character, which no database can hold.
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in facts.items() if value != ""}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)
