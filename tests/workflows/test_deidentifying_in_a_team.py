"""De-identifying on a team's server: by its lead alone, seen by those who review, undone whole."""

from collections.abc import Iterator

import pytest
from tests.storage.conftest import record
from tests.teams import ANA, BO, CARA, LENA, Team, who

from accord.domain.people import OnlyFor
from accord.domain.review import Judgement, Verdict
from accord.storage import states
from accord.workflows import browsing, deidentifying, reviewing, undoing

ACCEPT = Judgement(verdict=Verdict.ACCEPT)
ROWS = [record(n, f"Question {n} of patient{n}@gmail.com?", f"Call (415) 555-26{n}0.") for n in range(1, 5)]


@pytest.fixture
def own(database: str) -> Iterator[Team]:
    """Give a team whose first two examples need two reviewers, one of whom has judged the first."""
    made = Team(database, ROWS, {1: 2, 2: 2})
    reviewing.submit(project=made[ANA], who=who(ANA), example_id=made.ids[0], judgement=ACCEPT)
    yield made
    made.close()


def texts(own: Team, name: str) -> list[str]:
    return [row.content.answer for row in browsing.examples(project=own[name])]


def test_a_lead_does_it_and_all_who_review_see_the_new_text(own: Team) -> None:
    for name in (ANA, CARA):
        with pytest.raises(OnlyFor):
            deidentifying.apply(project=own[name], actor=who(name))
    before = texts(own, BO)
    done = deidentifying.apply(project=own[LENA], actor=who(LENA))
    assert done.bulk.changed == 4
    assert texts(own, ANA) == texts(own, BO) == texts(own, LENA)
    assert all("555-01" in text for text in texts(own, BO))
    for name in (ANA, BO):  # what Ana said was of the text before
        reviewing.submit(project=own[name], who=who(name), example_id=own.ids[0], judgement=ACCEPT)
    assert browsing.example(project=own[LENA], example_id=own.ids[0]).row.status == "accepted"
    assert deidentifying.unconfirmed(project=own[LENA]) == tuple(own.ids[1:])
    undone = undoing.undo(project=own[LENA], who=who(LENA), act=done.bulk.act)
    assert (len(undone.examples), undone.kept) == (3, 1)
    assert texts(own, BO)[1:] == before[1:]
    with own[LENA].read() as view:
        assert states.differences(view) == []
