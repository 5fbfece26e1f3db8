"""The people, one line each; a lead can change a role, make a new password and remove somebody."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.people import Person, Role
from accord.domain.wording import _
from accord.gui.pages.team.sentences import title
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, Segmented, column, line, row

LOGIN_WIDTH = 170


class PeopleCard(Card):
    """Shows people; says ``role_wanted(name, role)``, ``password_wanted(name)`` and ``removal_wanted(name)``."""

    role_wanted = Signal(str, str)
    password_wanted = Signal(str)
    removal_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("People"))
        self.lines: dict[str, PersonLine] = {}
        self._listed = QWidget()
        self.body.addWidget(self._listed)

    def show_people(self, people: Sequence[Person], *, me: str, owner: str, may_change: bool) -> None:
        """Show everybody; what cannot be changed of a person (her own role, the owner's) has no control."""
        lines = column(gap=0)
        self.lines = {}
        for number, person in enumerate(people):
            if number:
                lines.addWidget(line())
            fixed = not may_change or person.name == me or person.login == owner
            made = PersonLine(person, me=person.name == me, owner=person.login == owner, fixed=fixed)
            made.chosen.connect(partial(self.role_wanted.emit, person.name))
            made.password.clicked.connect(partial(self._say_password, person.name))
            made.remove.clicked.connect(partial(self._say_removal, person.name))
            self.lines[person.name] = made
            lines.addWidget(made)
        old, self._listed = self._listed, QWidget()
        self._listed.setLayout(lines)
        self.body.replaceWidget(old, self._listed)
        old.hide()
        old.deleteLater()

    def _say_password(self, name: str, _checked: object = None) -> None:
        self.password_wanted.emit(name)

    def _say_removal(self, name: str, _checked: object = None) -> None:
        self.removal_wanted.emit(name)


class PersonLine(QWidget):
    """One person: name, login, role."""

    chosen = Signal(str)

    def __init__(self, person: Person, *, me: bool, owner: bool, fixed: bool) -> None:
        super().__init__()
        self.person = person
        self.name = PlainLabel(person.name, role="strong", elide=True)
        hints = [_("you")] * me + [_("owns the database")] * owner
        if person.login != person.name:
            hints.insert(0, _("signs in as {login}", login=person.login))
        self.note = PlainLabel(" · ".join(hints), role="small", elide=True)
        self.role = PlainLabel(title(person.role), role="body")
        roles = [(role.value, title(role)) for role in Role]
        self.choice = Segmented(_("Role of {name}", name=person.name), roles, value=person.role.value)
        self.choice.changed.connect(self.chosen.emit)
        self.password = Button(_("New password"), size="small", name=_("New password for {name}", name=person.name))
        self.remove = Button(_("Remove"), kind="danger", size="small", name=_("Remove {name}", name=person.name))
        for control in (self.choice, self.password, self.remove):
            control.setVisible(not fixed)
        self.role.setVisible(fixed)
        whole = row(gap=12, margins=(0, 10, 0, 10))
        whole.addLayout(column(self.name, self.note, gap=2), 1)
        for item in (self.role, self.choice, self.password, self.remove):
            whole.addWidget(item)
        self.note.setVisible(bool(hints))
        self.setLayout(whole)
        self.setMinimumHeight(theme().px(48))
