"""What can be done with all the rows that are selected, above the table while there are two or more."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.actions import Actions
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Button, Flow, PlainLabel, column

#: The acts, in the order of their buttons, and the token of each one's colour.
ACTS = {
    "examples.accept": "accepted",
    "examples.reject": "rejected",
    "examples.unsure": "disagreement",
    "examples.tag": "text",
    "examples.untag": "text",
    "examples.give": "text",
    "examples.deidentify": "text",
    "examples.set_aside": "text",
    "examples.bring_back": "text",
}


class SelectionBar(QFrame):
    """``all_wanted`` asks for every row that is shown, ``none_wanted`` for one alone."""

    all_wanted = Signal()
    none_wanted = Signal()

    def __init__(self, actions: Actions, offered: Callable[[str], bool]) -> None:
        super().__init__()
        self._offered = offered
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Selected examples"))
        self.count = PlainLabel(role="strong")
        self.everything = Button(kind="link", run=self.all_wanted.emit)
        self.nothing = Button(_("Clear the selection"), kind="link", run=self.none_wanted.emit)
        self.buttons = [ActionButton(actions, act, tone=tone) for act, tone in ACTS.items()]
        self._flow = Flow(gap=8, line_gap=8)
        held = QWidget()
        held.setLayout(self._flow)
        self.setLayout(column(held, gap=0, margins=(12, 8, 12, 8)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme().changed.connect(self._measure)
        self._measure()
        self.hide()

    def show_selected(self, selected: int, shown: int, *, several: bool) -> None:
        """Say how many of the rows shown are selected; with fewer than two there is nothing to say.

        ``several``: whether there is anybody to give them to.
        """
        self.setVisible(selected > 1)
        if selected < 2:
            return
        self.count.setText(plural("{n} selected", "{n} selected", selected))
        self.everything.setText(_("Select all {n}", n=number(shown)))
        for button in self.buttons:
            button.update_from_action()
        parts: list[QWidget] = [self.count, self.everything, self.nothing, *self.buttons]
        for part in parts:  # in order again: a hidden widget would leave a gap
            self._flow.removeWidget(part)
            visible = part is not self.everything or selected < shown
            if isinstance(part, ActionButton):
                visible = self._offered(part.action_id) and (several or part.action_id != "examples.give")
            if visible:
                self._flow.addWidget(part)
            part.setVisible(visible)
        self.updateGeometry()

    def _measure(self) -> None:
        """Give words and buttons one height, so that they stand on one line."""
        for part in (self.count, self.everything, self.nothing):
            part.setFixedHeight(self.buttons[0].sizeHint().height())
