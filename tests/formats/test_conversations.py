"""Typed parts, tools, calls and weights come in as OpenAI writes them, and go out and back unchanged."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import export, read_back, read_bytes, records, released, spread
from tests.formats.test_round_trips import FILLED, TEXTS

from accord.domain.content import Content, Message, Role
from accord.formats.conversations import from_alpaca, from_openai, from_sharegpt
from accord.formats.failures import CannotExport, RowProblem
from accord.formats.verified_rules import breaches
from accord.formats.verifying import verify_export

USER = {"role": "user", "content": "What is the weather in Rome?"}
CALL = {"id": "w1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}}
ASKED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOLD = {"role": "tool", "tool_call_id": "w1", "content": "18 °C"}
ANSWER = {"role": "assistant", "content": "It is 18 °C.", "weight": 0}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}


def chat(*messages: dict[str, Any], **more: Any) -> Content:
    return from_openai({"messages": list(messages), **more})


def test_one_part_of_text_is_plain_text_under_both_names() -> None:
    plain = chat({"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"})
    for key in ("text", "value"):
        parts = [{"role": m.role.value, "content": [{"type": "text", key: m.content}]} for m in plain.messages]
        assert chat(*parts) == plain


def test_several_parts_of_text_are_joined_with_nothing_between() -> None:
    parts = [{"type": "text", "text": "a "}, {"type": "text", "value": "\nb"}, "c", {"type": "input_text", "text": ""}]
    assert chat({"role": "user", "content": parts}).request == "a \nbc"


def test_parts_of_a_reasoning_a_call_and_a_refusal_find_their_places() -> None:
    parts = [
        {"type": "reasoning", "value": "Let me see."},
        {"type": "tool_call", "value": '{"name": "weather", "arguments": {"city": "Rome"}}'},
    ]
    found = chat(USER, {"role": "assistant", "content": parts, "loss_weight": 1.0}, {"role": "tool", "content": "18"})
    asked, told = found.messages[1:]
    function = {"name": "weather", "arguments": '{"city":"Rome"}'}
    call = {"id": "call_1", "type": "function", "function": function}
    assert asked.extra == {"reasoning_content": "Let me see.", "tool_calls": [call], "weight": 1}
    assert (asked.content, told.extra) == ("", {"tool_call_id": "call_1"})
    refused = chat(USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]})
    assert refused.messages[1].extra == {"refusal": "No."}


@pytest.mark.parametrize("kind", ["image_url", "input_audio", "file", "audio_url", "video_url", "IMAGE"])
def test_a_part_that_is_no_text_is_refused_by_its_place(kind: str) -> None:
    parts = [{"type": "text", "text": "Look"}, {"type": kind, kind: {"url": "https://example.org/x.png"}}]
    with pytest.raises(RowProblem, match=kind) as caught:
        chat({"role": "user", "content": parts})
    assert caught.value.field == "messages[0].content[1]"


def test_loss_weights_become_weights_of_the_answers() -> None:
    rows = [("system", 0.0), ("user", 0.0), ("assistant", 0.0), ("user", 0.0), ("assistant", 0.5)]
    found = chat(*({"role": role, "content": "x", "loss_weight": weight} for role, weight in rows))
    assert [m.extra for m in found.messages] == [None, None, {"weight": 0}, None, {"weight": 0.5}]
    turns = [{"from": "human", "value": "Q", "weight": 0}, {"from": "gpt", "value": "A", "loss_weight": 1.0}]
    assert [m.extra for m in from_sharegpt({"conversations": turns}).messages] == [None, {"weight": 1}]


def test_calls_without_ids_are_numbered_and_objects_become_text() -> None:
    bare = {"function": {"name": "f", "arguments": {"b": 1}}}
    found = chat(
        USER,
        {"role": "assistant", "tool_calls": [bare, {"name": "g"}]},
        {"role": "tool", "name": "f", "content": "1"},
        {"role": "tool", "content": "2"},
    )
    calls = (found.messages[1].extra or {})["tool_calls"]
    assert [(c["id"], c["function"]["name"], c["function"]["arguments"]) for c in calls] == [
        ("call_1", "f", '{"b":1}'),
        ("call_2", "g", "{}"),
    ]
    assert [m.extra for m in found.messages[2:]] == [
        {"name": "f", "tool_call_id": "call_1"},
        {"tool_call_id": "call_2"},
    ]


def test_legacy_functions_and_tools_as_text_become_tools() -> None:
    function = TOOL["function"]
    for more in ({"functions": [function]}, {"tools": orjson.dumps([TOOL]).decode()}, {"tools": [function]}):
        assert chat(USER, **more).tools == (TOOL,)
    assert chat(USER, tools="").tools == chat(USER, tools="[]").tools == ()


def test_messages_of_a_cell_and_of_a_conversations_column() -> None:
    plain = chat(USER, ANSWER)
    assert from_openai({"messages": orjson.dumps([USER, ANSWER]).decode()}) == plain
    assert from_sharegpt({"conversations": [USER, ANSWER]}) == plain


def test_the_seed_tasks_of_alpaca() -> None:
    task = {"instruction": "Sum up.", "instances": [{"input": "Long", "output": "Short"}]}
    assert from_alpaca(task).request == "Sum up.\nLong"
    with pytest.raises(RowProblem, match="instance"):
        from_alpaca({**task, "instances": []})


@pytest.mark.parametrize("name", ["openai", "csv"])
def test_tools_calls_and_weights_go_out_and_back(tmp_path: Path, name: str) -> None:
    whole = chat(USER, ASKED, TOLD, ANSWER, USER, {**ANSWER, "weight": 1}, tools=[TOOL])
    export(tmp_path / "out", [released(whole)], format=name)
    assert read_back(tmp_path / "out") == [whole]
    assert [p.rule for p in verify_export(tmp_path / "out").problems] == ["few_rows"]


def test_sharegpt_keeps_calls_weights_and_tools(tmp_path: Path) -> None:
    call = {**CALL, "id": "call_1", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}
    whole = chat(USER, {**ASKED, "tool_calls": [call], "weight": 0}, {**TOLD, "tool_call_id": "call_1"}, ANSWER)
    whole = Content(messages=whole.messages, tools=(TOOL,))
    export(tmp_path / "out", [released(whole)], format="sharegpt")
    assert read_back(tmp_path / "out") == [whole]
    (row,) = (tmp_path / "out/train.jsonl").read_bytes().splitlines()
    turns = orjson.loads(row)["conversations"]
    assert [turn["from"] for turn in turns] == ["human", "function_call", "observation", "gpt"]
    assert orjson.loads(turns[1]["value"]) == {"name": "weather", "arguments": {"city": "Rome"}}
    assert [turn.get("weight") for turn in turns] == [None, 0, None, 0]
    assert not [p for p in verify_export(tmp_path / "out").problems if p.severity == "error"]


def test_arguments_that_no_object_says_exactly_stay_text(tmp_path: Path) -> None:
    big = '{"n":123456789012345678901234567890}'
    call = {**CALL, "id": "call_1", "function": {"name": "weather", "arguments": big}}
    whole = chat(USER, {"role": "assistant", "tool_calls": [call]}, {**TOLD, "tool_call_id": "call_1"}, ANSWER)
    export(tmp_path / "out", [released(whole)], format="sharegpt")
    assert read_back(tmp_path / "out") == [whole]


@pytest.mark.parametrize(
    ("name", "messages", "word"),
    [
        ("alpaca", [USER, {**ANSWER, "weight": 0.5}], "weights"),
        ("alpaca", [USER, {"role": "assistant", "content": "A", "reasoning_content": "Hm"}], "reasoning"),
        ("prompt-completion", [USER, ASKED, TOLD, ANSWER], "tool"),
        ("sharegpt", [USER, {**ASKED, "content": "I look."}, TOLD, ANSWER], "both a tool call and text"),
        ("sharegpt", [USER, {"role": "assistant", "content": "A", "weight": "half"}], "not numbers"),
        ("sharegpt", [USER, {"role": "assistant", "content": "", "refusal": "No."}], "refusal"),
        (
            "sharegpt",
            [USER, {**ASKED, "tool_calls": [CALL, {**CALL, "id": "w2"}]}, {**TOLD, "tool_call_id": "w2"}, TOLD, ANSWER],
            "another order",
        ),
    ],
)
def test_what_a_format_has_no_place_for_is_said(tmp_path: Path, name: str, messages: Any, word: str) -> None:
    with pytest.raises(CannotExport, match=word):
        export(tmp_path / "out", [released(chat(*messages))], format=name)
    assert not (tmp_path / "out").exists()


def test_a_row_in_parts_reads_as_text_from_a_file(tmp_path: Path) -> None:
    row = b'{"messages":[{"role":"user","content":[{"type":"text","value":"Q\\u0000"}],"loss_weight":0.0}]}'
    (found,) = records(read_bytes(tmp_path, row))
    assert found.content == Content(messages=(Message(role=Role.USER, content="Q\x00"),))


SHARED: dict[str, Any] = {
    "conversations": [
        {"from": "human", "value": "Q"},
        {"from": "function_call", "value": '{"name":"f","arguments":{}}', "weight": 0},
        {"from": "observation", "value": "T"},
        {"from": "gpt", "value": "A"},
    ],
    "tools": '[{"name":"f"}]',
}


@pytest.mark.parametrize(
    ("turn", "change", "rule"),
    [
        (1, {"value": "f()"}, "tool_call"),
        (1, {"value": "[]"}, "tool_call"),
        (1, {"value": ""}, "tool_call"),
        (1, {"value": '{"arguments":{}}'}, "tool_call"),
        (1, {"value": '[{"name":"f","arguments":5}]'}, "tool_call"),
        (1, {"weight": "1"}, "weight"),
        (3, {"weight": True}, "weight"),
        (None, {"tools": "f"}, "tools"),
        (None, {"tools": '{"name":"f"}'}, "tools"),
        (None, {"tools": '[{"type":"function"}]'}, "tools"),
    ],
)
def test_the_verifier_knows_calls_tools_and_weights_of_sharegpt(turn: int | None, change: Any, rule: str) -> None:
    row: dict[str, Any] = orjson.loads(orjson.dumps(SHARED))
    assert not list(breaches("sharegpt", row))
    (row if turn is None else row["conversations"][turn]).update(change)
    assert [breach.rule for breach in breaches("sharegpt", row)] == [rule]


def test_the_verifier_warns_of_keys_that_openai_does_not_know() -> None:
    row = {"messages": [USER, {"role": "assistant", "content": "A", "reasoning_content": "Hm"}]}
    assert [(b.rule, b.severity) for b in breaches("openai", row)] == [("message.keys", "warning")]


ARGUMENTS = st.dictionaries(
    st.text(max_size=4), st.one_of(st.none(), st.booleans(), st.integers(-9, 9), TEXTS), max_size=2
)
WEIGHTS = st.sampled_from([None, None, 0, 1, 0.5])


@st.composite
def _with_calls(draw: st.DrawFn) -> Content:
    """Draw a conversation of requests, calls, what tools told, and answers, numbered as the readers number it."""
    messages, number = [Message(role=Role.USER, content=draw(FILLED))], 0
    for _ in range(draw(st.integers(1, 3))):
        weight = draw(WEIGHTS)
        extra = {} if weight is None else {"weight": weight}
        if draw(st.booleans()):
            names = [f"call_{number + n + 1}" for n in range(draw(st.integers(1, 2)))]
            number += len(names)
            texts = [orjson.dumps(draw(ARGUMENTS)).decode() for _name in names]
            calls = [
                {"id": name, "type": "function", "function": {"name": draw(FILLED), "arguments": text}}
                for name, text in zip(names, texts, strict=True)
            ]
            messages.append(Message(role=Role.ASSISTANT, content="", extra={"tool_calls": calls, **extra}))
            messages += [Message(role=Role.TOOL, content=draw(TEXTS), extra={"tool_call_id": n}) for n in names]
        messages.append(Message(role=Role.ASSISTANT, content=draw(FILLED), extra=extra or None))
        messages.append(Message(role=Role.USER, content=draw(FILLED)))
    tools = draw(st.lists(st.fixed_dictionaries({"name": FILLED, "parameters": ARGUMENTS}), max_size=2))
    return Content(messages=tuple(messages[:-1]), tools=tuple({"type": "function", "function": tool} for tool in tools))


@settings(max_examples=60)
@given(contents=st.lists(_with_calls(), min_size=1, max_size=3), name=st.sampled_from(["openai", "sharegpt", "csv"]))
def test_any_conversation_with_calls_goes_out_and_back(contents: list[Content], name: str) -> None:
    examples = spread(contents)
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder, "out"), examples, format=name)
        assert [content.text for content in read_back(Path(folder, "out"))] == [example.text for example in examples]


def test_an_edit_keeps_weights_calls_and_tools() -> None:
    whole = chat(USER, ASKED, TOLD, ANSWER, tools=[TOOL])
    edited = whole.with_texts({3: "It is mild."})
    assert edited.answer == "It is mild."
    assert [m.extra for m in edited.messages] == [m.extra for m in whole.messages]
    assert edited.tools == whole.tools
