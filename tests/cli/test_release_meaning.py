"""release --semantic-threshold keeps what asks the same in other words in one part, and says so; without it, why not."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.workflows.meanings import Meanings

from accord import bootstrap
from accord.providers import models

if TYPE_CHECKING:
    from tests.cli.conftest import Accord

WORDS = ("alpha", "beta", "gamma", "delta")
OTHER = ("alfa", "beeta", "gama", "dellta")
SAME = {f"{other}{n}": f"{word}{n}" for other, word in zip(OTHER, WORDS, strict=True) for n in range(12)}
ASKED = ("release", "p.accord", "v1", "--semantic-threshold", "0.9", "--heldout", "0.4")


@pytest.fixture
def filled(accord: "Accord", tmp_path: Path) -> "Accord":
    """The program beside a project of twelve requests, each of them in two wordings."""
    rows = [
        f"{' '.join(f'{word}{n}' for word in words)},Answer {k} of {n} by itself.,accept,ana"
        for k, words in enumerate((WORDS, OTHER))
        for n in range(12)
    ]
    (tmp_path / "rows.csv").write_text("\n".join(["q,a,v,r", *rows]), encoding="utf-8")
    accord("new", "p.accord")
    accord("import", "p.accord", "rows.csv", "--map", "request=q,answer=a,verdict=v,reviewer=r")
    return accord


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> Meanings:
    embedder = Meanings(SAME)
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: embedder)
    return embedder


@pytest.mark.usefixtures("able")
def test_the_pairs_and_what_crosses_are_printed_and_the_files_verify(filled: "Accord") -> None:
    plan = filled(*ASKED, "--dry-run", "--json").value
    made = filled(*ASKED, "--json").value
    assert {key: plan[key] for key in made} == made
    meaning: dict[str, Any] = made["leakage"]["meaning"]
    assert (meaning["compared"], meaning["pairs"], meaning["groups"], meaning["across"]) == (24, 12, 12, 0)
    assert (meaning["model"], meaning["digest"], meaning["threshold"]) == ("words", "0", 0.9)
    assert (meaning["unread"], meaning["parted"]) == (0, 0)
    assert made["groups"] == 12
    said = filled("release", "p.accord", "v2", *ASKED[3:]).out
    assert "Requests compared by meaning, by the model words: 24." in said
    assert "Groups of them kept in one part as they are alike at 0.9 or more: 12, by 12 pairs." in said
    assert "Pairs across train, validation and held-out alike in meaning: 0." in said
    filled("export", "p.accord", "--release", "v1", "--format", "openai", "--out", "out")
    assert filled("verify", "out", "--project", "p.accord", "--json").value["ok"]


def test_nothing_is_asked_of_meaning_unless_it_is_said(filled: "Accord", able: Meanings) -> None:
    made = filled("release", "p.accord", "v1", "--json").value
    assert made["leakage"]["meaning"] is None
    assert not able.read


def test_what_is_missing_is_named_with_how_to_get_it_and_nothing_is_made(
    filled: "Accord", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_NEEDED", ("a_package_that_is_not_there",))
    for more in ((), ("--dry-run",)):
        refused = filled(*ASKED, *more, "--json", code=1)
        assert refused.out == ""
        assert "The packages that compare by meaning are not installed." in refused.err
        assert "accord[ml]" in refused.err
    assert filled("status", "p.accord", "--json").value["releases"] in (0, [])


@pytest.mark.usefixtures("able")
@pytest.mark.parametrize("threshold", ["0", "1.5", "-1"])
def test_a_threshold_out_of_range_is_refused(filled: "Accord", threshold: str) -> None:
    refused = filled("release", "p.accord", "v1", f"--semantic-threshold={threshold}", code=1)
    assert "alike in meaning is above 0 and at most 1" in refused.err
