"""Messages that name their parent become one conversation for each answer, and every row is accounted for."""

from pathlib import Path
from typing import Any

import orjson
from tests.formats.samples import faults, read_bytes, records

from accord.formats import message_tree


def message(own: str, parent: str | None, text: str, role: str = "assistant") -> dict[str, Any]:
    return {"message_id": own, "parent_id": parent, "text": text, "role": role}


TREE = [
    message("1", None, "Q", "prompter"),
    message("2", "1", "A"),
    message("3", "1", "B"),
    message("4", "2", "R", "prompter"),
    message("5", "4", "C"),
]


def read(folder: Path, rows: list[Any]) -> list[Any]:
    return read_bytes(folder, b"\n".join(map(orjson.dumps, rows)))


def test_each_answer_is_read_with_its_path_in_the_group_of_its_tree(tmp_path: Path) -> None:
    rows = read(tmp_path, TREE)
    texts = [[m.content for m in row.content.messages] for row in records(rows)]
    assert texts == [["Q", "A"], ["Q", "B"], ["Q", "A", "R", "C"]]
    assert [row.source.group for row in records(rows)] == ["1", "1", "1"]
    assert [(fault.line, fault.field) for fault in faults(rows)] == [(1, "role"), (4, "role")]


def test_a_tree_that_is_broken(tmp_path: Path) -> None:
    broken = [
        message("6", "99", "Nobody asked"),
        message("2", "1", "Again"),
        message("7", "7", "Circle"),
        {**message("8", None, "x"), "role": 5},
        {**message("9", None, "x"), "parent_id": [1]},
        {**message("9", None, "x"), "message_id": 5},
    ]
    rows = read(tmp_path, [*TREE, *broken])
    assert len(records(rows)) == 3
    reasons = [fault.reason for fault in faults(rows)[2:]]
    for reason, word in zip(
        reasons, ["stand before", "same id", "stand before", "not known", "which", "which"], strict=True
    ):
        assert word in reason


def test_the_oldest_messages_are_let_go(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(message_tree, "MOST_CHARACTERS", 3)
    rows = read(tmp_path, [*TREE[:2], message("x", None, "long enough", "prompter"), TREE[2]])
    assert [row.content.answer for row in records(rows)] == ["A"]
    assert "stand before" in faults(rows)[-1].reason
