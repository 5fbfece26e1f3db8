"""Reviewing in the window: the keys lead to exactly what the project then holds."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListView, QPlainTextEdit
from tests.gui.pages.review.conftest import CTRL, Bench, Key

from accord.domain.history import ExampleDetail, ExampleRow
from accord.domain.ledger import Who
from accord.gui.widgets import MessageEditor
from accord.workflows import browsing, duplicates, importing, reviewing

SAME = "Take one tablet a day."
ROWS = [(f"Question number {n}?", f"Answer number {n} is here. {SAME}") for n in range(6)]
Sit = Callable[[], Bench]
Fill = Callable[[Sequence[Sequence[str]]], None]


def row_of(project: Any, seq: int) -> ExampleRow:
    return browsing.example_page(project=project, numbers=[seq])[0]


def detail_of(project: Any, seq: int) -> ExampleDetail:
    return browsing.example(project=project, example_id=row_of(project, seq).id)


def edit(bench: Bench, added: str) -> None:
    bench.press(Key.Key_E)
    bench.press(Key.Key_End, CTRL)
    bench.type(added)


def test_accept_reject_and_unsure_advance_and_are_stored(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seen = [bench.item.seq]
    for keys in ((Key.Key_A,), (Key.Key_R, Key.Key_2), (Key.Key_U,), (Key.Key_R, Key.Key_Return)):
        for key in keys:
            bench.press(key)
        bench.wait_item()
        seen.append(bench.item.seq)
    bench.wait(lambda: row_of(project, seen[3]).status == "rejected")
    assert len(set(seen)) == 5
    assert [row_of(project, seq).status for seq in seen] == [
        "accepted",
        "rejected",
        "disagreement",
        "rejected",
        "candidate",
    ]
    assert detail_of(project, seen[1]).reviews[-1].judgement.reasons == ("unsafe",)
    assert detail_of(project, seen[3]).reviews[-1].judgement.reasons == ()


def test_esc_takes_a_rejection_back_before_it_is_given(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_R)
    assert bench.page.strip.isVisible()
    bench.press(Key.Key_Escape)
    assert not bench.page.strip.isVisible()
    assert bench.item.seq == seq
    bench.press(Key.Key_A)
    bench.wait(lambda: row_of(project, seq).status == "accepted")


def test_twenty_five_items_of_a_real_file(sit: Sit, project: Any, who: Who, data_dir: Path) -> None:
    path = data_dir / "medical" / "medquad_niddk.csv"
    importing.import_file(project=project, who=who, path=path, mapping={"request": "question", "answer": "answer"})
    bench = sit()
    expected: dict[int, tuple[str, str]] = {}
    for n in range(25):
        bench.wait_item()
        seq, answer = bench.item.seq, bench.item.base.answer
        bench.press(Key.Key_2)
        bench.press(Key.Key_5)
        if n % 5 == 0:
            edit(bench, " Reviewed.")
            bench.press(Key.Key_Return, CTRL)
            expected[seq] = ("edit", f"{answer} Reviewed.")
        elif n in {3, 8, 13}:
            bench.press(Key.Key_R)
            bench.press(Key.Key_4)
            expected[seq] = ("reject", answer)
        else:
            bench.press(Key.Key_A)
            expected[seq] = ("accept", answer)
        bench.page.asides.same.drop()
    bench.wait(lambda: len(browsing.queue(project=project)) == 1144 - 25)
    assert len(expected) == 25
    for seq, (verdict, answer) in expected.items():
        found = detail_of(project, seq)
        (review,) = found.reviews
        assert (review.verdict, review.reviewer) == (verdict, "ana")
        assert review.judgement.tags == ("diagnosis", "prevention")
        assert review.judgement.reasons == (("incomplete",) if verdict == "reject" else ())
        assert found.row.content.answer == answer
        assert found.row.status == ("rejected" if verdict == "reject" else "accepted")
    assert browsing.drafts_of(project=project, reviewer="ana") == []
    assert bench.page.queue.count.full_text() == "26 of 1\u202f144"


def test_undo_goes_back_with_text_tags_and_comment(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    bench.press(Key.Key_3)
    bench.press(Key.Key_C)
    bench.type("Dose checked.")
    bench.press(Key.Key_Escape)
    edit(bench, " Not at night.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait_item()
    assert bench.item.seq != seq
    bench.press(Key.Key_Z)
    bench.wait(lambda: bench.item is not None and bench.item.seq == seq)
    work = bench.page.desk.collect()
    assert work.edits == {1: f"{answer} Not at night."}
    assert (work.tags, work.comment) == (("treatment",), "Dose checked.")
    assert bench.page.pane.comment.text() == "Dose checked."
    assert row_of(project, seq).status == "candidate"
    bench.press(Key.Key_A)  # what one sees is what one accepts
    bench.wait(lambda: row_of(project, seq).content.answer == f"{answer} Not at night.")


def test_undo_of_an_earlier_sitting_refills_from_the_review(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    first = sit()
    seq = first.item.seq
    first.press(Key.Key_1)
    first.press(Key.Key_A)
    first.wait(lambda: row_of(project, seq).status == "accepted")
    second = sit()
    second.press(Key.Key_Z)
    second.wait(lambda: second.item is not None and second.item.seq == seq)
    assert second.page.desk.work.tags == ("dosage",)


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


def test_letters_typed_into_a_field_are_no_verdict(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    for key, field in ((Key.Key_C, bench.page.pane.comment), (Key.Key_S, bench.page.pane.citation)):
        bench.press(key)
        bench.type("A R U Z 1 2 E")
        assert field.text() == "A R U Z 1 2 E"
        bench.press(Key.Key_Escape)
    bench.press(Key.Key_T)
    bench.type("aru")
    assert bench.page.pane.tag_field.line.text() == "aru"
    bench.press(Key.Key_Escape)
    assert bench.item.seq == seq
    assert not detail_of(project, seq).reviews
    assert bench.page.desk.work.tags == ()


def test_type_ahead_finds_a_tag_and_makes_a_new_one(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_T)
    bench.type("preg")
    bench.press(Key.Key_Return)
    bench.type("rare disease")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Escape)
    assert bench.page.desk.work.tags == ("pregnancy", "rare disease")
    assert [chip.tag for chip in bench.page.pane.tag_chips if chip.isChecked()] == ["pregnancy", "rare disease"]


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.long)])
def test_opening_and_leaving_nasty_texts_edits_nothing(
    sit: Sit, project: Any, tmp_path: Path, data_dir: Path, count: int
) -> None:
    nasty = [text for text in json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")) if text.strip()]
    worst = ["a\r\nb\rc\n", "\ufeffstart", "x\u2028y\u2029z", "no\u00a0break", "t\t\x00nul", "\ufdd0\ufdd1", "a\u0085b"]
    texts = [f"{text} {n}\r\n" for n, text in enumerate([*worst, *nasty, *nasty][:count])]
    path = tmp_path / "nasty.jsonl"
    lines = [json.dumps({"instruction": text, "input": "", "output": text}) for text in texts]
    path.write_text("\n".join(lines), "utf-8")
    importing.import_file(project=project, who=Who(actor="ana"), path=path)
    bench = sit()
    assert len(bench.page.desk.order.numbers) == count
    for n in range(count):
        bench.wait_item()
        block = bench.page.reading.answer_block()
        assert block is not None
        assert block.text() == bench.item.base.answer
        bench.press(Key.Key_E)
        assert block.text() == bench.item.base.answer
        bench.press(Key.Key_Escape)
        assert bench.page.desk.collect().edits == {}
        if n + 1 < count:
            bench.press(Key.Key_Right)
    assert not bench.page.desk.drafts.dirty
    assert browsing.drafts_of(project=project, reviewer="ana") == []
    assert {row.content.answer for row in browsing.examples(project=project)} == set(texts)


def test_text_beyond_ascii_is_stored_as_typed(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    bench.press(Key.Key_End, CTRL)
    editor.insertPlainText(" 早く · más\u00a0tarde 👩🏽\u200d⚕️")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert row_of(project, seq).content.answer == f"{answer} 早く · más\u00a0tarde 👩🏽\u200d⚕️"


def test_submitting_no_change_says_so_and_stays(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_E)
    bench.press(Key.Key_Return, CTRL)
    assert bench.item.seq == seq
    assert "Nothing was changed" in bench.page.bar.fault.full_text()


def test_a_missing_answer_is_written_in_an_open_editor(sit: Sit, fill: Fill, project: Any) -> None:
    fill([("What helps?", ""), *ROWS])
    bench = sit()
    seq = bench.item.seq
    assert bench.item.detail.row.status == "needs_answer"
    block = bench.page.reading.answer_block()
    assert block is not None
    assert block.is_open
    bench.press(Key.Key_A)
    assert "no answer" in bench.page.bar.fault.full_text()
    bench.press(Key.Key_E)
    bench.type("Rest helps.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert row_of(project, seq).content.answer == "Rest helps."


def test_a_request_is_edited_from_its_pencil(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.page.reading.blocks()[0].pencil.click()
    bench.press(Key.Key_End, CTRL)
    bench.type(" Please?")
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert row_of(project, seq).content.request == "Question number 0? Please?"


def test_a_text_changed_by_someone_else_is_shown_beside_ones_own(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    edit(bench, " Mine.")
    offer = reviewing.FixOffer(
        example_id=bench.item.id,
        base_hash=bench.item.base.hash,
        old=SAME,
        new="Take one capsule a day.",
        before=answer,
        after=answer.replace("tablet", "capsule"),
    )
    reviewing.fix_once(project=project, who=Who(actor="ben", device="there"), offer=offer)
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: bench.item is not None and bench.item.seq == seq and bench.page.reading.banner.isVisible())
    assert bench.item.base.answer == offer.after
    assert bench.page.desk.collect().edits == {1: f"{answer} Mine."}
    assert "capsule" in bench.page.reading.banner.other.text()
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert row_of(project, seq).content.answer == f"{answer} Mine."


def test_what_is_set_aside_cannot_be_judged_until_it_is_back(sit: Sit, fill: Fill, project: Any, who: Who) -> None:
    fill(ROWS)
    first = browsing.queue(project=project)[0]
    duplicates.set_aside(project=project, who=who, ids=[row_of(project, first).id])
    bench = sit()
    bench.page.activated({"example_id": row_of(project, first).id})
    bench.wait(lambda: bench.item is not None and bench.item.seq == first)
    bench.press(Key.Key_A)
    assert bench.item.seq == first
    assert "set aside" in bench.page.reading.banner.text.full_text()
    bench.page.reading.banner.first.click()
    bench.wait(lambda: bench.item is not None and bench.item.detail.row.status == "candidate")
    bench.press(Key.Key_A)
    bench.wait(lambda: row_of(project, first).status == "accepted")


def test_the_same_sentence_is_changed_where_a_person_says_so(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    editor.replace_with(editor.text().replace("one tablet", "two tablets"))
    bench.press(Key.Key_Return, CTRL)
    bench.wait(bench.page.asides.same.strip.isVisible)
    offered = [offer.example_id for offer in bench.page.asides.same.offers]
    assert len(offered) == 5
    bench.press(Key.Key_L)
    assert bench.page.centre.currentWidget() is bench.page.asides.same.walk
    assert not bench.page.bar.accept_button.isEnabled()
    bench.wait(lambda: "Question number 1?" in bench.page.asides.same.walk.request.text())
    bench.press(Key.Key_Y)
    bench.press(Key.Key_N)
    bench.press(Key.Key_Y)
    bench.press(Key.Key_Escape)
    bench.wait(lambda: sum("two tablets" in row.content.answer for row in browsing.examples(project=project)) == 3)
    texts = {row.id: row for row in browsing.examples(project=project)}
    assert ["two tablets" in texts[i].content.answer for i in offered] == [True, False, True, False, False]
    assert [texts[i].status for i in offered] == ["candidate"] * 5
    bench.wait_item()
    assert bench.page.centre.currentWidget() is bench.page.reading


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


def test_the_focus_stays_with_the_text_after_an_edit(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    edit(bench, " More.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait_item()
    assert bench.window.focusWidget() is bench.page.reading
    bench.press(Key.Key_C)
    bench.press(Key.Key_Escape)
    assert bench.window.focusWidget() is bench.page.reading


def test_the_line_one_types_in_stays_in_view(sit: Sit, fill: Fill, project: Any) -> None:
    fill([("Long?", "\n".join(f"Line {n}." for n in range(200)))])
    bench = sit()
    edit(bench, " At the end.")
    bar = bench.page.reading.verticalScrollBar()
    bench.wait(lambda: bar.value() > bar.maximum() - 200)
    bench.press(Key.Key_Home, CTRL)
    bench.wait(lambda: bar.value() < 200)


def test_findings_name_the_other_rows_and_lead_there(sit: Sit, fill: Fill, project: Any, who: Who) -> None:
    long = "Drink water and rest for three days, then see a doctor if the fever stays above thirty nine degrees."
    fill([("What helps with fever?", long), ("What helps with a fever?", long), ("What helps with fever?", "No.")])
    duplicates.find(project=project, who=who, threshold=0.6)
    bench = sit()
    links = [link.plain_text() for link in bench.page.pane.findings.links()]
    assert links == ["Another answer: row 4", "Settle the conflict", "Near-duplicate of row 3"]
    first = bench.item.seq
    bench.page.pane.findings.links()[2].click()
    bench.wait(lambda: bench.item is not None and bench.item.seq != first)
    assert bench.item.base.request == "What helps with a fever?"


def test_time_is_stored_with_the_verdict_and_the_pace_is_shown(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.page.desk.stopwatch._seconds = 90.0
    bench.press(Key.Key_A)
    bench.wait(lambda: "1 done today, 1:30 avg" in bench.page.bar.done.full_text())
    assert 90 <= browsing.pace_of(project=project, reviewer="ana")[0][0] < 100
    assert detail_of(project, seq).reviews[-1].reviewer == "ana"
    assert "40 minutes: about 26 items" in bench.page.bar.plan.full_text()


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
    bench.context.actions.set_key("review.accept", "X")
    assert bench.page.bar.accept_button.key() == "X"
    bench.press(Key.Key_A)
    assert bench.item.seq == seq
    bench.press(Key.Key_X)
    bench.wait(lambda: row_of(project, seq).status == "accepted")


def test_the_next_item_lies_there_when_its_key_returns(sit: Sit, fill: Fill, project: Any) -> None:
    fill([(f"Q{n}?", f"A{n}.") for n in range(30)])
    bench = sit()
    for _n in range(20):
        following = bench.page.desk.order.neighbours(1, 0)[0]
        bench.wait(partial(bench.page.desk.loader.has, following))
        bench.press(Key.Key_A)
        assert bench.item.seq == following
        block = bench.page.reading.answer_block()
        assert block is not None
        assert block.view.text() == bench.item.base.answer


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
