"""What people say of findings: a dismissal, by what it is known again, and what is shown and counted of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Severity

_MARK_DIGITS = 32


class DismissReason(StrEnum):
    """Why a finding is not to be acted on: the rule is wrong about it, or right and the text may stay as it is."""

    FALSE_ALARM = "false_alarm"
    ACCEPTABLE = "acceptable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """One finding dismissed: by whom, when (ISO 8601) and why."""

    mark: str
    reason: DismissReason
    comment: str
    author: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One finding beside its text: what it says, by which ``mark`` it is dismissed, and the dismissal in force."""

    finding: Finding
    sentence: str
    mark: str
    dismissed: Dismissal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An example and what is stored of it, in its order; each with why it was dismissed, None while it is open.

    ``content``: the text that the findings are of.
    """

    id: str
    findings: tuple[tuple[Finding, DismissReason | None], ...]
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How often one rule found something in the texts that stand.

    ``open`` and ``dismissed`` count findings, ``examples`` those with an open one; ``false_alarms`` are part of the
    dismissed. ``often_wrong``: of what was dismissed in this project, more were false alarms than not; of what an edit
    mended nothing is kept, and it is not counted.
    """

    rule: str
    title: str
    kind: Kind
    severity: Severity
    open: int
    dismissed: int
    false_alarms: int
    examples: int
    often_wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run of the checks did.

    ``checked`` examples were looked at, the others were known already; ``findings`` were found in those, dismissed ones
    included; ``missing``: titles of the rules that were left out for a package that is not installed.
    """

    checked: int
    findings: int
    seconds: float
    missing: tuple[str, ...] = ()

    @property
    def per_second(self) -> float:
        """Examples in a second."""
        return self.checked / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCounts:
    """How many findings stand in a set of examples.

    ``open``: by severity; ``examples``: how many have an open one of it; ``dismissed``: by reason; ``personal``: how
    many examples have an open one that is personal data, an error, and no guess of a language model.
    """

    open: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, int] = field(default_factory=dict)
    dismissed: Mapping[str, int] = field(default_factory=dict)
    personal: int = 0


def mark_of(content: Content, finding: Finding) -> str:
    """Return what a finding is known by: its rule, its message and the text that it is about, as a digest."""
    text = content.messages[finding.message].content[finding.start : finding.end]
    return mark_for(finding.rule, finding.message, text)


def mark_for(rule: str, message: int, text: str) -> str:
    """Return what a finding of a rule is known by, about a text in the message of this number."""
    return sha256_hex(canonical_json([rule, message, text]))[:_MARK_DIGITS]
