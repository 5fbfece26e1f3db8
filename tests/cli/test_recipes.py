"""recipes as scripts call it: lists, shows, keeps a changed text from files, and takes the one that comes along again."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Accord
from tests.storage.conftest import record
from tests.workflows.candidates import judge, ran

from accord.domain.generation import Outcome
from accord.domain.review import Verdict
from accord.storage.project import open_project


@pytest.fixture
def clinic(accord: Accord, tmp_path: Path) -> str:
    (tmp_path / "bad.md").write_text("no title\n")
    (tmp_path / "bytes.md").write_bytes(b"# \xff\n")
    accord("new", "clinic.accord", "--preset", "medical")
    return "clinic.accord"


def test_the_recipes_of_a_project_are_listed_and_one_is_shown(accord: Accord, clinic: str) -> None:
    found = accord("recipes", clinic, "--json").value["recipes"]
    assert found[0]["name"] == "answers"
    assert len(found) == 7
    assert not any(one["own"] or one["problem"] for one in found)
    assert "worse" in accord("recipes", clinic).out
    shown = accord("recipes", clinic, "--show", "worse", "--json").value
    assert shown["markdown"].startswith("# Answers that show what not to do")
    assert json.loads(shown["facts"])["makes"] == "worse"
    assert shown["history"] == []
    assert "## User" in accord("recipes", clinic, "--show", "worse").out


def test_a_changed_text_is_kept_and_reset(accord: Accord, clinic: str, tmp_path: Path) -> None:
    shown = accord("recipes", clinic, "--show", "worse", "--json").value
    file = tmp_path / "worse.md"
    file.write_bytes(b"\xef\xbb\xbf" + shown["markdown"].replace("one fault that", "two faults that").encode())
    saved = accord("recipes", clinic, "--save", "worse", "--text", file, "--json").value
    assert saved["own"]
    assert saved["version"] != shown["version"]
    again = accord("recipes", clinic, "--show", "worse", "--json").value
    assert "two faults that" in again["markdown"]
    assert [one["version"] for one in again["history"]] == [saved["version"]]
    assert "the project's own" in accord("recipes", clinic).out
    assert accord("recipes", clinic, "--reset", "worse", "--json").value == {"name": "worse", "changed": True}
    assert not accord("recipes", clinic, "--reset", "worse", "--json").value["changed"]
    assert accord("recipes", clinic, "--show", "worse", "--json").value["version"] == shown["version"]


def test_a_new_recipe_needs_its_facts(accord: Accord, clinic: str, tmp_path: Path) -> None:
    shown = accord("recipes", clinic, "--show", "variations", "--json").value
    text, facts = tmp_path / "t.md", tmp_path / "f.json"
    text.write_text(shown["markdown"], "utf-8")
    facts.write_text(shown["facts"], "utf-8")
    assert "needs --facts" in accord("recipes", clinic, "--save", "own", "--text", text, code=2).err
    assert not accord("recipes", clinic, "--save", "own", "--text", text, "--facts", facts, "--json").value["built_in"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--show", "none"), 1, "There is no recipe “none”"),
        (("--save", "worse"), 2, "goes with --text"),
        (("--facts", "f.json"), 2, "goes with --text"),
        (("--save", "worse", "--text", "bad.md"), 2, "needs a title"),
        (("--save", "worse", "--text", "bytes.md"), 2, "bytes.md is no text in UTF-8"),
        (("--save", "worse", "--text", "none.md"), 1, "none.md"),
        (("--show", "worse", "--reset", "worse"), 2, "not allowed with"),
    ],
)
def test_what_cannot_be_done_is_said(accord: Accord, clinic: str, words: tuple[str, ...], code: int, said: str) -> None:
    found = accord("recipes", clinic, *words, code=code)
    assert said in found.err
    assert not found.out


def test_tags_are_told_with_what_they_lack_and_a_comparison_of_nothing_says_so(
    accord: Accord, clinic: str, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text("q,a,t\nHow much?,Some.,dosage\n")
    accord("import", clinic, "rows.csv", "--map", "request=q,answer=a,tags=t")
    table = accord("recipes", clinic, "--coverage", "--json").value["tags"]
    assert {"tag": "dosage", "waiting": 1, "wanted": 9}.items() <= next(
        t for t in table if t["tag"] == "dosage"
    ).items()
    assert "dosage: 0 accepted, 1 waiting, 9 more wanted" in accord("recipes", clinic, "--coverage").out
    assert accord("recipes", clinic, "--compare", "--json").value == {"rows": []}
    assert "No run has made a candidate yet." in accord("recipes", clinic, "--compare").out


def test_a_comparison_tells_what_reviewers_did_with_the_interval_and_the_cost(
    accord: Accord, clinic: str, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text("q,a\nThe seed?,Yes.\n")
    accord("import", clinic, "rows.csv", "--map", "request=q,answer=a")
    project = open_project(tmp_path / clinic)
    rows = [record(n, f"Question {n}?", "one two three four.") for n in range(1, 4)]
    found = ran(project, "large", rows, Outcome(new=3), cost="0.90")
    judge(project, found[0], Verdict.ACCEPT)
    judge(project, found[1], Verdict.EDIT, m1="one two three five.")
    judge(project, found[2], Verdict.REJECT)
    project.close()
    (row,) = accord("recipes", clinic, "--compare", "--json").value["rows"]
    assert row["accepted_share"] == {"value": 2 / 3, "ci95": pytest.approx([0.2077, 0.9385], abs=1e-4), "n": 3}
    assert (row["median_edit"], row["cost_usd"], row["cost_per_accepted_usd"]) == (pytest.approx(0.2), 0.9, 0.45)
    told = accord("recipes", clinic, "--compare").out
    assert "by large: 3 made, 1 accepted as they are, 1 after an edit, 1 rejected, 0 set aside, 0 waiting" in told
    assert "67% accepted [21%, 94%]" in told
    assert "the median edit changes 20%" in told
    assert "0.4500 US$ for each accepted" in told
