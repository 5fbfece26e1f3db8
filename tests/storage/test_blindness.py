"""While an example waits for reviewers, nothing that one of them can see depends on what another said of it.

The same acts are done twice, on two copies of a team's database, but for what Bo says: his verdicts, edits, tags,
comments and drafts differ, and other examples are controls. Everything that Ana can ask for must be the same, byte for byte, by the program and past it.
"""
# ruff: noqa: S608  (the statements are the test's own)

import itertools
import random
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.storage.questions import RARE, WORDS, ask, say
from tests.teams import ANA, BO, DOUBLE, EXAMPLES, LENA, PEOPLE, Team, request_of, typed, who

from accord.domain.errors import AccordError
from accord.domain.findings import Kind
from accord.domain.review import Judgement, Verdict
from accord.storage import project as storage_project
from accord.storage import states
from accord.storage.project import open_project
from accord.workflows import browsing, bulk, conflicts, controls, duplicates, findings, keeping, reviewing, undoing

TRIPLE = (5, 6)  # Ana and Bo both judge these, and a third is awaited
FOR_BO = (1, 2, 3, *TRIPLE)
FOR_ANA = (4, *TRIPLE, 8, 9)


@pytest.fixture(scope="module")
def team(server: Server) -> Iterator[Team]:
    """Give a team whose database is copied for each run; nobody is connected to it."""
    address = server.new_database()
    made = Team(address)
    with made[LENA].write(who(LENA)) as unit:
        states.require(unit, TRIPLE, 3)
        unit.commit()
    conflicts.refresh_all(project=made[LENA], who=who(LENA))
    duplicates.find(project=made[LENA], who=who(LENA))
    for project in (*made.open.values(), made.owner):
        project.close()
    yield made
    made.owner = open_project(address)
    made.close()
    server.drop(address)


class Run:
    """One copy of the team's database, with its people."""

    def __init__(self, server: Server, team: Team, name: str) -> None:
        self.server, self.name = server, name
        template = str(sa.make_url(team.database).database)
        server.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        server.run(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")
        self.ids = team.ids
        self.urls = {person: sa.make_url(team.address(person)).set(database=name) for person in PEOPLE}
        self.open = {p: open_project(url.render_as_string(hide_password=False)) for p, url in self.urls.items()}

    def ask(self, statement: str) -> str:
        """Return what a statement typed by Ana gives, or that it is refused."""
        with typed(self.urls[ANA].render_as_string(hide_password=False)) as connection:
            try:
                return repr(sorted(connection.execute(statement.encode()).fetchall(), key=repr))
            except psycopg.Error as error:
                return str(error.sqlstate)

    def close(self) -> None:
        """Remove the copy."""
        for project in self.open.values():
            project.close()
        self.server.run(f"DROP DATABASE {self.name} WITH (FORCE)")


def _act(run: Run, script: random.Random, says: random.Random) -> None:
    """Do one act; ``script`` says who does what to which example, ``says`` what Bo says."""
    kinds = ["bo", "bo", "bo", "bo draft", "bo undo", "ana", "ana undo", "lena aside", "lena tag", "lena check"]
    kind = script.choice(kinds)
    seq = script.choice(FOR_BO if kind.startswith("bo") else FOR_ANA)
    project = run.open[{"bo": BO, "ana": ANA, "lena": LENA}[kind.split()[0]]]
    example = run.ids[seq - 1]
    try:
        if kind in {"bo", "ana"}:
            # Ana does not say the rare word, so that wherever she sees it it is Bo's.
            judgement = say(says, seq) if kind == "bo" else say(random.Random(seq), seq, WORDS[:-1])
            name = BO if kind == "bo" else ANA
            reviewing.submit(project=project, who=who(name), example_id=example, judgement=judgement)
        elif kind == "bo draft":
            reviewing.save_draft(project=project, who=who(BO), example_id=example, value={"text": says.random()})
        elif kind.endswith("undo"):
            undoing.undo(project=project, who=who(BO if kind == "bo undo" else ANA))
        elif kind == "lena check":
            findings.run(project=project, actor=who(LENA), kinds=(Kind.PERSONAL, Kind.BOILERPLATE))
        elif kind == "lena aside":
            change = duplicates.bring_back if script.random() < 0.5 else duplicates.set_aside
            change(project=project, who=who(LENA), ids=[run.ids[script.choice(FOR_BO) - 1]])
        else:
            bulk.add_tag(project=project, who=who(LENA), numbers=[script.choice(FOR_BO)], tag=script.choice("xyz"))
    except AccordError:
        return  # set aside, or nothing to undo: the same in both runs


def _everything(run: Run) -> dict[str, str]:
    """Return all that Ana can read past the program: every column of every table and view, and how many rows."""
    relations = run.ask(
        "SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE n.nspname IN ('accord', 'accord_team') AND c.relkind IN ('r', 'v', 'S') AND NOT a.attisdropped "
        "AND a.attnum <> -6 GROUP BY 1"  # tableoid: the numbers of the two databases differ
    )
    found = {"relations": relations}
    for name, columns in eval(relations):  # noqa: S307  (a list of names that repr wrote)
        found[f"count {name}"] = run.ask(f"SELECT count(*) FROM {name}")
        for column in columns:
            if (name, column) != ("accord.meta", "value"):
                found[f"{name}.{column}"] = run.ask(f'SELECT "{column}" FROM {name}')
        found[f"all of {name}"] = run.ask(f"SELECT * FROM {name}")
    for seq in range(1, EXAMPLES + 1):
        for function in ("unblinded", "base_of", "own_now"):
            found[f"{function} {seq}"] = run.ask(f"SELECT accord_team.{function}({seq})")
    found["sequences"] = run.ask("SELECT * FROM pg_sequences WHERE schemaname LIKE 'accord%'")
    found["others' queries"] = run.ask("SELECT query FROM pg_stat_activity WHERE usename <> session_user")
    found["column statistics"] = run.ask(
        "SELECT * FROM pg_stats WHERE schemaname LIKE 'accord%' AND tablename IN "
        "('review', 'revision', 'draft', 'event', 'example_state', 'vote')"
    )
    return found


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make ids and times the same in both runs."""

    def begin() -> None:
        numbers, times = itertools.count(1), itertools.count(1)
        monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers)))
        start = datetime(2026, 1, 1, tzinfo=UTC)

        def moment() -> str:
            return (start + timedelta(seconds=next(times))).isoformat(timespec="milliseconds")

        monkeypatch.setattr(storage_project, "now", moment)

    return begin


def _compare(server: Server, team: Team, begin: Callable[[], None], seed: int, questions: int) -> None:
    seen: list[dict[str, Any]] = []
    for variant in (1, 2):
        begin()
        run = Run(server, team, f"run_{seed}_{variant}")
        try:
            script, says = random.Random(seed), random.Random(seed * 10 + variant)
            found: dict[str, Any] = {}
            known = says.sample(range(1, EXAMPLES + 1), 3)
            controls.add(project=run.open[LENA], who=who(LENA), numbers=known, verdict=Verdict.REJECT, note=RARE)
            for moment in range(4):
                for _n in range(6):
                    _act(run, script, says)
                for question in range(questions // 4 + 1):
                    chance = random.Random(f"{seed}.{moment}.{question}")
                    found[f"question {moment}.{question}"] = ask(run.open[ANA], run.ids, chance, ANA, BO)
            found |= _everything(run)
            assert keeping.inspect(project=run.open[LENA]) == []
        finally:
            run.close()
        seen.append(found)
    assert seen[0].keys() == seen[1].keys()
    for name, value in seen[0].items():
        assert seen[1][name] == value, f"seed {seed}: {name} tells what Bo said"
    # But for her own word, in quotation marks: what she asked for is said back to her.
    assert RARE not in re.sub(f"['“]{RARE}['”]", "", repr(seen[0]))


@pytest.mark.parametrize("seed", range(4))
def test_what_a_reviewer_can_see_does_not_depend_on_another_s_verdicts(
    server: Server, team: Team, steady: Callable[[], None], seed: int
) -> None:
    _compare(server, team, steady, seed, 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 150))
def test_a_thousand_questions(server: Server, team: Team, steady: Callable[[], None], seed: int) -> None:
    _compare(server, team, steady, seed, 20)


def test_the_comparison_can_fail(server: Server, team: Team) -> None:
    """What everybody may see once all verdicts are in does depend on them."""
    answers = []
    for verdict in (Verdict.ACCEPT, Verdict.REJECT):
        run = Run(server, team, f"run_open_{verdict.value}")
        for name, said in ((BO, verdict), (ANA, Verdict.ACCEPT)):
            reviewing.submit(
                project=run.open[name], who=who(name), example_id=run.ids[3], judgement=Judgement(verdict=said)
            )
        answers.append((browsing.example(project=run.open[ANA], example_id=run.ids[3]).row.status, _everything(run)))
        run.close()
    assert [status for status, _all in answers] == ["accepted", "disagreement"]
    assert answers[0][1]["accord.review.verdict"] != answers[1][1]["accord.review.verdict"]


def test_each_sees_her_own_verdict_and_a_lead_sees_who_has_reviewed(server: Server, team: Team) -> None:
    run = Run(server, team, "run_own")
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Mine."}, tags=("mine",))
    reviewing.submit(project=run.open[ANA], who=who(ANA), example_id=run.ids[3], judgement=edit)
    rows = {name: browsing.example(project=run.open[name], example_id=run.ids[3]).row for name in (ANA, BO, LENA)}
    assert {name: (row.status, row.reviewers) for name, row in rows.items()} == {
        ANA: ("in_review", (ANA,)),
        BO: ("candidate", ()),
        LENA: ("in_review", (ANA,)),
    }
    assert {row.content.answer for row in rows.values()} == {"Answer 4."}
    assert request_of(4) in rows[BO].content.request
    assert 4 in DOUBLE
    run.close()
