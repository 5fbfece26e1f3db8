"""What a pack's reviews meet at home, and how they come in: each once, and in the order of their times.

The newest row of a reviewer is what counts, and rows are never changed; so where a review comes in that is older than
one that is there, the newer one is written once more behind it. What stands then depends on the reviews alone, and not
on which pack came home first. Times are those of the machines on which the reviews were given: they are all there is.
An undo takes back what was said where it was pressed, in the project or in one pack, and nothing said elsewhere.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.content import Content
from accord.domain.moments import in_utc
from accord.domain.packs import Pack
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
    ``since``: the examples on which the reviewer has given a review since that is not of the pack, and its rank;
    ``only_here``: how many reviews another copy of the pack brought that this one does not hold.
    """

    seqs: Mapping[str, int]
    statuses: Mapping[int, str]
    bases: Mapping[int, Content]
    texts: Mapping[tuple[int, str], Content]
    keys: frozenset[str]
    since: Mapping[int, "Rank"]
    only_here: int


Rank = tuple[int, str, bool, str]
"""The place of a review among its reviewer's: round, time, whether it takes one back, key (for two of one moment)."""


class Word(NamedTuple):
    """One review, or the taking back of one, and where it was given: in the project (empty) or in which pack."""

    rank: Rank
    place: str
    repeat: bool
    row: Any


def standing_word(words: Iterable[Word]) -> Word | None:
    """Return which of a reviewer's words on one example counts: the newest that was not taken back where it was given.

    Of one place the words are a stack: an undo there takes the last one off, and what it brings back lies under it.
    Only the newest round counts, and no blind repeat.
    """
    ordered = sorted({word.rank: word for word in words if not word.repeat}.values(), key=lambda word: word.rank)
    stacks: dict[str, list[Word]] = defaultdict(list)
    for word in ordered:
        of_round, _at, takes_back, _key = word.rank
        if of_round < ordered[-1].rank[0]:
            continue
        if not takes_back:
            stacks[word.place].append(word)
        elif stacks[word.place]:
            stacks[word.place].pop()
    return max((stack[-1] for stack in stacks.values() if stack), key=lambda word: word.rank, default=None)


def look(view: View, contents: Contents) -> Home:
    """Return what the examples reviewed in a pack meet here; those that were deleted for good are left out."""
    seqs: dict[str, int] = {}
    for ids in batched(sorted({review.example_id for review in contents.reviews})):
        seqs |= listing.seqs_of(view, ids)
    wanted = {(seqs[r.example_id], r.base_hash) for r in contents.reviews if r.example_id in seqs}
    statuses, bases, texts = dict[int, str](), dict[int, Content](), dict[tuple[int, str], Content]()
    for part in batched(sorted(seqs.values())):
        state = schema.example_state
        rows = view.connection.execute(sa.select(state.c.seq, state.c.status).where(state.c.seq.in_(part)))
        statuses |= {row.seq: row.status for row in rows}
        bases |= listing.bases(view, part)
        texts |= {place: text for place, text in listing.every_text(view, part).items() if place in wanted}
    said = _words(view, {*seqs.values(), *packs.seqs_of(view, contents.pack.id)}, contents.pack.reviewer, {})
    own = {review.key for review in contents.reviews}
    in_copies = {_key(word) for words in said.values() for word in words if word.place == contents.pack.id}
    return Home(
        seqs=seqs,
        statuses=statuses,
        bases=bases,
        texts=texts,
        keys=frozenset(_key(word) for words in said.values() for word in words),
        since=_since(said, contents, own),
        only_here=len(in_copies - own),
    )


def _key(word: Word) -> str:
    return word.rank[-1]


def _since(said: Mapping[int, Sequence[Word]], contents: Contents, own: set[str]) -> dict[int, Rank]:
    """Return by example what its reviewer said since a pack was made and not in it, as far as it was not taken back."""
    pack, found = contents.pack, dict[int, Rank]()
    for seq, words in said.items():
        elsewhere = (w for w in words if w.place != pack.id and _key(w) not in own | contents.sent)
        last = standing_word(word for word in elsewhere if in_utc(word.row.at) > in_utc(pack.at))
        if last is not None:
            found[seq] = last.rank
    return found


def rank_of(review: Returned) -> Rank:
    """Return the place of a review that came home among its reviewer's."""
    return (review.round, in_utc(review.at), review.takes_back, review.key)


def _words(view: View, seqs: Iterable[int], reviewer: str, merging: Mapping[str, str]) -> dict[int, list[Word]]:
    """Return all that a reviewer said of these examples, in the order in which it came in.

    One that was written once more behind another is there once more, with the rank and the place that it had.
    ``merging``: an act that is bringing a pack home now, and the id of that pack.
    """
    table, example, merges = schema.review, schema.example, {**packs.merged_by(view), **merging}
    query = sa.select(table, example.c.id.label("example_id")).join(example, example.c.seq == table.c.seq)
    found: dict[int, list[Word]] = defaultdict(list)
    for part in batched(sorted(seqs)):
        first: dict[tuple[int, str], Word] = {}
        said = query.where(table.c.seq.in_(part), table.c.reviewer == reviewer)
        for row in view.connection.execute(said.order_by(table.c.seq, table.c.round, table.c.id)):
            review, key = states.review_of(row), packs.key_of(row.example_id, reviewer, row)
            takes_back = row.verdict is None or review.restores is not None
            rank = (row.round, in_utc(row.at), takes_back, key)
            word = Word(rank, merges.get(row.act, ""), review.judgement.repeat, row)
            found[row.seq].append(first.setdefault((row.seq, key), word)._replace(row=row))
    return found


def word_of(review: Returned) -> Word:
    """Return a review that came home as a word of its pack."""
    return Word(rank_of(review), "", review.said.repeat, review)


def store(unit: Unit, pack: Pack, home: Home, new: Sequence[Returned]) -> list[int]:
    """Store reviews of a pack under its reviewer's name and their own times, and return their examples."""
    revisions, rows, reviewer, merging = [], [], pack.reviewer, {unit.act: pack.id}
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
    again = [review for review in new if review.restored]
    if again:  # they name the number of another, which that has only now
        there = _words(unit, touched, reviewer, merging).values()
        numbers = {_key(word): word.row.id for words in there for word in reversed(words)}
        said = [reviews.judgement_text(r.said, restores=numbers.get(r.restored)) for r in again]
        made = [_row(unit, reviewer, home.seqs[r.example_id], r, text) for r, text in zip(again, said, strict=True)]
        insert_many(unit, schema.review, _REVIEW, made)
    _put_what_counts_last(unit, _words(unit, touched, reviewer, merging).values())
    for part in batched(touched):
        _put_newest_of_all_last(unit, part)
    return touched


def _row(unit: Unit, reviewer: str, seq: int, review: Returned, judgement: str) -> tuple[Any, ...]:
    hashes = (review.base_hash, review.result_hash)
    return (seq, reviewer, review.round, review.verdict, *hashes, judgement, review.seconds, unit.act, review.at)


def _put_what_counts_last(unit: Unit, of_examples: Iterable[Sequence[Word]]) -> None:
    """Write a reviewer's word that counts once more where another came in behind it; where none does, a taking back."""
    behind: list[tuple[Any, Mapping[str, int]]] = []
    for words in of_examples:
        said = [word for word in words if not word.repeat]
        counts, last = standing_word(said), said[-1]
        if counts is None and last.row.verdict is not None:
            counts = max((word for word in said if word.row.verdict is None), key=lambda word: word.rank, default=None)
        if counts is not None and _key(counts) != _key(last):
            behind.append((counts.row, {"restores": states.review_of(counts.row).place} if counts.row.verdict else {}))
    _append_copies(unit, behind)


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
