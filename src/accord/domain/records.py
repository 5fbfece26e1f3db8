"""What a file gives: records with their place, and faults for rows that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accord.domain.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row that was refused: ``line`` as in RawRecord, ``raw`` the row itself where it can be shown."""

    line: int
    field: str
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an example came from, beside its text."""

    group: str = ""
    context: str = ""
    source: str = ""
    source_url: str = ""
    source_date: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVerdict:
    """One person's verdict that stands in the imported row itself.

    ``answer``: the answer as this person left it, where it is another than the row's (the verdict is then ``edit``).
    ``tags`` None: the row's own.
    """

    reviewer: str
    verdict: str
    answer: str | None = None
    tags: tuple[str, ...] | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One good row. ``line``: the physical line where it starts, or the 1-based index in an array."""

    line: int
    content: Content
    source: Source = Source()
    verdicts: tuple[ImportedVerdict, ...] = ()


Row = RawRecord | RowFault
