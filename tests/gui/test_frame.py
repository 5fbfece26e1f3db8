import threading
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from accord.domain.errors import Refused
from accord.domain.progress import Progress
from accord.gui.actions import Action, shown_key
from accord.gui.context import Choice, Context, Params
from accord.gui.frame import MainWindow
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.jobs_drawer import HEIGHT
from accord.gui.page import Page, PageSpec
from accord.gui.pages import page_specs
from accord.gui.palette import Entry
from accord.gui.settings_page import SettingsPage
from accord.gui.theme import Theme
from accord.gui.widgets import column
from accord.gui.widgets.notices import JUST_SAID_MS
from accord.gui.widgets.text import PlainLabel
from accord.jobs import JobState
from accord.storage.failures import CannotSave


class Recorder(Page):
    """A page that writes down what it was told."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.told: list[object] = []
        self.stays = False
        self.field = QLineEdit()
        self.field.setAccessibleName("Field")
        self.setLayout(column(self.field))

    def activated(self, params: Params) -> None:
        self.told.append(("activated", dict(params)))

    def deactivated(self) -> None:
        self.told.append("deactivated")

    def refresh(self, changed: AbstractSet[str]) -> None:
        self.told.append(("refresh", sorted(changed)))

    def may_leave(self) -> bool:
        return not self.stays


def specs() -> list[PageSpec]:
    return [
        PageSpec(id="start", title="Start", icon="home", factory=Recorder, available=lambda c: c.project is None),
        PageSpec(id="home", title="Home", icon="home", factory=Recorder, key="Alt+1"),
        PageSpec(id="review", title="Review", icon="check", factory=Recorder, key="Alt+2", group=2),
        PageSpec(id="people", title="People", icon="account", factory=Recorder, available=lambda _context: False),
        PageSpec(
            id="settings", title="Settings", icon="cog", factory=SettingsPage, group=5, available=lambda _context: True
        ),
    ]


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow(context, specs(), ask_counts=lambda _context, deliver: deliver({"review": 12}))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    made._stop_listening()


def page(window: MainWindow) -> Recorder:
    assert isinstance(window.current, Recorder)
    return window.current


def open_project(context: Context) -> None:
    context.set_project(
        SimpleNamespace(file=Path("/data/clinic.accord")), name="Clinic letters", file="/data/clinic.accord"
    )


def test_without_a_project_there_is_a_start_page(window: MainWindow) -> None:
    assert window.rail.page_ids() == ["start", "settings"]
    assert not window.show_page("review")
    assert window.topbar.place() == ("", "Start")


def test_a_project_brings_its_pages_and_closing_it_takes_them(window: MainWindow, context: Context) -> None:
    open_project(context)
    assert window.rail.page_ids() == ["home", "review", "settings"]
    assert window.topbar.place() == ("Clinic letters", "Home")
    assert window.windowTitle().startswith("Clinic letters")
    assert window.statusbar.file.text() == "clinic.accord"
    context.set_project(None)
    assert window.rail.page_ids() == ["start", "settings"]
    assert window.statusbar.file.text() == ""


def test_pages_are_built_on_first_use_and_kept(window: MainWindow, context: Context) -> None:
    open_project(context)
    assert set(window._pages) == {"home"}
    window.show_page("review")
    first = window.current
    window.show_page("home")
    context.navigate("review", example=7)
    assert window.current is first
    assert page(window).told == [("activated", {}), "deactivated", ("activated", {"example": 7})]


def test_a_hidden_page_hears_at_once_of_all_it_missed(window: MainWindow, context: Context) -> None:
    open_project(context)
    window.show_page("review")
    window.show_page("home")
    context.tell_changed("reviews")
    context.tell_changed("tags", "reviews")
    assert page(window).told[-2:] == [("refresh", ["reviews"]), ("refresh", ["reviews", "tags"])]
    window.show_page("review")
    assert page(window).told[-2:] == [("refresh", ["reviews", "tags"]), ("activated", {})]


def test_a_page_may_refuse_to_be_left(window: MainWindow, context: Context) -> None:
    open_project(context)
    page(window).stays = True
    window.rail.button("review").click()
    assert context.actions.page == "home"
    assert window.rail.button("home").isChecked()
    assert not window.rail.button("review").isChecked()


def test_counts_come_to_the_rail(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    qtbot.waitUntil(lambda: window.rail.button("review").accessibleName() == "Review, 12 wait")


def test_alt_and_a_number_go_to_a_page_even_while_typing(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    page(window).field.setFocus()
    QTest.keyClick(page(window).field, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert context.actions.page == "review"


def test_a_notice_offers_undo_and_leaves_when_it_was_taken(window: MainWindow, context: Context) -> None:
    undone: list[str] = []
    context.notify("12 examples set aside.", undo=lambda: undone.append("yes"))
    line = window.notices.lines()[0]
    assert line.undo.isVisibleTo(line)
    line.undo.click()
    assert undone == ["yes"]
    assert window.notices.lines() == []


def test_the_same_notice_is_shown_once_and_few_are_shown(window: MainWindow, context: Context) -> None:
    for text in ("a", "a", "b", "c", "d"):
        context.notify(text)
    assert [line.notice.text for line in window.notices.lines()] == ["c", "d"]


def test_an_error_is_said_once_and_outlasts_what_passes(window: MainWindow, context: Context) -> None:
    context.notify("It failed.", tone="error")
    first = window.notices.lines()[0]
    context.notify("It failed.", tone="error")
    assert window.notices.lines() == [first]
    for text in ("a", "b"):
        context.notify(text)
    assert [line.notice.text for line in window.notices.lines()] == ["It failed.", "b"]


def test_of_one_cause_only_the_newest_error_is_shown_and_it_goes_with_its_cause(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    open_project(context)
    failing = [True]

    def save(_progress: Progress) -> None:
        if failing[0]:
            raise CannotSave("no space left on device")

    run_write(context, "Save", save)
    qtbot.waitUntil(lambda: len(window.notices.lines()) == 1)
    context.notify("The disk is gone.", tone="error", cause="NotSaved")
    assert [line.notice.text for line in window.notices.lines()] == ["The disk is gone."]
    failing[0] = False
    run_write(context, "Save something else", save)
    qtbot.waitUntil(lambda: window.notices.lines() == [])


def test_an_error_is_closed_by_esc_and_does_not_follow_into_another_project(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    open_project(context)
    context.notify("It failed.", tone="error")
    QTest.keyClick(page(window).field, Qt.Key.Key_Escape)
    assert window.notices.lines() == []
    context.notify("It failed again.", tone="error")
    qtbot.wait(JUST_SAID_MS + 50)
    open_project(context)
    assert window.notices.lines() == []


def test_notices_stay_behind_with_their_page_but_errors_do_not(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    open_project(context)
    context.notify("It failed.", tone="error")
    context.notify("12 set aside.")
    qtbot.wait(JUST_SAID_MS + 50)
    window.show_page("review")
    assert [line.notice.text for line in window.notices.lines()] == ["It failed."]
    context.notify("Settled; edit it here.")
    window.show_page("home")
    assert len(window.notices.lines()) == 2, "what is said on the way to a page is read there"


def test_a_notice_covers_no_control_not_even_one_that_comes_up_later(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    open_project(context)
    shown = page(window)
    bar = QPushButton("Release", shown)
    bar.setGeometry(0, shown.height() - 90, shown.width(), 60)
    bar.show()
    context.notify("12 examples set aside.")
    assert not _meet(window, bar)
    field = QLineEdit(shown)
    field.setGeometry(0, shown.height() - 160, shown.width(), 70)
    field.show()
    assert _meet(window, field)
    qtbot.waitUntil(lambda: not _meet(window, field) and not _meet(window, bar))


def _meet(window: MainWindow, control: QWidget) -> bool:
    stack = window.notices
    other = QRect(control.mapToGlobal(QPoint(0, 0)), control.size())
    return QRect(stack.mapToGlobal(QPoint(0, 0)), stack.size()).intersects(other)


def test_a_question_does_not_stop_anything_and_esc_takes_the_last_choice(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    open_project(context)
    page(window).field.setFocus()
    said: list[str] = []
    context.ask(
        "Delete the backup?",
        Choice(title="Delete", run=lambda: said.append("delete"), kind="danger"),
        Choice(title="Keep", run=lambda: said.append("keep")),
    )
    assert window.prompt.isVisible()
    assert window.prompt.buttons[0].hasFocus()
    QTest.keyClick(window.prompt.buttons[0], Qt.Key.Key_Escape)
    assert said == ["keep"]
    assert not window.prompt.isVisible()
    assert page(window).field.hasFocus()


def test_the_palette_runs_what_was_typed(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    ran: list[str] = []
    window.palette_card.add_source(
        lambda text: [Entry(title=f"Search examples for “{text}”", run=lambda: ran.append(text))] if text else []
    )
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_card.isVisible()
    QTest.keyClicks(window.palette_card.field, "revi")
    assert window.palette_card.titles()[0] == "Go to Review"
    assert "Search examples for “revi”" in window.palette_card.titles()
    QTest.keyClick(window.palette_card.field, Qt.Key.Key_Return)
    assert context.actions.page == "review"
    assert not window.palette_card.isVisible()


def test_actions_of_other_pages_are_not_in_the_palette(window: MainWindow, context: Context) -> None:
    open_project(context)
    context.actions.declare([Action(id="review.accept", title="Accept", key="A", page="review")])
    context.actions.bind("review.accept", lambda: None)
    window.palette_card.open()
    assert "Accept" not in window.palette_card.titles()
    window.palette_card.leave()
    window.show_page("review")
    window.palette_card.open()
    assert window.palette_card.titles()[0] == "Accept"


def test_keys_do_not_act_beneath_an_open_sheet(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    ran: list[str] = []
    context.actions.declare([Action(id="home.go", title="Go on", key="G", page="home")])
    context.actions.bind("home.go", lambda: ran.append("go"))
    QTest.keyClick(window, Qt.Key.Key_Question)
    assert window.sheet.isVisible()
    assert window.sheet.groups()[0][0] == "home"
    QTest.keyClick(window.sheet.close_button, Qt.Key.Key_G)
    assert ran == []
    QTest.keyClick(window.sheet.close_button, Qt.Key.Key_Escape)
    assert not window.sheet.isVisible()
    QTest.keyClick(window, Qt.Key.Key_G)
    assert ran == ["go"]


def test_a_job_can_be_stopped_in_the_drawer(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    started = threading.Event()

    def work(progress: Progress) -> None:
        while True:
            progress.report(42, 100, "clinic.csv")
            started.set()
            threading.Event().wait(0.01)
            progress.check()

    run_read(context, "Import clinic.csv", work, done=lambda _none: None, quiet=False)
    qtbot.waitUntil(lambda: "42%" in window.statusbar.jobs.plain_text())
    window.statusbar.jobs.click()
    line = window.drawer.rows()[0]
    assert line.stop.accessibleName() == "Stop “Import clinic.csv”"
    line.stop.click()
    qtbot.waitUntil(lambda: line.job.state is JobState.CANCELLED)
    qtbot.waitUntil(lambda: line.outcome.text() == "Stopped")
    qtbot.waitUntil(lambda: len(window.notices.lines()) == 1)


def test_a_write_says_saved_and_what_changed(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    got: list[int] = []
    run_write(context, "Save", lambda _progress: 7, done=got.append, changed=["reviews"])
    qtbot.waitUntil(lambda: got == [7])
    qtbot.waitUntil(lambda: window.statusbar.saved.text().startswith("saved "))
    assert ("refresh", ["reviews"]) in page(window).told


def test_a_known_failure_is_its_own_sentence_and_a_bug_can_be_copied(
    qtbot: QtBot, window: MainWindow, context: Context
) -> None:
    def refuse(_progress: Progress) -> None:
        raise Refused("The release already has this name.")

    run_write(context, "Release", refuse, changed=["releases"])
    qtbot.waitUntil(lambda: len(window.notices.lines()) == 1)
    assert window.notices.lines()[0].notice.text == "The release already has this name."
    assert not window.statusbar.saved.text()
    releases: dict[str, int] = {}
    run_write(context, "Count", lambda _progress: releases["nothing"])
    qtbot.waitUntil(lambda: len(window.notices.lines()) == 2)
    assert "KeyError" in window.notices.lines()[1].notice.detail


def test_the_rail_shows_labels_where_all_of_them_fit(qtbot: QtBot, window: MainWindow) -> None:
    wide = window.rail.width()
    needed = window.rail.logo.height() + 44 * len(window.rail.page_ids())
    window.setMinimumHeight(0)
    window.rail.resize(wide, needed - 10)
    assert window.rail.width() < wide
    window.rail.resize(wide, 2 * needed)
    assert window.rail.width() == wide


def test_size_and_rail_are_remembered(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    window.resize(1000, 700)
    context.actions.run("app.rail")
    assert window.close()
    again = MainWindow(context, specs())
    qtbot.addWidget(again)
    assert again.height() == 700  # the offscreen screen is narrower than the least width
    assert again.rail.collapsed()
    again.close()


def test_a_damaged_window_file_is_no_reason_not_to_open(qtbot: QtBot, context: Context) -> None:
    folder: Path = context.settings.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "window.json").write_text('["no", {"geometry": 3}]', encoding="utf-8")
    made = MainWindow(context, specs())
    qtbot.addWidget(made)
    assert made.width() == 1280
    made.close()


def test_undo_is_what_the_project_says(window: MainWindow, context: Context) -> None:
    assert not context.actions.run("app.undo")
    undone: list[int] = []
    context.undo = lambda: undone.append(1)
    assert context.actions.run("app.undo")
    assert undone == [1]


def test_larger_text_and_colours_are_kept(window: MainWindow, context: Context) -> None:
    context.actions.run("app.larger")
    context.actions.run("app.theme")
    assert context.settings.get("text_scale") == 110
    assert context.settings.get("theme") == "dark"
    assert context.theme.scale == 110
    assert context.theme.tokens.dark


def test_the_drawer_moves_only_where_things_may_move(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.drawer.toggle()
    assert window.drawer.maximumHeight() == HEIGHT
    window.drawer.toggle()
    monkeypatch.setattr(Theme, "moves", property(lambda _theme: True))
    window.drawer.toggle()
    assert window.drawer.minimumHeight() == 0
    qtbot.waitUntil(lambda: window.drawer.minimumHeight() == window.drawer.maximumHeight() == HEIGHT)


def test_a_click_on_the_rail_leaves_no_ring(qtbot: QtBot, window: MainWindow, context: Context) -> None:
    open_project(context)
    rail = window.rail
    qtbot.waitUntil(rail.button("home").isVisible)
    rail.button("home").setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is rail.button("home"), "by Tab it is reached"
    QTest.mouseClick(rail.button("review"), Qt.MouseButton.LeftButton)
    assert context.actions.page == "review"
    assert window.focusWidget() not in [rail.button(page_id) for page_id in rail.page_ids()]


def test_the_sheet_lists_how_to_go_to_every_page(qapp: QApplication, context: Context) -> None:
    pages, actions = page_specs()
    context.actions.declare(actions)
    made = MainWindow(context, pages)
    open_project(context)
    made.sheet.open()
    listed = {
        shown_key(context.actions.key(a.id)) for group, found in made.sheet.groups() if group == "go" for a in found
    }
    assert {"Alt+1", "Alt+2", "Alt+4", "Alt+5", "Alt+6", "Alt+8", "Alt+0", "F1"} <= listed
    said = [label.text() for label in made.sheet.findChildren(PlainLabel)]
    assert listed <= set(said)
    made._stop_listening()
