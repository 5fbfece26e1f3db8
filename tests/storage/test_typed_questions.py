"""What somebody who types statements as a reviewer tries, to learn what another said of an example that waits."""

import hashlib
from collections.abc import Iterator

import psycopg
import pytest
from tests.servers import Server
from tests.teams import ANA, BO, LENA, Team, who

from accord.domain.review import Judgement, Verdict
from accord.storage import blindness
from accord.workflows import adjudicating, browsing, controls, keeping, projects, reviewing

SEQ = 5  # needs two verdicts; Bo's is in
GUESS = "Five milligrams."
JUDGEMENT = '{"edits":{},"tags":[],"reasons":[],"ratings":{},"comment":"","citation":""}'
_INSERT = (
    "INSERT INTO accord.review (seq, reviewer, round, verdict, base_hash, result_hash, judgement, seconds, act, at) "
    "VALUES (%s, %s, 1, %s, %s, %s, %s, 0, 'x', '2026-01-01T00:00:00.000+00:00')"
)


@pytest.fixture
def team(server: Server, database: str) -> Iterator[Team]:
    """Give a team in which Bo has changed the answer of one example."""
    made = Team(database)
    said = Judgement(verdict=Verdict.EDIT, edits={1: GUESS})
    reviewing.submit(project=made[BO], who=who(BO), example_id=made.ids[SEQ - 1], judgement=said)
    server.run("ANALYZE", database.rpartition("/")[2])
    yield made
    made.close()


def hash_of(team: Team, text: str) -> str:
    """Return the hash of the example with another answer, as anybody can work it out."""
    content = browsing.example(project=team[ANA], example_id=team.ids[SEQ - 1]).row.content
    return content.with_texts({1: text}).hash


def refusal(team: Team, statement: str, *values: object) -> str:
    """Return how a statement that Ana types is refused."""
    with team.raw(ANA) as typed, pytest.raises(psycopg.Error) as caught:
        typed.execute(statement.encode(), values)
    return f"{caught.value.sqlstate} {str(caught.value).splitlines()[0]}"


def test_a_verdict_that_is_taken_back_shows_nothing(team: Team) -> None:
    """Whoever looks before she commits could change her mind, and nobody would know."""
    base = hash_of(team, f"Answer {SEQ}.")
    with team.raw(ANA) as typed:
        typed.autocommit = False
        for points in ("", "SAVEPOINT one", "SET CONSTRAINTS ALL DEFERRED"):
            if points:
                typed.execute(points.encode())
            typed.execute(_INSERT.encode(), (SEQ, ANA, "accept", base, base, JUDGEMENT))
            seen = typed.execute(b"SELECT DISTINCT reviewer FROM accord.review WHERE seq = %s", (SEQ,)).fetchall()
            texts = typed.execute(b"SELECT content FROM accord.revision WHERE seq = %s", (SEQ,)).fetchall()
            state = typed.execute(
                b"SELECT status, verdicts FROM accord_team.example_state WHERE seq = %s", (SEQ,)
            ).fetchone()
            assert (seen, texts, state) == ([(ANA,)], [], ("in_review", 1))
        typed.rollback()
    row = browsing.example(project=team[LENA], example_id=team.ids[SEQ - 1]).row
    assert (row.status, row.reviewers) == ("in_review", (BO,))


def test_the_verdict_that_was_last_shows_all_at_once(team: Team) -> None:
    accept = Judgement(verdict=Verdict.ACCEPT)
    found = reviewing.submit(project=team[ANA], who=who(ANA), example_id=team.ids[SEQ - 1], judgement=accept)
    assert (found.row.status, set(found.row.reviewers)) == ("disagreement", {ANA, BO})
    assert keeping.inspect(project=team[LENA]) == []


def test_after_a_crash_whoever_opens_next_derives_what_came_of_it(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = Judgement(verdict=Verdict.ACCEPT)
    with monkeypatch.context() as patch:
        patch.setattr(blindness, "due", lambda _connection: [])
        reviewing.submit(project=team[ANA], who=who(ANA), example_id=team.ids[SEQ - 1], judgement=accept)
    projects.open_project(path=team.address(BO)).close()
    for name in (ANA, BO, LENA):
        assert browsing.example(project=team[name], example_id=team.ids[SEQ - 1]).row.status == "disagreement"
    assert keeping.inspect(project=team[LENA]) == []


def test_an_adjudicator_decides_while_others_are_awaited(team: Team) -> None:
    decided = adjudicating.decide(
        project=team["cara"],
        who=who("cara"),
        example_id=team.ids[SEQ - 1],
        verdict=Verdict.REJECT,
        reason="evidence",
        comment="so",
    )
    assert decided.status == "rejected"
    assert browsing.example(project=team[ANA], example_id=team.ids[SEQ - 1]).row.status == "rejected"
    assert keeping.inspect(project=team[LENA]) == []


def test_no_refusal_answers_a_guess(team: Team) -> None:
    """Is this what Bo wrote? In her own name and in his, the answer is the same for what he wrote and for what not."""
    base = hash_of(team, f"Answer {SEQ}.")
    for name in (ANA, BO):
        right, wrong = (
            refusal(team, _INSERT, SEQ, name, "edit", base, hash_of(team, text), JUDGEMENT)
            for text in (GUESS, "Six milligrams.")
        )
        assert right == wrong


def test_no_refusal_tells_what_stands_in_another_s_log(team: Team) -> None:
    """A chain of events commits to the verdicts in it, and there are only four to try."""
    with team[LENA].read() as view:
        device, number, last = view.connection.exec_driver_sql(
            "SELECT device, number, hash FROM accord.event WHERE actor = %s ORDER BY number DESC LIMIT 1", (BO,)
        ).one()
    statement = (
        "INSERT INTO accord.event (id, device, number, at, actor, kind, refs, previous, hash) VALUES "
        "('i', %s, %s, '2026-01-01T00:00:00.000+00:00', %s, 'review', '{}', %s, encode(sha256(convert_to('[' || "
        "concat_ws(',', to_json('i'::text), to_json(%s::text), %s, to_json('2026-01-01T00:00:00.000+00:00'::text), "
        "to_json(%s::text), to_json('review'::text), to_json('{}'::text), to_json(%s::text)) || ']', 'UTF8')), 'hex'))"
    )
    told = [
        refusal(team, statement, device, number + 1, name, previous, device, number + 1, name, previous)
        for name in (ANA, BO)
        for previous in (last, hashlib.sha256(b"no").hexdigest())
    ]
    assert len(set(told)) == 1


def test_the_planner_has_counted_nothing_of_what_was_said(team: Team) -> None:
    with team.raw(ANA) as typed:
        first_lines = {
            typed.execute(f"EXPLAIN SELECT seq FROM accord.review WHERE verdict = '{value}'".encode()).fetchall()[0]  # noqa: S608  (the test's own)
            for value in ("accept", "edit", "reject", "never")
        }
    assert len(first_lines) == 1  # it says how many rows are expected


_ASKED = (
    "SELECT seq FROM accord.review WHERE seq = 5 AND verdict = 'reject'",
    "SELECT seq FROM accord.review WHERE verdict = 'reject'",
    "SELECT seq FROM accord.review WHERE verdict = ANY ('{reject}') OR verdict IN ('reject', 'none')",
    "SELECT seq FROM accord.review WHERE verdict IS NOT DISTINCT FROM 'reject' AND reviewer LIKE 'Bo%'",
    "SELECT seq FROM accord.review WHERE CASE WHEN verdict = 'reject' THEN seq = 5 ELSE false END",
    "SELECT r.seq FROM accord.review r JOIN accord.example e USING (seq) WHERE r.verdict < 'r' AND r.seq = 5",
    "SELECT DISTINCT v.seq FROM accord.review v, accord.revision t WHERE t.seq = v.seq AND v.verdict = 'reject'",
    "SELECT count(*) FROM accord_team.example_state WHERE status = 'rejected' AND seq = 5",
)


def plans(database: str, verdict: Verdict, settings: str) -> list[str]:
    """Return what Ana's plans say once Bo has given a verdict on an example that waits."""
    made = Team(database)
    said = Judgement(verdict=verdict, reasons=("wrong",) if verdict is Verdict.REJECT else ())
    reviewing.submit(project=made[BO], who=who(BO), example_id=made.ids[SEQ - 1], judgement=said)
    with made.raw(ANA) as typed:
        typed.execute(settings.encode())
        asked = [f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {one}".encode() for one in _ASKED]
        told = [line for one in asked for (line,) in typed.execute(one).fetchall()]
    made.close()
    return told


@pytest.mark.parametrize("settings", ["", "SET cpu_operator_cost = 0", "SET enable_indexscan = off"])
def test_no_plan_tells_by_its_counts_what_was_said(server: Server, settings: str) -> None:
    """EXPLAIN ANALYZE tells how many rows each condition left out, and which part of a plan was never executed."""
    told = [plans(server.new_database(), verdict, settings) for verdict in (Verdict.REJECT, Verdict.ACCEPT)]
    assert told[0] == told[1]


def test_controls_packs_and_others_assignments_are_not_shown(team: Team) -> None:
    controls.add(project=team[LENA], who=who(LENA), numbers=[8], verdict=Verdict.ACCEPT)
    with team.raw(ANA) as typed:
        for table in ("control", "pack", "pack_item", "assignment"):
            assert typed.execute(f"SELECT * FROM accord.{table}".encode()).fetchall() == []  # noqa: S608  (as above)
        numbers = dict(typed.execute(b"SELECT sequencename, last_value FROM pg_sequences").fetchall())
    assert {numbers[f"{name}_id_seq"] for name in ("control", "assignment", "decision")} == {None}
