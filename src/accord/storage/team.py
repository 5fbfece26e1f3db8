"""The people of a team's server: login roles, each with one role in the project; made and removed by a lead."""

import hashlib
import secrets
from typing import Any

import sqlalchemy as sa

from accord.domain.people import Person, Role, ServerFacts
from accord.storage import blindness, founding, schema, states
from accord.storage.people import everyone
from accord.storage.postgres import SCHEMA, TEAM
from accord.storage.project import Unit, View
from accord.storage.texts import stored

LOGIN_BYTES = 63  # what PostgreSQL keeps of a role's name
_HASH_LETTERS = 8
_RESERVED = ("public", "none")
#: The logins to which this database's own groups were given.
_LOGINS = sa.text(
    "SELECT member.rolname FROM pg_auth_members m JOIN pg_roles member ON member.oid = m.member "  # noqa: S608  (a constant of ours)
    f"JOIN pg_roles granted ON granted.oid = m.roleid JOIN {TEAM}.grouping g ON g.name = granted.rolname"
)


def found(unit: Unit, first: str) -> None:
    """Make the project a team's, led by ``first``, whose login is the one of this connection: the database's owner.

    Made again, it brings functions, grants and policies up to date and leaves the people as they are.
    """
    founding.install(unit.connection)
    _add_first(unit, first)
    # From here on one signs with the password of the login.
    unit.connection.execute(sa.update(schema.person).values(phrase=""))
    # Until now a waiting example was listed with what reviewers had said of it.
    table = schema.requirement
    states.refresh(unit, unit.connection.execute(sa.select(table.c.seq).where(table.c.required > 1)).scalars())


def _add_first(unit: Unit, first: str) -> None:
    table = schema.person
    login = str(unit.connection.execute(sa.text("SELECT session_user")).scalar())
    logins = {login, *unit.connection.execute(_LOGINS).scalars()}
    for row in unit.connection.execute(sa.select(table).where(table.c.active)).all():
        # Restored from elsewhere; a login of that name, where there is one, is another project's and not to be touched.
        if row.login not in logins:
            unit.connection.execute(sa.update(table).where(table.c.name == row.name).values(active=False))
    if unit.connection.execute(sa.select(table.c.name).where(table.c.login == login, table.c.active)).first() is None:
        unit.connection.execute(sa.delete(table).where(table.c.name == first))
        unit.connection.execute(
            sa.insert(table).values(name=first, role=Role.LEAD.value, login=login, active=True, at=unit.at)
        )


def is_owner(view: View) -> bool:
    """Say whether this connection's login owns the database and the project in it."""
    query = sa.text(
        "SELECT pg_get_userbyid(d.datdba) = session_user AND pg_get_userbyid(n.nspowner) = session_user "
        "FROM pg_database d, pg_namespace n WHERE d.datname = current_database() AND n.nspname = :schema"
    )
    return bool(view.connection.execute(query, {"schema": SCHEMA}).scalar())


def owner(view: View) -> str:
    """Return the name of the database's owner."""
    query = sa.text("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
    return str(view.connection.execute(query).scalar())


def owner_may_make_roles(view: View) -> bool:
    """Say whether the owner may make logins."""
    query = sa.text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = :name")
    return bool(view.connection.execute(query, {"name": owner(view)}).scalar())


def is_team(view: View) -> bool:
    """Say whether the project is a team's."""
    return blindness.in_force(view.connection)


def people(view: View) -> list[Person]:
    """Return everybody who is or was of the team, those who are first, by name."""
    return everyone(view.connection)


def admit(unit: Unit, name: str, role: Role, password: str) -> Person:
    """Make a login for a person who has none. The password leaves this machine only as a verifier."""
    login = _free_login(unit, name)
    verifier = _verifier(unit, login, password)
    _call(unit, "admit(:name, :role, :login, :verifier)", name=name, role=role.value, login=login, verifier=verifier)
    return Person(name=name, role=role, login=login)


def set_role(unit: Unit, name: str, role: Role) -> None:
    """Give a person another role."""
    _call(unit, "set_role(:name, :role)", name=name, role=role.value)


def set_password(unit: Unit, person: Person, password: str) -> None:
    """Give a person another password."""
    verifier = _verifier(unit, person.login, password)
    _call(unit, "set_password(:name, :verifier)", name=person.name, verifier=verifier)


def dismiss(unit: Unit, name: str) -> None:
    """Take a person's login away; what she wrote stays under her name."""
    _call(unit, "dismiss(:name, '')", name=name)


def server(view: View) -> ServerFacts:
    """Return what the server says of this connection."""
    row = view.connection.execute(
        sa.text(
            "SELECT current_database() AS database, current_setting('server_version') AS version, "
            "session_user AS login, coalesce(s.version, '') AS encryption, "
            "inet_server_addr() IS NULL OR host(inet_server_addr()) IN ('127.0.0.1', '::1') AS local "
            "FROM (SELECT pg_backend_pid() AS pid) me LEFT JOIN pg_stat_ssl s ON s.pid = me.pid AND s.ssl"
        )
    ).one()
    return ServerFacts(**row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)


def _call(unit: Unit, call: str, **values: str) -> None:
    unit.connection.execute(sa.text(f"SELECT {TEAM}.{call}"), {name: stored(value) for name, value in values.items()})


def _verifier(unit: Unit, login: str, password: str) -> str:
    raw: Any = unit.connection.connection.driver_connection
    made: bytes = raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def _free_login(unit: Unit, name: str) -> str:
    """Return a login for a name: the name itself where the server can hold it and nobody has it."""
    plain = name.encode()
    taken = name.lower().startswith("pg_") or name.lower() in _RESERVED or _role_exists(unit, name)
    if len(plain) <= LOGIN_BYTES and not taken:
        return name
    room = LOGIN_BYTES - _HASH_LETTERS - 1
    start = plain[:room].decode("utf-8", "ignore")
    start = f"a{start[1:]}" if start.lower().startswith("pg_") else start
    while True:
        mark = hashlib.sha256(plain + secrets.token_bytes(8)).hexdigest()[:_HASH_LETTERS]
        if not _role_exists(unit, f"{start}-{mark}"):
            return f"{start}-{mark}"


def _role_exists(unit: Unit, name: str) -> bool:
    query = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    return unit.connection.execute(query, {"name": name}).first() is not None
