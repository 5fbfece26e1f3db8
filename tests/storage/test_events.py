"""The event chain: what was done to it is found."""

import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO

from accord.domain.ledger import Who
from accord.storage import events, schema
from accord.storage.project import Project, Unit

OTHER = Who(actor="ben", device="there")


@pytest.fixture
def chained(project: Project) -> Project:
    for number in range(6):
        for who in (WHO, OTHER):
            with project.write(who) as unit:
                events.append(unit, "settings", {"version": number})
                unit.commit()
    return project


def _problems(project: Project) -> list[str]:
    with project.read() as view:
        return events.problems(view)


def _tamper(project: Project, *statements: str) -> None:
    with project.write(WHO) as unit:
        _unguard(unit)
        for statement in statements:
            unit.connection.exec_driver_sql(statement)
        unit.connection.execute(sa.delete(schema.purge_guard))
        unit.commit()


def _unguard(unit: Unit) -> None:
    unit.connection.execute(sa.insert(schema.purge_guard).values(id=1))


def test_two_devices_have_a_chain_each(chained: Project) -> None:
    assert _problems(chained) == []
    with chained.read() as view:
        numbers = [(event.device, event.number) for event in events.walk(view)]
        assert numbers == [(d, n) for d in ("here", "there") for n in range(1, 7)]
        assert events.contains(view, events.ends(view))


@pytest.mark.parametrize("column", ["at", "actor", "kind", "device", "id"])
def test_a_changed_event_is_found(chained: Project, column: str) -> None:
    _tamper(chained, f"UPDATE event SET {column} = 'x' || {column} WHERE number = 3 AND device = 'here'")  # noqa: S608  (column names of ours)
    assert _problems(chained)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET refs = '{\"version\":99}' WHERE number = 4 AND device = 'there'",
        "UPDATE event SET previous = hash WHERE number = 2",
        "UPDATE event SET hash = previous WHERE number = 6",
        "DELETE FROM event WHERE number = 1 AND device = 'here'",
        "DELETE FROM event WHERE number = 3 AND device = 'here'",
        "DELETE FROM event WHERE number < 4",
        "UPDATE event SET number = number + 10 WHERE number > 2 AND device = 'there'",
    ],
)
def test_a_change_a_hole_or_a_cut_head_is_found(chained: Project, statement: str) -> None:
    _tamper(chained, statement)
    assert _problems(chained)


def test_a_new_order_is_found(chained: Project) -> None:
    _tamper(
        chained,
        "UPDATE event SET number = 99 WHERE number = 2 AND device = 'here'",
        "UPDATE event SET number = 2 WHERE number = 3 AND device = 'here'",
        "UPDATE event SET number = 3 WHERE number = 99",
    )
    assert _problems(chained)


def test_a_cut_tail_is_found_by_the_head_that_was_noted(chained: Project) -> None:
    with chained.read() as view:
        noted = events.ends(view)
    _tamper(chained, "DELETE FROM event WHERE number = 6 AND device = 'here'")
    with chained.read() as view:
        assert not events.contains(view, noted)


def test_a_refusal_leaves_no_event(chained: Project) -> None:
    with chained.read() as view:
        before = events.head(view)
    with chained.write(WHO) as unit:
        events.append(unit, "settings", {})
    with chained.read() as view:
        assert events.head(view) == before


def test_ones_own_newest_acts_come_first_even_when_the_clock_went_back(project: Project) -> None:
    times = ["2026-10-25T02:30:00.000+02:00", "2026-10-25T02:10:00.000+01:00", "2026-10-25T01:00:00.000+01:00"]
    for number, at in enumerate(times):
        with project.write(WHO) as unit:
            unit.at = at
            events.append(unit, "settings", {"version": number})
            unit.commit()
    with project.read() as view:
        assert [event.refs["version"] for event in events.of_actor(view, "ana")] == [2, 1, 0]


def test_what_somebody_wrote_past_the_program_is_told_and_stops_nothing(chained: Project) -> None:
    rows = [("e1", "there", 90, "no time", "undo", "no JSON"), ("e2", "there", 91, "2026-01-01", "import", "[1]")]
    with chained.write(WHO) as unit:
        for id_, device, number, at, kind, refs in rows:
            row = {"id": id_, "device": device, "number": number, "at": at, "actor": "ben", "kind": kind, "refs": refs}
            unit.connection.execute(sa.insert(schema.event).values(**row, previous="", hash=""))
        unit.commit()
    assert len(_problems(chained)) == 3
    with chained.read() as view:
        assert events.last_at(view)
        assert events.taken_back(view) == set()
        assert events.unwitnessed(view) == []
        assert events.sealed_release(view, "v1") == ""
