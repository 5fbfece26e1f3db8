"""Text is found the same whether the index has taken it up or not yet."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.content import pair
from accord.domain.filters import Field, Op, Term
from accord.domain.review import Origin
from accord.storage import health, imports, listing, purges, search, states
from accord.storage.project import Project, create_project, open_project

WORDS = st.sampled_from(
    ["dose", "Dosage", "straße", "STRASSE", "naïve", "nai\u0308ve", "病人", "病", "人", "a_b", "x\x00y", "n", "İ", "10"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
QUERIES = st.lists(WORDS | st.sampled_from(["do*", "stra*", "病*", "?", "na"]), min_size=1, max_size=2).map(" ".join)


def _found(project: Project, query: str) -> list[str]:
    with project.read() as view:
        numbers = listing.seqs(view, [Term(field=Field.TEXT, op=Op.CONTAINS, value=query)])
        return [row.content.request for row in listing.page(view, list(numbers))]


def _index_all(project: Project) -> int:
    done = 0
    while True:
        with project.write(WHO) as unit:
            found = search.index_next(unit, 2)
            unit.commit()
        done += found
        if not found:
            return done


def _waiting(project: Project) -> int:
    with project.read() as view:
        return search.waiting(view)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6, unique=True), queries=st.lists(QUERIES, min_size=1, max_size=5))
@example(texts=["x\x00y"], queries=["x\x00y dose"])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_is_found_before_and_after_indexing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], queries: list[str]
) -> None:
    project = create_project(tmp_path_factory.mktemp("s") / "s.accord")
    bring_in(project, [record(n, text) for n, text in enumerate(texts, start=1)])
    assert _waiting(project) == len({pair(text, "An answer.").id for text in texts})
    before = {query: _found(project, query) for query in queries}
    _index_all(project)
    assert _waiting(project) == 0
    assert {query: _found(project, query) for query in queries} == before
    project.close()


@pytest.fixture
def file(tmp_path: Path) -> Project:
    return create_project(tmp_path / "s.accord")


def test_what_comes_in_is_found_while_a_part_of_it_waits(file: Project) -> None:
    bring_in(file, [record(n, f"request {n}") for n in range(1, 6)])
    with file.write(WHO) as unit:
        assert search.index_next(unit, 2) == 2
        unit.commit()
    assert _waiting(file) == 3
    assert len(_found(file, "request")) == 5
    assert _found(file, "request 4") == ["request 4"]
    bring_in(file, [record(9, "request 9")], file="more.csv")
    assert _waiting(file) == 4
    assert _index_all(file) == 4
    assert len(_found(file, "request")) == 6
    file.close()


def test_rows_of_an_unfinished_import_wait_and_are_never_found(file: Project) -> None:
    bring_in(file, [record(1, "request 1")])
    pending = bring_in(file, [record(2, "request 2")], file="more.csv", finish=False)
    assert _found(file, "request") == ["request 1"]
    assert _index_all(file) == 1
    assert (_waiting(file), _found(file, "request")) == (0, ["request 1"])
    with file.write(WHO) as unit:
        imports.discard(unit, pending)
        unit.commit()
    bring_in(file, [record(3, "request 3")], file="third.csv")
    assert _found(file, "request") == ["request 1", "request 3"]
    assert _index_all(file) == 1
    assert _found(file, "request") == ["request 1", "request 3"]
    file.close()


def test_rows_that_follow_known_ones_are_found_though_the_index_caught_up_before_they_came(file: Project) -> None:
    bring_in(file, [record(1, "request 1")])
    pending = bring_in(file, [record(1, "request 1")], file="longer.csv", finish=False)
    assert _index_all(file) == 1
    with file.write(WHO) as unit:
        tally = imports.add_rows(unit, pending, [record(2, "request 2")], origin=Origin.IMPORTED)
        imports.finish(unit, pending, tally)
        unit.commit()
    assert _found(file, "request") == ["request 1", "request 2"]
    assert (_waiting(file), _index_all(file), _found(file, "2")) == (1, 1, ["request 2"])
    file.close()


def test_a_purged_example_is_found_no_more_wherever_the_index_is(file: Project) -> None:
    bring_in(file, [record(1, "request 1"), record(2, "request 2")])
    for indexed in (False, True):
        if indexed:
            _index_all(file)
        with file.read() as view:
            (row,) = listing.page(view, [2 if not indexed else 1])
        with file.write(WHO) as unit:
            purges.purge(unit, row.seq, example_id=row.id, content_hash=row.hash, reason="r")
            unit.commit()
        assert row.content.request not in _found(file, "request")
    file.close()


def test_a_rebuild_indexes_everything_anew(file: Project) -> None:
    bring_in(file, [record(n, f"request {n}") for n in range(1, 4)])
    _index_all(file)
    with file.write(WHO) as unit:
        states.rebuild(unit)
        unit.commit()
    assert _waiting(file) == 0
    assert len(_found(file, "request")) == 3
    file.close()


def test_a_file_is_whole_however_often_its_texts_changed_since_the_last_search(file: Project) -> None:
    bring_in(file, [record(1, "fever")])
    _index_all(file)
    elsewhere = open_project(file.path)
    for _round in range(3):
        assert _found(elsewhere, "fever") == ["fever"]
        for n in range(20):
            with file.write(WHO) as unit:
                search.index(unit, 1, [pair("fever", f"Answer {n}.")])
                unit.commit()
        with elsewhere.read() as view:
            assert health.problems(view) == []
    elsewhere.close()
    file.close()
