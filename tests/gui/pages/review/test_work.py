"""What is entered but not submitted, the order of the queue, the clock and the filter."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from accord.domain.review import Verdict
from accord.gui.pages.review.filtering import QueueFilter
from accord.gui.pages.review.order import Order
from accord.gui.pages.review.stopwatch import Stopwatch
from accord.gui.pages.review.work import Work, from_draft, from_judgement

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_WORK = st.builds(
    Work,
    edits=st.dictionaries(st.integers(0, 9), _TEXT),
    tags=st.lists(_TEXT, unique=True).map(tuple),
    ratings=st.dictionaries(_TEXT, st.integers(1, 5)),
    reasons=st.lists(_TEXT, unique=True).map(tuple),
    comment=_TEXT,
    citation=_TEXT,
)


@given(work=_WORK)
def test_a_draft_keeps_everything(work: Work) -> None:
    assert from_draft(work.to_draft("hash")) == work


@given(work=_WORK)
def test_a_rejection_carries_reasons_and_no_texts_an_edit_the_reverse(work: Work) -> None:
    rejected, edited = (work.judgement(v, seconds=1) for v in (Verdict.REJECT, Verdict.EDIT))
    assert (rejected.edits, rejected.reasons) == ({}, work.reasons)
    assert (edited.edits, edited.reasons) == (work.edits, ())
    assert from_judgement(edited).comment == work.comment


def test_typing_a_text_back_is_no_edit() -> None:
    work = Work().with_edit(1, "b", "a")
    assert work.edits == {1: "b"}
    assert work.with_edit(1, "a", "a").edits == {}


def test_the_clock_leaves_long_pauses_out() -> None:
    now = [0.0]
    watch = Stopwatch(lambda: now[0])
    watch.restart()
    for seconds in (10, 600, 5):
        now[0] += seconds
        watch.touch()
    assert watch.seconds() == 10 + 120 + 5
    watch.pause()
    now[0] += 50
    watch.touch()
    assert watch.seconds() == 135


@given(numbers=st.sets(st.integers(0, 50), min_size=1), judged=st.sets(st.integers(0, 50)), at=st.integers(0, 50))
def test_the_next_item_is_the_first_open_one_after_this_one(numbers: set[int], judged: set[int], at: int) -> None:
    order = Order()
    order.replace(sorted(numbers))
    order.go_to(at)
    order.judged |= judged | {at}
    waiting = sorted((numbers | {at}) - order.judged)
    expected: Any = next((n for n in waiting if n > at), waiting[0] if waiting else None)
    assert order.next_open() == expected


def test_the_queue_keeps_its_place_when_it_is_read_again() -> None:
    order = Order()
    order.replace([1, 4, 6, 9])
    order.go_to(6)
    order.judged.add(4)
    order.replace([1, 6, 9, 12], keep={4})
    assert list(order.numbers) == [1, 4, 6, 9, 12]
    assert order.current == 6
    assert order.waiting == 4


def test_words_become_a_filter_and_filters_stay_filters() -> None:
    assert QueueFilter(text='say "hi" \\ there').where == 'text ~ "say \\"hi\\" \\\\ there"'
    assert QueueFilter(kind="accepted", text="tag = dosage").where == "status = accepted and tag = dosage"
    assert QueueFilter(kind="all").where == ""
    kept = QueueFilter(kind="rejected", text="a:b")
    assert QueueFilter.from_text(kept.to_text()) == kept
    assert QueueFilter.from_text("nonsense") == QueueFilter()
