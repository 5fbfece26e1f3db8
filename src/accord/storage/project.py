"""An open project: reading from a snapshot, writing in units of work, one writer at a time."""

import os
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from accord.domain.ledger import Who
from accord.storage import schema, sqlite
from accord.storage.failures import CannotCreate, DamagedProject, ProjectExists, ReplacedProject
from accord.storage.migrations import CURRENT, migrate
from accord.storage.watching import Watch


class View:
    """A reading transaction: every query sees the same moment."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection


class Unit(View):
    """A unit of work. Leaving the block without ``commit`` rolls everything back."""

    def __init__(self, connection: sa.Connection, *, actor: str, device: str) -> None:
        super().__init__(connection)
        self.actor = actor
        self.device = device
        self.act = uuid.uuid4().hex
        self.at = now()
        self.committed = False

    def commit(self) -> None:
        """Make the work last; only after this may anything be called saved."""
        self.connection.commit()
        self.committed = True


class FairLock:
    """A lock whose waiters go in order of arrival, so that a long import cannot starve a verdict."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self) -> None:
        """Wait for one's turn."""
        with self._mutex:
            if not self._held and not self._waiting:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            turn.wait()
        except BaseException:
            self._leave(turn)
            raise

    def _leave(self, turn: threading.Event) -> None:
        """Give up one's place; the turn may have come in the same moment, and then goes to the next."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self.release()

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


class Project:
    """An open project file. Made by ``create_project`` or ``open_project``; closed by ``close``."""

    def __init__(self, path: Path, engine: sa.Engine) -> None:
        self.path = path
        self._engine = engine
        self._writer = FairLock()
        self._watch = Watch(path, engine)
        sa.event.listen(engine, "do_connect", self._only_this_file)

    @contextmanager
    def write(self, who: Who, *, lasting: bool = True) -> Iterator[Unit]:
        """Open a unit of work as ``who``; waits its turn behind other writers.

        ``lasting`` False spares the wait for the disk: only for rows of a pending import, which a power cut may take
        as a whole; the commit that makes the import visible is a lasting one and carries them with it.
        Raises ReplacedProject where the file is no longer the one that was opened.
        """
        self._writer.acquire()
        try:
            if self.is_replaced():
                raise ReplacedProject(self.path)
            with sqlite.readable_failures(self.path), self._engine.connect() as connection:
                writing = connection.execution_options(writing=True, lasting=lasting)
                with writing.begin() as transaction:
                    self._watch.before_own_write()
                    unit = Unit(writing, actor=who.actor, device=who.device)
                    yield unit
                    if transaction.is_active and not unit.committed:
                        transaction.rollback()
                self._watch.after_own_write()
        finally:
            self._writer.release()

    @contextmanager
    def read(self) -> Iterator[View]:
        """Open a reading transaction."""
        with sqlite.readable_failures(self.path), self._engine.connect() as connection, connection.begin():
            yield View(connection)

    @property
    def id(self) -> str:
        """The project's own identity, the same in every copy."""
        with self.read() as view:
            return meta(view, "project_id")

    @property
    def schema_version(self) -> int:
        """The project format."""
        return CURRENT

    def changed_elsewhere(self) -> bool:
        """Say whether another program has written to the file since this was last asked."""
        return self._watch.changed()

    def is_replaced(self) -> bool:
        """Say whether the file was moved, deleted or replaced by another since it was opened."""
        return self._watch.is_replaced()

    def _only_this_file(self, *_connecting: object) -> None:
        """Keep SQLite from making an empty file, or opening a stranger's, where this one was moved away."""
        if self.is_replaced():
            raise ReplacedProject(self.path)

    def checkpoint(self) -> bool:
        """Fold the write-ahead log into the file, so that deleted text is gone from it too; False while others read."""
        self._watch.before_own_write()
        row = self._outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")
        self._watch.after_own_write()
        return row is None or row[0] == 0

    def copy_to(self, target: Path) -> None:
        """Write a whole, compact copy of this moment to a new file (never a file copy: a live WAL would be lost)."""
        self._outside_transaction("VACUUM INTO ?", str(target))

    def _outside_transaction(self, statement: str, *values: str) -> tuple[int, ...] | None:
        """Run a statement that no transaction may hold and return its first row."""
        with sqlite.readable_failures(self.path):
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(statement, values)
                row: tuple[int, ...] | None = cursor.fetchone()
                return row
            finally:
                raw.close()

    def close(self) -> None:
        """Close every connection."""
        self._watch.close()
        self._engine.dispose()


def now() -> str:
    """Return this moment as ISO text with the offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def meta(view: View, key: str, default: str = "") -> str:
    """Return a fact about the project file."""
    row = view.connection.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == key)).first()
    return default if row is None else str(row[0])


def set_meta(unit: Unit, key: str, value: str) -> None:
    """Write a fact about the project file."""
    unit.connection.execute(sa.delete(schema.meta).where(schema.meta.c.key == key))
    unit.connection.execute(sa.insert(schema.meta).values(key=key, value=value))


def create_project(path: Path) -> Project:
    """Make an empty project file. Raises ProjectExists; a half-made file is removed again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # the log beside it gets the same mode
    except OSError as error:
        if os.path.lexists(path):  # unlike Path.exists it has an answer for any name
            raise ProjectExists(path) from None
        raise CannotCreate(path, error.strerror or str(error)) from error
    engine = sqlite.engine_for(path)
    try:
        with (
            sqlite.readable_failures(path),
            engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            migrate(connection, 0)
            connection.execute(sa.insert(schema.meta).values(key="project_id", value=uuid.uuid4().hex))
            connection.execute(sa.insert(schema.meta).values(key="created_at", value=now()))
    except BaseException:
        engine.dispose()
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        raise
    made = Project(path, engine)
    made.checkpoint()  # a second process, or the next start after a kill, knows the file by the head of its first page
    return made


def open_project(path: Path, *, check: bool = True) -> Project:
    """Open a project file, migrating an older one.

    Raises NoProject, ForeignFile, NewerProject, DamagedProject; none of them changes the file.
    """
    version = sqlite.recognise(path, CURRENT)
    engine = sqlite.engine_for(path)
    try:
        with sqlite.readable_failures(path, opening=True), engine.connect() as connection:
            if check:
                sqlite.quick_check(connection, path)
                if version == CURRENT:
                    _check_schema(connection, path)
            connection.rollback()
        if version < CURRENT:
            with (
                sqlite.readable_failures(path),
                engine.connect().execution_options(writing=True) as connection,
                connection.begin(),
            ):
                migrate(connection, version)
                _check_schema(connection, path)  # a file that is not as it should be is left as it was
    except BaseException:
        engine.dispose()
        raise
    return Project(path, engine)


def _check_schema(connection: sa.Connection, path: Path) -> None:
    """Refuse a file whose tables, triggers or views are not those that the migrations make."""
    with sa.create_engine("sqlite://", module=sqlite.dbapi()).connect() as fresh:
        migrate(fresh, 0)
        expected = sqlite.schema_of(fresh)
    found = sqlite.schema_of(connection)
    for kind, name in sorted(expected.keys() | found.keys()):
        if (kind, name) not in found:
            raise DamagedProject(path, f"{kind} {name} is missing")
        if expected.get((kind, name)) != found[kind, name]:
            raise DamagedProject(path, f"{kind} {name} is not one of this program's")
