"""The one place where an example becomes what is written: the release's instruction and the codes of a closed list."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from accord.domain.content import Role
from accord.domain.errors import DamagedText
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.releases import InstructionMode, Release, ReleasedExample

Talk = dict[str, Any]
"""A content as its canonical text holds it: ``messages`` (role, content and what else there is), perhaps ``tools``."""


class Rendering:
    """What a release does to each content that it writes."""

    def __init__(self, release: Release, settings: ProjectSettings) -> None:
        keeps = release.instruction_mode is InstructionMode.KEEP or not release.instruction
        self._first = [] if keeps else [{"role": Role.SYSTEM.value, "content": release.instruction}]
        self._replaces = bool(self._first) and release.instruction_mode is InstructionMode.REPLACE
        self._codes = answer_codes(settings)

    def rendered(self, text: str) -> Talk:
        """Return the content of a canonical text as every format writes it. Raises DamagedText."""
        return self._render(read(text))

    def compared(self, example: ReleasedExample) -> Talk:
        """Return the content whose answer is the one not preferred, as the preference format writes it.

        That is the answer that came rejected, whether or not somebody edited the preferred one: an edit is preferred
        over what was rejected before it. Without a rejected answer, or where the edit ended up as exactly that text, it
        is the original answer, over which the edit is preferred.
        """
        talk, rejected = read(example.text), example.facts.get("rejected")
        messages = talk["messages"]
        index = answer_index(messages)
        if not rejected or index is None or rejected == messages[index]["content"]:
            return self.rendered(example.original)
        answer = {"role": Role.ASSISTANT.value, "content": rejected}
        return self._render({**talk, "messages": [*messages[:index], answer]})

    def _render(self, talk: Talk) -> Talk:
        if self._first:
            talk["messages"] = self._instructed(talk["messages"])
        if self._codes:
            self._code(talk["messages"])
        return talk

    def _instructed(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self._replaces:
            return [*self._first, *(m for m in messages if m["role"] != Role.SYSTEM)]
        return messages if any(m["role"] == Role.SYSTEM for m in messages) else [*self._first, *messages]

    def _code(self, messages: list[dict[str, Any]]) -> None:
        index = answer_index(messages)
        if index is not None:
            answer = messages[index]
            answer["content"] = self._codes.get(answer["content"], answer["content"])


def read(text: str) -> Talk:
    """Return the content of a canonical text. Raises DamagedText."""
    talk: Talk = orjson.loads(text)
    if not talk.get("messages"):
        raise DamagedText
    return talk


def answer_index(messages: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the position of the answer, the last assistant message."""
    return next((i for i in reversed(range(len(messages))) if messages[i]["role"] == Role.ASSISTANT), None)


def answer_codes(settings: ProjectSettings) -> Mapping[str, str]:
    """Return label to code for the choices that are written as codes; empty where labels are written."""
    if settings.answer_kind is not AnswerKind.LIST or not settings.export_codes:
        return {}
    return {choice.label: choice.code for choice in settings.choices if choice.code}
