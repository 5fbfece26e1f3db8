"""Conflicts: one request above, its answers side by side, settled by a key and a short reason."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from accord.domain.history import ExampleRow
from accord.domain.ledger import Event
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.duplicates.conflict_acts import ConflictActs
from accord.gui.pages.duplicates.queue_list import Line, QueueList
from accord.gui.pages.duplicates.reason_bar import ReasonBar
from accord.gui.pages.duplicates.sentences import settled_sentence
from accord.gui.pages.duplicates.strip import CardStrip, Words
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, EmptyState, PlainLabel, Scrolled, Segmented, TextView, column, row
from accord.workflows import conflicts
from accord.workflows.conflicts import Conflict

MOST_REQUEST = 0.4  # of the height of the page; a longer request scrolls


class ConflictView(QWidget):
    """The conflicts; ``counted`` gives how many are open."""

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._all: tuple[Conflict, ...] = ()
        self._shown: dict[str, Conflict] = {}
        self._wanted = ""
        self.list = QueueList(context, _("Conflicts"), _("Request"))
        self.list.current_changed.connect(self._show_conflict)
        self.list.table.selectionModel().selectionChanged.connect(lambda *_both: self._say_selection())
        self.strip = CardStrip(context, with_request=False)
        self.strip.moved.connect(lambda _id: self._update_buttons())
        self.filter = Segmented(_("Show"), [("open", _("Open")), ("all", _("All"))])
        self.filter.changed.connect(lambda _value: self._fill())
        self.about = PlainLabel(role="muted", elide=True)
        self.request = TextView(_("Request"))
        self.reason = ReasonBar()
        self.acts = ConflictActs(
            context, shown=self._shown, queue=self.list, strip=self.strip, reason=self.reason, want=self._want
        )
        self._build()
        self.load()

    def load(self) -> None:
        """Read the conflicts anew."""
        project = self.context.project
        run_read(
            self.context,
            _("Reading conflicts"),
            lambda _progress: _read(project),
            done=self._arrived,
        )

    def after_undo(self, event: Event) -> bool:
        """Go to what was taken back; False where it is no conflict."""
        keys = event.refs.get("keys", ())
        if event.kind != "settle_conflict" or not keys:
            return False
        self._want(str(keys[0]))
        return True

    def _want(self, key: str) -> None:
        self._wanted = key

    def _arrived(self, found: tuple[Conflict, ...]) -> None:
        self._all = found
        self.counted.emit(sum(c.settled is None for c in found))
        self._fill()

    def _fill(self) -> None:
        shown = [c for c in self._all if self.filter.value() == "all" or c.settled is None]
        wanted, self._wanted = self._wanted, ""
        self._shown.clear()
        self._shown.update((c.key, c) for c in shown)
        lines = [Line(key=c.key, title=c.request, count=_count(c)) for c in shown]
        self.list.set_lines(lines, wanted=wanted)
        self._stack.setCurrentIndex(1 if shown else 0)
        self.empty.sentence.setText(
            _("Every conflict is settled.") if self._all else _("No two answers to the same request conflict.")
        )
        self._update_buttons()

    def _show_conflict(self, key: str) -> None:
        conflict = self._shown.get(key)
        if self.reason.isVisible():
            self.reason.cancel()
        if conflict is None:
            self.strip.show_rows((), self._words)
        else:
            same = [r.id for r in conflict.rows] == [r.id for r in self.strip.rows()]
            chosen = self.strip.current()
            at = next((i for i, r in enumerate(conflict.rows) if same and chosen and r.id == chosen.id), 0)
            self.request.set_text(conflict.request)
            self._fit_request()
            self.strip.show_rows(conflict.rows, self._words, current=at)
        self._say_selection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the request its share of the new height."""
        super().resizeEvent(event)
        self._fit_request()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the request, which its width decides."""
        if watched is self.request and event.type() == QEvent.Type.Resize:
            self._fit_request()
        return False

    def _fit_request(self) -> None:
        most = round(self.height() * MOST_REQUEST)
        self._asked.setFixedHeight(min(most, self.request.height() + theme().px(8)))

    def _words(self, position: int, _shown: ExampleRow) -> Words:
        title = _("Answer") if position == 0 else _("Compared with 1")
        return Words(place=str(position + 1), title=title)

    def _build(self) -> None:
        actions = self.context.actions
        head = row(self.filter, self.about, gap=12)
        head.setStretch(1, 1)
        self._asked = Scrolled(margins=(0, 0, 0, 0), gap=0)
        self._asked.body.addWidget(self.request)
        self._asked.body.addStretch(1)
        self.request.installEventFilter(self)
        right = column(PlainLabel(_("Request"), role="small"), self._asked, self.strip, gap=4)
        right.setStretch(2, 1)
        both = QWidget()
        beside = row(self.list, right, gap=16)
        beside.setStretch(1, 1)
        both.setLayout(beside)
        self.empty = EmptyState(_("No two answers to the same request conflict."), icon="scale-balance")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(both)
        ids = ("keep", "all_valid", "merge", "split", "reopen", "undo")
        tones = {"keep": "accepted"}
        self.buttons = {i: ActionButton(actions, f"duplicates.{i}", tone=tones.get(i, "text")) for i in ids}
        self.numbers = PlainLabel(_("1 to 9 keep that answer"), role="small")
        self.bar = QFrame()
        self.bar.setProperty("kind", "panel")
        self.bar.setLayout(row(*self.buttons.values(), None, self.numbers, gap=8, margins=(24, 8, 24, 8)))
        inside = column(head, holder, gap=12, margins=(24, 0, 24, 12))
        inside.setStretch(1, 1)
        whole = column(inside, self.reason, self.bar, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _say_selection(self) -> None:
        selected, conflict = len(self.list.selected()), self.acts.conflict()
        if selected > 1:
            self.about.setText(
                _("{n} requests selected. “All valid” settles them together with one reason.", n=number(selected))
            )
        elif conflict is not None and conflict.settled is not None:
            self.about.setText(settled_sentence(conflict.settled.reason, conflict.settled.comment))
        else:
            self.about.setText(_("Select several with Shift or Ctrl to settle them together."))
        self._update_buttons()

    def _update_buttons(self) -> None:
        for button in self.buttons.values():
            button.update_from_action()


def _read(project: Any) -> tuple[Conflict, ...]:
    """Return the open conflicts, then the settled ones; a request that is in conflict again is among the open."""
    waiting = conflicts.listed(project=project)
    keys = {conflict.key for conflict in waiting}
    return (*waiting, *(c for c in conflicts.settled(project=project) if c.key not in keys))


def _count(conflict: Conflict) -> str:
    total = number(len(conflict.rows))
    return total if conflict.settled is None else f"✓ {total}"
