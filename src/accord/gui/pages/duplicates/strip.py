"""Examples side by side: the first always in view, the others in a window that follows the chosen one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from accord.domain.history import ExampleRow
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.duplicates.card import ExampleCard
from accord.gui.pages.duplicates.comparison import Compared, compare
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, column, row

CARD_WIDTH = 320
MOST_CARDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a card says beside the example: its number or key, a short title, and a sentence."""

    place: str
    title: str
    reason: str = ""


class CardStrip(QWidget):
    """Shows any number of examples by a few cards; hundreds cost no more than two. ``moved`` gives the chosen id."""

    moved = Signal(str)

    def __init__(self, context: Context, *, with_request: bool) -> None:
        super().__init__()
        self._context = context
        self._with_request = with_request
        self._rows: tuple[ExampleRow, ...] = ()
        self._words: Callable[[int, ExampleRow], Words] = lambda _i, _row: Words(place="", title="")
        self._current = 0
        self._first = 1
        self._asked = 0
        self.cards = [ExampleCard() for _number in range(MOST_CARDS)]
        for card in self.cards:
            card.chosen.connect(self.choose)
            card.hide()
        self.where = PlainLabel(role="small")
        self.back = Button(icon="chevron-left", kind="quiet", size="small", name=_("Earlier examples"))
        self.on = Button(icon="chevron-right", kind="quiet", size="small", name=_("Later examples"))
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        self._cards = row(*self.cards, gap=12)
        self._head = row(self.where, None, self.back, self.on, gap=4)
        body = column(self._head, self._cards, gap=4)
        body.setStretch(1, 1)
        self.setLayout(body)

    def show_rows(
        self, rows: Sequence[ExampleRow], words: Callable[[int, ExampleRow], Words], *, current: int = 0
    ) -> None:
        """Show examples beside the first of them; ``words`` is asked for each card."""
        self._rows, self._words = tuple(rows), words
        self._current = min(current, max(0, len(self._rows) - 1))
        self._first = 1
        self._draw()

    def current(self) -> ExampleRow | None:
        """Return the chosen example."""
        return self._rows[self._current] if self._rows else None

    def rows(self) -> tuple[ExampleRow, ...]:
        """Return all examples of the strip."""
        return self._rows

    def step(self, by: int) -> None:
        """Choose a neighbour."""
        wanted = min(max(0, self._current + by), len(self._rows) - 1)
        if self._rows and wanted != self._current:
            self._choose(wanted)

    def choose(self, example_id: str) -> None:
        """Choose an example by its id."""
        found = next((i for i, shown in enumerate(self._rows) if shown.id == example_id), None)
        if found is not None and found != self._current:
            self._choose(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cards as fit."""
        before = self._columns(event.oldSize().width())
        super().resizeEvent(event)
        if self._columns(self.width()) != before and self._rows:
            self._draw()

    def _columns(self, width: int) -> int:
        return min(MOST_CARDS, max(2, width // theme().px(CARD_WIDTH)))

    def _window(self) -> list[int]:
        """Return the positions in view; the first example is always one of them."""
        others = self._columns(self.width()) - 1
        if self._current > 0:
            self._first = min(max(self._first, self._current - others + 1), self._current)
        self._first = max(1, min(self._first, len(self._rows) - others))
        return [0, *range(self._first, min(len(self._rows), self._first + others))] if self._rows else []

    def _choose(self, position: int) -> None:
        before = self._window()
        self._current = position
        if self._window() == before:
            self._mark()
        else:
            self._draw()
        self.moved.emit(self._rows[position].id)

    def _draw(self) -> None:
        """Have the differences of the cards in view worked out, then fill the cards at once."""
        self._asked += 1
        asked, rows, window = self._asked, self._rows, self._window()
        if not rows:
            for card in self.cards:
                card.hide()
            return
        wanted = [rows[i] for i in window]

        def filled(found: list[Compared]) -> None:
            if asked == self._asked:
                self._fill(window, found)

        with_request = self._with_request
        run_read(
            self._context,
            _("Comparing texts"),
            lambda _progress: compare(rows[0], wanted, requests=with_request),
            done=filled,
        )

    def _fill(self, window: list[int], found: list[Compared]) -> None:
        for card, position, shown in zip(self.cards, window, found, strict=False):
            words = self._words(position, shown.row)
            reason = words.reason or ("" if position == 0 else _likeness(shown))
            card.show_example(
                shown, place=words.place, title=words.title, reason=reason, with_request=self._with_request
            )
            card.show()
        for card in self.cards[len(window) :]:
            card.example_id = ""
            card.hide()
        self._mark()
        self._follow(found)

    def _follow(self, found: list[Compared]) -> None:
        """Scroll the first card to where the chosen one differs from it."""
        chosen = self.current()
        first = next((shown.first for shown in found if chosen is not None and shown.row.id == chosen.id), None)
        if first is not None:
            self.cards[0].centre(*first)

    def _mark(self) -> None:
        current = self.current()
        for card in self.cards:
            card.set_chosen(chosen=current is not None and card.example_id == current.id)
        total, fit = len(self._rows), self._columns(self.width())
        text = _("{n} of {total} examples", n=number(self._current + 1), total=number(total))
        self.where.setText(text)
        for item in (self.where, self.back, self.on):
            item.setVisible(total > fit)
        self.back.setEnabled(self._current > 0)
        self.on.setEnabled(self._current < total - 1)


def _likeness(shown: Compared) -> str:
    if shown.unlike:
        return _("Little in common with 1: shown as it is.")
    return "" if shown.differs else _("The same text, word for word.")
