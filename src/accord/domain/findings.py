"""What a check found in an example: where, how serious, in which words, and by whose rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accord.domain.content import Content


class Kind(StrEnum):
    """What a check looks after; ``check --only`` and the filter ``finding`` name these."""

    PERSONAL = "pii"
    SCHEMA = "schema"
    FORMAT = "format"
    LENGTH = "length"
    TOKENS = "tokens"
    LANGUAGE = "language"
    BALANCE = "balance"
    TAGS = "tags"
    ENCODING = "encoding"
    COPY = "copy"
    BOILERPLATE = "boilerplate"
    TEMPLATE = "template"
    ABBREVIATIONS = "abbreviations"
    CODES = "codes"
    CITATIONS = "citations"


class Severity(StrEnum):
    """How serious a finding is; a project chooses which of them block a release."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place that a rule objects to: Unicode code points ``start`` to ``end`` of message number ``message``.

    A finding about a whole message runs from 0 to its length. ``details`` fill the sentence of the rule and hold no
    more of the text than that sentence shows.
    """

    kind: Kind
    rule: str
    severity: Severity
    message: int
    start: int
    end: int
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a project sets for its checks. Lengths in characters; 0 and empty mean no limit.

    ``off``: rules that the project does not want. ``phrases``: what every answer must contain, whatever the case and
    the line ends. ``pattern``: a regular expression that a whole answer fits. ``languages``: those that answers may be
    in, ISO 639-1 codes; empty: that of the request. ``most_tokens``: of a whole example, counted by ``encoding``.
    ``least_share`` and ``most_share``: of the examples that have one answer of a closed list, or one tag.
    ``odd_length``: how far from the project's usual length an answer may be, a modified z-score (``whole_checks``).
    ``source_years``: how old the source of an example may be. ``place_and_date``: whether an answer that states a legal
    period has to say where it holds, and as of when.
    """

    off: tuple[str, ...] = ()
    shortest: int = 0
    longest: int = 20_000
    phrases: tuple[str, ...] = ()
    pattern: str = ""
    languages: tuple[str, ...] = ()
    most_tokens: int = 0
    encoding: str = "o200k_base"
    least_share: float = 0.01
    most_share: float = 0.9
    odd_length: float = 3.5
    source_years: int = 0
    place_and_date: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Limits":
        """Read plain JSON values; unknown keys are ignored, missing ones take their defaults."""
        known: dict[str, Any] = {k: v for k, v in value.items() if k in cls.__dataclass_fields__}
        made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
        return cls(**made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that is looked for. ``find`` yields the findings in a content; it keeps no state and never fails.

    ``title`` names it in a list, ``sentence`` is a template for ``details``, ``source`` says where the rule comes from
    (a published list, a specification, or a measurement of this project's). ``needs`` names the package that it cannot
    do without, one of the extra ``checks``: such a rule takes seconds to load and is left to a worker process.
    """

    name: str
    kind: Kind
    severity: Severity
    title: str
    sentence: str
    source: str
    find: Callable[["Rule", Content, Limits], Iterable[Finding]]
    needs: str = ""

    def at(self, message: int, start: int, end: int, **details: str) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            kind=self.kind,
            rule=self.name,
            severity=self.severity,
            message=message,
            start=start,
            end=end,
            details=details,
        )
