"""Where an example stands when rows were written past the program: they count for nothing, and are named."""

from typing import Any

import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events, listing, schema, states
from accord.storage.project import Project
from accord.workflows import browsing, keeping, releasing, reviewing

ROWS = [record(n, f"Q{n}", f"Answer {n}.") for n in range(1, 7)]
FIRST = ROWS[0].content


@pytest.mark.parametrize(
    "wrong",
    [{"judgement": "{"}, {"judgement": "{}"}, {"judgement": "[]"}, {"verdict": "yes"}, {"result_hash": "0" * 64}],
)
def test_a_review_that_cannot_be_read_stops_nothing_and_is_named(project: Project, wrong: dict[str, Any]) -> None:
    bring_in(project, ROWS)
    accept = Judgement(verdict=Verdict.ACCEPT)
    for row in ROWS:
        reviewing.submit(project=project, who=WHO, example_id=row.content.id, judgement=accept)
    table = schema.review
    with project.write(WHO) as unit:
        before = unit.connection.execute(sa.select(table).where(table.c.seq == 1)).one()
        values = {name: value for name, value in before._mapping.items() if name != "id"}
        unit.connection.execute(sa.insert(table).values(values | {"act": unit.act} | wrong))
        events.append(unit, "review", {})
        states.refresh(unit, [1])
        unit.commit()
    (line,) = keeping.inspect(project=project)
    assert FIRST.id in line
    assert browsing.example(project=project, example_id=FIRST.id).row.status == Status.CANDIDATE
    assert browsing.full_example(project=project, number=1).detail.reviews
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0, validation=0))
    with project.read() as view:
        assert FIRST.id not in {row.id for row in listing.iterate(view) if row.status == Status.ACCEPTED}
