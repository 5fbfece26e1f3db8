"""The start page, by keyboard: a new project, recent ones, what cannot be opened, a backup, the sample."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.domain.ledger import Who
from accord.gui import files, opening
from accord.gui.context import Context
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.start.new_project import PresetCards, file_stem
from accord.gui.pages.start.page import StartPage
from accord.gui.pages.start.recent import shown_when
from accord.workflows import keeping, projects


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    with whole_window(qtbot, context) as found:
        yield found


def _start(desk: Desk) -> StartPage:
    return desk.page(StartPage)


def test_a_project_is_made_from_the_medical_preset_by_keyboard(desk: Desk, tmp_path: Path) -> None:
    page = _start(desk)
    assert desk.window.focusWidget() is page.form.name
    desk.type("Clinic letters 2026")
    desk.tab_to(page.form.presets.cards["general"].button)
    desk.press(Qt.Key.Key_Right)
    assert page.form.presets.value() == "medical"
    desk.tab_to(page.form.make)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert desk.project.path == tmp_path / "clinic-letters-2026.accord"
    settings = projects.settings_of(project=desk.project)
    assert (settings.preset, settings.title) == ("medical", "Clinic letters 2026")
    assert settings.rules.refuse_personal_data
    assert isinstance(desk.window.current, HomePage)
    assert [p.title for p in desk.context.settings.recent_projects] == ["Clinic letters 2026"]


def test_a_project_without_a_name_is_not_made(desk: Desk, tmp_path: Path) -> None:
    page = _start(desk)
    desk.press(Qt.Key.Key_Return)
    assert page.form.name_row.note.text() == "Give the project a name of letters or digits."
    assert list(tmp_path.glob("*.accord")) == []


def test_a_name_that_is_taken_is_said_and_the_file_stays(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "clinic.accord").write_bytes(b"precious")
    desk.type("Clinic")
    desk.press(Qt.Key.Key_Return)
    page = _start(desk)
    desk.until(page.fault.isVisible)
    assert "is already there" in page._fault_text.full_text()
    assert page.form.name.text() == "Clinic"
    assert (tmp_path / "clinic.accord").read_bytes() == b"precious"


def test_a_recent_project_opens_with_enter_and_ctrl_w_closes_it(desk: Desk, tmp_path: Path) -> None:
    desk.open_new(tmp_path / "a.accord", "Letters")
    desk.press(Qt.Key.Key_W, CTRL)
    page = _start(desk)
    desk.rest()
    assert desk.context.project is None
    assert desk.window.focusWidget() is page.recent.rows[0]
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert desk.context.project_name == "Letters"


def test_a_file_that_is_no_project_is_a_sentence_on_the_start_page(desk: Desk, tmp_path: Path) -> None:
    foreign = tmp_path / "notes.accord"
    foreign.write_text("my notes", encoding="utf-8")
    opening.open_project(desk.context, foreign)
    page = _start(desk)
    desk.until(page.fault.isVisible)
    assert "is not an Accord project. It was not changed." in page._fault_text.full_text()
    assert foreign.read_text(encoding="utf-8") == "my notes"


def test_a_recent_project_that_went_away_says_so_and_can_be_forgotten(desk: Desk, tmp_path: Path) -> None:
    desk.context.settings.remember_project(tmp_path / "gone.accord", "Gone")
    desk.context.navigate("start")
    desk.rest()
    page = _start(desk)
    assert "not found there now" in page.recent.rows[0].where.full_text()
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_Space)
    desk.rest()
    assert desk.context.settings.recent_projects == ()
    assert page.form.isVisible()


def test_a_backup_becomes_a_project(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = projects.new_project(path=tmp_path / "a.accord", who=Who(actor="ana"), title="Letters")
    backup, _digest = keeping.backup(project=project)
    project.close()
    before = backup.read_bytes()
    monkeypatch.setattr(files, "ask_for_project", lambda _parent: backup)
    monkeypatch.setattr(files, "ask_where_to_save", lambda _parent, _proposal: tmp_path / "again.accord")
    desk.press(Qt.Key.Key_R, CTRL)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert (desk.project.path, desk.context.project_name) == (tmp_path / "again.accord", "Letters")
    assert backup.read_bytes() == before


def test_the_sample_is_made_once_and_opened_again_after(desk: Desk, tmp_path: Path) -> None:
    for _time in range(2):
        desk.press(Qt.Key.Key_T, CTRL)
        desk.until(lambda: desk.context.project is not None)
        desk.rest()
        assert projects.counts(project=desk.project).examples >= 200
        desk.press(Qt.Key.Key_W, CTRL)
        desk.rest()
    assert len(list(tmp_path.glob("*.accord"))) == 1


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Clinic letters 2026", "clinic-letters-2026"),
        ("../../etc/passwd", "etc-passwd"),
        ("病历 2026", "病历-2026"),
        ("...", ""),
    ],
)
def test_a_name_becomes_a_file_name_that_every_system_takes(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_moment_is_said_as_people_say_it() -> None:
    noon = datetime.now(UTC).astimezone().replace(hour=12, minute=5)
    assert shown_when(noon.isoformat(), noon.date()) == "today 12:05"
    assert shown_when(noon.isoformat(), noon.date() + timedelta(days=1)) == "yesterday 12:05"
    assert shown_when("2026-01-02T12:00:00+00:00", date(2026, 5, 1)) == "2026-01-02"
    assert shown_when("never", noon.date()) == ""


def test_the_presets_promise_only_what_there_is(qtbot: QtBot) -> None:
    cards = PresetCards()
    qtbot.addWidget(cards)
    said = " ".join(label.text() for label in cards.findChildren(QLabel)).lower()
    assert "clinical tags" in said
    assert not any(word in said for word in ("personal", "overlap", "agreement", "stops a release"))


def test_no_button_of_the_start_page_is_cut_and_fields_stand_in_one_line(desk: Desk) -> None:
    page = _start(desk)
    desk.press(Qt.Key.Key_D, CTRL)
    for width in (1280, 1024, 880):
        desk.window.resize(width, 700)
        desk.qtbot.wait(30)
        for position in range(page.ways.count()):
            item = page.ways.itemAt(position)
            button = item.widget() if item is not None else None
            assert button is not None
            assert button.width() >= button.sizeHint().width(), button.accessibleName()
            assert button.geometry().right() <= page.team_form.geometry().right()
        form = page.team_form
        assert form.address.mapTo(form, form.address.rect().topLeft()).y() == (
            form.password.mapTo(form, form.password.rect().topLeft()).y()
        )
