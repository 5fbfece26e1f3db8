"""What the readers of the formats find in one row beside its place: the conversation, tags, verdicts, metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.domain.content import Content
from accord.domain.records import ImportedVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``rest``: the row as the mapping of its source sees it; ``metadata``: what is kept beside its columns."""

    content: Content
    rest: Mapping[str, Any]
    metadata: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    tags: tuple[str, ...] = ()
    verdicts: tuple[ImportedVerdict, ...] = ()
