"""A PostgreSQL server for the tests, started from Debian's programs, with a database for each test."""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_numbers = itertools.count()
_SETTINGS = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=120", "shared_buffers=64MB")
_LOCALE = "C.UTF-8"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; the name ``postgres`` needs no password on loopback."""

    port: int
    programs: Path

    def address(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as its owner."""
        import psycopg

        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"clinic_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.address(name)

    def ask_passwords(self, address: str) -> None:
        """Let logins other than the owner's into one database by their passwords alone; only the last one asks."""
        import psycopg
        import psycopg.sql

        rules = [
            "host all postgres 127.0.0.1/32 trust",
            f"host {address.rpartition('/')[2]} all 127.0.0.1/32 scram-sha-256",
            "local all all trust",
            "host all all 127.0.0.1/32 trust",
        ]
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            path = connection.execute("SELECT current_setting('hba_file')").fetchone()
            assert path is not None
            lines = psycopg.sql.Literal("\n".join(rules))
            copy = psycopg.sql.SQL("COPY (SELECT unnest(string_to_array({}, chr(10)))) TO {}")
            connection.execute(copy.format(lines, psycopg.sql.Literal(path[0])))
            connection.execute("SELECT pg_reload_conf()")

    def drop(self, address: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {address.rpartition('/')[2]} WITH (FORCE)")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs, newest version first; None where there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: -float(p.parts[-3]))
    found = versions[0].parent if versions else None
    if found is None and (there := shutil.which("initdb")):
        found = Path(there).resolve().parent
    return found


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start a server in a folder of its own and stop it afterwards; skips where there is none to start."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's programs are not installed (Debian: apt-get install postgresql)")
    if os.geteuid() == 0 and not _has_user():
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    folder = Path(tempfile.mkdtemp(prefix="accord-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    try:
        _as_owner(
            [
                found / "initdb",
                "-D",
                data,
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
                "-E",
                "UTF8",
                f"--locale={_LOCALE}",
            ]
        )
        port = _free_port()
        options = " ".join([f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", *(f"-c {s}" for s in _SETTINGS)])
        control = [found / "pg_ctl", "-D", data]
        _as_owner([*control, "-o", options, "-w", "-l", folder / "log", "start"])
        try:
            yield Server(port, found)
        finally:
            _as_owner([*control, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(command: list[object]) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *words]
    done = subprocess.run(words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _has_user() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return shutil.which("setpriv") is not None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
