"""A price is a person's own, nothing on this machine, or the table's at the provider's own address; else unknown."""

import json
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from accord.domain.chat import Connection, Kind, Usage
from accord.domain.errors import Refused
from accord.domain.spending import FREE, Price
from accord.providers.keys import MachineKeys
from accord.settings import EVERY_MODEL, MachineSettings, SavedConnection
from accord.workflows import connections, prices

TODAY = date(2026, 11, 22)


def _at(base_url: str, own: dict[str, Price] | None = None) -> SavedConnection:
    connection = Connection(name="c", base_url=base_url, kind=Kind.COMPATIBLE)
    return SavedConnection(connection=connection, prices=own or {})


OPENAI = _at("https://api.openai.com/v1")


def test_the_table_knows_the_price_of_a_model_and_since_when() -> None:
    found = prices.price(saved=OPENAI, model="gpt-4.1")
    assert found is not None
    assert found.cost(Usage(1_000_000, 1_000_000)) == Decimal(10)
    assert found.day == "2025-04-14"
    assert prices.price(saved=OPENAI, model="ft:gpt-4.1-2025-04-14:clinic::abc") == Price(
        prompt=Decimal("3.00"), answer=Decimal("12.00"), day="2025-04-14", source="OpenAI's price list"
    )


@pytest.mark.parametrize("model", ["gpt-4.1-super", "gpt-9", "", "gpt-4o-2031-01-01", "our-deployment"])
def test_what_is_not_in_the_table_has_no_price(model: str) -> None:
    assert prices.price(saved=OPENAI, model=model) is None


@pytest.mark.parametrize("url", ["https://eu.api.openai.com/v1", "https://models.clinic.example/v1"])
def test_the_same_model_elsewhere_has_no_price_until_a_person_says_one(url: str) -> None:
    assert prices.price(saved=_at(url), model="gpt-4.1") is None
    own = Price(prompt=Decimal(3), answer=Decimal(4))
    assert prices.price(saved=_at(url, {EVERY_MODEL: own}), model="gpt-4.1") == own


def test_this_machine_charges_nothing_unless_a_person_says_otherwise() -> None:
    for url in ("http://127.0.0.1:8080/v1", "http://localhost:1234/v1", "http://[::1]:8000/v1"):
        assert prices.price(saved=_at(url), model="gpt-4.1") == FREE
    own = Price(prompt=Decimal(1), answer=Decimal(1))
    assert prices.price(saved=_at("http://127.0.0.1:4000/v1", {EVERY_MODEL: own}), model="x") == own


def test_an_own_price_is_kept_with_its_day_for_one_model_or_for_all(tmp_path: Path) -> None:
    settings, keys = MachineSettings(tmp_path), MachineKeys(lambda: None, {})
    connections.save(settings=settings, keys=keys, saved=OPENAI)
    for model, sums in ((EVERY_MODEL, ("1", "2")), ("gpt-4.1", ("0.5", " 1.25 "))):
        prices.keep_price(settings=settings, keys=keys, name="c", model=model, sums=sums, today=TODAY)
    saved = connections.one(settings=MachineSettings(tmp_path), name="c")
    found = prices.price(saved=saved, model="gpt-4.1")
    assert found is not None
    assert (found.prompt, found.answer, found.day) == (Decimal("0.5"), Decimal("1.25"), "2026-11-22")
    assert prices.price(saved=saved, model="gpt-9") == saved.prices[EVERY_MODEL]
    for model in (EVERY_MODEL, "gpt-4.1"):
        gone = prices.keep_price(settings=settings, keys=keys, name="c", model=model, sums=None, today=TODAY)
    table = prices.price(saved=gone, model="gpt-4.1")
    assert table is not None
    assert table.prompt == Decimal("2.00")


@pytest.mark.parametrize("text", ["", "free", "-1", "NaN", "inf", "1,000", "1e9"])
def test_what_is_no_price_is_refused(tmp_path: Path, text: str) -> None:
    settings, keys = MachineSettings(tmp_path), MachineKeys(lambda: None, {})
    connections.save(settings=settings, keys=keys, saved=OPENAI)
    with pytest.raises(Refused, match="no price"):
        prices.keep_price(settings=settings, keys=keys, name="c", sums=(text, "1"), today=TODAY)


def test_a_price_says_its_source_and_day_and_that_an_old_one_should_be_looked_up() -> None:
    old = prices.sentence(found=prices.price(saved=OPENAI, model="gpt-4.1"), today=TODAY)
    assert "2.00 US$" in old
    assert "(OpenAI's announcement of GPT-4.1, 2025-04-14)" in old
    assert old.endswith("look whether it still holds.")
    new = Price(prompt=Decimal(1), answer=Decimal(2), day="2026-11-01", source="x")
    assert "still holds" not in prices.sentence(found=new, today=TODAY)
    assert "not known" in prices.sentence(found=None, today=TODAY)
    assert prices.sentence(found=FREE, today=TODAY) == "Nothing is charged."


def test_every_price_of_the_table_can_be_read_and_names_its_source_and_day() -> None:
    text = (resources.files("accord") / "resources" / "prices.json").read_text("utf-8")
    entries = json.loads(text)["prices"]
    assert entries
    for entry in entries:
        assert set(entry) == {"host", "model", "prompt", "answer", "day", "source"}
        assert 0 < Decimal(entry["prompt"]) < Decimal(entry["answer"]) < 1000
        assert date.fromisoformat(entry["day"]) <= TODAY
        assert entry["source"]
