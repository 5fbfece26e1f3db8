"""What a model costs: a person's own price, nothing on this machine, or the table that Accord brings."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources

from accord.domain import addresses
from accord.domain.errors import Refused
from accord.domain.keys import Keys
from accord.domain.spending import FREE, Price
from accord.domain.wording import _, mark
from accord.settings import EVERY_MODEL, MachineSettings, SavedConnection
from accord.workflows import connections

_OWN = mark("entered on this machine")
_OLD_DAYS = 365
_MOST = Decimal(100_000)  # US dollars for a million tokens; more is a slip of the pen


def price(*, saved: SavedConnection, model: str) -> Price | None:
    """Return what a model costs there; None where nobody knows, so that no budget can be held without a person's own.

    A person's own price for the model, or for every model of the connection, wins; a server on this machine charges
    nothing; else the table's, which knows the provider's own address alone: elsewhere the same model costs other sums.
    """
    own = saved.prices.get(model) or saved.prices.get(EVERY_MODEL)
    if own is not None:
        return own
    if addresses.leads_here(saved.connection.base_url):
        return FREE
    host = addresses.host(saved.connection.base_url)
    for entry in _table():
        if entry["host"] == host and re.fullmatch(entry["model"], model):
            sums = {key: Decimal(entry[key]) for key in ("prompt", "answer")}
            return Price(day=entry["day"], source=entry["source"], **sums)
    return None


def keep_price(
    *,
    settings: MachineSettings,
    keys: Keys,
    name: str,
    model: str = EVERY_MODEL,
    sums: tuple[str, str] | None,
    today: date,
) -> SavedConnection:
    """Keep a person's own price: of the prompt and of the answer, US dollars for a million tokens; None forgets it.

    Raises Refused where the connection is not there or a sum is none.
    """
    saved = connections.one(settings=settings, name=name)
    kept = {known: own for known, own in saved.prices.items() if known != model}
    if sums is not None:
        kept[model] = Price(prompt=_sum(sums[0]), answer=_sum(sums[1]), day=today.isoformat(), source=_(_OWN))
    return connections.save(settings=settings, keys=keys, saved=replace(saved, prices=kept), instead_of=name)


def sentence(*, found: Price | None, today: date) -> str:
    """Return what a million tokens cost, since when, and whether that should be looked up."""
    if found is None:
        return _("What this model costs is not known. Enter its price: without one no budget can be held.")
    if found.prompt == found.answer == 0:
        return _("Nothing is charged.")
    told = _(
        "{prompt} US$ for a million tokens of the prompt, {answer} US$ of the answer ({source}, {day}).",
        prompt=found.prompt,
        answer=found.answer,
        source=found.source,
        day=found.day,
    )
    if _age(found.day, today) > _OLD_DAYS:
        return told + " " + _("The price is more than a year old: look whether it still holds.")
    return told


def _age(day: str, today: date) -> int:
    try:
        return (today - date.fromisoformat(day)).days
    except ValueError:
        return 0


def _sum(text: str) -> Decimal:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found <= _MOST:
        raise Refused(_("“{text}” is no price in US dollars for a million tokens. Nothing was kept.", text=text))
    return found


@cache
def _table() -> Sequence[Mapping[str, str]]:
    text = (resources.files("accord") / "resources" / "prices.json").read_text("utf-8")
    found: Sequence[Mapping[str, str]] = json.loads(text)["prices"]
    return found
