"""What ships beside the code is there, and says where it comes from."""

import json
from datetime import date
from importlib import resources

FOLDER = resources.files("accord") / "resources"


def test_every_date_of_a_provider_names_its_source_and_the_day_it_was_checked() -> None:
    found = json.loads((FOLDER / "provider_dates.json").read_text("utf-8"))
    assert found["dates"]
    for entry in found["dates"]:
        assert set(entry) == {"provider", "what", "date", "source", "checked"}
        assert entry["source"]
        assert date.fromisoformat(entry["checked"]) <= date.today()  # noqa: DTZ011  (a calendar day, anywhere)
        date.fromisoformat(entry["date"])


def test_presets_help_icons_and_palettes_are_in_the_package() -> None:
    for name in (
        "presets/medical.json",
        "help/help.md",
        "icons/accord.svg",
        "palettes/dark.json",
        "sample/reviews.csv",
    ):
        assert (FOLDER / name).is_file()
