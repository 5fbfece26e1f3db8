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
from accord.storage import decisions, filtering, schema, states
from accord.storage.among import among
from accord.storage.interrupting import interruptible
from accord.storage.project import View

VERDICTS = tuple(Verdict)
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person's decision in force on an example; ``text`` is the hash of the text that stands by it."""

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """The reviews in force that the reader may see, one per example, reviewer and round, in that order.

    ``ids``, ``seqs``: the examples, by id. ``reviewers``: by name. Per review: ``item``, ``reviewer``, ``verdict``,
    ``text``, ``tags``, ``ratings`` are places in ``ids``, ``reviewers``, ``VERDICTS``, ``texts`` (hashes of the texts
    that reviews judge or lead to), ``tag_sets`` and ``rating_sets``; ``base`` is the place in ``texts`` of what was
    judged; ``at`` is in UTC. ``counted``: 1 where the review is its reviewer's newest and of the text that stands.
    ``decided``: the examples that a person or a rule decided; ``rulings``: by item, what a person decided.
    ``repeated``: (item, reviewer) of the examples that came back blind.
    """

    ids: tuple[str, ...]
    seqs: "array[int]"
    reviewers: tuple[str, ...]
    item: "array[int]"
    reviewer: "array[int]"
    round: "array[int]"
    verdict: "array[int]"
    base: "array[int]"
    text: "array[int]"
    tags: "array[int]"
    ratings: "array[int]"
    at: tuple[str, ...]
    counted: "array[int]"
    texts: tuple[str, ...]
    tag_sets: tuple[tuple[str, ...], ...]
    rating_sets: tuple[Mapping[str, int], ...]
    decided: frozenset[int]
    rulings: Mapping[int, Ruling]
    repeated: frozenset[tuple[int, int]]


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


def read_votes(view: View, terms: Sequence[Term] = (), *, progress: Progress | None = None) -> Votes:
    """Read the reviews of the examples that fit, as far as the reader may see them. Raises Cancelled.

    An adjudicator's own text does not end what reviewers said of the text before it: of these texts the one that most
    of them judged counts, the newer where as many did.
    """
    with interruptible(view, progress):
        rows = {row.seq: row for row in view.connection.execute(_judged(terms))}
        shared = _shared(view, rows)
        found = _newest(view, rows, progress or Silent())
        ruled = _rulings(view, rows)
        again = _repeats(view, rows)
    order = sorted(found, key=lambda seq: str(rows[seq].id))
    names = sorted({name for votes in found.values() for name, _round in votes})
    place = {seq: at for at, seq in enumerate(order)}
    who = {name: at for at, name in enumerate(names)}
    laid = _Laid()
    for seq in order:
        laid.add(place[seq], found[seq], _counting(found[seq], shared[seq]), who)
    decided = (place[seq] for seq in order if rows[seq].decided_by == DecidedBy.ADJUDICATED.value)
    return laid.votes(
        ids=tuple(str(rows[seq].id) for seq in order),
        seqs=array("q", order),
        reviewers=tuple(names),
        decided=frozenset(decided),
        rulings={place[seq]: one for seq, one in ruled.items() if seq in place},
        repeated=frozenset((place[seq], who[name]) for seq, name in again if seq in place and name in who),
    )


class _Laid:
    """The arrays while they grow."""

    def __init__(self) -> None:
        names = ("item", "reviewer", "round", "verdict", "base", "text", "tags", "ratings", "counted")
        self._columns = {name: array("q") for name in names}
        self._at: list[str] = []
        self._texts: dict[str, int] = {}
        self._tags: dict[tuple[str, ...], int] = {}
        self._ratings: dict[tuple[tuple[str, int], ...], int] = {}

    def add(
        self,
        item: int,
        votes: Mapping[tuple[str, int], _Vote],
        counting: Collection[tuple[str, int]],
        who: Mapping[str, int],
    ) -> None:
        """Add the reviews of one example."""
        for (name, number), vote in sorted(votes.items()):
            if vote.verdict < 0:
                continue
            row = {
                "item": item,
                "reviewer": who[name],
                "round": number,
                "verdict": vote.verdict,
                "base": self._texts.setdefault(vote.base, len(self._texts)),
                "text": self._texts.setdefault(vote.result, len(self._texts)),
                "tags": self._tags.setdefault(vote.tags, len(self._tags)),
                "ratings": self._ratings.setdefault(vote.ratings, len(self._ratings)),
                "counted": (name, number) in counting,
            }
            for column, value in row.items():
                self._columns[column].append(value)
            self._at.append(vote.at)

    def votes(self, **facts: Any) -> Votes:
        """Return what was added."""
        columns: dict[str, Any] = dict(self._columns)
        return Votes(
            **columns,
            at=tuple(self._at),
            texts=tuple(self._texts),
            tag_sets=tuple(self._tags),
            rating_sets=tuple(dict(one) for one in self._ratings),
            **facts,
        )


def _judged(terms: Sequence[Term]) -> sa.Select[Any]:
    """Return the query of the examples with a review in force that the reader may know of."""
    table = schema.example_state
    columns = (table.c.seq, table.c.id, table.c.decided_by, table.c.hash, table.c.base_hash)
    return sa.select(*columns).where(*filtering.conditions(terms), table.c.reviewers > "")


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


def _newest(view: View, rows: Collection[int], watch: Progress) -> dict[int, dict[tuple[str, int], _Vote]]:
    """Return the newest review by (reviewer, round) of each of these examples."""
    table, example, revision = schema.review, schema.example, schema.revision
    known = sa.or_(
        example.c.hash == table.c.result_hash,
        sa.exists().where(revision.c.seq == table.c.seq, revision.c.hash == table.c.result_hash),
    )
    query = sa.select(table, known.label("known")).where(example.c.seq == table.c.seq).order_by(table.c.id)
    found: dict[int, dict[tuple[str, int], _Vote]] = defaultdict(dict)
    kept: dict[Any, Any] = {}  # equal tags and texts are kept once
    for number, row in enumerate(view.connection.execute(query, execution_options={"yield_per": _AT_ONCE})):
        if number % _AT_ONCE == 0:
            watch.check()
            watch.report(number)
        if row.seq in rows:
            vote = _vote(row)
            once = (kept.setdefault(value, value) for value in vote)
            found[row.seq][kept.setdefault(row.reviewer, row.reviewer), row.round] = _Vote(*once)
    return {seq: votes for seq, votes in found.items() if any(vote.verdict >= 0 for vote in votes.values())}


def _vote(row: Any) -> _Vote:
    review = states.review_of(row)
    said = review.judgement
    try:
        ratings = tuple(sorted((str(name), int(value)) for name, value in said.ratings.items()))
    except (TypeError, ValueError, AttributeError):  # written past the program
        ratings = ()
    gone = review.verdict is None or not row.known
    verdict = -1 if gone else VERDICTS.index(said.verdict)
    return _Vote(verdict, row.base_hash, row.result_hash, tuple(sorted(set(said.tags))), ratings, in_utc(row.at))


def _counting(votes: Mapping[tuple[str, int], _Vote], shared: _Shared) -> set[tuple[str, int]]:
    """Return the (reviewer, round) that count: ``domain.review.counted``, of the text that most of them judged."""
    latest = dict(sorted(votes))  # of each reviewer the newest round comes last, and stays
    in_force = {key: votes[key] for key in latest.items() if votes[key].verdict >= 0}
    times = Counter(vote.base for vote in in_force.values())
    chosen = max(reversed(shared.hashes), key=lambda text: times[text])
    own = shared.author if chosen == shared.hashes[0] else ""
    return {key for key, vote in in_force.items() if vote.base == chosen or key[0] == own}


def _rulings(view: View, rows: Mapping[int, Any]) -> dict[int, Ruling]:
    """Return what people, and no rule, decided of these examples."""
    wanted = [seq for seq, row in rows.items() if row.decided_by == DecidedBy.ADJUDICATED.value]
    return {
        seq: Ruling(verdict=Verdict(one.payload["verdict"]), text=str(rows[seq].hash))
        for seq, one in decisions.adjudicated(view, wanted).items()
        if "rule" not in one.payload
    }


def _repeats(view: View, rows: Collection[int]) -> list[tuple[int, str]]:
    table = schema.assignment
    query = sa.select(table.c.seq, table.c.reviewer).where(table.c.kind == "repeat")
    return [(row.seq, row.reviewer) for row in view.connection.execute(query) if row.seq in rows]


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
