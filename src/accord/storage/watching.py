"""Notices what other programs do to an open project file: what they commit to it, and that it is another file now."""

import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accord.storage import sqlite


class Watch:
    """Watches one open file, cheaply enough to be asked every other second, from any thread.

    SQLite counts for each connection what the others commit (``PRAGMA data_version``). This program's own writes count
    too, so they are taken off: the count is read just before and just after each of them. What another program commits
    in the instant between such a write and the reading after it is missed; the window reads anew after a write anyway.
    """

    def __init__(self, path: Path, engine: sa.Engine) -> None:
        self._path = path.absolute()
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: Any = None
        self._seen = 0
        self._changed = False
        self._writing = False
        self._file = _file_at(self._path)

    def changed(self) -> bool:
        """Say whether another program has committed anything since the last time this was asked (False at first)."""
        with self._lock, sqlite.readable_failures(self._path):
            if self._kept is None:
                self._kept = self._engine.raw_connection()
                self._seen = self._version()
                return False
            self._look()
            changed, self._changed = self._changed, False
            return changed

    def before_own_write(self) -> None:
        """Note what others did until now; to be called while nobody else can write."""
        with self._lock:
            if self._kept is not None:
                self._look()
            self._writing = True

    def after_own_write(self) -> None:
        """Take one's own write off."""
        with self._lock:
            self._writing = False
            if self._kept is not None:
                self._seen = self._version()

    def is_replaced(self) -> bool:
        """Say whether the path holds another file than the one that was opened, or none."""
        if self._file is None:
            return False
        try:
            return _file_at(self._path) != self._file
        except OSError:
            return False  # a share that does not answer says nothing of the file

    def close(self) -> None:
        """Give the kept connection back."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    def _look(self) -> None:
        if self._writing:
            return  # one's own commit may be in the file already, and until it is taken off no other can be
        version = self._version()
        if version != self._seen:
            self._seen, self._changed = version, True

    def _version(self) -> int:
        return int(self._kept.cursor().execute("PRAGMA data_version").fetchone()[0])


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
