"""Findings beside the item: shown after the text, marked in it, one key away from fixed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QTextEdit
from tests.gui.accessibility import nameless
from tests.gui.pages.review.conftest import CTRL, Bench, Fill, Key, Sit

from accord.checks import registry
from accord.domain.dismissals import DismissReason
from accord.domain.ledger import Who
from accord.gui.theme import theme
from accord.gui.widgets import MessageEditor, PlainLabel
from accord.workflows import findings, importing, projects

SHIFT = Qt.KeyboardModifier.ShiftModifier
MAIL = "ana.ruiz@mail.example.com"
LETTER = f"\N{PILL}\N{FACE WITH TEARS OF JOY} She takes it twice. Write to {MAIL} or to (212) 555-0187."
QUIET = "Drink water and rest for three days."


def wait_found(bench: Bench, count: int) -> None:
    bench.wait(lambda: len(bench.page.asides.findings.open) == count)


def marked(edit: QTextEdit) -> dict[str, bool]:
    """Return the marked texts, and which of them are filled as the chosen one."""
    fill = theme().color("marked")
    found = {}
    for one in edit.extraSelections():
        assert one.format.underlineStyle() != QTextCharFormat.UnderlineStyle.NoUnderline
        found[one.cursor.selectedText()] = one.format.background().color() == fill
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_place_of_a_finding_stands_out_in_view_and_editor(sit: Sit, fill: Fill, mode: str) -> None:
    fill([("How do I take it?", LETTER)])
    theme().set(mode="dark" if mode == "dark" else "light")
    bench = sit()
    wait_found(bench, 2)
    block = bench.page.reading.answer_block()
    assert block is not None
    assert marked(block.view) == {MAIL: False, "(212) 555-0187": False}
    bench.press(Key.Key_W)
    assert marked(block.view) == {MAIL: True, "(212) 555-0187": False}
    assert bench.page.pane.findings.lines[0].isChecked()
    bench.press(Key.Key_W)
    assert marked(block.view) == {MAIL: False, "(212) 555-0187": True}
    bench.press(Key.Key_X)
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    assert editor.textCursor().selectedText() == "(212) 555-0187"
    assert marked(editor) == {MAIL: False, "(212) 555-0187": True}
    assert editor.text() == LETTER, "a mark is no edit"
    theme().set(mode="light")


def test_findings_follow_what_is_typed(sit: Sit, fill: Fill) -> None:
    fill([("How do I take it?", LETTER)])
    bench = sit()
    wait_found(bench, 2)
    bench.press(Key.Key_W)
    bench.press(Key.Key_X)
    bench.press(Key.Key_E)
    bench.press(Key.Key_Delete)
    wait_found(bench, 1)
    bench.type("a@b.example.org and c@b.example.org")
    wait_found(bench, 3)
    names = [line.accessibleName() for line in bench.page.pane.findings.lines]
    assert names[:2] == ["Error: This is an e-mail address."] * 2
    bench.press(Key.Key_Z, CTRL)  # what was typed
    bench.press(Key.Key_Z, CTRL)  # what was deleted
    wait_found(bench, 2)


def test_a_quiet_text_has_no_findings_at_all(sit: Sit, fill: Fill) -> None:
    fill([("What helps?", QUIET), ("And what else?", LETTER)])
    bench = sit()
    part = bench.page.pane.findings
    if bench.item.base.answer != QUIET:
        bench.press(Key.Key_Right)
        bench.wait_item()
    bench.wait(lambda: bench.page.asides.findings.looked == bench.item.base)
    assert not part.isVisible()
    bench.press(Key.Key_W)
    assert bench.page.asides.findings.chosen is None


def test_many_findings_are_folded_and_the_keys_unfold_them(sit: Sit, fill: Fill) -> None:
    many = " ".join(f"w{n}@mail.example.com," for n in range(9))
    fill([("Whom do I write to?", f"These: {many} all of them.")])
    bench = sit()
    wait_found(bench, 9)
    part = bench.page.pane.findings
    assert len(part.lines) == 6
    assert part.more.plain_text() == "3 more"
    bench.press(Key.Key_W, SHIFT)
    assert len(part.lines) == 9
    assert part.lines[8].isChecked()


def test_what_comes_next_is_looked_at_before_it_is_shown(sit: Sit, fill: Fill) -> None:
    fill([("How do I take it?", LETTER), ("How long?", f"{LETTER} A week.")])
    bench = sit()
    wait_found(bench, 2)
    bench.wait(lambda: len(bench.page.asides.findings._kept) == 2)
    first = bench.item.seq
    bench.press(Key.Key_Right)
    assert bench.item.seq != first
    assert (bench.item.id, bench.item.base.hash) in bench.page.asides.findings._kept
    wait_found(bench, 2)


def test_a_finding_is_dismissed_with_a_reason_and_z_takes_it_back(sit: Sit, fill: Fill, project: Any) -> None:
    fill([("How do I take it?", LETTER)])
    bench = sit()
    wait_found(bench, 2)
    bench.press(Key.Key_W)
    bench.press(Key.Key_I)
    assert bench.page.strip.isVisible()
    assert bench.page.strip.question.text() == f"Dismiss “E-mail address” of “{MAIL}”: why?"
    bench.press(Key.Key_C)
    bench.type("The clinic's own")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_M)
    wait_found(bench, 1)
    part = bench.page.pane.findings
    assert part.fold.plain_text() == "Dismissed (1)"
    assert not part._put_aside.isVisible()
    part.fold.click()
    told = [label.full_text() for label in part._put_aside.findChildren(PlainLabel)]
    assert told == ["E-mail address", "May stay · ana · The clinic's own"]
    (said,) = [one for one in findings.of_example(project=project, example_id=bench.item.id) if one.dismissed]
    assert said.dismissed is not None
    assert said.dismissed.reason is DismissReason.ACCEPTABLE
    bench.press(Key.Key_Z)
    wait_found(bench, 2)
    assert bench.item.detail.row.status == "candidate"
    part.lines[0].setFocus()
    bench.press(Key.Key_I)
    bench.press(Key.Key_F)
    wait_found(bench, 1)
    part.restores[0].click()
    wait_found(bench, 2)
    assert nameless(bench.page) == []


def test_what_is_found_in_a_change_is_dismissed_once_it_is_submitted(sit: Sit, fill: Fill) -> None:
    fill([("What helps?", QUIET)])
    bench = sit()
    bench.press(Key.Key_E)
    bench.press(Key.Key_End, CTRL)
    bench.type(" Ask a@b.example.org.")
    wait_found(bench, 1)
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_I)
    bench.press(Key.Key_F)
    bench.wait(lambda: "not submitted" in bench.page.bar.fault.full_text())
    assert len(bench.page.asides.findings.open) == 1


def test_personal_data_is_marked_in_every_message(sit: Sit, project: Any, who: Who, tmp_path: Path) -> None:
    messages = [
        {"role": "system", "content": f"\N{PILL} You write for {MAIL}."},
        {"role": "user", "content": "What helps?"},
        {"role": "assistant", "content": QUIET},
    ]
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps({"messages": messages}) + "\n", encoding="utf-8")
    importing.import_file(project=project, who=who, path=path)
    bench = sit()
    wait_found(bench, 1)
    assert marked(bench.page.reading.blocks()[0].view) == {MAIL: False}
    bench.press(Key.Key_X)
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    assert editor.textCursor().selectedText() == MAIL


def test_marks_stand_right_in_a_difference(sit: Sit, fill: Fill) -> None:
    fill([("How do I take it?", LETTER)])
    bench = sit()
    wait_found(bench, 2)
    bench.press(Key.Key_E)
    bench.press(Key.Key_Home, CTRL)
    bench.type("Now. ")
    bench.press(Key.Key_Delete)
    bench.press(Key.Key_Escape)
    bench.wait(lambda: bench.page.asides.findings.looked == bench.item.base.with_texts(bench.page.desk.work.edits))
    bench.press(Key.Key_W)
    block = bench.page.reading.answer_block()
    assert block is not None
    assert block.view.part_at(0) is not None, "the difference is shown"
    assert marked(block.view) == {MAIL: True, "(212) 555-0187": False}


def test_personal_data_is_replaced_with_a_key_as_a_new_text(sit: Sit, fill: Fill, project: Any, who: Who) -> None:
    settings = projects.settings_of(project=project)
    off = tuple(rule.name for rule in registry.RULES if rule.needs)  # they take seconds to load
    projects.change_settings(
        project=project, who=who, settings=replace(settings, checks=replace(settings.checks, off=off))
    )
    fill([("How do I take it?", LETTER)])
    bench = sit()
    wait_found(bench, 2)
    bench.press(Key.Key_W)
    bench.press(Key.Key_X)
    assert [button.key() for button in bench.page.strip.buttons] == ["S", "R", "E", "Esc"]
    bench.press(Key.Key_R)
    bench.wait(lambda: bench.item is not None and MAIL not in bench.item.base.answer)
    wait_found(bench, 1)
    assert bench.item.base.answer.startswith("\N{PILL}")
    assert "(212) 555-0187" in bench.item.base.answer
    bench.press(Key.Key_Z)
    bench.wait(lambda: bench.item is not None and bench.item.base.answer == LETTER)
    wait_found(bench, 2)
