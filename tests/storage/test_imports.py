"""Imports: pending rows are invisible to everything, and gone after a crash."""

from pathlib import Path

import pytest
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.filters import parse_filter
from accord.domain.ledger import Tally
from accord.domain.review import Origin
from accord.storage import imports, listing, purges, releases, schema, states
from accord.storage.project import Project, now
from accord.workflows import import_storing, importing, keeping, projects


def _crash(project: Project) -> None:
    """Make the pending imports look like those of a program that has died."""
    with project.write(WHO) as unit:
        unit.connection.exec_driver_sql("UPDATE import_run SET owner = replace(owner, ':', ':9') WHERE state='pending'")
        unit.commit()


def test_a_pending_import_changes_nothing_that_can_be_seen(project: Project) -> None:
    bring_in(project, [record(1, "Q1", group="g1", source="s1", tags=("t1",)), record(2, "Q2")])
    again = record(1, "Q1", group="g2", source="s2", tags=("t2",))
    pending = bring_in(project, [again, record(2, "Q3", group="g2", source="s2")], file="new.csv", finish=False)
    with project.write(WHO) as unit:
        states.refresh(unit, listing.seqs(unit))
        unit.commit()
    with project.read() as view:
        rows = list(listing.iterate(view))
        assert [row.content.request for row in rows] == ["Q1", "Q2"]
        assert rows[0].tags == ("t1",)
        assert [place.source.source for place in listing.places(view, rows[0].seq)] == ["s1"]
        assert listing.groups(view, [row.seq for row in rows]) == {rows[0].seq: {"g1"}}
        assert listing.count(view) == sum(listing.counts(view, "status").values()) == 2
        for where in ("group = g2", "source = s2", "source = new.csv", "text ~ Q3", "tag = t2"):
            assert list(listing.seqs(view, parse_filter(where))) == [], where
        assert listing.seq_of(view, record(2, "Q3").content.id) is None
        assert imports.pending(view) == [pending]
        assert [run.file for run in imports.runs(view)] == ["rows.csv"]


def test_a_crash_during_an_import_leaves_nothing_of_it(project: Project) -> None:
    bring_in(project, [record(1, "Q1", tags=("t1",))])
    bring_in(project, [record(1, "Q1", tags=("t2",)), record(2, "Q3")], finish=False)
    _crash(project)
    project.close()
    again = projects.open_project(path=project.place)
    with again.read() as view:
        assert imports.pending(view) == []
        assert [row.tags for row in listing.iterate(view)] == [("t1",)]
        for table in (schema.example, schema.occurrence, schema.example_state):
            assert len(view.connection.execute(table.select()).all()) == 1
        assert states.differences(view) == []
        assert list(listing.seqs(view, parse_filter("text ~ Q3"))) == []
    again.close()


def test_the_import_of_a_program_that_runs_is_left_alone(project: Project) -> None:
    with project.write(WHO) as unit:
        imports.begin(unit, file="f", sha256="", format_name="table", encoding="utf-8", mapping={})
        unit.commit()
    other = projects.open_project(path=project.place)
    with other.read() as view:
        assert len(imports.pending(view)) == 1
    other.close()
    imports.ended(unit.act)
    other = projects.open_project(path=project.place)
    with other.read() as view:
        assert imports.pending(view) == []
    other.close()


def test_the_import_of_another_machine_is_left_alone_for_a_day(project: Project) -> None:
    bring_in(project, [record(1, "Q1")], finish=False)
    for at, left in (("2020-01-01T00:00:00.000+00:00", []), (now(), [1])):
        with project.write(WHO) as unit:
            values = {"owner": "elsewhere:12:34", "at": at}
            unit.connection.execute(schema.import_run.update().values(values))
            unit.commit()
        with project.read() as view:
            assert imports.pending(view) == [1]
            assert set(imports.pending(view)) - set(imports.abandoned(view)) == set(left)


def test_what_another_machine_left_unfinished_is_told_and_removed_on_demand(project: Project, tmp_path: Path) -> None:
    bring_in(project, [record(1, "Q1")])
    bring_in(project, [record(2, "Q2")], file="big.csv", finish=False)
    path = tmp_path / "more.csv"
    path.write_text("request,answer\nWhy?,Because.\n")
    with project.write(WHO) as unit:
        pending = schema.import_run.c.state == "pending"
        unit.connection.execute(schema.import_run.update().where(pending).values(owner="far-away:12:34"))
        unit.commit()
    with pytest.raises(import_storing.AnotherImport, match=r"ana .* big\.csv on the machine far-away .*--rebuild"):
        importing.import_file(project=project, who=WHO, path=path)
    assert keeping.inspect(project=project, rebuild=True, who=WHO) == []
    assert importing.import_file(project=project, who=WHO, path=path).accepted == 1
    with project.read() as view:
        assert [row.content.request for row in listing.iterate(view)] == ["Q1", "Why?"]


def test_a_rebuild_leaves_the_import_of_a_program_that_runs_here(project: Project, tmp_path: Path) -> None:
    with project.write(WHO) as unit:
        imports.begin(unit, file="f.csv", sha256="", format_name="table", encoding="utf-8", mapping={})
        unit.commit()
    keeping.inspect(project=project, rebuild=True, who=WHO)
    path = tmp_path / "more.csv"
    path.write_text("request,answer\nWhy?,Because.\n")
    with pytest.raises(import_storing.AnotherImport, match=r"ana has been importing f\.csv since"):
        importing.import_file(project=project, who=WHO, path=path)
    imports.ended(unit.act)


def test_an_import_that_another_program_cleared_away_stops(project: Project) -> None:
    taken = bring_in(project, [record(1, "Q1")], finish=False)
    with project.write(WHO) as unit:
        imports.discard(unit, taken)
        unit.commit()
    with project.write(WHO) as unit, pytest.raises(imports.ImportTaken):
        imports.add_rows(unit, taken, [record(2, "Q2")], origin=Origin.IMPORTED)
    with project.write(WHO) as unit, pytest.raises(imports.ImportTaken):
        imports.finish(unit, taken, Tally())
    with project.read() as view:
        assert listing.count(view) == 0


def test_an_import_that_is_done_cannot_be_discarded(project: Project) -> None:
    done = bring_in(project, [record(1, "Q1")])
    with project.write(WHO) as unit:
        imports.discard(unit, done)
        unit.commit()
    with project.read() as view:
        assert listing.count(view) == 1
        assert states.differences(view) == []


def test_a_purged_number_is_never_given_to_another_example(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2")])
    with project.read() as view:
        last = listing.iterate(view)
        rows = list(last)
    with project.write(WHO) as unit:
        unit.connection.execute(
            schema.release_item.insert().values(release_id=1, seq=rows[1].seq, part="heldout", hash="h", facts="{}")
        )
        purges.purge(unit, rows[1].seq, example_id=rows[1].id, content_hash=rows[1].hash, reason="r")
        unit.commit()
    bring_in(project, [record(1, "Q3")], file="more.csv")
    with project.read() as view:
        assert max(listing.seqs(view)) > rows[1].seq
        assert set(releases.earlier_parts(view)) & set(listing.seqs(view)) == set()


def test_all_refused_rows_can_be_read_again(project: Project, tmp_path: Path) -> None:
    from accord.domain.records import RowFault

    faults = [RowFault(line=n, field="answer", reason="bad", raw="\ud800") for n in range(2500)]
    with project.write(WHO) as unit:
        import_id = imports.begin(unit, file="f", sha256="", format_name="table", encoding="utf-8", mapping={})
        imports.finish(unit, import_id, imports.add_rows(unit, import_id, faults, origin=Origin.IMPORTED))
        unit.commit()
    imports.ended(unit.act)
    with project.read() as view:
        assert [fault.line for fault in imports.each_rejection(view, import_id)] == list(range(2500))
        assert len(imports.rejections(view, import_id)) == 1000


def test_tags_of_a_second_row_join_those_of_the_first_in_the_same_file(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2"), record(3, "Q1", tags=("t1",))])
    with project.read() as view:
        assert [row.tags for row in listing.iterate(view)] == [("t1",), ()]
        assert states.differences(view) == []
