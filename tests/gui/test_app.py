"""The window as a program: it opens what it is given, keeps it safe, says what went wrong, and closes when all is saved."""

import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord import bootstrap
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui import app, opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery, run_write
from accord.gui.other_programs import OtherPrograms
from accord.gui.pages import NAMES, page_specs
from accord.jobs import Lane
from accord.settings import MachineSettings
from accord.workflows import browsing, importing, keeping, projects, reviewing


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        yield found


def _csv(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("question,answer\nWhat is A?,A letter.\n", encoding="utf-8")
    return path


def test_every_page_is_there_once() -> None:
    specs, _actions = page_specs()
    assert [spec.id for spec in specs] == list(NAMES)


def test_no_key_does_two_things(desk: Desk) -> None:
    actions = desk.context.actions
    both = [(a.id, other.id) for a in actions.all() if (other := actions.conflict(a.id, actions.key(a.id)))]
    assert both == []


def test_every_page_shows_on_an_empty_project(desk: Desk) -> None:
    for spec in desk.window.available():
        assert desk.window.show_page(spec.id)
        desk.rest()
        assert desk.context.actions.page == spec.id
    assert [notice.text for notice in desk.said if notice.tone == "error"] == []


def test_a_changed_project_is_backed_up_once(desk: Desk, tmp_path: Path) -> None:
    importing.import_file(project=desk.project, who=Who(actor="ana"), path=_csv(tmp_path))
    backups = desk.window.findChild(app.TimedBackups)
    assert backups is not None
    for _time in range(2):
        backups.back_up()
        desk.rest()
    made = keeping.backups_of(project=desk.project)
    assert [backup.reason for backup in made] == ["timed"]
    copy = projects.open_project(path=made[0].path)
    assert projects.counts(project=copy).examples == 1
    copy.close()


def test_closing_waits_for_what_is_being_saved(desk: Desk) -> None:
    saved = threading.Event()
    done: list[bool] = []
    desk.context.jobs.run(Lane.WRITE, "Saving", lambda _progress: saved.wait(20), done=done.append)
    desk.window.close()
    assert desk.window.isVisible()
    assert desk.said[-1].text == "Something is still being saved. Accord closes when it is done."
    saved.set()
    desk.until(lambda: not desk.window.isVisible())
    assert done == [True]


def test_ctrl_z_takes_back_the_last_act_from_any_page(desk: Desk, tmp_path: Path) -> None:
    who = Who(actor=desk.context.actor, device=desk.context.settings.device_id)
    importing.import_file(project=desk.project, who=who, path=_csv(tmp_path))
    desk.context.tell_changed("imports", "examples")
    desk.rest()
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.rest()
    assert desk.said[-1].text.startswith(f"Taken back: the import, by {who.actor} at ")
    assert desk.said[-1].text.endswith("1 example changed with it.")
    assert projects.counts(project=desk.project).by_status == {"set_aside": 1}


def test_another_project_takes_the_place_of_the_first(desk: Desk, tmp_path: Path) -> None:
    first = desk.project
    opening.new_project(desk.context, path=tmp_path / "b.accord", preset="legal", title="Second")
    desk.until(lambda: desk.context.project is not first)
    desk.rest()
    assert desk.context.project_name == "Second"
    assert "Second" in desk.window.windowTitle()
    assert desk.window.statusbar.file.full_text() == "b.accord"


def test_a_project_that_cannot_be_opened_leaves_the_open_one(desk: Desk, tmp_path: Path) -> None:
    first = desk.project
    opening.open_project(desk.context, tmp_path / "nowhere.accord")
    desk.rest()
    assert desk.context.project is first
    assert desk.said[-1].text.startswith("There is no project at")


def test_a_fault_that_nobody_caught_is_told_in_the_window(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    delivery = GuiDelivery()
    app.report_bugs(desk.context, delivery)
    error = ValueError("broken")
    sys.excepthook(ValueError, error, None)
    assert desk.said[-1].tone == "error"
    assert "ValueError: broken" in desk.said[-1].detail
    assert "ValueError: broken" in capsys.readouterr().err


def test_the_program_runs_on_a_project_until_it_is_closed(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    monkeypatch.setattr(signal, "signal", lambda *_args: None)
    path = tmp_path / "clinic.accord"
    projects.new_project(path=path, who=Who(actor="ana"), title="Clinic").close()
    titles: list[str] = []

    def look() -> None:
        for window in qapp.topLevelWidgets():
            if isinstance(window, app.AppWindow) and window.isVisible() and window.context.project is not None:
                titles.append(window.windowTitle())
                window.close()
                return
        QTimer.singleShot(50, look)

    QTimer.singleShot(50, look)
    assert app.run(bootstrap.start(), path) == 0
    assert len(titles) == 1
    assert titles[0].startswith("Clinic")


def test_a_project_opens_on_the_page_it_was_left_on(desk: Desk, tmp_path: Path) -> None:
    assert desk.context.actions.page == "home"
    desk.window.show_page("duplicates")
    opening.close_project(desk.context)
    desk.until(lambda: desk.context.actions.page == "start")
    desk.rest()
    desk.open_new(tmp_path / "other.accord")
    assert desk.context.actions.page == "home", "each project has its own"
    opening.open_project(desk.context, tmp_path / "clinic.accord")
    desk.until(lambda: desk.context.actions.page == "duplicates")


def test_the_page_is_kept_for_the_next_start_too(desk: Desk, tmp_path: Path) -> None:
    desk.window.show_page("examples")
    desk.window.close()
    desk.rest()
    kept = MachineSettings(desk.context.settings.folder)
    assert kept.kept_of(tmp_path / "clinic.accord", "last_pages") == "examples"


def test_what_another_program_brings_in_is_shown(desk: Desk, tmp_path: Path) -> None:
    watch = desk.window.findChild(OtherPrograms)
    assert watch is not None
    told: list[object] = []
    desk.context.changed.connect(told.append)
    watch.look()
    desk.rest()
    assert told == []
    other = projects.open_project(path=desk.project.path)
    importing.import_file(project=other, who=Who(actor="Ben"), path=_csv(tmp_path))
    other.close()
    watch.look()
    desk.rest()
    assert told == [frozenset(opening.ALL_KINDS)]
    assert desk.window.statusbar.saved.text().startswith("Changed by another program ")
    assert [notice for notice in desk.said if notice.tone != "good"] == []


def test_a_colleague_s_reviews_are_shown_and_no_alarm(desk: Desk, tmp_path: Path) -> None:
    watch = desk.window.findChild(OtherPrograms)
    assert watch is not None
    importing.import_file(project=desk.project, who=Who(actor=desk.context.actor), path=_csv(tmp_path))
    told: list[object] = []
    desk.context.changed.connect(told.append)
    watch.look()
    desk.rest()
    assert told == [], "one's own import is no news"
    other = projects.open_project(path=desk.project.path)
    row = next(browsing.examples(project=other))
    judgement = Judgement(verdict=Verdict.ACCEPT)
    reviewing.submit(project=other, who=Who(actor="Ben"), example_id=row.id, judgement=judgement)
    other.close()
    watch.look()
    desk.rest()
    assert told == [frozenset(opening.ALL_KINDS)]
    assert "another program" not in desk.window.statusbar.saved.text()


def test_a_project_file_that_is_gone_is_told_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    watch = desk.window.findChild(OtherPrograms)
    assert watch is not None
    path = desk.project.path
    path.rename(tmp_path / "moved.accord")
    for _time in range(2):
        watch.look()
        desk.rest()
    sentence = "The project file was moved or replaced. What you do now would be lost: save a copy, or open it again."
    assert [notice.text for notice in desk.said] == [sentence]
    done: list[object] = []
    project = desk.project
    settings = replace(projects.settings_of(project=project), title="Other")
    run_write(
        desk.context,
        "Settings",
        lambda _progress: projects.change_settings(project=project, who=Who(actor="Ana"), settings=settings),
        done=done.append,
    )
    desk.rest()
    assert done == []
    assert [line.notice.text for line in desk.window.notices.lines()] == [sentence], "said once, and it stays"
    projects.new_project(path=path, who=Who(actor="Ben"), title="Another").close()
    notice = desk.window.notices.lines()[0]
    assert notice.undo.plain_text() == "Open again"
    notice.undo.click()
    desk.until(lambda: desk.context.project_name == "Another")
