"""What a place that holds a project can do; the rest of the room knows no more of the two databases than this."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from accord.domain.packs import Pack
from accord.domain.people import Person

#: ``migrate(connection, version)`` brings an open transaction's database from a version to the newest.
Migrate = Callable[[sa.Connection, int], None]


class Place(Protocol):
    """A file or a server's database; ``pack`` is what a file says of itself where it is a review pack."""

    pack: Pack | None

    @property
    def shown(self) -> str:
        """Where it is, as people see and type it; never a password."""

    @property
    def opens(self) -> Path | str:
        """What opens it once more, with the password where it has one."""

    @property
    def file(self) -> Path | None:
        """The project's file, None on a server."""

    @property
    def path(self) -> Path:
        """The name beside which backups and reports lie."""

    @property
    def kept(self) -> Path | None:
        """The copy of an older file as it was before it was brought up to date just now; None where it was not."""

    @property
    def person(self) -> Person | None:
        """Who works here: on a server whom the login is, in a file who signed in; None where nobody in particular."""

    def sign_in(self, person: Person | None, /) -> None:
        """Say who reads from here on, in a file; a server knows it from the login."""

    @property
    def engine(self) -> sa.Engine:
        """What connections come from; its transactions read one moment unless they have the option ``writing``."""

    def failures(self, *, opening: bool = False) -> AbstractContextManager[None]:
        """Turn the driver's errors within the block into sentences."""

    def make(self, fill: Callable[[sa.Connection], None]) -> None:
        """Make an empty project, in one transaction, and watch it. Raises ProjectExists."""

    def recognise(self, known_version: int) -> int:
        """Return the format version, having written nothing. Raises NoProject, ForeignFile or NewerProject."""

    def check(self, migrate: Migrate, version: int, known_version: int) -> None:
        """Raise DamagedProject where the database or its schema is not as it should be."""

    def upgrade(self, migrate: Migrate, version: int) -> None:
        """Bring an older project up to date, whole or not at all."""

    def watch(self) -> None:
        """Begin to notice what others do."""

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection in a transaction that reads one moment."""

    def begin_unit(self, connection: sa.Connection, act: str, /) -> None:
        """Begin a unit of work in a transaction that has just begun; nobody else writes until it ends."""

    def commit_unit(self, connection: sa.Connection, act: str, /) -> None:
        """Make a unit of work last."""

    def end_unit(self) -> None:
        """Note that one's own unit of work is over."""

    def changed(self) -> bool:
        """Say whether another program has written since this was last asked (False at first)."""

    def is_replaced(self) -> bool:
        """Say whether what lies there now is not what was opened."""

    def require_same(self) -> None:
        """Raise ReplacedProject where it is replaced."""

    def compact(self) -> bool:
        """Take deleted text out of the database's own files; False where others' reading stands in the way."""

    def copy_to(self, target: Path, /) -> bool:
        """Write a whole copy of this moment to a new file by the database's own means; False where it has none."""

    def close(self) -> None:
        """Close every connection."""
