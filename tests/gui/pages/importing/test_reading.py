"""How a file is read, by keyboard: encodings side by side, delimiters, places inside rows, refused rows corrected."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.importing.page import ImportPage
from accord.gui.pages.importing.preview_pane import STANDS
from accord.gui.pages.importing.row_tree import RowTree
from accord.workflows import browsing, projects

ALT, RETURN = Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Return


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        yield found


def _choose(desk: Desk, monkeypatch: pytest.MonkeyPatch, *paths: Path) -> ImportPage:
    monkeypatch.setattr(files, "ask_for_data", lambda _parent: list(paths))
    desk.press(Qt.Key.Key_2, ALT)
    page = desk.page(ImportPage)
    desk.press(Qt.Key.Key_N, CTRL)
    desk.until(lambda: page.prepare.files and all(f.fault or f.count or f.choices for f in page.prepare.files))
    desk.rest()
    return page


def _pick(desk: Desk, page: ImportPage, what: str, value: str) -> None:
    """Choose how to read the file with the arrow keys."""
    combo = page.prepare.pane.reading.combos[what]
    desk.tab_to(combo)
    while combo.currentData() != value:
        at, wanted = combo.currentIndex(), combo.findData(value)
        assert wanted >= 0
        desk.press(Qt.Key.Key_Down if at < wanted else Qt.Key.Key_Up)
    desk.rest()


def _jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_where_the_encoding_is_not_certain_the_readings_stand_side_by_side(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ru.csv"
    path.write_bytes("question,answer\nПривет как дела,хорошо\n".encode("cp1251"))
    page = _choose(desk, monkeypatch, path)
    unsure = page.prepare.pane.unsure
    assert unsure.isVisible()
    assert unsure.views[0].text() == "Привет как дела,хорошо"
    assert len({view.text() for view in unsure.views}) == len(unsure.views) > 2
    assert not desk.context.actions.usable("importing.run")
    assert nameless(page) == []
    desk.press(Qt.Key.Key_1)
    desk.rest()
    assert not unsure.isVisible()
    assert page.prepare.files[0].reading.encoding == "cp1251"
    assert not desk.context.actions.usable("importing.reading_1")
    _pick(desk, page, "encoding", "")
    assert unsure.isVisible()


def test_another_delimiter_is_shown_at_once(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("question;answer,note\nWhy?;Because,so\nHow?;Thus,then\n", encoding="utf-8", newline="\r\n")
    page = _choose(desk, monkeypatch, path)
    _pick(desk, page, "delimiter", ";")
    file = page.prepare.files[0]
    assert file.shape is not None
    assert file.shape.columns == ("question", "answer,note")
    assert page.prepare.pane.reading.facts.full_text().startswith("CSV, semicolon")
    _pick(desk, page, "delimiter", ",")
    assert file.shape is not None
    assert file.shape.columns == ("question;answer", "note")


def _go_to(tree: RowTree, desk: Desk, place: str) -> None:
    """Go down to a value with the arrow keys."""
    desk.tab_to(tree)
    desk.press(Qt.Key.Key_Home)
    for _step in range(60):
        if tree.current_place() == place:
            return
        desk.press(Qt.Key.Key_Down)
    raise AssertionError(f"{place} is not in the tree")


def _use_as(tree: RowTree, desk: Desk, title: str) -> None:
    desk.press(RETURN)
    menu = tree.menu
    assert menu is not None
    for _step in range(30):
        chosen = menu.activeAction()
        if chosen is not None and chosen.text() == title:
            QTest.keyClick(menu, RETURN)
            desk.window.activateWindow()  # what a window system does when a menu closes
            desk.until(desk.window.isActiveWindow)
            desk.rest()
            return
        QTest.keyClick(menu, Qt.Key.Key_Down)
    raise AssertionError(f"the menu has no {title}")


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")  # the offscreen platform, when a menu opens
def test_a_value_inside_a_row_is_chosen_where_it_stands(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"n": n, "data": {"turns": [f"What is {n}?", "x"], "reply/best": f"It is {n}."}} for n in range(3)]
    page = _choose(desk, monkeypatch, _jsonl(tmp_path / "a.jsonl", *rows))
    preview = page.prepare.pane.preview
    if preview.side.value() != STANDS:
        desk.press(Qt.Key.Key_V, ALT)
    assert preview.tree.isVisible()
    assert nameless(page) == []
    _go_to(preview.tree, desk, "/data/turns/0")
    _use_as(preview.tree, desk, "Use as: Request")
    _go_to(preview.tree, desk, "/data/reply~1best")
    _use_as(preview.tree, desk, "Use as: Answer")
    mapping = page.prepare.files[0].mapping
    assert (mapping["request"], mapping["answer"]) == ("/data/turns/0", "/data/reply~1best")
    assert page.prepare.pane.mapping.combos["/data/turns/0"].currentData() == "request"
    desk.press(Qt.Key.Key_V, ALT)
    assert preview.texts()[:2] == ["What is 0?", "It is 0."]
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert projects.counts(project=desk.project).examples == 3


def test_tool_calls_and_tools_are_readable(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    row = {
        "messages": [
            {"role": "user", "content": "Rain?"},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "dry"},
            {"role": "assistant", "content": "No."},
        ],
        "tools": [{"type": "function", "function": {"name": "weather", "parameters": {}}}],
    }
    page = _choose(desk, monkeypatch, _jsonl(tmp_path / "a.jsonl", row))
    words = [label.full_text() for label in page.prepare.pane.preview.words]
    assert "Tools it may use: weather" in words
    assert "calls weather (city: Paris)" in words


def test_the_worse_answer_of_a_pair_is_shown(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"prompt": f"Why {n}?", "chosen": f"Good {n}.", "rejected": f"Bad {n}."} for n in range(3)]
    page = _choose(desk, monkeypatch, _jsonl(tmp_path / "a.jsonl", *rows))
    assert page.prepare.files[0].shape is not None
    assert page.prepare.files[0].shape.format == "preference"
    assert page.prepare.pane.preview.texts() == ["Why 0?", "Good 0.", "Bad 0."]


def test_refused_rows_are_corrected_and_come_in(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _jsonl(tmp_path / "a.jsonl", {"question": "A?", "answer": "a"}, {"question": "", "answer": "b"})
    opened: list[Path] = []

    def note(wanted: Path) -> bool:
        opened.append(wanted)
        return True

    monkeypatch.setattr(files, "open_outside", note)
    page = _choose(desk, monkeypatch, path)
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    card = page.report.cards[0]
    assert card.correct is not None
    desk.tab_to(card.correct)
    desk.press(RETURN)
    desk.rest()
    refused = Path(card.report.rejections_file)
    assert opened == [refused]
    assert [chosen.path for chosen in page.prepare.files] == [refused]
    before = page.prepare.files[0].asked
    fixed = refused.read_text("utf-8").replace('"question": ""', '"question": "B?"')
    assert "B?" in fixed
    refused.write_text(fixed, encoding="utf-8")
    desk.until(lambda: page.prepare.files[0].asked > before)
    desk.rest()
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None and page.outcome.reports[0].file != str(path))
    desk.rest()
    assert projects.counts(project=desk.project).examples == 2
    assert browsing.example_page(project=desk.project, numbers=[2])[0].content.request == "B?"


def test_whose_verdicts_come_in_is_told_before_and_after(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"question": f"Q{n}?", "answer": f"A{n}.", "reviewer": "ana" if n % 3 else "li", "verdict": "accept"}
        for n in range(6)
    ]
    page = _choose(desk, monkeypatch, _jsonl(tmp_path / "a.jsonl", *rows))
    for column in ("reviewer", "verdict"):
        combo = page.prepare.pane.mapping.combos[column]
        combo.setCurrentIndex(combo.findData(column))
    desk.rest()
    told = "Verdicts of 2 people come in as their reviews: li 2, ana 4."
    assert page.prepare.pane.preview.verdicts.full_text() == told
    assert projects.counts(project=desk.project).examples == 0
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert page.outcome is not None
    assert page.outcome.reports[0].verdicts == {"ana": 4, "li": 2}


def test_a_long_list_can_be_looked_into_though_its_text_is_cut(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"question": f"Q{n}?", "parts": [f"first {n}", 'se"cond' + " long" * 400]} for n in range(2)]
    page = _choose(desk, monkeypatch, _jsonl(tmp_path / "a.jsonl", *rows))
    desk.press(Qt.Key.Key_V, ALT)
    tree = page.prepare.pane.preview.tree
    _go_to(tree, desk, "/parts/1")
    item = tree.currentItem()
    assert item is not None
    assert item.text(1).startswith('se"cond long')


def test_blank_cells_below_a_question_repeat_it_by_one_box(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["no,question,answer", "1,Why?,Because.", ",,Since.", "2,How?,Thus.", ",,So."]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    page = _choose(desk, monkeypatch, path)
    box, file = page.prepare.pane.reading.fill, page.prepare.files[0]
    assert box.isVisible()
    assert box.isChecked()
    assert file.count is not None
    assert (file.count.accepted, file.count.rejected) == (4, 0)
    assert "repeat the filled one above" in page.prepare.pane.reading.notes.full_text()
    assert file.preview is not None
    assert file.preview.faults == []
    desk.tab_to(box)
    desk.press(Qt.Key.Key_Space)
    desk.until(lambda: file.count is not None and file.count.rejected == 2)
    assert file.preview is not None
    assert len(file.preview.faults) == 2
    assert not box.isChecked()
    desk.press(Qt.Key.Key_Space)
    desk.until(lambda: file.count is not None and file.count.rejected == 0)
    assert nameless(page) == []
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    assert page.outcome is not None
    assert [(report.accepted, report.filled) for report in page.outcome.reports] == [(4, ("no", "question"))]


def test_a_table_without_blank_cells_has_no_box_for_them(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\nWhy?,Because.\n", encoding="utf-8")
    assert not _choose(desk, monkeypatch, path).prepare.pane.reading.fill.isVisible()
