"""The versions side by side, and where the keys are among their changes."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from accord.gui.actions import Actions
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.hunks import Hunk
from accord.gui.pages.disagreements.version_card import Takes, VersionCard
from accord.gui.theme import theme
from accord.gui.widgets import Scrolled, row

MOST = 9


class VersionColumns(Scrolled):
    """One column for each version; ``take_wanted`` asks for the change that was clicked twice."""

    take_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(margins=(0, 0, 0, 0), gap=0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._case: Case | None = None
        self._takes: Takes = lambda _index, _hunk: False
        self._at, self._change = 0, 0
        self.cards = [VersionCard(actions, position) for position in range(MOST)]
        for position, card in enumerate(self.cards):
            card.pointed.connect(lambda change, at=position: self._point(at, change))
            card.take_wanted.connect(self.take_wanted)
            card.hide()
        self._held = QWidget()
        self._held.setObjectName("scrolled")
        line = row(*self.cards, gap=12)
        for position in range(MOST):
            line.setStretch(position, 1)
        self._held.setLayout(line)
        self.body.addWidget(self._held)
        self.body.addStretch(1)

    def show_case(self, case: Case, takes: Takes) -> None:
        """Show the versions of a case; the keys begin at the first change."""
        self._case, self._takes = case, takes
        for card, told in zip(self.cards, case.told, strict=False):
            card.show_version(told, case)
            card.show()
        for card in self.cards[len(case.told) :]:
            card.hide()
        self._at = next((i for i, told in enumerate(case.told[:MOST]) if told.sections), 0)
        self._change = 0
        self.verticalScrollBar().setValue(0)
        self.mark()

    def mark(self) -> None:
        """Show anew where the keys are and what is taken."""
        for position, card in enumerate(self.cards):
            if not card.isHidden():
                card.mark(self._change if position == self._at else None, self._takes)

    def current(self) -> tuple[int, Hunk] | None:
        """Return (message index, change) where the keys are."""
        changes = self._changes()
        return changes[self._change] if 0 <= self._change < len(changes) else None

    def go(self, by: int) -> None:
        """Go to a neighbouring column."""
        shown = 0 if self._case is None else min(MOST, len(self._case.told))
        wanted = self._at + by
        if 0 <= wanted < shown:
            self._point(wanted, 0)
            self.ensureWidgetVisible(self.cards[wanted], 0, 0)

    def step(self, by: int) -> None:
        """Go to a neighbouring change of the column; without any, scroll."""
        wanted = self._change + by
        if 0 <= wanted < len(self._changes()):
            self._point(self._at, wanted)
        elif not self._changes():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + by * theme().px(48))

    def _changes(self) -> list[tuple[int, Hunk]]:
        if self._case is None or not 0 <= self._at < len(self._case.told):
            return []
        return self._case.told[self._at].changes()

    def _point(self, at: int, change: int) -> None:
        self._change = change if change >= 0 else self._change if at == self._at else 0
        self._at = at
        self.mark()
        QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        """Scroll so that the current change is in view, once the texts have their height."""
        place, inner = self.cards[self._at].place_of(self._change), self.widget()
        if place is None or inner is None:
            return
        view, down = place
        top = view.mapTo(inner, QPoint(0, down)).y()
        bar, room = self.verticalScrollBar(), theme().px(40)
        if not bar.value() <= top - room <= top + room <= bar.value() + self.viewport().height():
            bar.setValue(top - room)
