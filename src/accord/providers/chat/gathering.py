"""Putting a reply together from what came, in parts or whole, and judging whether it is an answer that counts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from accord.domain.chat import Answer, Failure, Question, Trouble, Usage

_WHOLE = "stop"
_BY_FINISH: Mapping[str, Trouble] = {
    "length": Trouble.CUT,
    "content_filter": Trouble.FILTERED,
    "tool_calls": Trouble.OTHER_THAN_TEXT,
    "function_call": Trouble.OTHER_THAN_TEXT,
}
_LONGEST_TOKEN = 64  # characters; an answer of longer ones on the whole is none of a model's
_HEAD = ("id", "object", "created", "model", "system_fingerprint", "service_tier")


@dataclass(slots=True)
class Reply:
    """What came so far. ``finish``: the service's own word for how it ended; None while, or where, it says none."""

    head: dict[str, Any] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    finish: str | None = None
    usage: Usage | None = None
    choices: int = 0
    tools: bool = False
    readable: bool = True

    def raw(self) -> dict[str, Any]:
        """Return the reply in the form of a chat completion."""
        message = {"role": "assistant", "content": "".join(self.text), "refusal": "".join(self.refusal) or None}
        usage = {"prompt_tokens": self.usage.prompt, "completion_tokens": self.usage.answer} if self.usage else None
        choice = {"index": 0, "finish_reason": self.finish, "message": message}
        return {**self.head, "object": "chat.completion", "choices": [choice], "usage": usage}


def gathered(parts: Iterable[Any], *, holder: str) -> Reply:
    """Return the reply made of all parts; ``holder``: under which name a choice holds its text (delta, message)."""
    reply = Reply()
    for part in parts:
        if not isinstance(part, Mapping):
            reply.readable = False
            continue
        reply.head |= {key: part[key] for key in _HEAD if part.get(key) is not None and key not in reply.head}
        reply.usage = _usage(part.get("usage")) or reply.usage
        choices = part.get("choices")
        if choices is not None and not isinstance(choices, list):
            reply.readable = False
        for choice in choices if isinstance(choices, list) else ():
            _take(reply, choice, holder)
    return reply


def judged(reply: Reply, question: Question, facts: Mapping[str, Any]) -> Answer | Failure:
    """Return the answer where it counts: whole by the service's own word, text, and of the form that was asked for."""
    trouble, said = _trouble(reply, question)
    if trouble is not None:
        return Failure(trouble=trouble, said=said, usage=reply.usage, **facts)
    model = str(reply.head.get("model") or question.model)
    return Answer(text="".join(reply.text), model=model, usage=reply.usage, raw=reply.raw(), **facts)


def _take(reply: Reply, choice: Any, holder: str) -> None:
    if not isinstance(choice, Mapping):
        reply.readable = False
        return
    if choice.get("index") not in {None, 0}:
        return
    reply.choices += 1
    held = choice.get(holder)
    if isinstance(held, Mapping):
        for name, into in (("content", reply.text), ("refusal", reply.refusal)):
            value = _said(held.get(name))
            reply.readable = reply.readable and value is not None
            into.append(value or "")
        reply.tools = reply.tools or bool(held.get("tool_calls") or held.get("function_call"))
    finish = choice.get("finish_reason")
    if isinstance(finish, str):
        reply.finish = finish


def _said(value: Any) -> str | None:
    """Return a text that may come in parts; None for anything else."""
    if value is None or isinstance(value, str):
        return value or ""
    if not isinstance(value, list) or not all(
        isinstance(part, Mapping) and part.get("type") == "text" for part in value
    ):
        return None
    texts = [part.get("text") for part in value]
    return "".join(texts) if all(isinstance(text, str) for text in texts) else None


def _trouble(reply: Reply, question: Question) -> tuple[Trouble | None, str]:
    text, refusal = "".join(reply.text), "".join(reply.refusal)
    if not reply.readable:
        return Trouble.NOT_JSON, ""
    if not reply.choices:
        return Trouble.NO_CHOICE, ""
    if refusal:
        return Trouble.REFUSED, refusal[:400]
    if reply.finish != _WHOLE:
        unknown = Trouble.UNFINISHED
        return (_BY_FINISH.get(reply.finish, unknown) if reply.finish else unknown), reply.finish or ""
    if reply.tools:
        return Trouble.OTHER_THAN_TEXT, ""
    if not text.strip():
        return Trouble.EMPTY, ""
    if len(text) > _LONGEST_TOKEN * question.most_tokens:
        return Trouble.TOO_LARGE, ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return Trouble.NOT_JSON, ""
    return _form(text, question)


def _form(text: str, question: Question) -> tuple[Trouble | None, str]:
    if question.schema is None:
        return None, ""
    try:
        jsonschema.validate(loads(text.encode("utf-8")), question.schema)
    except (ValueError, RecursionError) as error:
        return Trouble.WRONG_FORM, str(error)[:400]
    except jsonschema.ValidationError as error:
        return Trouble.WRONG_FORM, error.message[:400]
    return None, ""


def _usage(said: Any) -> Usage | None:
    if not isinstance(said, Mapping):
        return None
    prompt, answer = said.get("prompt_tokens"), said.get("completion_tokens")
    if type(prompt) is not int or type(answer) is not int or min(prompt, answer) < 0:
        return None
    return Usage(prompt, answer)


def loads(data: bytes) -> Any:
    """Return what JSON says. Raises ValueError, also for NaN and for nesting without end."""

    def refuse(word: str) -> Any:
        raise ValueError(word)

    try:
        return json.loads(data.decode("utf-8"), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("nested without end") from error
