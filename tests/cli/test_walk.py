"""The whole walk by the command line: a real file in, reviewed, settled, released, exported, verified, traced."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Call, call

MAP = ("request=question", "answer=answer", "group=id", "source=source", "source_url=url", "meta.focus=focus")
EDITS, REJECTS, REVIEWED = 5, 3, 25
KEYS = {"id", "messages", "status", "decided_by", "tags", "origin", "source", "group", "hash"}
TAGS = ["symptom", "medication"]


@dataclass
class Walk:
    """What each step of the walk printed, and what was asked for."""

    folder: Path
    calls: dict[str, Call] = field(default_factory=dict)
    edited: dict[str, str] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, step: str, *words: object, code: int = 0) -> Call:
        self.calls[step] = call(*words, cwd=self.folder, code=code)
        return self.calls[step]

    def exported(self, part: str) -> list[dict[str, Any]]:
        text = (self.folder / "out" / f"{part}.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, data_dir: Path, _own_settings_for_module: None) -> Walk:
    made = Walk(tmp_path_factory.mktemp("walk"))
    made.run("new", "new", "clinic.accord", "--preset", "medical", "--json")
    maps = [word for value in MAP for word in ("--map", value)]
    made.run("import", "import", "clinic.accord", data_dir / "medical/medquad_niddk.csv", *maps, "--json")
    examples = made.run("list", "list", "clinic.accord", "--limit", "40").lines
    _review(made, examples)
    conflicts = made.run("conflicts", "conflicts", "clinic.accord", "--json").value["conflicts"]
    first = conflicts[0]
    made.run(
        "settle",
        *("conflicts", "clinic.accord", "--settle", first["key"], "--how", "keep_one", "--keep", first["ids"][0]),
        *("--reason", "the newer fact sheet", "--json"),
    )
    made.run("duplicates", "duplicates", "clinic.accord", "--apply", "--json")
    made.run("release", "release", "clinic.accord", "v1", "--json")
    made.run("export", "export", "clinic.accord", "--release", "v1", "--format", "openai", "--out", "out", "--json")
    made.run("verify", "verify", "out", "--json")
    made.run("status", "status", "clinic.accord", "--json")
    now = made.run("accepted", "list", "clinic.accord", "--where", "status = accepted").lines
    made.accepted = {row["id"]: row for row in now}
    return made


@pytest.fixture(scope="module")
def _own_settings_for_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCORD_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
        yield


def _review(walk: Walk, examples: list[dict[str, Any]]) -> None:
    with (walk.folder / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "reviewer", "verdict", "answer", "request", "system", "tags", "comment"])
        for number, example in enumerate(examples[:REVIEWED]):
            verdict, answer = "accept", ""
            if number < EDITS:
                verdict, answer = "edit", f"Corrected {number}: see “the source”, 5 µg.\r\nSecond line\u2028end "
                walk.edited[example["id"]] = answer
            elif number < EDITS + REJECTS:
                verdict = "reject"
                walk.rejected.add(example["id"])
            rows.writerow([example["id"], "ana", verdict, answer, "", "", ";".join(TAGS), "checked"])
    walk.run("reviews", "reviews", "clinic.accord", "reviews.csv", "--json")


def test_new_tells_its_format(walk: Walk) -> None:
    assert walk.calls["new"].value == {"project": "clinic.accord", "schema_version": 8}


def test_import_accounts_for_every_row(walk: Walk) -> None:
    value = walk.calls["import"].value
    assert {k: value[k] for k in ("read", "accepted", "rejected", "duplicate")} == {
        "read": 1192,
        "accepted": 1144,
        "rejected": 0,
        "duplicate": 48,
    }
    (file,) = value["files"]
    names = "file format encoding delimiter read accepted rejected duplicate rejections rejections_file"
    assert set(names.split()) <= set(file)


def test_list_has_the_keys_that_scripts_read(walk: Walk) -> None:
    row = walk.calls["list"].lines[0]
    assert set(row) >= KEYS
    assert row["source"]["file"] == "medquad_niddk.csv"
    assert row["source"]["line"] == 2
    assert row["status"] == "candidate"


def test_reviews_are_all_taken(walk: Walk) -> None:
    told = walk.calls["reviews"].value
    assert {key: told[key] for key in ("read", "accepted", "rejected", "rejections")} == {
        "read": 25,
        "accepted": 25,
        "rejected": 0,
        "rejections": [],
    }
    assert (told["already"], told["not_given"], told["new"]) == (0, 0, ["ana"])


def test_one_conflict_is_settled(walk: Walk) -> None:
    before, after = walk.calls["conflicts"].value["conflicts"], walk.calls["settle"].value
    assert after["settled"] == [before[0]["key"]]
    assert after["set_aside"] == before[0]["ids"][1:]
    assert len(after["conflicts"]) == len(before) - 1


def test_duplicates_have_their_keys_and_set_aside_all_but_the_keeper(walk: Walk) -> None:
    value = walk.calls["duplicates"].value
    names = "method threshold fields examples candidate_pairs pairs clusters set_aside conflicts seconds"
    assert set(names.split()) <= set(value)
    assert all(score >= 0.8 for _a, _b, score in value["pairs"])
    members = {example for cluster in value["clusters"] for example in cluster}
    assert value["set_aside"]
    assert set(value["set_aside"]) < members
    conflicting = {example for group in value["conflicts"] for example in group}
    assert all(set(cluster) - set(value["set_aside"]) for cluster in value["clusters"])
    assert conflicting


def test_release_has_its_keys(walk: Walk) -> None:
    value = walk.calls["release"].value
    names = "release train validation heldout left_out groups leakage hash warnings"
    assert set(names.split()) <= set(value)
    assert value["train"] + value["validation"] + value["heldout"] + len(value["left_out"]) == len(walk.accepted)
    assert value["leakage"]["pairs"] == 0
    assert set(value["leakage"]) >= {"pairs", "checked"}


def test_the_export_is_verified(walk: Walk) -> None:
    value = walk.calls["export"].value
    assert {Path(f["path"]).name for f in value["files"]} >= {"train.jsonl", "validation.jsonl", "heldout.jsonl"}
    assert all(set(f) >= {"path", "rows", "sha256"} for f in value["files"])
    assert Path(value["manifest"]).name == "manifest.json"
    verified = walk.calls["verify"].value
    assert verified["ok"] is True
    assert all(set(p) >= {"file", "line", "rule", "severity", "message"} for p in verified["problems"])


def test_the_files_hold_exactly_the_accepted_examples_with_the_edited_texts(walk: Walk) -> None:
    rows = [row for part in ("train", "validation", "heldout") for row in walk.exported(part)]
    written = sorted(json.dumps(row["messages"], sort_keys=True) for row in rows)
    wanted = sorted(json.dumps(row["messages"], sort_keys=True) for row in walk.accepted.values())
    assert written == wanted
    answers = {row["messages"][-1]["content"] for row in rows}
    assert set(walk.edited.values()) <= answers
    assert len(walk.accepted) == REVIEWED - REJECTS - len(_gone(walk))
    assert not walk.rejected & set(walk.accepted)


def _gone(walk: Walk) -> set[str]:
    """Return the reviewed examples that the settled conflict and the search set aside."""
    aside = set(walk.calls["settle"].value["set_aside"]) | set(walk.calls["duplicates"].value["set_aside"])
    return {row["id"] for row in walk.calls["list"].lines[:REVIEWED]} & aside - walk.rejected


def test_accepted_examples_carry_their_tags(walk: Walk) -> None:
    assert all(sorted(row["tags"]) == sorted(TAGS) for row in walk.accepted.values())
    assert {row["decided_by"] for row in walk.accepted.values()} == {"single"}


def test_status_counts_by_stage(walk: Walk) -> None:
    value = walk.calls["status"].value
    names = "examples by_status by_origin reviewers reviews open_disagreements conflicts releases"
    assert set(names.split()) <= set(value)
    assert value["examples"] == 1144 == sum(value["by_status"].values())
    assert value["by_status"]["accepted"] == len(walk.accepted)
    assert (value["reviewers"], value["reviews"], value["releases"]) == (1, 25, 1)


def test_an_exported_line_is_traced_to_its_row_and_people(walk: Walk) -> None:
    text = (walk.folder / "out" / "train.jsonl").read_text("utf-8")
    lines = [line for line in text.split("\n") if line]
    edited = next(line for line in lines if json.loads(line)["messages"][-1]["content"] in walk.edited.values())
    value = call("trace", "clinic.accord", edited, "--json", cwd=walk.folder).value
    assert set(value) >= {"id", "source", "revisions", "reviews", "models"}
    assert value["id"] in walk.edited
    assert value["source"]["file"] == "medquad_niddk.csv"
    assert [r["kind"] for r in value["revisions"]] == ["edit"]
    assert [(r["reviewer"], r["verdict"]) for r in value["reviews"]] == [("ana", "edit")]


def test_the_trace_file_names_file_line_hash_row_and_reviewers(walk: Walk) -> None:
    text = (walk.folder / "out" / "trace.jsonl").read_text("utf-8")
    traces = [json.loads(line) for line in text.split("\n") if line]
    assert {t["id"] for t in traces} == set(walk.accepted)
    for trace in traces:
        line = (walk.folder / "out" / trace["file"]).read_text("utf-8").split("\n")[trace["line"] - 1]
        assert json.loads(line)["messages"] == walk.accepted[trace["id"]]["messages"]
        assert trace["hash"] == walk.accepted[trace["id"]]["hash"]
        assert trace["reviewers"] == ["ana"]


def test_the_project_is_whole_at_the_end(walk: Walk) -> None:
    assert call("inspect", "clinic.accord", "--json", cwd=walk.folder).value == {"ok": True, "problems": []}
    audit = call("audit", "clinic.accord", "--verify", "--json", cwd=walk.folder).value
    assert audit["ok"] is True
    assert set(audit) >= {"events", "ok", "head"}


def test_the_same_release_exports_the_same_bytes(walk: Walk, tmp_path: Path) -> None:
    again = tmp_path / "again"
    call("export", walk.folder / "clinic.accord", "--release", "v1", "--format", "openai", "--out", again, cwd=tmp_path)
    before = {p.name: p.read_bytes() for p in (walk.folder / "out").iterdir()}
    assert {p.name: p.read_bytes() for p in again.iterdir()} == before
