"""The tables of a project, alike on SQLite and PostgreSQL; rows point at examples by a small number, ``seq``."""

import sqlalchemy as sa

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

migration = sa.Table(
    "migration",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

# Append-only: the project's decisions about itself; the newest row counts.
project_version = sa.Table(
    "project_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)

import_run = sa.Table(
    "import_run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("encoding", sa.Text, nullable=False),
    sa.Column("mapping", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # pending, done or undone; the one column that changes
    sa.Column("owner", sa.Text, nullable=False),  # host:pid:start of the program that writes it
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
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
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
)

example = sa.Table(
    "example",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("import_id", sa.Integer, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
)

occurrence = sa.Table(
    "occurrence",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("group_key", sa.Text, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_url", sa.Text, nullable=False),
    sa.Column("source_date", sa.Text, nullable=False),
    sa.Column("licence", sa.Text, nullable=False),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("metadata", sa.Text, nullable=False),
    sa.Index("occurrence_of_import", "import_id", "seq"),
    sa.Index(
        "occurrence_of_group",
        "group_key",
        "import_id",
        "seq",
        sqlite_where=sa.text("group_key != ''"),
        postgresql_where=sa.text("group_key != ''"),
    ),
    sa.Index(
        "occurrence_of_source",
        "source",
        "import_id",
        "seq",
        sqlite_where=sa.text("source != ''"),
        postgresql_where=sa.text("source != ''"),
    ),
)

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("parent_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # The result of one review belongs to that review; it stands only once the example is settled by it.
    sa.Column("of_review", sa.Boolean, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
)

review = sa.Table(
    "review",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("verdict", sa.Text),  # NULL takes the reviewer's earlier review back
    sa.Column("base_hash", sa.Text, nullable=False),
    sa.Column("result_hash", sa.Text, nullable=False),
    sa.Column("judgement", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Index("review_by_reviewer", "reviewer", "id"),
)

# About one example (seq) or one request (key): set_aside, bring_back, settle_conflict, reopen_conflict.
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, index=True),
    sa.Column("key", sa.Text, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
)

duplicate_run = sa.Table(
    "duplicate_run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("examples", sa.Integer, nullable=False),
    sa.Column("newest_seq", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
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
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

release_item = sa.Table(
    "release_item",
    metadata,
    sa.Column("release_id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("revision_id", sa.Integer),  # NULL: the text as imported
    sa.Column("facts", sa.Text, nullable=False),
    sa.Index("release_item_seq", "seq"),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("refs", sa.Text, nullable=False),  # ids, hashes and counts, never text of the data
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("device", "number"),
)

tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("releases", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

# Mutable from here on.
example_state = sa.Table(
    "example_state",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("import_id", sa.Integer, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("set_aside_reason", sa.Text, nullable=False),
    sa.Column("verdicts", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("base_hash", sa.Text, nullable=False),
    sa.Column("request_key", sa.Text, nullable=False),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("reviewers", sa.Text, nullable=False),
    sa.Column("last_review", sa.Text, nullable=False),
    sa.Column("conflict", sa.Boolean, nullable=False),
    sa.Column("purged", sa.Boolean, nullable=False),
    # Every order that a list can have, and every count, is read from an index alone: each holds ``import_id``, by which
    # the rows of an unfinished import are hidden.
    sa.Index("state_in_status", "status", "seq", "import_id"),
    sa.Index("state_in_review", "last_review", "seq", "import_id"),
    sa.Index("state_in_import", "import_id", "seq"),
    sa.Index("state_with_tags", "tags", "import_id", "seq"),
    sa.Index("state_of_origin", "origin", "import_id"),
    sa.Index("state_by_request", "request_key"),
    sa.Index("state_by_conflict", "conflict", sqlite_where=sa.text("conflict")),
)

# What one person keeps for this project (saved filters); no part of the data, no history.
setting = sa.Table(
    "setting",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("reviewer", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

# A row here, only ever inside the transaction of a purge, lets the guards on append-only tables pass.
purge_guard = sa.Table("purge_guard", metadata, sa.Column("id", sa.Integer, primary_key=True))

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
)
OF_IMPORT = ("rejection", "example", "occurrence")


def pending_imports() -> sa.Select[tuple[int]]:
    """Return the query of the imports that are not done, whose rows no other query may see."""
    return sa.select(import_run.c.id).where(import_run.c.state == "pending")


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
