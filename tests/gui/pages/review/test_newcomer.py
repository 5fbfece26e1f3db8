"""What a newcomer stumbles over: formats that stay, offers that do not leave, an absurd pace, a list that is stale."""

from dataclasses import replace
from typing import Any

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget
from tests.gui.pages.review.conftest import CTRL, ROWS, SAME, Bench, Fill, Key, Sit, edit, row_of
from tests.workflows.meanings import Meanings

from accord.domain.history import ExampleRow, Place
from accord.domain.records import Source
from accord.gui.pages.review.queue_pane import differing_part
from accord.gui.pages.review.reading import where_in
from accord.gui.widgets import MessageEditor
from accord.workflows import browsing
from accord.workflows.similar import similar

LONG = "\n".join(f"Line {n} of a long request that fills the page." for n in range(80))


def _struck(bench: Bench) -> bool:
    block = bench.page.reading.answer_block()
    assert block is not None
    cursor = QTextCursor(block.view.document())
    places = range(1, block.view.document().characterCount())
    formats = []
    for place in places:
        cursor.setPosition(place)
        formats.append(cursor.charFormat())
    return any(shown.fontStrikeOut() or shown.hasProperty(shown.Property.BackgroundBrush) for shown in formats)


def _replace_answer(bench: Bench, text: str) -> None:
    bench.press(Key.Key_E)
    bench.press(Key.Key_A, CTRL)
    bench.type(text)
    bench.press(Key.Key_Return, CTRL)


def _settled(bench: Bench) -> None:
    bench.wait(lambda: all(job.state.final for job in list(bench.jobs._jobs.values())))
    bench.qtbot.wait(30)


def _listed(bench: Bench, position: int = 0) -> ExampleRow:
    found = bench.page.queue.model.row(position)
    assert isinstance(found, ExampleRow)
    return found


def test_what_was_not_edited_is_not_struck_out(sit: Sit, fill: Fill) -> None:
    fill(ROWS)
    bench = sit()
    first = bench.item.seq
    _replace_answer(bench, "Something else")
    bench.wait(lambda: bench.item is not None and bench.item.seq != first)
    bench.press(Key.Key_Left)
    bench.wait(lambda: bench.item is not None and bench.item.seq == first)
    assert _struck(bench)
    bench.press(Key.Key_Right)
    bench.wait(lambda: bench.item is not None and bench.item.seq != first)
    assert not _struck(bench)


def _edit_the_same_sentence(bench: Bench) -> None:
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    editor.replace_with(editor.text().replace("one tablet", "two tablets"))
    bench.press(Key.Key_Return, CTRL)
    bench.wait(bench.page.asides.same.strip.isVisible)


def test_undo_takes_the_offer_away(sit: Sit, fill: Fill) -> None:
    fill(ROWS)
    bench = sit()
    _edit_the_same_sentence(bench)
    bench.press(Key.Key_Z)
    assert not bench.page.asides.same.strip.isVisible()
    _settled(bench)
    assert not bench.page.asides.same.strip.isVisible()
    assert bench.page.asides.same.offers == []


def test_the_offer_leaves_when_one_goes_on(sit: Sit, fill: Fill) -> None:
    fill(ROWS)
    bench = sit()
    _edit_the_same_sentence(bench)
    bench.press(Key.Key_Right)
    bench.wait_item()
    assert bench.page.asides.same.strip.isVisible()
    bench.press(Key.Key_Right)
    bench.wait_item()
    assert not bench.page.asides.same.strip.isVisible()


def test_one_word_is_no_sentence(sit: Sit, fill: Fill) -> None:
    fill([(f"Is {n} a number?", "Yes") for n in range(4)])
    bench = sit()
    _replace_answer(bench, "Certainly")
    _settled(bench)
    assert bench.page.asides.same.offers == []


def test_the_editor_comes_into_view_with_the_cursor_at_the_end(sit: Sit, fill: Fill) -> None:
    fill([(LONG, "A short answer."), ("Another?", "Another.")])
    bench = sit()
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    assert editor.textCursor().position() == len("A short answer.")

    def in_view(widget: QWidget) -> bool:
        port = bench.page.reading.viewport()
        top = widget.mapTo(port, widget.rect().topLeft()).y()
        return top >= 0 and top + widget.height() <= port.height()

    bench.wait(lambda: in_view(editor))


def test_no_pace_after_few_items_and_undo_counts_back(sit: Sit, fill: Fill) -> None:
    fill([(f"Question {n}?", f"Answer {n}.") for n in range(30)])
    bench = sit()
    for _n in range(3):
        bench.press(Key.Key_A)
        bench.wait_item()
    bench.wait(lambda: bench.page.bar.done.text() == "3 done today")
    assert bench.page.bar.plan.full_text() == ""
    bench.press(Key.Key_Z)
    bench.wait(lambda: bench.page.bar.done.text() == "2 done today")
    for _n in range(12):
        bench.qtbot.wait(120)  # quicker than 0.1 s counts as no time at all
        bench.press(Key.Key_A)
        bench.wait_item()
    bench.wait(lambda: bench.page.bar.done.text().startswith("14 done today, 0:0"))
    assert bench.page.bar.done.text() == "14 done today, 0:02 avg"
    assert bench.page.bar.plan.full_text() == "all that is left: about 1 minute"
    bench.page.bar.show_pace(today=14, history=[60.0] * 10, left=90, per_day=20.0)
    assert bench.page.bar.plan.full_text().startswith("40 minutes: about 40 items · at 20 a day all by ")


def test_the_queue_follows_an_edit_and_its_undo(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    queue, first = bench.page.queue, bench.item.seq
    bench.wait(lambda: queue.model.row(0) is not None)
    edit(bench, " And rest.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, first).status == "accepted")
    bench.wait(lambda: _listed(bench).content.answer == f"{ROWS[0][1]} And rest.")
    assert queue.status_of(_listed(bench)) == "accepted"
    bench.press(Key.Key_Z)
    bench.wait(lambda: _listed(bench).content.answer == ROWS[0][1])
    assert queue.status_of(_listed(bench)) == "candidate"


def test_requests_that_begin_alike_are_told_apart(sit: Sit, fill: Fill) -> None:
    instruction = "Say whether the following note names an allergy."
    fill([(f"{instruction} Note: {name} {name}", "Yes.") for name in ("aspirin", "pollen", "paint")])
    bench = sit()
    bench.wait(lambda: bench.page.queue.model.row(2) is not None)
    assert [bench.page.queue.told_apart(n, _listed(bench, n)) for n in range(3)] == [
        "… aspirin aspirin",
        "… pollen pollen",
        "… paint paint",
    ]


def test_only_a_long_common_beginning_is_left_out() -> None:
    assert differing_part("What is A?", ["What is B?"]) == "What is A?"
    assert differing_part(SAME, [SAME]) == SAME
    assert differing_part(f"{SAME} Or not.", [SAME]) == "… Or not."
    assert differing_part(SAME, [f"{SAME} Or not."]) == SAME
    assert differing_part("诊断" * 20 + "甲", ["诊断" * 20 + "乙"]) == "… 甲"


def test_an_empty_answer_is_asked_for(sit: Sit, fill: Fill, project: Any) -> None:
    fill([("What helps?", ""), ("What else?", "Rest.")])
    waiting = [row.seq for row in browsing.examples(project=project) if not row.content.answer]
    bench = sit()
    assert bench.item.seq == waiting[0]
    assert bench.page.bar.submit.plain_text() == "Submit the answer"
    bench.press(Key.Key_E)
    bench.press(Key.Key_Return, CTRL)
    assert bench.page.bar.fault.text() == "Write an answer first, or reject it."
    bench.type("Water")
    assert not bench.page.bar.fault.isVisible()
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, waiting[0]).content.answer == "Water")
    bench.wait_item()
    bench.press(Key.Key_E)
    assert bench.page.bar.submit.plain_text() == "Submit the edit"


def test_keys_with_nothing_to_do_say_so(sit: Sit, fill: Fill) -> None:
    fill(ROWS)
    bench = sit()
    said: list[str] = []
    bench.context.noticed.connect(lambda notice: said.append(notice.text))
    bench.page.desk.settings = replace(bench.page.desk.settings, ratings=())
    bench.press(Key.Key_Q)
    bench.press(Key.Key_L)
    assert said == [
        "This project asks for no ratings. Its settings say what is rated.",
        "No sentence that you just changed stands in another answer.",
    ]


def test_only_what_is_much_alike_is_shown_as_settled_before(sit: Sit, fill: Fill, project: Any) -> None:
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    fill([(f"What is {words}?", "One."), (f"What is {words} now?", "Two."), ("What is alpha made of there?", "Three.")])
    bench = sit()
    bench.press(Key.Key_A)
    bench.wait_item()
    _settled(bench)
    bench.wait(bench.page.asides.settled.isVisible)
    bench.press(Key.Key_A)
    bench.wait_item()
    bench.qtbot.wait(200)
    _settled(bench)
    alike = similar(project=project, example_id=bench.item.id, embedder=Meanings(), settled=True).found
    assert [0 < found.score < 0.3 for found in alike] == [True, True]
    assert not bench.page.asides.settled.isVisible()


def test_a_line_of_a_file_and_a_row_of_a_sheet() -> None:
    assert where_in(Place(file="a.csv", line=3, import_id=1, source=Source())) == "a.csv, line 3"
    assert where_in(Place(file="a.jsonl.gz", line=3, import_id=1, source=Source())) == "a.jsonl.gz, line 3"
    assert where_in(Place(file="a.xlsx", line=3, import_id=1, source=Source())) == "a.xlsx, row 3"
    assert where_in(Place(file="a.json", line=3, import_id=1, source=Source())) == "a.json, row 3"


def test_the_offer_leaves_with_the_page(sit: Sit, fill: Fill) -> None:
    fill(ROWS)
    bench = sit()
    _edit_the_same_sentence(bench)
    bench.page.deactivated()
    bench.page.activated({})
    _settled(bench)
    assert bench.page.asides.same.offers == []
    assert not bench.page.asides.same.strip.isVisible()
