"""A release: what was frozen, how it was split, and the rules it was made under."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from accord.domain.content import Content


class Part(StrEnum):
    """The three parts of a release."""

    TRAIN = "train"
    VALIDATION = "validation"
    HELDOUT = "heldout"


class InstructionMode(StrEnum):
    """What a release does with the project's instruction (a system message)."""

    KEEP = "keep"
    ADD = "add"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """How to make a release. Shares count examples and are met within one group."""

    heldout: float = 0.15
    validation: float = 0.1
    seed: int = 0
    threshold: float = 0.8
    fields: str = "pair"
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedExample:
    """One frozen example with all that an export says of it; ``rejected`` is an answer that came as the worse one."""

    id: str
    part: Part
    content: Content
    original: Content
    hash: str
    origin: str
    decided_by: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]
    file: str
    line: int
    source: str = ""
    source_url: str = ""
    source_date: str = ""
    licence: str = ""
    context: str = ""
    comment: str = ""
    rejected: str = ""


class StoredExample(NamedTuple):
    """One frozen example as it is stored: its texts as canonical JSON, and the ``facts`` that ReleasedExample names."""

    id: str
    part: Part
    hash: str
    origin: str
    text: str
    original: str
    facts: Mapping[str, Any]

    def whole(self) -> ReleasedExample:
        """Return it with its texts read."""
        original = Content.from_text(self.original)
        facts = {**self.facts, "tags": tuple(self.facts["tags"]), "reviewers": tuple(self.facts["reviewers"])}
        return ReleasedExample(
            id=self.id,
            part=self.part,
            content=original if self.text == self.original else Content.from_text(self.text),
            original=original,
            hash=self.hash,
            origin=self.origin,
            **facts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An accepted example that is not in a release, and why (a short code)."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A frozen release. ``hash`` is over the sorted (id, hash, part) and the instruction; equal content, equal hash."""

    name: str
    created_at: str
    created_by: str
    plan: ReleasePlan
    counts: dict[str, int]
    groups: int
    hash: str
    leakage_pairs: int
    leakage_checked: int
    instruction: str = ""
    instruction_mode: InstructionMode = InstructionMode.KEEP
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = field(default_factory=tuple)
