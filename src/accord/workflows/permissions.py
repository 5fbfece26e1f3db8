"""Who acts in a project, and whether the role suffices: asked before an act, so that nothing is begun in vain.

The server asks again, row by row. In a file it is the program alone that asks: a name is no proof of who somebody is
there. While nobody is listed in a file everybody may do everything; from then on a name that is not listed looks on.
"""

from collections.abc import Sequence
from dataclasses import replace

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.wording import _
from accord.storage import people
from accord.storage.project import Project


class LooksOn(Refused):
    """What a name that is not listed cannot do."""

    def __init__(self, name: str, act: str, leads: Sequence[str]) -> None:
        super().__init__(
            _(
                "{name} is not one of the people of this project and only looks on: nobody unlisted can {act}. Nothing "
                "was changed. A lead adds people: {leads}.",
                name=name,
                act=act,
                leads=", ".join(leads),
            )
        )


def acting(*, project: Project, who: Who, named: str = "", stands_in: bool = False) -> Who:
    """Return who acts in an opened project: on a team's server always the person of the login, else who signs in now.

    ``named`` is the name that was asked for; ``stands_in`` where only the rows of a file are to bear it, which a lead
    may bring. Raises Refused for another's name.
    """
    person = project.sign_in(named or who.actor)
    if project.pack is not None and named not in {"", project.pack.reviewer}:
        raise Refused(
            _(
                "This review pack is for {name}: nobody else works in it. Nothing was changed; "
                "ask for a pack of your own.",
                name=project.pack.reviewer,
            )
        )
    if project.file is not None:
        return who if person is None else replace(who, actor=person.name)
    if person is None:
        return who
    if named and named != person.name:
        if stands_in and person.role is Role.LEAD:
            return who
        raise Refused(
            _("On this server you are {name}: nobody acts there as another. Leave --as out.", name=person.name)
        )
    return replace(who, actor=person.name)


def require(*, project: Project, role: Role, act: str) -> None:
    """Raise OnlyFor unless the person of the login has the role; without a team everybody has, in a pack nobody.

    Raises LooksOn for who is not listed.
    """
    person = project.person
    if project.pack is not None:
        raise Refused(
            _(
                "Nobody can {act} in a review pack. Nothing was changed; that is done in the project it came from.",
                act=act,
            )
        )
    require_listed(project=project, act=act)
    if person is not None and not person.may_act_as(role):
        raise OnlyFor(role, act)


def require_listed(*, project: Project, act: str) -> None:
    """Raise LooksOn for a name that is not on the list of a file's people."""
    person = project.person
    if person is not None and not person.active:
        raise LooksOn(person.name, act, leads_of(project=project))


def leads_of(*, project: Project) -> list[str]:
    """Return the names of those who lead the project."""
    with project.read() as view:
        return people.leads(view.connection)


def require_to_settle(*, project: Project) -> None:
    """Raise OnlyFor unless who works here may decide for others: settle, set aside, bring back, tag without a review.

    Asked of a file alone: a server knows at once of a changed role, and a review pack takes reviews alone.
    """
    if project.file is not None and project.pack is None and not has(project=project, role=Role.ADJUDICATOR):
        require(project=project, role=Role.ADJUDICATOR, act=_("settle, set aside or bring back"))


def has(*, project: Project, role: Role) -> bool:
    """Say whether the person of the login has a role; without a team everybody has."""
    return project.person is None or project.person.may_act_as(role)


def leads(*, project: Project) -> bool:
    """Say whether the person of the login is a lead; without a team everybody is."""
    return has(project=project, role=Role.LEAD)
