"""A reading connection to a server that is made anew, once, where it breaks before anything was read through it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa

from accord.storage.postgres import is_lost


class _Steady:
    """Stands for a connection; what has been read is of one moment, so that only a first statement is tried again."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._read = False
        self._connection = self._connect()

    def execute(self, *values: Any, **options: Any) -> Any:
        """Execute a statement."""
        return self._try(lambda connection: connection.execute(*values, **options))

    def exec_driver_sql(self, *values: Any, **options: Any) -> Any:
        """Execute a statement of the driver."""
        return self._try(lambda connection: connection.exec_driver_sql(*values, **options))

    def close(self) -> None:
        """End the transaction and give the connection back."""
        self._connection.close()

    def __getattr__(self, name: str) -> Any:
        self._read = self._read or name == "execution_options"  # what comes of that is out of reach
        return getattr(self._connection, name)

    def _try(self, act: Callable[[sa.Connection], Any]) -> Any:
        try:
            found = act(self._connection)
        except sa.exc.DBAPIError as error:
            if self._read or not is_lost(error):
                raise
            self._connection.close()
            self._connection = self._connect()
            found = act(self._connection)
        self._read = True
        return found

    def _connect(self) -> sa.Connection:
        connection = self._engine.connect()
        try:
            connection.begin()
        except sa.exc.DBAPIError as error:
            connection.close()
            if not is_lost(error):
                raise
            connection = self._engine.connect()
            connection.begin()
        return connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection in a reading transaction."""
    steady = _Steady(engine)
    try:
        yield cast("sa.Connection", steady)
    finally:
        steady.close()
