"""What a team's server shows to each person: the schema ``accord_team``, made when a project becomes a team's.

Who somebody is. Each person is a login role of the server; ``person`` maps the login of the session (which nobody can
change but a superuser) to a name and a role. Every row that names its author is checked against that name.

What is hidden. An example that needs several reviewers (``requirement``) waits until it has that many verdicts on the
text that stands, or an adjudicator's decision. While it waits it stands in ``accord_team.waiting``, which triggers keep
(anybody may know that it waits, so that nothing need be worked out for each row that is read); then nobody but a lead
can read another person's reviews of it and the texts that come of them, and ``example_state`` keeps a row for it that
no verdict has touched: status candidate, tags as imported or decided, the shared text. What a person may know beside
that (that she has reviewed it herself; for a lead, who has) is laid over it by the view ``accord_team.example_state``,
which the connection's search path finds before the table. So there is nothing stored that could leak, and nothing that
one person would have to work out from rows that she cannot see: everybody's program derives "it waits" and stores the
untouched row. The verdict that ends the waiting shows the others only once it is committed, for until then whoever
gives it could take it back and nobody would know; then, in a second transaction, the whole row is derived as on a file
(``due``; the workflow ``settling``). Search indexes the shared text for the same reason.

What else would tell. Other people's events (their chain of hashes commits to the verdicts, and there are only four to
try) and drafts are nobody's business but a lead's. A review takes one number from the sequence of revisions whether it
edits or not. Places of rows in their tables (``ctid``) cannot be asked for: columns are granted, not tables. What
PostgreSQL shows to everyone who may connect, the size of whole tables and how many rows were ever written to them,
stays visible: it tells how much was written in all, and how much of it were edits. Of the columns that say what
somebody said no statistics are kept, from which the planner would tell how many rows hold a value (``grants``).

A lead sees everything: somebody has to release, back up and check. The database's owner can change everything, as the
owner of a file can.
"""
# ruff: noqa: S608  (statements are made of constants of ours alone)

from typing import NamedTuple

import sqlalchemy as sa

from accord.domain.people import Person, Role
from accord.storage import schema
from accord.storage.postgres import LOCK, REMEMBERED, SCHEMA, TEAM

ROLES = ("reviewer", "adjudicator", "lead")
_COLUMNS = [column.name for column in schema.example_state.columns]
_IDENTITY = ("seq", "id", "import_id", "origin", "purged")
_REFUSED = "RAISE insufficient_privilege USING MESSAGE = 'permission denied for table example_state'"
#: What is counted for the server's planner once much has come in (``statistics``).
GATHERED = ("example_state", "example", "occurrence")


def _rows_differ(columns: list[str]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return f"ROW({new}) IS DISTINCT FROM ROW({old})"


class Function(NamedTuple):
    """A function that runs as the database's owner, whoever calls it."""

    arguments: str
    result: str
    nature: str
    body: str


#: Which reviews are in force, one row for each reviewer of an example; nobody reads it but what stands below.
_VOTE = f"""
CREATE TABLE {TEAM}.vote (
    seq integer NOT NULL, reviewer text COLLATE "C" NOT NULL, round integer NOT NULL, review integer NOT NULL,
    place integer NOT NULL, in_force boolean NOT NULL, base_hash text COLLATE "C" NOT NULL, at text NOT NULL,
    PRIMARY KEY (seq, reviewer)
)
"""
#: The examples that wait for verdicts, with the text that stands and whose edit it is; ``ended``: in which transaction
#: the waiting ended, until the row of the example is derived anew.
_WAITING = f"""
CREATE TABLE {TEAM}.waiting (
    seq integer PRIMARY KEY, base_hash text COLLATE "C" NOT NULL, base_author text COLLATE "C" NOT NULL,
    round integer NOT NULL, ended xid8
)
"""
#: What somebody could still take back is not said yet: until her verdict is committed, the example waits for her too.
STILL = "({0}.ended IS NULL OR {0}.ended = pg_current_xact_id_if_assigned())"
#: A blind repeat counts for nothing (``domain.review``).
_REPEAT = "judgement LIKE '%\"repeat\":true%'"
#: A moment as this program writes it, of whatever offset an earlier one wrote it with.
_IN_UTC = r"""CASE WHEN {0} ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d' THEN
    to_char({0}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"') ELSE {0} END""".replace(
    "{0}", "at"
)
_PLACE = "coalesce(substring(judgement FROM '\"restores\":([0-9]+)')::integer, id)"
_FILL = f"""
INSERT INTO {TEAM}.vote
SELECT DISTINCT ON (seq, reviewer) seq, reviewer, round, id, {_PLACE}, verdict IS NOT NULL, base_hash, {_IN_UTC}
FROM {SCHEMA}.review WHERE NOT {_REPEAT} ORDER BY seq, reviewer, round DESC, id DESC
"""
_CALLED = "substring(payload FROM '\"round\":([0-9]{1,6})')"

FUNCTIONS = {
    "me": Function("", "text", "sql STABLE", f"SELECT name FROM {SCHEMA}.person WHERE login = session_user AND active"),
    "my_role": Function(
        "", "text", "sql STABLE", f"SELECT role FROM {SCHEMA}.person WHERE login = session_user AND active"
    ),
    # The shared text of an example, and whose edit it is.
    "base_of": Function(
        "wanted integer, OUT hash text, OUT author text",
        "record",
        "sql STABLE",
        f"""
SELECT found.hash, found.author FROM (
    SELECT r.id, r.hash, CASE r.kind WHEN 'edit' THEN r.author ELSE '' END AS author
    FROM {SCHEMA}.revision r WHERE r.seq = wanted AND NOT r.of_review
    UNION ALL SELECT 0, e.hash, '' FROM {SCHEMA}.example e WHERE e.seq = wanted
) found ORDER BY found.id DESC LIMIT 1
""",
    ),
    # Whether an example no longer waits for verdicts, so that everybody may read them.
    "unblinded": Function(
        "wanted integer",
        "boolean",
        "sql STABLE",
        f"SELECT NOT EXISTS (SELECT 1 FROM {TEAM}.waiting w WHERE seq = wanted AND {STILL.format('w')})",
    ),
    # Said to be cheap: called before a query's own conditions, of which EXPLAIN ANALYZE tells what they left out.
    "shown": Function(
        "about integer, author text, reader text",
        "boolean",
        "plpgsql STABLE COST 0.0001",
        f"""
BEGIN
    IF author = reader THEN RETURN true; END IF; -- the most frequent question, without a query
    RETURN NOT EXISTS (SELECT 1 FROM {TEAM}.waiting w WHERE w.seq = about AND {STILL.format("w")});
END
""",
    ),
    # The round that an example was called to: reviews of those before count no more.
    "round_of": Function(
        "wanted integer",
        "integer",
        "sql STABLE",
        f"""
SELECT coalesce((SELECT {_CALLED}::integer FROM {SCHEMA}.decision WHERE seq = wanted AND kind = 'reopen'
                 AND {_CALLED} IS NOT NULL ORDER BY id DESC LIMIT 1), 1)
""",
    ),
    "has_enough": Function(
        "wanted integer",
        "boolean",
        "sql STABLE",
        f"""
SELECT coalesce((SELECT required FROM {SCHEMA}.requirement WHERE seq = wanted), 1) <= 1
    OR (SELECT kind = 'adjudicate' FROM {SCHEMA}.decision
        WHERE seq = wanted AND kind IN ('adjudicate', 'reopen') ORDER BY id DESC LIMIT 1) IS TRUE
    OR (SELECT count(*) FROM {TEAM}.vote v, {TEAM}.base_of(wanted) b
        WHERE v.seq = wanted AND v.in_force AND v.round >= {TEAM}.round_of(wanted)
        AND (v.base_hash = b.hash OR v.reviewer = b.author))
       >= (SELECT required FROM {SCHEMA}.requirement WHERE seq = wanted)
""",
    ),
    # To be called after everything that may end an example's waiting, or begin it.
    "look_again": Function(
        "wanted integer",
        "void",
        "plpgsql VOLATILE",
        f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM {SCHEMA}.requirement WHERE seq = wanted AND required > 1) THEN
        DELETE FROM {TEAM}.waiting WHERE seq = wanted;
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock({LOCK}); -- held by a unit of work already; who types statements waits for it here
    IF {TEAM}.has_enough(wanted) THEN
        IF {TEAM}.my_role() = 'lead' THEN
            DELETE FROM {TEAM}.waiting WHERE seq = wanted;
        ELSE
            UPDATE {TEAM}.waiting SET ended = pg_current_xact_id() WHERE seq = wanted AND ended IS NULL;
        END IF;
    ELSE
        INSERT INTO {TEAM}.waiting SELECT wanted, b.hash, b.author, {TEAM}.round_of(wanted)
            FROM {TEAM}.base_of(wanted) b WHERE b.hash IS NOT NULL
        ON CONFLICT (seq) DO UPDATE
            SET base_hash = excluded.base_hash, base_author = excluded.base_author, round = excluded.round, ended = NULL
            WHERE waiting.ended IS NOT NULL OR (waiting.base_hash, waiting.base_author, waiting.round)
                <> (excluded.base_hash, excluded.base_author, excluded.round);
    END IF;
END
""",
    ),
    "note_waiting": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    about integer := CASE TG_OP WHEN 'DELETE' THEN OLD.seq ELSE NEW.seq END;
BEGIN
    IF about IS NOT NULL THEN
        PERFORM {TEAM}.look_again(about);
    END IF;
    RETURN NULL;
END
""",
    ),
    "gather": Function(
        "wanted text",
        "void",
        "plpgsql VOLATILE",
        f"""
BEGIN
    IF wanted = ANY (ARRAY['{"', '".join(GATHERED)}']) THEN
        EXECUTE format('ANALYZE {SCHEMA}.%I', wanted);
    END IF;
END
""",
    ),
    # Whether this transaction has written about an example, or one before it has ended its waiting: only then may it
    # write its derived rows.
    "own_now": Function(
        "wanted integer",
        "boolean",
        "sql STABLE",
        " OR ".join(
            f"EXISTS (SELECT 1 FROM {SCHEMA}.{table} WHERE seq = wanted "
            "AND xmin = pg_current_xact_id_if_assigned()::xid)"
            for table in ("review", "revision", "decision")
        ).join(("SELECT ", f" OR EXISTS (SELECT 1 FROM {TEAM}.waiting WHERE seq = wanted AND ended IS NOT NULL)")),
    ),
    # As on a database of one person, but that numbers are not closed up: what is burnt below must stay burnt.
    "begin_unit": Function(
        "made_by text",
        "bigint",
        "plpgsql VOLATILE",
        f"""
DECLARE
    mine bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    UPDATE {SCHEMA}.writes SET number = number + 1 RETURNING number INTO mine;
    INSERT INTO {SCHEMA}.written VALUES (mine % {REMEMBERED}, mine, made_by)
        ON CONFLICT (slot) DO UPDATE SET number = excluded.number, act = excluded.act;
    RETURN mine;
END
""",
    ),
    "count_vote": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM {TEAM}.vote WHERE seq = OLD.seq;
        PERFORM {TEAM}.look_again(OLD.seq);
        RETURN NULL;
    END IF;
    IF NOT NEW.{_REPEAT} THEN
        INSERT INTO {TEAM}.vote VALUES (NEW.seq, NEW.reviewer, NEW.round, NEW.id,
            {_PLACE.replace("judgement", "NEW.judgement").replace(" id)", " NEW.id)")},
            NEW.verdict IS NOT NULL, NEW.base_hash, NEW.at)
        ON CONFLICT (seq, reviewer) DO UPDATE SET round = excluded.round, review = excluded.review,
            place = excluded.place, in_force = excluded.in_force, base_hash = excluded.base_hash, at = excluded.at
            WHERE (excluded.round, excluded.review) > (vote.round, vote.review);
        PERFORM {TEAM}.look_again(NEW.seq);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM {SCHEMA}.revision WHERE act = NEW.act AND seq = NEW.seq AND of_review) THEN
        PERFORM nextval('{SCHEMA}.revision_id_seq');
    END IF;
    RETURN NULL;
END
""",
    ),
    "write_state": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    mine text := coalesce({TEAM}.my_role(), '');
BEGIN
    IF TG_OP <> 'UPDATE' AND mine <> 'lead' THEN
        {_REFUSED};
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM {SCHEMA}.example_state WHERE seq = OLD.seq;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND mine <> 'lead' THEN
        -- A conflict is one of several examples: its mark alone may be set on what somebody else wrote about.
        IF {_rows_differ([name for name in _COLUMNS if name != "conflict"])} AND (
                {_rows_differ(list(_IDENTITY))} OR NOT {TEAM}.own_now(OLD.seq)
                OR (mine = 'reviewer' AND NEW.set_aside_reason <> OLD.set_aside_reason)) THEN
            {_REFUSED};
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM {TEAM}.waiting WHERE seq = NEW.seq AND ended = pg_current_xact_id_if_assigned()) THEN
        RETURN NEW; -- derived once what ends the waiting is committed
    END IF;
    IF NOT {TEAM}.unblinded(NEW.seq) THEN
        IF TG_OP = 'UPDATE' AND OLD.status = 'in_review' AND NEW.status = 'in_review' THEN
            SELECT s.status INTO NEW.status FROM {SCHEMA}.example_state s WHERE s.seq = NEW.seq;
        END IF;
        IF NEW.status NOT IN ('candidate', 'needs_answer', 'set_aside') THEN
            {_REFUSED};
        END IF;
        NEW.verdicts := 0;
        NEW.reviewers := '';
        NEW.last_review := '';
    ELSIF TG_OP = 'UPDATE' AND {_rows_differ([name for name in _COLUMNS if name != "conflict"])} THEN
        DELETE FROM {TEAM}.waiting WHERE seq = NEW.seq;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {SCHEMA}.example_state ({", ".join(_COLUMNS)}) VALUES ({", ".join(f"NEW.{c}" for c in _COLUMNS)});
    ELSE
        UPDATE {SCHEMA}.example_state SET ({", ".join(_COLUMNS)}) = ROW({", ".join(f"NEW.{c}" for c in _COLUMNS)})
        WHERE seq = OLD.seq;
    END IF;
    RETURN NEW;
END
""",
    ),
}

#: What of the votes on waiting examples the reader may know: one's own; all of them for a lead.
_KNOWN = f"""
    {TEAM}.vote v JOIN {TEAM}.waiting w ON w.seq = v.seq AND v.round >= w.round
    WHERE v.in_force AND (v.reviewer = (SELECT {TEAM}.me()) OR (SELECT {TEAM}.my_role()) = 'lead')
"""
_LAID_OVER = {
    "seq": "k.seq",  # so that who asks for some examples has the votes on those alone looked up
    "status": "CASE WHEN s.status = 'set_aside' OR k.counted = 0 THEN s.status ELSE 'in_review' END",
    "verdicts": "k.counted",
    "reviewers": "k.reviewers",
    "last_review": "k.last_review",
}
_VIEW = f"""
CREATE VIEW {TEAM}.example_state WITH (security_barrier) AS
SELECT {", ".join(f"s.{name}" for name in _COLUMNS)} FROM {SCHEMA}.example_state s
WHERE NOT (s.reviewers = '' AND EXISTS (SELECT 1 FROM {_KNOWN} AND v.seq = s.seq))
UNION ALL
SELECT {", ".join(_LAID_OVER.get(name, f"s.{name}") + f" AS {name}" for name in _COLUMNS)}
FROM {SCHEMA}.example_state s JOIN (
    SELECT v.seq,
        count(*) FILTER (WHERE v.base_hash = w.base_hash OR v.reviewer = w.base_author)::integer AS counted,
        chr(31) || string_agg(v.reviewer, chr(31) ORDER BY v.reviewer) || chr(31) AS reviewers,
        (array_agg(v.at ORDER BY v.place DESC))[1] AS last_review
    FROM {_KNOWN} GROUP BY v.seq
) k ON k.seq = s.seq WHERE s.reviewers = ''
"""
#: Table -> the acts, and of which rows, that may end or begin the waiting of an example; votes tell it themselves.
_TELLING = {
    "requirement": ("INSERT OR UPDATE OR DELETE", "true"),
    "revision": ("INSERT", "NOT NEW.of_review"),
    "decision": ("INSERT", "NEW.kind IN ('adjudicate', 'reopen')"),
}


def function(name: str, made: Function) -> str:
    """Return the statement that makes a function."""
    return (
        f"CREATE FUNCTION {TEAM}.{name}({made.arguments}) RETURNS {made.result} LANGUAGE {made.nature} "
        f"SECURITY DEFINER SET search_path = pg_catalog, {TEAM}, {SCHEMA}, pg_temp AS $code${made.body}$code$"
    )


def objects() -> list[str]:
    """Return the statements that make the schema ``accord_team``, but for grants and policies."""
    # A function of SQL is checked when it is made, and stands after those that it calls.
    made = [f"CREATE SCHEMA {TEAM}", _VOTE, _WAITING, _FILL, *(function(n, one) for n, one in FUNCTIONS.items())]
    made.append(f"SELECT {TEAM}.look_again(seq) FROM {SCHEMA}.requirement")
    made += [
        f"CREATE TRIGGER waiting_noted AFTER {acts} ON {SCHEMA}.{table} FOR EACH ROW WHEN ({when}) "
        f"EXECUTE FUNCTION {TEAM}.note_waiting()"
        for table, (acts, when) in _TELLING.items()
    ]
    counted = f"CREATE TRIGGER review_counted AFTER INSERT OR DELETE ON {SCHEMA}.review"
    written = f"CREATE TRIGGER state_written INSTEAD OF INSERT OR UPDATE OR DELETE ON {TEAM}.example_state"
    return [
        *made,
        f"{counted} FOR EACH ROW EXECUTE FUNCTION {TEAM}.count_vote()",
        _VIEW,
        f"{written} FOR EACH ROW EXECUTE FUNCTION {TEAM}.write_state()",
    ]


def in_force(connection: sa.Connection) -> bool:
    """Say whether the project is a team's."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(sa.text("SELECT to_regclass(:name) IS NOT NULL"), {"name": f"{TEAM}.vote"}).scalar())


def due(connection: sa.Connection) -> list[int]:
    """Return the examples whose waiting has ended and whose rows do not say so yet."""
    if not in_force(connection):
        return []
    query = sa.text(f"SELECT seq FROM {TEAM}.waiting WHERE ended IS NOT NULL ORDER BY seq")
    return list(connection.execute(query).scalars())


def person_of(connection: sa.Connection) -> Person | None:
    """Return who this connection's login is, None outside a team."""
    if not in_force(connection):
        return None
    table = schema.person
    row = connection.execute(sa.select(table).where(table.c.login == sa.text("session_user"), table.c.active)).first()
    return None if row is None else Person(name=row.name, role=Role(row.role), login=row.login)
