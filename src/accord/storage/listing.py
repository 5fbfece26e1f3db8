"""Lists of examples: filters as SQL, ids in order, pages of rows, one example with all its history."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.filters import Term
from accord.domain.history import ExampleDetail, ExampleRow, Place
from accord.domain.moments import in_utc
from accord.domain.progress import Progress
from accord.domain.records import GENERATED, REJECTED, Source
from accord.storage import decisions, filtering, reviews, schema, states
from accord.storage.interrupting import interruptible
from accord.storage.project import View

_SORTS = {
    "seq": schema.example_state.c.seq,
    "status": schema.example_state.c.status,
    "id": schema.example_state.c.id,
    "last_review": schema.example_state.c.last_review,
    "import": schema.example_state.c.import_id,
}


def seqs(
    view: View,
    terms: Sequence[Term] = (),
    *,
    sort: str = "seq",
    descending: bool = False,
    progress: Progress | None = None,
) -> "array[int]":
    """Return the numbers of the examples that fit all terms, in order, 8 bytes each.

    ``descending`` is the exact reverse. Raises Cancelled, in the middle of the query, once ``progress`` is stopped.
    """
    state = schema.example_state
    if terms and sort == "seq":
        query = filtering.numbers(terms)
    else:
        query = sa.select(state.c.seq).where(*filtering.conditions(terms))
        order = [_SORTS[sort] if not terms else _unindexed(_SORTS[sort]), *([state.c.seq] if sort != "seq" else [])]
        query = query.order_by(*(column.desc() if descending else column.asc() for column in order))
    # One text of all the numbers: a row for each would cost three times as much, and hold Python's lock meanwhile.
    ordered = query.subquery()
    text = sa.func.aggregate_strings(sa.cast(ordered.c.seq, sa.Text), ",")
    with interruptible(view, progress):
        listed = view.connection.execute(sa.select(text)).scalar() or ""
    found = np.fromstring(listed, dtype=np.int64, sep=",")
    # A database that is asked for this order takes it from the table, and looks at every row of it, instead of at the
    # few that an index of the filter names.
    if terms and sort == "seq":
        found.sort()
        found = found[::-1].copy() if descending else found
    numbers = array("q")
    numbers.frombytes(found.data.cast("B"))
    return numbers


def first(view: View, limit: int) -> "array[int]":
    """Return the numbers of the visible examples that came in first."""
    state = schema.example_state
    query = sa.select(state.c.seq).where(filtering.visible()).order_by(state.c.seq).limit(limit)
    return array("q", view.connection.execute(query).scalars())


def _unindexed(column: "sa.ColumnElement[Any]") -> "sa.ColumnElement[Any]":
    """Return a column such that sorting by it leaves the choice of the index to the filter."""
    return column + 0 if isinstance(column.type, sa.Integer) else column + ""


def count(view: View, terms: Sequence[Term] = ()) -> int:
    """Return how many examples fit all terms."""
    query = sa.select(sa.func.count()).select_from(filtering.numbers(terms).subquery())
    return int(view.connection.execute(query).scalar() or 0)


def newest(view: View) -> int:
    """Return the number of the example that came in last, 0 where there is none."""
    table = schema.example_state
    return int(view.connection.execute(sa.select(sa.func.max(table.c.seq)).where(filtering.visible())).scalar() or 0)


def counts(view: View, column: str) -> dict[str, int]:
    """Return how many visible examples there are for each value of a state column (``status`` or ``origin``)."""
    chosen = schema.example_state.c[column]
    rows = view.connection.execute(sa.select(chosen, sa.func.count()).where(filtering.visible()).group_by(chosen))
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
    for batch in batched(numbers):
        yield from page(view, batch)


def seq_of(view: View, example_id: str) -> int | None:
    """Return the number of a visible example."""
    table = schema.example_state
    seq = view.connection.execute(
        sa.select(schema.example.c.seq)
        .join(table, table.c.seq == schema.example.c.seq)
        .where(schema.example.c.id == example_id, filtering.visible())
    ).scalar()
    return None if seq is None else int(seq)


def seqs_of(view: View, ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the visible examples among these ids."""
    found: dict[str, int] = {}
    table = schema.example_state
    for batch in batched(ids):
        rows = view.connection.execute(
            sa.select(schema.example.c.id, schema.example.c.seq)
            .join(table, table.c.seq == schema.example.c.seq)
            .where(schema.example.c.id.in_(batch), filtering.visible())
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
        .where(table.c.seq == seq, schema.occurrences_that_count())
        .order_by(table.c.id)
    )
    return [
        Place(
            file=row.file,
            line=row.line,
            import_id=row.import_id,
            source=_source(row),
        )
        for row in rows
    ]


def groups(view: View, numbers: Sequence[int]) -> dict[int, set[str]]:
    """Return the group keys of all occurrences of each example."""
    table = schema.occurrence
    found: dict[int, set[str]] = {}
    for batch in batched(numbers):
        rows = view.connection.execute(
            sa.select(table.c.seq, table.c.group_key).where(
                table.c.seq.in_(batch), table.c.group_key != "", schema.occurrences_that_count()
            )
        )
        for row in rows:
            found.setdefault(row[0], set()).add(row[1])
    return found


def _first_places(view: View, wanted: Sequence[int]) -> dict[int, Any]:
    table, run = schema.occurrence, schema.import_run
    rows = view.connection.execute(
        sa.select(table.c.seq, table.c.line, table.c.group_key, run.c.file)
        .join(run, run.c.id == table.c.import_id)
        .where(table.c.seq.in_(list(wanted)), schema.occurrences_that_count())
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


def base_of(view: View, seq: int) -> Content:
    """Return the shared text of an example: as imported, or as the newest revision outside a review has it."""
    return bases(view, [seq])[seq]


def bases(view: View, numbers: Sequence[int]) -> dict[int, Content]:
    """Return the shared texts of examples."""
    table = schema.revision
    rows = view.connection.execute(
        sa.select(table.c.seq, table.c.content)
        .where(table.c.seq.in_(list(numbers)), table.c.of_review.is_(False))
        .order_by(table.c.id)
    )
    shared = {row.seq: row.content for row in rows}
    found = originals(view, [seq for seq in numbers if seq not in shared])
    return found | {seq: Content.from_text(text) for seq, text in shared.items()}


def with_source(view: View, numbers: Sequence[int]) -> set[int]:
    """Return which of these examples name a source or its address."""
    table = schema.occurrence
    rows = view.connection.execute(
        sa.select(table.c.seq).where(
            table.c.seq.in_(list(numbers)),
            sa.or_(table.c.source != "", table.c.source_url != ""),
            schema.occurrences_that_count(),
        )
    )
    return set(rows.scalars())


def first_sources(view: View, numbers: Sequence[int]) -> dict[int, Source]:
    """Return what the first occurrence of each example says of where it came from."""
    table = schema.occurrence
    counted = sa.select(table).where(table.c.seq.in_(list(numbers)), schema.occurrences_that_count())
    return {row.seq: _source(row) for row in view.connection.execute(counted.order_by(table.c.id.desc()))}


def source_dates(view: View, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the dates of the sources of examples as they are written, of those that have any."""
    table = schema.occurrence
    dated = sa.select(table.c.seq, table.c.source_date).where(
        table.c.seq.in_(list(numbers)), table.c.source_date != "", schema.occurrences_that_count()
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in view.connection.execute(dated.order_by(table.c.id)):
        found[row.seq] = (*found.get(row.seq, ()), row.source_date)
    return found


class Worse(NamedTuple):
    """An answer that came as the worse one of a pair; ``model``: the one that wrote it, empty for a file's."""

    text: str
    model: str


def rejected_answers(view: View, numbers: Sequence[int], since: Mapping[int, str] | None = None) -> dict[int, Worse]:
    """Return the answer that came as the worse one of a pair, from the first occurrence that has one.

    ``since``: of these examples only what came after that moment. What a model wrote counts once a person has judged
    the example with that beside it: not by a verdict in bulk.
    """
    table, run = schema.occurrence, schema.import_run
    pairs = table.c.metadata.contains(f'"{REJECTED}"')
    found = (
        sa.select(table.c.seq, table.c.metadata, run.c.at, run.c.format)
        .join(run, run.c.id == table.c.import_id)
        .where(table.c.seq.in_(list(numbers)), pairs, schema.occurrences_that_count())
    )
    after = {seq: in_utc(at) for seq, at in (since or {}).items()}
    rows = view.connection.execute(found.order_by(table.c.id.desc()))
    told: dict[int, Worse] = {}
    came: dict[int, str] = {}
    for row in rows:
        facts, at = json.loads(row.metadata), in_utc(row.at)
        if facts.get(REJECTED, "") and (row.seq not in after or at > after[row.seq]):
            told[row.seq] = Worse(facts[REJECTED], facts.get("model", "") if row.format == GENERATED else "")
            came[row.seq] = at
    unseen = {seq for seq, worse in told.items() if worse.model}
    for seq, said in reviews.of_examples(view, sorted(unseen)).items():
        if any(one.verdict is not None and not one.judgement.bulk and in_utc(one.at) > came[seq] for one in said):
            unseen.discard(seq)
    return {seq: worse for seq, worse in told.items() if seq not in unseen}


def _source(row: Any) -> Source:
    return Source(
        group=row.group_key,
        context=row.context,
        source=row.source,
        source_url=row.source_url,
        source_date=row.source_date,
        licence=row.licence,
        tags=states.unpack(row.tags),
        metadata=json.loads(row.metadata) if row.metadata else {},
    )


def original_of(view: View, seq: int) -> Content:
    """Return an example's text as it was imported."""
    return originals(view, [seq])[seq]


def originals(view: View, numbers: Sequence[int]) -> dict[int, Content]:
    """Return the texts of examples as they were imported."""
    table = schema.example
    rows = view.connection.execute(sa.select(table.c.seq, table.c.content).where(table.c.seq.in_(list(numbers))))
    return {row.seq: Content.from_text(row.content) for row in rows}


def every_text(view: View, numbers: Sequence[int]) -> dict[tuple[int, str], Content]:
    """Return all texts that these examples ever had, each by (number of the example, hash)."""
    found: dict[tuple[int, str], Content] = {}
    for table in (schema.example, schema.revision):
        for part in batched(numbers):
            query = sa.select(table.c.seq, table.c.hash, table.c.content).where(table.c.seq.in_(list(part)))
            found |= {(seq, key): Content.from_text(text) for seq, key, text in view.connection.execute(query)}
    return found


def seq_at(view: View, file: str, line: int) -> int | None:
    """Return the example that stands at a line of an imported file (the newest import of that name)."""
    table, run = schema.occurrence, schema.import_run
    seq = view.connection.execute(
        sa.select(table.c.seq)
        .join(run, run.c.id == table.c.import_id)
        .where(run.c.file == file, run.c.state == "done", table.c.line == line)
        .order_by(table.c.import_id.desc())
        .limit(1)
    ).scalar()
    return None if seq is None else int(seq)


def texts(view: View, numbers: Sequence[int]) -> dict[int, Content]:
    """Return the texts that stand, and nothing else of the examples."""
    table = schema.example_state
    rows = view.connection.execute(
        sa.select(table.c.seq, table.c.hash, schema.example.c.hash.label("original_hash"), schema.example.c.content)
        .join(schema.example, schema.example.c.seq == table.c.seq)
        .where(table.c.seq.in_(list(numbers)))
    ).all()
    revised = _revised(view, [row.seq for row in rows if row.hash != row.original_hash])
    return {row.seq: Content.from_text(revised.get((row.seq, row.hash), row.content)) for row in rows}


def ids_of(view: View, numbers: Sequence[int]) -> list[str]:
    """Return the ids of examples, in the order they came in within each batch (a server promises none by itself)."""
    table = schema.example
    found: list[str] = []
    for batch in batched(numbers):
        query = sa.select(table.c.id).where(table.c.seq.in_(list(batch))).order_by(table.c.seq)
        found += view.connection.execute(query).scalars()
    return found
