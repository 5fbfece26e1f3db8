"""What generating would send, to whom, at what cost, and what is missing: shown before anything leaves this machine."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Any

from accord.domain import addresses
from accord.domain.chat import Kind, Trouble, Usage
from accord.domain.errors import Refused, WrongUsage
from accord.domain.generation import ItemState, RunPlan
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress
from accord.domain.recipes import Recipe, Takes
from accord.domain.spending import FREE
from accord.domain.wording import _
from accord.formats.answers import schema_problem
from accord.settings import SavedConnection
from accord.storage import generations
from accord.storage.project import Project
from accord.workflows import generation_questions, generation_repeated, generation_starts, permissions, prices
from accord.workflows.asking import Item
from accord.workflows.generation_questions import Questions
from accord.workflows.generation_starts import Starts, Wish
from accord.workflows.leaving import refuse_if_locked
from accord.workflows.privacy_gate import Place

SHOWN = 3
AT_ONCE_HERE, AT_ONCE_ELSEWHERE = 2, 16
_USUAL_SHARE = 3  # before a recipe was ever used: an answer is taken to be a third of the longest allowed
# What a run needs to be as it is: set otherwise, replies could not be read, or would cost more than was counted.
_OWN_PARAMETERS = frozenset(
    {
        *("model", "messages", "stream", "stream_options", "response_format", "n", "max_tokens"),
        *("max_completion_tokens", "tools", "tool_choice", "functions", "logprobs", "top_logprobs", "store"),
    }
)


class Lack(StrEnum):
    """What has to be there before a run may start."""

    CONSENT = "consent"
    KEY = "key"
    PRICE = "price"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as it would be sent. ``messages``: role and content of each; none where ``held`` says why.

    ``found``: personal data in it as it was; ``replaced``: how many places are replaced.
    """

    number: int
    messages: tuple[Mapping[str, str], ...]
    tokens: int = 0
    found: tuple[Place, ...] = ()
    replaced: int = 0
    held: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A run that could start: nothing of it is stored, and nothing is sent.

    ``first``: the first questions in full. ``prompt_tokens`` of all questions, ``estimated`` where the model's own
    tokenizer is not known; ``answer_tokens``: at most. ``most`` and ``likely``: US dollars, None where no price is
    known. ``seconds``: about so long, None before the model was ever asked. ``here``: nothing leaves this machine.
    ``lacks``: what is missing before it may start. ``notes``: sentences for people.
    """

    plan: RunPlan
    starts: Starts
    questions: Questions = field(repr=False)
    although: str = ""
    first: tuple[Shown, ...] = ()
    prompt_tokens: int = 0
    answer_tokens: int = 0
    estimated: bool = False
    most: Decimal | None = None
    likely: Decimal | None = None
    seconds: float | None = None
    lacks: tuple[Lack, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Return where the questions go."""
        return addresses.host(self.plan.connection.base_url)

    @property
    def here(self) -> bool:
        """Whether that is this machine."""
        return addresses.leads_here(self.plan.connection.base_url)

    @property
    def candidates(self) -> int:
        """Return how many candidates are asked for."""
        return self.starts.candidates

    @property
    def held(self) -> Mapping[Trouble, int]:
        """Return how many questions are held back, by the reason."""
        return Counter(self.questions.held.values())


def prepare(
    *,
    project: Project,
    who: Who,
    recipe: Recipe,
    wish: Wish,
    saved: SavedConnection,
    model: str,
    parameters: Mapping[str, Any] | None = None,
    budget: Decimal | None = None,
    surrogates: bool = False,
    although: str = "",
    has_key: bool = True,
    progress: Progress | None = None,
) -> Prepared:
    """Choose what is started from, render every question, look for personal data, count and price: change nothing.

    ``budget``: US dollars; None: what it can cost at most when each question is asked once. ``surrogates``: personal
    data is replaced, and put back in what comes. ``although``: why texts may leave although names cannot be looked for
    here. ``has_key``: there is a key for the connection.
    Raises Locked before anything else is done, OnlyFor, NoStart, WrongUsage, Refused and Cancelled.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("generate candidates"))
    refuse_if_locked(project, saved.connection.base_url)
    _check(recipe, model, budget, parameters or {})
    price = prices.price(saved=saved, model=model)
    plan = RunPlan(
        recipe=recipe,
        connection=saved.connection,
        model=model,
        price=price or FREE,
        budget=budget,
        parameters=dict(parameters or {}),
        surrogates=surrogates,
    )
    found = _rendered(project, who, plan, wish, although, progress)
    asked, known = generation_questions.items(plan, found.questions), price is not None
    return _counted(
        project, replace(found, lacks=_lacks(plan, asked, known=known, has_key=has_key)), asked, known=known
    )


def _rendered(  # noqa: PLR0917  (all that decides what is asked)
    project: Project, who: Who, plan: RunPlan, wish: Wish, although: str, progress: Progress | None
) -> Prepared:
    """Choose what is started from and render every question."""
    if wish.like is None:
        starts = generation_starts.starts_of(project=project, recipe=plan.recipe, wish=wish, progress=progress)
    else:
        starts = generation_repeated.starts_like(project=project, run=wish.like)
    numbered = dict(enumerate(starts.starts, start=1))
    questions = generation_questions.of(
        project=project, who=who, plan=plan, starts=numbered, although=although, progress=progress
    )
    notes = _notes(project, plan, starts, questions)
    return Prepared(plan=plan, starts=starts, questions=questions, although=although, notes=notes)


def _notes(project: Project, plan: RunPlan, starts: Starts, questions: Questions) -> tuple[str, ...]:
    notes = [*starts.notes, *(f"{fault.file}: {fault.reason}" for fault in starts.faults)]
    if plan.recipe.takes is Takes.CANDIDATE:
        notes.append(generation_starts.same_model(project=project, starts=starts.starts, model=plan.model))
    return tuple(dict.fromkeys(note for note in (*notes, *questions.notes, *questions.personal) if note))


def check_budget(budget: Decimal | None) -> None:
    """Raise WrongUsage for a budget that is none."""
    if budget is not None and not (budget.is_finite() and budget > 0):
        raise WrongUsage(_("A budget is a number of US dollars above 0."))


def _check(recipe: Recipe, model: str, budget: Decimal | None, parameters: Mapping[str, Any]) -> None:
    if not model.strip():
        raise WrongUsage(_("Name a model."))
    for name in parameters:
        if name in _OWN_PARAMETERS:
            raise WrongUsage(_("The parameter “{name}” is set by the recipe or by Accord itself.", name=name))
    check_budget(budget)
    problem = schema_problem(json.dumps(dict(recipe.schema)))
    if problem is not None:
        raise Refused(_("The recipe “{name}” has a form that is none: {reason}", name=recipe.name, reason=problem))


def _lacks(plan: RunPlan, asked: Sequence[Item], *, known: bool, has_key: bool) -> tuple[Lack, ...]:
    here = addresses.leads_here(plan.connection.base_url)
    lacking = {
        Lack.CONSENT: not here,
        Lack.KEY: not here and not has_key and plan.connection.kind is not Kind.COMPATIBLE,
        Lack.PRICE: plan.budget is not None and not known,
        Lack.QUESTION: not asked,
    }
    return tuple(lack for lack, is_lacking in lacking.items() if is_lacking)


def _counted(project: Project, found: Prepared, asked: Sequence[Item], *, known: bool) -> Prepared:
    """Add the first questions, tokens, cost and time."""
    plan = found.plan
    counts = {item.number: generation_questions.tokens(plan, item.question) for item in asked}
    prompt = sum(count.tokens for count in counts.values())
    longest = plan.recipe.most_tokens
    usual, each = _before(project, plan)
    likely = plan.price.cost(Usage(prompt, len(asked) * (usual or ceil(longest / _USUAL_SHARE))))
    most = sum((item.most for item in asked), Decimal(0))
    at_once = AT_ONCE_HERE if found.here else AT_ONCE_ELSEWHERE
    numbers = list(found.questions.passed)[:SHOWN]
    first = []
    for number in numbers:
        one = found.questions.passed[number]
        first.append(
            Shown(
                number=number,
                messages=one.messages,
                tokens=counts[number].tokens if number in counts else 0,
                found=one.found,
                replaced=one.replaced,
                held=one.trouble,
            )
        )
    budget = most if plan.budget is None and known and most > 0 else plan.budget
    return replace(
        found,
        plan=replace(plan, budget=budget),
        first=tuple(first),
        prompt_tokens=prompt,
        answer_tokens=longest * len(asked),
        estimated=any(count.estimated for count in counts.values()),
        most=most if known else None,
        likely=min(likely, most) if known else None,
        seconds=None if each is None else each * ceil(len(asked) / at_once),
    )


def _before(project: Project, plan: RunPlan) -> tuple[int | None, float | None]:
    """Return how many tokens and seconds an answer took, on average, when this model was last asked by this recipe."""
    with project.read() as view:
        for run in generations.runs(view):
            same = (run.plan.model, run.plan.connection.base_url, run.plan.recipe.name)
            if same != (plan.model, plan.connection.base_url, plan.recipe.name):
                continue
            items = [one for one in generations.items(view, run.id, [ItemState.STORED]) if one.usage is not None]
            if items:
                tokens = sum(one.usage.answer for one in items if one.usage is not None)
                return ceil(tokens / len(items)), sum(one.seconds for one in items) / len(items)
    return None, None
