"""Findings on a team's server: a lead's program stores them, every reviewer may dismiss, and an edit takes them off."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError
from tests.teams import ANA, BO, LENA, Team, who

from accord.domain.dismissals import DismissReason
from accord.domain.findings import Kind
from accord.domain.people import OnlyFor
from accord.domain.review import Judgement, Verdict
from accord.storage import decisions, events, listing
from accord.storage import findings as store
from accord.workflows import browsing, findings, reviewing, undoing

MAIL = Judgement(verdict=Verdict.EDIT, edits={1: "Write to ana@clinic.example.org."})
KINDS = (Kind.PERSONAL,)
EMAIL = "email-address"


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    made = Team(database)
    yield made
    made.close()


def _found(team: Team, name: str) -> list[str]:
    return [row.id for row in browsing.examples(project=team[name], where=f"finding={EMAIL}")]


def test_a_lead_stores_and_a_reviewer_dismisses_and_takes_it_back(team: Team) -> None:
    id_ = team.ids[8]  # which needs one reviewer
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=id_, judgement=MAIL)
    with pytest.raises(OnlyFor):
        findings.run(project=team[ANA], actor=who(ANA))
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    assert _found(team, BO) == _found(team, ANA) == [id_]
    wrong = DismissReason.FALSE_ALARM
    findings.dismiss_rule(project=team[BO], actor=who(BO), example_id=id_, rule=EMAIL, reason=wrong)
    assert _found(team, LENA) == []
    (shown,) = findings.of_example(project=team[ANA], example_id=id_)
    assert shown.dismissed is not None
    assert shown.dismissed.author == BO
    undoing.undo(project=team[BO], who=who(BO))
    assert _found(team, ANA) == [id_]
    better = Judgement(verdict=Verdict.EDIT, edits={1: "Call us."})
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=id_, judgement=better)
    assert _found(team, LENA) == []
    with team[LENA].read() as view:
        assert store.differences(view) == []


def test_what_is_found_in_a_text_is_stored_once_everybody_may_see_it(team: Team) -> None:
    id_ = team.ids[3]  # which needs two
    reviewing.submit(project=team[BO], who=who(BO), example_id=id_, judgement=MAIL)
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    assert _found(team, LENA) == _found(team, ANA) == []
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=id_, judgement=MAIL)
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    assert _found(team, LENA) == _found(team, ANA) == [id_]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accord.finding SELECT * FROM accord.finding",
        "INSERT INTO accord.checked (seq, hash, checking_id) VALUES (1, 'x', 1)",
        "INSERT INTO accord.checking (fingerprint, kinds) VALUES ('x', '')",
        "UPDATE accord.finding SET rule = 'other'",
        "INSERT INTO accord.decision (seq, kind, reason, comment, payload, author, act, at) "  # noqa: ISC004  (one text)
        "VALUES (9, 'adjudicate', '', '', '{\"verdict\":\"accept\"}', 'ana', 'x', '2026-01-01T00:00:00.000+00:00')",
    ],
)
def test_a_reviewer_writes_nothing_of_it_past_the_program(team: Team, statement: str) -> None:
    with team.raw(ANA) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_a_dismissal_past_the_program_changes_no_finding_that_it_is_not_about(team: Team) -> None:
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=team.ids[8], judgement=MAIL)
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    with team.raw(BO) as connection:
        changed = connection.execute("UPDATE accord.finding SET dismissed = 'false_alarm'").rowcount
        gone = connection.execute("DELETE FROM accord.finding").rowcount
    assert (changed, gone) == (0, 0)
    assert _found(team, LENA) == [team.ids[8]]


def test_who_dismisses_one_finding_hides_no_other_one(team: Team) -> None:
    id_ = team.ids[8]
    two = Judgement(verdict=Verdict.EDIT, edits={1: "Write to ana@clinic.example.org or bo@clinic.example.org."})
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=id_, judgement=two)
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    first, _second = findings.of_example(project=team[BO], example_id=id_)
    with team[BO].write(who(BO)) as unit:
        (seq,) = listing.seqs_of(unit, [id_]).values()
        payload = {"rule": EMAIL, "mark": first.mark}
        decisions.about_examples(unit, [seq], store.DISMISS, reason=DismissReason.FALSE_ALARM, payload=payload)
        store.note_dismissals(unit, [seq])
        run = unit.connection.exec_driver_sql
        assert run("DELETE FROM accord.finding").rowcount == 0
        with pytest.raises(ProgrammingError), unit.connection.begin_nested():
            run("UPDATE accord.finding SET dismissed = 'acceptable' WHERE dismissed = ''")
        with pytest.raises(ProgrammingError), unit.connection.begin_nested():
            run("UPDATE accord.finding SET dismissed = '' WHERE dismissed <> ''")
        events.append(unit, store.DISMISS, {"examples": [id_]})
        unit.commit()
    dismissed = [one.dismissed is not None for one in findings.of_example(project=team[LENA], example_id=id_)]
    assert dismissed == [True, False]
    assert _found(team, LENA) == [id_]


def test_findings_that_somebody_takes_off_past_the_program_are_looked_for_anew(team: Team) -> None:
    id_ = team.ids[8]
    reviewing.submit(project=team[ANA], who=who(ANA), example_id=id_, judgement=MAIL)
    findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS)
    with team[ANA].write(who(ANA)) as unit:
        (seq,) = listing.seqs_of(unit, [id_]).values()
        payload = {"rule": EMAIL, "mark": "0"}
        decisions.about_examples(unit, [seq], store.DISMISS, reason=DismissReason.FALSE_ALARM, payload=payload)
        store.forget(unit, [seq])
        events.append(unit, store.DISMISS, {"examples": [id_]})
        unit.commit()
    assert _found(team, LENA) == []
    assert findings.run(project=team[LENA], actor=who(LENA), kinds=KINDS).checked == 1
    assert _found(team, LENA) == [id_]
