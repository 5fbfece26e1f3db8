"""The page where a person reads one example after the other and judges it with the keyboard."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from accord.domain.project import AnswerKind
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.page import Page
from accord.gui.pages.review.answer_control import AnswerControl
from accord.gui.pages.review.asides import Asides
from accord.gui.pages.review.bar import ActionBar
from accord.gui.pages.review.choices import ChoiceRow, choice_actions
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.entry import Entry
from accord.gui.pages.review.filtering import EVERYTHING, QueueFilter
from accord.gui.pages.review.judgement_pane import JudgementPane
from accord.gui.pages.review.key_strip import KeyStrip
from accord.gui.pages.review.keys import KEYED_TAGS, PAGE, choice_action
from accord.gui.pages.review.message_block import COLUMNS, MessageBlock
from accord.gui.pages.review.queue_pane import QueuePane
from accord.gui.pages.review.reading import ReadingColumn
from accord.gui.pages.review.verdicts import Verdicts
from accord.gui.theme import theme
from accord.gui.widgets import EmptyState, MessageEditor, column, line, row

QUEUE_WIDTH = 264
NARROW = 1000


class ReviewPage(Page):
    """Queue, text, fields and the bar of verdicts; the work itself is done by the desk, the entry and the verdicts."""

    page_id: ClassVar[str] = PAGE
    notice_inset: ClassVar[int] = 72

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._folded: bool | None = None
        self._before_undo: Callable[[], object] | None = None
        self.queue = QueuePane(context)
        self.queue.setFixedWidth(theme().px(QUEUE_WIDTH))
        self.reading = ReadingColumn(self._make_control)
        self.pane = JudgementPane(context.actions)
        self.strip = KeyStrip()
        self.bar = ActionBar(context.actions)
        self.desk = Desk(context, lambda work: self.entry.take(work), lambda: self._cursor())
        self.verdicts = Verdicts(self.desk)
        self.entry = Entry(self.desk, self.verdicts, self.reading, self.pane, self.strip)
        self.empty = EmptyState("", _("Show all examples"), self._show_everything, icon="check-all")
        self.centre = QStackedWidget()
        self.centre.addWidget(self.reading)
        self.centre.addWidget(self.empty)
        self.asides = Asides(self)
        across = row(self.queue, line(vertical=True), self.centre, line(vertical=True), self.pane, gap=0)
        across.setStretch(2, 1)
        whole = column(across, self.asides.offer, self.strip, line(), self.bar, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self._connect()
        self._bind()
        self._follow()

    def activated(self, params: Params) -> None:
        """Go to the example that was asked for, else where one was last time."""
        self._before_undo, self.context.undo = self.context.undo, self.verdicts.undo
        self.verdicts.own_changes = 0
        self.desk.wake()
        wanted, where = str(params.get("example_id") or params.get("id") or ""), params.get("where")
        if where is not None:
            self.desk.filter = QueueFilter(kind=EVERYTHING if where else "waiting", text=str(where))
        elif not self.desk.loaded:
            last = self.context.settings.position(self.context.project.path)
            self.desk.filter = QueueFilter.from_text(last.filter)
            wanted = wanted or last.example_id
            self.desk.start_cursor = last.cursor
        self.queue.set_filter(self.desk.filter)
        if where is not None or not self.desk.loaded:
            self.desk.load(example_id=wanted)
        elif wanted:
            self.desk.load(example_id=wanted, keep=True)
        self.asides.read_pace()
        self.entry.go_back()
        self._follow()

    def deactivated(self) -> None:
        """Keep the draft and the place."""
        self.desk.sleep()
        self.asides.pause()
        if self.context.undo == self.verdicts.undo:
            self.context.undo = self._before_undo

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what others changed; one's own verdicts are shown already."""
        if self.verdicts.own_changes > 0 and changed <= {"reviews", "examples", "conflicts"}:
            self.verdicts.own_changes -= 1
            return
        if changed & {"examples", "reviews", "imports", "settings", "duplicates", "conflicts"}:
            self.desk.leave()
            self.desk.loader.drop_all()
            self.desk.load(keep=True, example_id="" if self.desk.item is None else self.desk.item.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the editor or the field on its key."""
        if event.key() == Qt.Key.Key_Escape:
            self.entry.leave()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the queue where there is no room for it, unless the person said otherwise."""
        super().resizeEvent(event)
        self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Note that somebody is there."""
        self.desk.stopwatch.touch()
        super().mouseMoveEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note that somebody scrolls or clicks in the text."""
        if event.type() in {QEvent.Type.Wheel, QEvent.Type.MouseButtonPress}:
            self.desk.stopwatch.touch()
        return False

    def _connect(self) -> None:
        desk, verdicts = self.desk, self.verdicts
        desk.shown.connect(self._show)
        desk.listed.connect(self._list)
        desk.work_changed.connect(self._show_marks)
        verdicts.refused.connect(self.bar.say)
        verdicts.marked.connect(self._mark)
        self.entry.fault.connect(self.bar.say)
        self.entry.editing_changed.connect(self._follow)
        self.queue.chosen.connect(lambda seq: desk.go(seq))
        self.queue.filter_changed.connect(self._filter)
        self.reading.scrolled.connect(desk.stopwatch.touch)
        self.reading.viewport().installEventFilter(self)

    def _bind(self) -> None:
        bind, entry, give, judge = self.context.actions.bind, self.entry, self.verdicts.give, self._can_judge
        bind("review.accept", partial(give, Verdict.ACCEPT), enabled=judge)
        bind("review.edit", entry.edit, enabled=judge)
        bind("review.reject", entry.reject, enabled=judge)
        bind("review.unsure", partial(give, Verdict.UNSURE), enabled=judge)
        bind("review.submit", partial(give, Verdict.EDIT), enabled=judge)
        bind("review.undo", self.verdicts.undo)
        for name, by in (("previous", -1), ("up", -1), ("next", 1), ("down", 1)):
            bind(f"review.{name}", partial(self._move, by), enabled=partial(self._can_move, by))
        bind("review.next_waiting", self.asides.next_waiting)
        bind("review.rate", entry.rate, enabled=lambda: bool(self.desk.settings.ratings) and judge())
        bind("review.more_tags", self.pane.tag_field.open, enabled=judge)
        bind("review.comment", partial(entry.focus_note, self.pane.comment), enabled=judge)
        bind("review.cite", partial(entry.focus_note, self.pane.citation), enabled=judge)
        bind("review.diff", self._toggle_diff)
        bind("review.history", self.asides.toggle_history)
        bind("review.fold", self._fold)
        bind("review.same_sentence", self.asides.look, enabled=lambda: bool(self.asides.offers))
        for n in range(1, KEYED_TAGS + 1):
            bind(f"review.tag_{n}", partial(entry.toggle_tag_number, n), enabled=judge)

    def _show(self) -> None:
        """Paint the item that lies on the desk now."""
        desk, item = self.desk, self.desk.item
        self.bar.say("")
        self.centre.setCurrentWidget(self.reading if item is not None else self.empty)
        self.pane.setEnabled(item is not None)
        if item is None:
            self.empty.sentence.setText(self.asides.empty_sentence())
        else:
            self.reading.show_item(item, desk.work, kind=self._kind())
            self.reading.restored.setVisible(desk.restored)
            self.pane.show_work(desk.work)
            self.entry.open_missing()
            if desk.start_cursor:
                self._set_cursor(desk.start_cursor)
        self.asides.show_item(item)
        self._show_place()
        self._follow()

    def _list(self) -> None:
        desk = self.desk
        self.pane.set_project(desk.settings, desk.guideline_version)
        self.queue.show_numbers(desk.order.numbers, desk.order.position)
        if desk.settings.answer_kind is AnswerKind.LIST:
            self.context.actions.declare(choice_actions(desk.settings.choices))
            for n in range(1, len(desk.settings.choices) + 1):
                run = partial(self.entry.pick_choice, n)
                self.context.actions.bind(choice_action(n), run, enabled=self._can_judge)
        self._show_place()

    def _show_place(self) -> None:
        order = self.desk.order
        self.queue.show_position(order.position, len(order.numbers), order.waiting)

    def _show_marks(self) -> None:
        self.bar.say("")
        self.pane.show_marks(self.desk.work)

    def _mark(self, seq: int, status: object) -> None:
        self.queue.mark(seq, status)  # type: ignore[arg-type]  # the signal carries a Status or None
        self._show_place()

    def _follow(self) -> None:
        self.bar.follow(editing=self.entry.is_editing)

    def _can_judge(self) -> bool:
        return self.entry.can_judge

    def _can_move(self, by: int) -> bool:
        return self.desk.order.step(by) is not None

    def _move(self, by: int) -> None:
        number = self.desk.order.step(by)
        if number is not None:
            self.desk.go(number)

    def _toggle_diff(self) -> None:
        self.reading.diff = not self.reading.diff
        self.entry.show_texts(self.desk.collect())

    def _filter(self, wanted: QueueFilter) -> None:
        self.desk.leave()
        self.desk.filter = wanted
        self.queue.clear_marks()
        self.desk.load()

    def _show_everything(self) -> None:
        wanted = QueueFilter(kind=EVERYTHING)
        self.queue.set_filter(wanted)
        self._filter(wanted)

    def _fold(self) -> None:
        self._folded = not (self.queue.isHidden() and self.pane.isHidden())
        self._arrange()

    def _arrange(self) -> None:
        folded = bool(self._folded)
        narrow = self._folded is None and self.width() < theme().px(NARROW)
        self.queue.setVisible(not folded and not narrow)
        self.pane.setVisible(not folded)

    def _kind(self) -> str:
        settings = self.desk.settings
        if settings.answer_kind is AnswerKind.LIST and not settings.choices:
            return AnswerKind.TEXT.value
        return settings.answer_kind.value

    def _make_control(self, kind: str) -> MessageEditor | AnswerControl:
        if kind == AnswerKind.LIST:
            return ChoiceRow(self.desk.settings.choices, lambda n: self.context.actions.key(choice_action(n)))
        return MessageEditor(_("Editor"), columns=COLUMNS)

    def _answer_block(self) -> MessageBlock | None:
        item = self.desk.item
        return None if item is None else next((b for b in self.reading.blocks() if b.index == item.answer_index), None)

    def _cursor(self) -> int:
        block = self._answer_block()
        return 0 if block is None else block.cursor_place()

    def _set_cursor(self, position: int) -> None:
        self.desk.start_cursor = 0
        block = self._answer_block()
        if block is not None:
            block.set_cursor_place(position)
