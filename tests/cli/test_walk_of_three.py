"""Three reviewers by the command line: blind reviews, one of them by pack, agreement, decisions, a signed release."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Accord

MAP = ("request=question", "answer=answer", "group=id", "source=source", "source_url=url")
LOOKS = ("list", "status", "agreement", "disagreements", "calibrate")
LEAD, ADJUDICATOR = ("--as", "Lena"), ("--as", "Mia")
OWN = "Decided: 5 µg, “once a day”.\r\nSecond line\u2028and its end "
PHRASE = "two words and a dose"


class Walk:
    """A project, its rows, and what each person said of them."""

    def __init__(self, accord: Accord, folder: Path) -> None:
        self.accord, self.folder = accord, folder
        self.texts: dict[str, str] = {}

    def json(self, *words: object) -> dict[str, Any]:
        return self.accord(*words, "--json").value

    def given_to(self, name: str) -> list[str]:
        return [row["id"] for row in self.accord("list", "clinic.accord", "--where", f"assigned = {name}", *LEAD).lines]

    def review(self, project: str, name: str, said: dict[str, tuple[str, str]]) -> None:
        """Let a person bring verdicts and edited answers, in her own name."""
        file = self.folder / f"{name}.csv"
        rows = [("id", "verdict", "answer"), *((example, *verdict) for example, verdict in said.items())]
        _write(file, rows)
        found = self.json("reviews", project, file, "--as", name)
        assert (found["read"], found["accepted"]) == (len(said), len(said))

    def seen_by(self, name: str) -> list[str]:
        """Return all that a person is told of the project and of what others said."""
        calls = [self.accord(verb, "clinic.accord", "--as", name, code=None) for verb in LOOKS]
        return [call.out + call.err for call in calls]

    def exported(self) -> list[dict[str, Any]]:
        parts = [self.folder / "out" / f"{part}.jsonl" for part in ("train", "validation", "heldout")]
        return [json.loads(line) for part in parts for line in part.read_text("utf-8").split("\n") if line]


@pytest.fixture
def walk(accord: Accord, data_dir: Path, tmp_path: Path) -> Walk:
    """Give a project of 24 real rows: ana, bo and cyr review, Mia adjudicates, Lena leads."""
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    asked = {row[head.index("question")]: row for row in rows[:60]}  # each request once: nothing conflicts
    _write(tmp_path / "rows.csv", [head, *list(asked.values())[:24]])
    maps = [word for value in MAP for word in ("--map", value)]
    accord("new", "clinic.accord", "--preset", "medical", "--as", "Lena")
    accord("team", "clinic.accord", "--add", "Mia", "--role", "adjudicator", "--credential", "MD", *LEAD)
    imported = accord("import", "clinic.accord", "rows.csv", *maps, *LEAD, "--json").value
    assert (imported["read"], imported["accepted"]) == (24, 24)
    made = Walk(accord, tmp_path)
    made.texts = {row["id"]: row["messages"][-1]["content"] for row in accord("list", "clinic.accord").lines}
    return made


def test_three_reviewers_an_adjudicator_and_a_lead(walk: Walk) -> None:
    given = walk.json("assign", "clinic.accord", "--reviewers", "ana,bo,cyr", "--overlap", 1, *LEAD)
    assert (sum(given["assigned"].values()), given["double_reviewed"]) == (48, 24)
    two_edits, first, second = _review(walk)
    _settle(walk, two_edits, first, second)
    _release(walk, two_edits, second)
    assert walk.json("audit", "clinic.accord", "--verify", *LEAD)["ok"]
    assert walk.json("inspect", "clinic.accord", *LEAD)["ok"]


def _review(walk: Walk) -> tuple[str, str, str]:
    """Let all three judge, blind; return what two edited, and two examples that one of two rejected."""
    ana, bo, cyr = (walk.given_to(name) for name in ("ana", "bo", "cyr"))
    both = [example for example in ana if example in bo]
    seen = walk.seen_by("bo")
    said: dict[str, tuple[str, str]] = dict.fromkeys(ana, ("accept", ""))
    said |= {both[0]: ("edit", "Ana's answer."), both[1]: ("reject", ""), both[2]: ("reject", "")}
    walk.review("clinic.accord", "ana", said)
    assert walk.seen_by("bo") == seen
    said = dict.fromkeys(bo, ("accept", ""))
    said[both[0]] = ("edit", "Bo's answer.")
    walk.review("clinic.accord", "bo", said)
    _pack_for_cyr(walk, cyr)
    return both[0], both[1], both[2]


def _pack_for_cyr(walk: Walk, given: list[str]) -> None:
    """Send cyr's examples out as a pack, have them reviewed there, and bring the reviews home once."""
    made = walk.json("pack", "clinic.accord", "--reviewer", "cyr", "--out", "cyr.accord", *LEAD)
    assert made["examples"] == len(given)
    inside = walk.accord("list", "cyr.accord").out
    assert "Ana's answer." not in inside
    assert "accepted" not in inside
    walk.review("cyr.accord", "cyr", dict.fromkeys(given, ("accept", "")))
    looked = walk.json("merge", "clinic.accord", "cyr.accord", "--dry-run", *LEAD)
    assert (looked["new"], looked["known"], looked["conflicts"]) == (len(given), 0, 0)
    assert walk.json("status", "clinic.accord", *LEAD)["reviewer_names"] == ["Mia", "ana", "bo", "cyr"]
    merged = walk.json("merge", "clinic.accord", "cyr.accord", *LEAD)
    assert (merged["new"], Path(merged["backup"]).exists()) == (len(given), True)
    before = walk.accord("list", "clinic.accord", *LEAD).out
    again = walk.json("merge", "clinic.accord", "cyr.accord", *LEAD)
    assert (again["new"], again["known"]) == (0, len(given))
    assert walk.accord("list", "clinic.accord", *LEAD).out == before


def _settle(walk: Walk, two_edits: str, first: str, second: str) -> None:
    """Settle three disagreements from a file: one accepted, one rejected, one in the adjudicator's own words."""
    before = walk.json("agreement", "clinic.accord", *ADJUDICATOR)
    assert (before["items"], before["double"], before["differing"], before["decided"]) == (24, 24, 2, 0)
    found = walk.json("disagreements", "clinic.accord", *ADJUDICATOR)
    assert {one["id"] for one in found["open"]} == {two_edits, first, second}
    assert {one["id"] for one in before["costliest"]} == {first, second}
    rows = [
        ("id", "decision", "answer", "reason", "comment"),
        (first, "accept", "", "evidence", "The fact sheet says so."),
        (second, "reject", "", "not_usable", "No source says this."),
        (two_edits, "edit", OWN, "wording", "Neither said how often."),
    ]
    _write(walk.folder / "decisions.csv", rows)
    refused = walk.accord("adjudicate", "clinic.accord", "decisions.csv", "--as", "ana", code=1)
    assert "adjudicator" in refused.err
    told = walk.json("adjudicate", "clinic.accord", "decisions.csv", *ADJUDICATOR)
    assert (told["read"], told["accepted"], told["rejected"]) == (3, 3, 0)
    assert walk.json("disagreements", "clinic.accord", *ADJUDICATOR)["open"] == []
    after = walk.json("agreement", "clinic.accord", *ADJUDICATOR)
    assert after["agreed_or_decided"]["value"] > before["agreed_or_decided"]["value"]
    assert after["sentence"] != before["sentence"]
    assert (after["decided"], after["krippendorff_alpha"]) == (2, before["krippendorff_alpha"])


def _release(walk: Walk, decided: str, rejected: str) -> None:
    """Freeze, sign, export and verify; the decided words are in the files to the letter and can be traced."""
    (walk.folder / "phrase").write_text(PHRASE, encoding="utf-8")
    made = walk.json("release", "clinic.accord", "v1", *LEAD)
    assert made["train"] + made["validation"] + made["heldout"] == 23
    who = ("--name", "Dr Lena Berg", "--credential", "MD, endocrinology", "--phrase-file", "phrase")
    signed = walk.json("release", "clinic.accord", "v1", "--sign", *who, "--certificate", "v1.html", *LEAD)
    assert [(one["name"], one["state"]) for one in signed["signatures"]] == [("Dr Lena Berg", "holds")]
    assert "Dr Lena Berg" in (walk.folder / "v1.html").read_text("utf-8")
    walk.accord("export", "clinic.accord", "--release", "v1", "--format", "openai", "--out", "out", *LEAD)
    assert walk.json("verify", "out")["ok"]
    assert "Dr Lena Berg" in (walk.folder / "out" / "manifest.json").read_text("utf-8")
    wanted = {example: text for example, text in (walk.texts | {decided: OWN}).items() if example != rejected}
    assert sorted(row["messages"][-1]["content"] for row in walk.exported()) == sorted(wanted.values())
    line = next(json.dumps(row) for row in walk.exported() if row["messages"][-1]["content"] == OWN)
    traced = walk.json("trace", "clinic.accord", line, *LEAD)
    assert [(one["kind"], one["author"]) for one in traced["revisions"]][-1] == ("adjudicate", "Mia")
    assert sorted((one["reviewer"], one["verdict"]) for one in traced["reviews"]) == [("ana", "edit"), ("bo", "edit")]


def _write(path: Path, rows: list[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
