"""Connections to chat services as this machine keeps them: where each is, its model and its prices; never a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from accord.domain.chat import Connection, Kind
from accord.domain.spending import Price

EVERY_MODEL = ""  # the key of a price that holds for each model of a connection


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConnection:
    """A connection by its name. ``model``: used last; ``prices``: a person's own, by model or for ``EVERY_MODEL``."""

    connection: Connection
    model: str = ""
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name that the person gave it."""
        return self.connection.name


def connection_to_value(saved: SavedConnection) -> dict[str, Any]:
    """Return plain JSON values, without the name, under which they are kept."""
    prices = {
        model: {"prompt": str(price.prompt), "answer": str(price.answer), "day": price.day, "source": price.source}
        for model, price in saved.prices.items()
    }
    found = saved.connection
    return {
        "kind": found.kind.value,
        "base_url": found.base_url,
        "api_version": found.api_version,
        "model": saved.model,
        "prices": prices,
    }


def read_connections(values: object) -> tuple[SavedConnection, ...]:
    """Read what was kept, in the order of being added; an entry that is not one is left out."""
    if not isinstance(values, Mapping):
        return ()
    found = (_read(str(name), value) for name, value in values.items() if name)
    return tuple(saved for saved in found if saved is not None)


def _read(name: str, value: object) -> SavedConnection | None:
    if not isinstance(value, Mapping):
        return None
    words = {key: value.get(key, "") for key in ("kind", "base_url", "api_version", "model")}
    if not words["base_url"] or not all(isinstance(word, str) for word in words.values()):
        return None
    if words["kind"] not in {kind.value for kind in Kind}:
        return None
    connection = Connection(
        name=name, base_url=words["base_url"], kind=Kind(words["kind"]), api_version=words["api_version"]
    )
    prices = value.get("prices")
    entries = prices.items() if isinstance(prices, Mapping) else ()
    read = {str(model): _read_price(entry) for model, entry in entries}
    return SavedConnection(
        connection=connection,
        model=words["model"],
        prices={model: price for model, price in read.items() if price is not None},
    )


def _read_price(value: object) -> Price | None:
    if not isinstance(value, Mapping):
        return None
    try:
        prompt, answer = Decimal(str(value.get("prompt"))), Decimal(str(value.get("answer")))
    except InvalidOperation:
        return None
    if not all(sum_.is_finite() and sum_ >= 0 for sum_ in (prompt, answer)):
        return None
    words = {key: value.get(key) for key in ("day", "source")}
    return Price(
        prompt=prompt, answer=answer, **{key: word if isinstance(word, str) else "" for key, word in words.items()}
    )
