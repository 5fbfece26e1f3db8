"""Numbered, one-way, recorded migrations; each runs whole in one transaction or not at all."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa

from accord.domain.content import Content
from accord.storage import postgres, schema, schema_findings, schema_generation, schema_team
from accord.storage.sqlite import APPLICATION_ID


class Migration(NamedTuple):
    """One step: its number is the format version that it leads to."""

    number: int
    name: str
    run: Callable[[sa.Connection], None]


def _first(connection: sa.Connection) -> None:
    schema.metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        for statement in (*postgres.TABLES, *postgres.functions()):
            connection.exec_driver_sql(statement)
    _guard(connection, schema.APPEND_ONLY)
    if connection.dialect.name == "postgresql":
        return
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE search USING fts5(body, content='', contentless_delete=1, "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )


def _lists(connection: sa.Connection) -> None:
    """Indexes for lists and counts at a million examples, and what a person keeps for a project."""
    for name in ("ix_occurrence_import_id", "state_by_status", "state_by_import", "state_by_conflict"):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
    for table in (schema.occurrence, schema.example_state):
        for index in sorted(table.indexes, key=lambda found: str(found.name)):
            index.create(connection, checkfirst=True)
    schema.setting.create(connection, checkfirst=True)


def _team(connection: sa.Connection) -> None:
    """Who works on a server, and how many reviewers an example needs."""
    schema.person.create(connection, checkfirst=True)
    schema.requirement.create(connection, checkfirst=True)


def _conversations(connection: sa.Connection) -> None:
    """The turns before a request belong to its key: a conflict is one conversation with two answers."""
    state, example, revision = schema.example_state, schema.example, schema.revision
    revised = sa.select(revision.c.content).where(revision.c.seq == state.c.seq, revision.c.hash == state.c.hash)
    text = sa.func.coalesce(revised.limit(1).scalar_subquery(), example.c.content)
    # Two messages are request and answer at most; in the canonical text no other place looks like a role.
    talk = text.like('%"role":"%"role":"%"role":"%')
    rows = connection.execute(sa.select(state.c.seq, text).join(example, example.c.seq == state.c.seq).where(talk))
    keys = [{"number": seq, "key": Content.from_text(content).conversation_key} for seq, content in rows]
    if keys:
        changed = sa.update(state).where(state.c.seq == sa.bindparam("number"))
        connection.execute(changed.values(request_key=sa.bindparam("key")), keys)
        connection.execute(sa.delete(schema.meta).where(schema.meta.c.key == "conflicts_stale"))
        connection.execute(sa.insert(schema.meta).values(key="conflicts_stale", value="yes"))


def _several(connection: sa.Connection) -> None:
    """What several reviewers need: credentials, assignments, calibration, controls, packs, signatures."""
    person = schema.person
    if "credential" not in {column["name"] for column in sa.inspect(connection).get_columns(person.name)}:
        known = sa.table(person.name, *(sa.column(c.name) for c in person.columns if c.server_default is None))
        rows = [dict(row) for row in connection.execute(sa.select(known)).mappings()]
        person.drop(connection)  # a column that is added has not the same statement as one that was always there
        person.create(connection)
        if rows:
            connection.execute(sa.insert(person), rows)
    for table in schema_team.TABLES:
        table.create(connection, checkfirst=True)
    _guard(connection, schema_team.APPEND_ONLY)


def _moments(connection: sa.Connection) -> None:
    """Times of reviews in lists are told in UTC, so that the order of their texts is that of time."""
    found = {
        "sqlite": "strftime('%Y-%m-%dT%H:%M:%f', last_review) || '+00:00'",
        "postgresql": "to_char(last_review::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"+00:00\"')",
    }[connection.dialect.name]
    connection.exec_driver_sql(f"UPDATE example_state SET last_review = {found} WHERE last_review <> ''")  # noqa: S608  (constants of ours)


def _findings(connection: sa.Connection) -> None:
    """What checks found, so that it can be listed and counted."""
    for table in schema_findings.TABLES:
        table.create(connection, checkfirst=True)


def _generation(connection: sa.Connection) -> None:
    """Candidates from a chat model, and what was fetched of one for keeping."""
    for table in schema_generation.TABLES:
        table.create(connection, checkfirst=True)
    _guard(connection, schema_generation.APPEND_ONLY)


def _guard(connection: sa.Connection, tables: Sequence[str]) -> None:
    """Make the triggers that refuse changes of history, except inside a purge or of an unfinished import."""
    statements = postgres.guards(tables) if connection.dialect.name == "postgresql" else _guards(tables)
    for statement in statements:
        connection.exec_driver_sql(statement)


def _guards(tables: Sequence[str]) -> list[str]:
    statements = []
    for table in tables:
        free = "NOT EXISTS (SELECT 1 FROM purge_guard)"
        delete = free
        if table in schema.OF_IMPORT:
            pending = "(SELECT 1 FROM import_run WHERE id = OLD.import_id AND state = 'pending')"
            delete = f"{free} AND NOT EXISTS {pending}"
        for act, when in (("UPDATE", free), ("DELETE", delete)):
            name = f"{table}_no_{act.lower()}"
            refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            statements.append(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON {table} WHEN {when} {refuse}")
    return statements


MIGRATIONS = (
    Migration(1, "first", _first),
    Migration(2, "lists", _lists),
    Migration(3, "team", _team),
    Migration(4, "conversations", _conversations),
    Migration(5, "several reviewers", _several),
    Migration(6, "moments", _moments),
    Migration(7, "findings", _findings),
    Migration(8, "generation", _generation),
)
CURRENT = MIGRATIONS[-1].number


def migrate(connection: sa.Connection, version: int) -> None:
    """Bring an open transaction's database from ``version`` to CURRENT; the version number is written last."""
    for step in MIGRATIONS:
        if step.number <= version:
            continue
        step.run(connection)
        connection.execute(
            sa.insert(schema.migration).values(
                number=step.number, name=step.name, at=datetime.now(UTC).isoformat(timespec="seconds")
            )
        )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={CURRENT}")
