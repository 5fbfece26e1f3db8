"""A release: what was frozen, how it was split, and the rules it was made under."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from accord.domain.canonical import canonical_json
from accord.domain.wording import _, plural

_OF_TAG = "tag:"


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


class ReleasedExample(NamedTuple):
    """One frozen example as it is stored; ``text`` and ``original`` are canonical JSON.

    ``facts``: decided_by, tags, reviewers, the file and line where it was found first, source, source_url, source_date,
    licence, context, and ``rejected``, an answer that came as the worse one.
    """

    id: str
    part: Part
    hash: str
    origin: str
    text: str
    original: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An accepted example that is not in a release, and why (a short code)."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAgreement:
    """How well people agreed on one question when a release was made, by Krippendorff's alpha.

    ``question``: ``verdict`` or ``tag:NAME``; ``value`` None where it is not defined, for the ``reason`` that is given;
    ``ci95``: its interval, where there is enough to resample; ``n``: the examples that two people or more reviewed.
    """

    question: str
    value: float | None
    ci95: tuple[float, float] | None
    n: int
    reason: str = ""

    @property
    def title(self) -> str:
        """What the question is called in a sentence."""
        if self.question.startswith(_OF_TAG):
            return _("the tag “{name}”", name=self.question.removeprefix(_OF_TAG))
        return _("the verdict")

    @property
    def figure(self) -> str:
        """The figure with its interval: ``0.71 [0.60, 0.80]``."""
        if self.value is None:
            return _("not defined")
        if self.ci95 is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} [{self.ci95[0]:.2f}, {self.ci95[1]:.2f}]"

    @property
    def sentence(self) -> str:
        """How well people agree on the question, with the interval and what it rests on."""
        if self.value is None:
            return plural(
                "Agreement on {question} cannot be told from {n} double review: {reason}",
                "Agreement on {question} cannot be told from {n} double reviews: {reason}",
                self.n,
                question=self.title,
                reason=self.reason,
            )
        return plural(
            "Agreement on {question}: Krippendorff's alpha {figure}, from {n} double review.",
            "Agreement on {question}: Krippendorff's alpha {figure}, from {n} double reviews.",
            self.n,
            question=self.title,
            figure=self.figure,
        )


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
    agreement: tuple[ReleaseAgreement, ...] = ()


def content_hash(
    *, instruction: str, mode: InstructionMode, codes: Sequence[tuple[str, str]], items: Iterable[tuple[str, str, Part]]
) -> str:
    """Return a release's hash: the sha256 of the canonical JSON of what is in it, made piece by piece.

    ``codes``: label and code of each choice of a closed list, where codes are exported; ``items``: id, hash and part of
    each example, sorted by id.
    """
    head = {"instruction": [instruction, mode.value], "codes": [list(pair) for pair in codes]}
    digest = hashlib.sha256(f'{canonical_json(head)[:-1]},"items":['.encode())
    between = ""
    for id_, hash_, part in items:
        digest.update(f"{between}{canonical_json([id_, hash_, part.value])}".encode())
        between = ","
    digest.update(b"]}")
    return digest.hexdigest()
