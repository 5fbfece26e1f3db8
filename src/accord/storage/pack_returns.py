"""What a pack's reviews meet at home, and how they come in: each once, and in the order of their times.

The newest row of a reviewer is what counts, and rows are never changed; so where a review comes in that is older than
one that is there, the newer one is written once more behind it. What stands then depends on the reviews alone, and not
on which pack came home first. Times are those of the machines on which the reviews were given: they are all there is.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.content import Content
from accord.domain.moments import in_utc
from accord.domain.review import RevisionKind, latest_per_reviewer, since_round
from accord.storage import assignments, listing, packs, reviews, schema, states
from accord.storage.inserting import insert_many
from accord.storage.pack_files import Contents, Returned
from accord.storage.project import Unit, View

_REVISION = ("seq", "parent_hash", "hash", "content", "kind", "of_review", "author", "act", "at")
_REVIEW = ("seq", "reviewer", "round", "verdict", "base_hash", "result_hash", "judgement", "seconds", "act", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What a project knows of a pack's examples: numbers by id, status and shared text by number.

    ``keys``: the reviewer's reviews that are there, by key (``packs.key_of``); ``texts``: by example and hash;
    ``since``: the examples on which the reviewer has given a review since that is not of the pack, and its rank.
    """

    seqs: Mapping[str, int]
    statuses: Mapping[int, str]
    bases: Mapping[int, Content]
    texts: Mapping[tuple[int, str], Content]
    keys: Mapping[str, int]
    since: Mapping[int, "Rank"]


Rank = tuple[int, str, bool, str]
"""The place of a review among its reviewer's: round, time, whether it takes one back, key (for two of one moment)."""


def look(view: View, contents: Contents) -> Home:
    """Return what the examples reviewed in a pack meet here; those that were deleted for good are left out."""
    seqs: dict[str, int] = {}
    for ids in batched(sorted({review.example_id for review in contents.reviews})):
        seqs |= listing.seqs_of(view, ids)
    ids_of = {seq: example_id for example_id, seq in seqs.items()}
    wanted = {(seqs[r.example_id], r.base_hash) for r in contents.reviews if r.example_id in seqs}
    of_pack = {review.key for review in contents.reviews} | contents.sent
    statuses, bases, texts = dict[int, str](), dict[int, Content](), dict[tuple[int, str], Content]()
    keys, since = dict[str, int](), dict[int, Rank]()
    for part in batched(sorted(ids_of)):
        state = schema.example_state
        rows = view.connection.execute(sa.select(state.c.seq, state.c.status).where(state.c.seq.in_(part)))
        statuses |= {row.seq: row.status for row in rows}
        bases |= listing.bases(view, part)
        texts |= {place: text for place, text in _texts(view, part).items() if place in wanted}
        for seq, row, rank in _ranked(view, part, ids_of, contents.pack.reviewer):
            keys.setdefault(rank[-1], row.id)
            if rank[-1] not in of_pack and in_utc(row.at) > in_utc(contents.pack.at):
                since[seq] = max(rank, since.get(seq, rank))
    return Home(seqs=seqs, statuses=statuses, bases=bases, texts=texts, keys=keys, since=since)


def rank_of(review: Returned) -> Rank:
    """Return the place of a review that came home among its reviewer's."""
    return (review.round, in_utc(review.at), review.verdict is None or review.restored != "", review.key)


def _texts(view: View, seqs: Sequence[int]) -> dict[tuple[int, str], Content]:
    """Return every text that these examples had, by example and hash."""
    found = {(seq, text.hash): text for seq, text in listing.originals(view, seqs).items()}
    table = schema.revision
    query = sa.select(table.c.seq, table.c.hash, table.c.content).where(table.c.seq.in_(seqs))
    return found | {(row.seq, row.hash): Content.from_text(row.content) for row in view.connection.execute(query)}


def _ranked(view: View, seqs: Sequence[int], ids: Mapping[int, str], reviewer: str) -> Iterable[tuple[int, Any, Rank]]:
    """Yield a reviewer's reviews of these examples, in the order in which they came in, blind repeats aside."""
    table = schema.review
    query = sa.select(table).where(table.c.seq.in_(seqs), table.c.reviewer == reviewer)
    ranks: dict[tuple[int, str], Rank] = {}  # one that is written once more behind another has the rank that it had
    for row in view.connection.execute(query.order_by(table.c.seq, table.c.round, table.c.id)).all():
        key = packs.key_of(ids[row.seq], reviewer, row)
        takes_back = row.verdict is None or states.review_of(row).restores is not None
        rank = ranks.setdefault((row.seq, key), (row.round, in_utc(row.at), takes_back, key))
        yield row.seq, row, rank


def store(unit: Unit, reviewer: str, home: Home, new: Sequence[Returned]) -> list[int]:
    """Store reviews of a pack under its reviewer's name and their own times, and return their examples."""
    revisions, rows = [], []
    for review in new:
        seq = home.seqs[review.example_id]
        if review.result_hash != review.base_hash and not review.restored:
            result = reviews.result_of(review.said, home.texts[seq, review.base_hash])
            kind = RevisionKind.EDIT.value
            of_text = (review.base_hash, result.hash, result.text, kind)
            revisions.append((seq, *of_text, True, reviewer, unit.act, review.at))
        if not review.restored:
            rows.append(_row(unit, reviewer, seq, review, reviews.judgement_text(review.said)))
    insert_many(unit, schema.revision, _REVISION, revisions)
    insert_many(unit, schema.review, _REVIEW, rows)
    touched = sorted({home.seqs[review.example_id] for review in new})
    ids = {seq: example_id for example_id, seq in home.seqs.items()}
    again = [review for review in new if review.restored]
    if again:  # they name the number of another, which that has only now
        keys = {rank[-1]: row.id for part in batched(touched) for _s, row, rank in _ranked(unit, part, ids, reviewer)}
        said = [reviews.judgement_text(r.said, restores=keys.get(r.restored)) for r in again]
        made = [_row(unit, reviewer, home.seqs[r.example_id], r, text) for r, text in zip(again, said, strict=True)]
        insert_many(unit, schema.review, _REVIEW, made)
    for part in batched(touched):
        _put_newest_last(unit, part, ids, reviewer)
        _put_newest_of_all_last(unit, part)
    return touched


def _row(unit: Unit, reviewer: str, seq: int, review: Returned, judgement: str) -> tuple[Any, ...]:
    hashes = (review.base_hash, review.result_hash)
    return (seq, reviewer, review.round, review.verdict, *hashes, judgement, review.seconds, unit.act, review.at)


def _put_newest_last(unit: Unit, seqs: Sequence[int], ids: Mapping[int, str], reviewer: str) -> None:
    """Write a reviewer's newest review by its own time once more where another came in behind it."""
    last: dict[int, tuple[Any, Rank]] = {}
    newest: dict[int, tuple[Any, Rank]] = {}
    for seq, row, rank in _ranked(unit, seqs, ids, reviewer):
        if states.review_of(row).judgement.repeat:
            continue
        last[seq] = (row, rank)
        if seq not in newest or rank > newest[seq][1]:
            newest[seq] = (row, rank)
    behind = [row for seq, (row, rank) in newest.items() if last[seq][1][-1] != rank[-1]]
    _append_copies(unit, [(row, {"restores": states.review_of(row).place} if row.verdict else {}) for row in behind])


def _put_newest_of_all_last(unit: Unit, seqs: Sequence[int]) -> None:
    """Do the same with the newest verdict of all reviewers: its tags stand, and it says when the last one was given."""
    table, called = schema.review, assignments.rounds(unit, seqs)
    rows: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in unit.connection.execute(sa.select(table).where(table.c.seq.in_(seqs)).order_by(table.c.id)):
        rows[row.seq][row.id] = row
    behind = []
    for seq, of_one in rows.items():
        found = since_round([states.review_of(row) for row in of_one.values()], called.get(seq, 1))
        votes = latest_per_reviewer(found)
        newest = max(votes, key=lambda vote: (in_utc(vote.at), vote.reviewer), default=None)
        if newest is not None and newest is not votes[-1]:
            behind.append((of_one[newest.id], {"again": newest.id}))
    _append_copies(unit, behind)


def _append_copies(unit: Unit, copies: Sequence[tuple[Any, Mapping[str, int]]]) -> None:
    """Append reviews once more, as they were and with their own times; ``seconds`` were spent once."""
    made = []
    for row, beside in copies:
        said = canonical_json({**json.loads(packs.plain_judgement(row.judgement)), **beside})
        hashes = (row.base_hash, row.result_hash)
        made.append((row.seq, row.reviewer, row.round, row.verdict, *hashes, said, 0.0, unit.act, row.at))
    insert_many(unit, schema.review, _REVIEW, made)
