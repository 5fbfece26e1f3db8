"""Entering: editors, fields and tags take what is typed and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.gui.pages.review.conftest import CTRL, ROWS, Fill, Key, Sit, detail_of, edit, row_of

from accord.domain.ledger import Who
from accord.gui.widgets import MessageEditor
from accord.workflows import browsing, importing


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


def test_a_missing_answer_is_written_in_an_open_editor(sit: Sit, fill: Fill, project: Any) -> None:
    fill([("What helps?", ""), *ROWS])
    bench = sit()
    seq = bench.item.seq
    assert bench.item.detail.row.status == "needs_answer"
    block = bench.page.reading.answer_block()
    assert block is not None
    assert block.is_open
    bench.press(Key.Key_A)
    assert bench.page.bar.fault.full_text() == "Write an answer first, or reject it."
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
