"""An example counts the round that it was called to; what came back blind counts for nothing."""

import pytest
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.review import Judgement, Status, Verdict
from accord.storage import acts, assignments, calibrations, decisions, events, listing, repeats, reviews, states
from accord.storage.project import Project, Unit

ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT)
AGAIN = Judgement(verdict=Verdict.REJECT, tags=("late",), repeat=True)


@pytest.fixture
def asked(project: Project) -> Project:
    """Give a project of three examples of which ana has accepted the first."""
    bring_in(project, [record(n, f"Question {n}?") for n in (1, 2, 3)])
    with project.write(WHO) as unit:
        _judge(unit, 1, "ana", ACCEPT)
        unit.commit()
    return project


def _judge(unit: Unit, seq: int, name: str, judgement: Judgement, review_round: int | None = None) -> None:
    base = listing.base_of(unit, seq)
    reviews.append(unit, seq, judgement, base, reviewer=name, review_round=review_round)
    states.refresh(unit, [seq])
    events.append(unit, "review", {"example": listing.ids_of(unit, [seq])[0]})


def _call(unit: Unit, seq: int, number: int) -> None:
    decisions.about_examples(unit, [seq], "reopen", payload={"round": number, "before": 1})
    states.refresh(unit, [seq])
    events.append(unit, "queue_again", {"count": 1})


def _stands(project: Project) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    with project.read() as view:
        row = listing.page(view, [1])[0]
        assert states.differences(view) == []
    return row.status, row.reviewers, row.tags


def test_a_blind_repeat_changes_nothing_and_is_found_beside_what_it_repeats(asked: Project) -> None:
    before = _stands(asked)
    with asked.write(WHO) as unit:
        _judge(unit, 1, "ana", AGAIN, review_round=2)
        unit.commit()
    assert _stands(asked) == before == (Status.ACCEPTED, ("ana",), ())
    with asked.read() as view:
        (pair,) = repeats.pairs(view, "ana")
        assert (pair.first.verdict, pair.second.verdict, pair.now.verdict) == ("accept", "reject", "accept")
        assert repeats.pairs(view, "bo") == []
        assert reviews.newest_of(view, [1])[1, "ana"].verdict is Verdict.ACCEPT
        assert assignments.judged(view, [1]) == {(1, "ana", 1), (1, "ana", 2)}


def test_a_repeat_that_is_taken_back_leaves_the_first_verdict(asked: Project) -> None:
    with asked.write(WHO) as unit:
        _judge(unit, 1, "ana", AGAIN, review_round=2)
        act = unit.act
        unit.commit()
    with asked.write(WHO) as unit:
        acts.take_back_reviews(unit, act, [1])
        states.refresh(unit, [1])
        events.append(unit, "undo", {"of": act})
        unit.commit()
    assert _stands(asked) == (Status.ACCEPTED, ("ana",), ())
    with asked.read() as view:
        assert repeats.pairs(view, "ana") == []
        assert assignments.judged(view, [1]) == {(1, "ana", 1)}


def test_an_example_called_to_a_round_waits_for_its_verdicts(asked: Project) -> None:
    with asked.write(WHO) as unit:
        _judge(unit, 1, "bo", REJECT)
        _call(unit, 1, 2)
        unit.commit()
    assert _stands(asked) == (Status.CANDIDATE, (), ())
    with asked.write(WHO) as unit:
        _judge(unit, 1, "bo", ACCEPT)
        unit.commit()
    assert _stands(asked) == (Status.ACCEPTED, ("bo",), ())
    with asked.read() as view:
        assert [review.round for review in reviews.of_example(view, 1)] == [1, 1, 2]
        assert assignments.highest_round(view, [1, 2]) == {1: 2}


def test_a_decision_ends_with_the_call_to_a_further_round(asked: Project) -> None:
    with asked.write(WHO) as unit:
        decisions.about_examples(unit, [1], "adjudicate", payload={"verdict": "reject"})
        states.refresh(unit, [1])
        events.append(unit, "adjudicate", {"example": ""})
        unit.commit()
    assert _stands(asked)[0] == Status.REJECTED
    with asked.write(WHO) as unit:
        _call(unit, 1, 2)
        unit.commit()
    assert _stands(asked)[0] == Status.CANDIDATE


def test_a_round_of_calibration_is_stored_and_closed_once(asked: Project) -> None:
    with asked.write(WHO) as unit:
        made = calibrations.begin(unit, threshold=0.6, guideline=2, reviewers=["bo", "ana"], seqs=[3, 1])
        unit.commit()
    assert (made.seqs, made.reviewers, made.guideline, made.closed_at) == ((1, 3), ("ana", "bo"), 2, "")
    for at in ("2026-01-01T00:00:00.000+00:00", "2027-01-01T00:00:00.000+00:00"):
        with asked.write(WHO) as unit:
            calibrations.close(unit, made.id, at)
            unit.commit()
    with asked.read() as view:
        assert [one.closed_at[:4] for one in calibrations.rounds(view)] == ["2026"]


def test_the_newest_mark_of_a_control_counts_and_an_act_is_unmarked(asked: Project) -> None:
    marks: list[str] = []
    for seqs, verdict in (([1, 2], Verdict.ACCEPT), ([2], Verdict.REJECT), ([1], None)):
        with asked.write(WHO) as unit:
            calibrations.mark_controls(unit, dict.fromkeys(seqs, verdict), "seen")
            marks.append(unit.act)
            unit.commit()
    with asked.read() as view:
        assert {seq: one.verdict for seq, one in calibrations.controls(view).items()} == {2: Verdict.REJECT}
    for act, expected in ((marks[2], {1: "accept", 2: "reject"}), (marks[1], {1: "accept", 2: "accept"})):
        with asked.write(WHO) as unit:
            calibrations.unmark(unit, act)
            unit.commit()
        with asked.read() as view:
            assert {seq: one.verdict for seq, one in calibrations.controls(view).items()} == expected
