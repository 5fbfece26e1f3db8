"""OpenAI's lines straight from stored texts: the same bytes as the general way gives, without an object per message.

Plain are messages that have nothing but a role and text, and no tools; anything else is left to the general way.
"""

from typing import Any

import orjson

from accord.domain.project import ProjectSettings
from accord.domain.releases import InstructionMode, Release
from accord.formats.rendering import answer_codes

_MESSAGE_KEYS = 2


class PlainLines:
    """Writes the lines of one release."""

    def __init__(self, release: Release, settings: ProjectSettings) -> None:
        keeps = release.instruction_mode is InstructionMode.KEEP or not release.instruction
        self._first = [] if keeps else [{"role": "system", "content": release.instruction}]
        self._replaces = bool(self._first) and release.instruction_mode is InstructionMode.REPLACE
        self._codes = answer_codes(settings)

    def line(self, text: str) -> bytes | None:
        """Return the line of a content given as canonical text, None where it is not plain."""
        value = orjson.loads(text)
        if len(value) != 1:
            return None
        messages = []
        for message in value["messages"]:
            if len(message) != _MESSAGE_KEYS:
                return None
            messages.append({"role": message["role"], "content": message["content"]})
        if self._first:
            messages = self._instructed(messages)
        if self._codes:
            self._code(messages)
        return orjson.dumps({"messages": messages})

    def _instructed(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self._replaces:
            return [*self._first, *(m for m in messages if m["role"] != "system")]
        return messages if any(m["role"] == "system" for m in messages) else [*self._first, *messages]

    def _code(self, messages: list[dict[str, Any]]) -> None:
        for message in reversed(messages):
            if message["role"] == "assistant":
                message["content"] = self._codes.get(message["content"], message["content"])
                return
