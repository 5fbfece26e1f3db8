"""A file whose bytes could be more than one text: what each encoding makes of it, side by side, and a key for each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Card, PlainLabel, TextView, row
from accord.workflows.import_looks import EncodingChoice

MOST = 8
PREVIEW_COLUMNS = 34
CARD_WIDTH = 350
_MOST_ACROSS = 3


class UnsurePane(Card):
    """Shows the first choices; the actions ``importing.reading_1`` and on take one."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Which of these reads right?"))
        self._actions = actions
        why = _("The file does not say its encoding, and its bytes make sense in more than one. Nothing was read yet.")
        self.body.addWidget(PlainLabel(why, role="muted", wrap=True))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setSpacing(16)
        self.body.addLayout(self._grid)
        self._shown: tuple[EncodingChoice, ...] = ()
        self.buttons: list[ActionButton] = []
        self.views: list[TextView] = []
        self._cards: list[QWidget] = []
        self._across = 0

    def show_choices(self, choices: Sequence[EncodingChoice]) -> None:
        """Show these choices, the likeliest first."""
        if tuple(choices) == self._shown:
            return
        self._shown = tuple(choices)
        for old in self._cards:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons, self.views, self._cards = [], [], []
        for position, choice in enumerate(self._shown[:MOST]):
            self._cards.append(self._card(position, choice))
        self._across = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many side by side as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = max(1, min(_MOST_ACROSS, self.width() // theme().px(CARD_WIDTH)))
        if across == self._across:
            return
        self._across = across
        for position in range(_MOST_ACROSS):
            self._grid.setColumnStretch(position, 1 if position < across else 0)
        for position, card in enumerate(self._cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, position // across, position % across, Qt.AlignmentFlag.AlignTop)

    def _card(self, position: int, choice: EncodingChoice) -> Card:
        card = Card()
        card.setAccessibleName(choice.label)
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # as wide as its column
        view = TextView(_("The file read as {name}", name=choice.label), columns=PREVIEW_COLUMNS)
        view.set_text(choice.preview)
        button = ActionButton(self._actions, f"importing.reading_{position + 1}", text=_("This one"))
        button.setAccessibleName(_("Read the file as {name}", name=choice.label))
        button.update_from_action()
        head = row()
        head.addWidget(PlainLabel(choice.label, role="heading", wrap=True), 1)
        head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        if choice.encoding != choice.label:
            card.body.addWidget(PlainLabel(choice.encoding, role="small"))
        card.body.addWidget(view)
        self.views.append(view)
        self.buttons.append(button)
        return card
