"""Typed content: a message whose content is a list of parts, as OpenAI and LLaMA-Factory v1 write it, read as text.

Several parts of text are put together exactly as they stand, nothing between them. A part of reasoning becomes the
message's ``reasoning_content``, a part of a tool call one of its tool calls, a refusal its ``refusal``. Pictures, sound
and files are refused: no address is fetched and no path is opened.

Sources: OpenAI's content parts (text, refusal, image_url, input_audio, file); LLaMA-Factory v1's data converter
(text, reasoning, tool_call, each with ``value``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.domain.wording import _
from accord.formats.failures import RowProblem
from accord.formats.tool_calls import read_calls

_TEXT = frozenset({"text", "input_text", "output_text"})
_REASONING = frozenset({"reasoning", "thinking"})


@dataclass(slots=True)
class Parts:
    """What the parts of one message say; ``text`` None where no part is text."""

    text: str | None = None
    reasoning: str = ""
    refusal: str = ""
    calls: list[Any] = field(default_factory=list)


def read_parts(parts: Sequence[Any], field: str) -> Parts:
    """Return what a list of parts says. Raises RowProblem with the place of a part that is not text."""
    found = Parts()
    for number, part in enumerate(parts):
        place = f"{field}[{number}]"
        if isinstance(part, str):
            part = {"type": "text", "text": part}  # noqa: PLW2901  (a part written as bare text)
        if not isinstance(part, dict):
            raise RowProblem(place, _("A part of the content is not an object."))
        kind = part.get("type")
        if not isinstance(kind, str):
            raise RowProblem(f"{place}.type", _("A part of the content does not say what it is."))
        if kind in _TEXT:
            found.text = (found.text or "") + _text_of(part, place, "text")
        elif kind in _REASONING:
            found.reasoning += _text_of(part, place, kind, "text")
        elif kind == "refusal":
            found.refusal += _text_of(part, place, "refusal")
        elif kind == "tool_call":
            found.calls += read_calls(_text_of(part, place, "text"), place)
        else:
            raise RowProblem(place, _("A part of the content is “{kind}”; only text can be read.", kind=kind[:40]))
    return found


def plain_parts(parts: Sequence[Any], field: str) -> str:
    """Return the text of parts that are nothing but text. Raises RowProblem."""
    found = read_parts(parts, field)
    if found.text is None or found.calls or found.reasoning or found.refusal:
        raise RowProblem(field, _("The content is not text."))
    return found.text


def _text_of(part: dict[str, Any], place: str, *keys: str) -> str:
    for key in (*keys, "value"):
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, str):
            return value
    raise RowProblem(place, _("A part of the content holds no text."))
