"""The People page: who works on the project and as what, who reviews what, and how far everybody is."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar, TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from accord.domain.people import Person, Role
from accord.domain.wording import _, plural
from accord.gui import opening
from accord.gui.context import Choice, Context, Params
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.page import Page
from accord.gui.pages.people import sentences
from accord.gui.pages.people.adding_card import AddingCard
from accord.gui.pages.people.connection_card import ConnectionCard
from accord.gui.pages.people.giving import Giving
from accord.gui.pages.people.password_card import PasswordCard
from accord.gui.pages.people.people_card import PeopleCard, Shown
from accord.gui.pages.people.reading import PeopleFacts, read_facts
from accord.gui.sign_in import role_title
from accord.gui.widgets import Card, EmptyState, PlainLabel, Scrolled, column, row
from accord.workflows import people, permissions, team
from accord.workflows.team import Added

T = TypeVar("T")


class PeoplePage(Page):
    """Lists the people; a lead adds, changes and retires them here, and gives out what they review."""

    page_id: ClassVar[str] = "people"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts: PeopleFacts | None = None
        self.waiting: dict[str, int] = {}
        actions = context.actions
        actions.bind("people.add", self.add, enabled=self._may_add)
        self.people, self.password = PeopleCard(), PasswordCard()
        self.adding = AddingCard(actions)
        self.giving = Giving(self)
        actions.bind("people.preview", self.giving.preview, enabled=self.giving.may_preview)
        actions.bind("people.give", self.giving.give, enabled=self.giving.may_give)
        self.connection = ConnectionCard()
        self.alone = Card()
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
        self._connect()
        self.follow()

    def activated(self, params: Params) -> None:  # noqa: ARG002  (the page takes no parameters)
        """Show who is there now."""
        self._read()

    def deactivated(self) -> None:
        """Put a password away that was shown."""
        self.password.forget()

    def refresh(self, changed: AbstractSet[str]) -> None:  # noqa: ARG002  (people may change with anything)
        """Read again."""
        self._read()

    def may_change(self) -> bool:
        """Whether the person who works may change people and say who reviews what."""
        return permissions.leads(project=self.context.project)

    def follow(self) -> None:
        """Let the buttons say what can be done now."""
        for button in (self.adding.button, self.giving.card.preview, self.giving.card.give):
            button.update_from_action()

    def add(self) -> None:
        """Add the person whose name was typed."""
        if self._may_add():
            name, credential = self.adding.name.text().strip(), self.adding.credential.text().strip()
            act = partial(people.add, name=name, role=Role(self.adding.role.value()), credential=credential or None)
            self._write(_("Add a person"), act, self._added)

    def _may_add(self) -> bool:
        return bool(self.adding.name.text().strip()) and self.may_change()

    def _connect(self) -> None:
        self.adding.wanted.connect(self.add)
        self.people.role_wanted.connect(self._change_role)
        self.people.credential_wanted.connect(self._describe)
        self.people.password_wanted.connect(self._renew)
        self.people.retirement_wanted.connect(self._ask_retirement)
        self.people.taking_back_wanted.connect(self.giving.take_back)

    def _built(self) -> Scrolled:
        area = Scrolled(width=860)
        self.may = PlainLabel(role="small", wrap=True)
        what = Card(_("What each role may do"))
        for role in Role:
            name = PlainLabel(role_title(role), role="strong")
            name.setFixedWidth(self.context.theme.px(110))
            told = row(name, gap=12)
            told.addWidget(PlainLabel(sentences.may(role), wrap=True), 1)
            what.body.addLayout(told)
        what.body.addWidget(self.may)
        told_alone = _(
            "You work alone on this project and may do everything. Add whoever works with you: you become its lead, "
            "and from then on opening it asks who works."
        )
        self.alone.body.addWidget(PlainLabel(told_alone, wrap=True))
        area.body.addWidget(PlainLabel(_("People"), role="title"))
        for card in (self.password, self.alone, self.people, self.giving.card, self.adding, what, self.connection):
            area.body.addWidget(card)
        area.body.addStretch(1)
        return area

    def _read(self) -> None:
        project, leads = self.context.project, self.may_change()
        work = partial(read_facts, project=project, leads=leads, me=self.context.actor)
        run_read(self.context, _("Reading the people"), lambda _progress: work(), done=self._show)

    def _show(self, facts: PeopleFacts) -> None:
        self.facts, on_server = facts, self.context.project.file is None
        self.waiting = {p.person.name: p.given - p.done for p in facts.progress}
        shown = Shown(
            me=self.context.actor,
            owner=facts.owner,
            may_change=self.may_change(),
            on_server=on_server,
            how_far={p.person.name: sentences.how_far(p, facts.pace.get(p.person.name)) for p in facts.progress},
            waiting=self.waiting,
        )
        self.people.show_people(facts.people, shown)
        self.people.setVisible(bool(facts.people))
        self.alone.setVisible(not facts.people)
        self.adding.setVisible(self.may_change())
        self.giving.card.setVisible(self.may_change() and len(facts.people) > 0)
        if self.may_change():
            tags = [tag.name for tag in facts.settings.tags]
            self.giving.card.show_project(facts.people, tags, facts.settings.rules, facts.left_to_give)
        self.may.setText(_honest(on_server=on_server))
        self.connection.setVisible(facts.server is not None)
        if facts.server is not None:
            self.connection.show_server(facts.server)
        self.views.setCurrentWidget(self.empty if on_server and not facts.people else self.area)
        self.follow()

    def _change_role(self, name: str, role: str) -> None:
        before = next((p.role for p in self.facts.people if p.name == name), None) if self.facts else None
        act = partial(people.change_role, name=name, role=Role(role))

        def done(person: Person) -> None:
            back = partial(self._change_role, name, before.value) if before is not None else None
            told = _("{name} is now: {role}.", name=person.name, role=role_title(person.role))
            self.context.notify(told, tone="good", undo=back)

        self._write(_("Change a role"), act, done)

    def _describe(self, name: str, credential: str) -> None:
        before = next((p.credential for p in self.facts.people if p.name == name), "") if self.facts else ""

        def done(person: Person) -> None:
            back = partial(self._describe, name, before)
            self.context.notify(_("Kept the credential of {name}.", name=person.name), tone="good", undo=back)

        self._write(_("Credential"), partial(people.describe, name=name, credential=credential), done)

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

    def _ask_retirement(self, name: str) -> None:
        gone = _("The login is gone at once; the reviews stay, under the name.")
        stays = _("The reviews stay, under the name; added again, the person is back.")
        told = [_("Retire {name}?", name=name), gone if self.context.project.file is None else stays]
        waiting = self.waiting.get(name, 0)
        if waiting:
            told.append(
                plural("{n} example not judged is taken back.", "{n} examples not judged are taken back.", waiting)
            )
        self.context.ask(
            " ".join(told),
            Choice(
                title=_("Retire {name}", name=name),
                run=lambda: self._write(
                    _("Retire a person"), partial(people.retire, name=name), partial(self._gone, name)
                ),
                kind="danger",
            ),
            Choice(title=_("Cancel")),
        )

    def _found(self) -> None:
        def founded(person: Person) -> None:
            self.context.actor = person.name
            self._read()

        self._write(_("Make it a team's project"), team.found_here, founded)

    def _added(self, added: Added) -> None:
        self.adding.clear()
        person = added.person
        if added.password:
            where = team.address_for(project=self.context.project, person=person)
            self.password.show_password(person.name, added.password, where)
        else:
            told = _("{name} is now: {role}.", name=person.name, role=role_title(person.role))
            self.context.notify(told, tone="good")

    def _gone(self, name: str, _taken_back: int) -> None:
        self.context.notify(_("{name} no longer works on the project.", name=name), tone="good")

    def _write(self, title: str, act: Callable[..., T], done: Callable[[T], None]) -> None:
        work = partial(act, project=self.context.project, who=opening.who(self.context))
        run_write(
            self.context,
            title,
            lambda _progress: work(),
            done=done,
            failed=self._failed,
            changed=("settings", "examples"),
        )

    def _failed(self, error: BaseException) -> None:
        self.context.notify(str(error), tone="error")
        self._read()  # a role that was chosen and refused is shown as it stands


def _honest(*, on_server: bool) -> str:
    """Return what keeps people to their roles here, and what does not."""
    if on_server:
        return _(
            "The server enforces this, also for somebody who connects without Accord. A lead sees everything; "
            "whoever owns the database can change everything."
        )
    return _(
        "In a file only this program keeps to it: a name is no proof of who somebody is, and whoever has the file can "
        "read all of it. A server or packs enforce it."
    )
