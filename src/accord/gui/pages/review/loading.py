"""Reads items before they are needed, so that the next one is painted as soon as its key is pressed."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from accord.domain.content import Content
from accord.domain.errors import NotReached
from accord.domain.history import ExampleDetail, ExampleRow
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.review.work import Work, from_draft, stored
from accord.workflows import browsing, conflicts, duplicates, people, repeating

KEPT = 40
AGAIN_MS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One example with all that the page shows of it at once.

    ``second_look``: it came back to be judged again, and is as it was before anybody had judged it.
    """

    detail: ExampleDetail
    draft: Mapping[str, Any] | None = None
    twins: tuple[ExampleRow, ...] = ()
    rivals: tuple[ExampleRow, ...] = ()
    blind_until: int = 0  # how many people have to judge it before others' verdicts are shown
    second_look: bool = False

    @property
    def seq(self) -> int:
        """The example's number."""
        return self.detail.row.seq

    @property
    def id(self) -> str:
        """The example's id."""
        return self.detail.row.id

    @property
    def base(self) -> Content:
        """The text that is judged."""
        return self.detail.base

    @property
    def answer_index(self) -> int:
        """The position of the answer; one past the end where there is none yet."""
        index = self.base.answer_index
        return len(self.base.messages) if index is None else index

    def text_of(self, index: int) -> str:
        """Return a message's text, empty for an answer that is still to be written."""
        return self.base.messages[index].content if index < len(self.base.messages) else ""

    def imported_text_of(self, index: int) -> str:
        """Return a message's text as it was imported."""
        messages = self.detail.original.messages
        return messages[index].content if index < len(messages) else ""

    def work(self, reviewer: str) -> Work:
        """Return what the reviewer had entered: the draft, else what is stored."""
        return stored(self.detail, reviewer) if self.draft is None else from_draft(self.draft)

    def draft_with(self, work: Work, reviewer: str) -> dict[str, Any] | None:
        """Return the draft that holds what was entered, None where that is what is stored already."""
        return None if work == stored(self.detail, reviewer) else work.to_draft(self.base.hash)

    @property
    def draft_is_stale(self) -> bool:
        """Whether the draft's edits were made on another text than the one that stands."""
        return bool(self.draft and self.draft.get("edits") and self.draft.get("base") != self.base.hash)


def has_lines(file: str) -> bool:
    """Say whether a row's number is a line of its file; of a sheet or of a JSON list it is the number of the row."""
    return not file.lower().removesuffix(".gz").endswith((".xlsx", ".json", ".parquet"))


def read_item(project: Any, seq: int, reviewer: str) -> Item | None:
    """Read one item; None where the example is gone."""
    rows = browsing.example_page(project=project, numbers=[seq])
    if not rows:
        return None
    again = repeating.waits(project=project, person=reviewer, number=seq)
    read = repeating.blind if again else browsing.example
    detail = read(project=project, example_id=rows[0].id)
    rivals = conflicts.rivals_of(project=project, example_id=rows[0].id) if detail.row.conflict else []
    return Item(
        detail=detail,
        draft=browsing.draft_of(project=project, example_id=rows[0].id, reviewer=reviewer),
        twins=tuple(duplicates.duplicates_of(project=project, example_id=rows[0].id)),
        rivals=tuple(rivals),
        blind_until=people.blind_until(project=project, number=seq, anew=again),
        second_look=again,
    )


class Loader(QObject):
    """A small store of read items. While something is being written to an item (``hold``) it is not read.

    ``unread`` says why the wanted item could not be read; it is tried again until it can be.
    """

    arrived = Signal(int, object)
    unread = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._items: OrderedDict[int, Item | None] = OrderedDict()
        self._stamps: dict[int, int] = {}
        self._flying: set[tuple[int, int]] = set()
        self._held: dict[int, int] = {}
        self._wanted: int | None = None
        self.active = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._read_wanted)

    def has(self, seq: int) -> bool:
        """Say whether an item is there already."""
        return seq in self._items

    def item(self, seq: int) -> Item | None:
        """Return an item that was read already."""
        return self._items.get(seq)

    def resume(self) -> None:
        """Read again, what is still wanted first: the page is shown."""
        self.active = True
        self._read_wanted()

    def want(self, seq: int) -> None:
        """Have ``arrived`` tell when an item is there."""
        self._wanted = seq
        if seq in self._items:
            self._wanted = None
            self.arrived.emit(seq, self._items[seq])
        else:
            self._read(seq)

    def prefetch(self, numbers: Sequence[int]) -> None:
        """Read items that will be needed soon."""
        for seq in numbers:
            self._read(seq)

    def drop(self, seq: int) -> None:
        """Forget an item that has changed."""
        self._items.pop(seq, None)
        self._stamps[seq] = self._stamps.get(seq, 0) + 1

    def drop_all(self) -> None:
        """Forget everything, also what is on its way."""
        for seq in {*self._items, *(seq for seq, _stamp in self._flying)}:
            self.drop(seq)

    def hold(self, seq: int) -> None:
        """Do not read an item until what is being written to it is there."""
        self.drop(seq)
        self._held[seq] = self._held.get(seq, 0) + 1

    def release(self, seq: int) -> None:
        """It was written."""
        self.drop(seq)
        self._let_go(seq)
        if self._wanted == seq:
            self._read(seq)

    def restore(self, item: Item) -> None:
        """It could not be written: have the item as it was, also where nothing can be read now."""
        self._let_go(item.seq)
        self._items[item.seq] = item
        if self._wanted == item.seq:
            self.want(item.seq)

    def _let_go(self, seq: int) -> None:
        self._held[seq] = self._held.get(seq, 1) - 1
        if self._held[seq] <= 0:
            del self._held[seq]

    def put_draft(self, seq: int, draft: Mapping[str, Any] | None) -> None:
        """Remember the draft that is being saved for an item."""
        item = self._items.get(seq)
        if item is not None:
            self._items[seq] = replace(item, draft=draft)

    def _read_wanted(self) -> None:
        if self._wanted is not None and self.active:
            self.want(self._wanted)

    def _read(self, seq: int) -> None:
        key = (seq, self._stamps.get(seq, 0))
        if not self.active or seq in self._items or seq in self._held or key in self._flying:
            return
        self._flying.add(key)
        project, reviewer = self._context.project, self._context.actor

        def work(_progress: Progress) -> Item | None:
            return read_item(project, seq, reviewer)

        run_read(
            self._context,
            _("Reading an example"),
            work,
            done=partial(self._done, key),
            failed=partial(self._failed, key),
        )

    def _done(self, key: tuple[int, int], item: Item | None) -> None:
        self._flying.discard(key)
        seq = key[0]
        if key[1] == self._stamps.get(seq, 0) and seq not in self._held:
            self._items[seq] = item
            while len(self._items) > KEPT:
                self._items.popitem(last=False)
        if self._wanted == seq and self.active:
            if seq in self._items:
                self._wanted = None
                self.arrived.emit(seq, item)
            else:
                self._read(seq)

    def _failed(self, key: tuple[int, int], error: BaseException) -> None:
        self._flying.discard(key)
        if not isinstance(error, NotReached):
            show_failure(self._context, error)
        if self._wanted == key[0] and self.active:
            self.unread.emit(str(error))
            self._again.start()
