"""What a release is made of: the accepted examples, and what binds them to each other."""

import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, overload

from accord.analysis.near_duplicates import near_duplicates
from accord.analysis.splits import SplitItem
from accord.domain.batches import BATCH, batched
from accord.domain.content import compared_text
from accord.domain.filters import Field, Op, Term, read_filter
from accord.domain.progress import Progress
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import DecidedBy, Origin, SetAsideReason, Status
from accord.domain.wording import _, plural
from accord.formats.answers import answer_problem
from accord.storage import generations, listing, releases, requests
from accord.storage.project import View
from accord.storage.states import unpack
from accord.workflows.release_rules import UNFIT, lacking


class Row(NamedTuple):
    """What a split needs to know of an accepted example, without its text: a million of them fit in memory."""

    seq: int
    id: str
    hash: str
    request: str
    tags: tuple[str, ...]
    origin: str
    conflict: bool
    by_several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """For each example that is bound to others the keys that bind it, and the near-duplicate pairs behind them."""

    keys: dict[str, tuple[str, ...]]
    pairs: tuple[tuple[str, str], ...]
    checked: int
    absent: tuple[SplitItem, ...]


#: Of nothing at all.
NO_LINKS = Links(keys={}, pairs=(), checked=0, absent=())


class Texts(Sequence[str]):
    """The texts of examples that are compared, read from the project a part at a time, best in their order."""

    def __init__(self, view: View, seqs: Sequence[int], fields: str) -> None:
        self._view = view
        self._seqs = seqs
        self._fields = fields
        self._part = -1
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._seqs)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        part, place = divmod(index, BATCH)
        if part != self._part:
            numbers = self._seqs[part * BATCH : (part + 1) * BATCH]
            talks = requests.talks(self._view, numbers)
            self._texts = [compared_text(*talks[seq], self._fields) for seq in numbers]
            self._part = part
        return self._texts[place]


def accepted(view: View, plan: ReleasePlan, settings: ProjectSettings) -> tuple[list[Row], dict[str, str]]:
    """Return the accepted examples that may be released, and of the others, by id, the code of the reason why not.

    An answer may have been accepted before the project chose its closed list or its schema, or asked for two reviewers.
    """
    terms = [*read_filter(plan.where), Term(field=Field.STATUS, op=Op.IS, value=Status.ACCEPTED.value)]
    rows: list[Row] = []
    left_out: dict[str, str] = {}
    known: dict[str, tuple[str, ...]] = {}
    for batch in batched(listing.seqs(view, terms)):
        refused = _refused(view, batch, settings)
        for row in releases.candidates(view, batch):
            tags = known.setdefault(row.tags, unpack(row.tags))
            lack = _lack(row, tags, settings, refused)
            if lack:
                left_out[row.id] = lack
                continue
            origin, several = sys.intern(row.origin), _is_adjudicated(row) or row.verdicts > 1
            rows.append(Row(row.seq, row.id, row.hash, row.request, tags, origin, row.conflict, several))
    return rows, left_out


def lack_of(view: View, seq: int, settings: ProjectSettings) -> str:
    """Return the code of what one accepted example lacks to be released; empty where it lacks nothing."""
    refused = _refused(view, [seq], settings)
    return next((_lack(row, unpack(row.tags), settings, refused) for row in releases.candidates(view, [seq])), "")


def _lack(row: releases.Candidate, tags: Collection[str], settings: ProjectSettings, refused: Collection[int]) -> str:
    if row.seq in refused:
        return UNFIT
    return lacking(settings.rules, verdicts=row.verdicts, adjudicated=_is_adjudicated(row), tags=tags)


def _is_adjudicated(row: releases.Candidate) -> bool:
    return row.decided_by == DecidedBy.ADJUDICATED


def _refused(view: View, seqs: Sequence[int], settings: ProjectSettings) -> set[int]:
    """Return which of these have an answer that does not fit the project's answer kind."""
    if settings.answer_kind is AnswerKind.TEXT:
        return set()
    answers = requests.answers(view, seqs)
    return {seq for seq, answer in answers.items() if answer_problem(answer, settings) is not None}


def unmet(left_out: Mapping[str, str]) -> list[str]:
    """Say what the release leaves out because of the answer kind."""
    found = []
    unfit = sum(reason == UNFIT for reason in left_out.values())
    if unfit:
        found.append(
            plural(
                "{n} accepted answer does not fit the project's answer kind and is left out.",
                "{n} accepted answers do not fit the project's answer kind and are left out.",
                unfit,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bystanders:
    """What is not released and still binds: by number its id and hash; and the requests of what was held out."""

    texts: dict[int, tuple[str, str]]
    ghosts: dict[int, str]


def bystanders(view: View, rows: Sequence[Row], earlier: Mapping[int, Part]) -> Bystanders:
    """Return what is not released and still binds.

    A copy that was set aside binds the one that was kept to its own patient; what was ever held out keeps all that
    resembles it out of train. The rows of an import that was undone bind nothing.
    """
    terms = [Term(field=Field.STATUS, op=Op.IS, value=Status.SET_ASIDE.value)]
    texts: dict[int, tuple[str, str]] = {}
    for batch in batched(listing.seqs(view, terms)):
        for row in releases.candidates(view, batch):
            if row.set_aside_reason != SetAsideReason.WITHDRAWN:
                texts[row.seq] = row.id, row.hash
    released = {row.seq for row in rows}
    held = sorted(seq for seq, part in earlier.items() if part is Part.HELDOUT and seq not in released)
    ghosts = {}
    for batch in batched(held):
        for row in releases.candidates(view, batch):
            texts[row.seq] = row.id, row.hash
            ghosts[row.seq] = row.request
    return Bystanders(texts=texts, ghosts=ghosts)


def linked(
    view: View,
    rows: Sequence[Row],
    beside: Bystanders,
    *,
    plan: ReleasePlan,
    alike: Sequence[Sequence[int]],
    watch: Progress,
) -> Links:
    """Return what binds the accepted examples: group, request, seed, near-duplicate; also by what is not released.

    ``alike``: what else binds, as clusters of places among ``rows`` and, after them, ``beside``.
    """

    def step(done: int, total: int) -> None:
        watch.check()
        watch.report(done, total, _("comparing"))

    seqs = array("q", [*(row.seq for row in rows), *beside.texts])
    near = near_duplicates(Texts(view, seqs, plan.fields), threshold=plan.threshold, thorough=True, progress=step)
    families = _Families.read(view, [*(row.seq for row in rows), *beside.ghosts])
    grouped = families.keys(view, seqs)
    keys = _own_keys(rows, grouped, chain(beside.ghosts.values(), families.absent.values()))
    near_ghosts: dict[int, list[str]] = {}
    for number, cluster in enumerate((*near.clusters, *alike)):
        members = [index for index in cluster if index < len(rows)]
        for index in members:
            keys.setdefault(index, []).append(f"cluster:{number}")
        for index in cluster[len(members) :]:
            if members:
                keys[members[0]] += grouped.get(seqs[index], ())
            near_ghosts.setdefault(seqs[index], []).append(f"cluster:{number}")
    return Links(
        keys={rows[index].id: tuple(found) for index, found in keys.items()},
        pairs=tuple((rows[a].id, rows[b].id) for a, b, _score in near.pairs if max(a, b) < len(rows)),
        checked=near.candidate_pairs,
        absent=tuple(
            _absent(seq, key, grouped.get(seq, []) + near_ghosts.get(seq, [])) for seq, key in beside.ghosts.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Families:
    """What came of one seed belongs together.

    ``of``: the family by number; ``first``: by family the first of those that are released or were held out;
    ``absent``: the others' requests, by number: they bind through these and their groups.
    """

    of: Mapping[int, int]
    first: Mapping[int, int]
    absent: Mapping[int, str]

    @classmethod
    def read(cls, view: View, present: Sequence[int]) -> "_Families":
        """Read the families of these examples."""
        family = generations.families(view)
        first: dict[int, int] = {}
        for seq in present if family else ():
            if seq in family:
                first.setdefault(family[seq], seq)
        there = set(present) if first else set[int]()
        beside = sorted(seq for seq, root in family.items() if root in first and seq not in there)
        rows = (row for batch in batched(beside) for row in releases.candidates(view, batch))
        return cls(family, first, {row.seq: row.request for row in rows})

    def keys(self, view: View, seqs: Sequence[int]) -> dict[int, list[str]]:
        """Return, by number, the keys of groups and of seeds; the first of a family has those of its absent members."""
        grouped = listing.groups(view, [*seqs, *self.absent])
        keys = {seq: [f"group:{key}" for key in sorted(grouped[seq])] for seq in seqs if seq in grouped}
        for seq in seqs if self.of else ():
            if seq in self.of:
                keys.setdefault(seq, []).append(f"seed:{self.of[seq]}")
        for seq, request in self.absent.items():
            bound = [f"group:{key}" for key in sorted(grouped.get(seq, ()))]
            keys[self.first[self.of[seq]]] += [*bound, f"request:{request}"]
        return keys


def _own_keys(
    rows: Sequence[Row], grouped: Mapping[int, Collection[str]], asked_beside: Iterable[str]
) -> dict[int, list[str]]:
    """Return for each example, by its place, the request it shares with others and what binds it beside."""
    keys: dict[int, list[str]] = {}
    asked = Counter(chain((row.request for row in rows), asked_beside))
    for index, row in enumerate(rows):
        own = list(grouped.get(row.seq, ()))
        if asked[row.request] > 1:  # what nobody else asks binds to nobody
            own.insert(0, f"request:{row.request}")
        if own:
            keys[index] = own
    return keys


def _absent(seq: int, request: str, bound: Sequence[str]) -> SplitItem:
    """Return an example that was held out before and is not released now: it only binds what it resembles."""
    return SplitItem(
        id=f"held out before: {seq}",
        links=tuple(sorted([f"request:{request}", *bound])),
        tags=(),
        previous=Part.HELDOUT,
        present=False,
    )


def split_item(
    row: Row, links: tuple[str, ...], previous: Part | None, *, plan: ReleasePlan, heldout_double: bool
) -> SplitItem:
    """Return an accepted example as the split takes it; ``previous`` is its part in earlier releases."""
    real = plan.generated_heldout or row.origin != Origin.GENERATED
    return SplitItem(
        id=row.id,
        links=links,
        tags=row.tags,
        previous=previous,
        heldout_allowed=real and (row.by_several or not heldout_double),
    )
