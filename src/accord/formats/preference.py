r"""Preference pairs, in each shape that trainers write: the better answer is the example's, the worse stays beside it.

Shapes: OpenAI (input, preferred_output, non_preferred_output; ..._completion in its older schema); LLaMA-Factory
(conversations or instruction, with chosen and rejected) and its v1 (chosen_messages, rejected_messages); TRL (prompt,
chosen, rejected, each text or messages; without a prompt the two are whole conversations); Anthropic's HH texts
("\n\nHuman: ...\n\nAssistant: ..."), of which one space after the colon belongs to the mark.

Both sides are read as conversations of their format, and may differ in their last answer alone, which is text.
"""

import re
from collections.abc import Mapping
from typing import Any

from accord.domain.content import Content, Message, Role
from accord.domain.wording import _
from accord.formats.columns import as_text
from accord.formats.conversations import checked, from_alpaca, from_openai, from_sharegpt
from accord.formats.failures import RowProblem

KEYS = frozenset(
    {
        *("input", "preferred_output", "non_preferred_output", "preferred_completion", "non_preferred_completion"),
        *("chosen", "rejected", "chosen_messages", "rejected_messages"),
        *("prompt", "question", "conversations", "conversation", "messages"),
        *("instruction", "history", "system", "tools"),
    }
)
_SIDES = (
    ("preferred_output", "non_preferred_output"),
    ("preferred_completion", "non_preferred_completion"),
    ("chosen_messages", "rejected_messages"),
    ("chosen", "rejected"),
)
_PROMPTS = ("prompt", "question")
_HH = re.compile(r"\n\n(Human|Assistant): ?")


def is_preference(row: Mapping[str, Any]) -> bool:
    """Whether a row has both sides of a pair."""
    kinds = (str, list, dict)
    return any(isinstance(row.get(b), kinds) and isinstance(row.get(w), kinds) for b, w in _SIDES)


def from_preference(row: Mapping[str, Any]) -> tuple[Content, str]:
    """Return the conversation with the better answer, and the worse answer. Raises RowProblem."""
    better, worse = next(((b, w) for b, w in _SIDES if b in row and w in row), ("chosen", "rejected"))
    if better not in row or worse not in row:
        raise RowProblem("chosen", _("There are no two answers, one preferred to the other."))
    content = _side(row, better)
    other = _side(row, worse)
    return content, _difference(content, other, better, worse)


def beside(row: Mapping[str, Any], content: Content) -> dict[str, str]:
    """Return what the pair's own keys say that the conversation does not: another prompt, options of the request."""
    prompt, given = row.get("prompt"), row.get("input")
    said = {"prompt": prompt} if isinstance(prompt, str) and all(prompt != m.content for m in content.messages) else {}
    options = given.items() if isinstance(given, dict) else ()
    return said | {key: as_text(value) for key, value in options if key not in {"messages", "tools"}}


def _difference(content: Content, other: Content, better: str, worse: str) -> str:
    """Return the last answer of ``other``, once it is clear that nothing else differs."""
    before, last = content.messages[: content.answer_index], content.messages[-1]
    rejected = other.messages[-1]
    if rejected.role is not Role.ASSISTANT or not rejected.content.strip():
        raise RowProblem(worse, _("The answer that was not preferred is empty."))
    if (rejected.extra or {}).get("tool_calls"):
        raise RowProblem(worse, _("The answer that was not preferred is not text alone."))
    if last.role is not Role.ASSISTANT:
        before = content.messages
    elif last.content == rejected.content and not (last.extra or {}).get("tool_calls"):
        raise RowProblem(worse, _("The two answers are the same."))
    if other.messages[:-1] != before:
        raise RowProblem(better, _("The two conversations differ before their last answer."))
    return rejected.content


def _side(row: Mapping[str, Any], side: str) -> Content:
    """Return the conversation that ends with the answer under ``side``."""
    answer = row[side]
    if side.endswith(("_output", "_completion")):
        return _openai_side(row, answer, side)
    if side.endswith("_messages") or (row.get("messages") is not None and not _asks(answer)):
        before = [] if side.endswith("_messages") else _messages(row["messages"], "messages")
        if before and isinstance(before[-1], dict) and before[-1].get("role") == "assistant":
            before = before[:-1]  # the answer, of which the row then gives two
        return from_openai({**row, "messages": [*before, *_messages(answer, side)]})
    turns = row.get("conversations", row.get("conversation"))
    if turns is not None:
        turns = [*_messages(turns, "conversations"), *([] if answer is None else _messages(answer, side, "from"))]
        return from_sharegpt({**row, "conversations": turns})
    if "instruction" in row:
        return from_alpaca({**row, "output": answer})
    return _trl_side(row, answer, side)


def _openai_side(row: Mapping[str, Any], answer: Any, side: str) -> Content:
    given = row.get("input")
    if isinstance(given, list):
        given = {"messages": given}
    if not isinstance(given, dict):
        raise RowProblem("input", _("There is no list of messages."))
    messages = [*_messages(given.get("messages"), "input.messages"), *_messages(answer, side)]
    return from_openai({**given, "messages": messages})


def _messages(value: Any, field: str, speaker: str = "role") -> list[Any]:
    """Return messages: a list of them, one alone, or an answer that is written as bare text."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [value]
    if isinstance(value, str):
        return [{"role": "assistant", "content": value} if speaker == "role" else {"from": "gpt", "value": value}]
    raise RowProblem(field, _("There is no list of messages."))


def _trl_side(row: Mapping[str, Any], answer: Any, side: str) -> Content:
    prompt = next((row[key] for key in _PROMPTS if row.get(key) is not None), None)
    system = row.get("system")
    if prompt is None and isinstance(answer, str):
        return _hh(answer, side)
    if isinstance(prompt, list | dict):
        before = _messages(prompt, "prompt")
    elif isinstance(prompt, str) and not _asks(answer):
        before = [{"role": "user", "content": prompt}]
    elif prompt is None or isinstance(prompt, str):
        before = []
    else:
        raise RowProblem("prompt", _("This is not text."))
    if system and isinstance(system, str):
        before = [{"role": "system", "content": system}, *before]
    messages = [*before, *_messages("" if answer is None else answer, side)]
    return from_openai({"messages": messages, "tools": row.get("tools")})


def _asks(answer: Any) -> bool:
    """Whether a side holds the request too, so that a prompt beside it only repeats it."""
    return isinstance(answer, list) and any(isinstance(m, dict) and m.get("role") == "user" for m in answer)


def _hh(text: str, field: str) -> Content:
    """Return the conversation of one text of Human and Assistant turns; the text of a turn is kept as it is."""
    head, *rest = _HH.split(text)
    if not rest or head.strip():
        raise RowProblem(field, _("There is no prompt, and the text is no conversation of Human and Assistant."))
    roles = [Role.USER if who == "Human" else Role.ASSISTANT for who in rest[::2]]
    return checked([Message(role=role, content=said) for role, said in zip(roles, rest[1::2], strict=True)])
