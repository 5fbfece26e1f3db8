"""The people, one line each: role, credential, how far; a lead changes them, everybody her own credential."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.people import Person, Role
from accord.domain.wording import _
from accord.gui.sign_in import role_title
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, Segmented, column, line, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of everybody: who looks at it and may change it, who owns the database, how far each one is."""

    me: str = ""
    owner: str = ""
    may_change: bool = False
    on_server: bool = False
    how_far: Mapping[str, str]
    waiting: Mapping[str, int]


class PeopleCard(Card):
    """Each signal names a person: another role, credential, a new password, retire, take back what is not done."""

    role_wanted = Signal(str, str)
    credential_wanted = Signal(str, str)
    password_wanted = Signal(str)
    retirement_wanted = Signal(str)
    taking_back_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("People"))
        self.lines: dict[str, PersonLine] = {}
        self._listed = QWidget()
        self.body.addWidget(self._listed)

    def show_people(self, people: Sequence[Person], shown: Shown) -> None:
        """Show everybody; what cannot be changed of a person (her own role, the owner's) has no control."""
        lines = column(gap=0)
        self.lines = {}
        for number, person in enumerate(people):
            if number:
                lines.addWidget(line())
            self.lines[person.name] = self._line(person, shown)
            lines.addWidget(self.lines[person.name])
        old, self._listed = self._listed, QWidget()
        self._listed.setLayout(lines)
        self.body.replaceWidget(old, self._listed)
        old.hide()
        old.deleteLater()

    def _line(self, person: Person, shown: Shown) -> "PersonLine":
        made = PersonLine(person, shown)
        made.role_chosen.connect(partial(self.role_wanted.emit, person.name))
        made.described.connect(partial(self.credential_wanted.emit, person.name))
        for button, wanted in (
            (made.password, self.password_wanted),
            (made.retire, self.retirement_wanted),
            (made.take_back, self.taking_back_wanted),
        ):
            button.clicked.connect(lambda _checked=False, say=wanted.emit: say(person.name))
        return made


class PersonLine(QWidget):
    """One person."""

    role_chosen = Signal(str)
    described = Signal(str)

    def __init__(self, person: Person, shown: Shown) -> None:
        super().__init__()
        self.person = person
        mine = person.name == shown.me
        fixed = not shown.may_change or mine or (shown.on_server and person.login == shown.owner)
        self.name = PlainLabel(person.name, role="strong", elide=True)
        hints = [person.credential] * bool(person.credential) + [_("you")] * mine
        if shown.on_server:
            hints += [_("owns the database")] * (person.login == shown.owner)
            hints += [_("signs in as {login}", login=person.login)] * (person.login != person.name)
        self.note = PlainLabel(" · ".join(hints), role="small", elide=True)
        self.far = PlainLabel(shown.how_far.get(person.name, ""), role="small", elide=True)
        self.credential = CredentialField(person)
        self.credential.left.connect(self._close)
        self.credential.returnPressed.connect(self._describe)
        self.role = PlainLabel(role_title(person.role), role="body")
        roles = [(role.value, role_title(role)) for role in Role]
        self.choice = Segmented(_("Role of {name}", name=person.name), roles, value=person.role.value)
        self.choice.changed.connect(self.role_chosen.emit)
        self._build(fixed=fixed, may_describe=mine or shown.may_change, shown=shown, hints=bool(hints))

    def _build(self, *, fixed: bool, may_describe: bool, shown: Shown, hints: bool) -> None:
        name = self.person.name
        self.describe = Button(
            icon="pencil-outline", kind="quiet", name=_("Credential of {name}", name=name), run=self._open
        )
        self.take_back = Button(
            icon="account-arrow-left-outline", kind="quiet", name=_("Take back what {name} has not done", name=name)
        )
        self.password = Button(_("New password"), size="small", name=_("New password for {name}", name=name))
        self.retire = Button(_("Retire"), kind="danger", size="small", name=_("Retire {name}", name=name))
        whole = row(gap=8, margins=(0, 8, 0, 8))
        whole.addLayout(column(self.name, self.note, self.credential, self.far, gap=2), 1)
        for item in (self.role, self.choice, self.describe, self.take_back, self.password, self.retire):
            whole.addWidget(item)
        for button in (self.describe, self.take_back, self.retire):  # so that each stands in its column
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(shown.may_change)
            button.setSizePolicy(policy)
        self.setLayout(whole)
        self.setMinimumHeight(theme().px(48))
        self.role.setVisible(fixed)
        self.choice.setVisible(not fixed)
        self.retire.setVisible(not fixed)
        self.password.setVisible(not fixed and shown.on_server)
        self.describe.setVisible(may_describe)
        self.take_back.setVisible(shown.may_change and shown.waiting.get(name, 0) > 0)
        self.note.setVisible(hints)
        self._has_note = hints
        self.far.setVisible(bool(self.far.full_text()))

    def _open(self) -> None:
        self.note.hide()
        self.credential.open()

    def _close(self) -> None:
        self.credential.hide()
        self.note.setVisible(self._has_note)
        self.describe.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self) -> None:
        told = self.credential.text().strip()
        self._close()
        if told != self.person.credential:
            self.described.emit(told)


class CredentialField(QLineEdit):
    """The credential in the place where it stands; Enter keeps it, Esc leaves it as it was."""

    left = Signal()

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._person = person
        self.setAccessibleName(_("Credential of {name}", name=person.name))
        self.setPlaceholderText(_("For example: MD, cardiology. Enter keeps it."))
        self.setMaximumWidth(theme().px(340))
        self.hide()

    def open(self) -> None:
        """Show it with what is known, and type there."""
        self.setText(self._person.credential)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
