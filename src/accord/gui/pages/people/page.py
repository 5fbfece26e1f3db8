"""The People page: who works on the project and as what, who reviews what, and how far everybody is."""

from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read
from accord.gui.page import Page
from accord.gui.pages.people import sentences
from accord.gui.pages.people.acts import PeopleActs
from accord.gui.pages.people.adding_card import AddingCard
from accord.gui.pages.people.calibration_card import CalibrationCard
from accord.gui.pages.people.connection_card import ConnectionCard
from accord.gui.pages.people.controls_card import ControlsCard
from accord.gui.pages.people.giving import Giving
from accord.gui.pages.people.packs_card import PacksCard
from accord.gui.pages.people.password_card import PasswordCard
from accord.gui.pages.people.people_card import PeopleCard, Shown
from accord.gui.pages.people.reading import PeopleFacts, read_facts
from accord.gui.pages.people.second_looks_card import SecondLooksCard
from accord.gui.sign_in import role_title
from accord.gui.widgets import Card, EmptyState, PlainLabel, Scrolled, column, row
from accord.workflows import people, permissions


class PeoplePage(Page):
    """Lists the people; a lead adds, changes and retires them here, and gives out what they review."""

    page_id: ClassVar[str] = "people"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts: PeopleFacts | None = None
        self.waiting: dict[str, int] = {}
        actions = context.actions
        self.acts = PeopleActs(self)
        self.people, self.password = PeopleCard(), PasswordCard()
        self.adding = AddingCard(actions)
        self.giving = Giving(self)
        self.calibration, self.packs = CalibrationCard(self), PacksCard(self)
        self.controls, self.looks = ControlsCard(self), SecondLooksCard(self)
        actions.bind("people.add", self.add, enabled=self._may_add)
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
            self.acts.found,
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
        self.read()

    def deactivated(self) -> None:
        """Put a password away that was shown."""
        self.password.forget()

    def refresh(self, changed: AbstractSet[str]) -> None:  # noqa: ARG002  (people may change with anything)
        """Read again."""
        self.read()

    def may_change(self) -> bool:
        """Whether the person who works may change people and say who reviews what."""
        project = self.context.project
        return project is not None and permissions.leads(project=project)  # asked once more while it is closed

    def follow(self) -> None:
        """Let the buttons say what can be done now."""
        for button in (self.adding.button, self.giving.card.preview, self.giving.card.give):
            button.update_from_action()

    def add(self) -> None:
        """Add the person whose name was typed."""
        if self._may_add():
            name, credential = self.adding.name.text().strip(), self.adding.credential.text().strip()
            act = partial(people.add, name=name, role=Role(self.adding.role.value()), credential=credential or None)
            self.acts.write(_("Add a person"), act, self.acts.added)

    def _may_add(self) -> bool:
        return bool(self.adding.name.text().strip()) and self.may_change()

    def _connect(self) -> None:
        self.adding.wanted.connect(self.add)
        self.people.role_wanted.connect(self.acts.change_role)
        self.people.credential_wanted.connect(self.acts.describe)
        self.people.password_wanted.connect(self.acts.renew_password)
        self.people.retirement_wanted.connect(self.acts.ask_retirement)
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
        who, work = (self.people, self.adding), (self.giving.card, self.calibration, self.controls, self.looks)
        for card in (self.password, self.alone, *who, *work, self.packs, what, self.connection):
            area.body.addWidget(card)
        area.body.addStretch(1)
        return area

    def read(self) -> None:
        """Read what the page shows."""
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
        for card in (self.giving.card, self.controls, self.looks, self.packs):
            card.setVisible(self.may_change() and len(facts.people) > 0)
        if self.may_change():
            tags = [tag.name for tag in facts.settings.tags]
            self.packs.show_people(facts.people)
            self.giving.card.show_project(facts.people, tags, facts.settings.rules, facts.left_to_give)
            self.giving.card.show_controls(sum(facts.controls.values()))
            self.controls.show_controls(facts.controls, facts.rates)
            self.looks.show_people(facts.people, facts.looks)
        self.calibration.show_rounds(facts.people, facts.rounds, facts.results)
        self.may.setText(_honest(on_server=on_server))
        self.connection.setVisible(facts.server is not None)
        if facts.server is not None:
            self.connection.show_server(facts.server)
        self.views.setCurrentWidget(self.empty if on_server and not facts.people else self.area)
        self.follow()


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
