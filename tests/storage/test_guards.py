"""What a team's server asks of rows that somebody types past the program: whose they are, and that they are whole."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from tests.formats.test_annotation_tools import annotation, area, task
from tests.teams import ANA, BO, CARA, LENA, OWNER, Team, typed, who

from accord.domain.canonical import canonical_json
from accord.domain.content import pair
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.domain.signatures import SignatureState
from accord.storage import events, schema, states
from accord.workflows import browsing, importing, keeping, releasing, reviewing, signing, team, undoing

SAID = {"edits": {}, "tags": [], "ratings": {}, "reasons": [], "comment": "", "citation": ""}
TEXT = pair("Typed?", "Yes.")


@pytest.fixture
def own(database: str) -> Iterator[Team]:
    """Give a team for one test alone."""
    made = Team(database)
    yield made
    made.close()


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Typist:
    """Somebody who types statements, each group of them in one transaction."""

    def __init__(self, team: Team, name: str) -> None:
        self.name, self.connection = name, team.raw(name)
        found = self.connection.execute("SELECT hash FROM accord.example WHERE seq = 9").fetchone()
        assert found is not None
        self.hash = found[0]

    def insert(self, table: str, **values: Any) -> None:
        """Insert one row."""
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        marks = sql.SQL(", ").join(sql.Placeholder() * len(values))
        statement = sql.SQL("INSERT INTO accord.{} ({}) VALUES ({})").format(sql.Identifier(table), names, marks)
        self.connection.execute(statement, list(values.values()))

    def event(self, kind: str = "review", refs: Mapping[str, Any] | None = None, **changed: Any) -> str:
        """Insert an event, the next of one's own unless ``changed`` says otherwise, and return its id."""
        act, values = uuid.uuid4().hex, self.next_event(kind, refs or {}) | changed
        self.insert("event", id=act, hash=events.seal(event_id=act, **values), **values)
        return act

    def next_event(self, kind: str, refs: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the next event of one's chain holds."""
        device = f'typed "\\ {chr(31)}é:{self.name}'
        query = "SELECT number, hash FROM accord.event WHERE device = %s ORDER BY number DESC LIMIT 1"
        number, previous = self.connection.execute(query, [device]).fetchone() or (0, "0" * 64)
        return {
            "device": device,
            "number": number + 1,
            "at": _moment(),
            "actor": self.name,
            "kind": kind,
            "refs": canonical_json(refs),
            "previous": previous,
        }

    def review(self, act: str, **values: Any) -> None:
        """Insert a review of the ninth example."""
        usual = {
            "seq": 9,
            "reviewer": self.name,
            "round": 1,
            "verdict": "accept",
            "base_hash": self.hash,
            "result_hash": self.hash,
            "judgement": json.dumps(SAID),
            "seconds": 0,
            "at": _moment(),
        }
        self.insert("review", **usual | values, act=act)

    def revision(self, act: str, **values: Any) -> None:
        """Insert a shared text of the ninth example."""
        usual = {
            "seq": 9,
            "parent_hash": self.hash,
            "hash": TEXT.hash,
            "content": TEXT.text,
            "kind": "edit",
            "of_review": False,
            "author": self.name,
            "at": _moment(),
        }
        self.insert("revision", **usual | values, act=act)


def test_a_reviewer_types_in_her_own_name_under_an_event_of_her_own(own: Team) -> None:
    ana = Typist(own, ANA)
    for change in ({"reviewer": BO}, {"reviewer": LENA}):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), ana.connection.transaction():
            ana.review(ana.event(), **change)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), ana.connection.transaction():
        ana.revision(ana.event(), author=BO)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), ana.connection.transaction():
        ana.revision(ana.event(), kind="adjudicate")
    for change in ({"actor": BO, "device": f"desk:{BO}"}, {"device": f"desk:{BO}"}, {"device": "typed"}):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ana.event("review", {}, number=1, previous="0" * 64, **change)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ana.insert("draft", seq=9, reviewer=BO, value="{}", at=_moment())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ana.review("of nobody")
    reviewing.submit(project=own[BO], who=who(BO), example_id=own.ids[9], judgement=Judgement(verdict=Verdict.REJECT))
    act = undoing.last_act(project=own[BO], who=who(BO))
    assert act is not None
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ana.review(act.id)  # as if it were a part of what Bo did
    with ana.connection.transaction():
        ana.review(ana.event())
    assert browsing.example(project=own[BO], example_id=own.ids[8]).row.id == own.ids[8]
    ana.connection.close()


@pytest.mark.parametrize("name", [ANA, BO])
def test_a_lead_writes_in_another_s_name_under_an_event_of_that_moment_only(own: Team, name: str) -> None:
    lena = Typist(own, LENA)
    writes: list[Callable[[str], None]] = [partial(lena.review, reviewer=name), partial(lena.revision, author=name)]
    for write in writes:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            write("of nobody")
        earlier = lena.event("reviews")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            write(earlier)
        with lena.connection.transaction():
            write(lena.event("reviews", {"count": 1}))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        lena.insert("draft", seq=9, reviewer=name, value="{}", at=_moment())
    found, problems, _head = keeping.audit(project=own[LENA])
    assert problems == []
    assert {event.actor for event in found if event.kind == "reviews"} == {LENA}
    lena.connection.close()


def test_an_event_out_of_its_chain_is_refused_and_so_cannot_spoil_backups(own: Team, tmp_path: Path) -> None:
    ana = Typist(own, ANA)
    ana.event("review")
    for change in ({"number": 7}, {"previous": "0" * 64}, {"at": "x"}, {"refs": "{"}, {"refs": "[]"}):
        values = ana.next_event("review", {}) | change
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.DataError)):
            ana.insert("event", id="e", hash=events.seal(event_id="e", **values), **values)
    with pytest.raises(psycopg.errors.CheckViolation):
        ana.insert("event", id="e", hash="0" * 64, **ana.next_event("review", {}))
    assert keeping.backup(project=own[LENA], to=tmp_path / "copy.accord")
    ana.connection.close()


WRONG: list[Mapping[str, Any]] = [
    {"judgement": "{"},
    {"judgement": "[]"},
    {"judgement": "{}"},
    *({"judgement": json.dumps({k: v for k, v in SAID.items() if k != name})} for name in SAID),
    *({"judgement": json.dumps(SAID | {name: 7})} for name in SAID),
    {"judgement": json.dumps(SAID | {"edits": {"one": "text"}})},
    {"judgement": json.dumps(SAID | {"edits": {"1": None}})},
    {"judgement": json.dumps(SAID | {"tags": [1]})},
    {"judgement": json.dumps(SAID | {"ratings": {"clear": "very"}})},
    {"judgement": json.dumps(SAID | {"restores": 10_000})},
    {"judgement": json.dumps(SAID | {"bulk": "yes"})},
    {"verdict": "perhaps"},
    {"result_hash": "0" * 64},
    {"at": "yesterday"},
    {"at": "2026-01-01T10:00:00.000+02:00"},
]


def test_a_verdict_that_no_program_could_read_is_refused(own: Team) -> None:
    ana = Typist(own, ANA)
    for change in WRONG:
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.DataError)), ana.connection.transaction():
            ana.review(ana.event(), **change)
    whole = SAID | {
        "edits": {"1": "zero \0 stays"},
        "tags": ["\0"],
        "ratings": {"clear": 3},
        "reasons": ["r"],
        "bulk": True,
    }
    with ana.connection.transaction():
        ana.review(ana.event(), judgement=json.dumps(whole))
    with own[LENA].write(who(LENA)) as unit:
        states.refresh(unit, [9])
        unit.commit()
    assert browsing.example(project=own[BO], example_id=own.ids[8]).row.reviewers == (ANA,)
    ana.connection.close()


def test_a_text_or_a_decision_that_no_program_could_read_is_refused(own: Team) -> None:
    cara = Typist(own, CARA)
    for change in (
        {"content": "{}"},
        {"hash": "0" * 64},
        {"content": '{"messages":[]}', "hash": "d4d4ab4a4b0a0b4e"},
        {"at": "x"},
    ):
        with pytest.raises(psycopg.DatabaseError), cara.connection.transaction():
            cara.revision(cara.event(), **change)
    usual = {"seq": 9, "key": None, "reason": "", "comment": "", "payload": "{}", "author": CARA, "at": _moment()}
    for change in (
        {"kind": "set_aside", "reason": "because"},
        {"kind": "adjudicate"},
        {"kind": "add_tag", "payload": "[]"},
        {"kind": "retract_tag"},
        {"kind": "settle_conflict"},
        {"kind": "unheard of"},
    ):
        with pytest.raises(psycopg.errors.CheckViolation), cara.connection.transaction():
            cara.insert("decision", **usual | change, act=cara.event())
    cara.connection.close()


def test_a_signature_that_cannot_be_printed_or_stands_in_no_log_is_refused(own: Team) -> None:
    for number in range(len(own.ids)):
        accept = Judgement(verdict=Verdict.ACCEPT)
        reviewing.submit(project=own[LENA], who=who(LENA), example_id=own.ids[number], judgement=accept)
    releasing.make(project=own[LENA], who=who(LENA), name="v1", plan=ReleasePlan())
    ana = Typist(own, ANA)
    row = ana.connection.execute("SELECT id FROM accord.release").fetchone()
    assert row is not None
    words = {"name": "Ana", "credential": "MD", "statement": "I answer\nfor it.", "hash": "0" * 64}
    usual = {"release_id": row[0], "kind": "sign", "author": ANA, "at": _moment(), **words}
    for change in (
        *({"at": "yesterday"}, {"kind": "seal"}, {"hash": "0"}, {"release_id": 99}),
        *({"name": "Ana\n# Approved"}, {"name": ""}, {"statement": "\x1b[2J"}, {"name": "A" * 201}),
    ):
        with pytest.raises(psycopg.errors.CheckViolation), ana.connection.transaction():
            ana.insert("signature", **usual | change, act=ana.event("sign"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), ana.connection.transaction():
        ana.insert("signature", **usual, act="of nobody")
    with ana.connection.transaction():
        ana.insert("signature", **usual, act=ana.event("sign"))
    (given,) = signing.of_release(project=own[LENA], release="v1")
    assert given.state is SignatureState.VOID  # it names another hash
    ana.connection.close()


def test_a_lead_purges_whole_and_with_a_word_only(own: Team) -> None:
    reviewing.submit(
        project=own[ANA],
        who=who(ANA),
        example_id=own.ids[8],
        judgement=Judgement(verdict=Verdict.EDIT, edits={1: "A secret."}),
    )
    reviewing.save_draft(project=own[BO], who=who(BO), example_id=own.ids[8], value={"text": "A secret."})
    lena = Typist(own, LENA)
    purge = "SELECT accord_team.purge(9, %s, 'withdrawn')"
    for act in (lena.event("purge", {"hash": lena.hash}), lena.event("review", {"hash": lena.hash})):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            lena.connection.execute(purge, [act])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), lena.connection.transaction():
        lena.connection.execute(purge, [lena.event("purge", {"hash": "of another"})])
    lena.connection.close()
    done = keeping.purge(project=own[LENA], who=who(LENA), example_id=own.ids[8], reason="withdrawn")
    assert done.id == own.ids[8]
    assert done.in_log  # she does not own the tables, and is not warned of each
    with own.owner.read() as view:
        run = view.connection.execute
        for table in schema.OF_EXAMPLE:
            assert run(sa.select(sa.func.count()).where(table.c.seq == 9)).scalar() == 0, table.name
        gone = run(sa.select(schema.tombstone.c.author, schema.tombstone.c.reason)).all()
        assert [tuple(row) for row in gone] == [(LENA, "withdrawn")] * 2
        assert run(sa.select(schema.purge_guard)).all() == []
    assert keeping.inspect(project=own[LENA]) == []


def test_a_lead_brings_in_a_file_with_others_verdicts_and_takes_it_back(own: Team, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    edited = annotation({"id": 1, "email": "ada@x.example"}, area("answer", "Rest and \0 fluids."))
    path.write_text(json.dumps([task(edited)]))
    report = importing.import_file(project=own[LENA], who=who(LENA), path=path)
    assert dict(report.verdicts) == {"ada@x.example": 1}
    assert keeping.inspect(project=own[LENA]) == []
    assert undoing.undo(project=own[LENA], who=who(LENA)).kind == "import"
    assert keeping.inspect(project=own[LENA]) == []


def test_what_an_earlier_version_allowed_goes_when_the_rules_are_made_anew(own: Team) -> None:
    with typed(own.database) as connection:
        connection.execute("CREATE POLICY team_lead_all ON accord.review FOR ALL USING (true) WITH CHECK (true)")
    team.found_here(project=own.owner, who=OWNER)
    with typed(own.database) as connection:
        query = "SELECT count(*) FROM pg_policies WHERE schemaname = 'accord' AND policyname = 'team_lead_all'"
        found = connection.execute(query + " AND tablename = 'review'").fetchone()
    assert found == (0,)
