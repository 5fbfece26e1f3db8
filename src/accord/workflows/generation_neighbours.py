"""What the candidates of a run are compared with: every example, its text read once, and what releases hold out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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

    def of(self, view: View, contents: Sequence[Content]) -> "Near":
        """Look for what candidates that come together are near to, each other among it."""
        by_pair = self._near[PAIR].meeting([pair_text(content) for content in contents])
        by_request = self._near[REQUEST].meeting([content.request for content in contents])
        met = {seq for found in (*by_pair, *by_request) for seq in found if seq >= 0}
        rows = {row.seq: row for batch in batched(sorted(met)) for row in listing.page(view, batch)}
        return Near(contents, by_pair, by_request, rows, self._held, self._frozen)

    def is_held_out(self, seq: int) -> bool:
        """Say whether a release holds an example out."""
        return seq in self._held

    def _add(self, texts: Sequence[tuple[int, Content]]) -> None:
        for fields, index in self._near.items():
            index.add([label for label, _text in texts], [pair_text(text, fields) for _label, text in texts])


@dataclass(frozen=True, slots=True)
class Near:
    """What candidates that come together may be near to: by the whole pair and by the request, labels of each."""

    contents: Sequence[Content]
    by_pair: Sequence[Sequence[int]]
    by_request: Sequence[Sequence[int]]
    rows: Mapping[int, ExampleRow]
    held: Collection[int]
    frozen: Mapping[int, Sequence[Content]]

    def met(self, place: int, *, fields: str, besides: Collection[int] = (), taken: Collection[int] = ()) -> Met:
        """Return what the candidate at a place is near to, what is held out first.

        ``fields``: by what two examples are the same; with what is held out its request is compared as well.
        ``besides``: the examples that it came of, to which it may be near; ``taken``: the places of candidates before
        it that are to be examples.
        """
        content = self.contents[place]
        for found, by in ((self.by_pair[place], PAIR), (self.by_request[place], REQUEST)):
            for seq in found:
                if seq in self.held and any(_alike(content, text, by) for text in self._texts(seq)):
                    return Met(held_out=True)
        for label in self.by_pair[place] if fields == PAIR else self.by_request[place]:
            other = self._other(label, besides, taken)
            if other is not None and _same(content, other, fields):
                return Met(example=other.id if label < 0 else self.rows[label].id)
        return Met()

    def _texts(self, seq: int) -> list[Content]:
        standing = [self.rows[seq].content] if seq in self.rows else []
        return [*standing, *self.frozen.get(seq, ())]

    def _other(self, label: int, besides: Collection[int], taken: Collection[int]) -> Content | None:
        if label < 0:
            return self.contents[-1 - label] if -1 - label in taken else None
        row = self.rows.get(label)
        return None if row is None or label in besides or _withdrawn(row) else row.content


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
