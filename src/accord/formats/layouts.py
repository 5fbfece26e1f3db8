r"""How one example stands in a file of each export format, and why some examples have no place in some formats.

Alpaca and ShareGPT as LLaMA-Factory's data/README describes them; preference lines as OpenAI's guide to direct
preference optimisation does. In Alpaca the whole request is the instruction and the input is empty; trainers, which
join the two by "\n" where there is an input, see the same text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from accord.domain.content import Role, request_and_answer
from accord.domain.records import REJECTED
from accord.domain.releases import ReleasedExample
from accord.domain.wording import _
from accord.formats.accord_csv import COLUMNS, guard
from accord.formats.conversations import REASONING
from accord.formats.failures import RowProblem
from accord.formats.rendering import Talk, answer_index
from accord.formats.strict_json import load_row

Message = Mapping[str, Any]

_SPEAKER = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}
_PLAIN_KEYS = 2  # a message of nothing but a role and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One format. ``row``: an object, CSV bytes, or no row. ``obstacle``: why a content cannot be written, or None.

    ``row`` is given the example and its rendered content, and where the layout ``compares`` also what the example is
    preferred to (``Rendering.compared``). ``optional``: keys that only some rows need, with the value that says
    nothing; if one row of an export has such a key, all have it.
    """

    name: str
    suffix: str
    row: Callable[..., dict[str, Any] | bytes | None]
    obstacle: Callable[[Talk], str | None] | None = None
    header: bytes = b""
    optional: Mapping[str, Any] = field(default_factory=dict)
    compares: bool = False
    drops_names: bool = True


def _openai_message(message: Message) -> dict[str, Any]:
    """Return a message as OpenAI writes it; a legacy function's answer, which has a name and no call id, as such."""
    value = {"role": message["role"], "content": message["content"], **message}
    if message["role"] == Role.TOOL and "tool_call_id" not in message and "name" in message:
        value["role"] = "function"
    if message["role"] == Role.ASSISTANT and not message["content"] and "tool_calls" in message:
        value["content"] = None
    return value


def _openai_value(talk: Talk) -> dict[str, Any]:
    value = {
        "messages": [
            {"role": m["role"], "content": m["content"]} if len(m) == _PLAIN_KEYS else _openai_message(m)
            for m in talk["messages"]
        ]
    }
    if talk.get("tools"):
        value["tools"] = talk["tools"]
    return value


def _openai(_example: ReleasedExample, talk: Talk) -> dict[str, Any]:
    return _openai_value(talk)


def _preference(_example: ReleasedExample, talk: Talk, other: Talk) -> dict[str, Any] | None:
    """Return the answer that stands, preferred over that of ``other``; no row where the two texts are one."""
    messages = talk["messages"]
    index, before = answer_index(messages), answer_index(other["messages"])
    if index is None or before is None:
        return None
    preferred, unpreferred = messages[index], other["messages"][before]
    texts = (preferred["content"], unpreferred["content"])
    if not texts[0].strip() or not texts[1].strip() or texts[0] == texts[1]:
        return None
    return {
        "input": _openai_value({**talk, "messages": messages[:index]}),
        "preferred_output": [_openai_message(preferred)],
        "non_preferred_output": [_openai_message(unpreferred)],
    }


def _alpaca(_example: ReleasedExample, talk: Talk) -> dict[str, Any]:
    messages = talk["messages"]
    start = 1 if messages[0]["role"] == Role.SYSTEM else 0
    texts = [m["content"] for m in messages[start:]]
    if len(texts) % 2:
        texts.append("")
    value: dict[str, Any] = {"instruction": texts[-2], "input": "", "output": texts[-1]}
    if start:
        value["system"] = messages[0]["content"]
    if texts[:-2]:
        value["history"] = [[texts[i], texts[i + 1]] for i in range(0, len(texts) - 2, 2)]
    return value


def _prompt_completion(_example: ReleasedExample, talk: Talk) -> dict[str, Any]:
    request, answer = request_and_answer(talk["messages"])
    value: dict[str, Any] = {"prompt": request, "completion": answer}
    system = _system(talk)
    if system:
        value["system"] = system
    return value


def _system(talk: Talk) -> str:
    return "\n\n".join(m["content"] for m in talk["messages"] if m["role"] == Role.SYSTEM)


def _sharegpt(_example: ReleasedExample, talk: Talk) -> dict[str, Any]:
    messages = talk["messages"]
    start = _after_system(messages)
    value: dict[str, Any] = {"conversations": [_turn(m) for m in messages[start:]]}
    if start:
        value["system"] = messages[0]["content"]
    if talk.get("tools"):
        value["tools"] = orjson.dumps([tool["function"] for tool in talk["tools"]]).decode()
    return value


def _after_system(messages: Sequence[Message]) -> int:
    """Return where the turns begin: after a system message that says something."""
    return 1 if messages[0]["role"] == Role.SYSTEM and messages[0]["content"] else 0


def _turn(message: Message) -> dict[str, Any]:
    if "tool_calls" in message:
        calls = [_call(call["function"]) for call in message["tool_calls"]]
        value = orjson.dumps(calls if len(calls) > 1 else calls[0]).decode()
        turn: dict[str, Any] = {"from": "function_call", "value": value}
    else:
        turn = {"from": _SPEAKER[message["role"]], "value": message["content"]}
    if "weight" in message:
        turn["weight"] = message["weight"]
    return turn


def _call(function: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call with its arguments as an object, which trainers expect; as text where no object says the same."""
    arguments = function.get("arguments", "")
    try:
        value = load_row(arguments.encode("utf-8"))
    except RowProblem:
        value = None
    return {"name": function["name"], "arguments": value if isinstance(value, dict) else arguments}


def _csv(example: ReleasedExample, talk: Talk) -> bytes:
    simple = _is_simple(talk)
    facts = example.facts
    request, answer = request_and_answer(talk["messages"])
    cells = {
        "id": example.id,
        "system": _system(talk),
        "request": request,
        "answer": answer,
        "tags": "; ".join(facts["tags"]),
        "source": facts["source"],
        "source_url": facts["source_url"],
        "source_date": facts["source_date"],
        "licence": facts["licence"],
        "context": facts["context"],
        "origin": example.origin,
        "decided_by": facts["decided_by"],
        "reviewers": "; ".join(facts["reviewers"]),
        "messages": "" if simple else orjson.dumps(_openai_value(talk)["messages"]).decode(),
        "tools": orjson.dumps(talk["tools"]).decode() if talk.get("tools") else "",
        REJECTED: facts.get(REJECTED, ""),
    }
    return csv_record([guard(cells[column]) for column in COLUMNS])


def csv_record(cells: list[str]) -> bytes:
    """Return one record without its line end; every cell is quoted, so that line breaks inside stay as they are."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells).encode("utf-8")


def _is_simple(talk: Talk) -> bool:
    """Whether system, request and answer say it all."""
    messages = talk["messages"]
    turns = messages[_after_system(messages) :]
    plain = [m["role"] for m in turns] in _ONE_TURN and all(len(m) == _PLAIN_KEYS for m in messages)
    return plain and not talk.get("tools") and (len(turns) == 1 or bool(turns[-1]["content"]))


_ONE_TURN = (["user", "assistant"], ["user"])


def _unplaced(talk: Talk) -> str | None:
    """Return what only OpenAI's messages have a place for."""
    if any(m.get(REASONING) or m.get("refusal") for m in talk["messages"] if len(m) > _PLAIN_KEYS):
        return _("reasoning or a refusal beside the text")
    return None


def _plain_obstacle(talk: Talk) -> str | None:
    """Return what Alpaca has no place for."""
    messages = talk["messages"]
    if talk.get("tools") or any(m["role"] == Role.TOOL or "tool_calls" in m for m in messages):
        return _("tools or tool calls")
    if any(m.get("weight", 1) != 1 for m in messages):
        return _("weights other than 1, as of messages that are not trained on")
    order = [m["role"] for m in messages[_after_system(messages) :]]
    if Role.SYSTEM in order:
        return _("a system message that is empty or not the first")
    if any(role != (Role.ASSISTANT if i % 2 else Role.USER) for i, role in enumerate(order)):
        return _("turns in another order than request, answer, request, answer")
    return _unplaced(talk)


def _single_obstacle(talk: Talk) -> str | None:
    found = _plain_obstacle(talk)
    if found is None and sum(m["role"] == Role.USER for m in talk["messages"]) > 1:
        return _("more than one request")
    return found


def _sharegpt_obstacle(talk: Talk) -> str | None:
    if not all(_is_function(tool) for tool in talk.get("tools", ())):
        return _("tools that are not functions with a name")
    waiting: list[Any] = []
    for message in talk["messages"]:
        if message["role"] == Role.TOOL and "tool_call_id" not in message:
            return _("answers of functions without a call")
        if message["role"] == Role.TOOL and (not waiting or waiting.pop(0) != message["tool_call_id"]):
            return _("answers of tools in another order than their calls")
        if not isinstance(message.get("weight", 1), int | float) or isinstance(message.get("weight"), bool):
            return _("weights that are not numbers")
        if "tool_calls" not in message:
            continue
        if message["content"]:
            return _("messages that hold both a tool call and text")
        calls = message["tool_calls"]
        if not isinstance(calls, list) or not calls or not all(_is_function_call(call) for call in calls):
            return _("tool calls that are not calls of functions")
        waiting += [call.get("id") for call in calls]
    return _unplaced(talk)


def _is_function(tool: Mapping[str, Any]) -> bool:
    function = tool.get("function")
    if tool.get("type") != "function" or not isinstance(function, dict) or len(tool) > 2:  # noqa: PLR2004  (these two)
        return False
    return isinstance(function.get("name"), str) and not function.keys() & {"type", "function"}


def _is_function_call(call: Any) -> bool:
    function = call.get("function") if isinstance(call, dict) else None
    return (
        isinstance(function, dict)
        and isinstance(function.get("name"), str)
        and isinstance(function.get("arguments", ""), str)
    )


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(name="openai", suffix="jsonl", row=_openai, drops_names=False),
        Layout(
            name="alpaca", suffix="jsonl", obstacle=_plain_obstacle, row=_alpaca, optional={"system": "", "history": []}
        ),
        Layout(
            name="sharegpt",
            suffix="jsonl",
            obstacle=_sharegpt_obstacle,
            row=_sharegpt,
            optional={"system": "", "tools": ""},
        ),
        Layout(
            name="prompt-completion",
            suffix="jsonl",
            obstacle=_single_obstacle,
            row=_prompt_completion,
            optional={"system": ""},
        ),
        Layout(
            name="preference",
            suffix="jsonl",
            row=_preference,
            compares=True,
            drops_names=False,
        ),
        Layout(
            name="csv",
            suffix="csv",
            row=_csv,
            header=",".join(COLUMNS).encode(),
            drops_names=False,
        ),
    )
}
