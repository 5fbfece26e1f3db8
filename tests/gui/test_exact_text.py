from hypothesis import given
from hypothesis import strategies as st

from accord.gui.exact_text import ExactText

NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \n\r\t\u00a0\u2028\u2029\ufeff\ufdd0\ufdd1\x00\x85\u2400\ufffc\U0001f600e\u0301\u202e"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@given(NASTY)
def test_an_untouched_text_comes_back_exactly(text: str) -> None:
    exact = ExactText(text)
    assert exact.restore(exact.display) == text
    assert exact.slice(0, len(exact.display)) == text.lstrip("\ufeff")


@given(NASTY, st.integers(0, 60), st.sampled_from(["x", "new words", "é"]))
def test_an_insertion_keeps_every_other_character(text: str, at: int, new: str) -> None:
    exact = ExactText(text)
    at = min(at, len(exact.display))
    edited = exact.display[:at] + new + exact.display[at:]
    prefix = text[: len(text) - len(text.lstrip("\ufeff"))]
    assert exact.restore(edited) == prefix + exact.slice(0, at) + new + exact.slice(at, len(exact.display))


@given(NASTY, st.integers(0, 60), st.integers(0, 20))
def test_a_deletion_takes_nothing_else_away(text: str, at: int, count: int) -> None:
    exact = ExactText(text)
    edited = exact.display[:at] + exact.display[at + count :]
    restored = exact.restore(edited)
    assert ExactText(restored).display == edited
    assert len(restored) <= len(text)


def test_two_edits_far_apart_keep_the_line_ends_between_them() -> None:
    exact = ExactText("one\r\ntwo\rthree\u2029four\r\nfive")
    assert exact.restore(exact.display.replace("one", "1").replace("five", "5")) == "1\r\ntwo\rthree\u2029four\r\n5"


def test_a_new_line_in_a_crlf_text_is_crlf() -> None:
    exact = ExactText("a\r\nb")
    assert exact.restore("a\nb\nc") == "a\r\nb\r\nc"


@given(NASTY, st.data())
def test_a_selection_in_qt_units_is_the_exact_text(text: str, data: st.DataObject) -> None:
    exact = ExactText(text)
    start = data.draw(st.integers(0, len(exact.display)))
    end = data.draw(st.integers(start, len(exact.display)))
    first = len(exact.display[:start].encode("utf-16-le")) // 2
    last = len(exact.display[:end].encode("utf-16-le")) // 2
    assert exact.slice_utf16(first, last) == exact.slice(start, end)
