"""Review packs: out without anybody else's word, home under the reviewer's name, whatever comes first."""

import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.teams import ANA, BO, LENA, Team
from tests.teams import who as at_desk

from accord.domain.errors import AccordError, Refused
from accord.domain.ledger import Who
from accord.domain.packs import Meeting, ReviewsAlone
from accord.domain.people import OnlyFor, Role
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Status, Verdict, latest_per_reviewer
from accord.storage import moving, pack_files, pack_seals, schema
from accord.storage.files import FilePlace
from accord.storage.pack_files import Contents
from accord.storage.project import Project, open_project
from accord.workflows import (
    assigning,
    browsing,
    bulk,
    importing,
    keeping,
    packing,
    people,
    permissions,
    projects,
    releasing,
    reviewing,
    team,
    undoing,
)

LEAD, ANA_AT_HOME = Who(actor="lena", device="desk"), Who(actor="ana", device="desk")
LAPTOP = Who(actor="whoever", device="laptop")
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT, seconds=7.0), Judgement(verdict=Verdict.REJECT, tags=("off-label",))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    _run_clock(monkeypatch)


def _run_clock(patch: pytest.MonkeyPatch, begin: int = 0) -> None:
    """Let each look at the clock be a second later than the one before, on all machines."""
    seconds = itertools.count(begin)

    def now() -> str:
        minutes, second = divmod(next(seconds), 60)
        return f"2026-11-21T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.000+00:00"

    for place in ("storage.project", "workflows.packing", "workflows.assigning"):
        patch.setattr(f"accord.{place}.now", now)


def _home(folder: Path, rows: int = 4) -> Project:
    made = projects.new_project(path=folder / "clinic.accord", who=LEAD, preset_name="medical")
    file = folder / "rows.csv"
    text = "".join(f"Question {n}?,Answer {n}.,patient-{n},Context {n}.,dosage\n" for n in range(rows))
    file.write_text("q,a,g,c,t\n" + text)
    mapping = {"request": "q", "answer": "a", "group": "g", "context": "c", "tags": "t"}
    importing.import_file(project=made, who=LEAD, path=file, mapping=mapping)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Project]:
    """Give a project of four examples, all of which ana and bo are to review."""
    made = _home(tmp_path)
    assigning.assign(project=made, who=LEAD, reviewers=["ana", "bo"], overlap=1)
    yield made
    made.close()


def _ids(project: Project) -> list[str]:
    return [row.id for row in browsing.examples(project=project)]


def _pack(home: Project, to: Path, reviewer: str = "ana", **more: Any) -> Path:
    return packing.make(project=home, who=LEAD, reviewer=reviewer, to=to, **more).file


def _judge(file: Path, said: dict[str, Judgement]) -> None:
    pack = projects.open_project(path=file)
    who = permissions.acting(project=pack, who=LAPTOP)
    for example_id, judgement in said.items():
        reviewing.submit(project=pack, who=who, example_id=example_id, judgement=judgement)
    pack.close()


def _merge(home: Project, *files: Path, dry_run: bool = False) -> packing.MergeReport:
    return packing.merge(project=home, who=LEAD, files=files, dry_run=dry_run)


def _one(home: Project, file: Path) -> packing.Merged:
    (found,) = _merge(home, file).files
    assert found.refused == ""
    return found


def _standing(project: Project) -> list[Any]:
    with project.read() as view:
        rows = view.connection.execute(sa.select(schema.example_state).order_by(schema.example_state.c.id)).mappings()
        return [dict(row) for row in rows]


def _events(project: Project, kind: str) -> list[dict[str, Any]]:
    found, problems, _head = keeping.audit(project=project)
    assert problems == []
    return [event.refs for event in found if event.kind == kind]


def test_reviews_come_home_under_her_name_with_their_own_times(home: Project, tmp_path: Path) -> None:
    first, second, third, _fourth = _ids(home)
    file = _pack(home, tmp_path / "for ana.accord")
    edit = Judgement(
        verdict=Verdict.EDIT,
        edits={1: "A better answer."},
        tags=("dosage", "paediatric"),
        ratings={"safety": 3},
        comment="Weight first.",
        citation="BNF 12",
        seconds=31.5,
    )
    _judge(file, {first: edit, second: REJECT, third: ACCEPT})
    found = _one(home, file)
    assert (found.new, found.known, found.conflicts, found.reviewer) == (3, 0, (), "ana")
    detail = browsing.example(project=home, example_id=first)
    (review,) = detail.reviews
    assert replace(review.judgement, verdict=Verdict.EDIT) == edit
    pack = projects.open_project(path=file)
    (there,) = browsing.example(project=pack, example_id=first).reviews
    pack.close()
    assert (review.reviewer, review.at, review.result_hash) == ("ana", there.at, there.result_hash)
    assert detail.row.status == Status.IN_REVIEW  # bo is to review it too
    assert _events(home, "merge") == [{"pack": found.pack, "reviewer": "ana", "new": 3, "known": 0, "conflicts": 0}]
    assert keeping.inspect(project=home) == []


def test_the_same_pack_twice_changes_nothing_and_a_dry_run_never(home: Project, tmp_path: Path) -> None:
    first, second, *_more = _ids(home)
    file = _pack(home, tmp_path / "ana.accord")
    _judge(file, {first: ACCEPT})
    with home.read() as view:
        before = moving.digest(view)
    looked = _merge(home, file, file, dry_run=True)
    assert [(one.new, one.known) for one in looked.files] == [(1, 0), (0, 1)]
    assert looked.backup is None
    with home.read() as view:
        assert moving.digest(view) == before
    report = _merge(home, file)
    assert report.backup is not None
    assert report.backup.exists()
    with home.read() as view:
        after = moving.digest(view)
    assert [(one.new, one.known) for one in _merge(home, file).files] == [(0, 1)]
    with home.read() as view:
        assert moving.digest(view) == after
    _judge(file, {second: REJECT})  # she goes on in the same pack
    assert (_one(home, file).known, _one(home, file).known) == (1, 2)


def _as_made(home: Project, file: Path, patch: pytest.MonkeyPatch, where: str | None) -> tuple[list[str], bytes]:
    """Return the rows and the bytes of a pack, all whose numbers, secrets and times are the same each time."""
    with patch.context() as fixed:
        numbers = itertools.count(1)
        fixed.setattr("uuid.uuid4", lambda: UUID(int=next(numbers)))
        fixed.setattr("secrets.token_hex", lambda size: "5" * 2 * size)
        fixed.setattr(Project, "id", "the same home")
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        fixed.setattr("accord.storage.migrations.datetime", type("At", (), {"now": lambda _zone: moment}))
        for place in ("storage.project", "workflows.packing", "workflows.assigning"):
            fixed.setattr(f"accord.{place}.now", lambda: "2026-11-22T00:00:00.000+00:00")
        _pack(home, file, where=where)
    with open_project(file).read() as view:
        return list(moving.canonical_lines(view)), file.read_bytes()


@pytest.mark.parametrize("where", [None, "text ~ question"])
def test_a_pack_depends_on_nothing_that_peers_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str | None
) -> None:
    found = []
    for number, said in enumerate((None, ACCEPT, REJECT, "edit")):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        home = _home(folder)
        if where is None:
            assigning.assign(project=home, who=LEAD, reviewers=["ana", "bo"], overlap=1)
        for example_id in _ids(home) if said else ():
            text = Judgement(verdict=Verdict.EDIT, edits={1: f"Hidden word {example_id}."}, tags=("tag of bo",))
            judgement = said if isinstance(said, Judgement) else text
            reviewing.submit(project=home, who=Who(actor="bo"), example_id=example_id, judgement=judgement)
            reviewing.save_draft(project=home, who=Who(actor="bo"), example_id=example_id, value={"comment": "mine"})
        lines, raw = _as_made(home, folder / "pack.accord", monkeypatch, where)
        found.append((lines, raw))
        for word in (b"Hidden", b"tag of bo", b"patient-", b"5" * 64):
            assert word not in raw, word
        home.close()
    assert len([line for line in found[0][0] if line.startswith('["example",')]) == 4
    assert all(lines == found[0][0] for lines, _raw in found[1:])
    assert all(raw == found[0][1] for _lines, raw in found[1:])


def test_what_is_hers_goes_out_with_it(home: Project, tmp_path: Path) -> None:
    first, second, third, fourth = _ids(home)
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Mine."}, tags=("kept",))
    reviewing.submit(project=home, who=ANA_AT_HOME, example_id=first, judgement=edit)
    reviewing.save_draft(project=home, who=ANA_AT_HOME, example_id=second, value={"comment": "half"})
    bulk.set_aside(project=home, who=LEAD, numbers=[3])
    file = _pack(home, tmp_path / "ana.accord", days=3)
    pack = projects.open_project(path=file)
    assert (_ids(pack), pack.id != home.id) == ([first, second, fourth], True)
    row = browsing.example(project=pack, example_id=first).row
    assert (row.content.answer, row.tags, row.reviewers, row.file) == ("Mine.", ("kept",), ("ana",), "rows.csv")
    assert browsing.draft_of(project=pack, example_id=second, reviewer="ana") == {"comment": "half"}
    (place,) = browsing.example(project=pack, example_id=second).places
    assert (place.source.context, place.source.group, place.source.tags) == ("Context 1.", "", ("dosage",))
    assert projects.settings_of(project=pack).guideline == projects.settings_of(project=home).guideline
    assert [row.id for row in browsing.examples(project=pack, where="assigned = ana")] == _ids(pack)
    assert third not in _ids(pack)
    assert pack.pack is not None
    assert pack.pack.until > pack.pack.at
    pack.close()
    assert (_one(home, file).new, _one(home, file).known) == (0, 0)


def test_a_pack_takes_reviews_and_nothing_else(home: Project, tmp_path: Path) -> None:
    file = _pack(home, tmp_path / "ana.accord")
    pack = projects.open_project(path=file)
    who = permissions.acting(project=pack, who=LAPTOP)
    assert who.actor == "ana"
    assert pack.person is not None
    assert (pack.person.name, pack.person.role) == ("ana", Role.REVIEWER)
    with pytest.raises(Refused, match="ana"):
        permissions.acting(project=pack, who=LAPTOP, named="bo")
    rows = tmp_path / "rows.csv"
    for act in (
        lambda: importing.import_file(project=pack, who=who, path=rows, mapping={"request": "q", "answer": "a"}),
        lambda: releasing.make(project=pack, who=who, name="v1", plan=ReleasePlan()),
        lambda: assigning.assign(project=pack, who=who, reviewers=["bo"]),
        lambda: packing.make(project=pack, who=who, reviewer="ana", to=tmp_path / "again.accord"),
        lambda: team.people(project=pack) and keeping.purge(project=pack, who=who, example_id="x", reason="y"),
        lambda: bulk.add_tag(project=pack, who=who, numbers=[1], tag="x"),
        lambda: bulk.set_aside(project=pack, who=who, numbers=[1]),
    ):
        with pytest.raises(Refused, match="review pack"):
            act()
    with pytest.raises(ReviewsAlone):
        _write_as_bo(pack)
    copy, _digest = keeping.backup(project=pack, to=tmp_path / "saved.accord")
    first = _ids(pack)[0]
    pack.close()
    _judge(copy, {first: ACCEPT})  # a backup of a pack is as good
    assert _one(home, copy).new == 1


def _write_as_bo(pack: Project) -> None:
    with pack.write(Who(actor="bo")) as unit:
        said = {"verdict": "accept", "base_hash": "", "result_hash": "", "judgement": "{}", "seconds": 0.0}
        values = {"seq": 1, "reviewer": "bo", "round": 1, "act": unit.act, "at": unit.at, **said}
        unit.connection.execute(sa.insert(schema.review).values(**values))
        unit.commit()


def test_undone_and_changed_reviews_come_home_as_they_stand(home: Project, tmp_path: Path) -> None:
    first, second, third, _fourth = _ids(home)
    reviewing.submit(project=home, who=ANA_AT_HOME, example_id=third, judgement=ACCEPT)
    file = _pack(home, tmp_path / "ana.accord")
    _judge(file, {first: ACCEPT, second: ACCEPT, third: REJECT})
    assert _one(home, file).new == 3
    pack = projects.open_project(path=file)
    who = permissions.acting(project=pack, who=LAPTOP)
    undoing.undo(project=pack, who=who)  # the rejection: her word of before the pack stands again
    undoing.undo(project=pack, who=who)
    pack.close()
    _judge(file, {first: REJECT})
    assert _one(home, file).new == 3
    newest = {e: browsing.example(project=home, example_id=e).reviews[-1].verdict for e in (first, second, third)}
    assert newest == {first: Verdict.REJECT, second: None, third: Verdict.ACCEPT}
    assert keeping.inspect(project=home) == []


def _undo(file: Path, times: int = 1) -> None:
    pack = projects.open_project(path=file)
    for _time in range(times):
        undoing.undo(project=pack, who=permissions.acting(project=pack, who=LAPTOP))
    pack.close()


def _words(home: Project, example_id: str, reviewer: str = "ana") -> tuple[Verdict | None, str, str]:
    """Return a person's verdict that counts, her comment, and where the example stands."""
    detail = browsing.example(project=home, example_id=example_id)
    mine = [review for review in latest_per_reviewer(detail.reviews) if review.reviewer == reviewer]
    (verdict, comment) = (mine[0].verdict, mine[0].judgement.comment) if mine else (None, "")
    return verdict, comment, detail.row.status


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Project]:
    """Give a project of four examples, which ana alone is to review."""
    made = _home(tmp_path)
    assigning.assign(project=made, who=LEAD, reviewers=["ana"], overlap=0)
    yield made
    made.close()


def test_an_undo_in_a_pack_after_it_came_home_takes_back_that_review_and_no_other(
    alone: Project, tmp_path: Path
) -> None:
    first, second, third, fourth = _ids(alone)
    file = _pack(alone, tmp_path / "ana.accord")
    _judge(file, dict.fromkeys((fourth, third, second, first), ACCEPT))
    assert _one(alone, file).new == 4
    said_here = replace(REJECT, comment="said at home")
    reviewing.submit(project=alone, who=ANA_AT_HOME, example_id=first, judgement=said_here)  # after the pack came home
    _undo(file, times=2)  # the packs reviews of the first and of the second example
    found = _one(alone, file)
    assert (found.new, found.known, found.conflicts) == (2, 4, ())
    assert _words(alone, first) == (Verdict.REJECT, "said at home", Status.REJECTED)
    assert _words(alone, second) == (None, "", Status.CANDIDATE)
    assert _words(alone, third)[0] is Verdict.ACCEPT
    _judge(file, {second: REJECT})
    assert (_one(alone, file).new, _one(alone, file).new) == (1, 0)
    assert _words(alone, second)[2] == Status.REJECTED
    assert projects.counts(project=alone).reviews == 4  # one word of each example, none twice
    assert keeping.inspect(project=alone) == []


def test_an_undo_at_home_leaves_what_was_said_in_a_pack(alone: Project, tmp_path: Path) -> None:
    first, *_more = _ids(alone)
    file = _pack(alone, tmp_path / "ana.accord")
    reviewing.submit(project=alone, who=ANA_AT_HOME, example_id=first, judgement=REJECT)
    _judge(file, {first: replace(ACCEPT, comment="in the pack")})
    undoing.undo(project=alone, who=ANA_AT_HOME)
    assert _words(alone, first) == (None, "", Status.CANDIDATE)
    found = _one(alone, file)
    assert (found.new, found.conflicts) == (1, ())
    assert _words(alone, first) == (Verdict.ACCEPT, "in the pack", Status.ACCEPTED)


def test_an_act_on_many_is_undone_in_a_pack_that_came_home(alone: Project, tmp_path: Path) -> None:
    ids = _ids(alone)
    file = _pack(alone, tmp_path / "ana.accord")
    pack = projects.open_project(path=file)
    who = permissions.acting(project=pack, who=LAPTOP)
    bulk.judge(project=pack, who=who, numbers=[1, 2, 3, 4], verdict=Verdict.ACCEPT)
    pack.close()
    assert _one(alone, file).new == 4
    _undo(file)
    assert (_one(alone, file).new, _one(alone, file).new) == (4, 0)
    assert [_words(alone, example_id)[2] for example_id in ids] == [Status.CANDIDATE] * 4


def test_what_an_undo_brings_back_in_a_pack_does_not_come_before_a_later_word(alone: Project, tmp_path: Path) -> None:
    first, *_more = _ids(alone)
    file = _pack(alone, tmp_path / "ana.accord")
    _judge(file, {first: ACCEPT})
    reviewing.submit(project=alone, who=ANA_AT_HOME, example_id=first, judgement=replace(REJECT, comment="later"))
    _judge(file, {first: replace(ACCEPT, comment="a slip")})
    _undo(file)
    assert _one(alone, file).new == 3
    assert _words(alone, first)[:2] == (Verdict.REJECT, "later")


def test_the_tags_of_the_later_verdict_stand_whichever_comes_home_first(home: Project, tmp_path: Path) -> None:
    first, second, *_more = _ids(home)
    packs = {name: _pack(home, tmp_path / f"{name}.accord", name) for name in ("ana", "bo")}
    _judge(packs["ana"], {first: replace(ACCEPT, tags=("hers",)), second: replace(ACCEPT, tags=("hers",))})
    _judge(packs["bo"], {first: replace(ACCEPT, tags=("his",))})
    reviewing.submit(project=home, who=Who(actor="bo"), example_id=second, judgement=replace(ACCEPT, tags=("his",)))
    assert [one.new for one in _merge(home, packs["bo"], packs["ana"]).files] == [1, 2]
    rows = [browsing.example(project=home, example_id=example_id).row for example_id in (first, second)]
    assert [(row.status, row.tags, row.reviewers) for row in rows] == [(Status.ACCEPTED, ("his",), ("ana", "bo"))] * 2
    assert _one(home, packs["ana"]).new == 0
    assert sum(projects.counts(project=home).by_status.values()) == 4


def test_what_changed_at_home_is_listed_and_nothing_is_lost(home: Project, tmp_path: Path) -> None:
    changed, aside, gone, twice = _ids(home)
    files = [_pack(home, tmp_path / f"{n}.accord") for n in range(2)]
    _judge(files[0], dict.fromkeys((changed, aside, gone, twice), REJECT))
    row = browsing.example(project=home, example_id=changed).row
    offer = reviewing.FixOffer(example_id=changed, base_hash=row.hash, old="", new="", before="", after="Fixed.")
    reviewing.fix_once(project=home, who=LEAD, offer=offer)
    bulk.set_aside(project=home, who=LEAD, numbers=[2])
    keeping.purge(project=home, who=LEAD, example_id=gone, reason="withdrawn")
    reviewing.submit(project=home, who=ANA_AT_HOME, example_id=twice, judgement=ACCEPT)
    _judge(files[1], {twice: replace(ACCEPT, comment="last")})
    found = _one(home, files[0])
    assert (found.new, found.known) == (3, 0)
    assert {c.example_id: (c.kind, c.stored, c.counts) for c in found.conflicts} == {
        changed: (Meeting.TEXT_CHANGED, True, False),
        aside: (Meeting.SET_ASIDE, True, False),
        gone: (Meeting.GONE, False, False),
        twice: (Meeting.REVIEWED_SINCE, True, False),
    }
    assert all(packing.sentence(c) for c in found.conflicts)
    said = browsing.example(project=home, example_id=twice).reviews
    assert {review.verdict for review in said} == {Verdict.REJECT, Verdict.ACCEPT}
    assert said[-1].verdict is Verdict.ACCEPT  # what she said here is the later word
    assert browsing.example(project=home, example_id=changed).row.reviewers == ("ana",)
    assert browsing.example(project=home, example_id=changed).row.status == Status.CANDIDATE
    later = _one(home, files[1])
    assert [(c.kind, c.counts) for c in later.conflicts] == [(Meeting.REVIEWED_SINCE, True)]
    assert browsing.example(project=home, example_id=twice).reviews[-1].judgement.comment == "last"
    assert (_one(home, files[0]).new, _one(home, files[1]).new) == (0, 0)
    assert keeping.inspect(project=home) == []


def test_what_the_project_no_longer_takes_stays_in_the_pack(home: Project, tmp_path: Path) -> None:
    first, *_more = _ids(home)
    file = _pack(home, tmp_path / "ana.accord")
    _judge(file, {first: ACCEPT})
    rules = projects.settings_of(project=home)
    as_json = replace(rules, answer_kind=type(rules.answer_kind)("json"))
    projects.change_settings(project=home, who=LEAD, settings=as_json)
    found = _one(home, file)
    assert (found.new, [c.kind for c in found.conflicts]) == (0, [Meeting.UNFIT])
    projects.change_settings(project=home, who=LEAD, settings=rules)
    assert (_one(home, file).new, _one(home, file).conflicts) == (1, ())


def _past_the_program(file: Path, statement: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack_seals, "check_and_seal", lambda *_any: None)
        opened = open_project(file)
        with opened.write(Who(actor="ana")) as unit:
            triggers = unit.connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            for name, _sql in triggers:
                unit.connection.exec_driver_sql(f"DROP TRIGGER {name}")
            changed = unit.connection.exec_driver_sql(statement).rowcount
            assert changed
            for _name, sql in triggers:
                unit.connection.exec_driver_sql(sql)
            unit.commit()
        opened.close()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE review SET verdict = 'reject'", "past the program"),
        ("UPDATE review SET at = '2030-01-01T00:00:00.000+00:00'", "past the program"),
        ("UPDATE review SET judgement = replace(judgement, 'fine', 'poor')", "past the program"),
        ("DELETE FROM review WHERE id = 2", "past the program"),
        ("UPDATE example SET content = replace(content, 'Answer 1', 'Answer 9')", "not those that were sent"),
        ("UPDATE occurrence SET context = 'other' WHERE seq = 1", "not those that were sent"),
        ("DELETE FROM occurrence WHERE seq = 4", "not those that were sent"),
        ("UPDATE project_version SET value = replace(value, 'dos', 'dis')", "not those that were sent"),
        ("UPDATE meta SET value = replace(value, '\"ana\"', '\"bo\"') WHERE key = 'pack'", "not those that were sent"),
        ("UPDATE meta SET value = '[2,\"00\"]' WHERE key = 'pack_returned'", "past the program"),
        ("DELETE FROM meta WHERE key = 'pack_returned'", "past the program"),
        ("DELETE FROM meta WHERE key = 'pack'", "no review pack"),
        ("UPDATE meta SET value = '{}' WHERE key = 'pack'", "damaged"),
    ],
)
def test_an_altered_pack_is_refused_whole(home: Project, tmp_path: Path, statement: str, word: str) -> None:
    first, second, *_more = _ids(home)
    file = _pack(home, tmp_path / "ana.accord")
    _judge(file, {first: replace(ACCEPT, comment="fine"), second: replace(ACCEPT, comment="fine")})
    assert _merge(home, file, dry_run=True).files[0].new == 2
    with home.read() as view:
        before = moving.digest(view)
    _past_the_program(file, statement)
    (found,) = _merge(home, file).files
    assert word in found.refused, found
    with home.read() as view:
        assert moving.digest(view) == before


def test_files_that_are_no_pack_of_this_project_are_refused_and_the_others_go_in(home: Project, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = _home(tmp_path / "other")
    foreign = _pack(other, tmp_path / "foreign.accord", where="text ~ question")
    text = tmp_path / "text.accord"
    text.write_text("no database")
    good = _pack(home, tmp_path / "good.accord")
    cut = tmp_path / "cut.accord"
    cut.write_bytes(good.read_bytes()[:20_000])
    _judge(good, {_ids(home)[0]: ACCEPT})
    unknown = _pack(home, tmp_path / "unknown.accord")
    with home.write(LEAD) as unit:
        name = unit.connection.exec_driver_sql("SELECT id FROM pack ORDER BY at DESC LIMIT 1").scalar()
        unit.connection.execute(sa.insert(schema.purge_guard).values(id=1))
        unit.connection.execute(sa.delete(schema.pack).where(schema.pack.c.id == name))
        unit.connection.execute(sa.delete(schema.purge_guard))
        unit.commit()
    files = [foreign, other.path, text, cut, tmp_path / "none.accord", unknown, good]
    report = _merge(home, *files)
    assert [bool(one.refused) for one in report.files] == [True] * 6 + [False]
    assert len({one.refused for one in report.files}) == 7
    assert report.files[-1].new == 1
    other.close()


def test_a_damaged_pack_is_asked_for_again(home: Project, tmp_path: Path) -> None:
    file = _pack(home, tmp_path / "ana.accord")
    _judge(file, {_ids(home)[0]: ACCEPT})
    whole = file.read_bytes()
    with home.read() as view:
        before = moving.digest(view)
    damages = {
        "cut": whole[:20_000],
        "zeros": whole[:4096] + bytes(len(whole) - 4096),
        "blot": whole[:9000] + bytes([value ^ 0x5A for value in whole[9000:-5000]]) + whole[-5000:],
    }
    for name, content in damages.items():
        bad = tmp_path / f"{name}.accord"
        bad.write_bytes(content)
        (found,) = _merge(home, bad).files
        assert str(bad) in found.refused
        assert "Ask for the pack again" in found.refused
        assert "this project was not changed" in found.refused
        assert "backup: accord restore" not in found.refused
    (missing,) = _merge(home, tmp_path / "none.accord").files
    assert "There is no file" in missing.refused
    with home.read() as view:
        assert moving.digest(view) == before


def test_an_older_copy_and_another_copy_of_a_pack_are_told(home: Project, tmp_path: Path) -> None:
    first, second, third, _fourth = _ids(home)
    file = _pack(home, tmp_path / "ana.accord")
    assert _one(home, file).remarks == ("Nothing was reviewed in it yet.",)
    _judge(file, {first: ACCEPT})
    old, beside = tmp_path / "old.accord", tmp_path / "beside.accord"
    for copy in (old, beside):
        shutil.copy(file, copy)
    _judge(file, {first: REJECT, second: ACCEPT})
    _judge(beside, {third: ACCEPT})
    assert (_one(home, file).new, _one(home, file).remarks) == (3, ("All of it came home before. Nothing changes.",))
    found = _one(home, old)
    assert (found.new, found.known, found.conflicts) == (0, 1, ())
    assert found.remarks == (
        "This is an older copy of the pack: a newer one came home before, with 2 reviews more. Nothing changes.",
    )
    assert _words(home, first)[0] is Verdict.REJECT
    other = _one(home, beside)
    assert (other.new, other.known) == (1, 1)
    assert "Another copy of this pack came home before, with 2 reviews" in other.remarks[0]
    assert [_words(home, example_id)[0] for example_id in (first, second, third)] == [
        Verdict.REJECT,
        Verdict.ACCEPT,
        Verdict.ACCEPT,
    ]


def test_a_late_pack_counts_and_says_so(home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_more = _ids(home)
    file = _pack(home, tmp_path / "ana.accord", days=3)
    _judge(file, {first: ACCEPT})
    assert _one(home, file).remarks == ()
    monkeypatch.setattr("accord.workflows.packing.now", lambda: "2027-01-05T00:00:00.000+00:00")
    _judge(file, {second: ACCEPT})  # its examples are hers whatever the day
    pack = projects.open_project(path=file)
    assert people.given_to(project=pack, name="ana").given == 4
    assert len(people.given_to(project=pack, name="ana").left) == 2
    pack.close()
    found = _one(home, file)
    assert found.new == 1
    (remark,) = found.remarks
    assert remark.startswith("It was to be back by 2026-11-2")
    assert remark.endswith("What is in it counts all the same.")


def test_packs_of_another_project_and_of_another_person(home: Project, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = _home(tmp_path / "other")
    foreign = _pack(other, tmp_path / "foreign.accord", "cara", where="text ~ question", new=True)
    other.close()
    (found,) = _merge(home, foreign).files
    assert "is a pack of another project, made for cara. Nothing of it was stored" in found.refused
    file = _pack(home, tmp_path / "ana.accord")
    pack = projects.open_project(path=file)
    with pytest.raises(Refused, match="is for ana: nobody else works in it"):
        permissions.acting(project=pack, who=LAPTOP, named="bo")
    pack.close()
    _judge(file, {_ids(home)[0]: ACCEPT})
    people.add(project=home, who=LEAD, name="lena", role=Role.LEAD)
    people.retire(project=home, who=LEAD, name="ana")
    left = _one(home, file)
    assert (left.new, left.reviewer) == (1, "ana")
    assert left.remarks == ("ana is not among the people of this project now. Reviews in that name count.",)


def test_a_pack_that_was_made_says_for_whom_until_when_and_how_it_comes_back(home: Project, tmp_path: Path) -> None:
    made = packing.make(project=home, who=LEAD, reviewer="ana", to=tmp_path / "ana.accord", days=14)
    told = " ".join(made.sentences)
    assert "4 examples for ana in " in told
    assert "To be back by 2026-12-05" in told
    assert "sends the same file back" in told


def test_what_takes_back_a_review_that_stays_in_the_pack_stays_with_it(alone: Project, tmp_path: Path) -> None:
    first, *_more = _ids(alone)
    file = _pack(alone, tmp_path / "ana.accord")
    _judge(file, {first: Judgement(verdict=Verdict.EDIT, edits={1: "1"})})
    _judge(file, {first: Judgement(verdict=Verdict.EDIT, edits={1: "no JSON"})})
    _undo(file)
    rules = projects.settings_of(project=alone)
    as_json = replace(rules, answer_kind=type(rules.answer_kind)("json"))
    projects.change_settings(project=alone, who=LEAD, settings=as_json)
    assert _one(alone, file).new == 1
    assert browsing.example(project=alone, example_id=first).row.content.answer == "1"
    projects.change_settings(project=alone, who=LEAD, settings=rules)
    assert _one(alone, file).new == 2
    assert browsing.example(project=alone, example_id=first).row.content.answer == "1"


def test_a_pack_is_whole_or_not_there(home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for reviewer, where, error in (
        ("cara", None, Refused),
        ("", "text ~ question", AccordError),
        ("ana", "x ~", AccordError),
    ):
        with pytest.raises(error):
            _pack(home, tmp_path / "no.accord", reviewer, where=where)
    taken = tmp_path / "taken.accord"
    taken.write_text("mine")
    with pytest.raises(AccordError):
        _pack(home, taken)
    assert taken.read_text() == "mine"
    home.sign_in("ana")
    for act in (lambda: _pack(home, tmp_path / "no.accord"), lambda: _merge(home, taken)):
        with pytest.raises(OnlyFor):
            act()
    home.sign_in("lena")

    def stop(*_any: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accord.storage.packs.add", stop)
    with pytest.raises(OSError, match="space"):
        _pack(home, tmp_path / "no.accord")
    monkeypatch.undo()
    _run_clock(monkeypatch, 1000)
    assert not list(tmp_path.glob("no.accord*"))
    assert packing.listed(project=home) == []
    assert _pack(home, tmp_path / "new.accord", "cara", where="text ~ question", new=True).exists()
    (listed,) = packing.listed(project=home)
    assert (listed.reviewer, listed.author, listed.examples) == ("cara", "lena", 4)


# Histories: three packs, of which two overlap and are one reviewer's; acts in them and at home; copies sent half-way.
_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "ana2", "bo", "home ana", "home bo", "send ana", "send bo"]),
        st.sampled_from([0, 0, 1]),
        st.sampled_from(["accept", "accept", "reject", "edit", "edit2", "undo"]),
    ),
    min_size=6,
    max_size=14,
)


def _said(what: str, number: int) -> Judgement:
    tags = (f"tag-{number % 3}",)
    if what.startswith("edit"):
        return Judgement(verdict=Verdict.EDIT, edits={1: f"New {what}."}, tags=tags)
    return Judgement(verdict=Verdict(what), tags=tags)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Give folders with a project and three packs of it, in which nobody has reviewed, by the reviewers it asks for."""
    found = {}
    for required in (1, 2, 3):
        found[required] = folder = tmp_path_factory.mktemp("begun")
        with pytest.MonkeyPatch.context() as patch:
            _run_clock(patch)
            home = _home(folder, 3)
            names = ["ana", "bo", "cara"][:required]
            assigning.assign(project=home, who=LEAD, reviewers=names, overlap=1, per_item=required)
            for pack, name in _PACKS.items():
                _pack(home, folder / f"{pack}.accord", name, where="text ~ question", new=True)
            home.close()
    return found


_PACKS = {"ana": "ana", "ana2": "ana", "bo": "bo"}


class _History:
    """A project, its packs, and the files that were sent home."""

    def __init__(self, begun: Path, folder: Path) -> None:
        self.folder = folder
        for name in ("clinic", *_PACKS):
            shutil.copy(begun / f"{name}.accord", folder)
        self.home = projects.open_project(path=folder / "clinic.accord")
        self.ids = _ids(self.home)
        self.open = {pack: projects.open_project(path=folder / f"{pack}.accord") for pack in _PACKS}
        self.sent: list[Path] = []
        #: What each person said of each example in each place, what she took back there off again.
        self.said: dict[tuple[str, str], dict[str, list[tuple[int, Judgement]]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def act(self, number: int, where: str, example: int, what: str) -> None:
        name = where.rsplit(" ", maxsplit=1)[-1]
        if where.startswith("send"):
            self.send(name)
            return
        project = self.home if where.startswith("home") else self.open[name]
        who = (
            Who(actor=name, device="desk") if project is self.home else permissions.acting(project=project, who=LAPTOP)
        )
        try:
            if what == "undo":
                (example_id,) = undoing.undo(project=project, who=who).examples
                self.said[who.actor, example_id][where].pop()
            else:
                said = _said(what, number)
                reviewing.submit(project=project, who=who, example_id=self.ids[example], judgement=said)
                self.said[who.actor, self.ids[example]][where].append((number, said))
        except AccordError:
            pass  # nothing to undo

    def words(self) -> dict[tuple[str, str], Judgement]:
        """Return each person's word on each example: the last that she did not take back where she said it."""
        last = {about: [said[-1] for said in places.values() if said] for about, places in self.said.items()}
        return {about: max(said, key=lambda one: one[0])[1] for about, said in last.items() if said}

    def send(self, name: str) -> None:
        copy = self.folder / f"sent-{len(self.sent)}.accord"
        self.open[name].copy_to(copy)
        self.sent.append(copy)

    def merged(self, name: str, steps: Sequence[Sequence[Path]]) -> list[Any]:
        """Return what stands in a copy of the project once these files came home in these steps."""
        copy = self.folder / f"{name}.accord"
        self.home.copy_to(copy)
        opened = projects.open_project(path=copy)
        for step in steps:
            assert not any(one.refused for one in _merge(opened, *step).files)
        assert keeping.inspect(project=opened) == []
        assert _words_of_all(opened) == self.words()
        found = _standing(opened)
        opened.close()
        return found

    def close(self) -> None:
        for project in (self.home, *self.open.values()):
            project.close()


def _words_of_all(project: Project) -> dict[tuple[str, str], Judgement]:
    """Return what counts of each person on each example, in the words in which it was said."""
    found = {}
    for example_id in _ids(project):
        for review in latest_per_reviewer(browsing.example(project=project, example_id=example_id).reviews):
            found[review.reviewer, example_id] = replace(review.judgement, seconds=0.0)
    return found


class _Known:
    """Reads each file once."""

    def __init__(self, read: Callable[..., Contents]) -> None:
        self._read = read
        self._found: dict[Path, Contents] = {}

    def __call__(self, file: Path, secret_for: Callable[..., str]) -> Contents:
        if file not in self._found:
            self._found[file] = self._read(file, secret_for)
        return self._found[file]


def _hold_the_laws(begun: Path, acts: Sequence[tuple[str, int, str]], order: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        _run_clock(patch, 10_000)
        # What is tried elsewhere, and slow: the backup, the look at each file's tables, the reading of a file once more.
        patch.setattr(keeping, "backup", lambda **_any: (Path("backup"), ""))
        patch.setattr(FilePlace, "_check_schema", lambda *_any: None)
        patch.setattr(pack_files, "read", _Known(pack_files.read))
        history = _History(begun, Path(folder))
        for number, one in enumerate(acts):
            history.act(number, *one)
        for pack in _PACKS:
            history.send(pack)
        orders = list(itertools.permutations(history.sent[-4:]))
        files = [*history.sent[:-4], *orders[order % len(orders)]]
        once = history.merged("once", [history.sent])
        assert history.merged("other order", [[file] for file in files[::-1]]) == once
        assert history.merged("in parts, twice", [files[1:], files]) == once
        history.close()


_LAWS = {"acts": _ACTS, "required": st.sampled_from([1, 2, 3]), "order": st.integers(min_value=0, max_value=23)}
Acts = list[tuple[str, int, str]]


@settings(max_examples=5, deadline=None)
@given(**_LAWS)
def test_what_stands_does_not_depend_on_the_order_of_merging(
    begun: dict[int, Path], acts: Acts, required: int, order: int
) -> None:
    _hold_the_laws(begun[required], acts, order)


@pytest.mark.long
@settings(max_examples=500, deadline=None)
@given(**_LAWS)
def test_what_stands_does_not_depend_on_the_order_of_merging_at_length(
    begun: dict[int, Path], acts: Acts, required: int, order: int
) -> None:
    _hold_the_laws(begun[required], acts, order)


def test_packs_come_home_to_the_server_that_the_project_moved_to(home: Project, database: str, tmp_path: Path) -> None:
    first, second, third, _fourth = _ids(home)
    files = [_pack(home, tmp_path / f"{name}.accord", name) for name in ("ana", "bo")]
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "The same."}, tags=("a",))
    _judge(files[0], {first: edit, second: ACCEPT, third: REJECT})
    _judge(files[1], {first: replace(edit, tags=("b",)), second: REJECT})
    moving.copy(home, database)
    moved = open_project(database)
    for project, order in ((home, files), (moved, files[::-1])):
        assert [one.new for one in _merge(project, *order).files] == [3 if file is files[0] else 2 for file in order]
        assert [one.new for one in _merge(project, *order).files] == [0, 0]
        assert keeping.inspect(project=project) == []
    assert [(row["status"], row["tags"]) for row in _standing(home) if row["status"] == Status.ACCEPTED]
    assert _standing(moved) == _standing(home)
    moved.close()


def test_a_team_on_a_server_sends_packs_and_takes_them_back(database: str, tmp_path: Path) -> None:
    made = Team(database)
    lena, ids = made[LENA], made.ids
    try:
        where = "text ~ question"
        with pytest.raises(OnlyFor):
            packing.make(project=made[ANA], who=at_desk(ANA), reviewer=ANA, to=tmp_path / "no.accord", where=where)
        with pytest.raises(Refused, match="team"):
            packing.make(project=lena, who=at_desk(LENA), reviewer="eve", to=tmp_path / "no.accord", where=where)
        assigning.assign_by_hand(project=lena, who=at_desk(LENA), numbers=[1, 2], reviewers=[ANA, BO])
        reviewing.submit(project=made[BO], who=at_desk(BO), example_id=ids[1], judgement=ACCEPT)
        file = packing.make(
            project=lena, who=at_desk(LENA), reviewer=ANA, to=tmp_path / "ana.accord", where=where, days=9
        ).file
        edit = Judgement(verdict=Verdict.EDIT, edits={1: "From the pack."}, tags=("t",))
        _judge(file, {ids[0]: edit, ids[1]: ACCEPT, ids[7]: edit})
        reviewing.submit(project=made[ANA], who=at_desk(ANA), example_id=ids[7], judgement=ACCEPT)
        (found,) = packing.merge(project=lena, who=at_desk(LENA), files=[file]).files
        assert (found.refused, found.new) == ("", 3)
        assert [(c.example_id, c.kind, c.counts) for c in found.conflicts] == [(ids[7], Meeting.REVIEWED_SINCE, False)]
        assert packing.merge(project=lena, who=at_desk(LENA), files=[file]).files[0].known == 3
        hidden = browsing.example(project=made[BO], example_id=ids[0])
        assert (hidden.reviews, hidden.row.content.answer) == ((), "Answer 1.")
        settled = browsing.example(project=made[BO], example_id=ids[1]).row
        assert (settled.status, settled.reviewers) == (Status.ACCEPTED, tuple(sorted((ANA, BO))))
        mine = browsing.example(project=made[ANA], example_id=ids[7])
        assert [review.verdict for review in mine.reviews][-1] is Verdict.ACCEPT
        _undo(file, times=2)  # in the pack, after it came home: what she said here stands, what she said there does not
        assert packing.merge(project=lena, who=at_desk(LENA), files=[file]).files[0].new == 2
        reopened = browsing.example(project=made[ANA], example_id=ids[1])
        assert latest_per_reviewer(reopened.reviews) == []
        mine = browsing.example(project=made[ANA], example_id=ids[7])
        assert [review.verdict for review in latest_per_reviewer(mine.reviews)] == [Verdict.ACCEPT]
        assert keeping.inspect(project=lena) == []
    finally:
        made.close()
