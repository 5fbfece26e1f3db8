"""Texts that come later find those that are near, and the proposals hold all that the exact comparison finds."""

from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.nearby import Nearby
from accord.analysis.shingles import jaccard

WORDS = [
    "the",
    "wound",
    "is",
    "washed",
    "with",
    "clean",
    "water",
    "twice",
    "a",
    "day",
    "and",
    "then",
    "dried",
    "and",
    "covered",
]


def test_a_text_meets_itself_and_what_is_nearly_the_same_and_no_other() -> None:
    index = Nearby(0.8)
    base = " ".join(WORDS * 4 + ["so", "it", "heals"])
    index.add([7, 8], [base, "Something else altogether is said in this one."])
    index.add([9], [""])
    near = base.replace("heals", "mends")
    assert jaccard(base, near) > 0.8
    assert index.meeting([base, "", "Nothing of that kind was ever said before."]) == [[7], [], []]
    assert index.meeting([near]) == [[7]]


def test_a_label_may_have_several_texts_and_an_empty_index_meets_nothing() -> None:
    index = Nearby(0.8)
    assert index.meeting(["a text of some words"]) == [[]]
    index.add([3, 3], ["a text of some words", "and then another text of others"])
    assert index.meeting(["and then another text of others", "a text of some words"]) == [[3], [3]]


def test_texts_that_come_together_meet_those_before_them() -> None:
    index = Nearby(0.8)
    asked = ["a text of some words", "", "and then another text of others", "a text of some words"]
    assert index.meeting(asked) == [[], [], [], [-1]]
    index.add([5], ["a text of some words"])
    assert index.meeting(asked) == [[5], [], [], [-1, 5]]
    assert index.meeting(asked) == [[5], [], [], [-1, 5]]


TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@given(texts=st.lists(TEXT, max_size=12), asked=TEXT)
def test_no_equal_text_is_overlooked(texts: list[str], asked: str) -> None:
    index = Nearby(0.8)
    for number, text in enumerate(texts):
        index.add([number], [text])
    same = {number for number, text in enumerate(texts) if jaccard(text, asked) == 1}
    assert same <= set(index.meeting([asked])[0])
