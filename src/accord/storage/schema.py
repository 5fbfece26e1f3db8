"""The tables of a project, alike on SQLite and PostgreSQL; rows point at examples by a small number, ``seq``."""

from functools import cache

import sqlalchemy as sa

from accord.storage import schema_findings, schema_generation, schema_team
from accord.storage.metadata import metadata as metadata
from accord.storage.schema_findings import checked as checked
from accord.storage.schema_findings import checking as checking
from accord.storage.schema_findings import finding as finding
from accord.storage.schema_generation import generation as generation
from accord.storage.schema_generation import generation_item as generation_item
from accord.storage.schema_generation import generation_reply as generation_reply
from accord.storage.schema_generation import generation_source as generation_source
from accord.storage.schema_generation import sending as sending
from accord.storage.schema_generation import service_part as service_part
from accord.storage.schema_generation import service_record as service_record
from accord.storage.schema_team import assignment as assignment
from accord.storage.schema_team import calibration as calibration
from accord.storage.schema_team import calibration_item as calibration_item
from accord.storage.schema_team import control as control
from accord.storage.schema_team import pack as pack
from accord.storage.schema_team import pack_item as pack_item
from accord.storage.schema_team import person as person
from accord.storage.schema_team import requirement as requirement
from accord.storage.schema_team import signature as signature
from accord.storage.texts import Free, Plain


def _on_sqlite(name: str, *columns: str, where: str = "") -> sa.Index:
    """Return an index of SQLite's alone: text that a file brings may be too long for an ordered one of PostgreSQL."""
    condition = sa.text(where) if where else None
    return sa.Index(name, *columns, sqlite_where=condition).ddl_if(dialect="sqlite")


def _on_postgresql(name: str, column: str, where: str = "") -> sa.Index:
    """Return an index of PostgreSQL's alone, which finds a text of any length by its hash."""
    condition = sa.text(where) if where else None
    found = sa.Index(name, column, postgresql_using="hash", postgresql_where=condition)
    return found.ddl_if(dialect="postgresql")


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", Plain, primary_key=True),
    sa.Column("value", Free, nullable=False),
)

migration = sa.Table(
    "migration",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# Append-only: the project's decisions about itself; the newest row counts.
project_version = sa.Table(
    "project_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("value", Plain, nullable=False),
)

import_run = sa.Table(
    "import_run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("file", Free, nullable=False),
    sa.Column("sha256", Plain, nullable=False, server_default=""),
    sa.Column("format", Plain, nullable=False),
    sa.Column("encoding", Free, nullable=False),
    sa.Column("mapping", Plain, nullable=False),
    sa.Column("state", Plain, nullable=False),  # pending, done or undone; the one column that changes
    sa.Column("owner", Free, nullable=False),  # host:pid:start of the program that writes it
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Column("read", sa.Integer, nullable=False, server_default="0"),
    sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rejected", sa.Integer, nullable=False, server_default="0"),
    sa.Column("duplicate", sa.Integer, nullable=False, server_default="0"),
)

rejection = sa.Table(
    "rejection",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("import_id", sa.Integer, nullable=False, index=True),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("field", Free, nullable=False),
    sa.Column("reason", Free, nullable=False),
    sa.Column("raw", Free, nullable=False),
)

example = sa.Table(
    "example",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", Plain, nullable=False, unique=True),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("origin", Plain, nullable=False),
    sa.Column("import_id", sa.Integer, nullable=False, index=True),
    sa.Column("at", Plain, nullable=False),
)

occurrence = sa.Table(
    "occurrence",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("group_key", Free, nullable=False),
    sa.Column("context", Free, nullable=False),
    sa.Column("source", Free, nullable=False),
    sa.Column("source_url", Free, nullable=False),
    sa.Column("source_date", Free, nullable=False),
    sa.Column("licence", Free, nullable=False),
    sa.Column("tags", Free, nullable=False),
    sa.Column("metadata", Plain, nullable=False),
    sa.Index("occurrence_of_import", "import_id", "seq"),
    _on_sqlite("occurrence_of_group", "group_key", "import_id", "seq", where="group_key != ''"),
    _on_sqlite("occurrence_of_source", "source", "import_id", "seq", where="source != ''"),
    _on_postgresql("occurrence_by_group", "group_key", where="group_key != ''"),
    _on_postgresql("occurrence_by_source", "source", where="source != ''"),
)

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("parent_hash", Plain, nullable=False),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("kind", Plain, nullable=False),
    # The result of one review belongs to that review; it stands only once the example is settled by it.
    sa.Column("of_review", sa.Boolean, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False, index=True),
    sa.Column("at", Plain, nullable=False),
)

review = sa.Table(
    "review",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("reviewer", Free, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("verdict", Plain),  # NULL takes the reviewer's earlier review back
    sa.Column("base_hash", Plain, nullable=False),
    sa.Column("result_hash", Plain, nullable=False),
    sa.Column("judgement", Plain, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("act", Plain, nullable=False, index=True),
    sa.Column("at", Plain, nullable=False),
    sa.Index("review_by_reviewer", "reviewer", "id"),
)

# About one example (seq) or one request (key): set_aside, bring_back, settle_conflict, reopen_conflict, and others.
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, index=True),
    sa.Column("key", Plain, index=True),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("reason", Free, nullable=False),
    sa.Column("comment", Free, nullable=False),
    sa.Column("payload", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False, index=True),
    sa.Column("at", Plain, nullable=False),
)

duplicate_run = sa.Table(
    "duplicate_run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("method", Free, nullable=False),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("fields", Free, nullable=False),
    sa.Column("examples", sa.Integer, nullable=False),
    sa.Column("newest_seq", sa.Integer, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Column("act", Plain, nullable=False),
)

duplicate_member = sa.Table(
    "duplicate_member",
    metadata,
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("cluster", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Index("duplicate_member_seq", "seq"),
)

duplicate_link = sa.Table(
    "duplicate_link",
    metadata,
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer, primary_key=True),
    sa.Column("b", sa.Integer, primary_key=True),
    sa.Column("score", sa.Float, nullable=False),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", Free, nullable=False, unique=True),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("facts", Plain, nullable=False),
    sa.Column("settings", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

release_item = sa.Table(
    "release_item",
    metadata,
    sa.Column("release_id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("part", Plain, nullable=False),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("revision_id", sa.Integer),  # NULL: the text as imported
    sa.Column("facts", Plain, nullable=False),
    sa.Index("release_item_seq", "seq"),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", Plain, primary_key=True),
    sa.Column("device", Free, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Column("actor", Free, nullable=False),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("refs", Plain, nullable=False),  # ids, hashes and counts, never text of the data
    sa.Column("previous", Plain, nullable=False),
    sa.Column("hash", Plain, nullable=False),
    sa.UniqueConstraint("device", "number"),
)

tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("id", Plain, primary_key=True),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("reason", Free, nullable=False),
    sa.Column("releases", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# Mutable from here on.
example_state = sa.Table(
    "example_state",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", Plain, nullable=False),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Column("origin", Plain, nullable=False),
    sa.Column("status", Plain, nullable=False),
    sa.Column("decided_by", Plain, nullable=False),
    sa.Column("set_aside_reason", Free, nullable=False),
    sa.Column("verdicts", sa.Integer, nullable=False),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("base_hash", Plain, nullable=False),
    sa.Column("request_key", Plain, nullable=False),  # the conversation's: the request's, then that of earlier turns
    sa.Column("tags", Free, nullable=False),
    sa.Column("reviewers", Free, nullable=False),
    sa.Column("last_review", Plain, nullable=False),
    sa.Column("conflict", sa.Boolean, nullable=False),
    sa.Column("purged", sa.Boolean, nullable=False),
    # Every order that a list can have, and every count, is read from an index alone: each holds ``import_id``, by which
    # the rows of an unfinished import are hidden.
    sa.Index("state_in_status", "status", "seq", "import_id"),
    sa.Index("state_in_review", "last_review", "seq", "import_id"),
    sa.Index("state_in_import", "import_id", "seq"),
    _on_sqlite("state_with_tags", "tags", "import_id", "seq"),
    _on_postgresql("state_by_tags", "tags"),
    sa.Index("state_with_reviewers", "reviewers", "import_id", "seq"),
    sa.Index("state_of_origin", "origin", "import_id"),
    sa.Index("state_by_request", "request_key"),
    sa.Index(
        "state_in_conflict",
        "conflict",
        "request_key",
        "import_id",
        # As SQLAlchemy writes the question, or the index would not be taken for its answer.
        sqlite_where=sa.text("conflict IS 1"),
        postgresql_where=sa.text("conflict IS true"),
    ),
)

# What one person keeps for this project (saved filters); no part of the data, no history.
setting = sa.Table(
    "setting",
    metadata,
    sa.Column("person", Free, primary_key=True),
    sa.Column("key", Free, primary_key=True),
    sa.Column("value", Free, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("reviewer", Free, primary_key=True),
    sa.Column("value", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# A row here, only ever inside the transaction of a purge, lets the guards on append-only tables pass.
purge_guard = sa.Table("purge_guard", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))

#: Tables whose rows are never changed; those with ``import_id`` may lose rows of an import that is still pending.
APPEND_ONLY = (
    "project_version",
    "rejection",
    "example",
    "occurrence",
    "revision",
    "review",
    "decision",
    "duplicate_run",
    "duplicate_member",
    "duplicate_link",
    "release",
    "release_item",
    "event",
    "tombstone",
    *schema_team.APPEND_ONLY,
    *schema_generation.APPEND_ONLY,
)
OF_IMPORT = ("rejection", "example", "occurrence")
#: Tables whose rows are about one example (``seq``) alone, and go with it when it is deleted for good.
OF_EXAMPLE = (
    *(occurrence, revision, review, decision, draft, duplicate_member),
    *schema_findings.OF_EXAMPLE,
    *schema_team.OF_EXAMPLE,
    *(example_state, example),
)


@cache
def pending_imports() -> sa.Select[tuple[int]]:
    """Return the query of the imports that are not done, whose rows no other query may see."""
    return sa.select(import_run.c.id).where(import_run.c.state == "pending")


@cache  # building it anew for each query costs more than the query
def occurrences_that_count() -> sa.ColumnElement[bool]:
    """Return the condition on ``occurrence``: not of an unfinished import, of one undone only where no other is known.

    A row that comes in again after its import was undone is then where, and in the group, that the second import says.
    """
    other = occurrence.alias()
    state = {name: sa.select(import_run.c.id).where(import_run.c.state == name) for name in ("done", "undone")}
    known_otherwise = sa.exists().where(other.c.seq == occurrence.c.seq, other.c.import_id.in_(state["done"]))
    return sa.and_(
        occurrence.c.import_id.not_in(pending_imports()),
        sa.or_(occurrence.c.import_id.not_in(state["undone"]), sa.not_(known_otherwise)),
    )
