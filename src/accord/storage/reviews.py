"""Writing and reading judgements and shared edits."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.content import Content
from accord.domain.history import StoredRevision
from accord.domain.moments import local
from accord.domain.review import Judgement, Review, RevisionKind, Verdict, counted, since_round
from accord.storage import assignments, schema, states
from accord.storage.inserting import insert_many
from accord.storage.project import Unit, View


def append(
    unit: Unit, seq: int, judgement: Judgement, base: Content, *, reviewer: str, review_round: int | None = None
) -> None:
    """Append a review of ``base`` and, where it edits, the revision it leads to.

    ``review_round`` None takes the round that the example was called to.
    """
    judged = [(seq, judgement, base, reviewer)]
    rounds = assignments.rounds(unit, [seq]) if review_round is None else {seq: review_round}
    insert(unit, rows_of(judged, rounds), at=unit.at)


_REVISION = ("seq", "parent_hash", "hash", "content", "kind", "of_review", "author", "act", "at")
_REVIEW = ("seq", "reviewer", "round", "verdict", "base_hash", "result_hash", "judgement", "seconds", "act", "at")
Judged = tuple[int, Judgement, Content, str]
"""A judgement on its way in: the number of its example, what it says, the text it judges, whose it is."""


class Rows(NamedTuple):
    """Reviews and the revisions they lead to, as they are stored, but for the act and the time."""

    revisions: tuple[tuple[Any, ...], ...] = ()
    reviews: tuple[tuple[Any, ...], ...] = ()


def append_all(unit: Unit, judged: Sequence[Judged]) -> None:
    """Append many reviews, each in the round that its example was called to, and the revisions they lead to."""
    rounds = assignments.rounds(unit, sorted({seq for seq, *_more in judged}))
    insert(unit, rows_of(judged, rounds), at=unit.at)


def rows_of(judged: Sequence[Judged], rounds: Mapping[int, int] | None = None) -> Rows:
    """Return what ``insert`` stores of these reviews; ``rounds`` by example, 1 where it names none."""
    numbers = rounds or {}
    revisions, reviews = [], []
    for seq, judgement, base, reviewer in judged:
        result = result_of(judgement, base)
        if result.hash != base.hash:
            revisions.append((seq, base.hash, result.hash, result.text, RevisionKind.EDIT.value, True, reviewer))
        text, seconds = judgement_text(judgement), judgement.seconds
        number = numbers.get(seq, 1)
        reviews.append((seq, reviewer, number, judgement.verdict.value, base.hash, result.hash, text, seconds))
    return Rows(tuple(revisions), tuple(reviews))


def insert(unit: Unit, rows: Rows, *, at: str) -> None:
    """Store reviews and their revisions as of this act."""
    for table, columns, found in (
        (schema.revision, _REVISION, rows.revisions),
        (schema.review, _REVIEW, rows.reviews),
    ):
        insert_many(unit, table, columns, [(*row, unit.act, at) for row in found])


def append_unsaid(
    unit: Unit, judged: Sequence[Judged], tags: Mapping[int, Sequence[str]], taken_back: Collection[str]
) -> list[Judged]:
    """Append those of these reviews that the same person has not given before, and return them.

    What came in once must not come in again over what a person has said since. ``tags`` stand on the examples now, and
    make no review a new one; acts that were ``taken_back`` do not count.
    """
    table = schema.review
    query = sa.select(table).where(table.c.seq.in_({seq for seq, *_more in judged}))
    said: dict[tuple[Any, ...], list[tuple[str, ...]]] = defaultdict(list)
    for row in unit.connection.execute(query):
        if row.act not in taken_back:
            before = states.review_of(row).judgement
            key = (row.seq, row.reviewer, row.verdict, row.base_hash, row.result_hash, before.comment)
            said[key].append(tuple(sorted(before.tags)))
    new = []
    for one in judged:
        seq, judgement, base, reviewer = one
        result = result_of(judgement, base).hash
        key = (seq, reviewer, judgement.verdict.value, base.hash, result, judgement.comment)
        known, given = said[key], tuple(sorted(judgement.tags))
        if not known or (given not in known and given != tuple(sorted(tags[seq]))):
            known.append(given)
            new.append(one)
    append_all(unit, new)
    return new


def result_of(judgement: Judgement, base: Content) -> Content:
    """Return the text that a judgement of ``base`` leads to."""
    return base.with_texts(judgement.edits) if judgement.edits else base


def append_again(
    unit: Unit,
    seq: int,
    reviewer: str,
    earlier: Review | None,
    *,
    review_round: int = 1,
    anew: bool = False,
    repeat: bool = False,
) -> None:
    """Append a copy of an earlier review (or, with None, the taking back of all of them): how a review is undone.

    ``anew``: the reviewer says it once more, so that it stands at its own place. ``repeat``: it is of a blind repeat.
    """
    said = Judgement(verdict=Verdict.UNSURE) if earlier is None else earlier.judgement
    said = replace(said, repeat=repeat)
    unit.connection.execute(
        sa.insert(schema.review).values(
            seq=seq,
            reviewer=reviewer,
            round=review_round,
            verdict=earlier.verdict.value if earlier and earlier.verdict else None,
            base_hash=earlier.base_hash if earlier else "",
            result_hash=earlier.result_hash if earlier else "",
            judgement=judgement_text(said, restores=earlier.place if earlier and not anew else None),
            seconds=0.0,
            act=unit.act,
            at=unit.at,
        )
    )


def add_revision(
    unit: Unit, seq: int, content: Content, *, parent: Content, kind: RevisionKind, author: str, of_review: bool = False
) -> None:
    """Append a text of an example; one outside a review (``of_review`` False) is the shared text from now on."""
    unit.connection.execute(
        sa.insert(schema.revision).values(
            seq=seq,
            parent_hash=parent.hash,
            hash=content.hash,
            content=content.text,
            kind=kind.value,
            of_review=of_review,
            author=author,
            act=unit.act,
            at=unit.at,
        )
    )


def of_example(view: View, seq: int) -> list[Review]:
    """Return all reviews of an example, oldest first."""
    table = schema.review
    return [
        states.review_of(row)
        for row in view.connection.execute(sa.select(table).where(table.c.seq == seq).order_by(table.c.id))
    ]


def of_examples(view: View, seqs: Sequence[int]) -> dict[int, list[Review]]:
    """Return all reviews of each of these examples, oldest first."""
    table = schema.review
    found: dict[int, list[Review]] = {seq: [] for seq in seqs}
    for part in batched(seqs):
        query = sa.select(table).where(table.c.seq.in_(list(part))).order_by(table.c.id)
        for row in view.connection.execute(query):
            found[row.seq].append(states.review_of(row))
    return found


def newest_of(view: View, seqs: Sequence[int]) -> dict[tuple[int, str], Review]:
    """Return each reviewer's newest review of each of these examples, by (example, reviewer).

    Of an example that was called to a further round, of that one; blind repeats are left out.
    """
    table, called = schema.review, assignments.rounds(view, seqs)
    rows = view.connection.execute(sa.select(table).where(table.c.seq.in_(list(seqs))).order_by(table.c.id))
    found = ((row.seq, states.review_of(row)) for row in rows if row.round >= called.get(row.seq, 1))
    return {(seq, review.reviewer): review for seq, review in found if not review.judgement.repeat}


def counting(view: View, seqs: Sequence[int]) -> dict[int, list[Review]]:
    """Return the reviews that count of each of these examples, as far as the reader may see them."""
    table, revision, example = schema.review, schema.revision, schema.example
    known: dict[int, set[str]] = {}
    shared: dict[int, tuple[str, str]] = {}  # the hash of the shared text, and who edited it outside a review
    said: dict[int, list[Review]] = defaultdict(list)
    called = assignments.rounds(view, seqs)
    for part in batched(seqs):
        imported = view.connection.execute(sa.select(example.c.seq, example.c.hash).where(example.c.seq.in_(part)))
        for seq, text in imported:
            known[seq], shared[seq] = {text}, (text, "")
        columns = (revision.c.seq, revision.c.hash, revision.c.kind, revision.c.of_review, revision.c.author)
        later = view.connection.execute(sa.select(*columns).where(revision.c.seq.in_(part)).order_by(revision.c.id))
        for seq, text, kind, of_review, author in later:
            known[seq].add(text)
            if not of_review:
                shared[seq] = (text, author if kind == RevisionKind.EDIT else "")
        for row in view.connection.execute(sa.select(table).where(table.c.seq.in_(part)).order_by(table.c.id)):
            review = states.review_of(row)
            said[row.seq].append(review if row.result_hash in known[row.seq] else replace(review, verdict=None))
    return {
        seq: counted(since_round(said[seq], called.get(seq, 1)), base_hash=base_hash, base_author=author)
        for seq, (base_hash, author) in shared.items()
    }


def revisions(view: View, seq: int) -> list[StoredRevision]:
    """Return the revisions of an example, oldest first, without the text as imported."""
    table = schema.revision
    return [
        StoredRevision(
            hash=row.hash,
            parent_hash=row.parent_hash,
            content=Content.from_text(row.content),
            kind=RevisionKind(row.kind),
            of_review=row.of_review,
            author=row.author,
            at=row.at,
        )
        for row in view.connection.execute(sa.select(table).where(table.c.seq == seq).order_by(table.c.id))
    ]


def seconds_of(view: View, reviewer: str, *, limit: int = 200) -> list[float]:
    """Return the seconds of a reviewer's newest reviews that had any, newest first."""
    table = schema.review
    return list(
        view.connection.execute(
            sa.select(table.c.seconds)
            .where(table.c.reviewer == reviewer, table.c.seconds > 0)
            .order_by(table.c.id.desc())
            .limit(limit)
        ).scalars()
    )


def per_day(view: View, reviewer: str) -> dict[str, int]:
    """Return how many examples carry a reviewer's verdict of each day (ISO date on this machine's calendar).

    What was said of many at once, without opening each, tells nothing of a person's pace and does not count.
    """
    table = schema.review
    newest = sa.select(sa.func.max(table.c.id)).where(table.c.reviewer == reviewer).group_by(table.c.seq, table.c.round)
    rows = view.connection.execute(
        sa.select(table.c.at, table.c.seq).where(
            table.c.id.in_(newest), table.c.verdict.is_not(None), table.c.judgement.not_like('%"bulk":true%')
        )
    )
    days: dict[str, str] = {}  # by the minute, within which no day begins: working a day out takes long
    seen = set()
    for row in rows:
        minute = row.at[:16]
        if minute not in days:
            days[minute] = local(row.at)[:10]
        seen.add((days[minute], row.seq))
    return dict(Counter(day for day, _seq in seen))


def totals(view: View) -> tuple[list[str], int]:
    """Return the names of those who have reviews in force, and the number of these reviews."""
    table = schema.review
    newest = sa.select(sa.func.max(table.c.id)).group_by(table.c.seq, table.c.reviewer, table.c.round)
    rows = view.connection.execute(
        sa.select(table.c.reviewer, sa.func.count())
        .where(table.c.id.in_(newest), table.c.verdict.is_not(None))
        .group_by(table.c.reviewer)
    ).all()
    return sorted(row[0] for row in rows), sum(int(row[1]) for row in rows)


def names(values: Sequence[Review]) -> tuple[str, ...]:
    """Return the reviewers' names, each once, in order."""
    return tuple(dict.fromkeys(r.reviewer for r in values))


def judgement_text(judgement: Judgement, *, restores: int | None = None) -> str:
    """Return a judgement as it is stored."""
    return canonical_json(
        {
            **({} if restores is None else {"restores": restores}),
            **({"bulk": True} if judgement.bulk else {}),
            **({"repeat": True} if judgement.repeat else {}),
            "edits": {str(k): v for k, v in judgement.edits.items()},
            "tags": list(judgement.tags),
            "ratings": dict(judgement.ratings),
            "reasons": list(judgement.reasons),
            "comment": judgement.comment,
            "citation": judgement.citation,
        }
    )
