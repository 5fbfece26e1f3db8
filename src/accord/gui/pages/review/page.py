"""The page where a person reads one example after the other and judges it with the keyboard."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.page import Page
from accord.gui.pages.review.answer_control import COLUMNS, AnswerControl
from accord.gui.pages.review.asides import Asides
from accord.gui.pages.review.asking import Asking
from accord.gui.pages.review.bar import ActionBar
from accord.gui.pages.review.binding import bind_actions, bind_choices, is_typing
from accord.gui.pages.review.choices import ChoiceRow
from accord.gui.pages.review.coming_back import ComingBack
from accord.gui.pages.review.desk import Desk, last_position
from accord.gui.pages.review.entry import Entry
from accord.gui.pages.review.filtering import EVERYTHING, OPEN, QueueFilter
from accord.gui.pages.review.json_form import JsonForm
from accord.gui.pages.review.judgement_pane import JudgementPane
from accord.gui.pages.review.key_strip import KeyStrip
from accord.gui.pages.review.keys import PAGE, choice_action
from accord.gui.pages.review.presence import Presence
from accord.gui.pages.review.queue_pane import QueuePane
from accord.gui.pages.review.reading import ReadingColumn
from accord.gui.pages.review.unsaved_notice import UnsavedNotice
from accord.gui.pages.review.verdicts import Verdicts
from accord.gui.theme import theme
from accord.gui.widgets import EmptyState, MessageEditor, column, line, row
from accord.workflows.reviewing import Reviewed

QUEUE_WIDTH = 264
NARROW = 1000


class ReviewPage(Page):
    """Queue, text, fields and the bar of verdicts; the work itself is done by the desk, the entry and the verdicts."""

    page_id: ClassVar[str] = PAGE
    notice_inset: ClassVar[int] = 72

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._folded: bool | None = None
        self.edit_on_arrival: str | int = ""  # an example's id, or its number in the queue
        self._drawn_for: tuple[ProjectSettings, int] | None = None
        self._before_undo: Callable[[], object] | None = None
        self._undo: Callable[[], object] | None = None  # what Ctrl+Z does here
        self.queue = QueuePane(context)
        self.queue.setFixedWidth(theme().px(QUEUE_WIDTH))
        self.reading = ReadingColumn(self._make_control)
        self.pane = JudgementPane(context.actions)
        self.strip = KeyStrip()
        self.bar = ActionBar(context.actions)
        self.desk = Desk(context)
        self.verdicts = Verdicts(self.desk)
        self.entry = Entry(self.desk, self.reading, self.pane)
        self.asking = Asking(self.desk, self.verdicts, self.strip, self.reading, self.entry.can_judge)
        self.desk.look_at(self.entry.take, self.reading.cursor_place, partial(is_typing, self))
        self.empty = EmptyState("", _("Show all examples"), self._show_everything, icon="check-all")
        self.centre = QStackedWidget()
        self.centre.addWidget(self.reading)
        self.centre.addWidget(self.empty)
        self.asides = Asides(self)
        self.unsaved_notice = UnsavedNotice(self)
        self.coming_back = ComingBack(self.desk)
        across = row(self.queue, line(vertical=True), self.centre, line(vertical=True), self.pane, gap=0)
        across.setStretch(2, 1)
        whole = column(across, self.asides.same.strip, self.strip, line(), self.bar, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self._connect()
        bind_actions(self)
        self._follow()

    def activated(self, params: Params) -> None:
        """Go to the example that was asked for, else where one was last time."""
        if self._undo is None or self.context.undo is not self._undo:
            self._before_undo = self.context.undo
            self._undo = self.context.undo = partial(self.verdicts.undo, elsewhere=self._before_undo)
        self.verdicts.own_changes = 0
        self.desk.wake()
        wanted, where = str(params.get("example_id") or params.get("id") or ""), params.get("where")
        before = ""
        if where is not None:
            self.desk.filter = QueueFilter(kind=EVERYTHING if where else "waiting", text=str(where))
        elif not self.desk.loaded:
            last = last_position(self.desk.context)
            self.desk.filter = QueueFilter.from_text(last.filter)
            before, self.desk.start_cursor = last.example_id, 0 if wanted else last.cursor
        self.edit_on_arrival = wanted if params.get("edit") else ""
        self.queue.set_filter(self.desk.filter)
        if where is not None or not self.desk.loaded:
            self.desk.load(example_id=wanted, last=before)
        elif wanted:
            self.desk.load(example_id=wanted, keep=True)
        self.asides.read_pace()
        self.coming_back.look()
        self.entry.go_back()
        self._follow()

    def deactivated(self) -> None:
        """Keep the draft and the place."""
        self.desk.sleep()
        self.asides.pause()
        self.entry.pause()
        if self.context.undo is self._undo:
            self.context.undo = self._before_undo

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what others changed; one's own verdicts are shown already."""
        if self.verdicts.own_changes > 0 and changed <= {"reviews", "examples", "conflicts"}:
            self.verdicts.own_changes -= 1
            return
        self.asides.findings.forget()
        if changed & {"examples", "reviews", "imports", "settings", "duplicates", "conflicts"}:
            self.desk.leave()
            self.desk.loader.drop_all()
            self.queue.clear_marks()
            self.desk.load(keep=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the editor or the field on its key."""
        if event.key() == Qt.Key.Key_Escape and self.entry.has_something_open():
            self.entry.leave()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the queue where there is no room for it, unless the person said otherwise."""
        super().resizeEvent(event)
        self._arrange()

    def _connect(self) -> None:
        desk, verdicts = self.desk, self.verdicts
        desk.shown.connect(self._show)
        desk.listed.connect(self._list)
        desk.work_changed.connect(self._show_marks)
        desk.unread.connect(self.asides.show_unread)
        desk.unsaved.changed.connect(self._follow)
        verdicts.refused.connect(self.bar.say)
        verdicts.marked.connect(self.queue.mark)
        verdicts.marked.connect(lambda _seq, _status: self._show_place())
        verdicts.stored.connect(self._put_row)
        verdicts.taken_back.connect(self.queue.model.reload)
        self.entry.fault.connect(self.bar.say)
        self.entry.editing_changed.connect(self._follow)
        self.queue.chosen.connect(desk.go)
        self.queue.filter_changed.connect(self._filter)
        self.presence = Presence(desk.stopwatch, self.context.actions, self.reading)

    def _show(self) -> None:
        """Paint the item that lies on the desk now."""
        desk, item = self.desk, self.desk.item
        focused = self.window().focusWidget()
        if focused is not None and (self.reading.isAncestorOf(focused) or self.pane.isAncestorOf(focused)):
            self.entry.go_back()  # before its field is hidden: Qt would give the focus to whatever comes next
        self.bar.say("")
        self.entry.elsewhere = False
        self._draw_project()
        self.centre.setCurrentWidget(self.reading if item is not None else self.empty)
        self.empty.button.show()
        self.pane.setEnabled(item is not None)
        if item is None:
            self.empty.sentence.setText(self.asides.empty_sentence())
            self.empty.button.setText(_("Show all that waits") if desk.hers else _("Show all examples"))
        else:
            self.reading.show_item(item, desk.work, kind=desk.kind)
            self.reading.restored.setVisible(desk.restored and item.seq not in desk.unsaved)
            self.reading.show_blind(item.blind_until)
            self.pane.show_work(desk.work)
            self.entry.open_missing()
            self._place_cursor()
        self.asides.show_item(item)
        self._show_place()
        if item is not None and self.edit_on_arrival in {item.id, item.seq}:
            self.edit_on_arrival = ""
            self.entry.edit()
        self.unsaved_notice.tell()
        self._follow()

    def _draw_project(self) -> None:
        """Show what the project decides, where it has changed."""
        desk = self.desk
        if self._drawn_for != (desk.settings, desk.guideline_version):
            self._drawn_for = (desk.settings, desk.guideline_version)
            self.reading.forget_blocks()
            self.pane.set_project(desk.settings, desk.guideline_version)

    def _list(self) -> None:
        desk = self.desk
        if not desk.busy:  # else with the next item: nobody's editor is taken away
            self._draw_project()
        self.queue.show_given(desk.given)
        self.queue.show_numbers(desk.order.numbers, desk.order.position)
        bind_choices(self)
        self._show_place()

    def _show_place(self) -> None:
        order = self.desk.order
        given = self.desk.given if self.desk.hers and not self.desk.filter.text.strip() else 0
        self.queue.show_position(order.position, len(order.numbers), order.waiting, given)

    def _show_marks(self) -> None:
        self.bar.say("")
        self.pane.show_marks(self.desk.work)

    def _put_row(self, found: Reviewed) -> None:
        self.queue.put(self.desk.order.index(found.row.seq), found.row)

    def _follow(self) -> None:
        item = self.desk.item
        self.bar.follow(editing=self.entry.is_editing, first=item is not None and not item.base.has_answer)

    def _filter(self, wanted: QueueFilter) -> None:
        self.desk.leave()
        self.desk.filter = wanted
        self.queue.clear_marks()
        self.desk.load()

    def _show_everything(self) -> None:
        wanted = QueueFilter(kind=OPEN if self.desk.hers else EVERYTHING)
        self.queue.set_filter(wanted)
        self._filter(wanted)

    def fold(self) -> None:
        """Hide or show both side panes."""
        self._folded = not (self.queue.isHidden() and self.pane.isHidden())
        self._arrange()

    def _arrange(self) -> None:
        folded = bool(self._folded)
        narrow = self._folded is None and self.width() < theme().px(NARROW)
        self.queue.setVisible(not folded and not narrow)
        self.pane.setVisible(not folded)

    def _make_control(self, kind: str) -> MessageEditor | AnswerControl:
        if kind == AnswerKind.LIST:
            return ChoiceRow(self.desk.settings.choices, lambda n: self.context.actions.key(choice_action(n)))
        if kind == AnswerKind.JSON:
            return JsonForm(self.desk.settings.answer_schema)
        return MessageEditor(_("Editor"), columns=COLUMNS)

    def _place_cursor(self) -> None:
        """Put the text cursor where it was when the program was left."""
        place, self.desk.start_cursor = self.desk.start_cursor, 0
        block = self.reading.answer_block()
        if place and block is not None:
            block.set_cursor_place(place)
