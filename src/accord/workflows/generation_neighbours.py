"""What the candidates of a run are compared with: every example, its text read once, and what releases hold out."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from accord.analysis.conflicts import conflicting
from accord.analysis.nearby import Nearby
from accord.analysis.shingles import jaccard
from accord.domain.batches import batched
from accord.domain.content import Content, pair_text
from accord.domain.history import ExampleRow
from accord.domain.progress import Progress, Silent
from accord.domain.review import SetAsideReason
from accord.domain.wording import _
from accord.storage import held_out, listing
from accord.storage.project import View

THRESHOLD = 0.8
PAIR, REQUEST = "pair", "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a candidate is near to: something that is held out, or the example with this id ("" for none)."""

    held_out: bool = False
    example: str = ""


class Neighbours:
    """Finds what candidates are near to; for one thread. Built once for a run: 100,000 examples take seconds."""

    def __init__(self) -> None:
        self._near = {PAIR: Nearby(THRESHOLD), REQUEST: Nearby(THRESHOLD)}
        self._known = np.zeros(0, dtype=np.int64)
        self._held: set[int] = set()
        self._frozen: Mapping[int, list[Content]] = defaultdict(list)
        self._release = 0
        self._tried: dict[int, tuple[str, Content]] = {}

    def catch_up(self, view: View, progress: Progress | None = None) -> None:
        """Take in what has come since the last time. Raises Cancelled."""
        watch = progress or Silent()
        every = np.array(listing.seqs(view), dtype=np.int64)
        new = np.setdiff1d(every, self._known, assume_unique=True).tolist()
        done = 0
        for batch in batched(new):
            watch.check()
            watch.report(done, len(new), _("reading"))
            self._add([(row.seq, row.content) for row in listing.page(view, batch)])
            done += len(batch)
        self._known = every
        if (newest := held_out.newest_release(view)) != self._release:
            self._held = held_out.numbers(view)
            for seq, content in held_out.frozen_texts(view):
                if content not in self._frozen[seq]:
                    self._frozen[seq].append(content)
                    self._add([(seq, content)])
            self._release = newest

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Compare candidates with each other too, until the block ends: then they are examples, or are not."""
        before = {fields: len(index) for fields, index in self._near.items()}
        try:
            yield
        finally:
            self._tried.clear()
            for fields, index in self._near.items():
                index.cut(before[fields])

    def tried(self, example_id: str, content: Content) -> None:
        """Add a candidate that is about to be an example."""
        label = -1 - len(self._tried)
        self._tried[label] = (example_id, content)
        self._add([(label, content)])

    def is_held_out(self, seq: int) -> bool:
        """Say whether a release holds an example out."""
        return seq in self._held

    def meets(self, view: View, content: Content, *, fields: str, besides: Collection[int] = ()) -> Met:
        """Return what a candidate is near to, what is held out first.

        ``fields``: by what two examples are the same; with what is held out its request is compared as well.
        ``besides``: the examples that it came of, to which it may be near.
        """
        by_pair = self._near[PAIR].meeting([pair_text(content)])[0]
        by_request = self._near[REQUEST].meeting([content.request])[0]
        rows = {row.seq: row for row in listing.page(view, [seq for seq in {*by_pair, *by_request} if seq >= 0])}
        for found, by in ((by_pair, PAIR), (by_request, REQUEST)):
            for seq in self._held.intersection(found):
                standing = [rows[seq].content] if seq in rows else []
                if any(_alike(content, text, by) for text in (*standing, *self._frozen.get(seq, ()))):
                    return Met(held_out=True)
        for label in by_pair if fields == PAIR else by_request:
            if label in self._tried:
                id_, text = self._tried[label]
            elif label in rows and label not in besides and not _withdrawn(rows[label]):
                id_, text = rows[label].id, rows[label].content
            else:
                continue
            if _same(content, text, fields):
                return Met(example=id_)
        return Met()

    def _add(self, texts: Sequence[tuple[int, Content]]) -> None:
        for fields, index in self._near.items():
            index.add([label for label, _text in texts], [pair_text(text, fields) for _label, text in texts])


def _withdrawn(row: ExampleRow) -> bool:
    return row.set_aside_reason == SetAsideReason.WITHDRAWN


def _alike(one: Content, other: Content, fields: str) -> bool:
    """Say whether two texts are near, and what was said before them is as well, or nothing was."""
    if jaccard(pair_text(one, fields), pair_text(other, fields)) < THRESHOLD:
        return False
    blank = not one.earlier.strip() and not other.earlier.strip()
    return blank or jaccard(one.earlier, other.earlier) >= THRESHOLD


def _same(one: Content, other: Content, fields: str) -> bool:
    """Say whether one of two examples is to be set aside: never against another answer, nor where one has none."""
    if not _alike(one, other, fields):
        return False
    if fields == REQUEST:
        return True
    differ = one.conversation_key == other.conversation_key and conflicting([one.answer, other.answer])
    return one.has_answer == other.has_answer and not differ
