import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from tests.gui.accessibility import nameless
from tests.gui.pages.examples.conftest import ANA, Desk

from accord.analysis.diffs import word_diff
from accord.domain.filters import Field
from accord.domain.history import ExampleRow
from accord.domain.review import Status
from accord.domain.wording import number
from accord.gui.pages.examples.browser import Browser
from accord.gui.pages.examples.conversation import CHANGES, IMPORTED
from accord.gui.pages.examples.facts import EntryView
from accord.gui.pages.examples.filtering import how_search_works
from accord.gui.widgets import TextView
from accord.gui.widgets.table_columns import LEAST
from accord.workflows import browsing, duplicates


def shown_text(desk: Desk) -> list[str]:
    assert desk.page.detail.conversation is not None
    return [view.text() for view in desk.page.detail.conversation.texts]


def current(desk: Desk) -> ExampleRow:
    number_ = desk.page.table.current_id()
    assert number_ is not None
    return browsing.example_page(project=desk.project, numbers=[number_])[0]


def test_all_1144_are_listed_with_their_count_and_the_first_is_shown_whole(real: Desk) -> None:
    page = real.page
    assert page.counted.text() == f"{number(1144)} of {number(1144)}"
    row = current(real)
    assert shown_text(real) == [row.content.request, row.content.answer]
    labels = [label.full_text() for label in page.detail.findChildren(QLabel) if hasattr(label, "full_text")]
    assert row.id in labels
    assert any(row.file in text.replace("\u200b", "") for text in labels)


def test_the_arrow_keys_show_the_next_example_and_change_nothing(real: Desk) -> None:
    before = browsing.facets_of(project=real.project)
    for _step in range(5):
        real.press(Qt.Key.Key_Down, real.page.table)
    row = current(real)
    assert shown_text(real) == [row.content.request, row.content.answer]
    assert browsing.facets_of(project=real.project) == before


def test_words_typed_into_the_search_are_searched_and_x_clears_them(real: Desk) -> None:
    real.search("kidney stones")
    rows = browsing.example_page(project=real.project, numbers=list(real.page.browser.model.ids))
    assert 0 < len(rows) < 200
    assert all("kidney" in row.content.text.casefold() and "stones" in row.content.text.casefold() for row in rows)
    assert real.window.focusWidget() is real.page.table  # Enter goes on to what was found
    real.press(Qt.Key.Key_X)
    assert len(real.page.browser.model.ids) == 1144
    assert real.page.search.text() == ""


def test_a_wrong_filter_is_explained_under_the_field_and_the_list_stays(real: Desk) -> None:
    real.search("colour = red")
    assert real.page.fault.isVisible()
    assert "quotation marks" in real.page.fault.full_text()
    assert real.window.focusWidget() is real.page.search
    assert len(real.page.browser.model.ids) == 1144
    real.search("status = accepted")
    assert not real.page.fault.isVisible()
    assert len(real.page.browser.model.ids) == 10


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")  # the offscreen platform, when a menu opens
def test_a_filter_chosen_with_the_mouse_becomes_a_chip_that_takes_it_off(real: Desk) -> None:
    filters = real.page.filters
    real.qtbot.mouseClick(filters.buttons[Field.STATUS], Qt.MouseButton.LeftButton)
    menu = filters.menus[Field.STATUS]
    assert [a.text().split("   ") for a in menu.actions()] == [
        ["Candidate", number(1124)],
        ["Accepted", "10"],
        ["Rejected", "10"],
    ]
    real.choose(menu, "Accepted")
    assert real.page.counted.text() == f"10 of {number(1144)}"
    real.qtbot.mouseClick(filters.buttons[Field.TAG], Qt.MouseButton.LeftButton)
    real.choose(filters.menus[Field.TAG], "urgent")
    assert [chip.words for chip in filters.chips] == ["Status: Accepted", "Tag: urgent"]
    assert len(real.page.browser.model.ids) == 5
    real.click(filters.chips[0])
    assert [chip.words for chip in filters.chips] == ["Tag: urgent"]
    real.click(filters.clear)
    assert len(real.page.browser.model.ids) == 1144


def test_a_click_on_a_header_sorts_and_a_second_one_turns_the_order_round(real: Desk) -> None:
    header = real.page.table.horizontalHeader()

    def click() -> list[str]:
        where = header.sectionViewportPosition(0) + 20
        real.qtbot.mouseClick(
            header.viewport(), Qt.MouseButton.LeftButton, pos=header.viewport().rect().center().__class__(where, 10)
        )
        real.settle()
        rows = browsing.example_page(project=real.project, numbers=list(real.page.browser.model.ids))
        return [row.status for row in rows]

    first, second = click(), click()
    assert first == sorted(first)
    assert second == sorted(first, reverse=True)


def _press_title(desk: Desk, column: str) -> None:
    header = desk.page.table.horizontalHeader()
    section = [column.id for column in desk.page.browser.model.columns].index(column)
    place = QPoint(header.sectionViewportPosition(section) + 20, 10)
    desk.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.settle()


def test_a_title_without_an_order_says_which_titles_have_one(real: Desk) -> None:
    before = list(real.page.browser.model.ids)
    _press_title(real, "request")
    assert real.said[-1].text == "Sort by one of these: Status, Source, Reviewed."
    assert list(real.page.browser.model.ids) == before


def _drag(desk: Desk, column: str, by: int) -> None:
    """Drag the right edge of a column with the mouse."""
    header = desk.page.table.horizontalHeader()
    section = [column.id for column in desk.page.browser.model.columns].index(column)
    edge = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) - 1, 10)
    view = header.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=edge)
    for step in (by // 2, by):
        QTest.mouseMove(view, edge + QPoint(step, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=edge + QPoint(by, 0))
    desk.qtbot.wait(10)


def _widths(desk: Desk) -> list[int]:
    table = desk.page.table
    return [table.columnWidth(at) for at in range(6) if not table.isColumnHidden(at)]


def test_the_edge_of_a_column_is_dragged_and_found_again_by_the_same_person(small: Desk) -> None:
    before = _widths(small)
    assert sum(before) == small.page.table.viewport().width()
    _drag(small, "request", 70)
    status, request, answer, *others = _widths(small)
    assert (status, others) == (before[0], before[3:])
    assert (request, answer) == (before[1] + 70, before[2] - 70)
    _drag(small, "status", -20)
    assert _widths(small)[0] == before[0] - 20
    kept = small.context.settings
    small.wait(lambda: kept.get("column_widths"))
    again = Browser(small.context).table.widths
    assert again.chosen == small.page.table.widths.chosen
    small.context.actor = "Ben"
    assert Browser(small.context).table.widths.chosen == {}
    small.context.actor, small.context.project_file = "Ana Ruiz", "other.accord"
    assert Browser(small.context).table.widths.chosen == {}


def test_a_column_cannot_push_the_others_out(small: Desk) -> None:
    _drag(small, "request", 2000)
    assert min(_widths(small)) >= LEAST
    assert sum(_widths(small)) == small.page.table.viewport().width()
    small.window.resize(1500, 800)
    small.settle()
    assert sum(_widths(small)) == small.page.table.viewport().width()


def test_set_aside_with_a_reason_bring_back_and_undo(small: Desk) -> None:
    page = small.page
    page.table.select_row(3)
    small.settle()
    small.press(Qt.Key.Key_S)
    assert small.window.focusWidget() is page.reasons.field
    small.type("out of our field")
    small.press(Qt.Key.Key_Return)
    assert page.detail.status.status() is Status.SET_ASIDE
    assert "out of our field" in [
        label.full_text() for label in page.detail.findChildren(QLabel) if hasattr(label, "full_text")
    ]
    assert small.said[-1].undo is not None
    small.press(Qt.Key.Key_B, page.table)
    assert page.detail.status.status() is Status.CANDIDATE
    small.press(Qt.Key.Key_Z, page.table)
    assert page.detail.status.status() is Status.SET_ASIDE


def test_what_can_be_done_is_offered_once_the_row_is_read_though_the_example_was_read_before(small: Desk) -> None:
    page = small.page
    page.browser.model._pages.clear()  # as where the example is there before the rows of the table
    page.detail.update_buttons()
    opened = page.detail.buttons[0]
    assert not opened.isEnabled()
    small.qtbot.waitUntil(opened.isEnabled)


def test_several_chosen_rows_are_set_aside_in_one_act_that_one_undo_takes_back(small: Desk) -> None:
    table = small.page.table
    table.selectAll()
    small.press(Qt.Key.Key_S, table)
    small.press(Qt.Key.Key_Return)
    assert browsing.facets_of(project=small.project).status == {"set_aside": 4}
    undo = small.said[-1].undo
    assert undo is not None
    undo()
    small.settle()
    assert "set_aside" not in browsing.facets_of(project=small.project).status


def test_escape_leaves_an_example_where_it_is(small: Desk) -> None:
    small.press(Qt.Key.Key_S, small.page.table)
    small.press(Qt.Key.Key_Escape)
    assert small.window.focusWidget() is small.page.table
    assert "set_aside" not in browsing.facets_of(project=small.project).status


def test_deleting_for_good_takes_a_reason_and_a_second_press_and_the_row_is_gone(real: Desk) -> None:
    page = real.page
    real.press(Qt.Key.Key_Down, page.table)
    assert page.detail.example is not None
    gone = page.detail.example.detail.row
    real.press(Qt.Key.Key_Delete, page.table)
    assert not page.reasons.confirm.isEnabled()
    assert "1 review of it goes too" in page.reasons.detail.full_text()
    real.type("names a patient")
    real.press(Qt.Key.Key_Return)
    assert len(page.browser.model.ids) == 1144
    assert real.window.focusWidget() is page.reasons.confirm
    real.press(Qt.Key.Key_Return)
    assert len(page.browser.model.ids) == 1143
    assert gone.seq not in page.browser.model.ids
    assert gone.id not in real.ids()
    assert page.counted.text() == f"{number(1143)} of {number(1143)}"
    assert "backup" in real.said[-1].text
    assert page.example() is not None


def test_an_edited_answer_shows_its_changes_and_the_imported_text(small: Desk) -> None:
    page = small.page
    conversation = page.detail.conversation
    assert conversation is not None
    assert shown_text(small)[1] == "With food, each morning."
    titles = {
        button.text(): button for button in conversation.switch.findChildren(type(conversation.switch._values[CHANGES]))
    }
    small.click(titles["Changes"])
    parts = word_diff("With water, each morning.", "With food, each morning.")
    assert shown_text(small)[1] == "".join(part.text for part in parts)
    small.click(titles["As imported"])
    assert shown_text(small)[1] == "With water, each morning."
    assert conversation.switch.value() == IMPORTED


def test_the_timeline_tells_who_did_what_with_comment_citation_and_difference(small: Desk) -> None:
    entries = small.page.detail.findChildren(EntryView)
    assert [view.entry.title for view in entries] == ["Edited and accepted", "Imported"]
    review = entries[0].entry
    assert (review.who, review.comment, review.citation) == ("Ana Ruiz", "The leaflet says food.", "Leaflet 2024, p. 2")
    assert review.changes() == [(1, "With water, each morning.", "With food, each morning.")]


def test_enter_and_o_open_the_example_in_review_and_c_copies_its_id(small: Desk) -> None:
    shown = small.page.detail.example
    assert shown is not None
    small.press(Qt.Key.Key_Return, small.page.table)
    small.press(Qt.Key.Key_O, small.page.table)
    assert small.went == [("review", {"example_id": shown.detail.row.id})] * 2
    small.press(Qt.Key.Key_C, small.page.table)
    assert QGuiApplication.clipboard().text() == shown.detail.row.id


def test_a_pasted_line_of_an_export_leads_to_its_example_through_a_filter(small: Desk) -> None:
    page = small.page
    small.search("anaemia")
    assert len(page.browser.model.ids) == 1
    page.table.setFocus()
    small.press(Qt.Key.Key_W)
    line = {
        "messages": [
            {"role": "user", "content": "How is the tablet taken?"},
            {"role": "assistant", "content": "With food, each morning."},
        ]
    }
    QGuiApplication.clipboard().setText(json.dumps(line))
    small.qtbot.keyClick(page.trace.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    small.click(page.trace.find_button)
    assert page.detail.example is not None
    assert page.detail.example.detail.row.content.request == "How is the tablet taken?"
    assert len(page.browser.model.ids) == 4
    assert page.trace.said.full_text() == "It came from this example:"
    line["messages"][1]["content"] = "With milk."
    page.trace.field.set_text(json.dumps(line))
    small.click(page.trace.find_button)
    assert "none that stood here" in page.trace.said.full_text()
    page.trace.field.set_text("no line at all")
    small.click(page.trace.find_button)
    assert "not a line of an export" in page.trace.said.full_text()
    small.press(Qt.Key.Key_Escape, page.trace.field)
    assert not page.trace.isVisible()


def test_another_page_can_ask_for_a_filter_or_an_example(small: Desk) -> None:
    small.window.show_page("examples", {"where": "status = candidate and finding = conflict"})
    small.settle()
    assert len(small.page.browser.model.ids) == 2
    assert [chip.words for chip in small.page.filters.chips] == ["Status: Candidate", "Finding: Conflict"]
    wanted = browsing.example_page(project=small.project, numbers=browsing.example_numbers(project=small.project))[3]
    small.window.show_page("examples", {"example_id": wanted.id})
    small.settle()
    assert small.page.table.current_id() == wanted.seq
    assert small.page.filters.chips == []


def test_what_others_write_is_shown_and_the_cursor_stays(small: Desk) -> None:
    small.page.table.select_row(2)
    small.settle()
    first = small.ids()[0]
    duplicates.set_aside(project=small.project, who=ANA, ids=[first])
    small.context.tell_changed("examples")
    small.settle()
    row = small.page.browser.model.row(0)
    assert row is not None
    assert row.status is Status.SET_ASIDE
    assert small.page.table.currentIndex().row() == 2


def test_the_example_folds_and_the_table_then_shows_every_column(small: Desk) -> None:
    table = small.page.table
    assert table.isColumnHidden(5)
    small.press(Qt.Key.Key_D, table)
    assert not small.page.detail.isVisible()
    assert not any(table.isColumnHidden(section) for section in range(6))
    header = table.horizontalHeader()
    where = header.viewport().rect().center()
    where.setX(header.sectionViewportPosition(5) + 20)
    small.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    small.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    small.settle()
    assert small.page.listing.sort == ("last_review", True)
    first = small.page.browser.model.row(0)
    assert first is not None
    assert first.reviewed.startswith("Ana Ruiz")
    small.press(Qt.Key.Key_D, table)
    assert small.page.detail.isVisible()


def test_how_search_works_is_told_and_true(small: Desk) -> None:
    small.search("morn")
    assert small.ids() == []
    told = small.page.browser.no_fit.sentence.full_text()
    assert "whole words" in told
    assert how_search_works() in told
    assert "whole words" in small.page.search.toolTip()
    small.search("morn*")
    assert len(small.ids()) == 1
    small.search("EACH water")
    assert len(small.ids()) == 1


def test_nothing_that_fits_says_so_and_one_button_clears(small: Desk) -> None:
    small.search("xylophone")
    assert small.page.browser.currentWidget() is small.page.browser.no_fit
    small.click(small.page.browser.no_fit.button)
    assert len(small.page.browser.model.ids) == 4


def test_every_control_has_a_name(small: Desk) -> None:
    small.press(Qt.Key.Key_W, small.page.table)
    small.press(Qt.Key.Key_S, small.page.table)
    assert nameless(small.page) == []


def test_a_long_text_is_painted_whole_after_the_window_became_narrow(real: Desk) -> None:
    real.search("kidney urethra bladder")
    real.window.resize(1024, 700)
    real.settle()
    assert real.page.detail.conversation is not None
    for view in real.page.detail.conversation.texts:
        assert isinstance(view, TextView)
        assert view.viewport().height() >= view.document().size().height()


def test_naughty_strings_are_shown_and_copied_as_they_are(naughty: Desk, data_dir: Path) -> None:
    given = set(json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")))
    table, seen = naughty.page.table, set()
    for position, wanted in enumerate(browsing.examples(project=naughty.project)):
        table.select_row(position)
        naughty.wait(naughty._shown)
        assert shown_text(naughty) == [message.content for message in wanted.content.messages]
        seen.update(shown_text(naughty))
        assert naughty.page.detail.conversation is not None
        for view in naughty.page.detail.conversation.texts:
            view.selectAll()
            # A mark of byte order at the very beginning is not painted and so cannot be selected.
            copied = view.createMimeDataFromSelection().text()
            assert copied == view.text() or view.text().startswith(("\ufeff", "\ufffe"))
    assert seen <= given
    assert len(seen) > 480
