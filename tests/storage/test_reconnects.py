"""Connections that break at any byte: nothing is lost, nothing is doubled, and what is said of it is true."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.cutting import Cable, cable

from accord.domain.errors import SavedUnread
from accord.domain.review import Judgement, Verdict
from accord.storage import events, listing, reviews, states
from accord.storage.failures import ConnectionLost, SaveInDoubt
from accord.storage.project import Project, create_project, open_project
from accord.storage.servers import ServerPlace
from accord.workflows import bulk, reviewing


@pytest.fixture
def broken(server: Server, database: str) -> Iterator[tuple[Cable, str]]:
    """Give a cable to a server, and the address of an empty database through it."""
    with cable(server.port) as made:
        yield made, database.replace(f":{server.port}/", f":{made.port}/")


COMMIT = {"up": 12, "down": 19}  # bytes of a commit, and of its answer


@contextmanager
def _before_commit(act: Callable[[], None]) -> Iterator[None]:
    whole = ServerPlace.commit_unit

    def commit_unit(self: ServerPlace, connection: sa.Connection, made_by: str, /) -> None:
        act()
        whole(self, connection, made_by)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServerPlace, "commit_unit", commit_unit)
        yield


def _judge(project: Project, example: str) -> None:
    reviewing.submit(project=project, who=WHO, example_id=example, judgement=Judgement(verdict=Verdict.ACCEPT))


@contextmanager
def _after_commit(act: Callable[[], None]) -> Iterator[None]:
    whole = ServerPlace.commit_unit

    def commit_unit(self: ServerPlace, connection: sa.Connection, made_by: str, /) -> None:
        whole(self, connection, made_by)
        act()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServerPlace, "commit_unit", commit_unit)
        yield


def _told(project: Project, example: str) -> str:
    try:
        _judge(project, example)
    except SavedUnread:
        return "saved"
    except ConnectionLost:
        return "not saved"
    except SaveInDoubt:
        return "in doubt"
    return "saved"


def _reviews(project: Project, example: str) -> int:
    with project.read() as view:
        seq = listing.seq_of(view, example)
        assert seq is not None
        return len(reviews.of_example(view, seq))


def _cuts(line: Cable, address: str, count: int) -> dict[str, int]:
    """Judge ``count`` examples, with a cut at a random byte of each act; return how often what was told."""
    project, dice = create_project(address), random.Random(11)
    rows = [record(n, f"Question {n}?") for n in range(count + 3)]
    bring_in(project, rows)
    told = {"saved": 0, "not saved": 0, "in doubt": 0}
    for row in rows[:3]:
        before = dict(line.passed)
        _judge(project, row.content.id)
    size = {way: line.passed[way] - before[way] for way in before}
    for row in rows[3:]:
        way = dice.choice(["up", "down"])
        if dice.random() < 0.5:
            line.arm(way, dice.randint(1, size[way]))
            said = _told(project, row.content.id)
        else:  # within the few bytes of the commit itself, or of its answer
            after = dice.randint(1, COMMIT[way])
            with _before_commit(partial(line.arm, way, after)):
                said = _told(project, row.content.id)
        line.disarm()
        told[said] += 1
        found = _reviews(project, row.content.id)
        assert {"saved": found == 1, "not saved": found == 0, "in doubt": found < 2}[said], said
        if found == 0:
            _judge(project, row.content.id)
    assert {_reviews(project, row.content.id) for row in rows} == {1}
    with project.read() as view:
        assert events.problems(view) == []
        assert events.unwitnessed(view) == []
        assert states.differences(view) == []
    project.close()
    return told


def test_20_cuts_lose_and_double_nothing(broken: tuple[Cable, str]) -> None:
    told = _cuts(*broken, 20)
    assert broken[0].cuts >= 15
    assert told["in doubt"] == 0
    assert told["not saved"] > 0


@pytest.mark.long
def test_200_cuts_lose_and_double_nothing(broken: tuple[Cable, str]) -> None:
    told = _cuts(*broken, 200)
    print(f"{broken[0].cuts} cuts while 200 verdicts were saved: {told}")  # noqa: T201
    assert told["in doubt"] == 0


def test_a_commit_whose_answer_is_lost_is_known_to_be_saved(broken: tuple[Cable, str]) -> None:
    line, address = broken
    project = create_project(address)
    bring_in(project, [record(1, "Q")])
    with project.write(WHO) as unit:
        events.append(unit, "settings", {})
        line.arm("down", 1)
        unit.commit()
    assert unit.committed
    with project.read() as view:
        assert [event.kind for event in events.walk(view)] == ["import", "settings"]
    project.close()


@pytest.mark.parametrize("after", [1, 40, 400, 1200])
def test_a_verdict_is_not_told_as_lost_where_the_reading_after_it_breaks(broken: tuple[Cable, str], after: int) -> None:
    line, address = broken
    project = create_project(address)
    bring_in(project, [row := record(1, "Q")])
    with _after_commit(partial(line.arm, "down", after)):
        assert _told(project, row.content.id) == "saved"
    assert (line.cuts, _reviews(project, row.content.id)) == (1, 1)
    project.close()


def test_a_verdict_is_told_as_saved_where_the_server_is_away_right_after(broken: tuple[Cable, str]) -> None:
    line, address = broken
    project = create_project(address)
    bring_in(project, [row := record(1, "Q")])
    with _after_commit(line.close), pytest.raises(SavedUnread, match="is saved"):
        _judge(project, row.content.id)
    project.close()


def test_a_part_of_a_bulk_act_whose_answer_is_lost_is_known_to_be_saved(broken: tuple[Cable, str]) -> None:
    line, address = broken
    project = create_project(address)
    bring_in(project, [record(n, f"Question {n}?") for n in range(1, 301)])
    parts: list[int] = []

    def cut_the_second() -> None:
        parts.append(len(parts))
        if len(parts) == 2:
            line.arm("down", 1)

    with _before_commit(cut_the_second):
        done = bulk.add_tag(project=project, who=WHO, numbers=range(1, 301), tag="checked")
    assert (done.changed, line.cuts, len(parts) > 1) == (300, 1, True)
    with project.read() as view:
        assert events.unwitnessed(view) == []
    project.close()


def test_a_commit_that_never_arrives_is_known_to_be_lost(broken: tuple[Cable, str]) -> None:
    line, address = broken
    project = create_project(address)
    with pytest.raises(ConnectionLost, match="not saved"), project.write(WHO) as unit:  # noqa: PT012  (the commit alone is cut)
        events.append(unit, "settings", {})
        line.arm("up", 1)
        unit.commit()
    with project.read() as view:
        assert list(events.walk(view)) == []
    project.close()


def test_a_server_that_stays_away_during_a_commit_leaves_a_doubt(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.storage.servers._PAUSES", (0.01, None))
    with cable(server.port) as line:
        project = create_project(database.replace(f":{server.port}/", f":{line.port}/"))
        with pytest.raises(SaveInDoubt), project.write(WHO) as unit:  # noqa: PT012  (as above)
            events.append(unit, "settings", {})
            line.close()
            unit.commit()
        project.close()
    again = open_project(database)
    with again.read() as view:
        assert list(events.walk(view)) == []
    again.close()


def test_a_read_goes_on_with_a_new_connection(broken: tuple[Cable, str]) -> None:
    line, address = broken
    project = create_project(address)
    bring_in(project, [record(1, "Q")])
    with project.read() as view:
        line.arm("down", 1)
        assert listing.count(view) == 1
    project.close()
