"""Differences by words and by sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis import diffs
from accord.analysis.diffs import DiffKind, DiffPart, apply_replacement, edit_size, replaced_sentences, word_diff
from accord.analysis.graphemes import clusters

PIECES = [
    "the",
    "dose",
    " ",
    "  ",
    "\r\n",
    "\n",
    "\u2028",
    "\u00a0",
    ".",
    ",",
    "e\u0301",
    "हिन्दी",
    "👩‍⚕️",
    "😀",
    "糖",
    "尿",
    "𠮷",
    "ยา",
    "กิ",
    "\ud83d",
    "\u0301",
    "🇩🇪",
    "🇩",
    "👍🏿",
    "\u1112\u1161",
    "\u11ab",
    "क्षि",
    "می\u200c",
    "葛\U000e0100",
    "\0",
    "5",
    "mg",
]
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


def rebuilt(parts: tuple[DiffPart, ...], without: DiffKind) -> str:
    return "".join(part.text for part in parts if part.kind is not without)


@given(texts, texts)
def test_both_texts_can_be_read_off_the_parts(before: str, after: str) -> None:
    parts = word_diff(before, after)
    assert rebuilt(parts, DiffKind.ADDED) == before
    assert rebuilt(parts, DiffKind.REMOVED) == after
    assert all(part.text for part in parts)
    assert all(a.kind is not b.kind for a, b in pairwise(parts))


@given(texts, texts)
def test_texts_too_long_for_one_comparison_are_rebuilt_too(before: str, after: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diffs, "_MOST_TOKEN_PAIRS", 6)
        parts = word_diff(before, after)
    assert rebuilt(parts, DiffKind.ADDED) == before
    assert rebuilt(parts, DiffKind.REMOVED) == after


@given(texts, texts)
def test_no_change_cuts_a_character_of_either_text(before: str, after: str) -> None:
    parts = word_diff(before, after)
    for text, without in ((before, DiffKind.ADDED), (after, DiffKind.REMOVED)):
        whole, end = {0}, 0
        for cluster in clusters(text):
            end += len(cluster)
            whole.add(end)
        end = 0
        for part in parts:
            end += 0 if part.kind is without else len(part.text)
            assert end in whole


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("same", "same", [("equal", "same")]),
        ("", "", []),
        ("", "new", [("added", "new")]),
        (
            "Take 5 mg daily.",
            "Take 10 mg daily.",
            [("equal", "Take "), ("removed", "5"), ("added", "10"), ("equal", " mg daily.")],
        ),
        (
            "a quick brown fox",
            "a slow red fox",
            [("equal", "a "), ("removed", "quick brown"), ("added", "slow red"), ("equal", " fox")],
        ),
        ("糖尿病", "糖尿症", [("equal", "糖尿"), ("removed", "病"), ("added", "症")]),
        ("e\u0301t", "et", [("removed", "e\u0301t"), ("added", "et")]),
        ("हिन्दी है", "हिन्दी था", [("equal", "हिन्दी "), ("removed", "है"), ("added", "था")]),
        (
            "我今天去医院看病",
            "我昨天来医院看病",
            [("equal", "我"), ("removed", "今天去"), ("added", "昨天来"), ("equal", "医院看病")],
        ),
        ("می‌خواهم بروم", "نمی‌خواهم بروم", [("removed", "می‌خواهم"), ("added", "نمی‌خواهم"), ("equal", " بروم")]),
        ("🇩🇪🇫🇷", "🇩🇪🇬🇧", [("equal", "🇩🇪"), ("removed", "🇫🇷"), ("added", "🇬🇧")]),
        ("👍🏿", "👍🏻", [("removed", "👍🏿"), ("added", "👍🏻")]),
        ("\u1112\u1161", "\u1112\u1161\u11ab", [("removed", "\u1112\u1161"), ("added", "\u1112\u1161\u11ab")]),
        ("ยาที่กิน", "ยาที่ดื่ม", [("equal", "ยาที่"), ("removed", "กิน"), ("added", "ดื่ม")]),
        ("old\n", "new\n", [("removed", "old"), ("added", "new"), ("equal", "\n")]),
        ("a\r\nb", "a\nb", [("equal", "a"), ("removed", "\r\n"), ("added", "\n"), ("equal", "b")]),
    ],
)
def test_known_differences(before: str, after: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.kind.value, part.text) for part in word_diff(before, after)] == parts


@given(texts, texts)
def test_edit_size_is_a_share(before: str, after: str) -> None:
    assert 0 <= edit_size(before, after) <= 1
    assert edit_size(before, before) == 0
    assert edit_size(before, after) == edit_size(after, before)


def test_edit_size_of_known_edits() -> None:
    assert edit_size("one two three four", "one two three five") == 0.25
    assert edit_size("", "new words") == 1
    assert edit_size("one  two", "one two") == 0


def test_replaced_sentences() -> None:
    before = "Rest. Take 5 mg daily! Ask Dr. Who?\nEnd"
    assert replaced_sentences(before, before.replace("5 mg", "10 mg")) == (("Take 5 mg daily!", "Take 10 mg daily!"),)
    assert replaced_sentences(before, before + " More.") == (("End", "End More."),)
    assert replaced_sentences("One. Two.", "One.") == ()
    assert replaced_sentences("One. Two. Three.", "One. Second. And half. Three.") == (("Two.", "Second. And half."),)
    assert replaced_sentences("毎日飲む。終わり。", "毎日飲まない。終わり。") == (("毎日飲む。", "毎日飲まない。"),)


@given(
    st.lists(st.sampled_from(["One.", "Two two!", "Three?", "毎日飲む。"]), max_size=6),
    st.sampled_from([" ", "\n", "\r\n\r\n", "  "]),
)
def test_a_replacement_found_in_one_text_can_be_made_in_another(sentences: list[str], space: str) -> None:
    text = space.join(sentences)
    changed = apply_replacement(text, "Two two!", "Zwei.")
    if "Two two!" in sentences:
        assert changed == text.replace("Two two!", "Zwei.")
        assert changed is not None
        assert all(old == "Two two!" for old, _new in replaced_sentences(text, changed))
    else:
        assert changed is None


def test_only_whole_sentences_are_replaced() -> None:
    assert apply_replacement("Do not take it. Take it.", "Take it.", "Leave it.") == "Do not take it. Leave it."
    assert apply_replacement("Do not take it.", "take it.", "leave it.") is None
    assert apply_replacement("A b. C d. A b.\tC d.", "A b. C d.", "X.") == "X. A b.\tC d."
    assert apply_replacement("A.", "", "X.") is None
    assert apply_replacement("A. A. A.", "A. A.", "B.") == "B. A."
