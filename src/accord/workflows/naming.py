"""Names of people: those a project knows, those new to it, and those that somebody may have mistyped."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from accord.domain.errors import Refused
from accord.domain.people import Person, Role
from accord.domain.wording import _
from accord.storage import events, people, reviews
from accord.storage.project import Unit, View

LONGEST_NAME = 200
_NEAREST = 3


class NotListed(Refused):
    """Names that are not on a project's list; ``option`` is what lists them in passing, where there is such a thing."""

    def __init__(self, names: Sequence[str], listed: Sequence[str], *, option: str = "") -> None:
        said = [_("Not on this project's list of people: {names}. Nothing was changed.", names=", ".join(names))]
        if listed:
            said.append(_("Nearest: {near}.", near=", ".join(nearest(names[0], listed))))
        said.append(
            _("Somebody new is added on the page People, or by: accord team PROJECT --add NAME --role reviewer.")
        )
        if option:
            said.append(_("{option} adds them as reviewers at once.", option=option))
        super().__init__(" ".join(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Names as the project writes them; of these who is ``new`` to it, and who leads it since people are named."""

    names: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def refs(self) -> dict[str, list[str]]:
        """What an event tells of it."""
        return {"new": list(self.new)} | ({"leads": list(self.leads)} if self.leads else {})

    @property
    def sentences(self) -> list[str]:
        """What to tell whoever named them; nothing where all are known."""
        said = [_("New here: {names}.", names=", ".join(self.new))] if self.new else []
        return said + ([leading(self.leads)] if self.leads else [])


def leading(names: Sequence[str]) -> str:
    """Return the sentence that tells who leads a project from the first naming of people on."""
    return _(
        "People are named here now, so somebody leads: {names}. Only a lead gives out, releases and changes people.",
        names=", ".join(names),
    )


def written(view: View, wanted: Sequence[str], *, server: bool, new: bool | None = None) -> list[str]:
    """Return names as the project writes them, or as they will be listed. Raises NotListed, and Refused for no name.

    Where reviewers are listed, only who has reviewed here before can be listed in passing, unless ``new`` says that the
    others are meant too (None: that cannot be said here); on a server nobody can.
    """
    everyone = people.everyone(view.connection)
    listed = [person for person in everyone if person.active]
    known = {name: people.among(listed, name) for name in wanted}
    unknown = [name for name, person in known.items() if person is None]
    if unknown and (server or (has_reviewers(listed) and not new)):
        allowed = [] if server else reviewers(view, besides=everyone)
        strangers = [name for name in unknown if name not in allowed]
        if strangers:
            raise NotListed(
                strangers, [person.name for person in listed], option="" if server or new is None else "--new"
            )
    left = {name: people.among(everyone, name) for name in unknown}  # who comes back comes under the name she had
    return sorted({checked_name(name) if person is None else person.name for name, person in (known | left).items()})


def meet(unit: Unit, wanted: Sequence[str], *, server: bool, new: bool | None = None) -> Met:
    """List those of these people whom nobody has listed, as reviewers; one who has left is back.

    Raises NotListed, and Refused for no name.
    """
    names = written(unit, wanted, server=server, new=new)
    listed = [person for person in people.everyone(unit.connection) if person.active]
    if all(people.among(listed, name) for name in names):
        return Met(names=tuple(names))
    leads = have_leads(unit)
    everyone = {person.name: person for person in people.everyone(unit.connection)}
    unlisted = [name for name in names if name not in everyone or not everyone[name].active]
    for name in unlisted:
        before = everyone.get(name, Person(name=name, role=Role.REVIEWER))
        people.put(unit.connection, replace(before, role=Role.REVIEWER, active=True), at=unit.at)
    return Met(names=tuple(names), new=tuple(unlisted), leads=leads)


def has_reviewers(listed: Sequence[Person]) -> bool:
    """Say whether reviewers are on the list, so that another name may be a mistake."""
    return any(person.active and person.role is Role.REVIEWER for person in listed)


def reviewers(view: View, besides: Sequence[Person] = ()) -> list[str]:
    """Return who has reviewed here, by name, but for these people."""
    theirs = {person.name for person in besides}
    return [name for name in reviews.totals(view)[0] if name not in theirs]


def have_leads(unit: Unit) -> tuple[str, ...]:
    """Make whoever made the project and whoever acts its leads where it has none, and return them."""
    if people.leads(unit.connection):
        return ()
    made = []
    for name in dict.fromkeys((events.maker(unit) or unit.actor, unit.actor)):
        known = people.among(people.everyone(unit.connection), name)
        lead = Person(name=name, role=Role.LEAD) if known is None else replace(known, role=Role.LEAD, active=True)
        people.put(unit.connection, lead, at=unit.at)
        made.append(lead.name)
    return tuple(made)


def nearest(name: str, listed: Sequence[str]) -> list[str]:
    """Return the listed names that are most like a name, the likest first."""
    folded = name.casefold()
    alike = {one: SequenceMatcher(None, folded, one.casefold()).ratio() for one in listed}
    return sorted(listed, key=lambda one: (-alike[one], one))[:_NEAREST]


def checked_name(text: str) -> str:
    """Return a name as it is kept. Raises Refused for one that cannot be."""
    name = unicodedata.normalize("NFC", text.strip())
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        raise Refused(
            _("A name has 1 to {n} letters and no line breaks or control signs. Nothing was changed.", n=LONGEST_NAME)
        )
    return name
