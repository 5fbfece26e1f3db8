"""One SQLite project file: how it is opened, guarded, recognised and checked."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from accord.domain.errors import AccordError, DamagedText, UnusableText
from accord.storage import words
from accord.storage.failures import (
    CannotSave,
    DamagedProject,
    ForeignFile,
    NewerProject,
    NoProject,
    ProjectBusy,
    UnreadableProject,
)

APPLICATION_ID = 0x41434344  # "ACCD"
_MAGIC = b"SQLite format 3\0"
_BAD_WAL = ((3, 7, 0), (3, 51, 2))
_PRAGMAS = (
    "synchronous=FULL",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=FAST",
    "mmap_size=0",
    "temp_store=MEMORY",
    "wal_autocheckpoint=8000",
)
_WRITER_KB, _READER_KB = 65_536, 8_192
_FILLER_KB = 16_384  # of an import, whose rows nobody reads again
_GOOD_LINES = {(3, 50): 7, (3, 44): 6}
CHECK_SECONDS = 2.0  # how long opening a project may check it
_CHECK_STEPS = 20_000  # virtual machine instructions between two looks at the clock
BUSY_SECONDS = 30.0  # how long a writer waits for another program


def dbapi() -> ModuleType:
    """Return the one SQLite library of this process (pysqlite3 carries a recent SQLite; Python's may be old)."""
    import pysqlite3.dbapi2 as module

    return module  # type: ignore[no-any-return]  # the package has no types


def safe_wal(version: tuple[int, int, int]) -> bool:
    """Say whether this SQLite version keeps committed writes in WAL mode when two connections checkpoint together."""
    if version[:2] in _GOOD_LINES and version[2] >= _GOOD_LINES[version[:2]]:
        return True
    return not _BAD_WAL[0] <= version <= _BAD_WAL[1]


def journal_mode() -> str:
    """Return the journal mode to use: WAL, or the rollback journal where this SQLite's WAL is unsafe."""
    version = dbapi().sqlite_version_info
    return "WAL" if safe_wal(version) else "DELETE"


def engine_for(path: Path) -> sa.Engine:
    """Return an engine on the file, with the pragmas that the reliability figures rest on."""
    module = dbapi()
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),  # a name may hold ? # and %
        module=module,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        pool_size=4,
        max_overflow=12,
    )
    pragmas = (f"journal_mode={journal_mode()}", *_PRAGMAS)

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("accord_holds", 2, words.holds, deterministic=True)

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        # The driver's own BEGIN would come too late (after reads) and leave DDL outside; IMMEDIATE takes its place.
        options = connection.get_execution_options()
        writing = options.get("writing", False)
        # Every connection keeps its pages for itself: a writer gains by many of them, several readers only take memory.
        lasting = options.get("lasting", True)
        kept = _READER_KB if not writing else _WRITER_KB if lasting else _FILLER_KB
        connection.exec_driver_sql(f"PRAGMA cache_size=-{kept}")
        if writing:
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


@contextmanager
def readable_failures(path: Path, *, opening: bool = False) -> Iterator[None]:
    """Turn the driver's errors into the sentences of this room.

    While a file is being opened (``opening``) nothing is known of it yet, so any other error means that it is damaged.
    """
    module = dbapi()
    try:
        yield
    except (sa.exc.DBAPIError, module.Error) as error:
        # What happens while a connection is being made comes as the driver's own error.
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        text = str(cause)
        for failure, signs in _SIGNS.items():
            if any(sign in text for sign in signs):
                raise _sentence(failure, path, text) from error
        if opening:
            raise DamagedProject(path, text) from error
        raise
    except UnicodeEncodeError as error:
        raise UnusableText(error.start) from None
    except (UnicodeDecodeError, json.JSONDecodeError, DamagedText) as error:  # a flipped bit in a stored text
        raise DamagedProject(path, str(error)) from error


# The driver gives no codes that SQLAlchemy passes on; these words are SQLite's own and have not changed since 2004.
_SIGNS: dict[type[AccordError], tuple[str, ...]] = {
    CannotSave: ("is full", "disk I/O error", "readonly", "read-only"),
    ProjectBusy: ("is locked",),
    UnreadableProject: ("unable to open",),
    DamagedProject: (
        "malformed",
        "not a database",
        "unsupported file format",
        "database corruption",
        "no such table",
        "no such column",
        "vtable constructor failed",
        "fts5: corrupt",
        "invalid fts5 file format",
        "Could not decode to UTF-8",
    ),
}


def _sentence(failure: type[AccordError], path: Path, text: str) -> AccordError:
    if failure is CannotSave:
        return CannotSave(text)
    return ProjectBusy(path) if failure is ProjectBusy else failure(path, text)


def recognise(path: Path, known_version: int) -> int:
    """Return the format version of the project at ``path`` without writing to it.

    Raises NoProject, ForeignFile, NewerProject or DamagedProject.
    """
    try:
        if not path.is_file():
            raise NoProject(path)
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise UnreadableProject(path, error.strerror or str(error)) from error
    if len(head) < 100 or not head.startswith(_MAGIC):  # noqa: PLR2004  (SQLite's header)
        raise ForeignFile(path)
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise ForeignFile(path)
    version = int.from_bytes(head[60:64], "big")
    if version > known_version:
        raise NewerProject(path, version, known_version)
    return version


def version_of(connection: sa.Connection) -> int:
    """Return the format version of a file as it is now, what is still in its log included."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)


def quick_check(connection: sa.Connection, path: Path, *, seconds: float = CHECK_SECONDS) -> bool:
    """Raise DamagedProject unless SQLite's own quick check passes; False where the time was too short to finish it.

    A large project would otherwise open only after minutes; ``inspect`` checks all of it.
    """
    deadline = time.monotonic() + seconds
    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(lambda: time.monotonic() > deadline, _CHECK_STEPS)
    try:
        result = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    except sa.exc.OperationalError as error:
        if "interrupted" in str(error.orig):
            return False
        raise
    finally:
        raw.set_progress_handler(None, 0)
    if result != ["ok"]:
        raise DamagedProject(path, result[0])
    return True


def schema_of(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """Return the statement behind each (type, name) of the schema, to compare with what the migrations make."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return {(row[0], row[1]): row[2] for row in rows}


def platform_note() -> str:
    """Return one line about the SQLite in use, for ``doctor`` and the audit."""
    return f"SQLite {dbapi().sqlite_version} ({journal_mode()}) on {sys.platform}"
