"""``example_state``: where each example stands, derived from the rows by one rule, kept up to date or rebuilt."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import BATCH, batched
from accord.domain.content import EXAMPLE_ID_DIGITS, Content
from accord.domain.moments import in_utc
from accord.domain.records import ReadyRow
from accord.domain.review import (
    Judgement,
    Review,
    RevisionKind,
    SetAsideReason,
    Standing,
    Verdict,
    latest_per_reviewer,
    since_round,
    standing,
)
from accord.storage import assignments, blindness, findings, schema, search
from accord.storage.inserting import insert_many, update_many
from accord.storage.packing import pack as pack
from accord.storage.packing import packed_pattern as packed_pattern
from accord.storage.packing import unpack as unpack
from accord.storage.project import Unit, View

#: Decisions about an example's tags: ``after`` in their payload is the newest review there was, whosever.
TAG_DECISIONS = ("add_tag", "remove_tag", "retract_tag")


COLUMNS = (
    "seq",
    "id",
    "import_id",
    "origin",
    "status",
    "decided_by",
    "set_aside_reason",
    "verdicts",
    "hash",
    "base_hash",
    "request_key",
    "tags",
    "reviewers",
    "last_review",
    "conflict",
    "purged",
)
_NEW = {
    has_answer: standing(base_hash="", base_author="", has_answer=has_answer, reviews=()).status.value
    for has_answer in (False, True)
}


def of_import(row: ReadyRow, *, seq: int, import_id: int, origin: str) -> tuple[Any, ...]:
    """Return the state row, in the order of ``COLUMNS``, of an example that has only just come in."""
    status, tags = _NEW[row.has_answer], pack(row.tags) if row.tags else ""
    key, hash_ = row.request_key, row.hash
    id_ = hash_[:EXAMPLE_ID_DIGITS]
    # 0 for False: the driver looks long for what a truth value may be.
    return (seq, id_, import_id, origin, status, "", "", 0, hash_, hash_, key, tags, "", "", 0, 0)


def refresh(unit: Unit, seqs: Iterable[int]) -> None:
    """Derive the states of these examples again and write them, in this same transaction.

    On a team's server the row of an example that waits for verdicts is stored as if it had none (``blindness``).
    """
    blind = blindness.in_force(unit.connection)
    for batch in batched(sorted(set(seqs))):
        table = schema.example_state
        query = sa.select(table.c.seq, table.c.conflict, table.c.hash).where(table.c.seq.in_(batch))
        kept = {row.seq: row for row in unit.connection.execute(query)}
        left: list[int] = []
        new, again = list[dict[str, Any]](), list[dict[str, Any]]()
        for row, content, original, unjudged in derive(unit, batch):
            before = kept.pop(row["seq"], None)
            found = {**(unjudged if blind and unjudged else row), "conflict": before is not None and before.conflict}
            (new if before is None else again).append(found)
            if before is not None and (before.hash != found["hash"] or found["set_aside_reason"]):
                left.append(before.seq)
            if before is None or before.hash != content.hash:
                search.index(unit, row["seq"], [original] if content.hash == original.hash else [original, content])
        findings.forget(unit, left)  # first: on a server, what is written of an example ends the right to
        _write(unit, new, again, gone=list(kept))


def _write(unit: Unit, new: Sequence[dict[str, Any]], again: Sequence[dict[str, Any]], gone: Sequence[int]) -> None:
    """Write derived rows; those that are there are changed in place, for only a lead may remove one from a server."""
    table = schema.example_state
    if gone:
        unit.connection.execute(sa.delete(table).where(table.c.seq.in_(gone)))
    update_many(unit, table, COLUMNS, [tuple(row[name] for name in COLUMNS) for row in again])
    insert_many(unit, table, COLUMNS, [tuple(row[name] for name in COLUMNS) for row in new])


class Judged(NamedTuple):
    """What verdicts that come in with a new example change of its state, and the text that then stands."""

    values: tuple[Any, ...]
    current: Content


_JUDGED = (
    "seq",
    "status",
    "decided_by",
    "verdicts",
    "hash",
    "request_key",
    "tags",
    "reviewers",
    "last_review",
)


def judged(
    seq: int, text: Content, tags: Sequence[str], reviews: Sequence[Review], texts: Mapping[str, Content]
) -> Judged:
    """Derive what ``derive`` will of an example whose rows are its text, its tags and these reviews alone.

    ``texts``: those that the reviews lead to, by hash.
    """
    found = standing(base_hash=text.hash, base_author="", has_answer=text.has_answer, reviews=reviews)
    current, votes = {**texts, text.hash: text}[found.current_hash], latest_per_reviewer(reviews)
    row = _standing_row(found, current, votes)
    row |= {"seq": seq, "tags": pack(_tagged(votes[-1] if votes else None, tags, ()))}
    return Judged(tuple(row[name] for name in _JUDGED), current)


def write_judged(unit: Unit, rows: Sequence[Judged]) -> None:
    """Write these states of examples of an import that nobody sees yet."""
    update_many(unit, schema.example_state, _JUDGED, [row.values for row in rows])


def change_tag(unit: Unit, tags: Mapping[int, str], tag: str, *, on: bool) -> None:
    """Put a tag on these examples, or take it off, where it stands in their rows; ``tags`` are packed, by number.

    What was decided last counts last, so that the new tags follow from the old ones.
    """
    table = schema.example_state
    by_result: dict[str, list[int]] = defaultdict(list)
    for seq, packed in tags.items():
        others = [name for name in unpack(packed) if name != tag]
        by_result[pack([*others, tag] if on else others)].append(seq)
    for result, seqs in by_result.items():
        for batch in batched(seqs):
            unit.connection.execute(sa.update(table).where(table.c.seq.in_(batch)).values(tags=result))


class Derived(NamedTuple):
    """An example's state row, the text that stands, the text as imported.

    ``unjudged``: while it waits for further reviewers, the row that it has for those who may not know of any verdict.
    """

    row: dict[str, Any]
    current: Content
    original: Content
    unjudged: dict[str, Any] | None = None


def derive(view: View, seqs: Sequence[int], *, judged: bool = True) -> Iterator[Derived]:
    """Derive each example's state from its append-only rows alone, as far as the reader may see them.

    ``judged`` False: as if no verdict had been given.
    """
    reviews = _reviews(view, seqs) if judged else defaultdict(list)
    revisions = _grouped(view, schema.revision, seqs)
    decisions = _grouped(view, schema.decision, seqs)
    occurrences = _grouped(view, schema.occurrence, seqs, schema.occurrences_that_count())
    required = requirements(view, seqs)
    for row in view.connection.execute(sa.select(schema.example).where(schema.example.c.seq.in_(seqs))):
        imported = [tag for o in occurrences[row.seq] for tag in unpack(o.tags)]
        rows = (row, revisions[row.seq], decisions[row.seq], imported, required.get(row.seq, 1))
        yield _derive_one(*rows, reviews[row.seq])


def requirements(view: View, seqs: Sequence[int]) -> dict[int, int]:
    """Return how many reviewers each of these examples needs, those that need one left out."""
    table = schema.requirement
    found: dict[int, int] = {}
    for batch in batched(seqs):
        rows = view.connection.execute(sa.select(table).where(table.c.seq.in_(batch)))
        found |= {row.seq: row.required for row in rows}
    return found


def require(unit: Unit, seqs: Iterable[int], required: int) -> None:
    """Say how many reviewers these examples need."""
    table = schema.requirement
    for batch in batched(sorted(set(seqs))):
        unit.connection.execute(sa.delete(table).where(table.c.seq.in_(batch)))
        unit.connection.execute(sa.insert(table), [{"seq": seq, "required": required} for seq in batch])
        refresh(unit, batch)


def _derive_one(  # noqa: PLR0917  (one example's rows, kind by kind)
    row: Any,
    revisions: Sequence[Any],
    decisions: Sequence[Any],
    imported: Sequence[str],
    required: int,
    reviews: Sequence[Review],
) -> Derived:
    original = Content.from_text(row.content)
    texts = {original.hash: original} | {r.hash: Content.from_text(r.content) for r in revisions}
    reviews = [r if r.result_hash in texts else replace(r, verdict=None) for r in reviews]
    reviews = since_round(reviews, assignments.called_to(decisions))
    shared = [r for r in revisions if not r.of_review]
    base = texts[shared[-1].hash] if shared else original
    aside, adjudicated, taken = _in_force(decisions)
    found = standing(
        base_hash=base.hash,
        base_author=shared[-1].author if shared and shared[-1].kind == RevisionKind.EDIT else "",
        has_answer=base.has_answer,
        reviews=reviews,
        required=required,
        adjudicated=adjudicated,
        adjudicated_hash=taken if taken in texts else "",
        set_aside=aside is not None,
    )
    current = texts[found.current_hash]
    waits = required > 1 and found.verdicts < required and adjudicated is None
    unjudged = _derive_one(row, revisions, decisions, imported, required, ()).row if waits and reviews else None
    votes = latest_per_reviewer(reviews)
    # Until all verdicts are in, the tags are those that no verdict has changed.
    tags = _tagged(votes[-1] if votes and not waits else None, imported, decisions)
    state = _state_row(row, found, base, current, votes)
    state |= {"set_aside_reason": aside.value if aside else "", "tags": pack(tags)}
    return Derived(state, current, original, unjudged)


def _state_row(row: Any, found: Standing, base: Content, current: Content, votes: Sequence[Review]) -> dict[str, Any]:
    return _standing_row(found, current, votes) | {
        "seq": row.seq,
        "id": row.id,
        "import_id": row.import_id,
        "origin": row.origin,
        "base_hash": base.hash,
        "conflict": False,
        "purged": False,
    }


def _standing_row(found: Standing, current: Content, votes: Sequence[Review]) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "decided_by": found.decided_by.value if found.decided_by else "",
        "verdicts": found.verdicts,
        "hash": current.hash,
        "request_key": current.conversation_key,
        "reviewers": pack(v.reviewer for v in votes),
        "last_review": in_utc(votes[-1].at) if votes else "",
    }


def rebuild(unit: Unit) -> int:
    """Derive every state and the search index again; return how many examples there are. Conflicts are kept."""
    seqs = [row[0] for row in unit.connection.execute(sa.select(schema.example.c.seq))]
    known = sa.select(schema.example.c.seq)
    unit.connection.execute(sa.delete(schema.example_state).where(schema.example_state.c.seq.not_in(known)))
    refresh(unit, seqs)
    findings.rebuild(unit)
    search.reset(unit)
    while search.index_next(unit, BATCH):
        pass
    return len(seqs)


def differences(view: View) -> list[str]:
    """Return the ids whose stored state is not what their rows say (conflict flags aside)."""
    found = []
    table = schema.example_state
    for batch in batched([row[0] for row in view.connection.execute(sa.select(schema.example.c.seq))]):
        stored = {
            r.seq: {k: v for k, v in r._mapping.items() if k != "conflict"}  # noqa: SLF001  (SQLAlchemy's public name)
            for r in view.connection.execute(sa.select(table).where(table.c.seq.in_(batch)))
        }
        for row, *_texts in derive(view, batch):
            if stored.get(row["seq"]) != {k: v for k, v in row.items() if k != "conflict"}:
                found.append(row["id"])
    return found


def _tagged(newest: Review | None, imported: Sequence[str], decisions: Sequence[Any]) -> set[str]:
    """Return the tags: those of the newest review, or as imported, and then what was added and taken off since.

    A review names all tags of its example, so that what was decided of them before it counts no more.
    """
    found = set(imported if newest is None else newest.judgement.tags)
    about = [(row, json.loads(row.payload)) for row in decisions if row.kind in TAG_DECISIONS]
    taken_back = {payload["act"] for row, payload in about if row.kind == "retract_tag"}
    for row, payload in about:
        if row.act in taken_back or (newest is not None and payload.get("after", 0) < newest.place):
            continue
        if row.kind == "add_tag":
            found.add(payload["tag"])
        elif row.kind == "remove_tag":
            found.discard(payload["tag"])
    return found


def _in_force(decisions: Sequence[Any]) -> tuple[SetAsideReason | None, Verdict | None, str]:
    """Return why an example is set aside, what was adjudicated, and the hash of a reviewer's text that was taken."""
    aside: SetAsideReason | None = None
    adjudicated: Verdict | None = None
    taken = ""
    for row in decisions:
        if row.kind == "set_aside":
            aside = SetAsideReason(row.reason)
        elif row.kind == "bring_back":
            aside = None
        elif row.kind == "adjudicate":
            payload = json.loads(row.payload)
            adjudicated, taken = Verdict(payload["verdict"]), str(payload.get("text", ""))
        elif row.kind == "reopen":
            adjudicated, taken = None, ""
    return aside, adjudicated, taken


def _reviews(view: View, seqs: Sequence[int]) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = defaultdict(list)
    for row in _rows(view, schema.review, seqs):
        found[row.seq].append(review_of(row))
    return found


def review_of(row: Any) -> Review:
    """Read one stored review; one that somebody wrote past the program so that it cannot be read says nothing."""
    try:
        return _read_review(row)
    except (ValueError, KeyError, TypeError, AttributeError):
        facts = {name: getattr(row, name) for name in ("id", "reviewer", "round", "base_hash", "result_hash", "at")}
        return Review(**facts, verdict=None, judgement=Judgement(verdict=Verdict.UNSURE))


def unreadable(view: View) -> list[str]:
    """Return a plain line for every review that cannot be read, or whose text is not there: it counts for nothing."""
    table, example, revision = schema.review, schema.example, schema.revision
    known = sa.or_(
        example.c.hash == table.c.result_hash,
        sa.exists().where(revision.c.seq == table.c.seq, revision.c.hash == table.c.result_hash),
    )
    query = sa.select(table, example.c.id.label("example"), known.label("known")).where(
        example.c.seq == table.c.seq, table.c.verdict.is_not(None)
    )
    return [
        f"review {row.id} of example {row.example} by {row.reviewer} cannot be read and counts for nothing"
        for row in view.connection.execute(query.order_by(table.c.id), execution_options={"yield_per": BATCH})
        if not row.known or review_of(row).verdict is None
    ]


def _read_review(row: Any) -> Review:
    value = json.loads(row.judgement)
    verdict = Verdict(row.verdict) if row.verdict else None
    return Review(
        id=row.id,
        reviewer=row.reviewer,
        round=row.round,
        verdict=verdict,
        base_hash=row.base_hash,
        result_hash=row.result_hash,
        judgement=Judgement(
            verdict=verdict or Verdict.UNSURE,
            edits={int(k): v for k, v in value["edits"].items()},
            tags=tuple(value["tags"]),
            ratings=value["ratings"],
            reasons=tuple(value["reasons"]),
            comment=value["comment"],
            citation=value["citation"],
            seconds=row.seconds,
            bulk=value.get("bulk", False),
            repeat=value.get("repeat", False),
        ),
        at=row.at,
        restores=value.get("restores"),
    )


def _grouped(
    view: View, table: sa.Table, seqs: Sequence[int], *conditions: sa.ColumnElement[bool]
) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in _rows(view, table, seqs, *conditions):
        found[row.seq].append(row)
    return found


def _rows(
    view: View, table: sa.Table, seqs: Sequence[int], *conditions: sa.ColumnElement[bool]
) -> sa.CursorResult[Any]:
    return view.connection.execute(sa.select(table).where(table.c.seq.in_(seqs), *conditions).order_by(table.c.id))
