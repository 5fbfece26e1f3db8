"""What was given to a person is her queue; all others are a choice away, and what is blind says so."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from tests.gui.accessibility import nameless
from tests.gui.pages.review.conftest import ME, ROWS, Fill, Sit, row_of

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.gui.pages.review.filtering import EVERYTHING, OPEN, QueueFilter
from accord.workflows import assigning, people

LENA = Who(actor="lena")
Key = Qt.Key


def staff(project: Any, *numbers: int, both: tuple[int, ...] = ()) -> None:
    """Let lena lead, give these examples to the reviewer, and those of ``both`` to another one too."""
    people.add(project=project, who=LENA, name=ME, role=Role.REVIEWER)
    people.add(project=project, who=LENA, name="bo", role=Role.REVIEWER)
    assigning.assign_by_hand(project=project, who=LENA, numbers=numbers, reviewers=[ME])
    if both:
        assigning.assign_by_hand(project=project, who=LENA, numbers=both, reviewers=["bo"])
    project.sign_in(ME)


def judged(project: Any, seq: int) -> bool:
    return row_of(project, seq).reviewers == (ME,)


def test_her_queue_is_what_was_given_to_her(project: Any, fill: Fill, sit: Sit) -> None:
    fill(ROWS)
    staff(project, 2, 4, 5, both=(4,))
    bench = sit()
    pane, desk = bench.page.queue, bench.page.desk
    assert list(desk.order.numbers) == [2, 4, 5]
    assert pane.left.full_text() == "Yours: 0 of 3 done"
    assert pane.show_box.currentText() == "Assigned to me"
    assert bench.page.reading.blind.isHidden()
    bench.press(Key.Key_A)
    bench.wait(lambda: bench.item is not None and bench.item.seq == 4)
    assert pane.left.full_text() == "Yours: 1 of 3 done"
    assert bench.page.reading.blind.full_text() == "blind until the second reviewer is done"
    assert bench.page.reading.blind.isVisible()
    assert nameless(bench.page) == []
    for _item in range(2):
        seq = bench.item.seq
        bench.press(Key.Key_A)
        bench.wait(partial(judged, project, seq))
    bench.wait(lambda: pane.left.full_text() == "Yours: 3 of 3 done")


def test_all_that_waits_is_one_choice_away(project: Any, fill: Fill, sit: Sit) -> None:
    fill(ROWS)
    staff(project, 2)
    bench = sit()
    box = bench.page.queue.show_box
    box.setFocus()
    bench.press(Key.Key_Down)
    bench.wait(lambda: len(bench.page.desk.order.numbers) == len(ROWS))
    assert box.currentData() == OPEN
    assert bench.page.queue.left.full_text() == f"{len(ROWS)} left"


def test_when_hers_is_done_a_button_leads_to_the_others(project: Any, fill: Fill, sit: Sit) -> None:
    fill(ROWS)
    staff(project, 2)
    bench = sit()
    bench.press(Key.Key_A)
    bench.wait(lambda: row_of(project, 2).reviewers == (ME,))
    bench.page.desk.load()
    bench.wait(lambda: bench.page.centre.currentWidget() is bench.page.empty)
    assert bench.page.empty.sentence.full_text() == "All that was given to you is judged."
    bench.page.empty.button.setFocus()
    bench.press(Key.Key_Return)
    bench.wait(lambda: len(bench.page.desk.order.numbers) == len(ROWS) - 1)


def test_for_whom_nothing_was_given_out_all_that_waits_is_the_queue(project: Any, fill: Fill, sit: Sit) -> None:
    fill(ROWS)
    bench = sit()
    box = bench.page.queue.show_box
    assert len(bench.page.desk.order.numbers) == len(ROWS)
    assert box.currentText() == "Waiting for review"
    assert box.findData(OPEN) < 0
    assert QueueFilter.from_text(QueueFilter(kind=EVERYTHING, text="a").to_text()).kind == EVERYTHING
