"""Lists of examples: filters as SQL, ids in order, pages of rows, one example with all its history."""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from accord.domain.content import EXAMPLE_ID_DIGITS, Content
from accord.domain.filters import Field, Op, Term
from accord.domain.records import Source
from accord.domain.review import Review
from accord.storage import decisions, reviews, schema, states
from accord.storage.decisions import Decision
from accord.storage.project import View
from accord.storage.reviews import StoredRevision
from accord.storage.words import match_expression

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an occurrence was found, and what the file said beside the text."""

    file: str
    line: int
    import_id: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRow:
    """An example as lists show it; ``content`` is the text that stands."""

    seq: int
    id: str
    status: str
    decided_by: str
    set_aside_reason: str
    origin: str
    hash: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]
    conflict: bool
    last_review: str
    content: Content
    edited: bool
    file: str
    line: int
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleDetail:
    """One example with everything that is known of it."""

    row: ExampleRow
    original: Content
    base: Content
    places: tuple[Place, ...]
    revisions: tuple[StoredRevision, ...]
    reviews: tuple[Review, ...]
    decisions: tuple[Decision, ...] = field(default=())


_SORTS = {
    "seq": schema.example_state.c.seq,
    "status": schema.example_state.c.status,
    "id": schema.example_state.c.id,
    "last_review": schema.example_state.c.last_review,
    "import": schema.example_state.c.import_id,
}


def visible() -> sa.ColumnElement[bool]:
    """Return the condition that hides the rows of an unfinished import."""
    pending = sa.select(schema.import_run.c.id).where(schema.import_run.c.state == "pending")
    return schema.example_state.c.import_id.not_in(pending)


def seqs(view: View, terms: Sequence[Term] = (), *, sort: str = "seq", descending: bool = False) -> array[int]:
    """Return the numbers of the examples that fit all terms, in order, 8 bytes each."""
    column = _SORTS[sort]
    order = [column.desc() if descending else column.asc()]
    if sort != "seq":
        order.append(schema.example_state.c.seq.asc())
    query = sa.select(schema.example_state.c.seq).where(*_conditions(terms)).order_by(*order)
    found = array("q")
    for part in view.connection.execute(query).scalars().partitions(10_000):
        found.extend(part)
    return found


def count(view: View, terms: Sequence[Term] = ()) -> int:
    """Return how many examples fit all terms."""
    query = sa.select(sa.func.count()).select_from(schema.example_state).where(*_conditions(terms))
    return int(view.connection.execute(query).scalar() or 0)


def counts(view: View, column: str) -> dict[str, int]:
    """Return how many visible examples there are for each value of a state column (``status`` or ``origin``)."""
    chosen = schema.example_state.c[column]
    rows = view.connection.execute(sa.select(chosen, sa.func.count()).where(visible()).group_by(chosen))
    return {row[0]: row[1] for row in rows}


def page(view: View, wanted: Sequence[int]) -> list[ExampleRow]:
    """Return the rows with these numbers, in this order; numbers that are gone are left out."""
    table = schema.example_state
    first = _first_places(view, wanted)
    rows = {
        row.seq: row
        for row in view.connection.execute(
            sa.select(table, schema.example.c.content, schema.example.c.hash.label("original_hash"))
            .join(schema.example, schema.example.c.seq == table.c.seq)
            .where(table.c.seq.in_(list(wanted)))
        )
    }
    edited = [row.seq for row in rows.values() if row.hash != row.original_hash]
    texts = _revised(view, edited)
    return [_row(rows[s], texts.get((s, rows[s].hash)), first.get(s)) for s in wanted if s in rows]


def iterate(view: View, terms: Sequence[Term] = (), *, limit: int | None = None) -> Iterator[ExampleRow]:
    """Yield the examples that fit, in the order they came in, in constant memory beside 8 bytes for each."""
    numbers = seqs(view, terms)
    if limit is not None:
        numbers = numbers[:limit]
    for start in range(0, len(numbers), _BATCH):
        yield from page(view, numbers[start : start + _BATCH])


def seq_of(view: View, example_id: str) -> int | None:
    """Return the number of a visible example."""
    table = schema.example_state
    seq = view.connection.execute(
        sa.select(schema.example.c.seq)
        .join(table, table.c.seq == schema.example.c.seq)
        .where(schema.example.c.id == example_id, visible())
    ).scalar()
    return None if seq is None else int(seq)


def seqs_of(view: View, ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the visible examples among these ids."""
    found: dict[str, int] = {}
    table = schema.example_state
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        rows = view.connection.execute(
            sa.select(schema.example.c.id, schema.example.c.seq)
            .join(table, table.c.seq == schema.example.c.seq)
            .where(schema.example.c.id.in_(batch), visible())
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def detail(view: View, seq: int) -> ExampleDetail | None:
    """Return an example with its history, or None."""
    rows = page(view, [seq])
    if not rows:
        return None
    derived = next(states.derive(view, [seq]))
    revisions = reviews.revisions(view, seq)
    original = derived[2]
    base_hash = derived[0]["base_hash"]
    base = next((r.content for r in reversed(revisions) if r.hash == base_hash), original)
    return ExampleDetail(
        row=rows[0],
        original=original,
        base=original if base_hash == original.hash else base,
        places=tuple(places(view, seq)),
        revisions=tuple(revisions),
        reviews=tuple(reviews.of_example(view, seq)),
        decisions=tuple(decisions.of_example(view, seq)),
    )


def places(view: View, seq: int) -> list[Place]:
    """Return where an example was found, first occurrence first."""
    table, run = schema.occurrence, schema.import_run
    rows = view.connection.execute(
        sa.select(table, run.c.file)
        .join(run, run.c.id == table.c.import_id)
        .where(table.c.seq == seq, run.c.state == "done")
        .order_by(table.c.id)
    )
    return [
        Place(
            file=row.file,
            line=row.line,
            import_id=row.import_id,
            source=Source(
                group=row.group_key,
                context=row.context,
                source=row.source,
                source_url=row.source_url,
                source_date=row.source_date,
                licence=row.licence,
                tags=states.unpack(row.tags),
                metadata=json.loads(row.metadata) if row.metadata else {},
            ),
        )
        for row in rows
    ]


def groups(view: View, numbers: Sequence[int]) -> dict[int, set[str]]:
    """Return the group keys of all occurrences of each example."""
    table = schema.occurrence
    found: dict[int, set[str]] = {}
    for start in range(0, len(numbers), _BATCH):
        batch = list(numbers[start : start + _BATCH])
        rows = view.connection.execute(
            sa.select(table.c.seq, table.c.group_key).where(table.c.seq.in_(batch), table.c.group_key != "")
        )
        for row in rows:
            found.setdefault(row[0], set()).add(row[1])
    return found


def request_groups(view: View, keys: Sequence[str] | None = None) -> dict[str, list[int]]:
    """Return, for each request shared by two or more examples that are neither rejected nor set aside, their numbers."""
    table = schema.example_state
    active = [visible(), table.c.status.not_in(("set_aside", "rejected", "needs_answer"))]
    if keys is not None:
        active.append(table.c.request_key.in_(list(keys)))
    shared = sa.select(table.c.request_key).where(*active).group_by(table.c.request_key).having(sa.func.count() > 1)
    found: dict[str, list[int]] = {}
    rows = view.connection.execute(
        sa.select(table.c.request_key, table.c.seq)
        .where(*active, table.c.request_key.in_(shared))
        .order_by(table.c.seq)
    )
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return found


def _conditions(terms: Sequence[Term]) -> list[sa.ColumnElement[bool]]:
    return [visible(), *(_condition(term) for term in terms)]


def _condition(term: Term) -> sa.ColumnElement[bool]:
    found = _positive(term)
    return sa.not_(found) if term.op is Op.IS_NOT else found


def _positive(term: Term) -> sa.ColumnElement[bool]:
    table = schema.example_state
    exact = term.op is not Op.CONTAINS
    match term.field:
        case Field.STATUS | Field.ORIGIN:
            return _compare(table.c[term.field.value], term.value, exact=exact)
        case Field.ID:
            if exact and len(term.value) < EXAMPLE_ID_DIGITS:
                return table.c.id.startswith(term.value, autoescape=True)
            return _compare(table.c.id, term.value, exact=exact)
        case Field.TAG:
            return _packed(table.c.tags, term.value, exact=exact)
        case Field.REVIEWER:
            return _packed(table.c.reviewers, term.value, exact=exact)
        case Field.TEXT:
            return _text(term.value)
        case Field.FINDING:
            return _finding(term.value)
        case Field.SOURCE | Field.GROUP:
            return _occurring(term, exact=exact)


def _compare(column: sa.ColumnElement[str], value: str, *, exact: bool) -> sa.ColumnElement[bool]:
    return column == value if exact else column.icontains(value, autoescape=True)


def _packed(column: sa.ColumnElement[str], value: str, *, exact: bool) -> sa.ColumnElement[bool]:
    if not value:
        return column == ""
    return sa.func.instr(column, states.packed_pattern(value)) > 0 if exact else _compare(column, value, exact=False)


def _text(value: str) -> sa.ColumnElement[bool]:
    expression = match_expression(value)
    if expression is None:
        return sa.false()
    hits = sa.text("SELECT rowid FROM search WHERE search MATCH :words").bindparams(words=expression)
    return schema.example_state.c.seq.in_(hits.columns(sa.column("rowid", sa.Integer)).subquery().select())


def _finding(value: str) -> sa.ColumnElement[bool]:
    if value == "conflict":
        return schema.example_state.c.conflict.is_(True)
    if value in {"near-duplicate", "near_duplicate", "duplicate"}:
        newest = sa.select(sa.func.max(schema.duplicate_run.c.id)).scalar_subquery()
        member = schema.duplicate_member
        return schema.example_state.c.seq.in_(sa.select(member.c.seq).where(member.c.run_id == newest))
    return sa.false()


def _occurring(term: Term, *, exact: bool) -> sa.ColumnElement[bool]:
    table, run = schema.occurrence, schema.import_run
    if term.field is Field.GROUP:
        fits = _compare(table.c.group_key, term.value, exact=exact)
        return schema.example_state.c.seq.in_(sa.select(table.c.seq).where(fits))
    fits = sa.or_(
        _compare(table.c.source, term.value, exact=exact),
        table.c.import_id.in_(sa.select(run.c.id).where(_compare(run.c.file, term.value, exact=exact))),
    )
    return schema.example_state.c.seq.in_(sa.select(table.c.seq).where(fits))


def _first_places(view: View, wanted: Sequence[int]) -> dict[int, Any]:
    table, run = schema.occurrence, schema.import_run
    rows = view.connection.execute(
        sa.select(table.c.seq, table.c.line, table.c.group_key, run.c.file)
        .join(run, run.c.id == table.c.import_id)
        .where(table.c.seq.in_(list(wanted)), run.c.state == "done")
        .order_by(table.c.id.desc())
    )
    return {row.seq: row for row in rows}


def _revised(view: View, edited: Sequence[int]) -> dict[tuple[int, str], str]:
    if not edited:
        return {}
    table = schema.revision
    rows = view.connection.execute(
        sa.select(table.c.seq, table.c.hash, table.c.content).where(table.c.seq.in_(list(edited)))
    )
    return {(row.seq, row.hash): row.content for row in rows}


def _row(row: Any, revised: str | None, place: Any) -> ExampleRow:
    return ExampleRow(
        seq=row.seq,
        id=row.id,
        status=row.status,
        decided_by=row.decided_by,
        set_aside_reason=row.set_aside_reason,
        origin=row.origin,
        hash=row.hash,
        tags=states.unpack(row.tags),
        reviewers=states.unpack(row.reviewers),
        conflict=row.conflict,
        last_review=row.last_review,
        content=Content.from_text(revised if revised is not None else row.content),
        edited=row.hash != row.original_hash,
        file=place.file if place is not None else "",
        line=place.line if place is not None else 0,
        group=place.group_key if place is not None else "",
    )
