"""The contract of every call: options as documented, exit statuses, one JSON object, one sentence when refused."""

import getpass
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Accord

from accord.cli.main import parser, verb_names

# CLI.md, the verbs and options that this version has.
OPTIONS = {
    "new": ["--preset"],
    "demo": ["--out", "--headless"],
    "import": ["--format", "--map", "--sheet", "--encoding", "--pointer", "--delimiter", "--dry-run"],
    "list": ["--where", "--limit"],
    "status": [],
    "duplicates": ["--method", "--threshold", "--fields", "--all-pairs", "--apply"],
    "reviews": [],
    "calibrate": ["--begin", "--status", "--close", "--reviewers", "--items", "--threshold", "--seed", "--where"],
    "controls": ["--mark", "--unmark", "--verdict", "--note"],
    "repeats": ["--reviewer", "--plan", "--share", "--days", "--seed"],
    "agreement": ["--table", "--layout", "--level"],
    "bulk": [
        "--where",
        "--tag",
        "--untag",
        "--accept",
        "--reject",
        "--unsure",
        "--set-aside",
        "--bring-back",
        "--undo",
        "--act",
        "--dry-run",
    ],
    "filters": ["--where", "--save", "--rename", "--delete"],
    "release": ["--heldout", "--validation", "--seed", "--threshold", "--fields", "--where"],
    "export": ["--release", "--format", "--out", "--array", "--replace"],
    "verify": [],
    "backup": ["--to"],
    "restore": ["--to"],
    "inspect": ["--rebuild"],
    "purge": ["--id", "--reason"],
    "audit": ["--export", "--verify"],
    "trace": [],
    "doctor": [],
    "gallery": [],
}
WRONG = [
    ("list",),
    ("list", "x.accord", "--bogus"),
    ("list", "x.accord", "--limit", "-1"),
    ("new",),
    ("new", "x.accord", "--preset", "dental"),
    ("import", "x.accord"),
    ("import", "x.accord", "f.csv", "--format", "parquet"),
    ("release", "x.accord"),
    ("release", "x.accord", "v1", "--heldout", "much"),
    ("export", "x.accord", "--release", "v1"),
    ("export", "x.accord", "--release", "v1", "--format", "xml", "--out", "o"),
    ("purge", "x.accord", "--id", "1"),
    ("agreement",),
    ("agreement", "--table", "x.csv", "--level", "cardinal"),
    ("restore", "x.accord"),
    ("frobnicate", "x.accord"),
    ("--bogus",),
]


def make(accord: Accord, folder: Path, *rows: tuple[str, str]) -> Path:
    """Make ``clinic.accord`` in the folder, with these pairs in it."""
    accord("new", "clinic.accord")
    if rows:
        text = "".join(json.dumps({"request": q, "answer": a}) + "\n" for q, a in rows)
        (folder / "rows.jsonl").write_text(text, encoding="utf-8")
        accord("import", "clinic.accord", "rows.jsonl", "--map", "request=request,answer=answer")
    return folder / "clinic.accord"


@pytest.mark.parametrize("verb", sorted(OPTIONS))
def test_help_lists_the_documented_options(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([verb, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(option in told for option in [*OPTIONS[verb], "--json", "--as"])


def test_every_documented_verb_is_there() -> None:
    assert set(OPTIONS) <= set(verb_names())


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_exits_2_and_prints_nothing_on_stdout(accord: Accord, words: tuple[str, ...]) -> None:
    found = accord(*words, code=2)
    assert found.out == ""
    assert found.err


def test_a_filter_or_mapping_of_the_wrong_form_is_wrong_usage(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    filtered = accord("list", "clinic.accord", "--where", "colour = red", code=2)
    mapped = accord("import", "clinic.accord", "rows.jsonl", "--map", "colour=request", code=2)
    for found in (filtered, mapped):
        assert found.out == ""
        assert found.err.count("\n") == 1


def test_every_refusal_is_one_sentence_on_stderr(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    (tmp_path / "notes.txt").write_text("no project\n" * 50, encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    refused = [
        ("status", "missing.accord"),
        ("status", "notes.txt"),
        ("status", "."),
        ("status", "postgresql://127.0.0.1:1/clinic"),
        ("new", "clinic.accord"),
        ("release", "clinic.accord", "v1"),
        ("release", "clinic.accord", "../v1"),
        ("release", "clinic.accord", "v1", "--heldout", "1.5"),
        ("export", "clinic.accord", "--release", "v9", "--format", "openai", "--out", "o"),
        ("reviews", "clinic.accord", "missing.csv"),
        ("reviews", "clinic.accord", "."),
        ("purge", "clinic.accord", "--id", "nobody", "--reason", "r"),
        ("trace", "clinic.accord", "no line"),
        ("trace", "clinic.accord", '{"messages": [{"role": "user", "content": "?"}]}'),
        ("restore", "missing.accord", "--to", "new.accord"),
        ("backup", "clinic.accord", "--to", "notes.txt"),
        ("audit", "clinic.accord", "--export", "notes.txt"),
        ("audit", "clinic.accord", "--export", "nowhere/log.jsonl"),
        ("duplicates", "clinic.accord", "--threshold", "0"),
        ("duplicates", "clinic.accord", "--all-pairs", "nowhere/pairs.jsonl"),
        ("new", "notes.txt/clinic.accord"),
    ]
    for words in refused:
        found = accord(*words, "--json", code=1)
        assert found.out == "", words
        assert found.err.startswith("accord: "), words
        assert found.err.count("\n") == 1, (words, found.err)
    assert (tmp_path / "notes.txt").read_text("utf-8") == "no project\n" * 50


def test_json_is_exactly_one_object(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    calls: list[tuple[str, ...]] = [
        ("status", "clinic.accord"),
        ("duplicates", "clinic.accord"),
        ("conflicts", "clinic.accord"),
        ("inspect", "clinic.accord", "--rebuild"),
        ("audit", "clinic.accord"),
        ("backup", "clinic.accord", "--to", "copy.accord"),
        ("restore", "copy.accord", "--to", "again.accord"),
        ("doctor",),
    ]
    for words in calls:
        found = accord(*words, "--json")
        assert found.out.count("\n") == 1, words
        assert isinstance(json.loads(found.out), dict)


def test_one_unreadable_file_does_not_keep_the_others_out(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path)
    (tmp_path / "good.jsonl").write_text('{"request": "Q", "answer": "A"}\n', encoding="utf-8")
    (tmp_path / "also.jsonl").write_text('{"request": "Q2", "answer": "A2"}\n', encoding="utf-8")
    (tmp_path / "bad.jsonl").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "empty.csv").write_bytes(b"")
    files = ["good.jsonl", "bad.jsonl", "missing.csv", ".", "empty.csv", "also.jsonl"]
    found = accord("import", "clinic.accord", *files, "--map", "request=request,answer=answer", "--json", code=1)
    value = found.value
    assert [f["accepted"] for f in value["files"]] == [1, 0, 0, 0, 0, 1]
    for counts in [value, *value["files"]]:
        assert counts["read"] == counts["accepted"] + counts["rejected"] + counts["duplicate"]
    assert [(f["read"], f["rejected"]) for f in value["files"][2:4]] == [(1, 1), (1, 1)]
    assert [line.split()[1] for line in found.err.splitlines()] == ["bad.jsonl", "missing.csv", ".", "empty.csv"]
    assert accord("status", "clinic.accord", "--json").value["examples"] == 2


def test_why_a_file_cannot_be_read_is_told_once(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"")
    found = accord("import", "clinic.accord", "empty.csv", code=1)
    assert "0: :" not in found.out
    assert (found.out + found.err).count("It is empty.") == 1


def test_a_dry_run_tells_what_an_import_would_and_changes_nothing(accord: Accord, tmp_path: Path) -> None:
    path = make(accord, tmp_path, ("Q1", "A1"))
    rows = ['{"request": "Q1", "answer": "A1"}', '{"request": "Q2"}', "{", '{"request": "Q2"}', '{"answer": "A"}']
    (tmp_path / "more.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    before = path.read_bytes()
    words = ("import", "clinic.accord", "more.jsonl", "--map", "request=request,answer=answer", "--json")
    dry = accord(*words, "--dry-run").value
    assert path.read_bytes() == before
    real = accord(*words).value
    names = ("read", "accepted", "rejected", "duplicate")
    assert [dry[n] for n in names] == [real[n] for n in names] == [5, 1, 2, 2]
    assert dry["files"][0]["rejections"] == real["files"][0]["rejections"]
    assert len(real["files"][0]["rejections"]) == 2
    refused = (tmp_path / real["files"][0]["rejections_file"]).read_text("utf-8").splitlines()
    assert [json.loads(line)["accord_rejected"]["line"] for line in refused] == [3, 5]
    assert accord("list", "clinic.accord", "--where", "status = needs_answer").lines[0]["id"]


def test_the_acting_name_is_kept(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    (example,) = accord("list", "clinic.accord").lines
    (tmp_path / "r.jsonl").write_text(json.dumps({"id": example["id"], "verdict": "accept"}) + "\n", encoding="utf-8")
    accord("reviews", "clinic.accord", "r.jsonl", "--as", "Dr. Ünal")
    assert accord("status", "clinic.accord", "--json").value["reviewer_names"] == ["Dr. Ünal"]


def test_output_is_utf8_in_any_locale_and_one_line_is_one_line(accord: Accord, program: Accord, tmp_path: Path) -> None:
    text = "naïve 日本 \u2028 \u2029 \x85 \x0b \x1c end"
    make(accord, tmp_path, ("Q1", text))
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}):
        found = program("list", "clinic.accord", environment=locale)
        assert [row["messages"][-1]["content"] for row in found.lines] == [text]


def test_a_file_name_that_is_not_utf8_can_be_imported(accord: Accord, program: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path)
    name = os.fsencode(tmp_path) + b"/r\xff\xe9.jsonl"
    Path(os.fsdecode(name)).write_text('{"request": "Q", "answer": "A"}\n', encoding="utf-8")
    found = program("import", "clinic.accord", os.fsdecode(name), "--map", "request=request,answer=answer", "--json")
    assert found.value["accepted"] == 1
    assert accord("list", "clinic.accord").lines[0]["source"]["file"].endswith(".jsonl")


def test_a_reader_that_stops_early_is_no_failure(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, *((f"Q{n}", "A" * 2000) for n in range(200)))
    command = f"'{sys.executable}' -m accord list clinic.accord | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode in {0, 128 + signal.SIGPIPE}


@pytest.mark.parametrize("name", ["a?b.accord", "a#b%20c.accord", "ü 日本.accord", "no-suffix"])
def test_any_file_name_can_be_a_project(accord: Accord, tmp_path: Path, name: str) -> None:
    accord("new", name)
    assert accord("status", name, "--json").value["examples"] == 0
    assert (tmp_path / name).is_file()


def test_every_pair_is_written_before_anything_is_set_aside_and_over_no_other_file(
    accord: Accord, tmp_path: Path
) -> None:
    long = "Take one tablet in the morning and one in the evening with a glass of water, for ten days."
    make(accord, tmp_path, ("What is the dose for an adult?", long), ("What is the dose for an adult?", long + " OK"))
    before = (tmp_path / "clinic.accord").read_bytes()[:16]
    for taken in ("clinic.accord", "rows.jsonl", "missing/pairs.jsonl", "."):
        refused = accord("duplicates", "clinic.accord", "--apply", "--all-pairs", taken, code=1)
        assert refused.err.startswith("accord: ")
        assert refused.err.count("\n") == 1
    assert (tmp_path / "clinic.accord").read_bytes()[:16] == before
    assert json.loads(accord("status", "clinic.accord", "--json").out)["by_status"] == {"candidate": 2}
    for _again in range(2):
        accord("duplicates", "clinic.accord", "--all-pairs", "pairs.jsonl")
    (pair,) = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert pair[2] >= 0.8


def test_a_review_file_of_which_nothing_is_stored_says_why(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q", "A"))
    (tmp_path / "reviews.csv").write_text("id,verdict\nnobody,accept\n")
    refused = accord("reviews", "clinic.accord", "reviews.csv", "--json", code=1)
    assert json.loads(refused.out)["rejected"] == 1
    assert "nothing was stored" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize("threshold", ["0", "1.5", "nan"])
def test_a_release_with_a_threshold_out_of_range_is_refused(accord: Accord, tmp_path: Path, threshold: str) -> None:
    make(accord, tmp_path, ("Q", "A"))
    refused = accord("release", "clinic.accord", "v1", "--threshold", threshold, code=1)
    assert refused.err.startswith("accord: The threshold")


def test_a_status_that_does_not_exist_is_told_and_not_an_empty_list(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    for where in ("status = nonsense", "status = candidate or text ~ x"):
        found = accord("list", "clinic.accord", "--where", where, code=2)
        assert "There are: " in found.err
    found = accord("list", "clinic.accord", "--where", "finding = person", code=2)
    assert "“person” is no finding. Nearest: person-name, " in found.err
    assert len(found.err) < 150  # of eighty rules the likest
    assert accord("list", "clinic.accord", "--where", "status ~ candid").out


def test_the_same_reviews_twice_change_nothing(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("Q1", "A1"))
    (tmp_path / "verdicts.csv").write_text("file,line,verdict,comment\nrows.jsonl,1,accept,fine\n", encoding="utf-8")
    for _time in range(2):
        assert accord("reviews", "clinic.accord", "verdicts.csv", "--json").value["accepted"] == 1
    assert accord("status", "clinic.accord", "--json").value["reviews"] == 1
    line = accord("list", "clinic.accord").out
    assert len(accord("trace", "clinic.accord", line, "--json").value["reviews"]) == 1


def test_a_second_demo_keeps_what_someone_did_since(
    accord: Accord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.providers.models._NEEDED", ("not_installed",))  # so that no model is loaded, twice
    first = accord("demo", "--out", "d", "--headless", "--json").value
    steps = {one["step"]: one for one in first["steps"]}
    assert steps["check"]["error"] > 0
    assert (
        steps["what a chat model would be asked"]["questions"],
        steps["what a chat model would be asked"]["sent"],
    ) == (5, 0)
    assert steps["dismiss a finding"]["reason"] == "acceptable"
    assert (steps["de-identify an example"]["examples"], steps["de-identify an example"]["confirmed"]) == (1, 1)
    assert any("tomasz.brindle@example.org -> " in one for one in steps["de-identify an example"]["replaced"])
    assert "accord[ml]" in steps["near-duplicates by meaning"]["said"]
    assert not accord("demo", "--out", "d", "--headless", "--json").value["kept"]
    example = json.loads(accord("list", first["project"], "--where", "status = candidate", "--limit", "1").out)
    (tmp_path / "mine.csv").write_text(f"id,verdict\n{example['id']},accept\n", encoding="utf-8")
    accord("reviews", first["project"], "mine.csv")
    again = accord("demo", "--out", "d", "--headless", "--json").value
    assert (again["kept"], len(again["steps"])) == (True, len(first["steps"]))
    assert example["id"] in accord("list", first["project"], "--where", "status = accepted").out


def test_many_examples_are_tagged_judged_and_taken_back(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("How?", "So."), ("Why?", "Because."), ("When?", ""))
    assert accord("bulk", "clinic.accord", "--tag", "t", code=2).err.startswith("accord: Say which examples")
    tagged = accord("bulk", "clinic.accord", "--where", "text ~ why", "--tag", "urgent", "--json").value
    assert (tagged["changed"], tagged["total"], tagged["left_out"]) == (1, 1, [])
    judged = accord("bulk", "clinic.accord", "--where", "", "--accept", "--json").value
    assert (judged["changed"], judged["left_out"]) == (2, [{"reason": "no_answer", "count": 1}])
    assert accord("bulk", "clinic.accord", "--where", "", "--reject", "--dry-run", "--json").value["changed"] == 1
    listed = {row["messages"][0]["content"]: row for row in accord("list", "clinic.accord").lines}
    assert [(listed[q]["status"], listed[q]["tags"]) for q in ("How?", "Why?", "When?")] == [
        ("accepted", []),
        ("accepted", ["urgent"]),
        ("needs_answer", []),
    ]
    ahead = accord("bulk", "clinic.accord", "--undo", "--dry-run", "--json").value
    assert (ahead["did"], ahead["changed"], ahead["id"]) == ("accept", 2, judged["act"])
    undone = accord("bulk", "clinic.accord", "--undo", "--json").value
    assert {**ahead, "dry_run": False} == undone
    assert (undone["act"], undone["kept"], undone["by"]) == ("bulk", 0, getpass.getuser())
    assert {row["status"] for row in accord("list", "clinic.accord").lines} == {"candidate", "needs_answer"}


def test_an_undo_names_the_act_that_it_takes_back(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("How?", "So."), ("Why?", "Because."))
    tag = accord("bulk", "clinic.accord", "--where", "", "--tag", "t", "--json").value["act"]
    accord("pack", "clinic.accord", "--reviewer", "bo", "--out", "bo.accord", "--where", "")
    refused = accord("bulk", "clinic.accord", "--undo", code=1).err
    assert "Nothing was taken back. Your last act was the review pack for bo, at " in refused
    assert accord("bulk", "clinic.accord", "--undo", "--dry-run", code=1).err == refused
    assert all(row["tags"] == ["t"] for row in accord("list", "clinic.accord").lines)
    assert "--undo" in accord("bulk", "clinic.accord", "--where", "", "--accept", "--act", tag, code=2).err
    told = accord("bulk", "clinic.accord", "--undo", "--act", tag).out
    assert told.startswith(f"Taken back: tagging, by {getpass.getuser()} at ")
    assert told.strip().endswith("2 examples changed with it.")
    assert "nothing of yours to take back" in accord("bulk", "clinic.accord", "--undo", "--act", tag, code=1).err


def test_a_dry_run_says_how_many_would_change(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path, ("How?", "So."), ("Why?", "Because."), ("When?", ""))
    before = accord("list", "clinic.accord").out
    for act, changed in ((("--tag", "t"), 3), (("--accept",), 2), (("--set-aside", "why"), 3), (("--bring-back",), 0)):
        ahead = accord("bulk", "clinic.accord", "--where", "", *act, "--dry-run", "--json").value
        assert (ahead["changed"], ahead["total"], ahead["act"], ahead["dry_run"]) == (changed, 3, "", True)
        assert accord("list", "clinic.accord").out == before
        assert accord("bulk", "clinic.accord", "--where", "", *act, "--json").value["changed"] == changed
        if changed:
            accord("bulk", "clinic.accord", "--undo")
    assert accord("bulk", "clinic.accord", "--where", "", "--accept", "--dry-run").out.startswith("2 of 3 would change")


def test_filters_are_kept_by_name(accord: Accord, tmp_path: Path) -> None:
    make(accord, tmp_path)
    kept = accord("filters", "clinic.accord", "--save", "Urgent", "--where", "tag = urgent", "--json").value
    assert kept == {"filters": [{"name": "Urgent", "where": "tag = urgent"}]}
    accord("filters", "clinic.accord", "--rename", "Urgent", "Soon")
    assert accord("filters", "clinic.accord", "--delete", "Soon", "--json").value == {"filters": []}
    accord("filters", "clinic.accord", "--delete", "Soon", code=1)
