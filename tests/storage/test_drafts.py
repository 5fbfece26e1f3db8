"""What is typed for a review and for a decision on the same example lies side by side and is told apart."""

from tests.storage.conftest import WHO, bring_in, record

from accord.storage import drafts
from accord.storage.project import Project

REVIEW, DECISION = {"comment": "half"}, {"outcome": "text", "comment": "why"}


def test_a_review_and_a_decision_are_forgotten_each_by_itself(project: Project) -> None:
    rows = [record(1, "Q1"), record(2, "Q2")]
    bring_in(project, rows)
    first, second = (row.content.id for row in rows)
    with project.write(WHO) as unit:
        drafts.save(unit, 1, "ana", REVIEW)
        drafts.save_decision(unit, 1, "ana", DECISION)
        drafts.save_decision(unit, 2, "ana", DECISION)
        assert drafts.of_examples(unit, [1, 2], "ana") == {1: REVIEW}
        assert [id_ for id_, _at in drafts.of_person(unit, "ana")] == [first]
        assert drafts.decisions_of(unit, "ana") == {first: DECISION, second: DECISION}
        assert drafts.decisions_of(unit, "bo") == {}
        drafts.save(unit, 1, "ana", None)
        assert drafts.of_example(unit, 1, "ana") is None
        assert drafts.decisions_of(unit, "ana") == {first: DECISION, second: DECISION}
        drafts.save(unit, 1, "ana", REVIEW)
        drafts.save_decision(unit, 1, "ana", None)
        drafts.save_decision(unit, 2, "ana", None)
        assert drafts.of_example(unit, 1, "ana") == REVIEW
        assert drafts.decisions_of(unit, "ana") == {}
