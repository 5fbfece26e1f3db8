"""Wrong types at every place of a row raise RowProblem and nothing else; what is accepted can be written and read."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import released
from tests.formats.test_annotation_tools import ARGILLA, annotation, area, result, task
from tests.formats.test_preference import SHAPES
from tests.formats.test_round_trips import JSON_VALUES

from accord.domain.content import Content
from accord.formats.conversations import from_alpaca, from_openai, from_prompt_completion, from_sharegpt
from accord.formats.failures import RowProblem
from accord.formats.layouts import LAYOUTS
from accord.formats.preference import from_preference
from accord.formats.rendering import read
from accord.formats.row_formats import CONVERSATIONS, FORMATS, OWN_KEYS, guess, places, reader, row_format
from accord.formats.sources import SourceReader, table_content
from accord.formats.verified_rules import breaches

CALL = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CHAT = {
    "messages": [
        {"role": "system", "content": [{"type": "text", "text": "S"}]},
        {"role": "user", "content": [{"type": "text", "value": "Q"}], "loss_weight": 0.0, "name": "ada"},
        {"role": "assistant", "content": None, "tool_calls": [CALL], "weight": 0},
        {"role": "tool", "tool_call_id": "a", "content": "T"},
        {"role": "assistant", "content": [{"type": "reasoning", "value": "R"}, {"type": "text", "value": "A"}]},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
}
SHARE = {
    "system": "S",
    "tools": '[{"name":"f"}]',
    "conversations": [
        {"from": "human", "value": "Q"},
        {"from": "function_call", "value": '{"name":"f","arguments":{}}', "weight": 0},
        {"from": "observation", "value": "T"},
        {"from": "gpt", "value": "A", "loss_weight": 1.0},
    ],
}
ROWS: list[tuple[str, Mapping[str, Any]]] = [
    ("openai", CHAT),
    ("openai", {"messages": [{"role": "user", "content": "Q"}], "functions": [{"name": "f"}]}),
    ("sharegpt", SHARE),
    ("alpaca", {"instruction": "Q", "input": "I", "output": "A", "system": "S", "history": [["a", "b"]]}),
    ("alpaca", {"instruction": "Q", "instances": [{"input": "I", "output": "A"}]}),
    ("prompt-completion", {"prompt": "Q", "completion": "A", "system": "S"}),
    ("chatml", {"text": "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>", "tools": []}),
    ("message-tree", {"message_id": "a", "parent_id": None, "role": "assistant", "text": "A"}),
    ("table", {"question": "Q", "answer": {"text": ["A"]}, "metadata": {"tags": ["x"], "source": "s"}}),
    ("doccano", {"text": "Q", "label": ["A"], "annotator": "ada", "Comments": ["c"], "meta": {"source": "s"}}),
    ("doccano", {"text": "Q", "annotations": [{"text": "A", "user": 1}, {"label": 2, "user": 2}]}),
    *(("preference", row) for row in SHAPES.values()),
    *(("argilla", row) for row in ARGILLA.values()),
    (
        "label-studio",
        task(annotation({"id": 1}, area("answer", "B"), result("choices", "v", ["no"]), result("rating", "r", 3))),
    ),
]
ODD = [[[]], [{}], {"a": []}, "[{", "[]", '{"name":1}', -1.5, 2**63, "\x00"]
HOSTILE = st.one_of(JSON_VALUES, st.sampled_from(ODD)).map(copy.deepcopy)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))


def _mutated(data: st.DataObject, row: Mapping[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(row))
    for _ in range(data.draw(st.integers(1, 2))):
        found = list(_paths(changed))
        if not found:
            break
        *way, last = data.draw(st.sampled_from(found))
        holder: Any = changed
        for step in way:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[last] = data.draw(HOSTILE)
        else:
            del holder[last]
    loaded: dict[str, Any] = orjson.loads(orjson.dumps(changed))
    return loaded


def _read(name: str, row: dict[str, Any]) -> Content | None:
    values = [row]
    columns = (*row, *places(name, values))
    mapping = guess(name, columns, [], values)
    sources = SourceReader(mapping, OWN_KEYS[name])
    read = reader(name)
    try:
        if read is not None:
            if name in {"label-studio", "argilla", "doccano"} and "request" not in mapping:
                return None
            found = read(row, mapping)
            sources.beside(found)
            return found.content
        sources.source(row)
        if name == "table":
            return table_content(row, {"request": "question", "answer": "answer"} | mapping)
        return CONVERSATIONS[name](row)
    except RowProblem:
        return None


_BACK: Mapping[str, Any] = {
    "openai": from_openai,
    "sharegpt": from_sharegpt,
    "alpaca": from_alpaca,
    "prompt-completion": from_prompt_completion,
}


def _goes_out_and_back(content: Content) -> None:
    texts = [message.content for message in content.messages]
    other = content.with_texts({content.answer_index: "Another."}) if content.answer_index is not None else content
    for name, layout in LAYOUTS.items():
        talk = read(content.text)
        if layout.obstacle and layout.obstacle(talk) is not None:
            continue
        row = layout.row(released(content), talk, *([read(other.text)] if layout.compares else []))
        if isinstance(row, bytes) or row is None:
            continue
        list(breaches(name, row))
        row = orjson.loads(orjson.dumps(row))
        if name == "preference":
            given = from_preference(row)[0]
            assert [m.content for m in given.messages] == texts[: len(given.messages)]
        else:  # an empty text is no message in formats of requests and answers
            assert [m.content for m in _BACK[name](row).messages if m.content] == [text for text in texts if text], name
    assert Content.from_text(content.text) == content


def _check(data: st.DataObject) -> None:
    name, row = data.draw(st.sampled_from(ROWS))
    changed = _mutated(data, row)
    row_format(changed)
    content = _read(name, changed)
    if content is not None:
        _goes_out_and_back(content)


def test_the_rows_themselves_are_read() -> None:
    assert {name for name, _row in ROWS} == set(FORMATS)
    for name, row in ROWS:
        if name != "message-tree":
            assert _read(name, dict(row)) is not None, (name, row)


@settings(max_examples=400)
@given(data=st.data())
def test_a_wrong_value_anywhere_is_a_problem_of_its_row(data: st.DataObject) -> None:
    _check(data)


@pytest.mark.long
@settings(max_examples=200_000)
@given(data=st.data())
def test_a_wrong_value_anywhere_is_a_problem_of_its_row_at_length(data: st.DataObject) -> None:
    _check(data)


@settings(max_examples=200)
@given(row=st.dictionaries(st.sampled_from(sorted(set().union(*OWN_KEYS.values()))), HOSTILE, max_size=6))
def test_rows_of_nothing_but_wrong_values(row: dict[str, Any]) -> None:
    row_format(row)
    for name in FORMATS:
        _read(name, row)
