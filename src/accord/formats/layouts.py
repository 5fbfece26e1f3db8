r"""How one example stands in a file of each export format, and why some examples have no place in some formats.

Alpaca and ShareGPT as LLaMA-Factory's data/README describes them; preference lines as OpenAI's guide to direct
preference optimisation does. In Alpaca the whole request is the instruction and the input is empty; trainers, which
join the two by "\n" where there is an input, see the same text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from accord.domain.content import Content, Message, Role, roles
from accord.domain.records import REJECTED
from accord.domain.releases import ReleasedExample
from accord.domain.wording import _
from accord.formats.accord_csv import COLUMNS, guard
from accord.formats.conversations import REASONING
from accord.formats.failures import RowProblem
from accord.formats.strict_json import load_row

_SPEAKER = {Role.SYSTEM: "system", Role.USER: "human", Role.ASSISTANT: "gpt", Role.TOOL: "observation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One format. ``obstacle``: why a content cannot be written, or None. ``row``: an object, CSV bytes, or no row.

    ``row`` is given the example, its rendered content and its original; where the layout ``compares``, not the original
    but what the example is preferred to (``rendering.compared``). ``optional``: keys that only some rows need, with the
    value that says nothing; if one row of an export has such a key, all have it.
    """

    name: str
    suffix: str
    obstacle: Callable[[Content], str | None]
    row: Callable[[ReleasedExample, Content, Content], dict[str, Any] | bytes | None]
    header: bytes = b""
    optional: Mapping[str, Any] = field(default_factory=dict)
    compares: bool = False
    drops_names: bool = True


def openai_message(message: Message) -> dict[str, Any]:
    """Return a message as OpenAI writes it; a legacy function's answer, which has a name and no call id, as such."""
    value = message.to_json()
    extra = message.extra
    if extra:
        if message.role is Role.TOOL and "tool_call_id" not in extra and "name" in extra:
            value["role"] = "function"
        if message.role is Role.ASSISTANT and not message.content and "tool_calls" in extra:
            value["content"] = None
    return value


def openai_value(content: Content) -> dict[str, Any]:
    """Return the content as one object of OpenAI's chat format."""
    value: dict[str, Any] = {"messages": [openai_message(m) for m in content.messages]}
    if content.tools:
        value["tools"] = [dict(tool) for tool in content.tools]
    return value


def _openai(_example: ReleasedExample, content: Content, _original: Content) -> dict[str, Any]:
    return openai_value(content)


def _preference(_example: ReleasedExample, content: Content, other: Content) -> dict[str, Any] | None:
    """Return the answer that stands, preferred over that of ``other``; no row where the two texts are one."""
    index, before = content.answer_index, other.answer_index
    if index is None or before is None:
        return None
    preferred, unpreferred = content.messages[index], other.messages[before]
    if not preferred.content.strip() or not unpreferred.content.strip() or preferred.content == unpreferred.content:
        return None
    given: dict[str, Any] = openai_value(Content(messages=content.messages[:index], tools=content.tools))
    return {
        "input": given,
        "preferred_output": [openai_message(preferred)],
        "non_preferred_output": [openai_message(unpreferred)],
    }


def _alpaca(_example: ReleasedExample, content: Content, _original: Content) -> dict[str, Any]:
    messages = content.messages
    start = 1 if messages[0].role is Role.SYSTEM else 0
    texts = [m.content for m in messages[start:]]
    if len(texts) % 2:
        texts.append("")
    value: dict[str, Any] = {"instruction": texts[-2], "input": "", "output": texts[-1]}
    if start:
        value["system"] = messages[0].content
    if texts[:-2]:
        value["history"] = [[texts[i], texts[i + 1]] for i in range(0, len(texts) - 2, 2)]
    return value


def _prompt_completion(_example: ReleasedExample, content: Content, _original: Content) -> dict[str, Any]:
    value: dict[str, Any] = {"prompt": content.request, "completion": content.answer}
    if content.system:
        value["system"] = content.system
    return value


def _sharegpt(_example: ReleasedExample, content: Content, _original: Content) -> dict[str, Any]:
    messages = content.messages
    start = 1 if messages[0].role is Role.SYSTEM and messages[0].content else 0
    value: dict[str, Any] = {"conversations": [_turn(m) for m in messages[start:]]}
    if start:
        value["system"] = messages[0].content
    if content.tools:
        value["tools"] = orjson.dumps([tool["function"] for tool in content.tools]).decode()
    return value


def _turn(message: Message) -> dict[str, Any]:
    extra = message.extra or {}
    if "tool_calls" in extra:
        calls = [_call(call["function"]) for call in extra["tool_calls"]]
        value = orjson.dumps(calls if len(calls) > 1 else calls[0]).decode()
        turn: dict[str, Any] = {"from": "function_call", "value": value}
    else:
        turn = {"from": _SPEAKER[message.role], "value": message.content}
    if "weight" in extra:
        turn["weight"] = extra["weight"]
    return turn


def _call(function: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call with its arguments as an object, which trainers expect; as text where no object says the same."""
    arguments = function.get("arguments", "")
    try:
        value = load_row(arguments.encode("utf-8"))
    except RowProblem:
        value = None
    return {"name": function["name"], "arguments": value if isinstance(value, dict) else arguments}


def _csv(example: ReleasedExample, content: Content, _original: Content) -> bytes:
    simple = _is_simple(content)
    value = openai_value(content)
    cells = {
        "id": example.id,
        "system": content.system,
        "request": content.request,
        "answer": content.answer,
        "tags": "; ".join(example.tags),
        "source": example.source,
        "source_url": example.source_url,
        "source_date": example.source_date,
        "licence": example.licence,
        "context": example.context,
        "origin": example.origin,
        "decided_by": example.decided_by,
        "reviewers": "; ".join(example.reviewers),
        "messages": "" if simple else orjson.dumps(value["messages"]).decode(),
        "tools": orjson.dumps(value["tools"]).decode() if content.tools else "",
        REJECTED: example.rejected,
    }
    return csv_record([guard(cells[column]) for column in COLUMNS])


def csv_record(cells: list[str]) -> bytes:
    """Return one record without its line end; every cell is quoted, so that line breaks inside stay as they are."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells).encode("utf-8")


def _is_simple(content: Content) -> bool:
    """Whether system, request and answer say it all."""
    messages = content.messages
    start = 1 if messages[0].role is Role.SYSTEM and messages[0].content else 0
    plain = roles(messages[start:]) in {(Role.USER,), (Role.USER, Role.ASSISTANT)}
    filled = len(messages) == start + 1 or bool(messages[-1].content)
    return plain and filled and not content.tools and not any(m.extra for m in messages)


def _nothing(_content: Content) -> None:
    return None


def _unplaced(content: Content) -> str | None:
    """Return what only OpenAI's messages have a place for."""
    for message in content.messages:
        extra = message.extra
        if extra and (extra.get(REASONING) or extra.get("refusal")):
            return _("reasoning or a refusal beside the text")
    return None


def _plain_obstacle(content: Content) -> str | None:
    """Return what Alpaca has no place for."""
    messages = content.messages
    if content.tools or any(m.role is Role.TOOL or "tool_calls" in (m.extra or {}) for m in messages):
        return _("tools or tool calls")
    if any(m.extra and m.extra.get("weight", 1) != 1 for m in messages):
        return _("weights other than 1, as of messages that are not trained on")
    start = 1 if messages[0].role is Role.SYSTEM and messages[0].content else 0
    order = roles(messages[start:])
    if Role.SYSTEM in order:
        return _("a system message that is empty or not the first")
    if any(role is not (Role.ASSISTANT if i % 2 else Role.USER) for i, role in enumerate(order)):
        return _("turns in another order than request, answer, request, answer")
    return _unplaced(content)


def _single_obstacle(content: Content) -> str | None:
    found = _plain_obstacle(content)
    if found is None and sum(m.role is Role.USER for m in content.messages) > 1:
        return _("more than one request")
    return found


def _sharegpt_obstacle(content: Content) -> str | None:
    if not all(_is_function(tool) for tool in content.tools):
        return _("tools that are not functions with a name")
    waiting: list[Any] = []
    for message in content.messages:
        extra = message.extra or {}
        if message.role is Role.TOOL and "tool_call_id" not in extra:
            return _("answers of functions without a call")
        if message.role is Role.TOOL and (not waiting or waiting.pop(0) != extra["tool_call_id"]):
            return _("answers of tools in another order than their calls")
        if not isinstance(extra.get("weight", 1), int | float) or isinstance(extra.get("weight"), bool):
            return _("weights that are not numbers")
        if "tool_calls" not in extra:
            continue
        if message.content:
            return _("messages that hold both a tool call and text")
        calls = extra["tool_calls"]
        if not isinstance(calls, list) or not calls or not all(_is_function_call(call) for call in calls):
            return _("tool calls that are not calls of functions")
        waiting += [call.get("id") for call in calls]
    return _unplaced(content)


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
        Layout(name="openai", suffix="jsonl", obstacle=_nothing, row=_openai, drops_names=False),
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
            obstacle=_nothing,
            row=_preference,
            compares=True,
            drops_names=False,
        ),
        Layout(
            name="csv",
            suffix="csv",
            obstacle=_nothing,
            row=_csv,
            header=",".join(COLUMNS).encode(),
            drops_names=False,
        ),
    )
}
