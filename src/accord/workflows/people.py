"""The people of a project: who works on it and as what; rows in a file, logins on a server (``team``)."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.moments import now
from accord.domain.people import Person, Role
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import assignments, events, states
from accord.storage import people as store
from accord.storage.project import Project, View
from accord.workflows import assigning, naming, permissions, team
from accord.workflows.team import Added

LONGEST_CREDENTIAL = 200
_SECOND_LOOK = "repeat"
_UNTOUCHED = (Status.CANDIDATE, Status.NEEDS_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yours:
    """What one person is to review: the numbers of what is not judged yet, and how many were given in all."""

    left: "array[int]"
    given: int


def everyone(*, project: Project) -> list[Person]:
    """Return the people who work on the project now, by name; nobody where it is one person's and not said whose."""
    with project.read() as view:
        return [person for person in store.everyone(view.connection) if person.active]


def names_among(*, project: Project, names: Sequence[str]) -> list[str]:
    """Return typed names as the people bear them. Raises NotListed for one that is nobody's."""
    with project.read() as view:
        return [_of_the_project(view, name).name for name in names if name.strip()]


def add(
    *, project: Project, who: Who, name: str, role: Role, credential: str | None = None, password: str = ""
) -> Added:
    """Add a person, bring one back who had left, or give one who is there another role.

    In a file that has no lead whoever made it, and whoever adds, then lead it. On a server a password is made unless
    one is given.
    Raises OnlyFor, and Refused for a name or a password that cannot be used, and for the last lead.
    """
    if project.file is None:
        added = team.add(project=project, who=who, name=name, role=role, password=password)
        if credential is None:
            return added
        return replace(added, person=describe(project=project, who=who, name=added.person.name, credential=credential))
    if password:
        raise Refused(_("People of a file have no password: whoever has the file can open it. Leave the password out."))
    _require_lead(project)
    wanted = naming.checked_name(name)
    with project.write(who) as unit:
        leads = naming.have_leads(unit)
        known = _known(unit, wanted)
        if known is not None and known.active and known.role is Role.LEAD and role is not Role.LEAD:
            _keep_a_lead(unit, known)
        kept = known.credential if known is not None else ""
        person = Person(
            name=known.name if known is not None else wanted,
            role=role,
            credential=kept if credential is None else _checked_credential(credential),
        )
        store.put(unit.connection, person, at=unit.at)
        events.append(unit, "team", {"person": person.name, "role": role.value})
        others = tuple(lead for lead in leads if lead != person.name)
        for lead in others:
            events.append(unit, "team", {"person": lead, "role": Role.LEAD.value})
        unit.commit()
    return Added(person=person, leads=others)


def change_role(*, project: Project, who: Who, name: str, role: Role) -> Person:
    """Give a person another role. Raises OnlyFor, and Refused for the last lead and for who is not there."""
    if project.file is None:
        return team.change_role(project=project, who=who, name=name, role=role)
    with project.read() as view:
        known = _of_the_project(view, name)
    return add(project=project, who=who, name=known.name, role=role).person


def describe(*, project: Project, who: Who, name: str, credential: str) -> Person:
    """Write down what stands beside a person's signature; one's own, or as a lead. Raises OnlyFor and Refused."""
    person = project.person
    if person is None or person.name != name:
        permissions.require(project=project, role=Role.LEAD, act=_("change what is written of another person"))
    told = _checked_credential(credential)
    with project.write(who) as unit:
        known = _of_the_project(unit, name)
        store.describe(unit.connection, known.name, told)
        events.append(unit, "team", {"person": known.name, "credential": "new"})
        unit.commit()
    return replace(known, credential=told)


def retire(*, project: Project, who: Who, name: str) -> int:
    """Let a person go: what she reviewed stays under her name, what waits for her is taken back.

    What several were to review still needs as many, and waits until it is given to somebody else. On a server her login
    is gone at once. Returns how many examples were taken back. Raises OnlyFor, and Refused for the last lead, oneself
    and who is not there.
    """
    _require_lead(project)
    with project.read() as view:
        known = _of_the_project(view, name)
        if project.person is not None and project.person.name == known.name:
            raise Refused(_("You cannot take yourself out of the project. Another lead can; nothing was changed."))
        _keep_a_lead(view, known)
    waiting = sorted(unjudged(project=project, name=known.name))
    if project.file is None:
        team.remove(project=project, who=who, name=known.name)
    taken = 0
    if waiting:
        taken = assigning.take_back(project=project, who=who, numbers=waiting, reviewer=known.name, as_many=True)
    if project.file is not None:
        with project.write(who) as unit:
            store.put(unit.connection, replace(known, active=False), at=unit.at)
            events.append(unit, "team", {"person": known.name, "role": ""})
            unit.commit()
    return taken


def unjudged(*, project: Project, name: str) -> "array[int]":
    """Return the numbers of the examples that a person was given and has not judged, ascending."""
    return given_to(project=project, name=name).left


def given_to(*, project: Project, name: str) -> Yours:
    """Return what a person was given to review, as the reader may know of it; a second look of one's own is none.

    What was judged and changed since is to be judged again, what is set aside is not.
    """
    with project.read() as view:
        given = {one.seq: one for one in assignments.in_force(view, now(), reviewer=name) if one.kind != _SECOND_LOOK}
        seqs = sorted(given)
        rows = assignments.reviewable(view, seqs)
        judged = assignments.judged(view, seqs)
    done = {seq for seq in seqs if (seq, name, given[seq].round) in judged}
    left = sorted(
        row.seq for row in rows if row.status in _UNTOUCHED or (row.seq not in done and row.status != Status.SET_ASIDE)
    )
    return Yours(left=array("q", left), given=len(given))


def blind_until(*, project: Project, number: int, anew: bool = False) -> int:
    """Return how many people have to judge an example before who works sees what others said of it; 0: she sees it.

    It does not tell whether others have judged it: as long as she has not, it waits in any case. ``anew``: it came back
    to her, and is shown as if nobody had.
    """
    if permissions.leads(project=project):
        return 0
    with project.read() as view:
        rows = assignments.reviewable(view, [number])
        required = states.requirements(view, [number]).get(number, 1)
    waits = anew or any(row.status in {*_UNTOUCHED, Status.IN_REVIEW} for row in rows)
    return required if waits and required > 1 else 0


def _require_lead(project: Project) -> None:
    permissions.require(project=project, role=Role.LEAD, act=_("add, change or remove people"))


def _keep_a_lead(view: View, leaving: Person) -> None:
    people = store.everyone(view.connection)
    others = [p for p in people if p.active and p.role is Role.LEAD and p.name != leaving.name]
    if leaving.role is Role.LEAD and not others:
        raise Refused(
            _("{name} is the only lead. Make somebody else a lead first; nothing was changed.", name=leaving.name)
        )


def _known(view: View, name: str) -> Person | None:
    """Return the person of that name; names that differ in case alone would be taken for each other."""
    return store.among(store.everyone(view.connection), name)


def _of_the_project(view: View, name: str) -> Person:
    known = _known(view, name.strip())
    if known is None or not known.active:
        listed = [person.name for person in store.everyone(view.connection) if person.active]
        raise naming.NotListed([name.strip()], listed)
    return known


def _checked_credential(text: str) -> str:
    told = " ".join(text.split())
    if len(told) > LONGEST_CREDENTIAL:
        raise Refused(_("A credential has at most {n} letters. Nothing was changed.", n=LONGEST_CREDENTIAL))
    return told
