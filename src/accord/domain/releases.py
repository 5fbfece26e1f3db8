"""A release: what was frozen, how it was split, and the rules it was made under."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from accord.domain.canonical import canonical_json
from accord.domain.dismissals import DismissReason, FindingCounts
from accord.domain.review import Status
from accord.domain.wording import _, between, decimals, number, plural

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
    """How to make a release. Shares count examples and are met within one group.

    ``semantic_threshold``: from how alike in meaning on requests stay in one part; None: as the project's rules say, of
    a release that is made: meaning was not asked. ``generated_heldout``: what a model made may be held out too.
    """

    heldout: float = 0.15
    validation: float = 0.1
    seed: int = 0
    threshold: float = 0.8
    fields: str = "pair"
    where: str = ""
    semantic_threshold: float | None = None
    generated_heldout: bool = False


class ReleasedExample(NamedTuple):
    """One frozen example as it is stored; ``text`` and ``original`` are canonical JSON.

    ``original``: the text as it came in, or as it was de-identified where ``text`` rests on that.
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
class Outside:
    """What of the project is not in a release, and what was open in the project when the release was made.

    ``reasons``: how many examples are not in it by a short code, which is a status, ``filter``, or that of a LeftOut;
    ``conflicts``: requests whose answers conflict; ``in_conflict``: examples of the release that answer one of those;
    ``unsearched``: near-duplicates were not searched for since the last examples came in.
    """

    reasons: Mapping[str, int]
    conflicts: int
    in_conflict: int
    unsearched: bool = False

    @property
    def examples(self) -> int:
        """How many are not in it."""
        return sum(self.reasons.values())

    @property
    def ranked(self) -> list[tuple[str, int]]:
        """The reasons with their counts, the largest first."""
        return sorted(((code, n) for code, n in self.reasons.items() if n), key=lambda one: (-one[1], one[0]))

    @property
    def disagreements(self) -> int:
        """How many are disputed or unsure, and nobody has decided."""
        return self.reasons.get(Status.DISAGREEMENT, 0)

    @property
    def undecided(self) -> int:
        """How many nobody has judged yet, or not enough people."""
        return sum(self.reasons.get(status, 0) for status in (Status.CANDIDATE, Status.IN_REVIEW, Status.NEEDS_ANSWER))

    def sentences(self, released: int) -> list[str]:
        """Say how many are not in it and why, and what was open; ``released``: how many are in it."""
        total = number(released + self.examples)
        if self.examples:
            why = ", ".join(reason_counted(code, n) for code, n in self.ranked)
            left = plural(
                "{n} of {total} examples is not in it: {why}.",
                "{n} of {total} examples are not in it: {why}.",
                self.examples,
                total=total,
                why=why,
            )
        else:
            left = _("All {total} examples of the project are in it.", total=total)
        if not (self.conflicts or self.disagreements or self.undecided):
            return [left, _("Nothing was open: no conflict, no disagreement, no undecided example.")]
        open_ = _(
            "Open conflicts: {conflicts} (examples of it concerned: {concerned}); open disagreements: "
            "{disagreements}; undecided examples: {undecided}.",
            conflicts=number(self.conflicts),
            concerned=number(self.in_conflict),
            disagreements=number(self.disagreements),
            undecided=number(self.undecided),
        )
        return [left, open_]


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
            return decimals(self.value)
        return f"{decimals(self.value)} {between(*self.ci95)}"

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
class DeidentifiedCounts:
    """How many examples of a release are de-identified, in which way, and how many a second person has confirmed."""

    examples: int = 0
    confirmed: int = 0
    how: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMeaning:
    """How the requests of a release were compared by meaning, what that bound, and what of it stands across the parts.

    ``digest``: of the model, hexadecimal; ``compared``: how many requests, with those that only bind others; ``pairs``:
    the links that make ``groups`` of what is alike; ``across``: pairs, of all, whose examples are in different parts;
    ``unread``: examples of the release with a text that the model cannot read; ``parted``: examples left out since
    they were trained or validated on before and are alike to what was held out before.
    """

    threshold: float
    model: str
    digest: str
    compared: int
    pairs: int
    groups: int
    across: int
    unread: int
    parted: int

    @property
    def sentences(self) -> list[str]:
        """What was compared and bound, and what stands across the parts."""
        bound = _(
            "Requests compared by meaning, by the model {model}: {compared}. Groups of them kept in one part as they "
            "are alike at {threshold} or more: {groups}, by {pairs} pairs.",
            compared=number(self.compared),
            model=self.model,
            pairs=number(self.pairs),
            threshold=self.threshold,
            groups=number(self.groups),
        )
        across = _("Pairs across train, validation and held-out alike in meaning: {n}.", n=number(self.across))
        return [bound, across]

    @property
    def warnings(self) -> list[str]:
        """What the comparison could not read, and what it took out."""
        found = []
        if self.unread:
            found.append(
                plural(
                    "{n} example has a text that the model {model} cannot read; by meaning it is like the very same "
                    "text alone.",
                    "{n} examples have a text that the model {model} cannot read; by meaning each is like the very "
                    "same text alone.",
                    self.unread,
                    model=self.model,
                )
            )
        if self.parted:
            found.append(
                plural(
                    "{n} example of train or validation is alike in meaning to one that was held out before; what was "
                    "held out stays, and it is left out.",
                    "{n} examples of train or validation are alike in meaning to some that were held out before; what "
                    "was held out stays, and they are left out.",
                    self.parted,
                )
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A frozen release. ``hash`` is over the sorted (id, hash, part) and the instruction; equal content, equal hash.

    ``outside``, ``findings`` and ``deidentified`` are None of a release that was made before they were written down;
    ``meaning`` is None where meaning was not asked.
    """

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
    outside: Outside | None = None
    findings: FindingCounts | None = None
    deidentified: DeidentifiedCounts | None = None
    meaning: ReleaseMeaning | None = None

    @property
    def examples(self) -> int:
        """How many it holds."""
        return sum(self.counts.values())

    @property
    def leaks(self) -> int:
        """How many pairs of like examples stand across its parts, by words or by meaning, whichever finds more."""
        return max(self.leakage_pairs, self.meaning.across if self.meaning is not None else 0)

    def leakage(self) -> dict[str, Any]:
        """Return what the check for leaks found, as plain JSON values."""
        meaning = None if self.meaning is None else asdict(self.meaning)
        return {"pairs": self.leakage_pairs, "checked": self.leakage_checked, "meaning": meaning}


def findings_sentences(found: FindingCounts) -> list[str]:
    """Say how many findings stood open in a release, and how many people had dismissed."""
    open_, gone = sum(found.open.values()), sum(found.dismissed.values())
    said = [
        _(
            "Open findings of the checks: {open} (errors: {errors}, warnings: {warnings}, notes: {notes}).",
            open=number(open_),
            errors=number(found.open.get("error", 0)),
            warnings=number(found.open.get("warning", 0)),
            notes=number(found.open.get("note", 0)),
        )
    ]
    if gone:
        false_alarms = found.dismissed.get(DismissReason.FALSE_ALARM, 0)
        said.append(
            _(
                "Dismissed by people: {n} (false alarms: {false_alarms}, acceptable: {acceptable}).",
                n=number(gone),
                false_alarms=number(false_alarms),
                acceptable=number(gone - false_alarms),
            )
        )
    return said


def unsearched_sentence() -> str:
    """Say that a release may hold near-duplicates that nobody has looked for."""
    return _("Near-duplicates have not been searched for since the last examples came in.")


def reason_counted(code: str, n: int) -> str:
    """Say in a few words how many examples are not in a release for one reason."""
    said = {
        Status.CANDIDATE.value: plural("{n} has no review yet", "{n} have no review yet", n),
        Status.IN_REVIEW.value: plural("{n} waits for another reviewer", "{n} wait for another reviewer", n),
        Status.NEEDS_ANSWER.value: plural("{n} has no answer", "{n} have no answer", n),
        Status.DISAGREEMENT.value: plural("{n} is disputed or unsure", "{n} are disputed or unsure", n),
        Status.REJECTED.value: plural("{n} is rejected", "{n} are rejected", n),
        Status.SET_ASIDE.value: plural("{n} is set aside", "{n} are set aside", n),
        "filter": plural("{n} accepted does not fit the filter", "{n} accepted do not fit the filter", n),
        "linked_to_heldout": _("{n} left out to prevent a leak", n=number(n)),
        "answer_kind": _("{n} left out: answer does not fit", n=number(n)),
        "reviewers": _("{n} left out: too few reviewers", n=number(n)),
        "double_tag": _("{n} left out: tag asks for two reviewers", n=number(n)),
        "heldout_double": _("{n} left out: bound to held-out, one reviewer", n=number(n)),
        "heldout_generated": _("{n} left out: bound to held-out, made by a model", n=number(n)),
    }
    return said.get(code) or _("{n} left out", n=number(n))


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
