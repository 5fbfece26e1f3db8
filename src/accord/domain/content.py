"""The content of an example: its messages and tools, and which of them are the request and the answer."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from accord.domain.canonical import canonical_json, conversation_key, json_text, sha256_hex, utf8_checked
from accord.domain.errors import DamagedText

EXAMPLE_ID_DIGITS = 20


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn; ``extra`` holds what else a format carries (name, tool_calls, weight), by its own keys."""

    role: Role
    content: str
    extra: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the message as a JSON object."""
        return {"role": self.role.value, "content": self.content, **(self.extra or {})}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Message":
        """Read a message that this program wrote."""
        extra = {k: v for k, v in value.items() if k not in {"role", "content"}}
        return cls(role=Role(value["role"]), content=value["content"], extra=extra or None)


@dataclass(frozen=True, kw_only=True)
class Content:
    """A whole conversation, ``messages`` in order, with the tool definitions it may use."""

    messages: tuple[Message, ...]
    tools: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def text(self) -> str:
        """The canonical JSON text, which is what is stored and hashed."""
        if not self.tools and not any(message.extra for message in self.messages):
            return _plain_text(self.messages)
        value: dict[str, Any] = {"messages": [m.to_json() for m in self.messages]}
        if self.tools:
            value["tools"] = [dict(t) for t in self.tools]
        return canonical_json(value)

    @cached_property
    def hash(self) -> str:
        """The sha256 of the canonical text, 64 hex digits."""
        return sha256_hex(self.text)

    @property
    def id(self) -> str:
        """The example id: the first 20 hex digits of the hash."""
        return self.hash[:EXAMPLE_ID_DIGITS]

    @property
    def answer_index(self) -> int | None:
        """The position of the answer, the last assistant message."""
        return next((i for i in reversed(range(len(self.messages))) if self.messages[i].role is Role.ASSISTANT), None)

    @property
    def request_index(self) -> int | None:
        """The position of the request, the last user message before the answer (or at all, without an answer)."""
        end = self.answer_index if self.answer_index is not None else len(self.messages)
        return next((i for i in reversed(range(end)) if self.messages[i].role is Role.USER), None)

    @property
    def answer(self) -> str:
        """The text of the answer, empty where there is none."""
        return "" if self.answer_index is None else self.messages[self.answer_index].content

    @property
    def request(self) -> str:
        """The text of the request, empty where there is none."""
        return "" if self.request_index is None else self.messages[self.request_index].content

    @property
    def earlier(self) -> str:
        """The text of the turns before the answer other than the request, one below the other; system text is none."""
        end = len(self.messages) if self.answer_index is None else self.answer_index
        asked = self.request_index
        turns = (m for i, m in enumerate(self.messages[:end]) if i != asked and m.role is not Role.SYSTEM)
        return "\n".join(part for m in turns for part in (m.content, _calls(m)) if part)

    @property
    def conversation_key(self) -> str:
        """What examples share exactly when all that comes before their answers is the same; system text aside."""
        return conversation_key(self.request, self.earlier)

    @property
    def system(self) -> str:
        """The text of the system messages, joined by a blank line."""
        return "\n\n".join(m.content for m in self.messages if m.role is Role.SYSTEM)

    @property
    def has_answer(self) -> bool:
        """Whether there is answer text (a tool call counts as an answer)."""
        if self.answer_index is None:
            return False
        message = self.messages[self.answer_index]
        return bool(message.content.strip() or (message.extra or {}).get("tool_calls"))

    def with_texts(self, edits: Mapping[int, str]) -> "Content":
        """Return a copy in which the messages at the given positions have the given texts.

        A position one past the end adds an assistant message, so that a missing answer can be written.
        """
        messages = list(self.messages)
        for index, text in sorted(edits.items()):
            if index == len(messages):
                messages.append(Message(role=Role.ASSISTANT, content=text))
            else:
                messages[index] = replace(messages[index], content=text)
        return Content(messages=tuple(messages), tools=self.tools)

    def edits_towards(self, other: "Content") -> dict[int, str]:
        """Return the edits that turn this content into ``other``, which must have the same shape."""
        return {
            i: message.content
            for i, message in enumerate(other.messages)
            if i >= len(self.messages) or self.messages[i].content != message.content
        }

    @classmethod
    def from_text(cls, text: str) -> "Content":
        """Read canonical text that this program stored. Raises DamagedText."""
        try:
            value = json.loads(text)
            return cls(
                messages=tuple(Message.from_json(m) for m in value["messages"]),
                tools=tuple(value.get("tools", ())),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedText from error


def _calls(message: Message) -> str:
    """Return the functions that a message calls, without the ids of the calls, which say nothing."""
    calls = (message.extra or {}).get("tool_calls")
    if not isinstance(calls, list | tuple) or not calls:
        return ""
    return canonical_json([call.get("function") for call in calls if isinstance(call, Mapping)])


def _plain_text(messages: Sequence[Message]) -> str:
    """Return the canonical JSON of messages that have nothing but a role and text, ten times as fast."""
    texts = [f'{{"content":{json_text(m.content)},"role":"{m.role.value}"}}' for m in messages]
    return utf8_checked(f'{{"messages":[{",".join(texts)}]}}')


def pair(request: str, answer: str, *, system: str = "") -> Content:
    """Return the content of one request/answer pair; an empty answer adds no assistant message."""
    messages: list[Message] = []
    if system:
        messages.append(Message(role=Role.SYSTEM, content=system))
    messages.append(Message(role=Role.USER, content=request))
    if answer:
        messages.append(Message(role=Role.ASSISTANT, content=answer))
    return Content(messages=tuple(messages))


def pair_text(content: Content, fields: str = "pair") -> str:
    """Return the text that near-duplicates compare: ``pair`` (request, newline, answer), ``request`` or ``answer``."""
    return compared_text(content.request, content.answer, fields)


def compared_text(request: str, answer: str, fields: str) -> str:
    """Return what ``pair_text`` does, given the request and the answer."""
    if fields == "request":
        return request
    if fields == "answer":
        return answer
    return f"{request}\n{answer}"


def roles(messages: Sequence[Message]) -> tuple[Role, ...]:
    """Return the roles in order."""
    return tuple(m.role for m in messages)


def request_and_answer(messages: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Return what a content has as request and answer, given its messages as JSON objects."""
    request = answer = None
    before = ""
    for message in messages:
        role = message["role"]
        if role == Role.USER:
            request = message["content"]
        elif role == Role.ASSISTANT:
            before, answer = request or "", message["content"]
    return (request or "", "") if answer is None else (before, answer)
