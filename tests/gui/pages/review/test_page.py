"""Reviewing in the window: the keys lead to exactly what the project then holds."""

from collections.abc import Callable, Sequence
from typing import Any

from accord.workflows import browsing
from tests.gui.pages.review.conftest import CTRL, Bench, Key

ROWS = [(f"Question number {n}?", f"Answer number {n}. Take one tablet a day.") for n in range(6)]
Sit = Callable[[], Bench]
Fill = Callable[[Sequence[Sequence[str]]], None]


def status_of(project: Any, seq: int) -> str:
    return browsing.example_page(project=project, numbers=[seq])[0].status


def test_accept_reject_and_unsure_advance_and_are_stored(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    first = bench.item.seq
    bench.press(Key.Key_A)
    bench.wait_item()
    second = bench.item.seq
    bench.press(Key.Key_R)
    bench.press(Key.Key_2)
    bench.wait_item()
    third = bench.item.seq
    bench.press(Key.Key_U)
    bench.wait(lambda: status_of(project, third) == "disagreement")
    assert len({first, second, third, bench.item.seq}) == 4
    assert status_of(project, first) == "accepted"
    assert status_of(project, second) == "rejected"
    review = browsing.example(project=project, example_id=browsing.example_page(project=project, numbers=[second])[0].id)
    assert review.reviews[-1].judgement.reasons == ("unsafe",)


def test_an_edit_is_typed_and_submitted(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, before = bench.item.seq, bench.item.base.answer
    bench.press(Key.Key_E)
    bench.press(Key.Key_End, CTRL)
    bench.type(" Not at night.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: status_of(project, seq) == "accepted")
    row = browsing.example_page(project=project, numbers=[seq])[0]
    assert row.content.answer == before + " Not at night."
    assert bench.item.seq != seq
