"""Single changes of a version, and the texts they make."""

from hypothesis import given, settings
from hypothesis import strategies as st

from accord.gui.pages.disagreements.hunks import (
    Hunk,
    applied,
    cross,
    hunks_between,
    numbered_parts,
    parts_of,
    toggled,
)

WORDS = st.lists(
    st.sampled_from(["take", "one", "tablet", "daily", "दवा", "药", "e\u0301", "\n", " ", ". "]), max_size=30
)
TEXTS = WORDS.map("".join)


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_the_changes_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    hunks = hunks_between(before, after)
    assert applied(before, hunks) == after
    assert not any(cross(a, b) for i, a in enumerate(hunks) for b in hunks[i + 1 :])
    parts, _changes = parts_of(before, hunks)
    assert "".join(p.text for p in parts if p.kind != "removed") == after
    assert "".join(p.text for p in parts if p.kind != "added") == before


@settings(max_examples=150)
@given(TEXTS, TEXTS, TEXTS)
def test_changes_of_two_versions_never_cross_and_can_be_put_back(before: str, one: str, other: str) -> None:
    taken: tuple[Hunk, ...] = ()
    for hunk in (*hunks_between(before, one), *hunks_between(before, other)):
        if hunk in taken:
            continue
        free = not any(cross(known, hunk) for known in taken)
        after = toggled(taken, hunk)
        assert hunk in after
        assert not any(cross(a, b) for i, a in enumerate(after) for b in after[i + 1 :])
        if free:
            assert toggled(after, hunk) == taken
        taken = after
    applied(before, taken)


def test_unchanged_text_between_changes_is_shortened_at_spaces() -> None:
    before = "One " + "word " * 100 + "two"
    parts, numbers = numbered_parts(before, hunks_between(before, before.replace("One", "First") + "!"))
    texts = [part.text for part in parts]
    assert numbers == (0, 0, None, 1)
    assert " ⋯ " in texts[2]
    assert texts[2].startswith(" word")
    assert texts[2].endswith("two")
    assert len(texts[2]) < 200


def test_a_text_with_little_in_common_is_one_change() -> None:
    assert len(hunks_between("Take one tablet.", "Nobody knows what the ward does on Sundays.")) == 1
