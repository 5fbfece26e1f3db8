"""The figures of the real chat files: rows read, refused and alike, and texts that are exactly those of the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.formats.samples import export, faults, read_back, records, spread

from accord.domain.content import Content, Role
from accord.domain.records import REJECTED
from accord.formats.reading import inspect_file, open_rows

# File, format, mapping that is guessed, rows read, refused, examples that differ.
FILES: list[tuple[str, str, dict[str, str], int, int, int]] = [
    ("chat/llamafactory_v1_sft_demo.jsonl", "openai", {}, 500, 0, 499),
    ("chat/llamafactory_glaive_toolcall_en_demo.json", "sharegpt", {}, 300, 0, 265),
    ("chat/llamafactory_dpo_zh_demo.json", "preference", {}, 300, 0, 289),
    ("chat/llamafactory_v1_dpo_demo.jsonl", "preference", {}, 10, 0, 10),
    ("chat/stanford_alpaca_seed_tasks.jsonl", "alpaca", {"id": "id"}, 175, 0, 175),
    ("chat/mt_bench_question.jsonl", "table", {"request": "/turns/0", "id": "question_id"}, 80, 0, 80),
    ("chat/oasst_realistic_seed_data.json", "message-tree", {}, 444, 179, 265),
    (
        "medical/pubmedqa_pqal_dev500.json",
        "table",
        {"request": "QUESTION", "answer": "LONG_ANSWER", "context": "CONTEXTS", "id": "_key", "source_date": "YEAR"},
        500,
        0,
        500,
    ),
    ("multilingual/bgb_de_statutes.json", "table", {"request": "content", "id": "id"}, 2377, 0, 2375),
    ("pii/presidio_generated_small.json", "table", {"request": "full_text"}, 100, 0, 96),
    ("pii/presidio_synth_dataset_v2.json", "table", {"request": "full_text"}, 1500, 0, 1392),
    ("pii/meddocan_es_dev100.jsonl", "table", {"request": "text", "id": "id"}, 100, 0, 100),
]


@pytest.mark.parametrize(
    ("name", "format_", "mapping", "read", "refused", "unlike"), FILES, ids=[row[0] for row in FILES]
)
def test_figures(  # noqa: PLR0917  (pytest gives them by name)
    data_dir: Path, name: str, format_: str, mapping: dict[str, str], read: int, refused: int, unlike: int
) -> None:
    shape = inspect_file(data_dir / name)
    assert (shape.format, dict(shape.mapping)) == (format_, mapping)
    rows = list(open_rows(shape))
    assert (len(rows), len(faults(rows))) == (read, refused)
    assert len({row.content.id for row in records(rows)}) == unlike


def _loaded(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    rows = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.split("\n") if line]
    assert isinstance(rows, list)
    return rows


def test_parts_are_the_texts_of_the_file_and_weights_those_of_its_answers(data_dir: Path) -> None:
    path = data_dir / "chat/llamafactory_v1_sft_demo.jsonl"
    for row, raw in zip(records(open_rows(inspect_file(path))), _loaded(path), strict=True):
        assert [m.content for m in row.content.messages] == [m["content"][0]["value"] for m in raw["messages"]]
        assert [m.extra for m in row.content.messages] == [None, {"weight": 1}]


def test_conversations_with_calls_that_differ(data_dir: Path) -> None:
    path = data_dir / "chat/llamafactory_glaive_toolcall_en_demo.json"
    rows, raw = records(open_rows(inspect_file(path))), _loaded(path)
    assert len({json.dumps(r["conversations"]) for r in raw}) == 300 - 38
    assert len({json.dumps([m.to_json() for m in row.content.messages]) for row in rows}) == 300 - 38
    calls = [m for row in rows for m in row.content.messages if m.extra and "tool_calls" in m.extra]
    told = [m for row in rows for m in row.content.messages if m.role is Role.TOOL]
    assert (len(calls), len(told)) == (211, 211)
    assert all(message.extra and message.extra["tool_call_id"].startswith("call_") for message in told)
    for row, source in zip(rows, raw, strict=True):
        texts = [turn["value"] for turn in source["conversations"] if turn["from"] != "function_call"]
        assert [m.content for m in row.content.messages if "tool_calls" not in (m.extra or {})] == texts


@pytest.mark.parametrize("name", ["openai", "sharegpt", "csv"])
def test_conversations_with_calls_go_out_and_back(data_dir: Path, tmp_path: Path, name: str) -> None:
    rows = records(open_rows(inspect_file(data_dir / "chat/llamafactory_glaive_toolcall_en_demo.json")))
    examples = spread(row.content for row in rows)
    export(tmp_path / "out", examples, format=name)
    assert read_back(tmp_path / "out") == [Content.from_text(example.text) for example in examples]


def test_the_pairs_of_the_files(data_dir: Path) -> None:
    path = data_dir / "chat/llamafactory_dpo_zh_demo.json"
    for row, raw in zip(records(open_rows(inspect_file(path))), _loaded(path), strict=True):
        assert [m.content for m in row.content.messages[:-1]] == [t["value"] for t in raw["conversations"]]
        assert (row.content.answer, row.source.metadata[REJECTED]) == (raw["chosen"]["value"], raw["rejected"]["value"])
    path = data_dir / "chat/llamafactory_v1_dpo_demo.jsonl"
    for row, raw in zip(records(open_rows(inspect_file(path))), _loaded(path), strict=True):
        assert row.source.metadata == {REJECTED: raw["rejected_messages"][-1]["content"][0]["value"]}


def test_nested_cells_of_the_files(data_dir: Path) -> None:
    shape = inspect_file(data_dir / "chat/stanford_alpaca_seed_tasks.jsonl")
    mapping = {"request": "instruction", "answer": "/instances/0/output", "context": "/instances/0/input"}
    raw = _loaded(shape.path)
    for row, source in zip(records(open_rows(shape, mapping=mapping)), raw, strict=True):
        assert row.content.answer == source["instances"][0]["output"]
        assert row.source.context == source["instances"][0]["input"]
    for row, source in zip(records(open_rows(shape)), raw, strict=True):
        asked = source["instances"][0]["input"]
        assert row.content.request == source["instruction"] + (f"\n{asked}" if asked else "")
    bench = records(open_rows(inspect_file(data_dir / "chat/mt_bench_question.jsonl")))
    assert "turns" in bench[0].source.metadata
    path = data_dir / "medical/pubmedqa_pqal_dev500.json"
    pubmed = list(json.loads(path.read_bytes()).values())
    for row, source in zip(records(open_rows(inspect_file(path))), pubmed, strict=True):
        assert row.source.context == "\n\n".join(source["CONTEXTS"])
        assert row.source.metadata["final_decision"] == source["final_decision"]


def test_every_message_of_the_tree_is_in_a_conversation_of_its_answers(data_dir: Path) -> None:
    path = data_dir / "chat/oasst_realistic_seed_data.json"
    rows = list(open_rows(inspect_file(path)))
    asked = {m.content for row in records(rows) for m in row.content.messages if m.role is Role.USER}
    raw = _loaded(path)
    assert asked == {m["text"] for m in raw if m["role"] == "prompter"}
    assert {row.content.answer for row in records(rows)} == {m["text"] for m in raw if m["role"] == "assistant"}
    assert len({row.source.group for row in records(rows)}) == 74
    assert {fault.field for fault in faults(rows)} == {"role"}
