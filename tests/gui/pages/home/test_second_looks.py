"""How far one agrees with oneself stands on Home, and which verdict stands is chosen there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import Desk, whole_window

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.review.page import ReviewPage
from accord.workflows import browsing, importing, repeating, reviewing

ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT)
ROWS = 40


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    """Give a window on forty examples that one person has accepted."""
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        path = tmp_path / "a.csv"
        path.write_text("question,answer\n" + "".join(f"What is {n}?,It is {n}.\n" for n in range(ROWS)))
        importing.import_file(project=found.project, who=_who(found), path=path)
        for row in list(browsing.examples(project=found.project)):
            reviewing.submit(project=found.project, who=_who(found), example_id=row.id, judgement=ACCEPT)
        yield found


def _who(desk: Desk) -> Who:
    return Who(actor=desk.context.actor)


def _again(desk: Desk, differing: int) -> None:
    """Judge all that came back again, so many of it differently."""
    numbers = repeating.waiting(project=desk.project, person=desk.context.actor)
    for n, row in enumerate(browsing.example_page(project=desk.project, numbers=list(numbers))):
        judgement = REJECT if n < differing else ACCEPT
        repeating.judge_again(project=desk.project, who=_who(desk), example_id=row.id, judgement=judgement)
    desk.context.tell_changed("reviews")
    desk.rest()


def test_home_says_how_far_one_agrees_with_oneself_and_asks_which_verdict_stands(desk: Desk) -> None:
    home = desk.page(HomePage)
    assert home.looks.isHidden()
    repeating.plan_repeats(project=desk.project, who=_who(desk), share=0.5, after_days=0)
    desk.context.tell_changed("examples", "reviews")
    desk.rest()
    assert [line.accessibleName() for line in home.waiting.lines] == ["20 examples to review"]
    _again(desk, 2)
    desk.until(lambda: home.looks.isVisible() and len(home.looks.lines) == 2)
    assert home.looks.sentence.full_text() == "You agree with yourself 90% [70, 97], n 20."
    assert home.waiting.lines == []
    assert nameless(home) == []
    first, second = home.looks.lines
    first.first.click()
    desk.until(lambda: len(home.looks.lines) == 1)
    home.looks.lines[0].second.click()
    desk.until(lambda: home.looks.lines == [])
    rows = [browsing.example(project=desk.project, example_id=one.differs.id).row.status for one in (first, second)]
    assert rows == ["accepted", "rejected"]
    assert home.looks.sentence.full_text() == "You agree with yourself 90% [70, 97], n 20.", "what was said was said"


def test_what_is_due_comes_back_as_review_is_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.workflows.repeating.AFTER_DAYS", 0)
    desk.context.navigate("review")
    page = desk.page(ReviewPage)
    desk.until(lambda: len(page.desk.order.numbers) == ROWS // 20)
    desk.until(lambda: page.desk.item is not None and page.desk.item.second_look)
    desk.rest()
    assert page.queue.left.full_text() == "2 left"
