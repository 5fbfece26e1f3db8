r"""The rows of the chat formats (OpenAI, Alpaca, ShareGPT, prompt-completion) as content, with strict rules.

Formats: OpenAI's chat fine-tuning lines, and LLaMA-Factory v1's, which have typed parts and a ``loss_weight`` (read as
OpenAI's ``weight``); Alpaca and ShareGPT as LLaMA-Factory's data/README describes them (user text = instruction +
"\n" + input; history of [request, answer]; roles human, gpt, system, function_call, observation); the seed tasks of
Stanford Alpaca, whose input and output stand in ``instances``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accord.domain.content import Content, Message, Role
from accord.domain.wording import _
from accord.formats.failures import RowProblem
from accord.formats.parts import plain_parts, read_parts
from accord.formats.strict_json import load_row
from accord.formats.tool_calls import CallIds, read_calls, read_tools

ROLES = {
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
REASONING = "reasoning_content"
"""Where a message keeps its reasoning, by the name that servers and chat templates use."""

CONTENT_KEYS: Mapping[str, frozenset[str]] = {
    "openai": frozenset({"messages", "tools", "functions"}),
    "alpaca": frozenset({"instruction", "input", "output", "system", "history", "instances"}),
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
    if type(messages) is str and messages.lstrip().startswith("["):
        messages = _listed(messages, "messages")
    if not isinstance(messages, list) or not messages:
        raise RowProblem("messages", _("There is no list of messages."))
    calls = CallIds()
    last = len(messages) - 1
    read = [_openai_message(m, f"messages[{i}]", calls, last=i == last) for i, m in enumerate(messages)]
    tools, functions = row.get("tools"), row.get("functions")
    if tools is None and functions is not None:
        return checked(read, read_tools(functions, "functions"))
    return checked(read, read_tools(tools) if tools is not None else ())


def _listed(text: str, field: str) -> Any:
    """Return the list that a cell holds as JSON text."""
    try:
        return load_row(text.encode("utf-8"))
    except RowProblem as problem:
        raise RowProblem(field, problem.reason) from None


def _openai_message(value: Any, field: str, calls: CallIds, *, last: bool) -> Message:
    if type(value) is not dict:
        raise RowProblem(field, _("The message is not an object."))
    name = value.get("role")
    role = ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise RowProblem(f"{field}.role", _("The role “{role}” is not known.", role=_short(name)))
    content = value.get("content")
    if len(value) == 2 and type(content) is str and role is not Role.TOOL:  # noqa: PLR2004  (the common case, made fast)
        return Message(role=role, content=content)
    extra = {k: v for k, v in value.items() if v is not None and k not in {"role", "content"}}
    if type(content) is list:
        content = _typed(content, extra, f"{field}.content")
    if "loss_weight" in extra:
        _take_weight(extra, "loss_weight", role, field)
    _take_calls(extra, calls, field, str(name))
    if content is None and role is Role.ASSISTANT and (last or any(k in extra for k in _ANSWERS_IN_CALLS)):
        content = ""
    return Message(role=role, content=_plain_text(content, f"{field}.content"), extra=extra or None)


def _typed(parts: list[Any], extra: dict[str, Any], field: str) -> str | None:
    """Return the text of typed parts and put what else they say into ``extra``."""
    found = read_parts(parts, field)
    said = {"tool_calls": found.calls, REASONING: found.reasoning, "refusal": found.refusal}
    for key, value in said.items():
        if value and extra.get(key):
            raise RowProblem(field, _("The message says its {key} twice.", key=key))
        if value:
            extra[key] = value
    return found.text


def _take_weight(extra: dict[str, Any], key: str, role: Role, field: str) -> None:
    """Keep a weight as OpenAI writes it; that a message of nobody's answer is not trained on goes without saying."""
    weight = extra.pop(key)
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise RowProblem(f"{field}.{key}", _("The weight is not a number."))
    if isinstance(weight, float) and weight.is_integer():
        weight = int(weight)
    if weight or role is Role.ASSISTANT:
        extra.setdefault("weight", weight)


def _take_calls(extra: dict[str, Any], calls: CallIds, field: str, role_name: str) -> None:
    """Complete the calls of a message, or find the call that it answers."""
    if extra.get("tool_calls") == []:
        del extra["tool_calls"]
    if "function_call" in extra and "tool_calls" not in extra:
        extra["tool_calls"] = [calls.made(extra.pop("function_call"), f"{field}.function_call")]
    elif "tool_calls" in extra:
        extra["tool_calls"] = calls.taken(extra["tool_calls"], f"{field}.tool_calls")
    if role_name == "function" and calls.open:
        extra.pop("name", None)
        extra["tool_call_id"] = calls.answered()
    elif role_name == "tool" and (call_id := calls.answered(extra.get("tool_call_id"))) is not None:
        extra["tool_call_id"] = call_id


def _plain_text(content: Any, field: str) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return plain_parts(content, field)
    if content is None:
        raise RowProblem(field, _("There is no content."))
    raise RowProblem(field, _("The content is not text."))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text[:40]


def from_alpaca(row: Mapping[str, Any]) -> Content:
    """Read instruction, input, output, system and history. Raises RowProblem."""
    if "instances" in row:
        row = _instance(row)
    instruction, more = _optional(row, "instruction"), _optional(row, "input")
    request = f"{instruction}\n{more}" if more else instruction
    system, answer = _optional(row, "system"), _optional(row, "output")
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    history = row.get("history") or ()
    if not isinstance(history, list | tuple):
        raise RowProblem("history", _("A turn of the history is not a request and its answer."))
    for number, turn in enumerate(history):
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


def _instance(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a seed task with the input and output of its one instance."""
    instances = row["instances"]
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(instances[0], dict):
        raise RowProblem("instances", _("A task is read with exactly one instance; this has another number of them."))
    return {**row, "input": instances[0].get("input"), "output": instances[0].get("output")}


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
    if type(turns) is str and turns.lstrip().startswith("["):
        turns = _listed(turns, "conversations")
    if not isinstance(turns, list) or not turns:
        raise RowProblem("conversations", _("There is no list of turns."))
    system = _optional(row, "system")
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    calls = CallIds()
    messages.extend(_sharegpt_message(turn, f"conversations[{i}]", calls) for i, turn in enumerate(turns))
    return checked(messages, read_tools(row.get("tools")))


def _sharegpt_message(turn: Any, field: str, calls: CallIds) -> Message:
    if type(turn) is not dict:
        raise RowProblem(field, _("The turn is not an object."))
    if "from" not in turn and "role" in turn:
        return _openai_message(turn, field, calls, last=False)
    speaker = turn.get("from")
    role = _SPEAKERS.get(speaker) if isinstance(speaker, str) else None
    if role is None:
        raise RowProblem(f"{field}.from", _("The speaker “{speaker}” is not known.", speaker=_short(speaker)))
    text = _plain_text(turn.get("value"), f"{field}.value")
    extra: dict[str, Any] = {}
    for key in ("weight", "loss_weight"):
        if turn.get(key) is not None:
            extra[key] = turn[key]
            _take_weight(extra, key, role, field)
    if speaker in _CALLS:
        extra["tool_calls"] = [calls.made(call, field) for call in read_calls(text, f"{field}.value")]
        text = ""
    elif role is Role.TOOL and calls.open:
        extra["tool_call_id"] = calls.answered()
    return Message(role=role, content=text, extra=extra or None)


CONVERSATIONS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "openai": from_openai,
    "alpaca": from_alpaca,
    "sharegpt": from_sharegpt,
    "prompt-completion": from_prompt_completion,
}
