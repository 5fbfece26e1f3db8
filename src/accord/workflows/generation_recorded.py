"""Recording how a model answers: conversations are sent as they stand, and each reply is a candidate as it comes."""

from collections.abc import Mapping, Sequence

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.content import Content, Message, Role
from accord.domain.generation import Start
from accord.domain.project import ProjectSettings
from accord.domain.releases import InstructionMode
from accord.domain.wording import plural
from accord.storage import listing
from accord.storage.project import View

_UNSENT = frozenset({"weight"})  # what a message may have beside its text that the model is not asked with


def conversation(content: Content, settings: ProjectSettings) -> tuple[Mapping[str, str], ...]:
    """Return what comes before the answer, with the system message that a release gives it and nothing around it."""
    end = len(content.messages) if content.answer_index is None else content.answer_index
    told = [{"role": one.role.value, "content": one.content} for one in content.messages[:end]]
    if settings.instruction_mode is InstructionMode.KEEP or not settings.instruction:
        return tuple(told)
    own = any(one["role"] == Role.SYSTEM for one in told)
    if settings.instruction_mode is InstructionMode.ADD and own:
        return tuple(told)
    rest = (one for one in told if one["role"] != Role.SYSTEM)
    return ({"role": Role.SYSTEM.value, "content": settings.instruction}, *rest)


def answered(content: Content, answer: str) -> Content:
    """Return the conversation of an example with another answer; what came after its own is left out."""
    end = len(content.messages) if content.answer_index is None else content.answer_index
    said = Message(role=Role.ASSISTANT, content=answer)
    return Content(messages=(*content.messages[:end], said), tools=content.tools)


def starts(
    view: View,
    ordered: Sequence[int],
    *,
    settings: ProjectSettings,
    groups: Mapping[int, str],
    n: int,
    done: Sequence[int],
) -> tuple[list[Start], list[str]]:
    """Return the first ``n`` of these examples that can be asked as they stand, each conversation once; and notes.

    ``done``: examples whose conversations are not asked again, whichever example they stand in.
    """
    found: list[Start] = []
    seen = {_key(text, settings) for part in batched(done) for text in listing.texts(view, part).values()}
    unsent = 0
    for part in batched(ordered):
        if len(found) == n:
            break
        texts = listing.texts(view, part)
        for seq in part:
            if len(found) == n:
                break
            if not _askable(texts[seq]):
                unsent += 1
                continue
            key = _key(texts[seq], settings)
            if key not in seen:
                seen.add(key)
                found.append(Start(seed=seq, group=groups.get(seq, "")))
    told = plural(
        "{n} example has tools or ends before a request, and is not asked.",
        "{n} examples have tools or end before a request, and are not asked.",
        unsent,
    )
    return found, [told] if unsent else []


def _key(content: Content, settings: ProjectSettings) -> str:
    return sha256_hex(canonical_json(conversation(content, settings)))


def _askable(content: Content) -> bool:
    """Say whether a conversation is told in texts alone, and a request is what stands before its answer."""
    end = len(content.messages) if content.answer_index is None else content.answer_index
    before = content.messages[:end]
    plain = all(one.role is not Role.TOOL and not set(one.extra or {}) - _UNSENT for one in before)
    return bool(before) and plain and not content.tools and before[-1].role is Role.USER
