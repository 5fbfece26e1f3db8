"""Exports: what each format writes, what it refuses, and that a failing disk or a kill leaves the old set or the new."""

import csv
import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.formats.samples import export, read_back, release, released, spread

from accord.domain.content import Content, Message, Role, pair
from accord.domain.errors import AccordError, Cancelled
from accord.domain.progress import CancelFlag
from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.releases import InstructionMode, Part
from accord.formats import landing, ordering
from accord.formats.failures import CannotExport, CannotWrite, TargetNotEmpty
from accord.formats.landing import recover
from accord.formats.verifying import verify_export
from accord.formats.writing import EXPORT_FORMATS, write_export

TOOL = {"type": "function", "function": {"name": "find", "parameters": {}}}
CALL = {"id": "call_9", "type": "function", "function": {"name": "find", "arguments": '{"q": 1}'}}


def tool_chat() -> Content:
    return Content(
        messages=(
            Message(role=Role.USER, content="Find it"),
            Message(role=Role.ASSISTANT, content="", extra={"tool_calls": [CALL]}),
            Message(role=Role.TOOL, content="found", extra={"tool_call_id": "call_9"}),
            Message(role=Role.ASSISTANT, content="Here.", extra={"weight": 1}),
        ),
        tools=(TOOL,),
    )


def turns(*texts: str, system: str = "") -> Content:
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    kinds = (Role.USER, Role.ASSISTANT)
    messages += [Message(role=kinds[i % 2], content=text) for i, text in enumerate(texts)]
    return Content(messages=tuple(messages))


def only_line(folder: Path, content: Content, *, format: str, **more: Any) -> Any:  # noqa: A002  (the user's word)
    export(folder, [released(content, **more)], format=format)
    (line,) = (folder / "train.jsonl").read_text().split("\n")[:-1]
    return json.loads(line)


def many(n: int = 30) -> list[Content]:
    return [pair(f"Question {i}?", f"Answer {i}.") for i in range(n)]


def test_openai_lines_hold_messages_and_tools_as_they_are(tmp_path: Path) -> None:
    row = only_line(tmp_path / "out", tool_chat(), format="openai")
    assert list(row) == ["messages", "tools"]
    assert row["tools"] == [TOOL]
    assert row["messages"][1] == {"role": "assistant", "content": None, "tool_calls": [CALL]}
    assert row["messages"][3] == {"role": "assistant", "content": "Here.", "weight": 1}


def test_the_answer_of_a_legacy_function_keeps_its_role(tmp_path: Path) -> None:
    content = Content(
        messages=(
            Message(role=Role.USER, content="Q"),
            Message(role=Role.TOOL, content="5", extra={"name": "add"}),
            Message(role=Role.ASSISTANT, content="A"),
        )
    )
    assert only_line(tmp_path / "out", content, format="openai")["messages"][1]["role"] == "function"
    assert read_back(tmp_path / "out") == [content]


def test_alpaca_has_three_keys_and_more_only_where_needed(tmp_path: Path) -> None:
    assert only_line(tmp_path / "1", pair("Q", "A"), format="alpaca") == {
        "instruction": "Q",
        "input": "",
        "output": "A",
    }
    assert only_line(tmp_path / "2", turns("Q1", "A1", "Q2", "A2", system="S"), format="alpaca") == {
        "instruction": "Q2",
        "input": "",
        "output": "A2",
        "system": "S",
        "history": [["Q1", "A1"]],
    }


def test_prompt_completion_and_sharegpt(tmp_path: Path) -> None:
    assert only_line(tmp_path / "1", pair("Q", "A"), format="prompt-completion") == {"prompt": "Q", "completion": "A"}
    row = only_line(tmp_path / "2", tool_chat(), format="sharegpt")
    assert [turn["from"] for turn in row["conversations"]] == ["human", "function_call", "observation", "gpt"]
    assert json.loads(row["conversations"][1]["value"]) == {"name": "find", "arguments": {"q": 1}}
    assert json.loads(row["tools"]) == [TOOL["function"]]


def test_preference_pairs_are_the_edited_answers(tmp_path: Path) -> None:
    edited, kept, empty = pair("Q", "Better", system="S"), pair("Q2", "Same"), pair("Q3", "New")
    examples = [
        released(edited, original=pair("Q", "Worse", system="S")),
        released(kept),
        released(empty, original=pair("Q3", "")),
    ]
    export(tmp_path / "out", sorted(examples, key=lambda e: e.id), format="preference")
    (line,) = (tmp_path / "out/train.jsonl").read_text().split("\n")[:-1]
    assert json.loads(line) == {
        "input": {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}]},
        "preferred_output": [{"role": "assistant", "content": "Better"}],
        "non_preferred_output": [{"role": "assistant", "content": "Worse"}],
    }
    assert json.loads((tmp_path / "out/manifest.json").read_bytes())["without_pair"] == 2
    assert "2 examples have no edited answer" in (tmp_path / "out/CARD.md").read_text()


def test_csv_guards_formulas_and_says_so(tmp_path: Path, data_dir: Path) -> None:
    payloads = (data_dir / "hostile/csv_injection_payloads.txt").read_text().split("\n")
    examples = spread(
        pair(p, a)
        for p, a in zip([*payloads, "-5 mg"], ["+1", "@x", "\tx", "\rx", "\0", "=1", "ok"], strict=False)
        if p
    )
    export(tmp_path / "out", examples, format="csv")
    for part in Part:
        with (tmp_path / f"out/{part.value}.csv").open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))]
    assert [content.text for content in read_back(tmp_path / "out")] == [example.text for example in examples]
    assert json.loads((tmp_path / "out/manifest.json").read_bytes())["formula_guard"] is True


@pytest.mark.parametrize("name", ["alpaca", "prompt-completion"])
def test_examples_without_a_place_are_counted_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    weighted = Content(
        messages=(*pair("Q", "A").messages[:1], Message(role=Role.ASSISTANT, content="A", extra={"weight": 0}))
    )
    with pytest.raises(CannotExport, match="1 with tools or tool calls") as caught:
        export(tmp_path / "out", spread([tool_chat(), weighted, *many()]), format=name)
    assert sum(caught.value.reasons.values()) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_equal_input_gives_equal_bytes_and_a_manifest_that_is_true(tmp_path: Path, name: str, array: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    if array and name == "csv":
        with pytest.raises(AccordError, match="no array form"):
            export(tmp_path / "out", [], format=name, array=True)
        return
    examples = spread(many())
    result = export(tmp_path / "one", examples, format=name, array=array)
    export(tmp_path / "two", examples, format=name, array=array)
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    for file in names:
        data = (tmp_path / "one" / file).read_bytes()
        assert data == (tmp_path / "two" / file).read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
    assert {f.path for f in result.files} | {"manifest.json"} == set(names)
    for entry in json.loads(result.manifest.read_bytes())["files"]:
        assert hashlib.sha256((tmp_path / "one" / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_an_empty_part_still_has_its_file(tmp_path: Path) -> None:
    for number, (name, array, empty) in enumerate([("openai", False, b""), ("alpaca", True, b"[]\n")]):
        folder = tmp_path / str(number)
        result = export(folder, [released(pair("Q", "A"))], format=name, array=array)
        assert next(p for p in folder.iterdir() if p.name.startswith("heldout")).read_bytes() == empty
        assert {f.path.split(".")[0]: f.rows for f in result.files}["heldout"] == 0


def test_the_trace_names_line_source_and_people(tmp_path: Path) -> None:
    examples = spread(pair(f"Q{i}", "one\ntwo" if i % 3 else "one") for i in range(30))
    export(tmp_path / "out", examples, format="csv")
    trace = [json.loads(line) for line in (tmp_path / "out/trace.jsonl").read_text().split("\n")[:-1]]
    assert [t["id"] for t in trace] == [e.id for e in examples]
    assert trace[0]["source"] == {"file": "clinic.jsonl", "line": 7}
    assert trace[0]["reviewers"] == ["ada", "bo"]
    for entry in trace:
        line = (tmp_path / "out" / entry["file"]).read_text().split("\n")[entry["line"] - 1]
        assert line.startswith(f'"{entry["id"]}"')


@pytest.mark.parametrize("most_bytes", [ordering.MOST_BYTES, 40_000, 0], ids=["in memory", "some files", "many files"])
@pytest.mark.parametrize("format_name", ["openai", "csv"])
def test_any_order_gives_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str, most_bytes: int
) -> None:
    examples = spread(many(900))
    export(tmp_path / "sorted", examples, format=format_name)
    monkeypatch.setattr(ordering, "MOST_BYTES", most_bytes)
    shuffled = random.Random(2).sample(examples, len(examples))
    export(tmp_path / "shuffled", shuffled, format=format_name)
    names = {path.name for path in (tmp_path / "sorted").iterdir()}
    assert names == {path.name for path in (tmp_path / "shuffled").iterdir()}
    for name in names:
        assert (tmp_path / "shuffled" / name).read_bytes() == (tmp_path / "sorted" / name).read_bytes()


INSTRUCTED = [
    (InstructionMode.KEEP, pair("Q", "A", system="S"), ["S", "Q", "A"]),
    (InstructionMode.ADD, pair("Q", "A", system="S"), ["S", "Q", "A"]),
    (InstructionMode.ADD, pair("Q", "A"), ["I", "Q", "A"]),
    (InstructionMode.REPLACE, pair("Q", "A"), ["I", "Q", "A"]),
    (InstructionMode.REPLACE, pair("Q", "A", system="S"), ["I", "Q", "A"]),
]


@pytest.mark.parametrize(("mode", "content", "expected"), INSTRUCTED)
def test_the_instruction_is_kept_added_or_replaced(
    tmp_path: Path, mode: InstructionMode, content: Content, expected: list[str]
) -> None:
    frozen = release(instruction="I", mode=mode)
    for name in ("openai", "alpaca", "sharegpt", "prompt-completion", "csv"):
        export(tmp_path / name, [released(content)], format=name, frozen=frozen)
        assert [m.content for m in read_back(tmp_path / name)[0].messages] == expected
        assert verify_export(tmp_path / name).ok


def test_codes_stand_for_the_answers_of_a_closed_list(tmp_path: Path) -> None:
    choices = (Choice(label="Urgent", code="1"), Choice(label="Routine", code="2"), Choice(label="Other"))
    settings = ProjectSettings(answer_kind=AnswerKind.LIST, choices=choices, export_codes=True)
    examples = spread([pair("Q1", "Urgent"), pair("Q2", "Routine"), pair("Q3", "Other")])
    export(tmp_path / "out", examples, settings=settings)
    assert {c.request: c.answer for c in read_back(tmp_path / "out")} == {"Q1": "1", "Q2": "2", "Q3": "Other"}
    assert json.loads((tmp_path / "out/manifest.json").read_bytes())["codes"] == {"1": "Urgent", "2": "Routine"}
    assert verify_export(tmp_path / "out").ok


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    for replace in (False, True):
        with pytest.raises(TargetNotEmpty):
            export(target, spread(many()), replace=replace)
    assert [p.name for p in target.iterdir()] == ["notes.txt"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_filled_and_an_earlier_export_is_replaced_on_demand(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    export(target, spread(many(12)))
    with pytest.raises(TargetNotEmpty, match="not empty"):
        export(target, spread(many(20)))
    export(target, spread(many(20)), replace=True)
    assert len(read_back(target)) == 20
    (target / "notes.txt").write_text("mine")
    with pytest.raises(TargetNotEmpty):
        export(target, spread(many(12)), replace=True)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_stopping_leaves_everything_as_it_was(tmp_path: Path) -> None:
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Cancelled):
        write_export(
            tmp_path / "out",
            release=release(),
            examples=spread(many()),
            settings=ProjectSettings(),
            format="openai",
            project={},
            progress=flag,
        )
    assert list(tmp_path.iterdir()) == []


class FailingDisk:
    """Lets the first ``good`` calls through and fails the next, or with ``once`` only the one after."""

    def __init__(self, good: int, *, once: bool = False) -> None:
        self.left = good
        self.once = once

    def wrap(self, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == -1 or (self.left < 0 and not self.once):
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return call


STEPS = 23


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "step aside"])
@pytest.mark.parametrize("once", [True, False], ids=["once", "for good"])
@pytest.mark.parametrize("good", range(STEPS))
def test_a_disk_that_fails_at_any_step_leaves_the_old_set(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    good: int,
    exchange: bool,  # noqa: FBT001  (pytest gives it by name)
    once: bool,  # noqa: FBT001  (pytest gives it by name)
) -> None:
    target = tmp_path / "out"
    export(target, spread(many(12)))
    disk = FailingDisk(good, once=once)
    with monkeypatch.context() as patch:
        if not exchange:
            patch.setattr(landing, "_exchange", lambda _one, _other: False)
        else:
            patch.setattr(landing, "_exchange", disk.wrap(landing._exchange))
        patch.setattr(os, "fsync", disk.wrap(os.fsync))
        patch.setattr(Path, "rename", disk.wrap(Path.rename))
        patch.setattr(Path, "mkdir", disk.wrap(Path.mkdir))
        patch.setattr(Path, "open", disk.wrap(Path.open))
        try:
            export(target, spread(many(20)), replace=True)
            written = 20
        except CannotWrite as error:
            assert "No space left" in str(error)  # noqa: PT017  (a later step may also succeed)
            written = 12
    if not once:
        recover(target)
    assert len(read_back(target)) == written
    assert verify_export(target).ok


def test_the_steps_above_reach_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, exchange in enumerate((True, False)):
        folder = tmp_path / str(number)
        folder.mkdir()
        test_a_disk_that_fails_at_any_step_leaves_the_old_set(folder, monkeypatch, STEPS - 1, exchange, once=False)
        assert len(read_back(folder / "out")) == 20


def test_what_a_kill_left_aside_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "out"
    export(target, spread(many(12)))
    dead = 2**22 + 1  # beyond the largest process id
    target.rename(tmp_path / f".out.accord-{dead}-00000000-old")
    export(tmp_path / f".out.accord-{dead}-00000001-new", spread(many(20)))
    live = tmp_path / f".out.accord-{os.getpid()}-00000002-new"
    live.mkdir()
    recover(target)
    assert sorted(p.name for p in tmp_path.iterdir()) == [live.name, "out"]
    assert len(read_back(target)) == 12


KILLED = """
import sys
from pathlib import Path
from tests.formats.samples import export, spread
from tests.formats.test_writing import many
rounds = 0
print("ready", flush=True)
while True:
    rounds += 1
    export(Path(sys.argv[1]), spread(many(12 + 8 * (rounds % 2))), replace=True)
"""


def _kill_while_exporting(target: Path, delay: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(target)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _killed_often(tmp_path: Path, kills: int) -> None:
    target = tmp_path / "out"
    export(target, spread(many(12)))
    for number in range(kills):
        _kill_while_exporting(target, 0.01 + 0.0037 * (number % 29))
        assert len(read_back(target)) in {12, 20}
        assert verify_export(target).ok


def test_kills_leave_the_old_complete_set_or_the_new(tmp_path: Path) -> None:
    _killed_often(tmp_path, 4)


@pytest.mark.long
def test_many_kills_leave_the_old_complete_set_or_the_new(tmp_path: Path) -> None:
    _killed_often(tmp_path, 500)


def test_the_card_says_what_a_reader_wants_to_know(tmp_path: Path) -> None:
    examples = spread(many())
    export(tmp_path / "out", examples, frozen=release(instruction="Be brief.", mode=InstructionMode.ADD))
    card = (tmp_path / "out/CARD.md").read_text()
    for words in (
        "# Clinic",
        "Decided by reviewers who agreed: 30",
        "train: 24",
        "sign: 30",
        "CC BY 4.0: 30",
        "Be brief.",
    ):
        assert words in card
    export(tmp_path / "two", examples, settings=ProjectSettings(title="<script>x</script> # [a](b)\nnext"))
    assert (tmp_path / "two/CARD.md").read_text().startswith("# \\<script\\>x\\</script\\> \\# \\[a\\](b) next\n")


@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize("name", ["alpaca", "sharegpt", "prompt-completion"])
def test_all_rows_have_the_keys_that_one_row_needs(tmp_path: Path, name: str, array: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    contents = [*many(), pair("With system", "A", system="S")]
    if name == "alpaca":
        contents.append(turns("Q1", "A1", "Q2", "A2"))
    examples = spread(contents)
    result = export(tmp_path / "out", examples, format=name, array=array)
    rows = [
        json.loads(line.rstrip(b","))
        for file in result.files[:3]
        for line in (tmp_path / "out" / file.path).read_bytes().split(b"\n")
        if line.startswith(b"{")
    ]
    assert len(rows) == len(examples)
    assert len({frozenset(row) for row in rows}) == 1
    assert [content.text for content in read_back(tmp_path / "out")] == [example.text for example in examples]
    assert verify_export(tmp_path / "out").ok
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(
        [*(f.path for f in result.files), "manifest.json"]
    )
