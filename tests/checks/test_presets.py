"""Which checks a new project starts with."""

import json
from importlib import resources

from accord.checks import registry
from accord.domain.findings import Kind


def test_a_preset_wants_the_checks_of_its_trade() -> None:
    folder = resources.files("accord") / "resources" / "presets"
    medical = {each.name for each in registry.RULES if each.kind in {Kind.ABBREVIATIONS, Kind.CODES}}
    legal = {each.name for each in registry.RULES if each.kind is Kind.CITATIONS}
    ages = {"old-source", "unread-source-date"}  # a matter of the project's limit
    for name, unwanted in (("general", medical | legal), ("legal", medical), ("medical", legal)):
        off = json.loads((folder / f"{name}.json").read_text("utf-8"))["checks"]["off"]
        assert set(off) == unwanted - ages
        assert len(off) == len(set(off))
