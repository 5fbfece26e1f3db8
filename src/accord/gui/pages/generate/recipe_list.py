"""The recipes to choose one from: what each makes, and what there is to start from now."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets import PlainLabel, column, row

_LEAD = 30  # px at 100 percent: where the words after a radio button begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A recipe as it is offered. ``standing``: what there is to start from, or why nothing is."""

    name: str
    title: str
    about: str
    standing: str = ""
    possible: bool = True


class RecipeList(QWidget):
    """One of several recipes; ``chosen`` gives the name of the one that a person took."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("What to ask for"))
        self._group = QButtonGroup(self)
        self.rows: dict[str, RecipeRow] = {}
        self._column = column(gap=8)
        self.setLayout(self._column)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these recipes; the same ones keep their rows, focus and all."""
        if [offer.name for offer in offers] != list(self.rows):
            self._build(offers)
        for offer in offers:
            self.rows[offer.name].show_offer(offer)

    def value(self) -> str:
        """Return the name of the recipe that is chosen, "" where none is."""
        return next((name for name, row in self.rows.items() if row.button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Choose a recipe without a signal."""
        if name in self.rows:
            self.rows[name].button.setChecked(True)

    def _build(self, offers: Sequence[Offer]) -> None:
        before = self.value()
        for old in self.rows.values():
            self._group.removeButton(old.button)
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = {offer.name: RecipeRow() for offer in offers}
        for name, made in self.rows.items():
            self._group.addButton(made.button)
            made.button.clicked.connect(lambda _checked=False, found=name: self.chosen.emit(found))
            self._column.addWidget(made)
        self.choose(before)


class RecipeRow(QWidget):
    """A radio button, a sentence, and how much there is to start from; a click anywhere on it chooses it."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QRadioButton()
        self.there = PlainLabel(role="muted")
        self.about = PlainLabel(role="small", wrap=True)
        self.nothing = PlainLabel(wrap=True)
        head = row(self.button, self.there, gap=12)
        head.setStretch(0, 1)
        said = column(self.about, self.nothing, gap=2, margins=(theme().px(_LEAD), 0, 0, 0))
        self.setLayout(column(head, said, gap=0))

    def show_offer(self, offer: Offer) -> None:
        """Show a recipe as it stands."""
        self.button.setText(offer.title.replace("&", "&&"))
        self.button.setAccessibleName(offer.title)
        self.button.setAccessibleDescription(" ".join(part for part in (offer.about, offer.standing) if part))
        self.about.setText(offer.about)
        self.there.setText(offer.standing if offer.possible else "")
        self.nothing.setText("" if offer.possible else offer.standing)
        self.nothing.setVisible(not offer.possible)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.button.setFocus(Qt.FocusReason.MouseFocusReason)
        self.button.click()
        super().mousePressEvent(event)
