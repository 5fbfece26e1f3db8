"""Text columns that mean the same on both databases: any character is kept, and order is that of code points."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

_LEAD = "\x1a"  # stands before what stands for a character that PostgreSQL does not take


def stored(value: str) -> str:
    """Return the text as both databases hold it: U+0000, which PostgreSQL refuses, is written as two others."""
    if "\0" not in value and _LEAD not in value:
        return value
    return value.replace(_LEAD, f"{_LEAD}1").replace("\0", f"{_LEAD}0")


def stands_as_it_is(values: Iterable[str | None]) -> bool:
    """Say whether ``stored`` leaves every one of these texts alone; asked of all at once it costs next to nothing."""
    together = "".join(filter(None, values))
    return "\0" not in together and _LEAD not in together


def as_it_was(value: str) -> str:
    """Return the text that ``stored`` was given."""
    return value.replace(f"{_LEAD}0", "\0").replace(f"{_LEAD}1", _LEAD) if _LEAD in value else value


class Plain(sa.types.TypeDecorator[str]):
    """Text that this program makes (ids, times, JSON): it never holds U+0000, but it may be compared with one."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Sort by code points on PostgreSQL too, whatever the language of the database is."""
        return sa.Text(collation="C") if dialect.name == "postgresql" else sa.Text()

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[str | None], Any] | None:
        """Spare SQLite a call for each value."""
        return None if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        """Keep U+0000 from the driver."""
        return None if value is None else stored(value)


class Free(Plain):
    """Text that people or files bring: it may hold any character, and comes back as it was."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[str | None], Any] | None:
        """Write the same on both databases."""
        return sa.types.TypeDecorator.bind_processor(self, dialect)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        """Return the text as it was."""
        return None if value is None else as_it_was(value)


class _Place(sa.sql.functions.FunctionElement[int]):
    """Where a text stands within another, from 1; 0 where it does not."""

    name = "place_of_text"
    type = sa.Integer()
    inherit_cache = True


@compiles(_Place)
def _instr(element: _Place, compiler: SQLCompiler, **how: Any) -> str:
    return f"instr({compiler.process(element.clauses, **how)})"


@compiles(_Place, "postgresql")
def _strpos(element: _Place, compiler: SQLCompiler, **how: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **how)})"


def holds(column: sa.ColumnElement[str], value: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text contains another exactly."""
    return _Place(column, sa.literal(stored(value), sa.Text())) > 0


def holds_in_any_case(column: sa.ColumnElement[str], value: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text contains another, A to Z in either case (all that both databases fold alike)."""
    folded = "".join(c.lower() if c.isascii() else c for c in stored(value))
    return _Place(sa.func.lower(column), sa.literal(folded, sa.Text())) > 0


class ByDatabase(sa.ColumnElement[bool]):
    """A condition that is written in two ways, each understood by one of the databases."""

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, on_sqlite: sa.ColumnElement[bool], on_postgresql: sa.ColumnElement[bool]) -> None:
        self.on_sqlite = on_sqlite
        self.on_postgresql = on_postgresql

    def self_group(self, against: Any = None) -> "ByDatabase":  # noqa: ARG002  (SQLAlchemy names it)
        """Need no brackets: either way is one comparison."""
        return self


@compiles(ByDatabase)
def _sqlite_way(element: ByDatabase, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.on_sqlite, **how)})"


@compiles(ByDatabase, "postgresql")
def _postgresql_way(element: ByDatabase, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.on_postgresql, **how)})"
