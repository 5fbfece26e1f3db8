"""What each export format demands of a row, written down a second time for the verifier alone.

OpenAI's rules: the fine-tuning request schema (roles, weight 0 or 1, tool calls), its rejection of reserved tokens, and
the guide to direct preference optimisation. ShareGPT's order of speakers is LLaMA-Factory's.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accord.domain.wording import _
from accord.formats.verified_files import strict_value

CSV_HEADER = (
    "id system request answer tags source source_url source_date licence context origin decided_by reviewers "
    "messages tools rejected"
)
OPENAI_FORMATS = ("openai", "preference")

_ROLES = {"system", "user", "assistant", "tool", "function"}
_MESSAGE_KEYS = {
    *("role", "content", "name", "weight", "refusal", "audio"),
    *("tool_calls", "tool_call_id", "function_call"),
}
_RESERVED = re.compile(
    r"<\|(?:im_start|im_end|im_sep|endoftext|endofprompt|fim_prefix|fim_middle|fim_suffix|start|end|message|channel|"
    r"constrain|return|call|startoftext|system|user|assistant|reserved_\d+)\|>"
)
_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_ASKING = {"human", "observation"}
_ANSWERING = {"gpt", "function_call"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that a row breaks."""

    rule: str
    message: str
    severity: str = "error"


def breaches(format_name: str, row: Any) -> Iterator[Breach]:
    """Yield what is wrong with one row (a JSON value; for CSV a dict by column)."""
    if not isinstance(row, dict):
        yield Breach(rule="row.shape", message=_("The row is not an object."))
        return
    yield from _CHECKS[format_name](row)
    severity = "error" if format_name in OPENAI_FORMATS else "warning"
    for token in sorted({token for text in _texts(row) if "<|" in text for token in _RESERVED.findall(text)}):
        yield Breach(rule="reserved_token", message=_("The text holds {token}.", token=token), severity=severity)


def request_of(format_name: str, row: Mapping[str, Any]) -> str:
    """Return the request of a row that has no breach of shape, for the search for leaks."""
    if format_name == "alpaca":
        return f"{row['instruction']}\n{row['input']}" if row.get("input") else str(row["instruction"])
    if format_name in {"prompt-completion", "csv"}:
        return str(row["prompt" if format_name == "prompt-completion" else "request"])
    if format_name == "sharegpt":
        turns = [(turn["from"], turn["value"]) for turn in row["conversations"]]
        return _last_asked(turns, {"human"}, _ANSWERING)
    messages = row["messages"] if format_name == "openai" else row["input"]["messages"]
    turns = [(message["role"], message.get("content") or "") for message in messages]
    return _last_asked(turns, {"user"}, {"assistant"} if format_name == "openai" else set())


def _last_asked(turns: list[tuple[str, str]], asking: set[str], answering: set[str]) -> str:
    end = max((i for i, (who, _text) in enumerate(turns) if who in answering), default=len(turns))
    return next((text for who, text in reversed(turns[:end]) if who in asking), "")


def _texts(value: Any) -> list[str]:
    """Return all texts of a value, in no order."""
    found: list[str] = []
    left = [value]
    for item in left:  # grows while it is walked
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
    return found


def _openai(row: Mapping[str, Any]) -> Iterator[Breach]:
    unknown = row.keys() - {"messages", "tools", "parallel_tool_calls", "functions"}
    if unknown:
        message = _("The row has keys that the format does not know: {keys}.", keys=", ".join(sorted(unknown)))
        yield Breach(rule="row.shape", message=message, severity="warning")
    messages: Any = row.get("messages")
    yield from _conversation(messages)
    yield from _tools(row.get("tools", []))
    if not _is_conversation(messages):
        return
    answers = [m for m in messages if m["role"] == "assistant"]
    if not any(m.get("weight", 1) != 0 and (m.get("content") or m.get("tool_calls")) for m in answers):
        yield Breach(rule="answer.trained", message=_("No answer of the assistant is trained on."))
    if messages[-1]["role"] != "assistant":
        yield Breach(rule="answer.last", message=_("The last message is not of the assistant."))
    if not any(m["role"] == "user" for m in messages):
        yield Breach(rule="request.missing", message=_("There is no message of the user."))


def _among(value: Any, names: set[str]) -> bool:
    return isinstance(value, str) and value in names


def _is_conversation(messages: Any) -> bool:
    return (
        isinstance(messages, list)
        and bool(messages)
        and all(isinstance(m, dict) and isinstance(m.get("role"), str) for m in messages)
    )


def _conversation(messages: Any) -> Iterator[Breach]:
    if not isinstance(messages, list) or not messages:
        yield Breach(rule="row.shape", message=_("There is no list of messages."))
        return
    for message in messages:
        if not isinstance(message, dict):
            yield Breach(rule="row.shape", message=_("A message is not an object."))
        elif not _among(message.get("role"), _ROLES):
            yield Breach(rule="role", message=_("The role “{role}” is not known.", role=message.get("role")))
        else:
            yield from _message(message)
    if _is_conversation(messages):
        yield from _tool_call_ids(messages)


def _message(message: Mapping[str, Any]) -> Iterator[Breach]:
    role, content = message["role"], message.get("content")
    if message.keys() - _MESSAGE_KEYS:
        unknown = ", ".join(sorted(message.keys() - _MESSAGE_KEYS))
        text = _("A message has keys that the format does not know: {keys}.", keys=unknown)
        yield Breach(rule="message.keys", message=text, severity="warning")
    stands_for_text = role == "assistant" and any(message.get(k) for k in ("tool_calls", "function_call", "refusal"))
    if content is None and not stands_for_text:
        yield Breach(rule="content.empty", message=_("A message of {role} has no content.", role=role))
    elif content is not None and not isinstance(content, str):
        yield Breach(rule="content.type", message=_("The content of a message of {role} is not text.", role=role))
    elif content is not None and not content.strip() and not stands_for_text:
        severity = "error" if role in {"user", "assistant"} else "warning"
        message_text = _("The content of a message of {role} is empty.", role=role)
        yield Breach(rule="content.empty", message=message_text, severity=severity)
    if "weight" in message:
        weight = message["weight"]
        if role != "assistant" or isinstance(weight, bool) or weight not in (0, 1):
            yield Breach(rule="weight", message=_("A weight is 0 or 1 and stands in an answer of the assistant only."))
    if role == "function" and not isinstance(message.get("name"), str):
        yield Breach(rule="tool_call", message=_("The answer of a function has no name."))


def _tool_call_ids(messages: list[Mapping[str, Any]]) -> Iterator[Breach]:
    """Yield calls without their answer and answers without their call."""
    waiting: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            call_id = message.get("tool_call_id")
            if not _among(call_id, waiting):
                yield Breach(
                    rule="tool_call", message=_("A tool answers the call “{id}”, which is not open.", id=call_id)
                )
            waiting.discard(str(call_id))
            continue
        if waiting:
            yield Breach(
                rule="tool_call", message=_("A tool call has no answer: {ids}.", ids=", ".join(sorted(waiting)))
            )
        waiting = set()
        calls = message.get("tool_calls")
        if calls is None:
            continue
        problem = _calls_problem(calls)
        if problem:
            yield Breach(rule="tool_call", message=problem)
        else:
            waiting = {call["id"] for call in calls}


def _calls_problem(calls: Any) -> str:
    if not isinstance(calls, list) or not calls:
        return _("The tool calls are not a list.")
    for call in calls:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(call.get("id"), str) or call.get("type") != "function":
            return _("A tool call is not a call of a function with an id.")
        if not isinstance(function.get("name"), str) or not isinstance(function.get("arguments"), str):
            return _("A tool call has no name, or arguments that are not text.")
    if len({call["id"] for call in calls}) < len(calls):
        return _("Two tool calls have the same id.")
    return ""


def _tools(tools: Any) -> Iterator[Breach]:
    if not isinstance(tools, list):
        yield Breach(rule="tools", message=_("The tools are not a list."))
        return
    for tool in tools:
        function = tool.get("function") if isinstance(tool, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(name, str) or tool.get("type") != "function":
            yield Breach(rule="tools", message=_("A tool is not a function with a name."))
        elif not _FUNCTION_NAME.fullmatch(name):
            message = _("The name “{name}” of a tool has other signs than letters, digits, _ and -.", name=name)
            yield Breach(rule="tools", message=message, severity="warning")


def _preference(row: Mapping[str, Any]) -> Iterator[Breach]:
    given = row.get("input")
    if not isinstance(given, dict) or row.keys() != {"input", "preferred_output", "non_preferred_output"}:
        yield Breach(
            rule="row.shape", message=_("The row does not have input, preferred_output, non_preferred_output.")
        )
        return
    yield from _conversation(given.get("messages"))
    yield from _tools(given.get("tools", []))
    outputs = []
    for key in ("preferred_output", "non_preferred_output"):
        output = row[key]
        if not _is_conversation(output) or len(output) != 1 or output[0]["role"] != "assistant":
            yield Breach(rule="row.shape", message=_("{key} is not one message of the assistant.", key=key))
        else:
            yield from _message(output[0])
            outputs.append(output[0].get("content"))
    if len(outputs) == 2 and outputs[0] == outputs[1]:  # noqa: PLR2004  (the two just read)
        yield Breach(rule="preference.same", message=_("The two answers are the same."))


def _strings(row: Mapping[str, Any], filled: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[Breach]:
    for key in (*filled, *optional):
        if (key in filled or key in row) and not isinstance(row.get(key), str):
            yield Breach(rule="row.shape", message=_("{key} is not text.", key=key))
        elif key in filled and not row[key].strip():
            yield Breach(rule="content.empty", message=_("{key} is empty.", key=key))


def _known(row: Mapping[str, Any], keys: set[str]) -> Iterator[Breach]:
    if row.keys() - keys:
        unknown = ", ".join(sorted(row.keys() - keys))
        message = _("The row has keys that the format does not know: {keys}.", keys=unknown)
        yield Breach(rule="row.shape", message=message, severity="warning")


def _alpaca(row: Mapping[str, Any]) -> Iterator[Breach]:
    yield from _known(row, {"instruction", "input", "output", "system", "history"})
    yield from _strings(row, ("instruction", "output"), ("input", "system"))
    history = row.get("history", [])
    if not isinstance(history, list) or not all(
        isinstance(turn, list) and [type(text) for text in turn] == [str, str] for turn in history
    ):
        yield Breach(rule="row.shape", message=_("The history is not a list of requests and answers."))


def _prompt_completion(row: Mapping[str, Any]) -> Iterator[Breach]:
    yield from _known(row, {"prompt", "completion", "system"})
    yield from _strings(row, ("prompt", "completion"), ("system",))


def _sharegpt(row: Mapping[str, Any]) -> Iterator[Breach]:
    yield from _known(row, {"conversations", "system", "tools"})
    yield from _strings(row, (), ("system", "tools"))
    turns = row.get("conversations")
    if not isinstance(turns, list) or not turns or not all(isinstance(t, dict) for t in turns):
        yield Breach(rule="row.shape", message=_("There is no list of turns."))
        return
    for turn in turns:
        if not _among(turn.get("from"), _ASKING | _ANSWERING | {"system"}):
            yield Breach(rule="role", message=_("The speaker “{speaker}” is not known.", speaker=turn.get("from")))
        elif not isinstance(turn.get("value"), str):
            yield Breach(rule="content.type", message=_("A turn is not text."))
        elif not turn["value"].strip() and turn["from"] in {"human", "gpt"}:
            yield Breach(rule="content.empty", message=_("A turn of {speaker} is empty.", speaker=turn["from"]))
        elif turn["from"] == "function_call" and not all(map(_is_named, _parsed(turn["value"], alone=True))):
            yield Breach(rule="tool_call", message=_("A call of a function is not JSON with a name and arguments."))
        if isinstance(turn.get("weight"), bool) or not isinstance(turn.get("weight", 1), int | float):
            yield Breach(rule="weight", message=_("The weight of a turn is not a number."))
    if isinstance(row.get("tools"), str) and not all(_is_named(t, "") for t in _parsed(row["tools"], alone=False)):
        yield Breach(rule="tools", message=_("The tools are not a JSON list of functions with names."))
    yield from _turn_order(turns)


def _parsed(text: str, *, alone: bool) -> list[Any]:
    """Return the list that a text is as JSON, "" being an empty one; ``alone``: one object may stand for its list."""
    if not text:
        return [None] if alone else []
    try:
        value = strict_value(text)
    except ValueError:
        return [None]
    if isinstance(value, list):
        return value if value or not alone else [None]
    return [value] if alone else [None]


def _is_named(function: Any, arguments: str = "arguments") -> bool:
    named = isinstance(function, dict) and isinstance(function.get("name"), str)
    return named and (not arguments or isinstance(function.get(arguments), dict | str))


def _turn_order(turns: list[Mapping[str, Any]]) -> Iterator[Breach]:
    order = [turn.get("from") for turn in turns if turn.get("from") != "system"]
    if not order or not _among(order[-1], _ANSWERING):
        yield Breach(rule="answer.last", message=_("The last turn is not of the model."))
    if any(_among(speaker, _ANSWERING) is not bool(i % 2) for i, speaker in enumerate(order)):
        message = _("The turns do not alternate; LLaMA-Factory leaves such rows out.")
        yield Breach(rule="turn_order", message=message, severity="warning")


def _csv(row: Mapping[str, Any]) -> Iterator[Breach]:
    for column, cell in row.items():
        if cell.startswith(_FORMULA):
            yield Breach(rule="formula", message=_("{column} starts as a formula does.", column=column))
    if row["messages"]:
        try:
            messages = strict_value(row["messages"])
            tools = strict_value(row["tools"]) if row["tools"] else []
        except ValueError:
            yield Breach(rule="json.syntax", message=_("The column messages or tools is not JSON."))
            return
        yield from _conversation(messages)
        yield from _tools(tools)
    else:
        yield from _strings(row, ("request", "answer"), ())


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Breach]]] = {
    "openai": _openai,
    "alpaca": _alpaca,
    "sharegpt": _sharegpt,
    "prompt-completion": _prompt_completion,
    "preference": _preference,
    "csv": _csv,
}
FORMATS = tuple(_CHECKS)
