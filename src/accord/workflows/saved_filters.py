"""Filters that a person keeps by a name, in the project, for oneself."""

from dataclasses import dataclass

from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.storage import personal
from accord.storage.project import Project
from accord.workflows import filter_reading

_PREFIX = "filter/"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A name and the filter it stands for, in the filter language."""

    name: str
    where: str


def listed(*, project: Project, person: str) -> list[SavedFilter]:
    """Return what a person has kept, by name."""
    with project.read() as view:
        found = personal.listed(view, person, _PREFIX)
    return [SavedFilter(name=name, where=where) for name, where in found.items()]


def save(*, project: Project, who: Who, name: str, where: str) -> SavedFilter:
    """Keep a filter by a name; one of that name is replaced.

    Raises Refused for a name that is empty or too long or a filter that filters nothing, BadFilter for a wrong one.
    """
    kept = SavedFilter(name=_usable(name), where=where)
    if not filter_reading.read(where):
        raise Refused(_("There is no filter to keep: choose or type one first."))
    with project.write(who) as unit:
        personal.put(unit, who.actor, _PREFIX + kept.name, where)
        unit.commit()
    return kept


def rename(*, project: Project, who: Who, name: str, to: str) -> SavedFilter:
    """Give a kept filter another name. Raises NotFound, and Refused where that name is taken or cannot be used."""
    wanted = _usable(to)
    with project.write(who) as unit:
        found = personal.listed(unit, who.actor, _PREFIX)
        if name not in found:
            raise NotFound(_("filter"), name)
        if wanted in found and wanted != name:
            raise Refused(_("There is a filter named “{name}” already.", name=wanted))
        personal.put(unit, who.actor, _PREFIX + name, None)
        personal.put(unit, who.actor, _PREFIX + wanted, found[name])
        unit.commit()
    return SavedFilter(name=wanted, where=found[name])


def delete(*, project: Project, who: Who, name: str) -> SavedFilter:
    """Forget a kept filter and return it, so that it can be kept again. Raises NotFound."""
    with project.write(who) as unit:
        found = personal.listed(unit, who.actor, _PREFIX)
        if name not in found:
            raise NotFound(_("filter"), name)
        personal.put(unit, who.actor, _PREFIX + name, None)
        unit.commit()
    return SavedFilter(name=name, where=found[name])


def _usable(name: str) -> str:
    found = " ".join(name.split())
    if not found:
        raise Refused(_("A filter needs a name."))
    if len(found) > LONGEST_NAME:
        raise Refused(_("A name has at most {n} characters.", n=LONGEST_NAME))
    return found
