"""A project that becomes a team's: what was in it before, and the people who came with a copy of another."""

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.storage.conftest import WHO, bring_in, record
from tests.teams import ANA, LENA, PASSWORD, Team, who

from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.storage import backups, events, listing, reviews, states
from accord.storage.project import create_project, open_project
from accord.workflows import team


def _as(database: str, login: str) -> str:
    return sa.make_url(database).set(username=login, password=PASSWORD).render_as_string(hide_password=False)


def test_a_copy_of_a_teams_project_does_not_touch_the_logins_of_the_first(
    server: Server, database: str, tmp_path: Path
) -> None:
    create_project(database).close()
    first = team.init(where=database, who=WHO)
    added = team.add(project=first, who=WHO, name="Ines of the first", role=Role.REVIEWER, password=PASSWORD)
    backups.make(first, tmp_path / "copy.accord")
    other = server.new_database()
    backups.restore(tmp_path / "copy.accord", other).close()
    second = team.init(where=other, who=WHO)
    assert [person.name for person in team.people(project=second)] == [WHO.actor]
    again = team.add(project=second, who=WHO, name="Ines of the first", role=Role.REVIEWER, password=PASSWORD)
    assert again.person.login != added.person.login
    team.remove(project=second, who=WHO, name="Ines of the first")
    second.close()
    open_project(_as(database, added.person.login)).close()
    team.found_here(project=first, who=WHO)
    assert {person.name for person in team.people(project=first)} == {WHO.actor, "Ines of the first"}
    team.remove(project=first, who=WHO, name="Ines of the first")
    first.close()
    server.drop(other)


def test_what_was_said_before_there_was_a_team_is_hidden_too(database: str) -> None:
    alone = create_project(database)
    bring_in(alone, [record(1, "Q1"), record(2, "Q2")])
    with alone.write(WHO) as unit:
        states.require(unit, [1], 2)
        for seq in (1, 2):
            judgement = Judgement(verdict=Verdict.REJECT, tags=("told",))
            reviews.append(unit, seq, judgement, listing.base_of(unit, seq), reviewer="somebody")
        states.refresh(unit, [1, 2])
        events.append(unit, "reviews", {"count": 2})
        unit.commit()
    alone.close()
    owner = team.init(where=database, who=WHO)
    added = team.add(project=owner, who=WHO, name="Jana new here", role=Role.REVIEWER, password=PASSWORD)
    hers = open_project(_as(database, added.person.login))
    with hers.read() as view:
        told = [(row.status, row.reviewers, row.tags, row.last_review) for row in listing.page(view, [1, 2])]
        assert told[0] == ("candidate", (), (), "")
        assert told[1][:3] == ("rejected", ("somebody",), ("told",))
    hers.close()
    with owner.read() as view:
        assert states.differences(view) == []
    team.remove(project=owner, who=WHO, name="Jana new here")
    owner.close()


def test_nobody_chooses_a_number_that_a_later_verdict_needs(database: str) -> None:
    made = Team(database)
    with made.raw(ANA) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            "INSERT INTO accord.review (id, seq, reviewer, round, verdict, base_hash, result_hash, judgement, seconds, "
            "act, at) VALUES (1, 12, 'ana', 1, 'accept', '', '', '{}', 0, 'a', 'b')"
        )
    made.close()


def test_who_made_something_of_her_own_on_the_server_is_removed_all_the_same(database: str) -> None:
    made = Team(database)
    with made.raw(ANA) as connection:
        connection.execute("SELECT lo_create(0)")
    team.remove(project=made[LENA], who=who(LENA), name=ANA)
    with pytest.raises(psycopg.OperationalError):
        made.raw(ANA)
    with made.owner.read() as view:
        query = sa.text(
            "SELECT (SELECT count(*) FROM pg_auth_members WHERE member = oid), rolcanlogin FROM pg_roles "
            "WHERE rolname = :login"
        )
        assert tuple(view.connection.execute(query, {"login": made.logins[ANA]}).one()) == (0, False)
    with made.owner.write(WHO) as unit:
        unit.connection.exec_driver_sql(f'DROP OWNED BY "{made.logins[ANA]}"; DROP ROLE "{made.logins[ANA]}"')
        unit.commit()
    made.close()
