"""What one act wrote, and the inverse rows that take it back."""

import sqlalchemy as sa

from accord.domain.content import Content
from accord.domain.history import Decision
from accord.domain.review import RevisionKind
from accord.storage import listing, reviews, schema
from accord.storage.project import Unit, View
from accord.storage.states import review_of


def seqs_of_act(view: View, act: str) -> set[int]:
    """Return the examples that an act wrote reviews, revisions or decisions about."""
    found: set[int] = set()
    for table in (schema.review, schema.revision, schema.decision):
        rows = view.connection.execute(sa.select(table.c.seq).where(table.c.act == act, table.c.seq.is_not(None)))
        found.update(rows.scalars())
    return found


def untouched_of_import(view: View, import_id: int | None) -> set[int]:
    """Return the examples that came in with an import, by no other, and that nobody has reviewed or decided."""
    if import_id is None:
        return set()
    example, occurrence = schema.example, schema.occurrence
    touched = [
        sa.select(t.c.seq).where(t.c.seq.is_not(None)) for t in (schema.review, schema.revision, schema.decision)
    ]
    elsewhere = sa.select(occurrence.c.seq).where(occurrence.c.import_id != import_id)
    query = sa.select(example.c.seq).where(
        example.c.import_id == import_id,
        example.c.seq.not_in(elsewhere),
        *(example.c.seq.not_in(rows) for rows in touched),
    )
    return set(view.connection.execute(query).scalars())


def keys_of(view: View, seqs: list[int]) -> set[str]:
    """Return the request keys of examples as they stand, as imported and as revised."""
    table = schema.example_state
    return set(view.connection.execute(sa.select(table.c.request_key).where(table.c.seq.in_(seqs))).scalars())


def take_back_reviews(unit: Unit, act: str) -> None:
    """For each review of an act append the reviewer's review before it, or that there is none."""
    table = schema.review
    for row in unit.connection.execute(sa.select(table).where(table.c.act == act)).all():
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
        reviews.append_again(unit, row.seq, row.reviewer, earlier, review_round=row.round)


def take_back_revisions(unit: Unit, act: str) -> None:
    """For each shared text of an act append the text before it."""
    table = schema.revision
    shared = sa.select(table).where(table.c.act == act, table.c.of_review.is_(False))
    for row in unit.connection.execute(shared).all():
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
