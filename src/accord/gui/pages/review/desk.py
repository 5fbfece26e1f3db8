"""The desk: the queue one works through, the item that lies on it, and what was entered for it so far."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.domain.errors import AccordError
from accord.domain.history import ExampleDetail
from accord.domain.progress import Progress
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.review import Judgement, Verdict
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.review.drafts import DraftKeeper
from accord.gui.pages.review.filtering import WAITING, Queue, QueueFilter, read_queue
from accord.gui.pages.review.loading import Item, Loader
from accord.gui.pages.review.order import Order
from accord.gui.pages.review.stopwatch import Stopwatch
from accord.gui.pages.review.unsaved import UnsavedVerdicts
from accord.gui.pages.review.work import Work
from accord.jobs import Lane
from accord.settings import LastPosition
from accord.workflows import browsing, projects, reviewing

AHEAD, BEHIND = 3, 2
POSITION_AFTER_MS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What reading the queue gave."""

    numbers: Any
    again: Any
    given: int
    settings: ProjectSettings
    version: int
    start: int | None


class Desk(QObject):
    """Knows where one is. ``shown``: another item, or none, lies here; ``listed``: the queue is another one.

    ``unread`` says why the item one is at cannot be read now.
    """

    shown = Signal()
    listed = Signal()
    work_changed = Signal()
    unread = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.order = Order()
        self.loader = Loader(context)
        self.stopwatch = Stopwatch()
        self.drafts = DraftKeeper(context, self._save_draft)
        self.filter = QueueFilter()
        self.settings = ProjectSettings()
        self.guideline_version = 0
        self.given = 0  # how many examples were given to whoever works
        self.hers = False  # whether the list is those
        self.item: Item | None = None
        self.work = Work()
        self.unsaved = UnsavedVerdicts()
        self.moves = 0  # how often one went to an item
        self.touched = False  # something was entered since the item was shown
        self.restored = False
        self.loaded = False
        self.start_cursor = 0
        self._entered: Work | None = None
        self._collect: Callable[[Work], Work] = lambda work: work
        self._cursor: Callable[[], int] = lambda: 0
        self._typing: Callable[[], bool] = lambda: False
        self._remember = QTimer(self)
        self._remember.setSingleShot(True)
        self._remember.setInterval(POSITION_AFTER_MS)
        self._remember.timeout.connect(self.remember_position)
        self.loader.arrived.connect(self._arrived)
        self.loader.unread.connect(self.unread)

    def look_at(self, collect: Callable[[Work], Work], cursor: Callable[[], int], typing: Callable[[], bool]) -> None:
        """Take the functions that give what stands in the editors, the place of the cursor, and whether one types."""
        self._collect, self._cursor, self._typing = collect, cursor, typing

    @property
    def busy(self) -> bool:
        """Whether the person is at work on the item, which nothing may take away or show anew then."""
        return self.touched or self._typing()

    @property
    def kind(self) -> str:
        """The answer kind; a closed list without choices is free text."""
        if self.settings.answer_kind is AnswerKind.LIST and not self.settings.choices:
            return AnswerKind.TEXT.value
        return self.settings.answer_kind.value

    def can_move(self, by: int) -> bool:
        """Whether there is an item so many places on."""
        return self.order.step(by) is not None

    def move(self, by: int) -> None:
        """Go so many places on, without a verdict."""
        number = self.order.step(by)
        if number is not None:
            self.go(number)

    def load(self, *, example_id: str = "", last: str = "", keep: bool = False) -> None:
        """Read the queue of the filter and go to an example, or stay; ``keep`` leaves what was judged in the list.

        ``last`` is where one was the last time: one goes there unless it is judged by now, or another works.
        """
        project, wanted, reviewer = self.context.project, self.filter, self.context.actor

        def work(_progress: Progress) -> _Listed:
            return _read_list(project, read_queue(project, wanted, reviewer), example_id, last)

        run_read(self.context, _("Reading the queue"), work, done=partial(self._list, keep=keep))

    def go(self, seq: int | None, *, entered: Work | None = None) -> None:
        """Put an item on the desk; ``entered`` are its fields where they are not what is stored or drafted."""
        self.leave()
        self.moves += 1
        self.item, self._entered, self.touched = None, entered, False
        if seq is None:
            self.order.position = -1 if not self.order.numbers else self.order.position
            self.shown.emit()
            return
        if self.order.go_to(seq):
            self.listed.emit()
        self.loader.want(seq)
        self.loader.prefetch(self.order.neighbours(AHEAD, BEHIND))

    def wake(self) -> None:
        """The page is shown: read and count time."""
        self.loader.resume()
        self.stopwatch.touch()

    def sleep(self) -> None:
        """The page is left: keep the draft and the place, read nothing, count no time."""
        self.leave()
        self.remember_position()
        self.stopwatch.pause()
        self.loader.active = False

    @property
    def awake(self) -> bool:
        """Whether the page is shown."""
        return self.loader.active

    def leave(self) -> None:
        """Keep what was typed before something else comes."""
        if self.item is not None:
            self.drafts.flush()

    def collect(self) -> Work:
        """Return what is entered, with what stands in the open editors."""
        if self.item is not None:
            self.work = self._collect(self.work)
        return self.work

    def set_work(self, work: Work) -> None:
        """Take changed fields."""
        if work != self.work:
            self.work, self.touched = work, True
            self.drafts.changed()
            self.work_changed.emit()

    def typed(self) -> None:
        """Something was typed: it will be saved soon."""
        self.touched = True
        self.stopwatch.touch()
        self.drafts.changed()

    def problem_with(self, judgement: Judgement) -> str:
        """Return why a judgement could not be stored, or nothing."""
        if self.item is None:
            return ""
        index = self.item.answer_index
        answer = judgement.edits.get(index, self.item.text_of(index))
        if judgement.verdict in {Verdict.ACCEPT, Verdict.EDIT} and self.kind == AnswerKind.TEXT and not answer.strip():
            return _("Write an answer first, or reject it.")
        try:
            reviewing.check(judgement, self.item.base, self.settings)
        except AccordError as error:
            return str(error)
        return ""

    def remember_position(self) -> None:
        """Keep where one is for the next start; after what is being written."""
        self._remember.stop()
        if self.item is None:
            return
        position = LastPosition(example_id=self.item.id, filter=self.filter.to_text(), cursor=self._cursor())
        settings, path, name = self.context.settings, self.context.project.path, _signed_in(self.context)
        self.context.jobs.run(
            Lane.WRITE,
            _("Remembering the place"),
            lambda _progress: settings.remember_position(path, position, name),
            failed=lambda _error: None,  # a place that is not remembered is no reason to stop anyone
            quiet=True,
        )

    def _list(self, found: _Listed, *, keep: bool) -> None:
        if not self.awake:
            return  # the page was left meanwhile; it asks again when it is shown
        self.loaded, self.given = True, found.given
        self.hers = found.given > 0 and self.filter.kind == WAITING
        if (found.settings, found.version) != (self.settings, self.guideline_version):
            self.settings, self.guideline_version = found.settings, found.version
        kept = self.unsaved.numbers() | (set(self.order.judged) if keep else set())
        if keep and self.order.current is not None:
            kept.add(self.order.current)
        if not keep:
            self.order.judged.clear()
        self.order.replace(found.numbers, keep=kept, again=found.again)
        self.listed.emit()
        if found.start is None:
            self.start_cursor = 0
        if found.start is not None:
            self.go(found.start)
        elif keep and self.item is not None:
            if not self.busy:  # what others did is shown in its place, but not under the hands of a person
                self.loader.want(self.item.seq)
        else:
            first = self.order.current if self.order.current is not None else self.order.step(1)
            self.go(first)

    def _arrived(self, seq: int, item: Item | None) -> None:
        if seq != self.order.current or (self.item is not None and self.busy):
            return
        if item is not None:
            item = replace(item, draft=self.drafts.newest(item.id, item.draft))
        same = self.item is not None and item is not None and self.item.id == item.id
        self.item, entered = item, self._entered
        self._entered = None
        if item is not None:
            self.restored = entered is None and item.draft is not None
            self.work = entered if entered is not None else item.work(self.context.actor)
            self.touched = entered is not None
            if not same:
                self.stopwatch.restart()
            if self.awake:
                self._remember.start()
        self.shown.emit()
        if entered is not None and item is not None:
            self.drafts.changed()

    def _save_draft(self) -> None:
        item = self.item
        if item is None:
            return
        value = item.draft_with(self.collect(), self.context.actor)
        if value != item.draft:
            self.item = replace(item, draft=value)
            self.loader.put_draft(item.seq, value)
            self.drafts.write(item.id, value)


def last_position(context: Context) -> LastPosition:
    """Return where whoever works was the last time, and with which filter."""
    return context.settings.position(context.project.path, _signed_in(context))


def _signed_in(context: Context) -> str:
    """Return the name of whoever is signed in; empty where the project's people are not named."""
    person = context.project.person
    return "" if person is None else str(person.name)


def _read_list(project: Any, queue: Queue, example_id: str, last: str) -> _Listed:
    numbers = queue.numbers
    settings = projects.settings_of(project=project)
    start = _seq_of(project, example_id or last) if example_id or last else None
    if not example_id and start not in numbers and start not in queue.again:
        start = None
    if settings.answer_kind is AnswerKind.JSON:
        _warm_up(project, settings, numbers)
    version = projects.guideline_number(project=project)
    facts: dict[str, Any] = {"settings": settings, "version": version, "start": start}
    return _Listed(numbers=numbers, again=queue.again, given=queue.given, **facts)


def _seq_of(project: Any, example_id: str) -> int | None:
    try:
        detail: ExampleDetail = browsing.example(project=project, example_id=example_id)
    except AccordError:
        return None
    return detail.row.seq


def _warm_up(project: Any, settings: ProjectSettings, numbers: Any) -> None:
    """Load the schema's library here, so that the first verdict does not wait for it."""
    rows = browsing.example_page(project=project, numbers=list(numbers[:1]))
    for row in rows:
        try:
            reviewing.check(Judgement(verdict=Verdict.ACCEPT), row.content, settings)
        except AccordError:
            continue
