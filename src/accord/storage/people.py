"""The people of a project: role, credential; in a file they are rows. One who leaves stays, inactive."""

import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa

from accord.domain.people import Person, Role
from accord.storage import schema
from accord.storage.postgres import TEAM
from accord.storage.texts import stored


def everyone(connection: sa.Connection) -> list[Person]:
    """Return everybody who is or was of the project, those who are first, by name."""
    table = schema.person
    rows = connection.execute(sa.select(table).order_by(table.c.active.desc(), table.c.name))
    return [_person(row) for row in rows]


def named(connection: sa.Connection, name: str) -> Person | None:
    """Return the person of a name who is of the project now."""
    return among([person for person in everyone(connection) if person.active], name)


def among(listed: Sequence[Person], name: str) -> Person | None:
    """Return the one of these people who bears a name, however its letters are cased and put together."""
    exact = next((person for person in listed if person.name == name), None)
    return exact or next((person for person in listed if _spelt(person.name) == _spelt(name)), None)


def _spelt(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def leads(connection: sa.Connection) -> list[str]:
    """Return the names of those who lead the project now."""
    return [person.name for person in everyone(connection) if person.active and person.role is Role.LEAD]


def working(connection: sa.Connection, name: str) -> Person | None:
    """Return who works in a file under a name; None while nobody leads it, and everybody may do everything.

    A name that is not listed looks on as a reviewer does, and is not ``active``.
    """
    found = named(connection, name)
    if found is None and leads(connection):
        return Person(name=name, role=Role.REVIEWER, active=False)
    return found


def put(connection: sa.Connection, person: Person, *, at: str) -> None:
    """Add a person to a file, or bring one back, or change what is known of her; not for a server, which has logins."""
    table = schema.person
    phrase = connection.execute(sa.select(table.c.phrase).where(table.c.name == person.name)).scalar() or ""
    connection.execute(sa.delete(table).where(table.c.name == person.name))
    facts = {"role": person.role.value, "login": "", "credential": person.credential, "phrase": phrase}
    connection.execute(sa.insert(table).values(name=person.name, active=person.active, at=at, **facts))


def describe(connection: sa.Connection, name: str, credential: str) -> None:
    """Write down a person's credential; one's own, or as a lead."""
    if connection.dialect.name == "postgresql":
        call = sa.text(f"SELECT {TEAM}.describe(:name, :credential)")
        connection.execute(call, {"name": stored(name), "credential": stored(credential)})
        return
    connection.execute(sa.update(schema.person).where(schema.person.c.name == name).values(credential=credential))


def _person(row: sa.Row[tuple[object, ...]]) -> Person:
    return Person(name=row.name, role=Role(row.role), login=row.login, active=row.active, credential=row.credential)
