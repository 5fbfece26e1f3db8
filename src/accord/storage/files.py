"""A project in a file: how one is made, recognised, checked, watched and copied."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa

from accord.domain.packs import Pack
from accord.domain.people import Person, Role
from accord.storage import kept, pack_seals, sqlite, viewing
from accord.storage.failures import CannotCreate, DamagedProject, NewerProject, ProjectExists, ReplacedProject
from accord.storage.migrations import CURRENT
from accord.storage.watching import Watch


class FilePlace:
    """One SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown = str(path)
        self.opens: Path | str = path
        self.file: Path | None = path
        self.person: Person | None = None
        self.pack: Pack | None = None
        self.kept: Path | None = None
        self.engine = sqlite.engine_for(path)
        self._reader = self.engine
        self._watch: Watch | None = None

    def failures(self, *, opening: bool = False) -> AbstractContextManager[None]:
        """Turn the driver's errors into sentences."""
        return sqlite.readable_failures(self.path, opening=opening)

    def make(self, fill: Callable[[sa.Connection], None]) -> None:
        """Make the file and fill it; a half-made one is removed again. Raises ProjectExists or CannotCreate."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The log beside it gets the same mode.
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            self.engine.dispose()
            if os.path.lexists(self.path):  # unlike Path.exists it has an answer for any name
                raise ProjectExists(self.path) from None
            raise CannotCreate(self.path, error.strerror or str(error)) from error
        try:
            self._in_transaction(fill)
        except BaseException:
            self.engine.dispose()
            for ending in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            raise
        self.watch()
        self.compact()  # a second process, or the next start after a kill, knows the file by the head of its first page

    def recognise(self, known_version: int) -> int:
        """Return the project's format version without writing to it."""
        return sqlite.recognise(self.path, known_version)

    def check(self, migrate: Callable[[sa.Connection, int], None], version: int, known_version: int) -> None:
        """Raise DamagedProject where the file is not whole, or its schema is not what the migrations make."""
        with self.failures(opening=True), self.engine.connect() as connection:
            sqlite.quick_check(connection, self.path)
            if version == known_version:
                self._check_schema(connection, migrate)
            connection.rollback()

    def upgrade(self, migrate: Callable[[sa.Connection, int], None], version: int) -> None:
        """Bring an older file up to date; one that is then not as it should be is left as it was.

        A copy of the file as it was is kept first (``kept``). Nothing is done where another program that has it open
        did so before: its head, by which a file is recognised, stays behind until that program's pages are in it.
        """
        with self.failures(opening=True), self.engine.connect() as connection:
            version = max(version, sqlite.version_of(connection))
            connection.rollback()
        if version > CURRENT:
            raise NewerProject(self.path, version, CURRENT)
        if version == CURRENT:
            return
        self.kept = kept.keep_before(self.path, version, CURRENT)

        def step(connection: sa.Connection) -> None:
            migrate(connection, max(version, sqlite.version_of(connection)))  # two programs may open it at once
            self._check_schema(connection, migrate)

        self._in_transaction(step)

    def watch(self) -> None:
        """Know from here on which file this is, and keep connections from being made to any other."""
        self._watch = Watch(self.path, self.engine)
        sa.event.listen(self.engine, "do_connect", self._only_this_file)
        with self.failures(opening=True), self.engine.connect() as connection:
            self.pack = pack_seals.pack_of(connection)
        if self.pack is not None:
            self.sign_in(None)

    def sign_in(self, person: Person | None) -> None:
        """From here on, let this person read: a lead, or nobody in particular, sees everything.

        In a pack it is always the one that it is for.
        """
        self._forget_reader()
        if self.pack is not None:
            person = Person(name=self.pack.reviewer, role=Role.REVIEWER)
        self.person = person
        if person is not None and person.role is not Role.LEAD:
            self._reader = viewing.engine_for(self.path, person.name)
            sa.event.listen(self._reader, "do_connect", self._only_this_file)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction that reads one moment, with what the person may see."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    def _forget_reader(self) -> None:
        if self._reader is not self.engine:
            self._reader.dispose()
        self._reader = self.engine

    def begin_unit(self, _connection: sa.Connection, _act: str, /) -> None:
        """Begin a unit of work: its transaction has the file to itself."""
        self._note_others()

    def commit_unit(self, connection: sa.Connection, _act: str, /) -> None:
        """Make a unit of work last. Raises ReviewsAlone in a pack."""
        if self.pack is not None:
            pack_seals.check_and_seal(connection, self.pack)
        connection.commit()

    def end_unit(self) -> None:
        """Take one's own write off what is news."""
        if self._watch is not None:
            self._watch.after_own_write()

    def changed(self) -> bool:
        """Say whether another program has written since this was last asked."""
        return self._watch is not None and self._watch.changed()

    def is_replaced(self) -> bool:
        """Say whether the file was moved, deleted or replaced by another since it was opened."""
        return self._watch is not None and self._watch.is_replaced()

    def require_same(self) -> None:
        """Raise ReplacedProject where the file is no longer the one that was opened."""
        if self.is_replaced():
            raise ReplacedProject(self.path)

    def compact(self) -> bool:
        """Fold the write-ahead log into the file, so that deleted text is gone from it too; False while others read."""
        self._note_others()
        row = self._outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")
        self.end_unit()
        return row is None or row[0] == 0

    def copy_to(self, target: Path, /) -> bool:
        """Write a whole, compact copy of this moment to a new file (never a file copy: a live WAL would be lost)."""
        self._outside_transaction("VACUUM INTO ?", str(target))
        return True

    def close(self) -> None:
        """Close every connection."""
        if self._watch is not None:
            self._watch.close()
        self._forget_reader()
        self.engine.dispose()

    def _note_others(self) -> None:
        if self._watch is not None:
            self._watch.before_own_write()

    def _in_transaction(self, act: Callable[[sa.Connection], None]) -> None:
        with (
            self.failures(),
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            act(connection)

    def _outside_transaction(self, statement: str, *values: str) -> tuple[int, ...] | None:
        """Run a statement that no transaction may hold and return its first row."""
        with self.failures():
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(statement, values)
                row: tuple[int, ...] | None = cursor.fetchone()
                return row
            finally:
                raw.close()

    def _only_this_file(self, *_connecting: object) -> None:
        """Keep SQLite from making an empty file, or opening a stranger's, where this one was moved away."""
        self.require_same()

    def _check_schema(self, connection: sa.Connection, migrate: Callable[[sa.Connection, int], None]) -> None:
        """Refuse a file whose tables, triggers or views are not those that the migrations make."""
        with sa.create_engine("sqlite://", module=sqlite.dbapi()).connect() as fresh:
            migrate(fresh, 0)
            expected = sqlite.schema_of(fresh)
        found = sqlite.schema_of(connection)
        for kind, name in sorted(expected.keys() | found.keys()):
            if (kind, name) not in found:
                raise DamagedProject(self.path, f"{kind} {name} is missing")
            if expected.get((kind, name)) != found[kind, name]:
                raise DamagedProject(self.path, f"{kind} {name} is not one of this program's")
