"""In a file too, who signed in sees of an example that waits what she herself said, and nothing of what others did."""

from pathlib import Path

import pytest
from tests.storage.conftest import bring_in, record

from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import events, listing, people, reviews, states
from accord.storage.project import Project, create_project
from accord.workflows import permissions, reviewing
from accord.workflows.permissions import LooksOn

LEAD, ANA, BO = (Who(actor=name, device="desk") for name in ("lena", "ana", "O'Neil; --"))
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT, tags=("loud",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a file with three people; the first two examples need two reviewers, the second has no answer."""
    made = create_project(tmp_path / "clinic.accord")
    bring_in(made, [record(1, "One?"), record(2, "Two?", ""), record(3, "Three?")])
    with made.write(LEAD) as unit:
        for name, role in ((LEAD.actor, Role.LEAD), (ANA.actor, Role.REVIEWER), (BO.actor, Role.REVIEWER)):
            people.put(unit.connection, Person(name=name, role=role), at=unit.at)
        states.require(unit, [1, 2], 2)
        unit.commit()
    return made


def _seen(project: Project, name: str) -> dict[int, tuple[str, int, str]]:
    """Return status, verdicts and reviewers as this person is shown them."""
    project.sign_in(name)
    with project.read() as view:
        query = "SELECT seq, status, verdicts, reviewers FROM example_state ORDER BY seq"
        rows = view.connection.exec_driver_sql(query).all()
    return {seq: (status, verdicts, ",".join(states.unpack(names))) for seq, status, verdicts, names in rows}


def _judge(project: Project, who: Who, seq: int, judgement: Judgement) -> None:
    project.sign_in(who.actor)
    with project.read() as view:
        example = listing.ids_of(view, [seq])[0]
    reviewing.submit(project=project, who=who, example_id=example, judgement=judgement)


def test_what_another_said_is_hidden_until_enough_have_spoken(project: Project) -> None:
    before = _seen(project, ANA.actor)
    _judge(project, BO, 1, REJECT)
    _judge(project, BO, 2, Judgement(verdict=Verdict.EDIT, edits={1: "New."}))
    assert _seen(project, ANA.actor) == before
    assert [row[0] for row in before.values()] == [Status.CANDIDATE, Status.NEEDS_ANSWER, Status.CANDIDATE]
    assert _seen(project, BO.actor)[1] == (Status.IN_REVIEW, 1, BO.actor)
    assert _seen(project, LEAD.actor)[1] == (Status.IN_REVIEW, 1, BO.actor)
    _judge(project, ANA, 1, ACCEPT)
    assert _seen(project, ANA.actor)[1] == (Status.DISAGREEMENT, 2, f"{BO.actor},{ANA.actor}")
    assert _seen(project, BO.actor)[1] == _seen(project, ANA.actor)[1]


def test_reviews_texts_and_events_of_others_are_hidden_with_them(project: Project) -> None:
    _judge(project, BO, 2, Judgement(verdict=Verdict.EDIT, edits={1: "New."}))
    _judge(project, BO, 3, REJECT)
    project.sign_in(ANA.actor)
    with project.read() as view:
        assert reviews.of_example(view, 2) == []
        assert [one.reviewer for one in reviews.of_example(view, 3)] == [BO.actor]
        assert {event.actor for event in events.walk(view)} == {ANA.actor}
        count = view.connection.exec_driver_sql("SELECT count(*) FROM revision").scalar()
    assert count == 0
    project.sign_in(LEAD.actor)
    with project.read() as view:
        assert len(reviews.of_example(view, 2)) == 1
        assert {event.actor for event in events.walk(view)} >= {BO.actor}


def test_a_name_that_nobody_listed_sees_what_a_reviewer_sees_and_gives_no_verdict(project: Project) -> None:
    _judge(project, BO, 1, REJECT)
    for name in ("visitor", "lena "):
        assert _seen(project, name)[1] == (Status.CANDIDATE, 0, "")
        assert not permissions.leads(project=project)
        with pytest.raises(LooksOn, match="lena"):
            _judge(project, Who(actor=name), 1, ACCEPT)
    assert _seen(project, "LENA")[1] == (Status.IN_REVIEW, 1, BO.actor)
    assert permissions.leads(project=project)


def test_while_nobody_leads_a_file_everybody_may_see_and_do_everything(tmp_path: Path) -> None:
    made = create_project(tmp_path / "old.accord")
    bring_in(made, [record(1, "One?")])
    for listed in (False, True):  # a file of an older version may list reviewers and no lead
        with made.write(LEAD) as unit:
            if listed:
                people.put(unit.connection, Person(name=ANA.actor, role=Role.REVIEWER), at=unit.at)
            unit.commit()
        assert made.sign_in("expert") is None
        assert permissions.leads(project=made)
    made.close()


def test_someone_who_left_is_not_of_the_project_any_more(project: Project) -> None:
    with project.write(LEAD) as unit:
        people.put(unit.connection, Person(name=BO.actor, role=Role.REVIEWER, active=False), at=unit.at)
        unit.commit()
    left = project.sign_in(BO.actor)
    assert left is not None
    assert not left.active
