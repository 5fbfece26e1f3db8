"""One PostgreSQL database: how connections to it are made, what its errors mean, and what guards history in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from accord.domain.errors import AccordError, UnusableText
from accord.storage import refusals, schema
from accord.storage.failures import (
    CannotConnect,
    CannotSave,
    ConnectionLost,
    DamagedProject,
    NotAllowed,
    ProjectBusy,
)

SCHEMA = "accord"  # a project has a schema of its own, so that a database that is there already is not littered
TEAM = "accord_team"  # what a team's project has beside it (blindness.py); where it is, it is looked at first
LOCK = 0x41434344  # "ACCD"; an advisory lock belongs to one database, and so to one project
REMEMBERED = 4096  # how many of the last units of work the server knows by their acts
_BUSY_MS = 30_000
_IDLE_MS = 600_000
_CONNECT_SECONDS = 10
_SETTINGS = {
    "search_path": f"{TEAM},{SCHEMA}",
    "lock_timeout": _BUSY_MS,
    "idle_in_transaction_session_timeout": _IDLE_MS,
    # A program that is gone without a word keeps nobody waiting for longer than a minute.
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
    "jit": "off",  # many short queries
    "timezone": "UTC",
    "client_min_messages": "warning",
    "standard_conforming_strings": "on",
}

#: Beside the tables of both databases: the search, and what tells units of work apart.
TABLES = (
    "CREATE TABLE search (seq integer PRIMARY KEY, body tsvector NOT NULL)",
    "CREATE INDEX search_body ON search USING gin (body) WITH (fastupdate = off)",
    "CREATE TABLE written (slot integer PRIMARY KEY, number bigint NOT NULL, act text NOT NULL)",
    "CREATE TABLE writes (number bigint NOT NULL)",
    "INSERT INTO writes VALUES (0)",
)

#: Function name -> (arguments, result, body). The bodies are compared when a project is opened.
FUNCTIONS = {
    "begin_unit": (
        "made_by text",
        "bigint",
        f"""
DECLARE
    mine bigint;
    counter record;
    top bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    UPDATE {SCHEMA}.writes SET number = number + 1 RETURNING number INTO mine;
    INSERT INTO {SCHEMA}.written VALUES (mine % {REMEMBERED}, mine, made_by)
        ON CONFLICT (slot) DO UPDATE SET number = excluded.number, act = excluded.act;
    -- A unit that was rolled back leaves no hole in the numbers, as on SQLite.
    FOR counter IN SELECT s.sequencename AS name, s.last_value AS last FROM pg_sequences s WHERE schemaname = '{SCHEMA}'
    LOOP
        EXECUTE format('SELECT coalesce(max(id), 0) FROM {SCHEMA}.%I', replace(counter.name, '_id_seq', '')) INTO top;
        IF top <> coalesce(counter.last, 0) THEN
            PERFORM setval(format('{SCHEMA}.%I', counter.name)::regclass, greatest(top, 1), top > 0);
        END IF;
    END LOOP;
    RETURN mine;
END
""",  # noqa: S608  (constants of ours)
    ),
    "keep_history": (
        "",
        "trigger",
        f"""
BEGIN
    IF EXISTS (SELECT 1 FROM {SCHEMA}.purge_guard) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME;
END
""",  # noqa: S608  (constants of ours)
    ),
    "keep_imported": (
        "",
        "trigger",
        f"""
BEGIN
    IF EXISTS (SELECT 1 FROM {SCHEMA}.purge_guard) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM {SCHEMA}.import_run WHERE id = OLD.import_id AND state = 'pending') THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME;
END
""",  # noqa: S608  (constants of ours)
    ),
    "keep_table": ("", "trigger", "\nBEGIN\n    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME;\nEND\n"),
}


def engine_for(url: sa.URL) -> sa.Engine:
    """Return an engine; a transaction reads one moment, and one with the option ``writing`` sees what is newest."""
    engine = sa.create_engine(
        url,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "accord",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        },
        pool_size=4,
        max_overflow=12,
        pool_pre_ping=True,  # a connection that died while nobody used it is replaced unseen
        hide_parameters=True,  # no text of the data in an error
    )

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writing", False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif not options.get("lasting", True):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


def functions() -> list[str]:
    """Return the statements that make the functions of this room's own schema."""
    statements = [
        f"CREATE FUNCTION {SCHEMA}.{name}({arguments}) RETURNS {result} LANGUAGE plpgsql AS $code${body}$code$"
        for name, (arguments, result, body) in FUNCTIONS.items()
    ]
    return [statement.replace("%", "%%") for statement in statements]  # the driver reads % as the place of a value


def guards(tables: Sequence[str]) -> list[str]:
    """Return the triggers that refuse changes of these tables' history, on the same terms as on SQLite."""
    statements = []
    for (table, name), function in triggers(tables).items():
        when = "BEFORE TRUNCATE" if name.endswith("truncate") else "BEFORE UPDATE OR DELETE"
        each = "STATEMENT" if name.endswith("truncate") else "ROW"
        made = f"CREATE OR REPLACE TRIGGER {name} {when} ON {SCHEMA}.{table}"
        statements.append(f"{made} FOR EACH {each} EXECUTE FUNCTION {SCHEMA}.{function}()")
    return statements


def triggers(tables: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the function behind each (table, trigger)."""
    found = {}
    for table in tables:
        found[table, f"{table}_kept"] = "keep_imported" if table in schema.OF_IMPORT else "keep_history"
        found[table, f"{table}_no_truncate"] = "keep_table"
    return found


def check_schema(connection: sa.Connection, place: str) -> None:
    """Raise DamagedProject where a table, a column, a guard or a function is missing or is not this program's."""
    run = connection.exec_driver_sql
    columns = run(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "  # noqa: S608  (a constant of ours)
        f"WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
    )
    expected = {(t.name, c.name) for t in schema.metadata.sorted_tables for c in t.columns}
    _compare(place, "column", expected, {(row[0], row[1]) for row in columns}, among=set(schema.metadata.tables))
    found = run(
        "SELECT c.relname, t.tgname, p.proname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "  # noqa: S608  (as above)
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE n.nspname = '{SCHEMA}' AND NOT t.tgisinternal "
        f"AND p.pronamespace IS DISTINCT FROM to_regnamespace('{TEAM}')"
    )
    expected_guards = {(table, name, function, "O") for (table, name), function in triggers(schema.APPEND_ONLY).items()}
    _compare(place, "trigger", expected_guards, {tuple(row) for row in found})
    bodies = run(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "  # noqa: S608  (as above)
        f"WHERE n.nspname = '{SCHEMA}'"
    )
    expected_bodies = {(name, body) for name, (_arguments, _result, body) in FUNCTIONS.items()}
    _compare(place, "function", expected_bodies, {(row[0], row[1]) for row in bodies})
    views = run(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "  # noqa: S608  (as above)
        f"WHERE n.nspname = '{SCHEMA}' AND c.relkind IN ('v', 'm', 'f')"
    )
    _compare(place, "view", set(), {(row[0],) for row in views})


def _compare(place: str, kind: str, expected: set[Any], found: set[Any], *, among: "set[str] | None" = None) -> None:
    for thing in sorted(expected - found):
        raise DamagedProject(place, f"{kind} {thing[0]}.{thing[1]} is missing or changed")
    for thing in sorted(found - expected):
        if among is None or thing[0] in among:
            raise DamagedProject(place, f"{kind} {thing[0]} is not one of this program's")


@contextmanager
def readable_failures(place: str, *, opening: bool = False) -> Iterator[None]:
    """Turn the driver's errors into the sentences of this room."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _sentence(error, place, opening=opening) from error
    except UnicodeEncodeError as error:
        raise UnusableText(error.start) from None


# By SQLSTATE; the words of a message are in the server's language.
_REFUSED = "42501"
_BY_STATE: dict[str, type[AccordError]] = {
    "55P03": ProjectBusy,
    "57014": ProjectBusy,
    "40001": ProjectBusy,
    "40P01": ProjectBusy,
    "54000": CannotSave,  # a name longer than an index takes
    "25006": CannotSave,
    _REFUSED: NotAllowed,
    "42P01": DamagedProject,
    "42703": DamagedProject,
    "42883": DamagedProject,
}
_BY_CLASS: dict[str, type[AccordError]] = {
    "53": CannotSave,
    "58": CannotSave,
    "XX": DamagedProject,
    "08": ConnectionLost,
    "57": ConnectionLost,
}


def is_lost(error: sa.exc.DBAPIError) -> bool:
    """Say whether the connection is gone."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state[:2] == "08" or state in {"57P01", "57P02", "57P03", "25P03"}


def _sentence(error: sa.exc.DBAPIError, place: str, *, opening: bool) -> Exception:
    state = getattr(error.orig, "sqlstate", None) or ""
    detail = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if is_lost(error):
        return ConnectionLost(place)
    if state == _REFUSED and (refused := refusals.of_server(detail)) is not None:
        return refused
    failure = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    if failure is None and isinstance(error, sa.exc.OperationalError) and not state:
        return ConnectionLost(place) if error.statement else CannotConnect(place, detail)
    if failure is None:
        return DamagedProject(place, detail) if opening else error
    if failure in {ProjectBusy, ConnectionLost}:
        return failure(place)
    return CannotSave(detail) if failure is CannotSave else failure(place, detail)
