"""What the project keeps account of: who acted, what came in, which searches ran, which copies exist."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who acts, and on which device's event chain."""

    actor: str
    device: str = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of a device's chain."""

    id: str
    device: str
    number: int
    at: str
    actor: str
    kind: str
    refs: dict[str, Any]
    previous: str
    hash: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """The account of one file: ``read == accepted + rejected + duplicate``, always."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.read += other.read
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.duplicate += other.duplicate


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One file that was brought in; ``undone`` once it was taken back."""

    id: int
    file: str
    format: str
    author: str
    at: str
    read: int
    accepted: int
    rejected: int
    duplicate: int
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRun:
    """One finished search."""

    id: int
    method: str
    threshold: float
    fields: str
    examples: int
    newest_seq: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One checked copy."""

    path: Path
    at: datetime
    reason: str
    bytes: int
