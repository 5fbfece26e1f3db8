"""The sentences of the page that stand for a value: money, time, how a run stands and what came of it."""

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

from accord.domain.chat import Trouble, sentence
from accord.domain.generation import ItemState, Outcome, RunFacts, RunState
from accord.domain.wording import _, number, plural

_CENT = Decimal("0.01")
_MINUTE, _HOUR = 60, 3600


def dollars(sum_: Decimal) -> str:
    """Return a sum as it is printed, rounded up to the cent: a bound stays one."""
    if 0 < sum_ < _CENT:
        return _("less than $0.01")
    return f"${sum_.quantize(_CENT, rounding=ROUND_UP):,.2f}".replace(",", "\u202f")


def about_time(seconds: float) -> str:
    """Return about how long something takes."""
    if seconds < _MINUTE:
        return _("less than a minute")
    if seconds < _HOUR:
        return plural("about {n} minute", "about {n} minutes", round(seconds / _MINUTE))
    return plural("about {n} hour", "about {n} hours", round(seconds / _HOUR))


def what_came(outcome: Outcome) -> str:
    """Return what became of the candidates of a run, in one or two sentences."""
    parts = []
    if outcome.new:
        parts.append(
            plural("{n} new candidate waits for a person", "{n} new candidates wait for a person", outcome.new)
        )
    else:
        parts.append(_("No new candidate came of it"))
    if outcome.duplicate:
        parts.append(plural("{n} was known already", "{n} were known already", outcome.duplicate))
    if outcome.near:
        parts.append(
            plural(
                "{n} is nearly the same as another example and set aside",
                "{n} are nearly the same as other examples and set aside",
                outcome.near,
            )
        )
    refused = sum(outcome.refused.values())
    if refused:
        parts.append(plural("{n} was refused", "{n} were refused", refused))
    return "; ".join(parts) + "."


def reasons(refused: Mapping[str, int], failed: Mapping[Trouble, int]) -> list[str]:
    """Return why candidates were refused and questions gave nothing, a sentence each, with how many."""
    told = [_("{n} refused: {reason}", n=number(n), reason=reason) for reason, n in refused.items()]
    told += [
        plural("{n} question: {reason}", "{n} questions: {reason}", n, reason=sentence(trouble))
        for trouble, n in failed.items()
    ]
    return told


def state_word(run: RunFacts) -> str:
    """Return how a run stands, in a word or two."""
    if run.state is RunState.DONE:
        return _("done")
    if run.state is RunState.RUNNING and run.alive:
        return _("under way")
    return _("stopped")


def how_far(run: RunFacts) -> str:
    """Return how many questions of a run are answered, failed and left."""
    whole = sum(run.items.values())
    answered = sum(run.items.get(state, 0) for state in (ItemState.ANSWERED, ItemState.STORED))
    parts = [_("{n} of {all} answered", n=number(answered), all=number(whole))]
    failed = run.items.get(ItemState.FAILED, 0)
    if failed:
        parts.append(plural("{n} failed", "{n} failed", failed))
    if run.cost:
        parts.append(dollars(run.cost))
    return " · ".join(parts)


def how_far_short(run: RunFacts) -> str:
    """Return how many questions of a run are answered, of all."""
    answered = sum(run.items.get(state, 0) for state in (ItemState.ANSWERED, ItemState.STORED))
    return f"{number(answered)} / {number(sum(run.items.values()))}"
