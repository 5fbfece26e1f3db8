"""A project on a server: what is refused, what is checked, and what an address may be."""

import threading

import psycopg
import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.storage.conftest import WHO, bring_in, record

from accord.storage import address, events, listing, postgres, schema
from accord.storage.failures import (
    CannotConnect,
    DamagedProject,
    ForeignFile,
    NewerProject,
    NoProject,
    ProjectBusy,
    ProjectExists,
)
from accord.storage.project import Project, create_project, open_project


def _run(database: str, *statements: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def made(database: str) -> str:
    """Give the address of a database with an empty project."""
    create_project(database).close()
    return database


def test_a_database_without_a_project_is_told(database: str) -> None:
    with pytest.raises(NoProject, match="There is no project at"):
        open_project(database)


def test_a_database_that_is_not_there_is_told(server: Server) -> None:
    for place in (server.address("nowhere"), "postgresql://ana@127.0.0.1:1/clinic"):
        with pytest.raises(CannotConnect):
            open_project(place)
        with pytest.raises(CannotConnect):
            create_project(place)


def test_a_project_is_made_beside_what_is_there_and_only_once(database: str) -> None:
    _run(database, "CREATE TABLE example (mine text)", "INSERT INTO example VALUES ('mine')")
    create_project(database).close()
    with pytest.raises(ProjectExists):
        create_project(database)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT * FROM public.example").fetchall() == [("mine",)]
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (1,)


def test_a_half_made_project_leaves_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("accord.storage.project.now", fail)
        with pytest.raises(RuntimeError):
            create_project(database)
    create_project(database).close()


def test_a_stranger_s_schema_of_that_name_is_left_alone(database: str) -> None:
    _run(database, "CREATE SCHEMA accord", "CREATE TABLE accord.mine (a text)")
    with pytest.raises(ForeignFile):
        open_project(database)
    with pytest.raises(ProjectExists):
        create_project(database)


def test_a_newer_project_is_refused_with_both_versions(made: str) -> None:
    _run(made, "INSERT INTO accord.migration VALUES (99, 'later', 'x')")
    with pytest.raises(NewerProject, match="99"):
        open_project(made)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER extra AFTER INSERT ON accord.review FOR EACH ROW EXECUTE FUNCTION accord.keep_history()",
        "CREATE VIEW accord.extra AS SELECT * FROM accord.example",
        "DROP TRIGGER review_kept ON accord.review",
        "ALTER TABLE accord.review DISABLE TRIGGER review_kept",
        "DROP TABLE accord.draft",
        "ALTER TABLE accord.review DROP COLUMN seconds",
        "CREATE OR REPLACE FUNCTION accord.keep_history() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
)
def test_a_schema_that_is_not_ours_is_refused(made: str, statement: str) -> None:
    _run(made, statement)
    with pytest.raises(DamagedProject):
        open_project(made)


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_history_cannot_be_emptied_either(made: str, table: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        _run(made, f"TRUNCATE accord.{table}")


def test_numbers_are_given_as_in_a_file(project: Project) -> None:
    """A unit that was rolled back leaves no hole."""
    bring_in(project, [record(1, "Q1")])
    with project.write(WHO) as unit:
        unit.connection.execute(sa.insert(schema.project_version).values(at="", author="", act="", value="{}"))
    for _number in range(2):
        with project.write(WHO) as unit:
            unit.connection.execute(sa.insert(schema.project_version).values(at="", author="", act="", value="{}"))
            unit.commit()
    with project.read() as view:
        assert list(view.connection.execute(sa.select(schema.project_version.c.id)).scalars()) == [1, 2]


def test_two_programs_write_in_turn(made: str) -> None:
    ends = [open_project(made) for _number in range(4)]

    def work(project: Project) -> None:
        for number in range(25):
            with project.write(WHO) as unit:
                events.append(unit, "settings", {"version": number})
                unit.commit()

    threads = [threading.Thread(target=work, args=(project,)) for project in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ends[0].read() as view:
        assert len(list(events.walk(view))) == 100
        assert events.problems(view) == []
    for project in ends:
        project.close()


def test_a_writer_that_waits_too_long_is_told(made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "lock_timeout", 50)
    first, second = open_project(made), open_project(made)
    with first.write(WHO), pytest.raises(ProjectBusy), second.write(WHO):
        pass
    first.close()
    second.close()


def test_readers_never_wait(made: str) -> None:
    first, second = open_project(made), open_project(made)
    with first.write(WHO) as unit:
        events.append(unit, "settings", {})
        with second.read() as view:
            assert listing.count(view) == 0
            assert list(events.walk(view)) == []
            unit.commit()
            assert list(events.walk(view)) == [], "a reading sees one moment"
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("text", "shown", "mode"),
    [
        ("postgresql://ana:geheim@localhost/clinic", "postgresql://ana@localhost/clinic", None),
        ("postgres://ana@127.0.0.1:5433/clinic", "postgresql://ana@127.0.0.1:5433/clinic", None),
        ("postgresql:///clinic?host=/run/postgresql", "postgresql:///clinic?host=%2Frun%2Fpostgresql", None),
        ("postgresql://ana@[::1]/clinic", "postgresql://ana@[::1]/clinic", None),
        ("postgresql://ana:geheim@db.example.org/clinic", "postgresql://ana@db.example.org/clinic", "verify-full"),
        ("postgresql://ana@10.0.0.7/clinic?password=geheim", "postgresql://ana@10.0.0.7/clinic", "verify-full"),
        ("postgresql://ana@localhost/clinic?hostaddr=10.0.0.7", None, "verify-full"),
        ("postgresql:///clinic?host=/run/postgresql,db.example.org", None, "verify-full"),
        ("postgresql:///clinic?service=team", None, "verify-full"),
        ("postgresql://ana@db.example.org/clinic?sslmode=require", None, "require"),
    ],
)
def test_an_address_is_safe_and_shown_without_its_password(text: str, shown: str | None, mode: str | None) -> None:
    read = address.read(text)
    assert read.query.get("sslmode") == mode
    assert "geheim" not in address.shown(read)
    assert shown is None or address.shown(read) == shown
    again = address.read(address.shown(read))
    assert again.query.get("sslmode") == mode


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_an_open_connection_off_this_machine_is_refused(mode: str) -> None:
    with pytest.raises(address.OpenConnection, match=mode):
        address.read(f"postgresql://ana@db.example.org/clinic?sslmode={mode}")
    assert address.read(f"postgresql://ana@localhost/clinic?sslmode={mode}")


@pytest.mark.parametrize("text", ["postgresql://geheim@", "postgresql://geheim@host:port/x", "postgres://geheim@host"])
def test_what_is_no_address_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises(address.BadAddress) as told:
        open_project(text)
    assert "geheim" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "name", "value", "mode"),
    [
        ("postgresql:///clinic", "PGHOST", "db.example.org", "verify-full"),
        ("postgresql:///clinic", "PGHOST", "/run/postgresql", None),
        ("postgresql://ana@localhost/clinic", "PGHOST", "db.example.org", None),
        ("postgresql://ana@localhost/clinic", "PGHOSTADDR", "192.0.2.7", "verify-full"),
        ("postgresql://ana@localhost/clinic", "PGHOSTADDR", "127.0.0.1", None),
        ("postgresql://ana@localhost/clinic", "PGSERVICE", "elsewhere", "verify-full"),
    ],
)
def test_the_environment_does_not_make_it_unsafe(
    monkeypatch: pytest.MonkeyPatch, text: str, name: str, value: str, mode: str | None
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert address.read(text).query.get("sslmode") == mode
