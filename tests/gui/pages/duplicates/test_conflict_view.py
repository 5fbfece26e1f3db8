"""Conflicts are settled by a key and a reason, alone or together, and opened again."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from accord.workflows import conflicts

if TYPE_CHECKING:
    from tests.gui.pages.duplicates.conftest import Bench

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def on_conflicts(bench: "Bench") -> "Bench":
    bench.press(Key.Key_C)
    return bench


def open_ones(bench: "Bench") -> list[str]:
    return [c.request for c in conflicts.listed(project=bench.project)]


def test_the_request_stands_above_and_the_answers_side_by_side(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    assert view.request.text() == "Which tests come first?"
    assert [card.answer.text() for card in view.strip.cards if card.isVisible()] == [
        "A blood count, and thyroid values where the count is low.",
        "None: the first visit is a conversation and nothing is measured.",
    ]
    assert [button.text() for button in on_conflicts.page.tabs._values.values()] == [
        "Near-duplicates  1",
        "Conflicts  2",
    ]


def test_a_number_keeps_that_answer_for_a_reason_given_by_another(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    conflict = view.acts.conflict()
    assert conflict is not None
    on_conflicts.press(Key.Key_2)
    assert view.reason.question.text() == "Answer 2 is kept, 1 other is set aside. Why this one?"
    on_conflicts.press(Key.Key_3)
    assert not view.reason.isVisible()
    assert on_conflicts.status_of(conflict.rows[0].id) == "set_aside"
    assert on_conflicts.status_of(conflict.rows[1].id) == "candidate"
    assert view.request.text() == "When does the ward open?"
    on_conflicts.press(Key.Key_Z)
    assert on_conflicts.said[-1] == "Taken back: the conflict is open again."
    assert on_conflicts.status_of(conflict.rows[0].id) == "candidate"
    assert view.request.text() == "Which tests come first?"


def test_a_reason_in_ones_own_words_is_kept(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    on_conflicts.press(Key.Key_A)
    QTest.keyClicks(view.reason.field, "Ward 3 and ward 4")
    on_conflicts.press(Key.Key_Return)
    assert open_ones(on_conflicts) == ["When does the ward open?"]
    QTest.mouseClick(view.filter._values["all"], Qt.MouseButton.LeftButton)
    on_conflicts.idle()
    view.list.table.setFocus()
    on_conflicts.press(Key.Key_Down)
    assert view.about.full_text() == "Settled: all answers are valid. Ward 3 and ward 4"
    on_conflicts.press(Key.Key_O)
    assert len(open_ones(on_conflicts)) == 2


def test_a_settled_conflict_is_seen_with_what_was_set_aside_and_opened_again(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    on_conflicts.press(Key.Key_1)
    on_conflicts.press(Key.Key_2)
    QTest.mouseClick(view.filter._values["all"], Qt.MouseButton.LeftButton)
    on_conflicts.idle()
    view.list.table.setFocus()
    on_conflicts.press(Key.Key_Down)
    assert view.list.place.text() == "2 of 2"
    assert view.about.full_text() == "Settled: one answer was kept. It is the most recent"
    assert [card.status.status().value for card in view.strip.cards if card.isVisible()] == ["candidate", "set_aside"]
    on_conflicts.press(Key.Key_O)
    assert len(open_ones(on_conflicts)) == 2


def test_esc_leaves_everything_as_it_is(on_conflicts: "Bench") -> None:
    on_conflicts.press(Key.Key_1)
    on_conflicts.press(Key.Key_Escape)
    assert not on_conflicts.page.conflicts.reason.isVisible()
    assert len(open_ones(on_conflicts)) == 2


def test_several_requests_are_settled_together(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    on_conflicts.page.context.actions.unbind("duplicates.down")
    view.list.table.selectAll()
    assert view.about.full_text().startswith("2 requests selected.")
    on_conflicts.press(Key.Key_A)
    on_conflicts.press(Key.Key_1)
    assert open_ones(on_conflicts) == []
    assert on_conflicts.said[-1] == "2 conflicts settled."
    assert view.empty.sentence.text() == "Every conflict is settled."


def test_merge_makes_the_chosen_answer_the_base_and_opens_it(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    conflict = view.acts.conflict()
    assert conflict is not None
    on_conflicts.press(Key.Key_Right)
    on_conflicts.press(Key.Key_M)
    on_conflicts.press(Key.Key_1)
    base = conflict.rows[1].id
    assert on_conflicts.status_of(conflict.rows[0].id) == "set_aside"
    assert on_conflicts.went[-1] == ("review", {"where": f"id = {base}", "example_id": base, "edit": True})


def test_split_keeps_both_and_opens_them(on_conflicts: "Bench") -> None:
    conflict = on_conflicts.page.conflicts.acts.conflict()
    assert conflict is not None
    on_conflicts.press(Key.Key_P)
    on_conflicts.press(Key.Key_1)
    assert {on_conflicts.status_of(row.id) for row in conflict.rows} == {"candidate"}
    assert on_conflicts.went[-1][1]["where"] == 'text ~ "Which tests come first?"'


def test_one_conflict_of_the_real_file(medical: "Bench") -> None:
    medical.press(Key.Key_C)
    view = medical.page.conflicts
    conflict = view.acts.conflict()
    assert conflict is not None
    assert view.list.place.text() == "1 of 239"
    medical.press(Key.Key_1)
    medical.press(Key.Key_1)
    assert view.list.place.text() == "1 of 238"
    assert medical.status_of(conflict.rows[1].id) == "set_aside"


def test_a_long_request_has_room_up_to_two_fifths_of_the_page(on_conflicts: "Bench") -> None:
    view = on_conflicts.page.conflicts
    short = view._asked.height()
    view.request.set_text("A line of the request.\n" * 8)
    on_conflicts.idle()
    assert view._asked.height() >= view.request.height() > 3 * short / 2, "all of it is seen"
    view.request.set_text("A line of the request.\n" * 80)
    on_conflicts.idle()
    assert view._asked.height() == round(view.height() * 0.4)
    assert view._asked.verticalScrollBar().maximum() > 0
