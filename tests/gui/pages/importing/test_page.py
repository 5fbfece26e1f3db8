"""The import page, by keyboard: columns are placed, rows are seen before they come in, every row is accounted for."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from tests.gui.accessibility import nameless
from tests.gui.pages.importing.conftest import choose, csv_of, place
from tests.gui.whole_window import CTRL, Desk

from accord.gui import opening
from accord.gui.page import Page
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.importing.page import ImportPage
from accord.gui.widgets import PagedModel
from accord.workflows import browsing, duplicates, projects

RETURN = Qt.Key.Key_Return


def test_a_real_file_comes_in_with_its_columns_placed_by_keyboard(
    desk: Desk, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, data_dir / "medical" / "medquad_niddk.csv")
    assert page.prepare.pane.preview.texts()[0] == "What is (are) Acromegaly ?"
    assert page.summary.full_text() == "1\u202f192 rows: 1\u202f144 new, 48 seen before or twice"
    place(page, "focus", "group", desk)
    assert page.prepare.files[0].mapping["group"] == "focus"
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    (report,) = page.outcome.reports if page.outcome else ()
    assert (report.read, report.accepted, report.rejected, report.duplicate) == (1192, 1144, 0, 48)
    desk.rest()
    row = browsing.example_page(project=desk.project, numbers=[1])[0]
    assert (row.group, row.line) == ("Acromegaly", 2)
    assert not duplicates.stale(project=desk.project)
    assert desk.said[-1].text == "1\u202f192 rows read: 1\u202f144 new examples, 48 seen before."


def test_the_preview_follows_the_mapping(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    assert page.prepare.pane.preview.texts() == ["What is 0?", "It is 0."]
    place(page, "topic", "answer", desk)
    assert page.prepare.pane.preview.texts() == ["What is 0?", "t0"]
    assert page.prepare.files[0].targets == {"question": "request", "answer": "", "topic": "answer"}
    desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page.prepare.pane.preview.texts() == ["What is 1?", "t1"]


def test_passing_over_a_place_takes_it_from_nobody(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    place(page, "topic", "tags", desk)
    assert page.prepare.files[0].targets == {"question": "request", "answer": "answer", "topic": "tags"}


def test_a_guess_that_is_not_wanted_is_dropped(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer,source\nWhat is A?,A letter.,hearsay\n", encoding="utf-8")
    page = choose(desk, monkeypatch, path)
    assert page.prepare.files[0].targets["source"] == "source"
    place(page, "source", "", desk)
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    row = browsing.example_page(project=desk.project, numbers=[1])[0]
    source = browsing.example(project=desk.project, example_id=row.id).places[0].source
    assert (source.source, dict(source.metadata)) == ("", {"source": "hearsay"})


def test_without_a_request_nothing_can_be_imported(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    place(page, "question", "", desk)
    assert "Say which column holds the request." in page.prepare.pane.reading.fault.full_text()
    assert not page.run_button.isEnabled()
    assert not desk.context.actions.usable("importing.run")


def test_the_places_are_remembered_for_the_next_file_with_these_columns(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    place(page, "topic", "tags", desk)
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    page = choose(desk, monkeypatch, csv_of(tmp_path / "b.csv", 5))
    assert page.prepare.files[0].targets["topic"] == "tags"
    assert page.summary.full_text() == "5 rows: 2 new, 3 seen before or twice"


def test_a_stopped_import_leaves_nothing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 20_000))
    desk.press(RETURN, CTRL)
    job = page.job
    assert job is not None
    desk.until(lambda: job.done > 0)
    assert page.views.currentWidget() is page.running
    desk.tab_to(page.running.stop)
    desk.press(RETURN)
    desk.until(lambda: page.job is None)
    assert desk.said[-1].text == "The import was stopped. Nothing of it was kept."
    assert page.views.currentWidget() is page.prepare
    assert projects.counts(project=desk.project).examples == 0
    assert projects.imports_done(project=desk.project) == []


def test_files_that_cannot_be_read_are_sentences_and_the_others_go_in(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, good = tmp_path / "scan.pdf", csv_of(tmp_path / "a.csv", 2)
    scan.write_bytes(b"%PDF-1.7 nothing")
    page = choose(desk, monkeypatch, scan, good)
    assert page.prepare.pane.reading.fault.full_text().startswith("scan.pdf cannot be read. It is a PDF file.")
    assert page.summary.full_text() == "2 files · 1 is left out · 2 new"
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert projects.counts(project=desk.project).examples == 2


def test_an_encoding_is_found_and_can_be_changed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = tmp_path / "letters.csv"
    letters.write_bytes("Frage;Antwort\nWas hilft gegen Rückenschmerz?;Wärme\n".encode("latin-1"))
    page = choose(desk, monkeypatch, letters)
    assert page.prepare.pane.preview.texts() == ["Was hilft gegen Rückenschmerz?", "Wärme"]
    encodings = page.prepare.pane.reading.combos["encoding"]
    assert encodings.itemText(0) == "Auto: cp1252"
    desk.tab_to(encodings)
    while encodings.currentData() != "mac-roman":
        desk.press(Qt.Key.Key_Down)
        desk.rest()
    assert page.prepare.pane.preview.texts() == ["Was hilft gegen R¸ckenschmerz?", "W‰rme"]


def test_refused_rows_are_listed_and_kept_in_a_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text('{"question": "A?", "answer": "a"}\n{"question": "", "answer": "b"}\n{bad\n', encoding="utf-8")
    page = choose(desk, monkeypatch, mixed)
    assert page.prepare.pane.preview.problems.full_text().startswith("2 of 3 rows would be refused.")
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    table = page.report.cards[0].table
    assert table is not None
    model = table.model()
    assert isinstance(model, PagedModel)
    desk.until(lambda: model.row(1))
    refused = [fault for fault in (model.row(0), model.row(1)) if fault is not None]
    assert [(fault.line, fault.field) for fault in refused] == [(2, "question"), (3, "")]
    kept = Path(page.report.cards[0].report.rejections_file)
    marks = [json.loads(line)["accord_rejected"] for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [mark["line"] for mark in marks] == [2, 3]
    assert nameless(page) == []


def test_an_import_is_taken_back_by_its_notice(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 3))
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    notice = desk.window.notices.lines()[-1]
    notice.undo.setFocus()
    desk.press(RETURN)
    desk.rest()
    assert desk.said[-1].text == "The import was taken back: 3 examples are set aside."
    assert projects.counts(project=desk.project).by_status == {"set_aside": 3}


def test_home_leads_to_the_account_of_an_earlier_import(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text('{"question": "A?", "answer": "a"}\n{bad\n', encoding="utf-8")
    page = choose(desk, monkeypatch, mixed)
    desk.press(RETURN, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    page.outcome = None
    desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    desk.rest()
    home = desk.page(HomePage)
    desk.until(lambda: home.imports.links)
    assert home.imports.links[0].plain_text() == "1 refused row"
    desk.tab_to(home.imports.links[0])
    desk.press(RETURN)
    desk.until(lambda: desk.page(ImportPage).outcome is not None)
    assert page.report.headline.full_text() == "2 rows read: 1 new example, 1 refused."
    assert page.report.cards[0].report.rejections_file


def test_files_can_be_dropped(desk: Desk, tmp_path: Path) -> None:
    desk.context.navigate("importing")
    page = desk.page(ImportPage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(csv_of(tmp_path / "a.csv", 2))), QUrl("https://example.org/x.csv")])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(50, 50), action, data, button, Qt.KeyboardModifier.NoModifier)
    page.dropEvent(event)
    desk.rest()
    assert [chosen.path.name for chosen in page.prepare.files] == ["a.csv"]


def test_closing_the_window_asks_while_an_import_runs(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Page = choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 20_000))
    desk.press(RETURN, CTRL)
    desk.until(lambda: opening.active_jobs(desk.context))
    desk.window.close()
    assert desk.window.isVisible()
    assert desk.window.prompt.isVisible()
    assert desk.window.prompt.buttons[1].plain_text() == "Stop it"
    desk.window.prompt.buttons[1].click()
    desk.until(lambda: not desk.window.isVisible())
    assert projects.counts(project=desk.project).examples == 0
    assert page is not None


def test_closing_can_wait_for_the_import(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(desk, monkeypatch, csv_of(tmp_path / "a.csv", 4_000))
    desk.press(RETURN, CTRL)
    desk.until(lambda: opening.active_jobs(desk.context))
    desk.window.close()
    assert desk.window.prompt.buttons[0].plain_text() == "Wait for it"
    desk.press(RETURN)
    desk.until(lambda: not desk.window.isVisible())
    assert projects.counts(project=desk.project).examples == 4_000
