"""What a file gives: records with their place, and faults for rows that cannot be used."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from accord.domain.content import EXAMPLE_ID_DIGITS, Content
from accord.domain.review import Judgement, Verdict

GENERATED = "generated"
"""The format of what a run of questions to a model brought in."""
REJECTED = "rejected"
"""The metadata that keeps the worse answer of a preference pair; the better one is the example's own."""


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

    def judgement_of(self, text: Content, tags: tuple[str, ...]) -> Judgement:
        """Return the judgement of a text that this is; ``tags`` are the row's own."""
        edits = {}
        if self.verdict == Verdict.EDIT and self.answer is not None:
            index = text.answer_index
            edits = {len(text.messages) if index is None else index: self.answer}
        return Judgement(
            verdict=Verdict(self.verdict),
            edits=edits,
            tags=tags if self.tags is None else self.tags,
            comment=self.comment,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One good row. ``line``: the physical line where it starts, or the 1-based index in an array."""

    line: int
    content: Content
    source: Source = Source()
    verdicts: tuple[ImportedVerdict, ...] = ()


Row = RawRecord | RowFault


class ReadyRow(NamedTuple):
    """A good row with all that is stored of it worked out, as plain values that travel between processes.

    ``text`` is the canonical text of its content, ``request_key`` its conversation key, ``metadata`` a JSON object, or
    "" for none.
    """

    line: int
    hash: str
    text: str
    request_key: str
    has_answer: bool
    metadata: str = ""
    group: str = ""
    context: str = ""
    source: str = ""
    source_url: str = ""
    source_date: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    verdicts: tuple[ImportedVerdict, ...] = ()

    @property
    def id(self) -> str:
        """The example id."""
        return self.hash[:EXAMPLE_ID_DIGITS]


def ready(record: RawRecord) -> ReadyRow:
    """Return a record as it is stored. Raises UnusableText."""
    content, source = record.content, record.source
    metadata = json.dumps(dict(source.metadata), ensure_ascii=False, sort_keys=True) if source.metadata else ""
    return ReadyRow(
        record.line,
        content.hash,
        content.text,
        content.conversation_key,
        content.has_answer,
        metadata,
        source.group,
        source.context,
        source.source,
        source.source_url,
        source.source_date,
        source.licence,
        source.tags,
        record.verdicts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAccount:
    """The account of a file of verdicts or decisions: ``read == accepted + rejected``."""

    read: int
    accepted: int
    rejected: int
    rejections: tuple[RowFault, ...]

    @classmethod
    def of(cls, read: int, faults: Sequence[RowFault]) -> Self:
        """Return the account of so many rows, of which these were refused."""
        return cls(read=read, accepted=read - len(faults), rejected=len(faults), rejections=tuple(faults))
