"""Opening a team's project from the start page: by keyboard, and the password stays in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.start.page import StartPage
from accord.storage.project import create_project


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    with whole_window(qtbot, context) as found:
        yield found


def test_a_team_s_project_opens_by_its_address(desk: Desk, database: str, tmp_path: Path) -> None:
    create_project(database).close()
    page = desk.page(StartPage)
    desk.press(Qt.Key.Key_D, CTRL)
    assert desk.window.focusWidget() is page.team_form.address
    page.team_form.address.setText(database.replace("postgres@", "postgres:gehe1m-Qx7@"))
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert isinstance(desk.window.current, HomePage)
    assert desk.project.place == database
    assert [p.path for p in desk.context.settings.recent_projects] == [database]
    kept = [path for path in tmp_path.parent.rglob("*") if path.is_file() and b"gehe1m-Qx7" in path.read_bytes()]
    assert kept == []


def test_an_address_that_does_not_answer_is_said_and_asked_for_again(desk: Desk, database: str) -> None:
    page = desk.page(StartPage)
    page.begin_team()
    page.team_form.address.setText(database)
    desk.press(Qt.Key.Key_Return)
    desk.until(page.fault.isVisible)
    assert page.team_form.isVisible()
    assert page.team_form.address.text() == database
    assert desk.window.focusWidget() is page.team_form.password


@pytest.mark.parametrize("text", ["", "clinic", "postgresql://ana@db.example.org/clinic?sslmode=disable"])
def test_what_cannot_be_an_address_is_said_below_it(desk: Desk, text: str) -> None:
    page = desk.page(StartPage)
    page.begin_team()
    page.team_form.address.setText(text)
    page.team_form.open.click()
    assert page.team_form.address_row.note.property("role") == "error"
    assert desk.context.project is None
