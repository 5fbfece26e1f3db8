"""Conflicting answers."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.conflicts import conflicting
from accord.analysis.shingles import jaccard, shingle_set

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "cafe\u0301", "Straße", "ΣΑΣ", "- \u0338"]
answers = st.lists(st.lists(st.sampled_from(WORDS), max_size=24).map(" ".join), max_size=5)


@given(answers, st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0]))
def test_some_pair_below_the_threshold(given_answers: list[str], threshold: float) -> None:
    said = [answer for answer in given_answers if shingle_set(answer)]
    expected = any(jaccard(a, b) < threshold for a, b in combinations(said, 2))
    assert conflicting(given_answers, threshold=threshold) == expected


def test_equal_answers_however_many_agree() -> None:
    assert not conflicting(["Take it daily.", "take it  daily"] * 20_000)
    assert conflicting(["Take it daily."] * 20_000 + ["Never take it at all."])


def test_just_at_the_threshold_is_no_conflict() -> None:
    assert not conflicting(["one two three", "one two three four"], threshold=0.5)
    assert conflicting(["one two three", "one two three four"], threshold=0.51)


def test_a_blank_answer_contradicts_nothing() -> None:
    assert not conflicting(["Take it daily.", ""])
    assert not conflicting([])
