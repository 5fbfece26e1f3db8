"""What a team's server asks of rows that come in past the program too, and true deletion, which is its owner's alone.

Each verdict, text, decision and signature stands under an act, and the act is an event of the login's own in the log.
What bears another person's name (a lead brings in a file with verdicts, or takes such an import back) needs that event
in the same transaction: so it cannot be written without a word in the log, nor under an act that is long past.

A row that no program could have written is refused: whoever reads it later would have to make something of it. What
is refused must not depend on rows that whoever writes cannot see, or guesses would be answered.
"""
# ruff: noqa: S608  (statements are made of constants of ours alone)

from accord.domain.content import EXAMPLE_ID_DIGITS
from accord.domain.signatures import LONGEST_NAME, LONGEST_STATEMENT
from accord.storage import schema, schema_generation
from accord.storage.blindness import Function
from accord.storage.postgres import LOCK, SCHEMA, TEAM

_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$"
_CONTROL = r"[\u0001-\u001f\u007f-\u009f]"
#: PostgreSQL reads no U+0000, which text may hold; another sign in its place leaves the shape as it is.
READABLE = r"replace({0}, '\u0000', '\u0001')::jsonb"


def _refuse_unless(condition: str) -> str:
    return f"""
    IF NEW.at ~ '{_MOMENT}' AND {condition} THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING MESSAGE = 'malformed row of ' || TG_TABLE_NAME;
END
"""


def _all(values: str, kind: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {values} one WHERE jsonb_typeof(one.value) <> '{kind}')"


FUNCTIONS = {
    "witnessed": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    mine text := {TEAM}.me();
    named text;
BEGIN
    IF TG_TABLE_NAME = 'review' THEN
        named := NEW.reviewer;
    ELSE
        named := NEW.author;
    END IF;
    IF EXISTS (SELECT 1 FROM {SCHEMA}.event WHERE id = NEW.act AND actor = mine
               AND (named = mine OR xmin = pg_current_xact_id_if_assigned()::xid)) THEN
        RETURN NULL;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'permission denied for table ' || TG_TABLE_NAME;
END
""",
    ),
    "whole_review": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    said jsonb := {READABLE.format("NEW.judgement")};
    mine text := {TEAM}.my_role();
BEGIN
    IF session_user <> current_user AND mine <> 'lead' AND NEW.reviewer <> {TEAM}.me() THEN
        RAISE insufficient_privilege USING MESSAGE = 'permission denied for table review';
    END IF;"""
        + _refuse_unless(
            f"""jsonb_typeof(said) = 'object'
        AND (NEW.verdict IS NULL OR NEW.verdict IN ('accept', 'edit', 'reject', 'unsure') AND (
            EXISTS (SELECT 1 FROM {SCHEMA}.example WHERE seq = NEW.seq AND hash = NEW.result_hash)
            OR EXISTS (SELECT 1 FROM {SCHEMA}.revision WHERE seq = NEW.seq AND hash = NEW.result_hash
                       AND (author = NEW.reviewer OR NOT of_review OR mine = 'lead' OR {TEAM}.unblinded(seq)))))
        AND {_all("jsonb_each(said->'edits')", "string")}
        AND NOT EXISTS (SELECT 1 FROM jsonb_object_keys(said->'edits') place WHERE place !~ '^[0-9]{{1,6}}$')
        AND {_all("jsonb_array_elements(said->'tags')", "string")}
        AND {_all("jsonb_array_elements(said->'reasons')", "string")}
        AND {_all("jsonb_each(said->'ratings')", "number")}
        AND jsonb_typeof(said->'comment') = 'string' AND jsonb_typeof(said->'citation') = 'string'
        AND coalesce(jsonb_typeof(said->'bulk'), 'boolean') = 'boolean'
        AND (said->'restores' IS NULL OR EXISTS (SELECT 1 FROM {SCHEMA}.review
            WHERE seq = NEW.seq AND reviewer = NEW.reviewer AND id = (said->>'restores')::integer))
        AND said ?& ARRAY['edits', 'tags', 'reasons', 'ratings']"""
        ),
    ),
    "whole_revision": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    said jsonb := {READABLE.format("NEW.content")};
BEGIN"""
        + _refuse_unless(
            f"""NEW.hash = encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex')
        AND NEW.kind IN ('import', 'edit', 'deidentify', 'adjudicate')
        AND jsonb_array_length(said->'messages') > 0 AND {_all("jsonb_array_elements(said->'messages')", "object")}
        AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(said->'messages') one
            WHERE (one.value->>'role' IN ('system', 'user', 'assistant', 'tool')
                   AND jsonb_typeof(one.value->'content') = 'string') IS NOT TRUE)
        AND {_all("jsonb_array_elements(coalesce(said->'tools', '[]'))", "object")}"""
        ),
    ),
    "whole_decision": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    said jsonb := {READABLE.format("NEW.payload")};
BEGIN"""
        + _refuse_unless("""jsonb_typeof(said) = 'object' AND (CASE NEW.kind
            WHEN 'set_aside' THEN NEW.reason IN ('duplicate', 'withdrawn', 'by_hand')
            WHEN 'adjudicate' THEN said->>'verdict' IN ('accept', 'edit', 'reject')
            WHEN 'add_tag' THEN jsonb_typeof(said->'tag') = 'string' AND jsonb_typeof(said->'after') = 'number'
            WHEN 'remove_tag' THEN jsonb_typeof(said->'tag') = 'string' AND jsonb_typeof(said->'after') = 'number'
            WHEN 'retract_tag' THEN jsonb_typeof(said->'act') = 'string'
            WHEN 'dismiss_finding' THEN NEW.reason IN ('false_alarm', 'acceptable')
                AND jsonb_typeof(said->'rule') = 'string' AND jsonb_typeof(said->'mark') = 'string'
            WHEN 'restore_finding' THEN jsonb_typeof(said->'rule') = 'string' AND jsonb_typeof(said->'mark') = 'string'
            WHEN 'settle_conflict' THEN jsonb_typeof(said->'ids') = 'array'
            WHEN 'not_duplicates' THEN jsonb_typeof(said->'ids') = 'array'
            WHEN 'maybe_duplicates' THEN jsonb_typeof(said->'ids') = 'array'
            ELSE NEW.kind IN ('bring_back', 'reopen', 'reopen_conflict', 'ask_guideline') END)"""),
    ),
    # Its words are printed in a card and on a certificate: of control signs the statement alone has line ends.
    "whole_signature": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        """
BEGIN"""
        + _refuse_unless(
            f"""NEW.kind IN ('sign', 'withdraw') AND NEW.hash ~ '^[0-9a-f]{{64}}$'
        AND EXISTS (SELECT 1 FROM {SCHEMA}.release WHERE id = NEW.release_id)
        AND length(NEW.name) BETWEEN 1 AND {LONGEST_NAME} AND length(NEW.credential) <= {LONGEST_NAME}
        AND length(NEW.statement) <= {LONGEST_STATEMENT}
        AND (NEW.kind = 'withdraw' OR NEW.statement <> '')
        AND NEW.name || NEW.credential || replace(NEW.statement, chr(10), '') !~ '{_CONTROL}'"""
        ),
    ),
    # An event is the next one of its chain and bears its seal (events.py), or it would be found in every backup.
    "whole_event": Function(
        "",
        "trigger",
        "plpgsql VOLATILE",
        f"""
DECLARE
    last record;
    said jsonb := {READABLE.format("NEW.refs")};
BEGIN
    IF session_user <> current_user AND (NEW.actor = {TEAM}.me()
            AND substr(NEW.device, strpos(NEW.device, ':') + 1) = NEW.actor) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'permission denied for table event';
    END IF;
    SELECT number, hash INTO last FROM {SCHEMA}.event WHERE device = NEW.device ORDER BY number DESC LIMIT 1;"""
        + _refuse_unless(
            """jsonb_typeof(said) = 'object' AND NEW.number = coalesce(last.number, 0) + 1
        AND NEW.previous = coalesce(last.hash, repeat('0', 64))
        AND NEW.hash = encode(sha256(convert_to('[' || concat_ws(',', to_json(NEW.id), to_json(NEW.device), NEW.number,
            to_json(NEW.at), to_json(NEW.actor), to_json(NEW.kind), to_json(NEW.refs), to_json(NEW.previous)) || ']',
            'UTF8')), 'hex')"""
        ),
    ),
    # Deletes one example for good, for a lead whose event in this transaction says so; what was deleted is in its
    # tombstones as hashes. The program's own means for a file do the same (purges.py).
    "purge": Function(
        "wanted integer, told text, why text",
        "void",
        "plpgsql VOLATILE",
        f"""
DECLARE
    held text := (SELECT coalesce(json_agg(r.name ORDER BY r.name), '[]') FROM {SCHEMA}.release r
                  JOIN {SCHEMA}.release_item i ON i.release_id = r.id WHERE i.seq = wanted);
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    IF coalesce({TEAM}.my_role(), '') <> 'lead' OR NOT EXISTS (
            SELECT 1 FROM {SCHEMA}.event v JOIN {SCHEMA}.example e ON v.refs::json->>'hash' = e.hash
            WHERE v.id = told AND v.kind = 'purge' AND v.actor = {TEAM}.me() AND e.seq = wanted
            AND v.xmin = pg_current_xact_id_if_assigned()::xid) THEN
        RAISE insufficient_privilege USING MESSAGE = 'permission denied for table tombstone';
    END IF;
    INSERT INTO {SCHEMA}.purge_guard VALUES (1);
    INSERT INTO {SCHEMA}.tombstone (id, hash, reason, releases, author, at)
        SELECT gone.id, gone.hash, why, held, v.actor, v.at FROM {SCHEMA}.event v, (
            SELECT e.id, e.hash FROM {SCHEMA}.example e WHERE e.seq = wanted
            UNION SELECT DISTINCT substr(r.hash, 1, {EXAMPLE_ID_DIGITS}), r.hash FROM {SCHEMA}.revision r
            WHERE r.seq = wanted
                AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.example e WHERE e.id = substr(r.hash, 1, {EXAMPLE_ID_DIGITS}))
        ) gone WHERE v.id = told
        ON CONFLICT (id) DO NOTHING;
    DELETE FROM {SCHEMA}.search WHERE seq = wanted;
    DELETE FROM {SCHEMA}.duplicate_link WHERE a = wanted OR b = wanted;
    UPDATE {SCHEMA}.release_item SET facts = '{{}}', revision_id = NULL WHERE seq = wanted;
"""
        + "".join(f"    {statement};\n" for statement in schema_generation.purging(f"{SCHEMA}.", "wanted"))
        + "".join(f"    DELETE FROM {SCHEMA}.{table.name} WHERE seq = wanted;\n" for table in schema.OF_EXAMPLE)
        + f"    DELETE FROM {SCHEMA}.purge_guard;\nEND\n",
    ),
}
_WITNESSED = ("review", "revision", "decision", "signature")


def objects() -> list[str]:
    """Return the statements that make the triggers, once the functions are there."""
    made = [
        f"CREATE TRIGGER {table}_whole BEFORE INSERT ON {SCHEMA}.{table} FOR EACH ROW "
        f"EXECUTE FUNCTION {TEAM}.whole_{table}()"
        for table in (*_WITNESSED, "event")
    ]
    # Once all is written: an event tells how many rows its act brought.
    return made + [
        f"CREATE CONSTRAINT TRIGGER {table}_witnessed AFTER INSERT ON {SCHEMA}.{table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {TEAM}.witnessed()"
        for table in _WITNESSED
    ]
