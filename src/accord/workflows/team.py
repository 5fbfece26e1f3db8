"""A team on a server: its lead makes a project the team's, adds people with one role each, and removes them."""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import Person, Role, ServerFacts
from accord.domain.wording import _
from accord.storage import address, events, team
from accord.storage.failures import NoProject
from accord.storage.project import Project, Unit, View
from accord.storage.project import open_project as open_place
from accord.workflows import permissions, projects
from accord.workflows.naming import checked_name

LEAST_PASSWORD = 10
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _GROUP = 5, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A person who was added or changed; ``password`` is the one that was made for her, empty where none was.

    ``leads``: who else leads since, where she is the first one who is named in a file.
    """

    person: Person
    password: str = ""
    leads: tuple[str, ...] = ()


def init(*, where: str, who: Who, preset: str = "general", name: str = "") -> Project:
    """Make the project on a server a team's, led by whoever is connected, and return it open.

    The project is made where the database holds none. Raises Refused for a file, and for whoever does not own the
    database.
    """
    if not address.is_address(where):
        raise Refused(_("A team works on a server. Name its database: postgresql://NAME@HOST/DATABASE."))
    try:
        project = open_place(where)
    except NoProject:
        project = projects.new_project(path=where, who=who, preset_name=preset)
    try:
        found_here(project=project, who=who, name=name)
    except BaseException:
        project.close()
        raise
    return project


def found_here(*, project: Project, who: Who, name: str = "") -> Person:
    """Make an opened project on a server a team's and return its first lead: whoever is connected, its owner.

    Made again it brings the rules on the server up to date and leaves the people as they are. Raises Refused.
    """
    first = checked_name(name or who.actor)
    with project.write(who) as unit:
        if not team.is_owner(unit):
            raise Refused(
                _(
                    "Only the owner of the database ({owner}) can make it a team's. Nothing was changed.",
                    owner=team.owner(unit),
                )
            )
        _require_role_maker(unit)
        before = team.is_team(unit)
        team.found(unit, first)
        if not before:
            events.append(unit, "team", {"lead": first})
        unit.commit()
    project.meet()
    person = project.person
    assert person is not None  # noqa: S101  (it was written just now)
    return person


def _require_role_maker(view: View) -> None:
    if not team.owner_may_make_roles(view):
        raise Refused(
            _(
                "The server does not let {owner} make logins. Ask its administrator for: "
                'ALTER ROLE "{owner}" CREATEROLE.',
                owner=team.owner(view),
            )
        )


def address_for(*, project: Project, person: Person) -> str:
    """Return the address with which a person opens the project."""
    return address.of_login(project.place, person.login)


def people(*, project: Project) -> list[Person]:
    """Return the people of the team, by name; nobody where there is no team."""
    with project.read() as view:
        return [person for person in team.people(view) if person.active]


def server(*, project: Project) -> ServerFacts | None:
    """Return what the server says of the connection; None for a file."""
    if project.file is not None:
        return None
    with project.read() as view:
        return team.server(view)


def owner_of(*, project: Project) -> str:
    """Return the login that owns the database, empty for a file."""
    if project.file is not None:
        return ""
    with project.read() as view:
        return team.owner(view)


def add(*, project: Project, who: Who, name: str, role: Role, password: str = "") -> Added:
    """Add a person, or give one who is there another role. Without ``password`` one is made, to be shown once.

    Raises OnlyFor, and Refused for a name or a password that cannot be used, and for the last lead.
    """
    _require_lead(project)
    wanted = checked_name(name)
    with project.write(who) as unit:
        known = _known(team.people(unit), wanted)
        if known is not None and known.active:
            if password:
                _require_password(password)
                team.set_password(unit, known, password)
            added = Added(person=_change(unit, known, role))
        else:
            made = password or new_password()
            _require_password(made)
            person = team.admit(unit, known.name if known else wanted, role, made)
            added = Added(person=person, password="" if password else made)
        events.append(unit, "team", {"person": added.person.name, "role": role.value})
        unit.commit()
    return added


def change_role(*, project: Project, who: Who, name: str, role: Role) -> Person:
    """Give a person of the team another role. Raises OnlyFor, and Refused for the last lead and the owner."""
    _require_lead(project)
    with project.write(who) as unit:
        known = _of_the_team(unit, name)
        changed = _change(unit, known, role)
        events.append(unit, "team", {"person": changed.name, "role": role.value})
        unit.commit()
    return changed


def _of_the_team(view: View, name: str) -> Person:
    known = _known(team.people(view), name.strip())
    if known is None or not known.active:
        raise Refused(_("Nobody called {name} is of the team. Nothing was changed.", name=name.strip()))
    return known


def _change(unit: Unit, known: Person, role: Role) -> Person:
    if known.role is role:
        return known
    if known.login == team.owner(unit):
        raise Refused(_("{name} owns the database and stays a lead. Nothing was changed.", name=known.name))
    _keep_a_lead(unit, known)
    team.set_role(unit, known.name, role)
    return replace(known, role=role)


def remove(*, project: Project, who: Who, name: str) -> Person:
    """Take a person's login away at once; what she wrote stays, under her name. Raises OnlyFor and Refused."""
    _require_lead(project)
    with project.write(who) as unit:
        known = _of_the_team(unit, name)
        if known.login == team.owner(unit):
            raise Refused(_("{name} owns the database and cannot be removed. Nothing was changed.", name=known.name))
        _keep_a_lead(unit, known)
        team.dismiss(unit, known.name)
        events.append(unit, "team", {"person": known.name, "role": ""})
        unit.commit()
    return known


def renew_password(*, project: Project, who: Who, name: str) -> Added:
    """Make a new password for a person, to be shown once; the old one is void. Raises OnlyFor and Refused."""
    _require_lead(project)
    with project.write(who) as unit:
        known = _of_the_team(unit, name)
        if known.login == team.owner(unit):
            raise Refused(_("{name} has no login that can be changed here.", name=name.strip()))
        made = new_password()
        team.set_password(unit, known, made)
        events.append(unit, "team", {"person": known.name, "password": "new"})
        unit.commit()
    return Added(person=known, password=made)


def password_in(*, path: Path) -> str:
    """Return the password that stands in the first line of a file. Raises Refused for one that is too short."""
    with path.open(encoding="utf-8") as file:
        found = file.readline().rstrip("\r\n")
    _require_password(found)
    return found


def new_password() -> str:
    """Make a password that is easy to type: 20 letters and figures, some 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(_GROUP)) for _group in range(_GROUPS))


def _require_lead(project: Project) -> None:
    if project.file is not None:
        raise Refused(_("A file has no team. Move the project to a server first: see “A team” in the help."))
    with project.read() as view:
        founded = team.is_team(view)
    if not founded:
        raise Refused(_("This project has no team yet. Its owner makes one: accord team URL --init."))
    permissions.require(project=project, role=Role.LEAD, act=_("add, change or remove people"))


def _keep_a_lead(view: View, leaving: Person) -> None:
    others = [p for p in team.people(view) if p.active and p.role is Role.LEAD and p.name != leaving.name]
    if leaving.role is Role.LEAD and not others:
        raise Refused(
            _("{name} is the only lead. Make somebody else a lead first; nothing was changed.", name=leaving.name)
        )


def _known(people_: list[Person], name: str) -> Person | None:
    """Return the person of that name; names that differ in case alone would be taken for each other."""
    return next((person for person in people_ if person.name.casefold() == name.casefold()), None)


def _require_password(password: str) -> None:
    if len(password) < LEAST_PASSWORD or "\0" in password:
        raise Refused(_("A password has at least {n} letters. Nothing was changed.", n=LEAST_PASSWORD))
