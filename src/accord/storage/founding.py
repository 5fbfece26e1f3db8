"""Making a project a team's on the server, or bringing that up to date: groups, functions, grants, policies."""
# ruff: noqa: S608  (statements are made of constants of ours alone)

import secrets

import sqlalchemy as sa

from accord.domain.people import Role
from accord.storage import blindness, grants, guards
from accord.storage.blindness import Function
from accord.storage.failures import DamagedProject
from accord.storage.postgres import SCHEMA, TEAM

_GUARD = f"""
    IF coalesce({TEAM}.my_role(), '') <> 'lead' AND session_user <> current_user THEN
        RAISE insufficient_privilege USING MESSAGE = 'permission denied for table person';
    END IF;
"""
_LAST = f"""
    IF NOT EXISTS (SELECT 1 FROM {SCHEMA}.person WHERE active AND role = 'lead') THEN
        RAISE check_violation USING MESSAGE = 'a team has a lead';
    END IF;
"""
#: The acts on people; they run as the owner, who may make roles, and look first whether a lead asks.
FUNCTIONS = {
    "admit": Function(
        "who text, wanted text, as_login text, verifier text",
        "void",
        "plpgsql VOLATILE",
        f"""
BEGIN{_GUARD}
    EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', as_login, verifier);
    EXECUTE format('GRANT %I TO %I', (SELECT name FROM {TEAM}.grouping WHERE role = wanted), as_login);
    INSERT INTO {SCHEMA}.person VALUES (who, wanted, as_login, true, now()::text)
        ON CONFLICT (name) DO UPDATE SET role = wanted, login = as_login, active = true, at = now()::text
        WHERE NOT person.active;
END
""",
    ),
    "set_role": Function(
        "who text, wanted text",
        "void",
        "plpgsql VOLATILE",
        f"""
DECLARE
    known text := (SELECT login FROM {SCHEMA}.person WHERE name = who AND active);
    one record;
BEGIN{_GUARD}
    FOR one IN SELECT role, name FROM {TEAM}.grouping WHERE known <> current_user LOOP
        EXECUTE format(CASE one.role WHEN wanted THEN 'GRANT %I TO %I' ELSE 'REVOKE %I FROM %I' END, one.name, known);
    END LOOP;
    UPDATE {SCHEMA}.person SET role = wanted WHERE name = who AND active AND known <> current_user;
{_LAST}END
""",
    ),
    "dismiss": Function(
        "who text, wanted text",
        "void",
        "plpgsql VOLATILE",
        f"""
DECLARE
    known text := (SELECT login FROM {SCHEMA}.person WHERE name = who AND active);
    one record;
BEGIN{_GUARD}
    UPDATE {SCHEMA}.person SET active = false WHERE name = who AND login <> current_user;
{_LAST}
    IF known <> current_user THEN
        BEGIN
            EXECUTE format('GRANT %I TO %I', known, current_user);
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = known;
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- what is still connected has no rights left
        END;
        BEGIN
            EXECUTE format('DROP ROLE %I', known);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            -- Who has made something of her own on the server, in whatever database, goes all the same.
            EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', known);
            FOR one IN SELECT name FROM {TEAM}.grouping LOOP
                EXECUTE format('REVOKE %I FROM %I', one.name, known);
            END LOOP;
        END;
    END IF;
END
""",
    ),
    "describe": Function(
        "who text, wanted text",
        "void",
        "plpgsql VOLATILE",
        f"""
BEGIN
    IF who IS DISTINCT FROM {TEAM}.me() THEN{_GUARD.rstrip().replace(chr(10), chr(10) + "    ")}
    END IF;
    UPDATE {SCHEMA}.person SET credential = wanted WHERE name = who AND active;
END
""",
    ),
    "set_password": Function(
        "who text, verifier text",
        "void",
        "plpgsql VOLATILE",
        f"""
DECLARE
    known text := (SELECT login FROM {SCHEMA}.person WHERE name = who AND active AND login <> current_user);
BEGIN{_GUARD}
    EXECUTE format('ALTER ROLE %I PASSWORD %L', known, verifier);
END
""",
    ),
}
#: Which acts were taken back, or took one back (``events.taken_back``). The events of others are hidden: it is told of
#: acts alone of which the reader can read a row, and those rows and their inverses tell the same.
RETRACTED = Function(
    "asked text[]",
    "SETOF text",
    "sql STABLE",
    f"""
SELECT DISTINCT said.act
FROM {SCHEMA}.event inverse
JOIN {SCHEMA}.event done
    ON done.id = substring(inverse.refs FROM '"of":"([^"]*)"') AND done.actor = inverse.actor,
LATERAL (VALUES (inverse.id), (CASE inverse.kind WHEN 'undo' THEN done.id END)) AS said (act)
WHERE inverse.kind IN ('undo', 'undo_part') AND said.act = ANY (asked) AND (
    {TEAM}.my_role() = 'lead' OR done.actor = {TEAM}.me()
    OR EXISTS (SELECT 1 FROM {SCHEMA}.decision d WHERE d.act = said.act)
    OR EXISTS (SELECT 1 FROM {SCHEMA}.review r WHERE r.act = said.act AND {TEAM}.unblinded(r.seq))
    OR EXISTS (SELECT 1 FROM {SCHEMA}.revision t
               WHERE t.act = said.act AND (NOT t.of_review OR {TEAM}.unblinded(t.seq))))
""",
)


def install(connection: sa.Connection) -> None:
    """Make the schema ``accord_team`` anew; the groups of the roles stay. For the database's owner alone."""
    groups = _groups(connection)
    run = connection.exec_driver_sql
    run(f"DROP SCHEMA IF EXISTS {TEAM} CASCADE")
    for statement in (*blindness.objects(), *_people_functions(), *guards.objects()):
        run(statement.replace("%", "%%"))
    quote = connection.dialect.identifier_preparer.quote_identifier
    below = ""
    for role, name in groups.items():
        known = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name")
        if connection.execute(known, {"name": name}).first() is None:
            run(f"CREATE ROLE {quote(name)} NOLOGIN")
            if below:
                run(f"GRANT {quote(below)} TO {quote(name)}")
        connection.execute(
            sa.text(f"INSERT INTO {TEAM}.grouping VALUES (:role, :name)"), {"role": role.value, "name": name}
        )
        below = name
    database = quote(str(connection.execute(sa.text("SELECT current_database()")).scalar()))
    for statement in grants.statements({role.value: quote(name) for role, name in groups.items()}, database):
        run(statement.replace("%", "%%"))


def check(connection: sa.Connection, place: str) -> None:
    """Raise DamagedProject where a function of the schema is missing or is not this program's."""
    if not blindness.in_force(connection):
        return
    query = sa.text("SELECT proname, prosrc, prosecdef FROM pg_proc WHERE pronamespace = to_regnamespace(:team)")
    found = {row.proname: (row.prosrc, row.prosecdef) for row in connection.execute(query, {"team": TEAM})}
    for name, one in (blindness.FUNCTIONS | _beside()).items():
        if found.get(name) != (one.body, True):
            raise DamagedProject(place, f"function {TEAM}.{name} is missing or changed")


def _groups(connection: sa.Connection) -> dict[Role, str]:
    """Return the names of the groups of roles; another database of the same server has others."""
    if blindness.in_force(connection):
        rows = connection.execute(sa.text(f"SELECT role, name FROM {TEAM}.grouping"))
        known = {Role(row.role): str(row.name) for row in rows}
        return {role: known[role] for role in Role}
    mark = secrets.token_hex(4)
    return {role: f"accord_{mark}_{role.value}" for role in Role}


def _people_functions() -> list[str]:
    made = [f"CREATE TABLE {TEAM}.grouping (role text PRIMARY KEY, name text NOT NULL)"]
    made += [blindness.function(name, one) for name, one in _beside().items()]
    return made


def _beside() -> dict[str, Function]:
    return FUNCTIONS | guards.FUNCTIONS | {"retracted": RETRACTED}
