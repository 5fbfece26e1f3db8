"""Before an import nothing is counted twice or hidden, and after it the account says what came of it and what is next."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.gui.pages.importing.conftest import CSV_HEAD, choose, csv_of, place
from tests.gui.whole_window import CTRL, Desk

from accord.gui.pages.examples.page import ExamplesPage
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.importing.page import ImportPage
from accord.gui.widgets import PagedModel, PlainLabel
from accord.workflows import keeping, projects

RETURN = Qt.Key.Key_Return


def test_an_import_undone_elsewhere_is_told_as_taken_back_on_its_account_and_on_home(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert desk.window.focusWidget() is page.report.review
    assert "Next: read the new examples" in page.report.next.full_text()
    desk.context.navigate("examples")
    desk.rest()
    desk.page(ExamplesPage).table.setFocus()
    desk.press(Qt.Key.Key_Z)
    desk.until(lambda: projects.counts(project=desk.project).by_status == {"set_aside": 3})
    desk.rest()
    desk.context.navigate("importing")
    desk.until(lambda: page.outcome is not None and page.outcome.taken_back)
    assert page.report.headline.full_text() == "This import was taken back."
    assert not page.report.review.isVisible()
    assert not page.report.undo.isVisible()
    desk.context.navigate("home")
    desk.rest()
    home = desk.page(HomePage)
    assert home.facts is not None
    assert [run.undone for run in home.facts.imports] == [True]
    assert any("taken back" in label.full_text() for label in home.imports.findChildren(PlainLabel))


def test_a_second_ctrl_enter_imports_nothing_and_the_same_file_is_asked_about(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_of(tmp_path / "a.csv", 3)
    page = choose(desk, monkeypatch, path)
    desk.press(RETURN, CTRL)
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    desk.press(RETURN, CTRL)
    desk.rest()
    assert len(projects.imports_done(project=desk.project)) == 1
    choose(desk, monkeypatch, path)
    desk.press(RETURN, CTRL)
    desk.rest()
    assert desk.window.prompt.isVisible()
    assert "Nothing new would come in" in desk.window.prompt.text.full_text()
    desk.press(RETURN)
    desk.rest()
    assert len(projects.imports_done(project=desk.project)) == 1
    desk.press(RETURN, CTRL)
    desk.press(Qt.Key.Key_Tab)
    desk.press(RETURN)
    desk.until(lambda: len(projects.imports_done(project=desk.project)) == 2)
    desk.rest()
    assert page.report.next.full_text() == "Nothing new came in. Next: choose other files."
    assert desk.window.focusWidget() is page.report.more


def test_one_key_goes_on_to_the_review_after_an_import(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    desk.press(Qt.Key.Key_R)
    assert desk.page(ImportPage) is page
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    desk.press(Qt.Key.Key_R)
    desk.rest()
    assert desk.window.current is not page


def test_several_files_count_what_they_share_once_and_make_one_backup(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "first.csv", 2))
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    page.outcome = None
    three, four, five = (csv_of(tmp_path / f"{n}.csv", n) for n in (3, 4, 5))
    choose(desk, monkeypatch, three, four, five)
    assert [file.count.accepted for file in page.prepare.files if file.count] == [1, 1, 1]
    assert page.summary.full_text() == "3 files · 3 new, 9 seen before or twice"
    page.prepare.leave_out(page.prepare.files[1])
    desk.rest()
    assert [file.count.accepted for file in page.prepare.files if file.count] == [1, 2]
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert [card.report.accepted for card in page.report.cards] == [1, 2]
    assert len(keeping.backups_of(project=desk.project)) == 1


def test_every_row_that_would_be_refused_can_be_seen_before_the_import(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "holes.csv"
    rows = [f"What is {n}?,It is {n}.,t" for n in range(30)] + [f",None asked {n}.,t" for n in range(10)]
    path.write_text(CSV_HEAD + "\n".join([*rows, "Only asked?,,t"]) + "\n", encoding="utf-8")
    page = choose(desk, monkeypatch, path)
    preview = page.prepare.pane.preview
    assert preview.problems.full_text() == "10 of 41 rows would be refused."
    assert page.summary.full_text() == "41 rows: 31 new (1 without an answer), 10 refused"
    assert preview.refused is not None
    desk.tab_to(preview.refused)
    model = preview.refused.model()
    assert isinstance(model, PagedModel)
    desk.press(Qt.Key.Key_End, CTRL)
    assert preview.refused.currentIndex().row() == 9
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    told = [label.full_text() for label in page.report.cards[0].findChildren(PlainLabel)]
    assert any("1 of the new examples has no answer yet" in text for text in told)


def test_what_was_guessed_is_marked_until_a_person_says_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    mapping = page.prepare.pane.mapping
    assert {name: mark.full_text() for name, mark in mapping.marks.items()} == {
        "question": "guessed",
        "answer": "guessed",
        "topic": "",
    }
    assert "guessed" in page.prepare.pane.how_placed.full_text()
    place(page, "topic", "answer", desk)
    assert [mapping.marks[name].full_text() for name in ("question", "answer", "topic")] == ["guessed", "", ""]
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    page = choose(desk, monkeypatch, csv_of(tmp_path / "b.csv", 4))
    assert [mapping.marks[name].full_text() for name in ("question", "topic")] == ["as last time", "as last time"]
    assert "the last time" in page.prepare.pane.how_placed.full_text()


def test_a_first_row_that_is_data_is_said_so_by_keyboard(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    combo = page.prepare.pane.reading.combos["header"]
    assert combo.currentText() == "Auto: names"
    desk.tab_to(combo)
    desk.press(Qt.Key.Key_End)
    desk.until(lambda: page.prepare.files[0].shape is not None and page.prepare.files[0].shape.header == "no")
    desk.rest()
    assert page.prepare.files[0].reading.header == "no"
    assert page.prepare.files[0].shape is not None
    assert "question" not in page.prepare.files[0].shape.columns


def test_in_a_narrow_window_with_several_files_nothing_is_cut(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.window.resize(1024, 700)
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3), csv_of(tmp_path / "b.csv", 4))
    pane = page.prepare.pane
    for part in (pane.reading, pane.columns, pane.preview):
        room = part.parentWidget()
        assert room is not None
        area = room.parentWidget()
        assert area is not None
        assert part.x() >= 0
        assert part.geometry().right() <= area.width()
