"""An open project: reading from a snapshot, writing in units of work, one writer at a time."""

import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from accord.domain.ledger import Who
from accord.domain.moments import now as now
from accord.domain.packs import Pack
from accord.domain.people import Person
from accord.storage import address, people, schema
from accord.storage.files import FilePlace
from accord.storage.migrations import CURRENT, migrate
from accord.storage.places import Place
from accord.storage.servers import ServerPlace, opens_with


class View:
    """A reading transaction: every query sees the same moment."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection


class Unit(View):
    """A unit of work. Leaving the block without ``commit`` rolls everything back."""

    def __init__(
        self, connection: sa.Connection, *, actor: str, device: str, commit: Callable[[sa.Connection, str], None]
    ) -> None:
        super().__init__(connection)
        self._commit = commit
        self.actor = actor
        self.device = device
        self.act = uuid.uuid4().hex
        self._begun_as = self.act  # by which a server knows it, whatever act its rows will bear
        self.at = now()
        self.committed = False

    def commit(self) -> None:
        """Make the work last; only after this may anything be called saved."""
        self._commit(self.connection, self._begun_as)
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
    """An open project. Made by ``create_project`` or ``open_project``; closed by ``close``."""

    def __init__(self, where: Place) -> None:
        self._where = where
        self._engine = where.engine
        self._writer = FairLock()
        #: What the file says of itself where it is a review pack, in which only its reviewer works.
        self.pack: Pack | None = where.pack

    @property
    def place(self) -> str:
        """Where the project is, as people see and type it: its file, or its address without the password."""
        return self._where.shown

    @property
    def opens(self) -> Path | str:
        """What ``open_project`` takes to open it once more; may hold a password, and so is never shown or kept."""
        return self._where.opens

    @property
    def file(self) -> Path | None:
        """The project's file; None on a server."""
        return self._where.file

    @property
    def kept(self) -> Path | None:
        """The backup made of an older file before it was brought up to date just now; None where it was not."""
        return self._where.kept

    @property
    def person(self) -> Person | None:
        """Who works here: on a team's server whom the login is, in a file who signed in; None: nobody in particular."""
        return self._where.person

    def sign_in(self, name: str) -> Person | None:
        """Let a person work on a project in a file: she sees what she may; who is not listed, what a reviewer may.

        None while nobody leads the file: then everybody may do everything. On a server it changes nothing: there the
        login says who works.
        """
        if self.file is not None:
            with self.read() as view:
                found = people.working(view.connection, name)
            self._where.sign_in(found)
        return self.person

    def opens_with(self, password: str) -> bool | None:
        """Say whether a password is that of the login of this connection; None where none is asked for, as in a file.

        Raises ConnectionLost where the server does not answer.
        """
        if self.file is not None:
            return None
        with self.read() as view:  # it answers: then what is refused is the password
            view.connection.exec_driver_sql("SELECT 1")
        return opens_with(self._engine.url, password)

    def meet(self) -> None:
        """Look again who the login of this connection is."""
        self._where.watch()

    @property
    def path(self) -> Path:
        """The name beside which its backups and reports lie: the file, or on a server a name in this user's folder."""
        return self._where.path

    @contextmanager
    def write(self, who: Who, *, lasting: bool = True) -> Iterator[Unit]:
        """Open a unit of work as ``who``; waits its turn behind other writers.

        ``lasting`` False spares the wait for the disk: only for rows of a pending import, which a power cut may take
        as a whole; the commit that makes the import visible is a lasting one and carries them with it.
        Raises ReplacedProject where the file is no longer the one that was opened.
        """
        self._writer.acquire()
        try:
            self._where.require_same()
            with self._where.failures(), self._engine.connect() as connection:
                writing = connection.execution_options(writing=True, lasting=lasting)
                try:
                    with writing.begin() as transaction:
                        unit = Unit(writing, **self._acting(who), commit=self._where.commit_unit)
                        self._where.begin_unit(writing, unit.act)
                        yield unit
                        if transaction.is_active and not unit.committed:
                            transaction.rollback()
                finally:
                    self._where.end_unit()
        finally:
            self._writer.release()

    def _acting(self, who: Who) -> dict[str, str]:
        """Return whose name the unit of work bears: a team's server takes no other than the login's own.

        The events of each person are a chain of their own there, for she cannot see the ends of others'.
        """
        person = self.person
        if person is None:
            return {"actor": who.actor, "device": who.device}
        return {"actor": person.name, "device": f"{who.device.replace(':', '-')}:{person.name}"}

    @contextmanager
    def read(self) -> Iterator[View]:
        """Open a reading transaction."""
        with self._where.failures(), self._where.reading() as connection:
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
        """Say whether another program has written to the project since this was last asked."""
        return self._where.changed()

    def is_replaced(self) -> bool:
        """Say whether the file was moved, deleted or replaced by another since it was opened."""
        return self._where.is_replaced()

    def checkpoint(self) -> bool:
        """Take deleted text out of the database's own files too, as far as it lets one; False while others read."""
        return self._where.compact()

    def copy_to(self, target: Path) -> bool:
        """Write a whole copy of this moment to a new file by the database's own means; False where it has none."""
        return self._where.copy_to(target)

    def close(self) -> None:
        """Close every connection."""
        self._where.close()


def meta(view: View, key: str, default: str = "") -> str:
    """Return a fact about the project file."""
    row = view.connection.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == key)).first()
    return default if row is None else str(row[0])


def set_meta(unit: Unit, key: str, value: str) -> None:
    """Write a fact about the project file."""
    unit.connection.execute(sa.delete(schema.meta).where(schema.meta.c.key == key))
    unit.connection.execute(sa.insert(schema.meta).values(key=key, value=value))


def place_of(where: Path | str) -> Place:
    """Return the place that a path or an address (postgresql://...) names. Raises BadAddress or OpenConnection."""
    if isinstance(where, str) and address.is_address(where):
        return ServerPlace(where)
    return FilePlace(Path(where))


def create_project(where: Path | str) -> Project:
    """Make an empty project in a file or on a server. Raises ProjectExists; a half-made one is removed again."""

    def fill(connection: sa.Connection) -> None:
        migrate(connection, 0)
        connection.execute(sa.insert(schema.meta).values(key="project_id", value=uuid.uuid4().hex))
        connection.execute(sa.insert(schema.meta).values(key="created_at", value=now()))

    place = place_of(where)
    place.make(fill)
    return Project(place)


def open_project(where: Path | str, *, check: bool = True) -> Project:
    """Open a project in a file or on a server, migrating an older one.

    Raises NoProject, ForeignFile, NewerProject, DamagedProject; none of them changes anything.
    """
    place = place_of(where)
    try:
        version = place.recognise(CURRENT)
        if check:
            place.check(migrate, version, CURRENT)
        if version < CURRENT:
            place.upgrade(migrate, version)
        place.watch()
    except BaseException:
        place.close()
        raise
    return Project(place)
