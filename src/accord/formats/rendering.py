"""The one place where an example becomes what is written: the release's instruction and the codes of a closed list."""

from collections.abc import Mapping
from dataclasses import replace

from accord.domain.content import Content, Message, Role
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.releases import InstructionMode, Release, ReleasedExample


def rendered(example: ReleasedExample, release: Release, settings: ProjectSettings) -> Content:
    """Return the content of ``example`` as every format writes it."""
    return render(example.content, release, settings)


def compared(example: ReleasedExample, release: Release, settings: ProjectSettings) -> Content:
    """Return the content whose answer is the one not preferred, as the preference format writes it.

    That is the answer that came rejected, whether or not somebody edited the preferred one: an edit is preferred over
    what was rejected before it. Without a rejected answer, or where the edit ended up as exactly that text, it is the
    original answer, over which the edit is preferred.
    """
    index = example.content.answer_index
    if not example.rejected or index is None or example.rejected == example.content.answer:
        return render(example.original, release, settings)
    answer = Message(role=Role.ASSISTANT, content=example.rejected)
    messages = (*example.content.messages[:index], answer)
    return render(Content(messages=messages, tools=example.content.tools), release, settings)


def render(content: Content, release: Release, settings: ProjectSettings) -> Content:
    """Return ``content`` with the release's instruction and, for a closed list, the code in place of the answer."""
    messages = _instructed(content.messages, release)
    codes = answer_codes(settings)
    if codes:
        messages = _coded(messages, codes)
    return content if messages is content.messages else Content(messages=messages, tools=content.tools)


def answer_codes(settings: ProjectSettings) -> Mapping[str, str]:
    """Return label to code for the choices that are written as codes; empty where labels are written."""
    if settings.answer_kind is not AnswerKind.LIST or not settings.export_codes:
        return {}
    return {choice.label: choice.code for choice in settings.choices if choice.code}


def _instructed(messages: tuple[Message, ...], release: Release) -> tuple[Message, ...]:
    if release.instruction_mode is InstructionMode.KEEP or not release.instruction:
        return messages
    first = Message(role=Role.SYSTEM, content=release.instruction)
    if release.instruction_mode is InstructionMode.REPLACE:
        return (first, *(m for m in messages if m.role is not Role.SYSTEM))
    return messages if any(m.role is Role.SYSTEM for m in messages) else (first, *messages)


def _coded(messages: tuple[Message, ...], codes: Mapping[str, str]) -> tuple[Message, ...]:
    index = Content(messages=messages).answer_index
    if index is None or messages[index].content not in codes:
        return messages
    answer = replace(messages[index], content=codes[messages[index].content])
    return (*messages[:index], answer, *messages[index + 1 :])
