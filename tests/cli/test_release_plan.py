"""release --dry-run shows the plan and freezes nothing; purge and verify name what went out with an example."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Accord


@pytest.fixture
def filled(accord: "Accord", tmp_path: Path) -> "Accord":
    """The program beside a project of twenty examples: fourteen accepted, two rejected, one unsure."""
    verdicts = {**dict.fromkeys(range(14), "accept"), 14: "reject", 15: "reject", 16: "unsure"}
    rows = [
        f"Question {n} on topic{n}?,Answer {n} with word{n}.,{verdicts.get(n, '')},{'ana' if n in verdicts else ''}"
        for n in range(20)
    ]
    (tmp_path / "rows.csv").write_text("\n".join(["q,a,v,r", *rows]), encoding="utf-8")
    accord("new", "p.accord")
    accord("import", "p.accord", "rows.csv", "--map", "request=q,answer=a,verdict=v,reviewer=r")
    return accord


def test_a_dry_run_says_what_the_release_will_be_and_makes_none(filled: "Accord") -> None:
    plan = filled("release", "p.accord", "v1", "--dry-run", "--json").value
    assert (plan["dry_run"], plan["blocks"], plan["same_as"]) == (True, [], None)
    assert plan["outside"] == {
        "examples": 6,
        "reasons": {"candidate": 3, "rejected": 2, "disagreement": 1},
        "open_conflicts": 0,
        "in_conflict": 0,
        "open_disagreements": 1,
        "undecided": 3,
    }
    assert filled("status", "p.accord", "--json").value["releases"] in (0, [])
    text = filled("release", "p.accord", "v1", "--dry-run").out
    assert "6 of 20 examples are not in it: 3 have no review yet, 2 are rejected, 1 is disputed or unsure." in text
    assert "Nothing was frozen: this was a dry run." in text
    made = filled("release", "p.accord", "v1", "--json").value
    assert {key: plan[key] for key in made} == made
    taken = filled("release", "p.accord", "v1", "--dry-run", "--json", code=1)
    assert (taken.value["same_as"], len(taken.value["blocks"])) == ("v1", 1)
    assert "There is already a release “v1”" in taken.err


def test_what_a_purge_leaves_outside_is_named_and_verify_finds_it(filled: "Accord", tmp_path: Path) -> None:
    filled("release", "p.accord", "v1")
    filled("export", "p.accord", "--release", "v1", "--format", "openai", "--out", "one", "--as", "ana")
    filled("export", "p.accord", "--release", "v1", "--format", "csv", "--out", "two", "--as", "ana")
    filled("pack", "p.accord", "--reviewer", "ben", "--out", "ben.accordpack", code=None)
    first = json.loads((tmp_path / "one" / "trace.jsonl").read_text("utf-8").splitlines()[0])
    assert filled("verify", "one", "--project", "p.accord", "--json").value["ok"]
    purged = ("purge", "p.accord", "--id", first["id"], "--reason", "asked for")
    affected = filled(*purged, "--json").value["affected"]
    assert affected["releases"] == ["v1"]
    assert [(one["release"], one["format"], one["by"]) for one in affected["exports"]] == [
        ("v1", "openai", "ana"),
        ("v1", "csv", "ana"),
    ]
    assert filled("verify", "one", "--json").value["ok"]
    for folder in ("one", "two"):
        found = filled("verify", folder, "--project", "p.accord", "--json", code=1).value
        (problem,) = [one for one in found["problems"] if one["severity"] == "error"]
        assert problem["rule"] == "purged"
        assert first["id"] in problem["message"]
        assert problem["file"].startswith(str(first["file"]).partition(".")[0])
    assert filled("verify", "one", "--project", "p.accord", code=1).err.count("deleted from the project for good") == 1


def test_purge_says_in_words_that_files_are_out_of_reach(filled: "Accord", tmp_path: Path) -> None:
    filled("release", "p.accord", "v1")
    filled("export", "p.accord", "--release", "v1", "--format", "openai", "--out", "one", "--as", "ana")
    first = json.loads((tmp_path / "one" / "trace.jsonl").read_text("utf-8").splitlines()[0])
    said = filled("purge", "p.accord", "--id", first["id"], "--reason", "asked for").out
    assert "ana exported v1 as openai" in said
    assert "outside Accord's reach" in said


def test_verify_on_a_wrong_folder_says_what_it_is_and_offers_the_right_one(filled: "Accord", tmp_path: Path) -> None:
    assert "There is no folder nowhere." in filled("verify", "nowhere", code=1).err
    (tmp_path / "empty").mkdir()
    said = filled("verify", "empty", code=1).err
    assert "is not a folder that Accord exported to" in said
    assert "Did you mean" not in said
    filled("release", "p.accord", "v1")
    filled("export", "p.accord", "--release", "v1", "--format", "openai", "--out", "all/v1")
    assert "Did you mean the folder v1 in it?" in filled("verify", "all", code=1).err
