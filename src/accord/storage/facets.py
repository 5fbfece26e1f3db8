"""What a list can be narrowed to, counted: tags, files, named sources, findings."""

import sqlalchemy as sa

from accord.domain.filters import Field, Op, Term
from accord.storage import filtering, findings, listing, schema, states
from accord.storage.project import View


def by_tag(view: View, *, status: str = "") -> dict[str, int]:
    """Return how many visible examples (of one status) have each tag; one pass over the distinct sets of tags."""
    packed = schema.example_state.c.tags
    found: dict[str, int] = {}
    which = [filtering.visible(), packed != ""]
    if status:
        which.append(schema.example_state.c.status == status)
    rows = view.connection.execute(sa.select(packed, sa.func.count()).where(*which).group_by(packed))
    for text, count in rows:
        for tag in states.unpack(text):
            found[tag] = found.get(tag, 0) + count
    return found


def by_file(view: View) -> dict[str, int]:
    """Return how many examples were found in each imported file, by its name."""
    run = schema.import_run
    done = view.connection.execute(sa.select(run.c.id, run.c.file).where(run.c.state == "done", run.c.file != "")).all()
    of_file: dict[str, list[int]] = {}
    for row in done:
        of_file.setdefault(row.file, []).append(row.id)
    table = schema.occurrence
    amount = sa.func.count(sa.distinct(table.c.seq))
    # Import by import, which the index gives in order; only of a file that came in twice must examples be told apart.
    single = sa.select(table.c.import_id, amount).where(*_counting(view)).group_by(table.c.import_id)
    by_import = {row[0]: row[1] for row in view.connection.execute(single)}
    found = {}
    for file, numbers in of_file.items():
        if len(numbers) == 1:
            found[file] = by_import.get(numbers[0], 0)
        else:
            both = sa.select(amount).where(table.c.import_id.in_(numbers), *_counting(view))
            found[file] = int(view.connection.execute(both).scalar() or 0)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return {file: count for file, count in ordered if count}


def by_source(view: View, *, limit: int) -> dict[str, int]:
    """Return how many examples name each source, the most frequent ``limit`` of them."""
    table = schema.occurrence
    amount = sa.func.count(sa.distinct(table.c.seq))
    rows = view.connection.execute(
        sa.select(table.c.source, amount)
        .where(table.c.source != "", *_counting(view))
        .group_by(table.c.source)
        .order_by(amount.desc(), table.c.source)
        .limit(limit)
    )
    return {row[0]: row[1] for row in rows}


def by_finding(view: View) -> dict[str, int]:
    """Return how many examples have a finding: conflict, near-duplicate, open ones by severity, kind and rule."""
    table = schema.finding
    amount = sa.func.count(sa.distinct(table.c.seq))
    names = ("conflict", "near-duplicate")
    found = {name: listing.count(view, [Term(field=Field.FINDING, op=Op.IS, value=name)]) for name in names}
    for column in (table.c.kind, table.c.severity):
        rows = view.connection.execute(sa.select(column, amount).where(table.c.dismissed == "").group_by(column))
        found |= {row[0]: row[1] for row in rows}
    return found | {tally.rule: tally.examples for tally in findings.tallies(view) if not tally.dismissed}


def _counting(view: View) -> list["sa.ColumnElement[bool]"]:
    """Return the conditions on occurrences: of finished imports, and of examples that are visible.

    Only while an import runs can an example of a finished import be hidden, so only then are examples looked at.
    """
    table, run, state = schema.occurrence, schema.import_run, schema.example_state
    found: list[sa.ColumnElement[bool]] = [table.c.import_id.in_(sa.select(run.c.id).where(run.c.state == "done"))]
    if view.connection.execute(schema.pending_imports().limit(1)).first() is not None:
        hidden = sa.select(state.c.seq).where(state.c.import_id.in_(schema.pending_imports()))
        found.append(table.c.seq.not_in(hidden))
    return found
