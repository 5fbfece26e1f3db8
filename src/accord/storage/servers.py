"""A project on a server: how one is made, recognised, checked, watched, and asked what became of a lost commit."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa

from accord.domain.packs import Pack
from accord.domain.people import Person
from accord.storage import address, blindness, founding, postgres, schema, steady
from accord.storage.failures import ConnectionLost, ForeignFile, NewerProject, NoProject, ProjectExists, SaveInDoubt
from accord.storage.places import Migrate
from accord.storage.postgres import LOCK, SCHEMA

_PAUSES = (0.1, 0.5, 2.0, None)  # seconds between the questions what became of a commit; then nobody can say
_OWNED = sa.text(
    "SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_class c "
    "WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'r'"
)
_NUMBER = "accord unit"  # where a connection keeps the number of its unit of work


class ServerPlace:
    """One PostgreSQL database, of which a project has the schema ``accord`` to itself."""

    def __init__(self, text: str) -> None:
        url = address.read(text)
        self.shown = address.shown(url)
        self.opens: Path | str = text
        self.file: Path | None = None
        self.kept: Path | None = None  # a server's database has backups of its owner's own
        self.person: Person | None = None
        self.pack: Pack | None = None  # which is always a file
        self.engine = postgres.engine_for(url)
        self._name = url.database or "project"
        self._lock = threading.Lock()
        self._seen: int | None = None
        self._own: int | None = None
        self._changed = False
        self._in_unit = False
        self._project = ""

    @property
    def path(self) -> Path:
        """A name in this user's own folder; what lies beside it (backups, reports) belongs to this project."""
        folder = os.environ.get("ACCORD_CONFIG_DIR") or platformdirs.user_data_dir("accord", appauthor=False)
        found = Path(folder) / "servers" / (self._project or "unknown") / f"{_plain(self._name)}.accord"
        found.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return found

    def failures(self, *, opening: bool = False) -> AbstractContextManager[None]:
        """Turn the driver's errors into sentences."""
        return postgres.readable_failures(self.shown, opening=opening)

    def make(self, fill: Callable[[sa.Connection], None]) -> None:
        """Make the project's schema and fill it, in one transaction. Raises ProjectExists."""
        try:
            with self.failures(), self._writing() as connection, connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                self._require_empty(connection)
                connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
                fill(connection)
        except BaseException:
            self.engine.dispose()
            raise
        self.watch()

    def _require_empty(self, connection: sa.Connection) -> None:
        if _has(connection, "schema"):
            raise ProjectExists(self.shown)

    def recognise(self, known_version: int) -> int:
        """Return the project's format version without writing anything."""
        with self.failures(opening=True), self.engine.connect() as connection, connection.begin():
            if not _has(connection, "schema"):
                raise NoProject(self.shown)
            if not (_has(connection, "meta") and _has(connection, "migration") and _has(connection, "writes")):
                raise ForeignFile(self.shown)
            version = connection.execute(sa.select(sa.func.max(schema.migration.c.number))).scalar()
        if not version:
            raise ForeignFile(self.shown)
        if version > known_version:
            raise NewerProject(self.shown, version, known_version)
        return int(version)

    def check(self, _migrate: Migrate, version: int, known_version: int) -> None:
        """Raise DamagedProject where the schema is not what the migrations make."""
        if version == known_version:
            with self.failures(opening=True), self.engine.connect() as connection, connection.begin():
                postgres.check_schema(connection, self.shown)
                founding.check(connection, self.shown)

    def upgrade(self, migrate: Migrate, version: int) -> None:
        """Bring an older project up to date; one that is then not as it should be is left as it was."""
        with self.failures(), self._writing() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL search_path = {SCHEMA}")  # new tables belong to the project
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            found = connection.execute(sa.select(sa.func.max(schema.migration.c.number))).scalar()
            migrate(connection, int(found or version))  # another program may have done it in the meantime
            if blindness.in_force(connection):
                founding.install(connection)  # what is new has its rules too
            postgres.check_schema(connection, self.shown)

    def sign_in(self, person: Person | None, /) -> None:
        """Change nothing: here the login says who works."""

    def watch(self) -> None:
        """Note which project this is, and who is connected."""
        with self.failures(opening=True), self.engine.connect() as connection, connection.begin():
            self.person = blindness.person_of(connection)
            key = schema.meta.c.key == "project_id"
            self._project = str(connection.execute(sa.select(schema.meta.c.value).where(key)).scalar() or "")

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection in a transaction that reads one moment; one that breaks at once is made anew."""
        return steady.reading(self.engine)

    def begin_unit(self, connection: sa.Connection, act: str, /) -> None:
        """Wait for one's turn among all programs; what they saved is seen from here on."""
        number = connection.execute(sa.text("SELECT begin_unit(:act)"), {"act": act}).scalar_one()
        connection.info[_NUMBER] = int(number)
        with self._lock:
            self._in_unit = True

    def commit_unit(self, connection: sa.Connection, act: str, /) -> None:
        """Make a unit of work last; a connection that breaks in that moment is asked about on another one."""
        number = connection.info[_NUMBER]
        try:
            connection.commit()
        except sa.exc.DBAPIError as error:
            if not postgres.is_lost(error):
                raise
            self._ask(number, act)
        with self._lock:
            self._own = number

    def end_unit(self) -> None:
        """Take one's own write off what is news: the numbers of others' are seen between one's own."""
        with self._lock:
            if self._seen is not None and self._own is not None:
                self._changed |= self._own != self._seen + 1
                self._seen = self._own
            self._own, self._in_unit = None, False

    def changed(self) -> bool:
        """Say whether another program has written since this was last asked. Raises ConnectionLost where it is away."""
        with self.failures(), self.reading() as connection:
            number = int(connection.exec_driver_sql("SELECT number FROM writes").scalar_one())
        with self._lock:
            if self._in_unit:
                return False  # the number may be one's own; ``end_unit`` takes it off
            first = self._seen is None
            self._changed |= not first and number > (self._seen or 0)
            self._seen = max(number, self._seen or 0)
            changed, self._changed = self._changed, False
            return changed

    def is_replaced(self) -> bool:
        """Say no: connections are to one database, whatever it is called."""
        return False

    def require_same(self) -> None:
        """Let every unit of work pass."""

    def compact(self) -> bool:
        """Take deleted text out of the tables and out of the index of words; False where that is their owner's to do.

        Whoever does not own a table would be warned of each; the server's own upkeep does it in time.
        """
        with self.failures():
            connection: Any = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT", writing=True)
            with connection:
                if not connection.execute(_OWNED, {"schema": SCHEMA}).scalar():
                    return False
                names = ", ".join(f"{SCHEMA}.{name}" for name in (*schema.metadata.tables, "search"))
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {names}")
        return True

    def copy_to(self, _target: Path, /) -> bool:
        """Return False: a copy is made row by row."""
        return False

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _ask(self, number: int, act: str) -> None:
        """Return when the unit of work was saved. Raises ConnectionLost when it was not, SaveInDoubt when none can say.

        The lock is free only once the server has ended the transaction whose commit was lost, either way.
        """
        for pause in _PAUSES:
            try:
                found, newest = self._remembered(number)
                break
            except sa.exc.DBAPIError as error:
                if pause is None:
                    raise SaveInDoubt(self.shown) from error
                time.sleep(pause)
        if found == act:
            return
        if newest - number >= postgres.REMEMBERED:
            raise SaveInDoubt(self.shown)
        raise ConnectionLost(self.shown)

    def _remembered(self, number: int) -> tuple[str | None, int]:
        """Return the act of the unit of work with this number, and the newest number."""
        with self._writing() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            query = sa.text("SELECT act FROM written WHERE number = :number")
            found = connection.execute(query, {"number": number}).scalar()
            return found, int(connection.exec_driver_sql("SELECT number FROM writes").scalar_one())

    def _writing(self) -> sa.Connection:
        return self.engine.connect().execution_options(writing=True)


def _has(connection: sa.Connection, name: str) -> bool:
    if name == "schema":
        query = sa.text("SELECT count(*) FROM pg_namespace WHERE nspname = :name")
        return bool(connection.execute(query, {"name": SCHEMA}).scalar())
    query = sa.text(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = :schema AND c.relname = :name AND c.relkind = 'r'"
    )
    return bool(connection.execute(query, {"schema": SCHEMA, "name": name}).scalar())


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:60] or "project"


def opens_with(url: sa.URL, password: str) -> bool | None:
    """Say whether a password opens a connection to a server that answers; None where none is asked for."""
    engine = postgres.engine_for(url.difference_update_query(["password", "passfile"]).set(password=password))
    try:
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            return True if raw.pgconn.used_password else None
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()
