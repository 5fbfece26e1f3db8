"""Who works now: the names of a file's people, chosen by a key; and what a page that is not hers shows a person."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.context import Context, WhoWorks
from accord.gui.overlay import Overlay
from accord.gui.page import Page
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button, KeyButton
from accord.gui.widgets.layout import EmptyState, Scrolled, column, line, row
from accord.gui.widgets.text import PlainLabel

WIDTH, MOST_SHOWN, ROW_HEIGHT, AROUND = 480, 9, 40, 236


def role_title(role: Role) -> str:
    """Return a role's name."""
    match role:
        case Role.REVIEWER:
            return _("Reviewer")
        case Role.ADJUDICATOR:
            return _("Adjudicator")
        case Role.LEAD:
            return _("Lead")


class SignIn(Overlay):
    """Asks over the window; whoever worked last, at first the system's user, has the focus.

    Everybody keeps their key: the order is by name. Esc leaves things as they were.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, _("Who works now?"), width=WIDTH, height=400, top=96)
        self.people: list[KeyButton] = []
        self._question: WhoWorks | None = None
        self._area = Scrolled(margins=(24, 4, 24, 4))
        self._listed = QWidget()
        self._area.body.addWidget(self._listed)
        self._area.body.addStretch(1)
        self.other = QLineEdit()
        self.other.setAccessibleName(_("Name of somebody else"))
        self.other.setPlaceholderText(_("Somebody else: type a name"))
        self.other.returnPressed.connect(self._take_typed)
        self.go = Button(_("Go on"), name=_("Go on under the typed name"), run=self._take_typed)
        self.other.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.go.setEnabled(False)
        typed = row(gap=8)
        typed.addWidget(self.other, 1)
        typed.addWidget(self.go)
        told = _(
            "Whoever is not listed looks on, sees what a reviewer sees and gives no verdict. A name is no proof of who "
            "somebody is, for on one machine anybody can choose any: a server or packs keep people apart."
        )
        foot = column(typed, PlainLabel(told, role="small", wrap=True), gap=12, margins=(24, 12, 24, 20))
        head = row(PlainLabel(_("Who works now?"), role="title"), None, margins=(24, 20, 24, 12))
        whole = column(head, self._area, line(), gap=0, margins=(1, 1, 1, 1))
        whole.setStretch(1, 1)
        whole.addLayout(foot)
        self.card.setLayout(whole)

    def ask(self, question: WhoWorks) -> None:
        """Show the people of a question; one asked before is left."""
        before, self._question = self._question, question
        if before is not None:
            before.leave()
        ordered = sorted(question.people, key=lambda person: (person.name.casefold(), person.name))
        self.people = []
        lines = column(gap=8)
        for number, person in enumerate(ordered, start=1):
            key = str(number) if number <= MOST_SHOWN else ""
            button = KeyButton(f"{person.name}  ·  {role_title(person.role)}", key)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, name=person.name: self._take(name))
            self.people.append(button)
            lines.addWidget(button)
        old, self._listed = self._listed, QWidget()
        self._listed.setLayout(lines)
        self._area.body.replaceWidget(old, self._listed)
        old.hide()
        old.deleteLater()
        self.other.clear()
        self._size = (WIDTH, AROUND + ROW_HEIGHT * min(len(ordered), MOST_SHOWN), 96)
        self.open()
        last = question.last.casefold()
        at = next((place for place, person in enumerate(ordered) if person.name.casefold() == last), 0)
        self.people[at].setFocus(Qt.FocusReason.PopupFocusReason)
        QTimer.singleShot(0, self.people[at], partial(self._area.ensureWidgetVisible, self.people[at]))

    def leave(self) -> None:
        """Hide; where nobody was chosen, say so."""
        question, self._question = self._question, None
        super().leave()
        if question is not None:
            question.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the person of a figure; Esc leaves."""
        for button in self.people:
            if button.key() and event.text() == button.key():
                button.click()
                return
        super().keyPressEvent(event)

    def _take_typed(self) -> None:
        name = self.other.text().strip()
        if name:
            self._take(name)

    def _take(self, name: str) -> None:
        question, self._question = self._question, None
        super().leave()
        if question is not None:
            question.take(name)


class ClosedPage(Page):
    """A page that belongs to another role: it says whose, and shows nothing else."""

    def __init__(self, context: Context, sentence: str) -> None:
        super().__init__(context)
        self.empty = EmptyState(sentence, icon="account-lock-outline")
        self.empty.sentence.setFixedWidth(theme().px(440))
        self.setLayout(column(self.empty, gap=0))
