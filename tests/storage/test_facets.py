"""What lists can be narrowed to is counted exactly, whatever came in twice and whatever is still coming in."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.storage.conftest import bring_in, record

from accord.domain.filters import Field, Op, Term
from accord.storage import facets, listing, schema, states
from accord.storage.project import Project

Row = tuple[int, str, tuple[str, ...]]
ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["", "book", "site"]), st.sampled_from([(), ("t1",), ("t1", "t2")])),
    min_size=1,
    max_size=5,
)
IMPORTS = st.lists(st.tuples(st.sampled_from(["a.csv", "b.csv"]), st.booleans(), ROWS), min_size=1, max_size=4)


def _slow(project: Project) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Count by looking at every row."""
    files, sources, tags = defaultdict(set), defaultdict(set), defaultdict(set)
    with project.read() as view:
        runs = {row.id: row for row in view.connection.execute(schema.import_run.select())}
        shown = {
            row.seq: row
            for row in view.connection.execute(schema.example_state.select())
            if runs[row.import_id].state != "pending"
        }
        for row in view.connection.execute(schema.occurrence.select()):
            if row.seq in shown and runs[row.import_id].state == "done":
                files[runs[row.import_id].file].add(row.seq)
                if row.source:
                    sources[row.source].add(row.seq)
        for seq, row in shown.items():
            for tag in states.unpack(row.tags):
                tags[tag].add(seq)
    return tuple({name: len(seqs) for name, seqs in found.items()} for found in (files, sources, tags))  # type: ignore[return-value]  # of three


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(brought=IMPORTS)
def test_counts_are_those_of_looking_at_every_row(project: Project, brought: list[tuple[str, bool, list[Row]]]) -> None:
    for file, finish, rows in brought:
        found = [record(n, f"Q{q}?", source=source, tags=tags) for n, (q, source, tags) in enumerate(rows, 2)]
        bring_in(project, found, file=file, finish=finish)
    with project.read() as view:
        counted = facets.by_file(view), facets.by_source(view, limit=40), facets.by_tag(view)
        total = sum(listing.counts(view, "status").values())
        assert total == sum(listing.counts(view, "origin").values()) == len(listing.seqs(view))
        for sort in ("seq", "status", "last_review", "id", "import"):
            there = list(listing.seqs(view, sort=sort))
            assert list(listing.seqs(view, sort=sort, descending=True)) == there[::-1]
            assert sorted(there) == list(listing.seqs(view))
    assert counted == _slow(project)


def test_a_conflicting_or_rare_value_is_found_by_its_index(project: Project) -> None:
    bring_in(project, [record(n, f"Question {n}?", group=f"p{n}", tags=("t",)) for n in range(2, 40)])
    with project.read() as view:
        state = schema.example_state
        for where in (state.c.conflict.is_(True), state.c.status == "accepted"):
            query = state.select().with_only_columns(state.c.seq).where(where)
            text = str(query.compile(view.connection, compile_kwargs={"literal_binds": True}))
            if view.connection.dialect.name == "sqlite":
                plan = view.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
                assert "USING" in plan[0][3]
                assert "SCAN" not in plan[0][3]


def test_an_id_is_found_by_its_beginning_and_nothing_else_is(project: Project) -> None:
    bring_in(project, [record(n, f"Question {n}?") for n in range(2, 60)])
    with project.read() as view:
        ids = [row.id for row in listing.page(view, list(listing.seqs(view)))]
        for wanted in (ids[0][:1], ids[1][:6], ids[2], "zz", "f" * 21, "%"):
            term = Term(field=Field.ID, op=Op.IS, value=wanted)
            found = [row.id for row in listing.page(view, list(listing.seqs(view, [term])))]
            assert found == [i for i in ids if i.startswith(wanted)]
