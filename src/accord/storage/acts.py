"""What one act wrote, and the inverse rows that take it back."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.history import Decision
from accord.domain.moments import in_utc
from accord.domain.review import RevisionKind
from accord.storage import events, findings, listing, reviews, schema, states
from accord.storage.project import Unit, View
from accord.storage.states import review_of

#: Decisions that stand beside verdicts and decisions, and change neither.
_BESIDE = (*states.TAG_DECISIONS, "ask_guideline", findings.DISMISS, findings.RESTORE)


def seqs_of_act(view: View, act: str) -> set[int]:
    """Return the examples that an act wrote reviews, revisions or decisions about."""
    found: set[int] = set()
    for table in (schema.review, schema.revision, schema.decision):
        rows = view.connection.execute(sa.select(table.c.seq).where(table.c.act == act, table.c.seq.is_not(None)))
        found.update(rows.scalars())
    return found


def judges_of(view: View, act: str) -> set[str]:
    """Return as whose an act wrote reviews."""
    table = schema.review
    return set(view.connection.execute(sa.select(table.c.reviewer).where(table.c.act == act)).scalars())


def later_acts(view: View, act: str) -> set[str]:
    """Return the acts that have judged, changed or decided since on what an act left, also those taken back."""
    table = schema.review
    mine, later = table.alias(), table.alias()
    same_reviewer = sa.and_(later.c.seq == mine.c.seq, later.c.reviewer == mine.c.reviewer)
    queries = [_later(mine, later, same_reviewer, act)]
    table = schema.decision
    mine, later = table.alias(), table.alias()
    in_play = sa.and_(later.c.seq == mine.c.seq, later.c.kind.not_in(_BESIDE))
    queries += [_later(mine, later, in_play, act), _later(mine, later, later.c.key == mine.c.key, act)]
    table = schema.revision
    mine, later = table.alias(), table.alias()
    shared = sa.and_(later.c.seq == mine.c.seq, later.c.of_review.is_(False), mine.c.of_review.is_(False))
    queries.append(_later(mine, later, shared, act))
    return {row.act for query in queries for row in view.connection.execute(query)} | _judged_on(view, act)


def _later(mine: sa.FromClause, later: sa.FromClause, same: sa.ColumnElement[bool], act: str) -> sa.Select[tuple[str]]:
    newer = sa.and_(same, later.c.id > mine.c.id)
    return sa.select(later.c.act).distinct().join(mine, newer).where(mine.c.act == act, later.c.act != act)


def _judged_on(view: View, act: str) -> set[str]:
    """Return the acts that have judged a text since an act left it; the same text may have been judged before."""
    mine, judged = schema.revision.alias(), schema.review.alias()
    on_it = sa.and_(judged.c.seq == mine.c.seq, judged.c.base_hash == mine.c.hash, mine.c.of_review.is_(False))
    query = sa.select(judged.c.act, judged.c.at, mine.c.at.label("left")).join(mine, on_it)
    query = query.where(mine.c.act == act, judged.c.act != act, judged.c.verdict.is_not(None))
    return {row.act for row in view.connection.execute(query) if in_utc(row.at) >= in_utc(row.left)}


def overtaken_among(view: View, act: str, seqs: Sequence[int]) -> set[int]:
    """Return on which of these examples someone has judged or decided since about what a bulk act left.

    What was decided of tags, or asked, stands beside the verdicts and overtakes nothing.
    """
    since: set[tuple[int, str]] = set()
    review, decision = schema.review, schema.decision
    beside = decision.c.kind.in_(_BESIDE)
    # Compared here: a database joins such a table with itself by whichever index it guesses, and may take minutes.
    for query in (
        sa.select(review.c.id, review.c.seq, review.c.act, review.c.reviewer).where(review.c.seq.in_(seqs)),
        sa.select(decision.c.id, decision.c.seq, decision.c.act, sa.literal("")).where(
            decision.c.seq.in_(seqs), sa.not_(beside)
        ),
    ):
        made: set[tuple[int, str]] = set()
        for row in sorted(view.connection.execute(query), key=lambda row: int(row[0])):
            about = (row[1], row[3])
            if row[2] == act:
                made.add(about)
            elif about in made:
                since.add((row[1], row[2]))
    gone = events.taken_back_among(view, {later for _seq, later in since})
    return {seq for seq, later in since if later not in gone}


def still_said(view: View, act: str, seqs: Sequence[int] | None = None) -> set[int]:
    """Return the examples (among ``seqs`` where given) of which a review of an act is still its reviewer's newest."""
    mine, later = schema.review, schema.review.alias()
    newer = sa.exists().where(later.c.seq == mine.c.seq, later.c.reviewer == mine.c.reviewer, later.c.id > mine.c.id)
    query = sa.select(mine.c.seq).where(mine.c.act == act, ~newer)
    if seqs is not None:
        query = query.where(mine.c.seq.in_(list(seqs)))
    return set(view.connection.execute(query).scalars())


def untouched_of_import(view: View, import_id: int, act: str, *, among: Sequence[int] | None = None) -> set[int]:
    """Return the examples that only this import, undone ones aside, found and that nobody else has judged or decided.

    What the import itself said of them (``act``: verdicts in the file) does not count. ``among``: of these alone.
    """
    example, occurrence = schema.example, schema.occurrence
    undone = sa.select(schema.import_run.c.id).where(schema.import_run.c.state == "undone")
    elsewhere = (occurrence.c.import_id != import_id, occurrence.c.import_id.not_in(undone))
    query = sa.select(example.c.seq).where(
        _about(occurrence, example, occurrence.c.import_id == import_id),
        ~_about(occurrence, example, *elsewhere),
        *(~_about(table, example, table.c.act != act) for table in _TOUCHING),
        *([] if among is None else [example.c.seq.in_(list(among))]),
    )
    return set(view.connection.execute(query).scalars())


def brought_back_unjudged(view: View, import_id: int, act: str, *, among: Sequence[int] | None = None) -> set[int]:
    """Return the examples that an import brought back into play, alone, and that nobody has judged or changed since."""
    state, decision, occurrence = schema.example_state, schema.decision, schema.occurrence
    back = sa.select(decision.c.seq).where(decision.c.act == act, decision.c.kind == "bring_back")
    done = sa.select(schema.import_run.c.id).where(schema.import_run.c.state == "done")
    query = sa.select(state.c.seq).where(
        state.c.seq.in_(back),
        state.c.verdicts == 0,
        state.c.set_aside_reason == "",
        ~_about(schema.revision, state, schema.revision.c.act != act),
        ~_about(occurrence, state, occurrence.c.import_id != import_id, occurrence.c.import_id.in_(done)),
        *([] if among is None else [state.c.seq.in_(list(among))]),
    )
    return set(view.connection.execute(query).scalars())


_TOUCHING = (schema.review, schema.revision, schema.decision)


def _about(table: sa.Table, examples: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that such a row about an example is there: looked up one by one, however many there are."""
    return sa.exists().where(table.c.seq == examples.c.seq, *conditions).correlate(examples)


def keys_of(view: View, seqs: Sequence[int]) -> set[str]:
    """Return the request keys of examples as they stand."""
    table = schema.example_state
    found: set[str] = set()
    for batch in batched(seqs):
        found.update(view.connection.execute(sa.select(table.c.request_key).where(table.c.seq.in_(batch))).scalars())
    return found


def take_back_reviews(unit: Unit, act: str, seqs: Collection[int]) -> None:
    """For each review that an act made of these examples append the one before it, or that there is none."""
    table = schema.review
    # By example rather than by act: a part of a large act would otherwise be looked for in all of it.
    of_act = table.c.act.concat("") == act
    for batch in batched(sorted(seqs)):
        rows = unit.connection.execute(sa.select(table).where(of_act, table.c.seq.in_(batch)).order_by(table.c.id))
        _take_back_reviews(unit, rows.all())


def _take_back_reviews(unit: Unit, rows: Sequence[Any]) -> None:
    table = schema.review
    for row in rows:
        before = unit.connection.execute(
            sa.select(table)
            .where(
                table.c.seq == row.seq,
                table.c.reviewer == row.reviewer,
                table.c.round == row.round,
                table.c.id < row.id,
            )
            .order_by(table.c.id.desc())
            .limit(1)
        ).first()
        earlier = review_of(before) if before is not None and before.verdict else None
        repeat = review_of(row).judgement.repeat
        reviews.append_again(unit, row.seq, row.reviewer, earlier, review_round=row.round, repeat=repeat)


def take_back_revisions(unit: Unit, act: str) -> None:
    """For each shared text of an act append the text before it, the newest first: an act may hold two of an example."""
    table = schema.revision
    shared = sa.select(table).where(table.c.act == act, table.c.of_review.is_(False))
    for row in unit.connection.execute(shared.order_by(table.c.id.desc())).all():
        parent = unit.connection.execute(
            sa.select(table.c.content).where(table.c.seq == row.seq, table.c.hash == row.parent_hash).limit(1)
        ).scalar()
        before = listing.original_of(unit, row.seq) if parent is None else Content.from_text(parent)
        reviews.add_revision(
            unit,
            row.seq,
            before,
            parent=Content.from_text(row.content),
            kind=RevisionKind.EDIT,
            author=unit.actor,
        )


def last_reason(view: View, decision: Decision) -> str:
    """Return the reason an example was set aside with before this decision brought it back."""
    table = schema.decision
    reason = view.connection.execute(
        sa.select(table.c.reason)
        .where(table.c.seq == decision.seq, table.c.kind == "set_aside", table.c.id < decision.id)
        .order_by(table.c.id.desc())
        .limit(1)
    ).scalar()
    return str(reason or "by_hand")
