"""What was asked of a model, what it cost and what a service held is a lead's to know, on a server and in a file."""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.runs import PLAN, begun, link, reply
from tests.teams import ANA, CARA, LENA, Team, typed, who

from accord.domain.generation import Asked, Made, Start
from accord.domain.people import Person, Role
from accord.storage import generations, people, schema, schema_generation, sendings, service_records
from accord.storage.failures import NotAllowed
from accord.storage.project import Project, create_project, open_project
from accord.workflows import keeping

HIDDEN = [table for table in schema_generation.TABLES if table is not schema.generation_source]


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Give a team on a server."""
    made = Team(database)
    yield made
    made.close()


def _fill(project: Project, name: str) -> int:
    """Let a lead ask, store what came of one question, leave one reply, and keep a file of the service."""
    run_id = begun(project, who(name), Start(seed=9), Start(seed=8))
    with project.write(who(name)) as unit:
        generations.asking(unit, run_id, [Asked(number=n, asked="h", aside=Decimal(1)) for n in (1, 2)])
        generations.told(unit, run_id, [reply(1), reply(2, text="a secret of eight")])
        kept = service_records.keep(unit, host="h", kind="training_file", name="file-1", content=io.BytesIO(b"{}\n"))
        assert b"".join(service_records.content(unit, kept)) == b"{}\n"
        unit.commit()
    link(project, who(name), run_id, 1, {10: (9,)})
    return run_id


def test_a_lead_asks_stores_stops_and_resumes_on_a_server(team: Team) -> None:
    project = team[LENA]
    run_id = _fill(project, LENA)
    with project.write(who(LENA)) as unit:
        generations.stop(unit, run_id, "enough")
        unit.commit()
    with project.write(who(LENA)) as unit:
        generations.resume(unit, run_id)
        unit.commit()
    generations.ended(unit.act)
    with project.read() as view:
        facts = generations.run(view, run_id)
        assert facts is not None
        assert (facts.plan, facts.author, facts.cost) == (PLAN, LENA, Decimal("0.02"))
        assert generations.made(view, run_id) == [Made(10, 1, (9,))]
        assert {one.author for one in sendings.listed(view)} == {LENA}
        assert [one.kind for one in service_records.listed(view)] == ["training_file"]
    done = keeping.purge(project=project, who=who(LENA), example_id=team.ids[7], reason="withdrawn")
    assert done.id == team.ids[7]
    with project.read() as view:
        assert generations.replies(view, run_id) == []
        assert [item.start.seed for item in generations.items(view, run_id)] == [9, None]
    assert keeping.inspect(project=project) == []
    with project.write(who(LENA)) as unit:
        service_records.forget(unit, 1)
        unit.commit()


def test_no_other_sees_or_writes_any_of_it_on_a_server(team: Team) -> None:
    _fill(team[LENA], LENA)
    for name in (ANA, CARA):
        with team.raw(name) as hers:
            for table in HIDDEN:
                assert hers.execute(f"SELECT * FROM accord.{table.name}".encode()).fetchall() == []  # noqa: S608  (our own table names)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    hers.execute(f"DELETE FROM accord.{table.name}".encode())  # noqa: S608  (as above)
            numbers = dict(hers.execute(b"SELECT sequencename, last_value FROM pg_sequences").fetchall())
            kept = hers.execute(b"SELECT tablename FROM pg_stats WHERE schemaname = 'accord'").fetchall()
        assert {numbers[f"{table.name}_id_seq"] for table in HIDDEN if table.autoincrement_column is not None} == {None}
        assert not {row[0] for row in kept} & {table.name for table in HIDDEN}
        with team[name].read() as view:
            assert generations.runs(view) == []
            assert sendings.listed(view) == []
            assert service_records.listed(view) == []
            assert generations.families(view) == {9: 9, 10: 9}
        with pytest.raises(NotAllowed), team[name].write(who(name)) as unit:
            generations.begin(unit, PLAN, [Start()])
        generations.ended(unit.act)


def test_what_is_logged_bears_the_name_of_who_sent_it(team: Team) -> None:
    row = "INSERT INTO accord.sending (purpose, host, asked, replaced, author, act, at) VALUES ('x', 'h', 'h', 0, %s, '', '')"
    with team.raw(LENA) as hers:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            hers.execute(row.encode(), (ANA,))
        hers.execute(row.encode(), (LENA,))
        for verb in ("UPDATE accord.sending SET host = ''", "DELETE FROM accord.sending"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                hers.execute(verb.encode())


def test_a_team_of_an_earlier_format_gets_the_tables_with_their_rules(team: Team) -> None:
    with typed(team.database) as connection:
        for table in schema_generation.TABLES:
            connection.execute(f"DROP TABLE accord.{table.name}".encode())
        connection.execute(b"DELETE FROM accord.migration WHERE number > 7")
        connection.execute(b"DROP FUNCTION accord_team.purge(integer, text, text)")
    open_project(team.database).close()
    again = open_project(team.address(LENA))
    run_id = _fill(again, LENA)
    keeping.purge(project=again, who=who(LENA), example_id=team.ids[7], reason="withdrawn")
    with again.read() as view:
        assert generations.replies(view, run_id) == []
    again.close()
    with team[ANA].read() as view:
        assert generations.runs(view) == []


def test_in_a_file_a_reviewer_sees_none_of_it_either(tmp_path: Path) -> None:
    project = create_project(tmp_path / "clinic.accord")
    bring_in(project, [record(n, f"Q{n}") for n in range(1, 11)])
    _fill(project, WHO.actor)
    with project.write(WHO) as unit:
        for name, role in (("lena", Role.LEAD), ("ana", Role.REVIEWER)):
            people.put(unit.connection, Person(name=name, role=role), at=unit.at)
        unit.commit()
    project.sign_in("ana")
    with project.read() as view:
        for table in HIDDEN:
            assert view.connection.execute(sa.select(table)).all() == [], table.name
        assert generations.families(view) == {9: 9, 10: 9}
    project.sign_in("lena")
    with project.read() as view:
        assert len(generations.runs(view)) == 1
    project.close()
