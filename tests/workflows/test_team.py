"""What each role of a team can do on the server, through the program and past it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.teams import ANA, BO, CARA, LENA, OWNER, PEOPLE, Team, who

from accord.domain.errors import AccordError, Refused
from accord.domain.filters import Field
from accord.domain.people import OnlyFor, Role
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events, states
from accord.storage.project import create_project, open_project
from accord.workflows import (
    browsing,
    bulk,
    duplicates,
    exporting,
    importing,
    keeping,
    projects,
    releasing,
    review_files,
    reviewing,
    team,
    undoing,
)

ACCEPT = Judgement(verdict=Verdict.ACCEPT)


@pytest.fixture(scope="module")
def shared(server: object) -> Iterator[Team]:
    """Give a team that tests of refusals share: they change nothing."""
    from tests.servers import Server

    assert isinstance(server, Server)
    address = server.new_database()
    made = Team(address)
    yield made
    made.close()
    server.drop(address)


@pytest.fixture
def own(database: str) -> Iterator[Team]:
    """Give a team for one test alone."""
    made = Team(database)
    yield made
    made.close()


def test_each_login_is_its_person_and_acts_in_no_other_name(shared: Team) -> None:
    for name, role in PEOPLE.items():
        person = shared[name].person
        assert person is not None
        assert (person.name, person.role) == (name, role)
        with shared[name].write(who("somebody else")) as unit:
            assert unit.actor == name


def test_a_reviewer_reviews_changes_her_mind_and_keeps_a_draft(own: Team) -> None:
    ana, example = own[ANA], own.ids[8]
    reviewing.save_draft(project=ana, who=who(ANA), example_id=example, value={"comment": "not done"})
    assert browsing.draft_of(project=ana, example_id=example, reviewer=ANA) == {"comment": "not done"}
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "A better answer with rareword."}, tags=("dose",))
    assert reviewing.submit(project=ana, who=who(ANA), example_id=example, judgement=edit).row.status == Status.ACCEPTED
    assert [row.id for row in browsing.examples(project=own[BO], where=f"{Field.TEXT} ~ rareword")] == [example]
    undoing.undo(project=ana, who=who(ANA))
    row = browsing.example(project=own[BO], example_id=example).row
    assert (row.status, row.content.answer) == (Status.CANDIDATE, "Answer 9.")
    assert keeping.inspect(project=own[LENA]) == []


def test_a_reviewer_fixes_a_text_that_nobody_has_judged(own: Team) -> None:
    row = browsing.example(project=own[ANA], example_id=own.ids[9]).row
    offer = reviewing.FixOffer(
        example_id=row.id, base_hash=row.hash, old="x", new="y", before=row.content.answer, after="Fixed."
    )
    reviewing.fix_once(project=own[ANA], who=who(ANA), offer=offer)
    assert browsing.example(project=own[BO], example_id=row.id).row.content.answer == "Fixed."
    assert keeping.inspect(project=own[LENA]) == []


def test_an_adjudicator_sets_aside_and_brings_back(own: Team) -> None:
    duplicates.set_aside(project=own[CARA], who=who(CARA), ids=[own.ids[7]])
    assert browsing.example(project=own[ANA], example_id=own.ids[7]).row.status == Status.SET_ASIDE
    duplicates.bring_back(project=own[CARA], who=who(CARA), ids=[own.ids[7]])
    duplicates.find(project=own[CARA], who=who(CARA))
    bulk.add_tag(project=own[CARA], who=who(CARA), numbers=[7, 8], tag="checked")
    assert keeping.inspect(project=own[LENA]) == []


def test_a_lead_releases_purges_and_changes_what_the_project_decides(own: Team, tmp_path: Path) -> None:
    lena = own[LENA]
    for example in own.ids[6:]:
        reviewing.submit(project=own[ANA], who=who(ANA), example_id=example, judgement=ACCEPT)
    releasing.make(project=lena, who=who(LENA), name="v1", plan=ReleasePlan())
    assert browsing.full_example(project=own[ANA], number=8).releases == ("v1",)
    settings = projects.settings_of(project=lena)
    assert projects.change_settings(project=lena, who=who(LENA), settings=settings.__class__(title="Ours"))
    given = tmp_path / "given.csv"
    given.write_text(f"id,reviewer,verdict\n{own.ids[0]},ana,accept\n{own.ids[1]},bo,accept\n{own.ids[2]},,accept\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_files, "_AT_ONCE", 1)
        report = review_files.apply(project=lena, who=who(LENA), path=given)
    assert (report.accepted, report.rejected) == (3, 0)
    files = tmp_path / "v1"
    exporting.export(project=lena, who=who(LENA), release_name="v1", format_name="openai", out=files)
    purged = keeping.purge(project=lena, who=who(LENA), example_id=own.ids[11], reason="withdrawn")
    assert [(one.release, one.format, one.by) for one in purged.exports] == [("v1", "openai", LENA)]
    wrong = [one for one in exporting.verify(folder=files, project=own[ANA]).problems if one.severity == "error"]
    assert [(one.rule, own.ids[11] in one.message) for one in wrong] == [("purged", True)]
    found, problems, _head = keeping.audit(project=lena)
    assert problems == []
    assert {event.actor for event in found} >= {ANA, LENA, OWNER.actor}
    assert keeping.inspect(project=lena) == []


REFUSED: dict[str, Callable[[Team, str, Path], object]] = {
    "import": lambda t, n, f: importing.import_file(project=t[n], who=who(n), path=f, mapping={}),
    "release": lambda t, n, _f: releasing.make(project=t[n], who=who(n), name="mine", plan=ReleasePlan()),
    "plan": lambda t, n, _f: releasing.look(project=t[n], who=who(n), name="mine", plan=ReleasePlan()),
    "purge": lambda t, n, _f: keeping.purge(project=t[n], who=who(n), example_id=t.ids[8], reason="because"),
    "settings": lambda t, n, _f: projects.change_settings(
        project=t[n], who=who(n), settings=projects.settings_of(project=t[n]).__class__(title="Mine")
    ),
    "people": lambda t, n, _f: team.add(project=t[n], who=who(n), name="friend", role=Role.LEAD),
    "remove": lambda t, n, _f: team.remove(project=t[n], who=who(n), name=LENA),
    "password": lambda t, n, _f: team.renew_password(project=t[n], who=who(n), name=LENA),
    "backup": lambda t, n, f: keeping.backup(project=t[n], to=f.with_name("stolen.accord")),
    "audit": lambda t, n, _f: keeping.audit(project=t[n]),
    "inspect": lambda t, n, _f: keeping.inspect(project=t[n]),
}


@pytest.mark.parametrize("name", [ANA, CARA])
@pytest.mark.parametrize("act", REFUSED)
def test_what_is_for_a_lead_is_refused_in_a_sentence(shared: Team, act: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("request,answer\nMay I?,No.\n")
    with pytest.raises(OnlyFor, match="Only a lead can"):
        REFUSED[act](shared, name, file)
    assert len(browsing.example_numbers(project=shared[name])) == 12


DECIDED: dict[str, Callable[[Team], object]] = {
    "set aside": lambda t: duplicates.set_aside(project=t[ANA], who=who(ANA), ids=[t.ids[7]]),
    "bulk": lambda t: bulk.set_aside(project=t[ANA], who=who(ANA), numbers=[8]),
    "tags": lambda t: bulk.add_tag(project=t[ANA], who=who(ANA), numbers=[8], tag="mine"),
    "search": lambda t: duplicates.find(project=t[ANA], who=who(ANA)),
    "apart": lambda t: duplicates.not_duplicates(project=t[ANA], who=who(ANA), ids=t.ids[7:9]),
}


@pytest.mark.parametrize("act", DECIDED)
def test_what_is_for_an_adjudicator_is_refused_in_a_sentence(shared: Team, act: str) -> None:
    with pytest.raises(OnlyFor, match="Only an adjudicator or a lead can"):
        DECIDED[act](shared)


def test_nobody_acts_in_another_s_name(shared: Team, tmp_path: Path) -> None:
    with pytest.raises(AccordError, match="in your own name"):
        reviewing.submit(project=shared[ANA], who=who(ANA), example_id=shared.ids[8], judgement=ACCEPT, reviewer=BO)
    given = tmp_path / "given.csv"
    given.write_text(f"id,reviewer,verdict\n{shared.ids[8]},lena,accept\n")
    report = review_files.apply(project=shared[ANA], who=who(ANA), path=given)
    assert report.accepted == 0
    assert "Only a lead" in report.rejections[0].reason


#: What a person might type past the program; each is refused by the server to each role that is named.
EVERYONE = (ANA, CARA, LENA)
PAST = {
    "UPDATE accord.review SET verdict = 'accept'": EVERYONE,
    "UPDATE accord.revision SET content = 'x'": EVERYONE,
    "UPDATE accord.event SET actor = 'ana'": EVERYONE,
    "DELETE FROM accord.event": EVERYONE,
    "UPDATE accord.example SET content = 'x'": EVERYONE,
    "UPDATE accord.decision SET author = 'ana'": EVERYONE,
    "DELETE FROM accord.release": EVERYONE,
    "TRUNCATE accord.review": EVERYONE,
    "INSERT INTO accord.example VALUES (99, 'i', 'h', 'c', 'imported', 1, 'now')": (ANA, CARA),
    "INSERT INTO accord.purge_guard VALUES (1)": EVERYONE,
    "INSERT INTO accord.tombstone VALUES ('i', 'h', 'r', '[]', 'lena', 'now')": EVERYONE,
    "DELETE FROM accord.review": EVERYONE,
    "DELETE FROM accord.revision": EVERYONE,
    "DELETE FROM accord.decision": EVERYONE,
    "DELETE FROM accord.duplicate_link": EVERYONE,
    "UPDATE accord.release_item SET facts = '{}'": EVERYONE,
    "UPDATE accord.import_run SET state = 'pending'": EVERYONE,
    "UPDATE accord.import_run SET file = 'x'": EVERYONE,
    "SELECT accord_team.purge(9, 'x', 'because')": EVERYONE,
    "INSERT INTO accord.person VALUES ('ana', 'lead', 'ana', true, '')": EVERYONE,
    "UPDATE accord.person SET role = 'lead'": EVERYONE,
    "INSERT INTO accord.requirement VALUES (9, 0)": (ANA, CARA),
    "DELETE FROM accord.requirement": (ANA, CARA),
    "SELECT * FROM accord.example_state": EVERYONE,
    "SELECT * FROM accord_team.vote": EVERYONE,
    "INSERT INTO accord_team.vote VALUES (1, 'ana', 1, 1, 1, true, 'x', 'x')": EVERYONE,
    "UPDATE accord_team.example_state SET status = 'accepted'": (ANA, CARA),
    "UPDATE accord_team.example_state SET set_aside_reason = 'by_hand', status = 'set_aside'": (ANA, CARA),
    "DELETE FROM accord_team.example_state": (ANA, CARA),
    "SELECT ctid FROM accord.review": EVERYONE,
    "SELECT xmin FROM accord.revision": EVERYONE,
    "SELECT last_value FROM accord.review_id_seq": EVERYONE,
    "SELECT rolpassword FROM pg_authid": EVERYONE,
    "SELECT accord_team.admit('x', 'lead', 'x', 'x')": (ANA, CARA),
    "SELECT accord_team.set_role('ana', 'lead')": (ANA, CARA),
    "SELECT accord_team.dismiss('lena', '')": (ANA, CARA),
    "SELECT accord_team.set_password('lena', 'x')": (ANA, CARA),
    "CREATE TABLE accord.mine (x integer)": EVERYONE,
    "CREATE TABLE accord_team.mine (x integer)": EVERYONE,
    "CREATE TABLE public.mine (x integer)": EVERYONE,
    "CREATE TEMP TABLE mine (x integer)": EVERYONE,
    "CREATE SCHEMA mine": EVERYONE,
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'": EVERYONE,
    "CREATE ROLE mine LOGIN": EVERYONE,
    "ALTER TABLE accord.review DISABLE ROW LEVEL SECURITY": EVERYONE,
    "ALTER TABLE accord.review DISABLE TRIGGER ALL": EVERYONE,
    "SET session_replication_role = replica": EVERYONE,
    "SET SESSION AUTHORIZATION postgres": EVERYONE,
    "SET ROLE postgres": EVERYONE,
    "DROP SCHEMA accord_team CASCADE": EVERYONE,
}


@pytest.mark.parametrize("statement", PAST)
def test_the_server_refuses_what_is_typed_past_the_program(shared: Team, statement: str) -> None:
    for name in PAST[statement]:
        with shared.raw(name) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_examples_and_imports_are_kept_from_a_lead_too(own: Team) -> None:
    with own.raw(LENA) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute("DELETE FROM accord.example")
        assert connection.execute("DELETE FROM accord.import_run").rowcount == 0


def test_one_role_each_and_always_a_lead(own: Team) -> None:
    lena = own[LENA]
    made = team.add(project=lena, who=who(LENA), name="ANA", role=Role.ADJUDICATOR)
    assert (made.person.name, made.person.role, made.password) == (ANA, Role.ADJUDICATOR, "")
    with open_project(own.address(ANA)).read() as view:
        view.connection.exec_driver_sql("SELECT 1")
    duplicates.set_aside(project=own[ANA], who=who(ANA), ids=[own.ids[7]])
    team.add(project=lena, who=who(LENA), name=ANA, role=Role.REVIEWER)
    with pytest.raises(OnlyFor):
        duplicates.set_aside(project=own[ANA], who=who(ANA), ids=[own.ids[8]])
    with pytest.raises(Refused, match="owns the database"):
        team.remove(project=lena, who=who(LENA), name=OWNER.actor)
    with pytest.raises(Refused, match="owns the database"):
        team.add(project=lena, who=who(LENA), name=OWNER.actor, role=Role.REVIEWER)
    assert [p.role for p in team.people(project=lena) if p.name == ANA] == [Role.REVIEWER]


def test_who_is_removed_is_out_at_once_and_may_come_back(own: Team) -> None:
    reviewing.submit(project=own[ANA], who=who(ANA), example_id=own.ids[8], judgement=ACCEPT)
    team.remove(project=own[LENA], who=who(LENA), name=ANA)
    with pytest.raises(AccordError):
        reviewing.submit(project=own[ANA], who=who(ANA), example_id=own.ids[9], judgement=ACCEPT)
    with pytest.raises(AccordError):
        open_project(own.address(ANA))
    assert browsing.example(project=own[BO], example_id=own.ids[8]).row.reviewers == (ANA,)
    assert ANA not in [person.name for person in team.people(project=own[LENA])]
    back = team.add(project=own[LENA], who=who(LENA), name=ANA, role=Role.REVIEWER)
    assert len(back.password) == 24
    own.logins[ANA] = back.person.login
    open_project(own.address(ANA)).close()


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Müller-Łukasz",
        "x" * 200,
        "pg_monitor",
        "public",
        "'; DROP ROLE postgres; --",
        "a\\b%s%%",
        "李" * 30,
        "$code$",
    ],
)
def test_any_name_makes_a_login(own: Team, name: str) -> None:
    added = team.add(project=own[LENA], who=who(LENA), name=name, role=Role.REVIEWER)
    assert len(added.person.login.encode()) <= 63
    own.logins[name] = added.person.login
    opened = open_project(own.address(name))
    assert opened.person is not None
    assert opened.person.name == name
    reviewing.submit(project=opened, who=who(name), example_id=own.ids[8], judgement=ACCEPT)
    assert browsing.example(project=own[ANA], example_id=own.ids[8]).row.reviewers == (name,)
    opened.close()


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "two\nlines", "nul\0"])
def test_a_name_that_is_none_is_refused(shared: Team, name: str) -> None:
    with pytest.raises(Refused, match="A name has"):
        team.add(project=shared[LENA], who=who(LENA), name=name, role=Role.REVIEWER)


def test_the_password_is_kept_nowhere(own: Team) -> None:
    made = team.add(project=own[LENA], who=who(LENA), name="nora", role=Role.REVIEWER)
    own.logins["nora"] = made.person.login
    with own.owner.read() as view:
        verifier = view.connection.exec_driver_sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'nora'").scalar()
        events_text = " ".join(str(event.refs) for event in events.walk(view))
    assert str(verifier).startswith("SCRAM-SHA-256$")
    assert made.password not in events_text
    assert team.renew_password(project=own[LENA], who=who(LENA), name="nora").password != made.password


def test_a_project_that_is_there_becomes_a_team_s_and_again_changes_nothing(database: str) -> None:
    from tests.storage.conftest import bring_in, record

    made = create_project(database)
    bring_in(made, [record(1, "Q?")])
    reviewing.submit(
        project=made, who=who("early"), example_id=next(browsing.examples(project=made)).id, judgement=ACCEPT
    )
    made.close()
    for _again in range(2):
        founded = team.init(where=database, who=OWNER)
        assert [(p.name, p.role) for p in team.people(project=founded)] == [(OWNER.actor, Role.LEAD)]
        assert next(browsing.examples(project=founded)).reviewers == ("early",)
        founded.close()
    with pytest.raises(Refused, match="server"):
        team.init(where="some.accord", who=OWNER)


def test_what_is_shown_of_the_server(shared: Team) -> None:
    facts = team.server(project=shared[ANA])
    assert facts is not None
    assert (facts.login, facts.encryption, facts.local) == (ANA, "", True)


def test_a_requirement_that_rises_and_falls_is_followed(own: Team) -> None:
    reviewing.submit(project=own[ANA], who=who(ANA), example_id=own.ids[8], judgement=ACCEPT)
    for required, status in ((2, "in_review"), (1, "accepted")):
        with own[LENA].write(who(LENA)) as unit:
            states.require(unit, [9], required)
            unit.commit()
        assert browsing.example(project=own[ANA], example_id=own.ids[8]).row.status == status
        assert keeping.inspect(project=own[LENA]) == []
