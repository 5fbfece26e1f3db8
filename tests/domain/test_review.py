"""The one rule that turns reviews into a status, against DESIGN's words, and what makes a judgement unusable."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.content import pair
from accord.domain.review import (
    DecidedBy,
    Judgement,
    Review,
    Status,
    Verdict,
    counted,
    latest_per_reviewer,
    problem_with,
    standing,
)

BASE, OTHER, EDITED = "base", "other", "edited"


def _review(number: int, reviewer: str, verdict: Verdict | None, **more: object) -> Review:
    values: dict[str, object] = {
        "id": number,
        "reviewer": reviewer,
        "round": 1,
        "verdict": verdict,
        "base_hash": BASE,
        "result_hash": EDITED if verdict is Verdict.EDIT else BASE,
        "judgement": Judgement(verdict=verdict or Verdict.UNSURE),
        "at": "",
    }
    return Review(**{**values, **more})  # type: ignore[arg-type]  # named as the fields are


def _status(*reviews: Review, required: int = 1, author: str = "") -> tuple[Status, DecidedBy | None, str]:
    found = standing(base_hash=BASE, base_author=author, has_answer=True, reviews=reviews, required=required)
    return found.status, found.decided_by, found.current_hash


@pytest.mark.parametrize(
    ("verdicts", "status", "decided_by", "text"),
    [
        ((), Status.CANDIDATE, None, BASE),
        ((Verdict.ACCEPT,), Status.ACCEPTED, DecidedBy.SINGLE, BASE),
        ((Verdict.EDIT,), Status.ACCEPTED, DecidedBy.SINGLE, EDITED),
        ((Verdict.REJECT,), Status.REJECTED, DecidedBy.SINGLE, BASE),
        ((Verdict.UNSURE,), Status.DISAGREEMENT, None, BASE),
        ((Verdict.ACCEPT, Verdict.ACCEPT), Status.ACCEPTED, DecidedBy.AGREED, BASE),
        ((Verdict.EDIT, Verdict.EDIT), Status.ACCEPTED, DecidedBy.AGREED, EDITED),
        ((Verdict.ACCEPT, Verdict.EDIT), Status.DISAGREEMENT, None, BASE),
        ((Verdict.ACCEPT, Verdict.REJECT), Status.DISAGREEMENT, None, BASE),
        ((Verdict.REJECT, Verdict.REJECT), Status.REJECTED, DecidedBy.AGREED, BASE),
        ((Verdict.REJECT, Verdict.UNSURE), Status.DISAGREEMENT, None, BASE),
    ],
)
def test_the_rule(verdicts: tuple[Verdict, ...], status: Status, decided_by: DecidedBy | None, text: str) -> None:
    reviews = [_review(n, f"r{n}", verdict) for n, verdict in enumerate(verdicts)]
    assert _status(*reviews) == (status, decided_by, text)


def test_fewer_verdicts_than_required_is_in_review() -> None:
    one = _review(1, "ana", Verdict.EDIT)
    assert _status(one, required=2) == (Status.IN_REVIEW, None, BASE)
    assert _status(one, _review(2, "ben", Verdict.EDIT), required=2)[0] is Status.ACCEPTED


def test_no_answer_and_no_verdict_needs_an_answer() -> None:
    found = standing(base_hash=BASE, base_author="", has_answer=False, reviews=[])
    assert found.status is Status.NEEDS_ANSWER


def test_set_aside_overrides_and_an_adjudicator_decides() -> None:
    reviews = [_review(1, "ana", Verdict.ACCEPT), _review(2, "ben", Verdict.REJECT)]
    for verdict, aside in product((None, Verdict.REJECT, Verdict.ACCEPT), (False, True)):
        found = standing(
            base_hash=BASE, base_author="", has_answer=True, reviews=reviews, adjudicated=verdict, set_aside=aside
        )
        decided = {None: Status.DISAGREEMENT, Verdict.REJECT: Status.REJECTED, Verdict.ACCEPT: Status.ACCEPTED}
        assert found.status is (Status.SET_ASIDE if aside else decided[verdict])
        assert (found.decided_by is DecidedBy.ADJUDICATED) is (verdict is not None and not aside)


def test_a_later_text_by_someone_else_reopens_an_item() -> None:
    old = [_review(1, "ana", Verdict.ACCEPT, base_hash=OTHER), _review(2, "ben", Verdict.ACCEPT, base_hash=OTHER)]
    assert counted(old, base_hash=BASE, base_author="cem") == []
    assert counted(old, base_hash=BASE, base_author="ben") == [old[1]]


REVIEWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([*Verdict, None]), st.integers(1, 2)), max_size=12
).map(lambda rows: [_review(n, who, verdict, round=r) for n, (who, verdict, r) in enumerate(rows)])


@given(REVIEWS, st.randoms())
def test_the_order_in_which_rows_are_read_does_not_matter(reviews: list[Review], dice: object) -> None:
    shuffled = list(reviews)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert latest_per_reviewer(shuffled) == latest_per_reviewer(reviews)
    assert _status(*shuffled) == _status(*reviews)


@given(REVIEWS)
def test_each_reviewer_counts_once_and_what_was_taken_back_not_at_all(reviews: list[Review]) -> None:
    kept = latest_per_reviewer(reviews)
    assert len({r.reviewer for r in kept}) == len(kept)
    for reviewer in "abc":
        mine = [r for r in reviews if r.reviewer == reviewer]
        newest = max(mine, key=lambda r: (r.round, r.id), default=None)
        stands = newest is not None and newest.verdict is not None
        assert (newest in kept) is stands


@pytest.mark.parametrize(
    ("verdict", "edits", "answer", "problem"),
    [
        (Verdict.ACCEPT, {}, "A", None),
        (Verdict.ACCEPT, {}, "", "no_answer"),
        (Verdict.REJECT, {}, "", None),
        (Verdict.UNSURE, {}, "", None),
        (Verdict.EDIT, {1: "B"}, "A", None),
        (Verdict.EDIT, {1: "B"}, "", None),
        (Verdict.EDIT, {0: "Q2"}, "", "no_answer"),
        (Verdict.EDIT, {1: "A"}, "A", "no_change"),
        (Verdict.EDIT, {}, "A", "no_change"),
        (Verdict.EDIT, {1: "\t"}, "A", "no_answer"),
        (Verdict.REJECT, {1: "B"}, "A", "edits_without_edit"),
        (Verdict.EDIT, {3: "B"}, "A", "bad_index"),
        (Verdict.EDIT, {-1: "B"}, "A", "bad_index"),
    ],
)
def test_what_makes_a_judgement_unusable(
    verdict: Verdict, edits: dict[int, str], answer: str, problem: str | None
) -> None:
    assert problem_with(Judgement(verdict=verdict, edits=edits), pair("Q", answer)) == problem
