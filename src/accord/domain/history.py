"""One example as people see it: its row in a list, and its whole history."""

from dataclasses import dataclass, field
from typing import Any

from accord.domain.content import Content
from accord.domain.records import Source
from accord.domain.review import Review, RevisionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an occurrence was found, and what the file said beside the text."""

    file: str
    line: int
    import_id: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRow:
    """An example as lists show it; ``content`` is the text that stands."""

    seq: int
    id: str
    status: str
    decided_by: str
    set_aside_reason: str
    origin: str
    hash: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]
    conflict: bool
    last_review: str
    content: Content
    edited: bool
    file: str
    line: int
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One text of an example, beside the one it came with."""

    hash: str
    parent_hash: str
    content: Content
    kind: RevisionKind
    of_review: bool
    author: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One stored decision."""

    id: int
    seq: int | None
    key: str | None
    kind: str
    reason: str
    comment: str
    payload: dict[str, Any]
    author: str
    act: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleDetail:
    """One example with everything that is known of it."""

    row: ExampleRow
    original: Content
    base: Content
    places: tuple[Place, ...]
    revisions: tuple[StoredRevision, ...]
    reviews: tuple[Review, ...]
    decisions: tuple[Decision, ...] = field(default=())
