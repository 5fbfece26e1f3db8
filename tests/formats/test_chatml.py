"""ChatML text: conversations in a file, each with its line, and in a cell; what is broken is a row with its reason."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.samples import faults, read_bytes, records
from tests.formats.test_round_trips import CONVERSATIONS

from accord.domain.content import Content, Role, pair
from accord.formats.chatml import END, START, chatml_rows, from_chatml, is_chatml
from accord.formats.failures import RowProblem
from accord.formats.reading import inspect_file

ONE = "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n"
TWO = ONE.replace("Q", "R")


def spelt(content: Content) -> str:
    return "".join(f"{START}{m.role.value}\n{m.content}{END}\n" for m in content.messages)


@pytest.mark.parametrize("between", ["", "\n", "\n \n\r\n", "<|endoftext|>\n"], ids=["none", "line", "lines", "mark"])
def test_conversations_of_a_file_are_told_apart(tmp_path: Path, between: str) -> None:
    path = tmp_path / "chats.txt"
    rows = read_bytes(tmp_path, (ONE + between + TWO).encode(), name=path.name)
    assert [row.content for row in records(rows)] == [pair("Q", "A", system="S"), pair("R", "A", system="S")]
    assert [row.line for row in rows] == [1, 7 + between.count("\n")]
    assert (inspect_file(path).container, inspect_file(path).format) == ("chatml", "chatml")


def test_without_a_system_message_a_blank_line_tells_them_apart(tmp_path: Path) -> None:
    body = "<|im_start|>user\nQ\n\nmore<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n"
    (one, other) = records(read_bytes(tmp_path, f"\n{body}\n{body}{body}".encode()))
    assert one.content == pair("Q\n\nmore", "A")
    assert len(other.content.messages) == 4
    assert (one.line, other.line) == (2, 9)


def test_the_text_of_a_message_is_kept_byte_for_byte(tmp_path: Path) -> None:
    text = "<|im_start|>user\r\n  Q\r\n\u2028\x00 <|im_end|>\r\n<|im_start|>assistant name=bot\n\nA\n<|im_end|>\r\n"
    (row,) = records(read_bytes(tmp_path, text.encode()))
    assert [m.content for m in row.content.messages] == ["  Q\r\n\u2028\x00 ", "\nA\n"]
    assert row.content.messages[1].extra == {"name": "bot"}


def test_an_open_prompt_for_an_answer_is_no_answer(tmp_path: Path) -> None:
    prompt = "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
    rows = records(read_bytes(tmp_path, f"{prompt}\n{prompt}".encode()))
    assert [row.content for row in rows] == [pair("Q", ""), pair("Q", "")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<|im_start|>user\nQ\n", "Message 1 is not closed"),
        ("<|im_start|>user\nQ\n<|im_start|>assistant\nA<|im_end|>", "Message 1 is not closed"),
        ("<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA", "Message 2 is not closed"),
        ("<|im_start|>wizard\nQ<|im_end|>", "“wizard”, which is not known"),
        ("<|im_start|>user Q<|im_end|>", "not known"),
        (
            "<|im_start|>user\nQ<|im_end|>\nhello\n<|im_start|>assistant\nA<|im_end|>",
            "text outside the messages, after message 1",
        ),
        ("<|im_start|>user\nQ<|im_end|><|im_end|>", "text outside"),
        ("<|im_start|>assistant\nA<|im_end|>", "no message of the user"),
        ("<|im_start|>user\n <|im_end|>", "request is empty"),
    ],
)
def test_a_broken_conversation_costs_itself_alone(tmp_path: Path, text: str, word: str) -> None:
    rows = read_bytes(tmp_path, f"{ONE}\n{text}\n\n{TWO}".encode())
    assert [row.content.request for row in records(rows)] == ["Q", "R"]
    (fault,) = faults(rows)
    assert fault.line == 8
    assert word in fault.reason
    assert fault.raw.strip() == text.strip()


def test_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    body = ONE.encode().replace(b"Q", b"\xff")
    (row,) = chatml_rows(io.BytesIO(body))  # type: ignore[arg-type]  # all that is used of a stream is readline
    assert isinstance(row.value, RowProblem)


def test_a_cell_of_chatml(tmp_path: Path) -> None:
    rows = read_bytes(tmp_path, b'{"text":"%b","id":7}\n' % ONE.replace("\n", "\\n").encode())
    assert records(rows)[0].content == pair("Q", "A", system="S")
    assert records(rows)[0].source.metadata == {"id": "7"}


def test_what_is_chatml_and_what_is_not() -> None:
    assert is_chatml(b" \r\n" + ONE.encode())
    assert not is_chatml(b'{"text":"<|im_start|>user"}')


@given(st.lists(CONVERSATIONS, min_size=1, max_size=4))
def test_what_is_spelt_out_is_read_back(contents: list[Content]) -> None:
    usable = [c for c in contents if c.messages[-1].role is Role.ASSISTANT]
    stream: Any = io.BytesIO("\n".join(map(spelt, usable)).encode())
    rows = [from_chatml(row.value) for row in chatml_rows(stream)]
    assert rows == usable
