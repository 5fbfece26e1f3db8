"""Conflicts: one request above, its answers side by side, settled by a key and a short reason."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from accord.domain.history import ExampleRow
from accord.domain.ledger import Event
from accord.domain.review import ConflictResolution
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.pages.duplicates.acts import CHANGED, who_acts
from accord.gui.pages.duplicates.queue_list import Line, QueueList
from accord.gui.pages.duplicates.reason_bar import ReasonBar
from accord.gui.pages.duplicates.sentences import ready_reasons, settled_sentence
from accord.gui.pages.duplicates.strip import CardStrip, Words
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, EmptyState, PlainLabel, Scrolled, Segmented, TextView, column, row
from accord.workflows import conflicts, undoing
from accord.workflows.conflicts import Conflict

KEPT_BY_KEY = 9
MOST_REQUEST = 96


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
        self._build()
        self.load()

    def load(self) -> None:
        """Read the conflicts anew."""
        project = self.context.project
        run_read(
            self.context,
            _("Reading conflicts"),
            lambda _progress: tuple(conflicts.listed(project=project, include_settled=True)),
            done=self._arrived,
        )

    def conflict(self) -> Conflict | None:
        """Return the conflict that is shown."""
        return self._shown.get(self.list.current())

    def is_open(self) -> bool:
        """Say whether the conflict that is shown can be settled."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is None

    def any_open(self) -> bool:
        """Say whether one of the selected conflicts can be settled."""
        return any(self._shown[key].settled is None for key in self.list.selected() if key in self._shown)

    def is_settled(self) -> bool:
        """Say whether the conflict that is shown can be opened again."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is not None

    def has_answer(self, position: int) -> bool:
        """Say whether there is an answer with this number, from 0."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is None and position < len(conflict.rows)

    def keep_number(self, position: int) -> None:
        """Keep the answer with this number, from 0."""
        conflict = self.conflict()
        if conflict is not None and position < len(conflict.rows):
            self.strip.choose(conflict.rows[position].id)
            self._keep(conflict, conflict.rows[position], position)

    def keep_chosen(self) -> None:
        """Keep the answer that is chosen."""
        conflict, chosen = self.conflict(), self.strip.current()
        if conflict is not None and chosen is not None:
            self._keep(conflict, chosen, conflict.rows.index(chosen))

    def all_valid(self) -> None:
        """Settle the selected conflicts: every answer stays."""
        keys = [key for key in self.list.selected() if self._shown[key].settled is None]
        question = plural(
            "All answers stay. Why is that right?",
            "All answers to these {n} requests stay. Why is that right?",
            len(keys),
        )
        self._ask(ConflictResolution.ALL_VALID, question, keys)

    def merge(self) -> None:
        """Keep the chosen answer as the base, set the others aside, and open it for editing."""
        conflict, chosen = self.conflict(), self.strip.current()
        if conflict is None or chosen is None:
            return
        self._ask(
            ConflictResolution.MERGE,
            _("Answer {n} becomes the base and opens for editing. Why merge?", n=conflict.rows.index(chosen) + 1),
            [conflict.key],
            keep={conflict.key: chosen.id},
            then=partial(self.context.navigate, "review", where=f"id = {chosen.id}", example_id=chosen.id, edit=True),
        )

    def split(self) -> None:
        """Settle by telling the requests apart, which are then edited in Review."""
        conflict = self.conflict()
        if conflict is None:
            return
        asked = conflict.request.replace("\\", "\\\\").replace('"', '\\"')
        self._ask(
            ConflictResolution.SPLIT,
            _("The requests are told apart and open in Review. Why split?"),
            [conflict.key],
            then=partial(
                self.context.navigate, "review", where=f'text ~ "{asked}"', example_id=conflict.rows[0].id, edit=True
            ),
        )

    def reopen(self) -> None:
        """Take back the settlement that is shown, with all that was settled by the same act."""
        conflict = self.conflict()
        if conflict is None or conflict.settled is None:
            return
        project, who, act = self.context.project, who_acts(self.context), conflict.settled.act
        self._wanted = conflict.key
        run_write(
            self.context,
            _("Open again"),
            lambda _progress: undoing.undo(project=project, who=who, act=act),
            done=lambda _undone: self.context.notify(_("The conflict is open again."), tone="good"),
            changed=CHANGED,
        )

    def after_undo(self, event: Event) -> bool:
        """Go to what was taken back; False where it is no conflict."""
        keys = event.refs.get("keys", ())
        if event.kind != "settle_conflict" or not keys:
            return False
        self._wanted = str(keys[0])
        return True

    def _keep(self, conflict: Conflict, chosen: ExampleRow, position: int) -> None:
        question = plural(
            "Answer {place} is kept, {n} other is set aside. Why this one?",
            "Answer {place} is kept, {n} others are set aside. Why this one?",
            len(conflict.rows) - 1,
            place=position + 1,
        )
        self._ask(ConflictResolution.KEEP_ONE, question, [conflict.key], keep={conflict.key: chosen.id})

    def _ask(
        self,
        resolution: ConflictResolution,
        question: str,
        keys: Sequence[str],
        *,
        keep: dict[str, str] | None = None,
        then: Callable[[], object] | None = None,
    ) -> None:
        if keys:
            take = partial(self._settle, resolution, tuple(keys), keep or {}, then)
            self.reason.ask(question, ready_reasons(resolution), take)

    def _settle(
        self,
        resolution: ConflictResolution,
        keys: Sequence[str],
        keep: dict[str, str],
        then: Callable[[], object] | None,
        reason: str,
    ) -> None:
        project, who = self.context.project, who_acts(self.context)

        def done(_set_aside: list[str]) -> None:
            said = plural("{n} conflict settled.", "{n} conflicts settled.", len(keys))
            self.context.notify(said, undo=partial(self.context.actions.run, "duplicates.undo"), tone="good")
            if then is not None:
                then()

        run_write(
            self.context,
            _("Settle"),
            lambda _progress: conflicts.settle(
                project=project, who=who, keys=keys, resolution=resolution, reason=reason, keep=keep
            ),
            done=done,
            changed=CHANGED,
        )

    def _arrived(self, found: tuple[Conflict, ...]) -> None:
        self._all = found
        self.counted.emit(sum(c.settled is None for c in found))
        self._fill()

    def _fill(self) -> None:
        shown = [c for c in self._all if self.filter.value() == "all" or c.settled is None]
        wanted, self._wanted = self._wanted, ""
        self._shown = {c.key: c for c in shown}
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
            self._asked.setFixedHeight(min(theme().px(MOST_REQUEST), self.request.height() + theme().px(8)))
            self.strip.show_rows(conflict.rows, self._words, current=at)
        self._say_selection()

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
        selected, conflict = len(self.list.selected()), self.conflict()
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


def _count(conflict: Conflict) -> str:
    total = number(len(conflict.rows))
    return total if conflict.settled is None else f"✓ {total}"
