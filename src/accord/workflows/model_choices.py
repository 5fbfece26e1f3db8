"""Which models a service offers, until when, and which of them is the first choice or follows one that goes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

from accord.domain import addresses
from accord.domain.chat import Connection, Failure, Kind, Offered
from accord.domain.keys import at_openai
from accord.domain.wording import _
from accord.settings import SavedConnection
from accord.workflows.connections import OpenService

#: So many starting points are put to both models where one is compared with its successor.
STARTS_SIDE_BY_SIDE = 10
# The first that is listed is preselected: the GPT-4 family while it is there, the oldest last.
_GPT4 = ("gpt-4.1", "gpt-4o", "gpt-4.1-mini", "gpt-4o-mini", "gpt-4-turbo", "gpt-4")
_AFTER_GPT4 = re.compile(r"gpt-(?P<version>([5-9]|[1-9]\d)(\.\d+)?)(?P<size>-mini)?")
_NO_CHAT = re.compile(
    r".*(embedding|whisper|tts|dall-e|image|moderation|audio|realtime|transcribe|sora|instruct|davinci|babbage|codex"
    r"|deep-research|computer-use|search).*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """A model that is listed. ``retires``: ISO 8601, empty where no day is known; ``days_left``: until then.

    ``note``: what to know before it is chosen, a sentence or empty.
    """

    name: str
    retires: str = ""
    days_left: int | None = None
    preselected: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What a service lists. Any other name may be entered too.

    ``told``: on the first choice, its end and its successor; ``side_by_side``: the model that goes and the one that
    follows it, both listed now, to be asked from the same ``STARTS_SIDE_BY_SIDE`` starting points.
    """

    choices: tuple[ModelChoice, ...] = ()
    told: str = ""
    successor: str = ""
    side_by_side: tuple[str, str] | None = None

    @property
    def preselected(self) -> str:
        """Return the name of the first choice; empty where a person has to choose."""
        return next((choice.name for choice in self.choices if choice.preselected), "")


def models(*, saved: SavedConnection, open_service: OpenService, here_only: bool, today: date) -> Models | Failure:
    """Ask a service for its models and return them with the first choice, or why it could not be asked."""
    service = open_service(saved.connection, here_only=here_only)
    try:
        offered = service.models()
    finally:
        service.close()
    return offered if isinstance(offered, Failure) else choices(saved=saved, offered=offered, today=today)


def unasked(*, saved: SavedConnection, today: date) -> str:
    """Return the first choice where a service is not asked what it lists; empty where nothing is known of it.

    A model past its day is none.
    """
    first = saved.model or (_GPT4[0] if _at_openai(saved) else "")
    end = retirement(connection=saved.connection, model=first)
    return "" if end and date.fromisoformat(end) < today else first


def choices(*, saved: SavedConnection, offered: Sequence[Offered], today: date) -> Models:
    """Return the models that can be chosen. The one used last comes first, else the GPT-4 family while it is there."""
    if saved.connection.kind is Kind.AZURE:
        return _of_azure(saved)
    found = [_choice(saved.connection, model, today) for model in offered]
    if saved.connection.kind is Kind.OPENAI:
        found = [choice for choice in found if not _NO_CHAT.fullmatch(choice.name)]
    usable = [choice.name for choice in found if choice.days_left is None or choice.days_left >= 0]
    first = _first(saved, usable)
    told, successor, pair = _told(saved, first, {choice.name: choice for choice in found}, usable)
    marked = sorted(found, key=lambda choice: (choice.name != first, choice.name not in usable, choice.name))
    return Models(
        choices=tuple(replace(choice, preselected=choice.name == first) for choice in marked),
        told=told,
        successor=successor,
        side_by_side=pair,
    )


def retirement(*, connection: Connection, model: str) -> str:
    """Return the day from which a model is not answered any more, ISO 8601; empty where none is known."""
    host = addresses.host(connection.base_url)
    for family in _families():
        if family["host"] == host and re.fullmatch(family["model"], model):
            return family["retires"]
    return ""


def successor_of(model: str, listed: Sequence[str]) -> str:
    """Return the newest listed model after GPT-4, of the same size where one is; empty where none is listed."""
    small = "-mini" in model
    known = [match for name in listed if (match := _AFTER_GPT4.fullmatch(name)) is not None]
    if not known:
        return ""
    best = max(known, key=lambda match: (bool(match["size"]) is small, _version(match["version"])))
    return best.string


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _choice(connection: Connection, model: Offered, today: date) -> ModelChoice:
    """Return a model with the day of its end: what the service says itself goes before what is known of its family."""
    retires = next(filter(_is_day, (model.retires, retirement(connection=connection, model=model.name))), "")
    left = (date.fromisoformat(retires) - today).days if retires else None
    note = ""
    if left is not None and left < 0:
        note = _("Its end was {day}; it may not answer.", day=retires)
    elif left is not None:
        note = _("It answers until {day}, {n} days from now.", day=retires, n=left)
    return ModelChoice(name=model.name, retires=retires, days_left=left, note=note)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _first(saved: SavedConnection, usable: Sequence[str]) -> str:
    if saved.model in usable:
        return saved.model
    if _at_openai(saved):
        return next((name for name in _GPT4 if name in usable), "") or successor_of("", usable)
    return usable[0] if usable else ""


def _told(
    saved: SavedConnection, first: str, by_name: Mapping[str, ModelChoice], usable: Sequence[str]
) -> tuple[str, str, tuple[str, str] | None]:
    """Return a sentence on the first choice, its successor, and both where they can be compared."""
    gone = saved.model if saved.model and saved.model not in usable else ""
    if not _at_openai(saved):
        return (_("“{model}”, used last, is not listed any more.", model=gone) if gone else ""), "", None
    if first in by_name and by_name[first].days_left is not None:
        after = successor_of(first, usable)
        if not after:
            return by_name[first].note, "", None
        told = _(
            "{note} “{after}” follows it: let both answer the same {n} starting points before that day.",
            note=by_name[first].note,
            after=after,
            n=STARTS_SIDE_BY_SIDE,
        )
        return told, after, (first, after)
    if first and first not in _GPT4 and first != saved.model:
        told = _("No model of the GPT-4 family is listed any more. “{after}” is proposed in its place.", after=first)
        return told, first, None
    return "", "", None


def _at_openai(saved: SavedConnection) -> bool:
    return saved.connection.kind is Kind.OPENAI or at_openai(saved.connection.base_url)


def _of_azure(saved: SavedConnection) -> Models:
    """Return the deployment used last: Azure lists what could be deployed, and not the names under which it was."""
    told = _("Azure is asked by the name of a deployment, which it does not list: enter it as the model.")
    used = (ModelChoice(name=saved.model, preselected=True),) if saved.model else ()
    return Models(choices=used, told=told)


@cache
def _families() -> Sequence[Mapping[str, str]]:
    text = (resources.files("accord") / "resources" / "provider_dates.json").read_text("utf-8")
    found: Sequence[Mapping[str, str]] = json.loads(text)["families"]
    return found
