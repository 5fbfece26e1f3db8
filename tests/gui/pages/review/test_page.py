"""The page as a whole: place, queue, drafts, keys and names."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListView, QPlainTextEdit
from tests.gui.pages.review.conftest import CTRL, ROWS, Fill, Key, Sit, detail_of, edit, row_of

from accord.domain.ledger import Who
from accord.workflows import browsing, importing


def test_a_draft_survives_a_crash_with_place_and_cursor(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_Right)
    bench.wait_item()
    seq, answer = bench.item.seq, bench.item.base.answer
    bench.press(Key.Key_4)
    bench.press(Key.Key_Q)
    bench.press(Key.Key_5)
    bench.press(Key.Key_Escape)
    edit(bench, " Halfway throu")
    bench.wait(lambda: browsing.drafts_of(project=project, reviewer="ana"))  # no key is pressed meanwhile
    bench.wait(lambda: bench.context.settings.position(project.path).example_id)
    again = sit()
    assert again.item.seq == seq
    assert again.page.reading.restored.isVisible()
    work = again.page.desk.collect()
    assert work.edits == {1: f"{answer} Halfway throu"}
    assert (work.tags, work.ratings) == (("symptoms",), {"correctness": 5})
    assert row_of(project, seq).status == "candidate"


def test_one_begins_with_what_waits_where_the_last_place_is_judged(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS[:3])
    bench = sit()
    first, second, _third = bench.page.desk.order.numbers
    judged = bench.item.id
    bench.press(Key.Key_A)
    bench.wait(lambda: bench.item is not None and bench.item.seq == second)
    bench.press(Key.Key_Left)
    bench.wait(lambda: bench.item is not None and bench.item.seq == first)
    bench.wait(lambda: bench.context.settings.position(project.path).example_id == judged)
    again = sit()
    assert again.item.seq == second
    assert first not in again.page.desk.order


def test_g_goes_on_to_what_waits_and_the_end_says_so(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS[:3])
    bench = sit()
    numbers = list(bench.page.desk.order.numbers)
    bench.press(Key.Key_Right)
    bench.wait_item()
    bench.press(Key.Key_A)
    bench.wait_item()
    bench.press(Key.Key_Left)
    bench.wait_item()
    assert bench.item.seq == numbers[1]
    bench.press(Key.Key_G)
    bench.wait(lambda: bench.item is not None and bench.item.seq == numbers[2])
    bench.press(Key.Key_A)
    bench.wait(lambda: bench.item is not None and bench.item.seq == numbers[0])
    bench.press(Key.Key_A)
    bench.wait(lambda: bench.page.centre.currentWidget() is bench.page.empty)
    assert "done" in bench.page.empty.sentence.full_text()
    bench.wait(lambda: not len(browsing.queue(project=project)))


def test_a_filter_narrows_the_queue_and_is_kept(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.page.queue.search.setText("number 4")
    bench.wait(lambda: len(bench.page.desk.order.numbers) == 1)
    bench.wait_item()
    bench.page.desk.remember_position()
    bench.wait(lambda: "number 4" in bench.context.settings.position(project.path).filter)
    again = sit()
    assert again.page.queue.search.text() == "number 4"
    assert len(again.page.desk.order.numbers) == 1


def test_diff_history_and_folding_leave_everything_as_it_is(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    edit(bench, " More.")
    bench.press(Key.Key_Escape)
    block = bench.page.reading.answer_block()
    assert block is not None
    assert "1 added" in block.view.accessibleDescription()
    for key in (Key.Key_D, Key.Key_H, Key.Key_F):
        bench.press(key)
    assert block.view.text().endswith("More.")
    assert bench.page.asides.history.isVisible()
    assert not bench.page.pane.isVisible()
    bench.press(Key.Key_F)
    assert bench.page.pane.isVisible()
    assert bench.page.desk.collect().edits == {1: f"{ROWS[0][1]} More."}
    assert detail_of(project, bench.item.seq).reviews == ()


def test_every_control_has_a_name(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_R)
    kinds = (QAbstractButton, QPlainTextEdit, QLineEdit, QComboBox, QListView)
    nameless = [
        widget
        for kind in kinds
        for widget in bench.page.findChildren(kind)
        if widget.isVisible() and not widget.accessibleName()
    ]
    assert nameless == []


def test_a_remapped_key_works_and_stands_on_its_button(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.context.actions.set_key("review.accept", "V")
    assert bench.page.bar.accept_button.key() == "V"
    bench.press(Key.Key_A)
    assert bench.item.seq == seq
    bench.press(Key.Key_V)
    bench.wait(lambda: row_of(project, seq).status == "accepted")


def test_an_import_meanwhile_lengthens_the_queue_and_moves_nothing(
    sit: Sit, fill: Fill, project: Any, who: Who, tmp_path: Path
) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_Right)
    bench.wait_item()
    seq = bench.item.seq
    edit(bench, " Half")
    path = tmp_path / "more.csv"
    path.write_text("question,answer\nMore?,Yes.\n", "utf-8")
    importing.import_file(project=project, who=who, path=path, mapping={"request": "question", "answer": "answer"})
    bench.context.tell_changed("imports", "examples")
    bench.wait(lambda: len(bench.page.desk.order.numbers) == 7)
    assert bench.item.seq == seq
    bench.type("way")
    assert bench.page.desk.collect().edits[1].endswith(" Halfway")


def test_another_page_may_ask_for_an_example_to_be_edited(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    fifth = row_of(project, bench.page.desk.order.numbers[4])
    bench.context.navigate("review", where=f"id = {fifth.id}", example_id=fifth.id, edit=True)
    bench.wait(lambda: bench.item is not None and bench.item.id == fifth.id)
    bench.press(Key.Key_End, CTRL)
    bench.type(" Merged.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, fifth.seq).content.answer.endswith(" Merged."))
