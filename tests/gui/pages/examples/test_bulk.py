"""Many examples at once, sorting and kept filters, with real keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless
from tests.gui.pages.examples.conftest import Desk

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Status
from accord.domain.wording import number
from accord.gui.pages.examples.filtering import ExampleFilter
from accord.workflows import browsing, people

# The offscreen platform, when a menu or the list of known tags opens.
pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)")

ALL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def key(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    if not desk.window.isActiveWindow():
        desk.window.activateWindow()
        desk.wait(desk.window.isActiveWindow)
    QTest.keyClick(desk.window.focusWidget() or desk.window, key, modifier)
    desk.settle()


def statuses(desk: Desk) -> list[str]:
    return [row.status for row in browsing.examples(project=desk.project)]


def tags(desk: Desk) -> list[tuple[str, ...]]:
    return [row.tags for row in browsing.examples(project=desk.project)]


def select_all(desk: Desk) -> None:
    desk.page.table.setFocus()
    key(desk, Qt.Key.Key_A, ALL)


def test_all_that_is_shown_is_tagged_with_keys_alone_and_undone_as_one(small: Desk) -> None:
    before = tags(small)
    assert not small.page.selection.isVisible()
    select_all(small)
    assert small.page.selection.isVisible()
    assert small.page.selection.count.text() == "4 selected"
    assert not small.page.selection.everything.isVisible()
    key(small, Qt.Key.Key_T)
    assert "4 examples" in small.page.reasons.question.full_text()
    small.type("urgent")
    key(small, Qt.Key.Key_Return)
    assert all("urgent" in found for found in tags(small))
    assert small.said[-1].text == "“urgent” was put on 4 examples."
    small.page.table.setFocus()
    key(small, Qt.Key.Key_Z)
    assert tags(small) == before
    assert small.said[-1].text == "Taken back for 4 examples."


def test_a_tag_is_taken_off_where_it_is(small: Desk) -> None:
    select_all(small)
    key(small, Qt.Key.Key_T, SHIFT)
    small.type("dosage")
    key(small, Qt.Key.Key_Return)
    assert tags(small) == [()] * 4
    assert small.said[-1].text == "“dosage” was taken off 1 example. 3 were so already."


def test_a_verdict_on_many_asks_first_names_the_number_and_leaves_my_own(small: Desk) -> None:
    before = statuses(small)
    select_all(small)
    key(small, Qt.Key.Key_A, SHIFT)
    prompt = small.window.prompt
    assert prompt.isVisible()
    assert "Accept 4 examples?" in prompt.text.full_text()
    assert "not opened" in prompt.text.full_text()
    assert "Z takes all of it back in one go." in prompt.text.full_text()
    key(small, Qt.Key.Key_Escape)
    assert statuses(small) == before
    small.page.table.setFocus()
    key(small, Qt.Key.Key_R, SHIFT)
    key(small, Qt.Key.Key_Return)
    assert statuses(small) == [Status.ACCEPTED, *[Status.REJECTED] * 3]
    assert small.said[-1].text == "3 examples rejected in bulk. 1 has your own verdict, which stays."
    last = browsing.example_page(project=small.project, numbers=browsing.example_numbers(project=small.project))[3].id
    assert browsing.example(project=small.project, example_id=last).reviews[0].judgement.bulk
    undo = small.said[-1].undo
    assert undo is not None
    undo()
    small.settle()
    assert statuses(small) == before


def test_all_are_set_aside_with_one_reason_and_brought_back(small: Desk) -> None:
    before = statuses(small)
    select_all(small)
    key(small, Qt.Key.Key_S)
    small.type("old letters")
    key(small, Qt.Key.Key_Return)
    assert statuses(small) == [Status.SET_ASIDE] * 4
    select_all(small)
    key(small, Qt.Key.Key_B)
    asked = small.window.prompt.text.full_text()
    assert "4 selected examples" in asked
    assert "Z takes all of it back" in asked
    assert statuses(small) == [Status.SET_ASIDE] * 4
    key(small, Qt.Key.Key_Return)
    assert statuses(small) == before


def test_the_bar_selects_all_that_the_filter_shows_and_nothing_else(real: Desk) -> None:
    real.search("kidney stones")
    shown = len(real.page.browser.model.ids)
    real.page.table.setFocus()
    key(real, Qt.Key.Key_Down, SHIFT)
    assert real.page.selection.count.text() == "2 selected"
    assert real.page.selection.everything.text() == f"Select all {number(shown)}"
    real.click(real.page.selection.everything)
    real.page.table.setFocus()
    key(real, Qt.Key.Key_T)
    real.type("renal")
    key(real, Qt.Key.Key_Return)
    assert len(browsing.example_numbers(project=real.project, where="tag = renal")) == shown
    assert nameless(real.page) == []
    real.click(real.page.selection.nothing)
    assert not real.page.selection.isVisible()


def test_keys_sort_and_turn_the_order_round(real: Desk) -> None:
    real.page.table.setFocus()
    key(real, Qt.Key.Key_4)
    rows = browsing.example_page(project=real.project, numbers=list(real.page.browser.model.ids))
    assert [row.last_review for row in rows] == sorted(row.last_review for row in rows)
    key(real, Qt.Key.Key_4)
    turned = browsing.example_page(project=real.project, numbers=list(real.page.browser.model.ids))
    assert [row.id for row in turned] == [row.id for row in rows][::-1]
    assert real.page.browser.model.sorted_by == ("reviewed", True)
    key(real, Qt.Key.Key_1)
    assert list(real.page.browser.model.ids) == list(browsing.example_numbers(project=real.project))
    assert real.page.browser.model.sorted_by == ("", False)


def test_a_filter_is_kept_by_name_used_renamed_and_forgotten(real: Desk) -> None:
    kept = real.page.kept
    real.search("status = accepted")
    real.page.table.setFocus()
    key(real, Qt.Key.Key_K)
    real.type("Done")
    key(real, Qt.Key.Key_Return)
    assert [found.name for found in kept.kept] == ["Done"]
    real.page.table.setFocus()
    key(real, Qt.Key.Key_X)
    assert real.page.listing.filter == ExampleFilter()
    key(real, Qt.Key.Key_F)
    QTest.keyClick(kept.menu, Qt.Key.Key_Down)
    QTest.keyClick(kept.menu, Qt.Key.Key_Return)
    real.settle()
    assert len(real.page.browser.model.ids) == 10
    kept._ask_other_name(kept.kept[0])
    real.type("Settled")
    key(real, Qt.Key.Key_Return)
    assert [found.name for found in kept.kept] == ["Settled"]
    kept._forget(kept.kept[0])
    real.settle()
    assert list(kept.kept) == []
    undo = real.said[-1].undo
    assert undo is not None
    undo()
    real.settle()
    assert [found.name for found in kept.kept] == ["Settled"]


def test_a_lead_gives_the_selected_examples_to_a_person_and_takes_them_back(small: Desk) -> None:
    who = Who(actor=small.context.actor)
    select_all(small)
    give = next(button for button in small.page.selection.buttons if button.action_id == "examples.give")
    assert not give.isVisible()
    people.add(project=small.project, who=who, name="Bo", role=Role.REVIEWER)
    small.project.sign_in(who.actor)
    small.context.set_several(several=True)
    small.page.table.clearSelection()
    select_all(small)
    assert give.isVisible()
    key(small, Qt.Key.Key_G)
    assert "4 examples" in small.page.reasons.question.full_text()
    small.type("bo")
    key(small, Qt.Key.Key_Return)
    small.settle()
    given = len(browsing.example_numbers(project=small.project, where="assigned = Bo"))
    assert given > 0
    assert small.said[-1].undo is not None
    small.said[-1].undo()
    small.settle()
    assert len(browsing.example_numbers(project=small.project, where="assigned = Bo")) == 0
