"""The questions of a run: each start rendered, looked at by the privacy gate, and priced at the most it can cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from accord.domain import addresses
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.chat import Question, Trouble
from accord.domain.generation import RunPlan, Start
from accord.domain.ledger import Who
from accord.domain.progress import Progress, Silent
from accord.domain.recipes import Takes
from accord.domain.wording import _
from accord.storage import findings, generated
from accord.storage.project import Project, View
from accord.workflows import generation_prompts, generation_replies, privacy_gate, token_estimates
from accord.workflows.asking import Item
from accord.workflows.generation_prompts import Messages, Shared
from accord.workflows.privacy_gate import Asked, Gate, Passed
from accord.workflows.token_estimates import Counted

_AT_ONCE = 32  # questions that the gate looks at between two looks at whether to stop
_SECONDS_HERE, _SECONDS_ELSEWHERE = 900.0, 180.0  # a model on a laptop's processor writes a few words a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What a run asks. ``passed``: by number, what may be sent of each question, or why it is held back.

    ``notes``: what the privacy gate does and does not look for; ``personal``: what it found, in words.
    """

    passed: Mapping[int, Passed]
    shared: Shared
    notes: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    @property
    def held(self) -> dict[int, Trouble]:
        """Return the questions that are not sent, and why."""
        return {number: one.trouble for number, one in self.passed.items() if one.trouble is not None}


def of(
    *,
    project: Project,
    who: Who,
    plan: RunPlan,
    starts: Mapping[int, Start],
    although: str = "",
    progress: Progress | None = None,
) -> Questions:
    """Return the questions of these starts, by their numbers in the run; nothing is stored or sent.

    ``although``: the words of whoever lets texts leave although names cannot be looked for here. Raises Cancelled.
    """
    watch = progress or Silent()
    shared = generation_prompts.shared(project=project, recipe=plan.recipe)
    leaves = not addresses.leads_here(plan.connection.base_url)
    passed: dict[int, Passed] = {}
    numbers, kept = list(starts), _kept(project, plan, starts)
    passed |= {
        number: Passed(number=number, messages=(), trouble=Trouble.HELD_OUT) for number in numbers if number not in kept
    }
    with Gate(project=project, who=who, leaves=leaves, surrogates=plan.surrogates, although=although) as gate:
        for begin in range(0, len(numbers), _AT_ONCE):
            watch.check()
            watch.report(begin, len(numbers), _("rendering"))
            part = numbers[begin : begin + _AT_ONCE]
            asked = _asked(project, plan, {number: kept[number] for number in part if number in kept}, shared)
            gone = set(part).intersection(kept).difference(one.number for one in asked)
            passed |= {number: Passed(number=number, messages=(), trouble=Trouble.DELETED) for number in gone}
            passed |= {one.number: one for one in gate.passed(asked, watch)}
        notes = tuple(gate.notes())
    return Questions(
        passed={number: passed[number] for number in numbers},
        shared=shared,
        notes=notes,
        personal=tuple(privacy_gate.summary(passed.values())),
    )


def _kept(project: Project, plan: RunPlan, starts: Mapping[int, Start]) -> dict[int, Start]:
    """Return what may be asked, and shown beside it, although releases were made since the starts were chosen."""
    with project.read() as view:
        barred = generated.kept_from_models(view)
    shown = {
        number: replace(one, shown=tuple(s for s in one.shown if s not in barred)) for number, one in starts.items()
    }
    if plan.recipe.takes not in {Takes.SEED, Takes.CONVERSATION}:
        return shown
    return {number: one for number, one in shown.items() if one.seed not in barred}


def _asked(project: Project, plan: RunPlan, starts: Mapping[int, Start], shared: Shared) -> list[Asked]:
    """Return what the gate is to look at, without the questions whose example is gone."""
    with project.read() as view:
        told = _rendered(view, plan, starts, shared)
        said = findings.dismissals(view, sorted({seq for start in starts.values() for seq in _examples(start)}))
    return [
        Asked(
            number=number,
            messages=messages,
            group=starts[number].group,
            dismissed=frozenset(mark for seq in _examples(starts[number]) for mark in said.get(seq, ())),
        )
        for number, messages in told.items()
        if messages is not None
    ]


def _examples(start: Start) -> tuple[int, ...]:
    """Return the examples that a question shows."""
    return start.shown if start.seed is None else (start.seed, *start.shown)


def as_they_stand(
    *, project: Project, plan: RunPlan, starts: Mapping[int, Start], shared: Shared
) -> dict[int, Messages]:
    """Return what the model would be told without the privacy gate, for people; what cannot be told is left out."""
    with project.read() as view:
        told = _rendered(view, plan, starts, shared)
    return {number: messages for number, messages in told.items() if messages is not None}


def _rendered(view: View, plan: RunPlan, starts: Mapping[int, Start], shared: Shared) -> Mapping[int, Messages | None]:
    """Return what a model is told, by number; their texts are read together, unless one of them is gone."""
    try:
        found = generation_prompts.messages(view, plan.recipe, list(starts.values()), shared)
    except KeyError:
        return {number: _alone(view, plan, start, shared) for number, start in starts.items()}
    return dict(zip(starts, found, strict=True))


def _alone(view: View, plan: RunPlan, start: Start, shared: Shared) -> Messages | None:
    """Return what a model is told; without the examples beside it where one of them is gone; None without the seed."""
    for tried in (start, replace(start, shown=())):
        try:
            return generation_prompts.messages(view, plan.recipe, [tried], shared)[0]
        except KeyError:
            continue
    return None


def question(plan: RunPlan, messages: Sequence[Mapping[str, str]], shared: Shared) -> Question:
    """Return what is asked of the model."""
    here = addresses.leads_here(plan.connection.base_url)
    return Question(
        model=plan.model,
        messages=messages,
        most_tokens=plan.recipe.most_tokens,
        schema=generation_replies.form(plan.recipe, shared.settings) or None,
        parameters=plan.parameters,
        seconds=_SECONDS_HERE if here else _SECONDS_ELSEWHERE,
    )


def items(plan: RunPlan, questions: Questions) -> list[Item]:
    """Return the questions that may be sent, each with the most that it can cost."""
    found = []
    for number, one in questions.passed.items():
        if one.trouble is None:
            asked = question(plan, one.messages, questions.shared)
            most = token_estimates.greatest_cost(connection=plan.connection, price=plan.price, question=asked)
            found.append(Item(number=number, question=asked, most=most))
    return found


def tokens(plan: RunPlan, asked: Question) -> Counted:
    """Return how many tokens a question has."""
    return token_estimates.counted(
        connection=plan.connection, model=plan.model, messages=asked.messages, schema=asked.schema
    )


def hash_of(messages: Sequence[Mapping[str, str]]) -> str:
    """Return the sha256 of messages as they are sent, by which the log of sendings names them."""
    return sha256_hex(canonical_json([dict(message) for message in messages]))
