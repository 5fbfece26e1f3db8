"""Stops a query that nobody waits for any more, in the middle, on either database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from accord.domain.errors import Cancelled
from accord.domain.progress import Progress
from accord.storage.project import View

_INSTRUCTIONS = 50_000  # SQLite's own, between two looks: about a millisecond
_SECONDS = 0.05  # between two looks at a server


@contextmanager
def interruptible(view: View, progress: Progress | None) -> Iterator[None]:
    """Raise Cancelled out of the queries in this block once ``progress`` is asked to stop."""
    if progress is None:
        yield
        return
    raw: Any = view.connection.connection.dbapi_connection
    watch = _in_sqlite if view.connection.dialect.name == "sqlite" else _on_server
    with watch(raw, progress):
        try:
            yield
        except sa.exc.DBAPIError as error:
            if _stopped(progress):
                raise Cancelled from error
            raise
        except Exception as error:
            # Rows are fetched from the driver itself, so that its own error comes unwrapped.
            if type(error).__name__ in {"OperationalError", "QueryCanceled"} and _stopped(progress):
                raise Cancelled from error
            raise


def _stopped(progress: Progress) -> bool:
    try:
        progress.check()
    except Cancelled:
        return True
    return False


@contextmanager
def _in_sqlite(raw: Any, progress: Progress) -> Iterator[None]:
    raw.set_progress_handler(lambda: _stopped(progress), _INSTRUCTIONS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _on_server(raw: Any, progress: Progress) -> Iterator[None]:
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_SECONDS):
            if _stopped(progress):
                raw.cancel()
                return

    watcher = threading.Thread(target=look, name="accord-query-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
