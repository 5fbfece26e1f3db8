"""What comes back stands in the queue among the others, as if nobody had judged it, and its second verdict changes nothing."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from tests.gui.pages.review.conftest import ME, Bench, Fill, Sit, detail_of, row_of

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.pages.review.loading import read_item
from accord.gui.pages.review.order import EVERY, Order
from accord.workflows import repeating, reviewing

Key = Qt.Key
ANA = Who(actor=ME)
MANY = [(f"Question number {n}?", f"Answer number {n} is here.") for n in range(60)]
EDIT = Judgement(verdict=Verdict.EDIT, edits={1: "A leakword."}, tags=("leakword",), comment="leakword")
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT, comment="leakword")


def judge(project: Any, said: dict[int, Judgement], *, back: bool = True) -> None:
    """Judge these, and let all of it come back."""
    for seq, judgement in said.items():
        reviewing.submit(project=project, who=ANA, example_id=row_of(project, seq).id, judgement=judgement)
    if back:
        repeating.plan_repeats(project=project, who=ANA, share=1, after_days=0)


def texts(bench: Bench) -> list[str]:
    """Return what the page says of the item, and of all in the list."""
    page, item = bench.page, bench.item
    page.asides.toggle_history()
    page.asides.toggle_history()
    rows = repeating.untouched(project=bench.project, numbers=list(page.desk.order.numbers), person=ME)
    blocks = [block.text() for block in page.reading.blocks()]
    return [repr(item), page.reading.status.accessibleName(), repr(page.desk.work), *blocks, repr(rows)]


def test_it_stands_among_the_others_as_if_nobody_had_judged_it(project: Any, fill: Fill, sit: Sit) -> None:
    fill(MANY)
    judge(project, {1: EDIT, 2: REJECT})
    bench = sit()
    order = bench.page.desk.order
    assert sorted(order.numbers) == list(range(1, 61))
    assert [n for n in order.numbers if n > 2] == list(range(3, 61))
    assert order.index(1) != 0 or order.index(2) != 1, "not in front of all others"
    for number in (1, 2):
        bench.page.desk.go(number)
        bench.wait_item()
        assert bench.item.second_look
        assert bench.item.detail.reviews == ()
        assert "leakword" not in repr(texts(bench))
    assert "60 left" in bench.page.queue.left.full_text()


def test_the_second_verdict_is_a_repeat_and_is_taken_back_with_z(project: Any, fill: Fill, sit: Sit) -> None:
    fill(MANY[:3])
    judge(project, {1: ACCEPT})
    before = row_of(project, 1)
    bench = sit()
    bench.page.desk.go(1)
    bench.wait_item()
    bench.page.verdicts.give(Verdict.REJECT)
    bench.wait(lambda: not repeating.waiting(project=project, person=ME))
    assert row_of(project, 1) == before
    assert [review.judgement.repeat for review in detail_of(project, 1).reviews] == [False, True]
    (asked,) = repeating.questions(project=project, person=ME)
    assert (asked.first.verdict, asked.second.verdict) == (Verdict.ACCEPT, Verdict.REJECT)
    bench.wait(lambda: bench.page.queue.status_of(before).value == "rejected")
    bench.press(Key.Key_Z)
    bench.wait(lambda: list(repeating.waiting(project=project, person=ME)) == [1])
    bench.wait(lambda: bench.item is not None and bench.item.seq == 1 and bench.item.second_look)
    assert row_of(project, 1) == before


def test_an_undo_in_the_next_sitting_does_not_show_what_was_said_first(project: Any, fill: Fill, sit: Sit) -> None:
    fill(MANY[:3])
    judge(project, {1: EDIT})
    repeating.judge_again(project=project, who=ANA, example_id=row_of(project, 1).id, judgement=REJECT)
    bench = sit()
    bench.press(Key.Key_Z)
    bench.wait(lambda: list(repeating.waiting(project=project, person=ME)) == [1])
    bench.wait(lambda: bench.item is not None and bench.item.seq == 1 and bench.item.second_look)
    assert "leakword" not in repr(bench.page.desk.work)


@pytest.mark.parametrize("first", [ACCEPT, REJECT, EDIT])
def test_what_is_read_of_it_does_not_depend_on_the_first_verdict(project: Any, fill: Fill, first: Judgement) -> None:
    fill(MANY[:3])
    fresh = read_item(project, 1, ME)
    judge(project, {1: first})
    back = read_item(project, 1, ME)
    assert fresh is not None
    assert back is not None
    assert (back.detail, back.draft, back.twins, back.rivals, back.blind_until) == (
        fresh.detail,
        fresh.draft,
        fresh.twins,
        fresh.rivals,
        fresh.blind_until,
    )
    assert back.work(ME) == fresh.work(ME)


def test_a_place_among_the_others_is_kept_while_the_list_is_read_again() -> None:
    order = Order()
    order.replace(range(100, 200), again=[3, 5, 8])
    assert [n for n in order.numbers if n >= 100] == list(range(100, 200))
    places = [order.index(n) for n in (3, 5, 8)]
    assert None not in places
    assert max(place for place in places if place is not None) < 3 * EVERY + 3
    assert all(order.numbers[place] == n for place, n in zip(places, (3, 5, 8), strict=True) if place is not None)
    order.go_to(110)
    order.judged.update({100, 101})
    order.replace(range(102, 200), keep={100, 101, 110}, again=[3, 5, 8])
    assert [order.index(n) for n in (3, 5, 8)] == places
    assert order.current == 110
    order.replace(range(102, 200), again=[5])
    assert 3 not in order
    order.go_to(3)
    assert order.current == 3
    alone = Order()
    alone.replace([], again=[7])
    assert list(alone.numbers) == [7]


def test_what_comes_back_is_looked_for_again_where_looking_failed(
    fill: Fill, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Who] = []

    def fails(*, who: Who, **_more: object) -> int:
        asked.append(who)
        raise Refused("busy")

    monkeypatch.setattr(repeating, "come_back", fails)
    fill(MANY[:2])
    bench = sit()

    def asked_again() -> bool:
        bench.page.coming_back.look()
        return len(asked) > 1

    bench.qtbot.waitUntil(asked_again)
