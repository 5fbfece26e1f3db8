"""What a lead does with people: role, credential, password, retirement; each asked or with a way back."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from accord.domain.people import Person, Role
from accord.domain.wording import _, plural
from accord.gui import opening
from accord.gui.context import Choice
from accord.gui.jobs_bridge import run_write
from accord.gui.sign_in import role_title
from accord.workflows import naming, people, team
from accord.workflows.team import Added

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

T = TypeVar("T")


class PeopleActs(QObject):
    """Runs for the page, which shows what came of it."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(page)
        self._page, self._context = page, page.context

    def change_role(self, name: str, role: str) -> None:
        """Give a person another role, with a way back."""
        before = next((p.role for p in self._page.facts.people if p.name == name), None) if self._page.facts else None
        act = partial(people.change_role, name=name, role=Role(role))

        def done(person: Person) -> None:
            back = partial(self.change_role, name, before.value) if before is not None else None
            told = _("{name} is now: {role}.", name=person.name, role=role_title(person.role))
            self._context.notify(told, tone="good", undo=back)

        self.write(_("Change a role"), act, done)

    def describe(self, name: str, credential: str) -> None:
        """Write down a person's credential, with a way back."""
        before = next((p.credential for p in self._page.facts.people if p.name == name), "") if self._page.facts else ""

        def done(person: Person) -> None:
            back = partial(self.describe, name, before)
            self._context.notify(_("Kept the credential of {name}.", name=person.name), tone="good", undo=back)

        self.write(_("Credential"), partial(people.describe, name=name, credential=credential), done)

    def renew_password(self, name: str) -> None:
        """Ask, then make a new password."""
        self._context.ask(
            _("A new password for {name}? The old one no longer opens the project.", name=name),
            Choice(
                title=_("Make a new password"),
                run=lambda: self.write(_("New password"), partial(team.renew_password, name=name), self.added),
                kind="primary",
            ),
            Choice(title=_("Cancel")),
        )

    def ask_retirement(self, name: str) -> None:
        """Ask, then let a person go."""
        gone = _("The login is gone at once; the reviews stay, under the name.")
        stays = _("The reviews stay, under the name; added again, the person is back.")
        told = [_("Retire {name}?", name=name), gone if self._context.project.file is None else stays]
        waiting = self._page.waiting.get(name, 0)
        if waiting:
            told.append(
                plural("{n} example not judged is taken back.", "{n} examples not judged are taken back.", waiting)
            )
        self._context.ask(
            " ".join(told),
            Choice(
                title=_("Retire {name}", name=name),
                run=lambda: self.write(
                    _("Retire a person"), partial(people.retire, name=name), partial(self._gone, name)
                ),
                kind="danger",
            ),
            Choice(title=_("Cancel")),
        )

    def found(self) -> None:
        """Make the project on a server a team's."""

        def founded(person: Person) -> None:
            self._context.actor = person.name
            self._page.read()

        self.write(_("Make it a team's project"), team.found_here, founded)

    def added(self, added: Added) -> None:
        """Show the password that was made for somebody, or say that she is there."""
        self._page.adding.clear()
        person = added.person
        if added.password:
            where = team.address_for(project=self._context.project, person=person)
            self._page.password.show_password(person.name, added.password, where)
        else:
            told = [_("{name} is now: {role}.", name=person.name, role=role_title(person.role))]
            told += [naming.leading(added.leads)] if added.leads else []
            self._context.notify(" ".join(told), tone="good")

    def _gone(self, name: str, _taken_back: int) -> None:
        self._context.notify(_("{name} no longer works on the project.", name=name), tone="good")

    def write(self, title: str, act: Callable[..., T], done: Callable[[T], None]) -> None:
        """Do an act and read the people again."""
        work = partial(act, project=self._context.project, who=opening.who(self._context))
        run_write(
            self._context,
            title,
            lambda _progress: work(),
            done=done,
            failed=self._failed,
            changed=("settings", "examples"),
        )

    def _failed(self, error: BaseException) -> None:
        self._context.notify(str(error), tone="error")
        self._page.read()  # a role that was chosen and refused is shown as it stands
