r"""The rows of the chat formats (OpenAI, Alpaca, ShareGPT, prompt-completion) as content, with strict rules.

Formats: OpenAI's chat fine-tuning lines; Alpaca and ShareGPT as LLaMA-Factory's data/README describes them (user text =
instruction + "\n" + input; history of [request, answer]; roles human, gpt, system, function_call, observation).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from accord.domain.content import Content, Message, Role
from accord.domain.wording import _
from accord.formats.failures import RowProblem
from accord.formats.strict_json import load_row

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_SPEAKERS = {
    "system": Role.SYSTEM,
    "human": Role.USER,
    "user": Role.USER,
    "gpt": Role.ASSISTANT,
    "chatgpt": Role.ASSISTANT,
    "bing": Role.ASSISTANT,
    "bard": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "observation": Role.TOOL,
    "tool": Role.TOOL,
    "function_response": Role.TOOL,
    "function_call": Role.ASSISTANT,
    "tool_call": Role.ASSISTANT,
}
_CALLS = ("function_call", "tool_call")
_ANSWERS_IN_CALLS = ("tool_calls", "refusal", "audio")
_HISTORY_TURN = 2

CONTENT_KEYS: Mapping[str, frozenset[str]] = {
    "openai": frozenset({"messages", "tools", "functions"}),
    "alpaca": frozenset({"instruction", "input", "output", "system", "history"}),
    "sharegpt": frozenset({"conversations", "conversation", "system", "tools"}),
    "prompt-completion": frozenset({"prompt", "completion", "system"}),
}


def checked(messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] = ()) -> Content:
    """Return the content of a conversation that has a request. Raises RowProblem."""
    users = [m for m in messages if m.role is Role.USER]
    if not users:
        raise RowProblem("messages", _("There is no message of the user."))
    request = _request(messages) or users[-1]
    if not request.content.strip():
        raise RowProblem("messages", _("The request is empty."))
    return Content(messages=tuple(messages), tools=tuple(tools))


def _request(messages: Sequence[Message]) -> Message | None:
    """Return what ``Content.request`` is taken from, in one pass, since every row of a file comes through here."""
    last_user = before_answer = None
    answered = False
    for message in messages:
        if message.role is Role.USER:
            last_user = message
        elif message.role is Role.ASSISTANT:
            before_answer, answered = last_user, True
    return before_answer if answered else last_user


def from_openai(row: Mapping[str, Any]) -> Content:
    """Read ``{"messages": [...], "tools": [...]}``; the legacy ``functions`` become tools. Raises RowProblem."""
    messages = row.get("messages")
    if not isinstance(messages, list) or not messages:
        raise RowProblem("messages", _("There is no list of messages."))
    calls = _CallIds()
    last = len(messages) - 1
    read = [_openai_message(m, f"messages[{i}]", calls, last=i == last) for i, m in enumerate(messages)]
    tools = row.get("tools")
    functions = row.get("functions")
    if tools is None and functions is not None:
        tools = [_as_tool(f, "functions") for f in _objects(functions, "functions")]
    return checked(read, _objects(tools, "tools") if tools is not None else ())


def _objects(value: Any, field: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RowProblem(field, _("This is not a list of objects."))
    return value


def _openai_message(value: Any, field: str, calls: "_CallIds", *, last: bool) -> Message:
    if type(value) is not dict:
        raise RowProblem(field, _("The message is not an object."))
    name = value.get("role")
    role = _ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise RowProblem(f"{field}.role", _("The role “{role}” is not known.", role=_short(name)))
    content = value.get("content")
    if len(value) == 2 and type(content) is str:  # noqa: PLR2004  (role and content: the common case, made fast)
        return Message(role=role, content=content)
    extra = {k: v for k, v in value.items() if v is not None and k not in {"role", "content"}}
    if "function_call" in extra and "tool_calls" not in extra:
        extra["tool_calls"] = [calls.made(extra.pop("function_call"), f"{field}.function_call")]
    if name == "function" and calls.open:
        extra.pop("name", None)
        extra["tool_call_id"] = calls.answered()
    if content is None and role is Role.ASSISTANT and (last or any(k in extra for k in _ANSWERS_IN_CALLS)):
        content = ""
    return Message(role=role, content=_plain_text(content, f"{field}.content"), extra=extra or None)


def _plain_text(content: Any, field: str) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        raise RowProblem(field, _("The content is a list of parts; only plain text can be read."))
    if content is None:
        raise RowProblem(field, _("There is no content."))
    raise RowProblem(field, _("The content is not text."))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text[:40]


class _CallIds:
    """Gives calls of functions, which older formats do not number, the ids that tool calls need."""

    def __init__(self) -> None:
        self.count = 0
        self.open: list[str] = []

    def made(self, call: Any, field: str) -> dict[str, Any]:
        if not isinstance(call, dict) or not isinstance(call.get("name"), str):
            raise RowProblem(field, _("The call names no function."))
        arguments = call.get("arguments", {})
        text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
        self.count += 1
        call_id = f"call_{self.count}"
        self.open.append(call_id)
        return {"id": call_id, "type": "function", "function": {"name": call["name"], "arguments": text}}

    def answered(self) -> str:
        return self.open.pop(0)


def _as_tool(function: Mapping[str, Any], field: str) -> dict[str, Any]:
    if function.get("type") == "function" and isinstance(function.get("function"), dict):
        return dict(function)
    if not isinstance(function.get("name"), str):
        raise RowProblem(field, _("A tool has no name."))
    return {"type": "function", "function": dict(function)}


def from_alpaca(row: Mapping[str, Any]) -> Content:
    """Read instruction, input, output, system and history. Raises RowProblem."""
    instruction, more = _optional(row, "instruction"), _optional(row, "input")
    request = f"{instruction}\n{more}" if more else instruction
    system, answer = _optional(row, "system"), _optional(row, "output")
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    for number, turn in enumerate(row.get("history") or ()):
        if not isinstance(turn, list) or len(turn) != _HISTORY_TURN or not all(isinstance(t, str) for t in turn):
            raise RowProblem(f"history[{number}]", _("A turn of the history is not a request and its answer."))
        messages.append(Message(role=Role.USER, content=turn[0]))
        messages.append(Message(role=Role.ASSISTANT, content=turn[1]))
    if not request.strip():
        raise RowProblem("instruction", _("The request is empty."))
    messages.append(Message(role=Role.USER, content=request))
    if answer:
        messages.append(Message(role=Role.ASSISTANT, content=answer))
    return checked(messages)


def _optional(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowProblem(key, _("This is not text."))
    return value


def from_prompt_completion(row: Mapping[str, Any]) -> Content:
    """Read prompt, completion and, where given, system. Raises RowProblem."""
    prompt, completion, system = _optional(row, "prompt"), _optional(row, "completion"), _optional(row, "system")
    if not prompt.strip():
        raise RowProblem("prompt", _("The request is empty."))
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    messages.append(Message(role=Role.USER, content=prompt))
    if completion:
        messages.append(Message(role=Role.ASSISTANT, content=completion))
    return checked(messages)


def from_sharegpt(row: Mapping[str, Any]) -> Content:
    """Read conversations of from and value; calls become numbered tool calls. Raises RowProblem."""
    turns = row.get("conversations", row.get("conversation"))
    if not isinstance(turns, list) or not turns:
        raise RowProblem("conversations", _("There is no list of turns."))
    system = _optional(row, "system")
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    calls = _CallIds()
    messages.extend(_sharegpt_message(turn, f"conversations[{i}]", calls) for i, turn in enumerate(turns))
    return checked(messages, _sharegpt_tools(row.get("tools")))


def _sharegpt_message(turn: Any, field: str, calls: _CallIds) -> Message:
    if type(turn) is not dict:
        raise RowProblem(field, _("The turn is not an object."))
    speaker = turn.get("from")
    role = _SPEAKERS.get(speaker) if isinstance(speaker, str) else None
    if role is None:
        raise RowProblem(f"{field}.from", _("The speaker “{speaker}” is not known.", speaker=_short(speaker)))
    text = _plain_text(turn.get("value"), f"{field}.value")
    if speaker in _CALLS:
        made = [calls.made(call, field) for call in _calls(text, f"{field}.value")]
        return Message(role=role, content="", extra={"tool_calls": made})
    if role is Role.TOOL and calls.open:
        return Message(role=role, content=text, extra={"tool_call_id": calls.answered()})
    extra = {k: turn[k] for k in ("weight",) if k in turn}
    return Message(role=role, content=text, extra=extra or None)


def _calls(text: str, field: str) -> list[Any]:
    try:
        value = load_row(text.encode("utf-8"))
    except RowProblem as problem:
        raise RowProblem(field, _("The call of a function cannot be read: {reason}", reason=problem.reason)) from None
    calls = value if isinstance(value, list) else [value]
    if not calls:
        raise RowProblem(field, _("The call names no function."))
    return calls


def _sharegpt_tools(value: Any) -> list[Mapping[str, Any]]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        try:
            value = load_row(value.encode("utf-8"))
        except RowProblem as problem:
            raise RowProblem("tools", _("The tools cannot be read: {reason}", reason=problem.reason)) from None
    return [_as_tool(tool, "tools") for tool in _objects(value, "tools")]


CONVERSATIONS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "openai": from_openai,
    "alpaca": from_alpaca,
    "sharegpt": from_sharegpt,
    "prompt-completion": from_prompt_completion,
}
