"""Undo: one's own act by its number, however long ago, and never on the word of somebody else's event."""

import pytest
from tests.storage.conftest import bring_in, record

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events
from accord.storage.project import Project
from accord.workflows import browsing, duplicates, reviewing, undoing

ROWS = [record(1, "Q1"), record(2, "Q2")]
FIRST = ROWS[0].content.id


def test_an_act_is_found_however_much_was_done_since(project: Project, who: Who) -> None:
    bring_in(project, ROWS)
    accept = Judgement(verdict=Verdict.ACCEPT)
    act = reviewing.submit(project=project, who=who, example_id=FIRST, judgement=accept).act
    with project.write(who) as unit:
        for _n in range(250):
            events.append(unit, "settings", {})
        unit.commit()
    with pytest.raises(Refused):
        undoing.undo(project=project, who=Who(actor="somebody else"), act=act)
    assert undoing.undo(project=project, who=who, act=act).examples == (FIRST,)
    assert browsing.example(project=project, example_id=FIRST).row.status == Status.CANDIDATE
    with pytest.raises(Refused):
        undoing.undo(project=project, who=who, act=act)


@pytest.mark.parametrize("kind", ["undo", "undo_part"])
def test_an_event_that_claims_to_undo_another_s_act_does_not(project: Project, who: Who, kind: str) -> None:
    bring_in(project, ROWS)
    duplicates.set_aside(project=project, who=who, ids=[FIRST])
    mine = undoing.last_act(project=project, who=who)
    cara = Who(actor="cara", device="hers")
    duplicates.bring_back(project=project, who=cara, ids=[FIRST])
    hers = undoing.last_act(project=project, who=cara)
    assert mine is not None
    assert hers is not None
    with project.write(Who(actor="zed", device="third")) as unit:
        unit.act = hers.id
        events.append(unit, kind, {"of": hers.id})
        events.append(unit, kind, {})
        unit.commit()
    with pytest.raises(Refused, match="since"):
        undoing.undo(project=project, who=who, act=mine.id)
    with project.read() as view:
        assert events.taken_back(view) == set()
    undoing.undo(project=project, who=cara, act=hers.id)
    undoing.undo(project=project, who=who, act=mine.id)
    with project.read() as view:
        assert {mine.id, hers.id} <= events.taken_back(view)
