"""The reviews in force of each reviewer on each example, by round, as compact arrays that hold no text."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.filters import Term
from accord.domain.moments import in_utc
from accord.domain.progress import Progress, Silent
from accord.domain.review import DecidedBy, RevisionKind, Verdict
from accord.domain.wording import _
from accord.storage import assignments, decisions, filtering, schema, states
from accord.storage.among import among
from accord.storage.interrupting import interruptible
from accord.storage.project import View

VERDICTS = tuple(Verdict)
_AT_ONCE = 2_000
_SHORT = 300  # characters of a judgement without a text of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person's decision in force on an example; ``text`` is the hash of the text that stands by it."""

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """The reviews that count and that the reader may see, by example and reviewer, and behind them the blind repeats.

    ``ids``, ``seqs``: the examples, by id. ``reviewers``: by name. Per review: ``item``, ``reviewer``, ``verdict``,
    ``base``, ``text``, ``tags``, ``ratings`` are places in ``ids``, ``reviewers``, ``VERDICTS``, ``texts`` (hashes: of
    what was judged, of what that led to), ``tag_sets`` and ``rating_sets``; ``at`` is in UTC. The first ``counted`` of
    them count, one for each example and reviewer. Those behind them are pairs: what somebody said of an example, and
    what when it came back blind. ``decided``: the examples that a person or a rule decided; ``rulings``: what a person
    decided, by item.
    """

    ids: tuple[str, ...]
    seqs: "array[int]"
    reviewers: tuple[str, ...]
    item: "array[int]"
    reviewer: "array[int]"
    verdict: "array[int]"
    base: "array[int]"
    text: "array[int]"
    tags: "array[int]"
    ratings: "array[int]"
    at: tuple[str, ...]
    counted: int
    texts: tuple[str, ...]
    tag_sets: tuple[tuple[str, ...], ...]
    rating_sets: tuple[Mapping[str, int], ...]
    decided: frozenset[int]
    rulings: Mapping[int, Ruling]


class _Vote(NamedTuple):
    """One review while it is sorted in; ``verdict`` -1 takes an earlier one back."""

    verdict: int
    base: str
    result: str
    tags: tuple[str, ...]
    ratings: tuple[tuple[str, int], ...]
    at: str


class _Shared(NamedTuple):
    """The texts that reviewers judged, the one that stands last, and whose edit the text before any decision is."""

    hashes: tuple[str, ...]
    author: str


class _Said:
    """What was said of one example: the newest by (reviewer, round), and what was said when it came back blind."""

    __slots__ = ("again", "newest")

    def __init__(self) -> None:
        self.newest: dict[tuple[str, int], _Vote] = {}
        self.again: dict[tuple[str, int], tuple[_Vote, _Vote]] = {}

    def add(self, reviewer: str, number: int, vote: _Vote, *, repeat: bool) -> None:
        """Add the next review."""
        if vote.verdict < 0:
            self.again.pop((reviewer, number), None)
        if not repeat:
            self.newest[reviewer, number] = vote
        elif before := [key for key in self.newest if key[0] == reviewer]:
            first = self.newest[max(before)]
            if min(first.verdict, vote.verdict) >= 0 and first.base == vote.base:
                self.again[reviewer, number] = first, vote

    def counting(self, shared: _Shared, called: int) -> dict[str, _Vote]:
        """Return each reviewer's vote that counts: ``domain.review.counted``, of the text that most of them judged."""
        latest = {name: vote for (name, number), vote in sorted(self.newest.items()) if number >= called}
        in_force = {name: vote for name, vote in latest.items() if vote.verdict >= 0}
        times = Counter(vote.base for vote in in_force.values())
        chosen = max(reversed(shared.hashes), key=lambda text: times[text])
        own = shared.author if chosen == shared.hashes[0] else ""
        return {name: vote for name, vote in in_force.items() if vote.base == chosen or name == own}


def any_double(view: View) -> bool:
    """Say whether two people have reviewed the same example, as far as the reader may see: cheaper than to read all."""
    table = schema.review
    double = sa.select(table.c.seq).group_by(table.c.seq).having(sa.func.count(table.c.reviewer.distinct()) > 1)
    return view.connection.execute(double.limit(1)).first() is not None


def read_votes(view: View, terms: Sequence[Term] = (), *, progress: Progress | None = None) -> Votes:
    """Read the reviews of the examples that fit, as far as the reader may see them. Raises Cancelled.

    An adjudicator's own text does not end what reviewers said of the text before it: of these texts the one that most
    of them judged counts, the newer where as many did.
    """
    with interruptible(view, progress):
        rows = {row.seq: row for row in view.connection.execute(_judged(terms))}
        shared, called, ruled = _shared(view, rows), _called(view), _rulings(view, rows)
        said = _said(view, rows, progress or Silent())
    counting = {seq: one.counting(shared[seq], called.get(seq, 1)) for seq, one in said.items()}
    again = [(seq, name, *pair) for seq, one in said.items() for (name, _round), pair in one.again.items()]
    kept = {seq for seq, votes in counting.items() if votes} | {seq for seq, *_pair in again}
    order = sorted(kept, key=lambda seq: str(rows[seq].id))
    place = {seq: at for at, seq in enumerate(order)}
    names = sorted({*(name for votes in counting.values() for name in votes), *(name for _seq, name, *_pair in again)})
    laid = _Laid(names)
    for seq in order:
        for name, vote in sorted(counting[seq].items()):
            laid.add(place[seq], name, vote)
    counted = len(laid.at)
    for seq, name, first, second in sorted(again, key=lambda one: (place[one[0]], one[1])):
        laid.add(place[seq], name, first)
        laid.add(place[seq], name, second)
    return laid.votes(
        ids=tuple(str(rows[seq].id) for seq in order),
        seqs=array("q", order),
        reviewers=tuple(names),
        counted=counted,
        decided=frozenset(place[seq] for seq in order if rows[seq].decided_by == DecidedBy.ADJUDICATED.value),
        rulings={place[seq]: one for seq, one in ruled.items() if seq in place},
    )


class _Laid:
    """The arrays while they grow."""

    def __init__(self, names: Sequence[str]) -> None:
        self._who = {name: at for at, name in enumerate(names)}
        columns = ("item", "reviewer", "verdict", "base", "text", "tags", "ratings")
        self._columns = {name: array("q") for name in columns}
        self._texts: dict[str, int] = {}
        self._tags: dict[tuple[str, ...], int] = {}
        self._ratings: dict[tuple[tuple[str, int], ...], int] = {}
        self.at: list[str] = []

    def add(self, item: int, name: str, vote: _Vote) -> None:
        """Add one review."""
        row = {
            "item": item,
            "reviewer": self._who[name],
            "verdict": vote.verdict,
            "base": self._texts.setdefault(vote.base, len(self._texts)),
            "text": self._texts.setdefault(vote.result, len(self._texts)),
            "tags": self._tags.setdefault(vote.tags, len(self._tags)),
            "ratings": self._ratings.setdefault(vote.ratings, len(self._ratings)),
        }
        for column, value in row.items():
            self._columns[column].append(value)
        self.at.append(vote.at)

    def votes(self, **facts: Any) -> Votes:
        """Return what was added."""
        columns: dict[str, Any] = dict(self._columns)
        return Votes(
            **columns,
            at=tuple(self.at),
            texts=tuple(self._texts),
            tag_sets=tuple(self._tags),
            rating_sets=tuple(dict(one) for one in self._ratings),
            **facts,
        )


def _judged(terms: Sequence[Term]) -> sa.Select[Any]:
    """Return the query of the examples with a review that the reader may know of."""
    table = schema.example_state
    columns = (table.c.seq, table.c.id, table.c.decided_by, table.c.hash, table.c.base_hash)
    reviewed = table.c.seq.in_(sa.select(schema.review.c.seq))
    return sa.select(*columns).where(*filtering.conditions(terms), reviewed)


def _shared(view: View, rows: Mapping[int, Any]) -> dict[int, _Shared]:
    """Return for each example the texts whose reviews may count."""
    table = schema.revision
    query = sa.select(table.c.seq, table.c.parent_hash, table.c.hash, table.c.kind, table.c.author)
    revisions: dict[int, list[Any]] = defaultdict(list)
    for row in view.connection.execute(query.where(table.c.of_review.is_(False)).order_by(table.c.id)):
        revisions[row.seq].append(row)
    found = {}
    for seq, state in rows.items():
        chain = revisions.get(seq, [])
        hashes = [state.base_hash]
        while chain and chain[-1].kind == RevisionKind.ADJUDICATE:
            hashes.append(chain.pop().parent_hash)
        author = chain[-1].author if chain and chain[-1].kind == RevisionKind.EDIT else ""
        found[seq] = _Shared(tuple(reversed(hashes)), author)
    return found


def _called(view: View) -> dict[int, int]:
    """Return the round that examples were called to, those that never were again left out."""
    table = schema.decision
    again = sa.select(table.c.seq).where(table.c.kind == "reopen", table.c.payload.like('%"round":%'))
    return assignments.rounds(view, sorted(set(view.connection.execute(again).scalars())))


def _said(view: View, rows: Collection[int], watch: Progress) -> dict[int, _Said]:
    """Return what was said of each of these examples."""
    table, example, revision = schema.review, schema.example, schema.revision
    known = sa.or_(
        example.c.hash == table.c.result_hash,
        sa.exists().where(revision.c.seq == table.c.seq, revision.c.hash == table.c.result_hash),
    )
    query = sa.select(table, known.label("known")).where(example.c.seq == table.c.seq).order_by(table.c.id)
    found: dict[int, _Said] = defaultdict(_Said)
    reader = _Reader()
    kept: dict[Any, Any] = {}  # equal names, tags and texts are kept once
    for number, row in enumerate(view.connection.execute(query, execution_options={"yield_per": _AT_ONCE})):
        if number % _AT_ONCE == 0:
            watch.check()
            watch.report(number, note=_("reviews read"))
        if row.seq in rows:
            vote, repeat = reader.vote(row)
            once = _Vote(*(kept.setdefault(value, value) for value in vote))
            found[row.seq].add(kept.setdefault(row.reviewer, row.reviewer), row.round, once, repeat=repeat)
    return dict(found)


class _Reader:
    """Reads stored reviews; most of them say what others have said word for word, and that is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], tuple[int, bool, tuple[str, ...], tuple[tuple[str, int], ...]]] = {}
        self._moments: dict[str, str] = {}

    def vote(self, row: Any) -> tuple[_Vote, bool]:
        """Return a review, and whether it was given blind, a second time."""
        key = (row.verdict, row.judgement)
        found = self._known.get(key) or self._read(row)
        if len(row.judgement) < _SHORT:
            self._known[key] = found
        at = self._moments.get(row.at)
        if at is None:
            at = self._moments[row.at] = in_utc(row.at)
        verdict, repeat, tags, ratings = found
        return _Vote(verdict if row.known else -1, row.base_hash, row.result_hash, tags, ratings, at), repeat

    @staticmethod
    def _read(row: Any) -> tuple[int, bool, tuple[str, ...], tuple[tuple[str, int], ...]]:
        review = states.review_of(row)
        said = review.judgement
        try:
            ratings = tuple(sorted((str(name), int(value)) for name, value in said.ratings.items()))
        except (TypeError, ValueError, AttributeError):  # written past the program
            ratings = ()
        verdict = -1 if review.verdict is None else VERDICTS.index(review.verdict)
        return verdict, said.repeat, tuple(sorted(set(said.tags))), ratings


def _rulings(view: View, rows: Mapping[int, Any]) -> dict[int, Ruling]:
    """Return what people, and no rule, decided of these examples."""
    wanted = [seq for seq, row in rows.items() if row.decided_by == DecidedBy.ADJUDICATED.value]
    return {
        seq: Ruling(verdict=Verdict(one.payload["verdict"]), text=str(rows[seq].hash))
        for seq, one in decisions.adjudicated(view, wanted).items()
        if "rule" not in one.payload
    }


def answers(view: View, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return the answers of these texts, each by (number of the example, hash); those that are gone are left out."""
    found: dict[tuple[int, str], str] = {}
    for batch in batched(sorted({seq for seq, _hash in wanted})):
        for table in (schema.example, schema.revision):
            query = sa.select(table.c.seq, table.c.hash, table.c.content).where(among(view, table.c.seq, batch))
            for seq, text_hash, content in view.connection.execute(query):
                if (seq, text_hash) in wanted and (seq, text_hash) not in found:
                    found[seq, text_hash] = Content.from_text(content).answer
    return found
