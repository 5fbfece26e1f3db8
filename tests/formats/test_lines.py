"""A pasted line gives back the content it was written from; other text gives nothing."""

from pathlib import Path

import pytest
from tests.formats.samples import export, release, released

from accord.domain.content import Content, Message, Role, pair
from accord.domain.releases import InstructionMode
from accord.formats.lines import read_line

TALK = Content(
    messages=(
        Message(role=Role.USER, content="=Q1"),
        Message(role=Role.ASSISTANT, content="A1"),
        Message(role=Role.USER, content="Q2\nmore"),
        Message(role=Role.ASSISTANT, content="A2"),
    )
)


@pytest.mark.parametrize("name", ["openai", "alpaca", "sharegpt", "csv"])
@pytest.mark.parametrize("array", [False, True])
def test_a_line_of_each_format(tmp_path: Path, name: str, array: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    for number, content in enumerate((TALK, pair("-5 mg?", 'A, "so"\nand so', system="S"))):
        folder = tmp_path / str(number)
        export(folder, [released(content)], format=name, array=array and name != "csv")
        data = next(folder.glob("train.*")).read_bytes().decode()
        line = data.split("\n", 1)[1].removesuffix("\n]\n") if name == "csv" or array else data
        assert read_line(line)[0] == content


def test_the_release_s_instruction_is_taken_off(tmp_path: Path) -> None:
    frozen = release(instruction="Be brief.", mode=InstructionMode.ADD)
    export(tmp_path / "out", [released(TALK)], frozen=frozen)
    assert TALK in read_line((tmp_path / "out/train.jsonl").read_text())


def test_both_answers_of_a_preference_line(tmp_path: Path) -> None:
    export(tmp_path / "out", [released(pair("Q", "B"), original=pair("Q", "A"))], format="preference")
    assert read_line((tmp_path / "out/train.jsonl").read_text()) == [pair("Q", "B"), pair("Q", "A")]


def test_a_row_of_a_table() -> None:
    assert read_line('{"question": "Q", "answer": "A", "id": 5}') == [pair("Q", "A")]


@pytest.mark.parametrize(
    "text", ["", "{", "hello", "[]", '{"a":1}', '{"messages":5}', '"a,b', "\ud800", '{"input":{}}', "null"]
)
def test_other_text_gives_nothing(text: str) -> None:
    assert read_line(text) == []
