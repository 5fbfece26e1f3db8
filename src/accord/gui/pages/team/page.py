"""The Team page: who works on the project, in which role, and how the connection stands."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeVar

from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from accord.domain.ledger import Who
from accord.domain.people import Person, Role, ServerFacts
from accord.domain.wording import _
from accord.gui.context import Choice, Context, Params
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.page import Page
from accord.gui.pages.team import sentences
from accord.gui.pages.team.connection_card import ConnectionCard
from accord.gui.pages.team.password_card import PasswordCard
from accord.gui.pages.team.people_card import PeopleCard
from accord.gui.widgets import ActionButton, Card, EmptyState, FormRow, PlainLabel, Scrolled, Segmented, column, row
from accord.workflows import team
from accord.workflows.projects import Project

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the page shows, read in one go."""

    people: list[Person]
    server: ServerFacts | None
    owner: str


class TeamPage(Page):
    """Lists the people; a lead adds, changes and removes them here."""

    page_id: ClassVar[str] = "team"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.people, self.password = PeopleCard(), PasswordCard()
        self.people.role_wanted.connect(self._change_role)
        self.people.password_wanted.connect(self._renew)
        self.people.removal_wanted.connect(self._ask_removal)
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the new person"))
        self.name.setPlaceholderText(_("Ana Ruiz"))
        self.name.setMaxLength(team.LONGEST_NAME)
        self.name.returnPressed.connect(self.add)
        self.name.textChanged.connect(lambda _text: self._follow())
        roles = [(role.value, sentences.title(role)) for role in Role]
        self.role = Segmented(_("Role of the new person"), roles, value=Role.REVIEWER.value)
        context.actions.bind("team.add", self.add, enabled=lambda: bool(self.name.text().strip()) and self._may())
        self.add_button = ActionButton(context.actions, "team.add", kind="primary")
        self.adding = self._adding()
        self.connection = ConnectionCard()
        self.empty = EmptyState(
            _(
                "This project is on a server, and everybody who can open it may do everything. Made a team's, each "
                "person has a login and one role, and the server keeps to it. The owner of the database does this once."
            ),
            _("Make it a team's project"),
            self._found,
            icon="account-group-outline",
        )
        self.area = self._built()
        self.views = QStackedWidget()
        for view in (QWidget(), self.empty, self.area):  # the first is blank: shown until there is news
            self.views.addWidget(view)
        self.setLayout(column(self.views, gap=0))

    def activated(self, params: Params) -> None:  # noqa: ARG002  (the page takes no parameters)
        """Show who is there now."""
        self._read()

    def deactivated(self) -> None:
        """Put a password away that was shown."""
        self.password.forget()

    def refresh(self, changed: AbstractSet[str]) -> None:  # noqa: ARG002  (people may change with anything)
        """Read again."""
        self._read()

    def add(self) -> None:
        """Add the person whose name was typed."""
        name, role = self.name.text().strip(), Role(self.role.value())
        if name and self._may():
            self._write(_("Add a person"), partial(team.add, name=name, role=role), self._added)

    def _may(self) -> bool:
        project: Project = self.context.project
        return project.person is not None and project.person.role is Role.LEAD

    def _adding(self) -> Card:
        card = Card(_("Add a person"))
        fields = row(gap=12)
        fields.addWidget(FormRow(_("Name"), self.name), 1)
        fields.addLayout(column(PlainLabel(_("Role"), role="strong"), self.role, gap=4))
        card.body.addLayout(fields)
        card.body.addLayout(row(self.add_button, None))
        return card

    def _built(self) -> Scrolled:
        area = Scrolled(width=860)
        what = Card(_("What each role may do"))
        for role in Role:
            name = PlainLabel(sentences.title(role), role="strong")
            name.setFixedWidth(self.context.theme.px(110))
            told = row(name, gap=12)
            told.addWidget(PlainLabel(sentences.may(role), wrap=True), 1)
            what.body.addLayout(told)
        honest = _(
            "The server enforces this, also for somebody who connects without Accord. A lead sees everything; "
            "whoever owns the database can change everything."
        )
        what.body.addWidget(PlainLabel(honest, role="small", wrap=True))
        area.body.addWidget(PlainLabel(_("Team"), role="title"))
        for card in (self.password, self.people, self.adding, what, self.connection):
            area.body.addWidget(card)
        area.body.addStretch(1)
        return area

    def _read(self) -> None:
        project: Project = self.context.project

        def work(_progress: object) -> _Facts:
            people, owner = team.people(project=project), team.owner_of(project=project)
            return _Facts(people=people, server=team.server(project=project), owner=owner)

        run_read(self.context, _("Reading the team"), work, done=self._show)

    def _show(self, facts: _Facts) -> None:
        person: Person | None = self.context.project.person
        me = person.name if person is not None else ""
        self.people.show_people(facts.people, me=me, owner=facts.owner, may_change=self._may())
        self.adding.setVisible(self._may())
        if facts.server is not None:
            self.connection.show_server(facts.server)
        self.views.setCurrentWidget(self.area if facts.people else self.empty)
        self._follow()

    def _follow(self) -> None:
        self.add_button.update_from_action()

    def _change_role(self, name: str, role: str) -> None:
        self._write(_("Change a role"), partial(team.change_role, name=name, role=Role(role)), self._changed)

    def _renew(self, name: str) -> None:
        self.context.ask(
            _("A new password for {name}? The old one no longer opens the project.", name=name),
            Choice(
                title=_("Make a new password"),
                run=lambda: self._write(_("New password"), partial(team.renew_password, name=name), self._added),
                kind="primary",
            ),
            Choice(title=_("Cancel")),
        )

    def _ask_removal(self, name: str) -> None:
        self.context.ask(
            _("Remove {name}? The login is gone at once; the reviews stay, under the name.", name=name),
            Choice(
                title=_("Remove {name}", name=name),
                run=lambda: self._write(_("Remove a person"), partial(team.remove, name=name), self._removed),
                kind="danger",
            ),
            Choice(title=_("Cancel")),
        )

    def _found(self) -> None:
        def founded(person: Person) -> None:
            self.context.actor = person.name
            self._read()

        self._write(_("Make it a team's project"), team.found_here, founded)

    def _added(self, added: team.Added) -> None:
        self.name.clear()
        if added.password:
            where = team.address_for(project=self.context.project, person=added.person)
            self.password.show_password(added.person.name, added.password, where)
        else:
            self._changed(added.person)

    def _changed(self, person: Person) -> None:
        role = sentences.title(person.role)
        self.context.notify(_("{name} is now: {role}.", name=person.name, role=role), tone="good")

    def _removed(self, person: Person) -> None:
        self.context.notify(_("{name} is no longer of the team.", name=person.name), tone="good")

    def _write(self, title: str, act: Callable[..., T], done: Callable[[T], None]) -> None:
        project, who = self.context.project, Who(actor=self.context.actor, device=self.context.settings.device_id)

        def work(_progress: object) -> T:
            return act(project=project, who=who)

        run_write(self.context, title, work, done=done, failed=self._failed, changed=("settings",))

    def _failed(self, error: BaseException) -> None:
        self.context.notify(str(error), tone="error")
        self._read()  # a role that was chosen and refused is shown as it stands
