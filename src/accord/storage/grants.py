"""What each role of a team may do on the server, as grants and policies: what is not granted here is refused there."""

from collections.abc import Mapping

from accord.storage import schema, schema_generation
from accord.storage.guards import READABLE
from accord.storage.postgres import SCHEMA, TEAM

_HIDDEN = ("example_state",)  # read through the view, which knows who asks
_BESIDE = {"search": ["seq", "body"], "written": ["slot", "number", "act"], "writes": ["number"]}
_NUMBERED = {
    "reviewer": ("review", "revision", "signature", "decision"),
    "adjudicator": ("duplicate_run",),
    "lead": (
        *("project_version", "import_run", "rejection", "occurrence", "release"),
        *("assignment", "calibration", "control", "checking"),
        *("generation", "generation_source", "sending", "service_record"),
    ),
}
_ADDED = {
    "reviewer": ("review", "revision", "event", "draft", "setting", "search", "signature", "decision"),
    "adjudicator": ("duplicate_run", "duplicate_member", "duplicate_link"),
    "lead": (
        *("meta", "project_version", "import_run", "rejection", "example", "occurrence", "release", "release_item"),
        *("requirement", "assignment", "calibration", "calibration_item", "control", "pack", "pack_item"),
        *("checking", "checked", "finding"),
        *("generation", "generation_item", "generation_reply", "generation_source"),
        *("sending", "service_record", "service_part"),
    ),
}
_CHANGED = {
    "reviewer": ("draft", "setting", "search", "finding (dismissed)"),
    "lead": (
        *("meta", "import_run (state, read, accepted, rejected, duplicate)", "requirement"),
        *("assignment (until)", "calibration (closed_at)"),
        *("generation (state, why, refused, owner, claim, seen, budget)", "generation_item"),
    ),
}
_REMOVED = {
    "reviewer": ("draft", "setting", "search", "finding", "checked"),
    # Of an import that is not done; what else is deleted for good goes by a function (guards.py).
    "lead": (
        *("meta", "import_run", "rejection", "example", "occurrence", "requirement", "assignment"),
        *("generation_reply", "service_part"),
    ),
}
#: What the words of functions are for: callable by everyone of the team.
_CALLED = (
    *("me()", "my_role()", "base_of(integer)", "unblinded(integer)", "own_now(integer)", "begin_unit(text)"),
    *("shown(integer, text, text)", "describe(text, text)", "retracted(text[])"),
)
_PEOPLE = ("admit(text, text, text, text)", "set_role(text, text)", "dismiss(text, text)", "set_password(text, text)")
_PURGE = "purge(integer, text, text)"

#: Decisions that every reviewer may make.
_OF_FINDINGS = "'dismiss_finding', 'restore_finding'"

#: What the decisions on a finding say of it: why it is dismissed, "" where it is not.
_SAID = f"""coalesce((
    SELECT CASE one.kind WHEN 'dismiss_finding' THEN one.reason ELSE '' END FROM {SCHEMA}.decision one
    WHERE one.seq = finding.seq AND one.kind IN ({_OF_FINDINGS})
        AND {READABLE.format("one.payload")}->>'mark' = finding.mark ORDER BY one.id DESC LIMIT 1), '')"""  # noqa: S608  (constants of ours)
_UNCHECKED = f"NOT EXISTS (SELECT 1 FROM {SCHEMA}.checked one WHERE one.seq = finding.seq)"  # noqa: S608  (the same)

_ME = f"(SELECT {TEAM}.me())"
_CHAIN = f"actor = {_ME} AND strpos(device, ':') > 0 AND substr(device, strpos(device, ':') + 1) = {_ME}"

_BY_LEADS = (("reviewer", "SELECT", "true", ""), ("lead", "INSERT", "", f"author = {_ME}"))
_LEADS_ALONE = (("lead", "SELECT", "true", ""), ("lead", "INSERT", "", f"author = {_ME}"))
#: Table -> (role, act, condition on the rows that are there, condition on those that come in).
_POLICIES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "review": (
        ("reviewer", "SELECT", f"{TEAM}.shown(seq, reviewer, {_ME})", ""),
        ("reviewer", "INSERT", "", f"reviewer = {_ME}"),
        ("lead", "SELECT", "true", ""),
        ("lead", "INSERT", "", "true"),  # others' verdicts out of a file, under an event of her own (guards.py)
    ),
    "revision": (
        ("reviewer", "SELECT", f"NOT of_review OR {TEAM}.shown(seq, author, {_ME})", ""),
        ("reviewer", "INSERT", "", f"author = {_ME} AND kind = 'edit'"),
        ("adjudicator", "INSERT", "", f"author = {_ME} AND kind IN ('edit', 'adjudicate')"),
        ("lead", "SELECT", "true", ""),
        ("lead", "INSERT", "", "true"),
    ),
    "draft": (("reviewer", "ALL", f"reviewer = {_ME}", f"reviewer = {_ME}"), ("lead", "SELECT", "true", "")),
    "setting": (("reviewer", "ALL", f"person = {_ME}", f"person = {_ME}"), ("lead", "SELECT", "true", "")),
    "event": (
        ("reviewer", "SELECT", f"actor = {_ME}", ""),
        ("reviewer", "INSERT", "", _CHAIN),
        ("lead", "SELECT", "true", ""),
    ),
    "search": (
        ("reviewer", "SELECT", "true", ""),
        ("reviewer", "ALL", f"{TEAM}.own_now(seq)", f"{TEAM}.own_now(seq)"),
        ("lead", "ALL", "true", "true"),
    ),
    # How many have an example would tell which are controls.
    "assignment": (("reviewer", "SELECT", f"reviewer = {_ME}", ""), ("lead", "ALL", "true", "true")),
    "decision": (
        ("reviewer", "SELECT", "true", ""),
        ("reviewer", "INSERT", "", f"author = {_ME} AND seq IS NOT NULL AND kind IN ({_OF_FINDINGS})"),
        ("adjudicator", "INSERT", "", f"author = {_ME}"),
    ),
    # Found in the text that everybody may see (findings.py); who changes that text takes off what was found in it, and
    # first that it was checked at all: so nobody can take off findings of a text that passes for checked.
    "finding": (
        ("reviewer", "SELECT", "true", ""),
        ("reviewer", "UPDATE", f"{TEAM}.own_now(seq)", f"dismissed = {_SAID}"),
        ("reviewer", "DELETE", _UNCHECKED, ""),
        ("lead", "ALL", "true", "true"),
    ),
    "checked": (
        ("reviewer", "SELECT", "true", ""),
        ("reviewer", "DELETE", f"{TEAM}.own_now(seq)", ""),
        ("lead", "ALL", "true", "true"),
    ),
    "import_run": (
        *_BY_LEADS,
        ("lead", "UPDATE", "true", "state <> 'pending'"),  # an import that is done never becomes one that may go
        ("lead", "DELETE", "state = 'pending'", ""),
    ),
    "tombstone": (("reviewer", "SELECT", "true", ""),),
    "signature": (("reviewer", "SELECT", "true", ""), ("reviewer", "INSERT", "", f"author = {_ME}")),
    **dict.fromkeys(("project_version", "release"), _BY_LEADS),
    # Known answers, and what shows whether a pack was altered, are no reviewer's business.
    **dict.fromkeys(("control", "pack"), _LEADS_ALONE),
    "pack_item": (("lead", "SELECT", "true", ""), ("lead", "INSERT", "", "true")),
    # What was asked of a model, at what price, and what a service held, is a lead's to know.
    **dict.fromkeys(("sending", "service_record"), _LEADS_ALONE),
    "generation": (*_LEADS_ALONE, ("lead", "UPDATE", "true", "true")),
    **dict.fromkeys(("generation_item", "generation_reply", "service_part"), (("lead", "ALL", "true", "true"),)),
}


#: Table -> columns that say what was said: EXPLAIN would tell of them what it has counted.
_NOT_COUNTED = {
    "review": ("verdict", "base_hash", "result_hash", "judgement", "seconds"),
    "revision": ("parent_hash", "hash", "content", "kind"),
    "draft": ("value",),
    "event": ("refs",),
    "control": ("verdict", "note"),
    **{
        table.name: tuple(column.name for column in table.columns if not column.primary_key)
        for table in schema_generation.TABLES
        if table is not schema_generation.generation_source
    },
}


def statements(groups: Mapping[str, str], database: str) -> list[str]:
    """Return the grants and policies; ``groups`` are the quoted names of the roles' groups, ``database`` is quoted."""
    everyone = ", ".join(groups.values())
    made = [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {SCHEMA}, {TEAM} FROM PUBLIC",
        *(f"REVOKE ALL ON ALL {what} IN SCHEMA {SCHEMA}, {TEAM} FROM PUBLIC, {everyone}" for what in _KINDS),
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {groups['reviewer']}",
        f"GRANT USAGE ON SCHEMA {SCHEMA}, {TEAM} TO {groups['reviewer']}",
        f"GRANT SELECT, UPDATE ON {TEAM}.example_state TO {groups['reviewer']}",
        f"GRANT SELECT (seq, ended) ON {TEAM}.waiting TO {groups['reviewer']}",
        f"GRANT INSERT, DELETE ON {TEAM}.example_state TO {groups['lead']}",
        *(f"GRANT EXECUTE ON FUNCTION {TEAM}.{name} TO {groups['reviewer']}" for name in _CALLED),
        *(
            f"GRANT EXECUTE ON FUNCTION {TEAM}.{name} TO {groups['lead']}"
            for name in (*_PEOPLE, "gather(text)", _PURGE)
        ),
        *(
            f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN {column} SET STATISTICS 0"
            for table, columns in _NOT_COUNTED.items()
            for column in columns
        ),
        *_reading(groups["reviewer"]),
        *_writing(groups),
    ]
    return made + _policies(groups)


#: What an earlier version of this program allowed goes first.
_NO_POLICIES = f"""
DO $code$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = '{SCHEMA}' LOOP
        EXECUTE format('DROP POLICY %I ON {SCHEMA}.%I', one.policyname, one.tablename);
    END LOOP;
END
$code$
"""  # noqa: S608  (constants of ours)
_KINDS = ("TABLES", "SEQUENCES", "FUNCTIONS")


def _reading(group: str) -> list[str]:
    """Return the grants of columns rather than tables: where a row lies and who wrote it when is nobody's business."""
    columns = {t.name: [column.name for column in t.columns] for t in schema.metadata.sorted_tables} | _BESIDE
    return [
        f"GRANT SELECT ({', '.join(names)}) ON {SCHEMA}.{table} TO {group}"
        for table, names in columns.items()
        if table not in _HIDDEN
    ]


def _writing(groups: Mapping[str, str]) -> list[str]:
    made = []
    for role, group in groups.items():
        made += [f"GRANT INSERT{_given(name)} ON {SCHEMA}.{name} TO {group}" for name in _ADDED.get(role, ())]
        made += [f"GRANT DELETE ON {SCHEMA}.{name} TO {group}" for name in _REMOVED.get(role, ())]
        made += [f"GRANT USAGE ON SEQUENCE {SCHEMA}.{name}_id_seq TO {group}" for name in _NUMBERED.get(role, ())]
        for name in _CHANGED.get(role, ()):
            table, _space, columns = name.partition(" ")
            made.append(f"GRANT UPDATE {columns} ON {SCHEMA}.{table} TO {group}")
    return made


def _given(table: str) -> str:
    """Return the columns that a row may bring: a number that somebody chose would stand in the way of a later row."""
    columns = [] if table == "search" else [c.name for c in schema.metadata.tables[table].columns]
    numbered = any(table in tables for tables in _NUMBERED.values())
    return f" ({', '.join(name for name in columns if name != 'id')})" if numbered else ""


def _policies(groups: Mapping[str, str]) -> list[str]:
    made = [_NO_POLICIES]
    for table, policies in _POLICIES.items():
        made.append(f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY")
        for role, act, there, coming in policies:
            name = f"team_{role}_{act.lower()}"
            conditions = (f" USING ({there})" if there else "") + (f" WITH CHECK ({coming})" if coming else "")
            made.append(f"CREATE POLICY {name} ON {SCHEMA}.{table} FOR {act} TO {groups[role]}{conditions}")
    return made
