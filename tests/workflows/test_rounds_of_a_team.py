"""Calibration, controls, repeats and further rounds on a team's server: who may do what, and who learns what."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.servers import Server
from tests.teams import ANA, BO, LENA, Team, who

from accord.domain.errors import Refused
from accord.domain.people import OnlyFor
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import states
from accord.workflows import (
    assigning,
    browsing,
    calibrating,
    controls,
    guideline_changes,
    repeating,
    reviewing,
    undoing,
)

ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT)


@pytest.fixture
def team(server: Server) -> Iterator[Team]:
    """Give a team of four with twelve examples."""
    address = server.new_database()
    made = Team(address)
    yield made
    made.close()
    server.drop(address)


def _judge(team: Team, name: str, seq: int, judgement: Judgement) -> None:
    reviewing.submit(project=team[name], who=who(name), example_id=team.ids[seq - 1], judgement=judgement)


def _status(team: Team, name: str, *seqs: int) -> list[str]:
    return [row.status for row in browsing.example_page(project=team[name], numbers=seqs)]


def _differences(team: Team) -> list[str]:
    with team[LENA].read() as view:
        return states.differences(view)


def test_a_round_is_begun_by_a_lead_judged_blind_and_measured(team: Team) -> None:
    with pytest.raises(OnlyFor):
        calibrating.begin(project=team[ANA], who=who(ANA), reviewers=[ANA, BO], items=4)
    with pytest.raises(Refused):
        calibrating.begin(project=team[LENA], who=who(LENA), reviewers=[ANA, "stranger"], items=4)
    begun = calibrating.begin(project=team[LENA], who=who(LENA), reviewers=[ANA, BO], items=4)
    for place, seq in enumerate(begun.round.seqs):
        _judge(team, BO, seq, REJECT if place == 0 else ACCEPT)
    assert calibrating.history(project=team[ANA])[0].done == {ANA: 0, BO: 0}
    assert calibrating.history(project=team[LENA])[0].done == {ANA: 0, BO: 4}
    assert set(_status(team, ANA, *begun.round.seqs)) == {Status.CANDIDATE}
    for seq in begun.round.seqs:
        _judge(team, ANA, seq, ACCEPT)
    found = calibrating.result(project=team[ANA])
    assert [one.seq for one in found.discuss] == [begun.round.seqs[0]]
    calibrating.close(project=team[LENA], who=who(LENA))
    assert calibrating.result(project=team[BO]).alpha == found.alpha


def test_who_has_what_and_what_is_a_control_is_a_leads_to_know_also_past_the_program(team: Team) -> None:
    controls.add(project=team[LENA], who=who(LENA), numbers=[8, 9], verdict=Verdict.REJECT)
    given = assigning.assign(
        project=team[LENA], who=who(LENA), reviewers=[ANA, BO], overlap=1, where="tag = t", controls=0.5
    )
    assert given.controls == {ANA: 2, BO: 2}
    with team.raw(ANA) as typed:
        rows = typed.execute("SELECT DISTINCT reviewer, kind FROM accord.assignment").fetchall()
        assert rows == [(ANA, "plan")]
        assert typed.execute("SELECT count(*) FROM accord.control").fetchone() == (0,)
        told = typed.execute(
            "SELECT r.seq IN (8, 9), r.required, w.seq IS NULL FROM accord.assignment a "
            "JOIN accord.requirement r USING (seq) LEFT JOIN accord_team.waiting w USING (seq)"
        ).fetchall()
        by_kind = {kind: {row[1:] for row in told if row[0] is kind} for kind in (True, False)}
        assert by_kind[True] == by_kind[False], "how many an example waits for tells nothing"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            typed.execute(
                "INSERT INTO accord.assignment (seq, reviewer, round, kind, until, author, act, at) "
                "VALUES (1, 'ana', 1, 'plan', '', 'ana', 'x', 'x')"
            )
    _judge(team, ANA, 8, REJECT)
    _judge(team, BO, 8, ACCEPT)
    assert [(one.reviewer, one.caught, one.n) for one in controls.rates(project=team[LENA])] == [
        (BO, 0, 1),
        (ANA, 1, 1),
    ]
    assert [one.given for one in assigning.progress(project=team[LENA]) if one.person.name == ANA] == [
        given.assigned[ANA]
    ]


def test_called_to_a_further_round_it_is_blind_again(team: Team) -> None:
    for name in (ANA, BO):
        _judge(team, name, 1, ACCEPT)
    _judge(team, ANA, 12, ACCEPT)
    assert _status(team, BO, 1, 12) == [Status.ACCEPTED] * 2
    guideline_changes.queue_again(project=team[LENA], who=who(LENA), numbers=[1, 12], reviewers=[ANA, BO])
    assert _status(team, BO, 1, 12) == _status(team, LENA, 1, 12) == [Status.CANDIDATE] * 2
    _judge(team, ANA, 1, REJECT)
    _judge(team, ANA, 12, REJECT)
    assert _status(team, BO, 1, 12) == [Status.CANDIDATE] * 2
    assert _status(team, ANA, 1, 12) == _status(team, LENA, 1, 12) == [Status.IN_REVIEW] * 2
    assert [one.reviewer for one in browsing.example(project=team[BO], example_id=team.ids[0]).reviews] == [BO]
    _judge(team, BO, 1, REJECT)
    assert _status(team, ANA, 1) == [Status.REJECTED]
    assert _differences(team) == []
    undone = undoing.undo(project=team[LENA], who=who(LENA))
    assert (undone.examples, undone.kept) == ((), 2)


def test_a_repeat_tells_nothing_and_ends_no_waiting(team: Team) -> None:
    _judge(team, ANA, 7, ACCEPT)
    _judge(team, ANA, 2, ACCEPT)
    with pytest.raises(OnlyFor):
        repeating.plan_repeats(project=team[ANA], who=who(ANA), share=1, after_days=0)
    planned = repeating.plan_repeats(project=team[LENA], who=who(LENA), reviewer=ANA, share=1, after_days=0)
    assert planned.planned == 2
    for seq in (2, 7):
        repeating.judge_again(project=team[ANA], who=who(ANA), example_id=team.ids[seq - 1], judgement=REJECT)
    assert _status(team, LENA, 2, 7) == [Status.IN_REVIEW, Status.ACCEPTED]
    assert _status(team, BO, 2) == [Status.CANDIDATE]
    assert _differences(team) == []
    repeating.settle(project=team[ANA], who=who(ANA), example_id=team.ids[6], take_second=True)
    assert _status(team, BO, 7) == [Status.REJECTED]
    assert repeating.self_agreement(project=team[ANA], person=ANA).n == 2
