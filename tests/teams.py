"""A team on a server of the tests' own: four people, twelve examples, half of which need two reviewers."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.records import RawRecord
from accord.storage import listing, states
from accord.storage import team as store
from accord.storage.project import Project, create_project, open_project
from accord.workflows import team
from tests.storage.conftest import bring_in, record

OWNER = Who(actor="dora", device="desk")
PEOPLE = {"ana": Role.REVIEWER, 'Bo "the" O\'Neil; --': Role.REVIEWER, "cara": Role.ADJUDICATOR, "lena": Role.LEAD}
ANA, BO, CARA, LENA = PEOPLE
PASSWORD = "long enough to be one"  # noqa: S105  (of a server that lives as long as the test)
EXAMPLES = 12
DOUBLE = range(1, EXAMPLES // 2 + 1)


def request_of(number: int) -> str:
    """Return the request of an example; the first two ask the same and are answered differently."""
    return f"Question {max(number, 2)} about dose{max(number, 2)}?"


ROWS = [record(n, request_of(n), f"Answer {n}.", tags=("t",)) for n in range(1, EXAMPLES + 1)]
TWO_OF_HALF = dict.fromkeys(DOUBLE, 2)


class Team:
    """Connections of each person, and of the owner, to one database."""

    def __init__(
        self, database: str, rows: Sequence[RawRecord] = ROWS, required: Mapping[int, int] = TWO_OF_HALF
    ) -> None:
        self.database = database
        create = create_project(database)
        bring_in(create, rows, who=OWNER)
        create.close()
        self.owner = team.init(where=database, who=OWNER)
        self.logins: dict[str, str] = {}
        for name, role in PEOPLE.items():
            added = team.add(project=self.owner, who=OWNER, name=name, role=role, password=PASSWORD)
            self.logins[name] = added.person.login
        with self.owner.write(OWNER) as unit:
            for seq, number in required.items():
                states.require(unit, [seq], number)
            unit.commit()
        with self.owner.read() as view:
            self.ids = listing.ids_of(view, range(1, len(rows) + 1))
        self.open = {name: open_project(self.address(name)) for name in PEOPLE}

    def address(self, name: str) -> str:
        """Return the address that a person opens."""
        url = sa.make_url(self.database).set(username=self.logins[name], password=PASSWORD)
        return url.render_as_string(hide_password=False)

    def __getitem__(self, name: str) -> Project:
        """Return the project as a person opened it."""
        return self.open[name]

    def raw(self, name: str) -> "psycopg.Connection[Any]":
        """Return a person's connection without the program; each statement is a transaction of its own."""
        return typed(self.address(name))

    def close(self) -> None:
        """Close all, and remove the logins: they belong to the server and not to the database."""
        for project in self.open.values():
            project.close()
        for person in team.people(project=self.owner):
            if person.name in self.logins:
                with self.owner.write(OWNER) as unit:
                    store.dismiss(unit, person.name)
                    unit.commit()
        self.owner.close()


def who(name: str) -> Who:
    """Return a person at the desk that all of them share."""
    return Who(actor=name, device="desk")


def typed(address: str) -> "psycopg.Connection[Any]":
    """Connect as somebody who types statements."""
    url = sa.make_url(address)
    return psycopg.connect(
        host=url.host, port=url.port, dbname=url.database, user=url.username, password=url.password, autocommit=True
    )
