"""What ``generate`` says: what would be sent, what came of a run, and which runs there are, as JSON and as lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accord.domain.chat import sentence
from accord.domain.generation import RunFacts, RunState
from accord.domain.moments import today
from accord.domain.wording import _, number, plural
from accord.workflows import prices
from accord.workflows.generating import Finished, Lack, Prepared, Shown, dollars, lack_sentence


def preview(ready: Prepared, lacks: Sequence[Lack]) -> dict[str, Any]:
    """Return the keys of a run, and under ``preview`` what would be sent."""
    return {
        "requested": ready.candidates,
        "accepted": 0,
        "refused": 0,
        "duplicate": 0,
        "failed": [],
        "tokens": ready.prompt_tokens,
        "cost_usd": 0.0,
        "model": ready.plan.model,
        "seconds": 0.0,
        "sent": False,
        "preview": {
            "host": ready.host,
            "here": ready.here,
            "questions": len(ready.starts.starts),
            "held": {trouble.value: count for trouble, count in ready.held.items()},
            "prompt_tokens": ready.prompt_tokens,
            "answer_tokens": ready.answer_tokens,
            "estimated": ready.estimated,
            "most_usd": _sum(ready.most),
            "likely_usd": _sum(ready.likely),
            "budget_usd": _sum(ready.plan.budget),
            "seconds": ready.seconds,
            "first": [_shown(one) for one in ready.first],
            "notes": list(ready.notes),
            "lacks": [lack.value for lack in lacks],
        },
    }


def _shown(one: Shown) -> dict[str, Any]:
    return {
        "messages": [dict(message) for message in one.messages],
        "tokens": one.tokens,
        "found": [{"rule": place.rule, "text": place.text} for place in one.found],
        "replaced": one.replaced,
        "held": None if one.held is None else one.held.value,
    }


def _sum(dollars_: Decimal | None) -> float | None:
    return None if dollars_ is None else float(dollars_)


def preview_lines(ready: Prepared, lacks: Sequence[Lack]) -> list[str]:
    """Return what would be sent, for people."""
    where = _("this machine") if ready.here else _("leaves this machine")
    lines = [_("to {host} ({where}), model {model}", host=ready.host, where=where, model=ready.plan.model)]
    lines.append(
        plural(
            "{n} question for {m} candidates",
            "{n} questions for {m} candidates",
            len(ready.starts.starts),
            m=number(ready.candidates),
        )
    )
    counted = _("estimated") if ready.estimated else _("counted")
    lines.append(
        _(
            "{prompt} tokens sent ({counted}), at most {answer} written",
            prompt=number(ready.prompt_tokens),
            counted=counted,
            answer=number(ready.answer_tokens),
        )
    )
    if ready.most is not None and ready.likely is not None and ready.plan.budget is not None:
        lines.append(
            _(
                "likely {likely} US$, at most {most} US$, budget {budget} US$",
                likely=dollars(ready.likely),
                most=dollars(ready.most),
                budget=dollars(ready.plan.budget),
            )
        )
    lines.append(prices.sentence(found=None if ready.most is None else ready.plan.price, today=today()))
    if ready.seconds is not None:
        lines.append(_("about {n} s", n=round(ready.seconds)))
    lines += [*ready.notes, *_first_lines(ready)]
    return [*lines, "", *(lack_sentence(lack) for lack in lacks), _("Nothing was sent.")]


def _first_lines(ready: Prepared) -> list[str]:
    """Return the first questions as they would be sent."""
    lines = []
    if len(ready.first) < len(ready.starts.starts):
        lines.append(_("The first {n} of these questions:", n=len(ready.first)))
    for one in ready.first:
        lines += ["", f"--- {one.number} ---"]
        lines += [_("Not sent: {why}", why=sentence(one.held))] if one.held is not None else []
        lines += [f"[{message['role']}]\n{message['content']}" for message in one.messages]
    return lines


def value(found: Finished) -> dict[str, Any]:
    """Return what came of a run as the keys of JSON."""
    return {
        "requested": found.requested,
        "accepted": found.accepted,
        "refused": sum(found.refused.values()),
        "duplicate": found.duplicate,
        "failed": [
            {"reason": trouble.value, "count": count, "said": sentence(trouble)}
            for trouble, count in found.failed.items()
        ],
        "refusals": [{"reason": reason, "count": count} for reason, count in found.refused.items()],
        "tokens": sum(found.tokens),
        "prompt_tokens": found.tokens[0],
        "answer_tokens": found.tokens[1],
        "cost_usd": float(found.cost),
        "model": found.model,
        "seconds": round(found.seconds, 3),
        "run": found.run,
        "questions": found.questions,
        "waiting": found.waiting,
        "why": found.why,
        "sent": True,
    }


def lines(found: Finished) -> list[str]:
    """Return what came of a run, for people."""
    told = _(
        "run {run}: {requested} asked for, {accepted} wait for review, {duplicate} duplicates, {refused} refused",
        run=found.run,
        requested=number(found.requested),
        accepted=number(found.accepted),
        duplicate=number(found.duplicate),
        refused=number(sum(found.refused.values())),
    )
    spent = _(
        "{n} tokens, {cost} US$, {s} s", n=number(sum(found.tokens)), cost=dollars(found.cost), s=round(found.seconds)
    )
    lines = [told, *(f"  {count} × {reason}" for reason, count in found.refused.items())]
    lines += [
        "  "
        + plural("{n} question gave nothing: {why}", "{n} questions gave nothing: {why}", count, why=sentence(trouble))
        for trouble, count in found.failed.items()
    ]
    if found.waiting:
        lines.append(plural("{n} question waits", "{n} questions wait", found.waiting))
    return [*lines, spent]


def run(run: RunFacts) -> dict[str, Any]:
    """Return a run as the keys of JSON."""
    return {
        "run": run.id,
        "recipe": run.plan.recipe.name,
        "version": run.plan.recipe.version,
        "model": run.plan.model,
        "state": run.state.value,
        "alive": run.alive,
        "items": {state.value: count for state, count in run.items.items()},
        "accepted": run.outcome.new,
        "duplicate": run.outcome.duplicate + run.outcome.near,
        "refused": sum(run.outcome.refused.values()),
        "cost_usd": float(run.cost),
        "at": run.at,
        "author": run.author,
        "why": run.why,
    }


def run_line(run: RunFacts) -> str:
    """Return a run as a line; one whose program died is told as stopped."""
    dead = run.state is RunState.RUNNING and not run.alive
    return plural(
        "{run}  {recipe}  {model}  {state}  {n} candidate  {cost} US$  {why}",
        "{run}  {recipe}  {model}  {state}  {n} candidates  {cost} US$  {why}",
        run.outcome.new,
        run=run.id,
        recipe=run.plan.recipe.name,
        model=run.plan.model,
        state=(RunState.STOPPED if dead else run.state).value,
        cost=dollars(run.cost),
        why=_("Its program ended; go on with --resume {run}.", run=run.id) if dead else run.why,
    ).rstrip()
