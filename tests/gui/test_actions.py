from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from accord.gui.actions import Action, Actions, KeyTaken, best_matches, shown_key
from accord.gui.keys import WindowKeys
from accord.gui.widgets import ActionButton, MessageEditor

LIST = [
    Action(id="review.accept", title="Accept", key="A", page="review"),
    Action(id="review.reject", title="Reject", key="R", page="review"),
    Action(id="examples.all", title="Select all", key="A", page="examples"),
    Action(id="app.keys", title="Show the keys", key="?"),
]


@pytest.fixture
def actions() -> Actions:
    made = Actions()
    made.declare(LIST)
    return made


def test_a_key_may_serve_two_pages_but_not_one_page_twice(actions: Actions) -> None:
    assert actions.conflict("review.accept", "A") is None
    with pytest.raises(KeyTaken, match="Accept"):
        actions.set_key("review.reject", "a")
    assert actions.key("review.reject") == "R"


def test_a_key_that_works_everywhere_is_taken_on_every_page(actions: Actions) -> None:
    with pytest.raises(KeyTaken, match="Show the keys"):
        actions.set_key("review.reject", "?")


def test_a_remapped_key_is_kept_and_the_default_is_not() -> None:
    kept: list[dict[str, str]] = []
    actions = Actions(overrides={"review.reject": "X"}, save=kept.append)
    actions.declare(LIST)
    assert actions.key("review.reject") == "X"
    actions.set_key("review.accept", "Y")
    assert kept[-1] == {"review.reject": "X", "review.accept": "Y"}
    actions.reset_key("review.reject")
    assert kept[-1] == {"review.accept": "Y"}
    actions.reset_all()
    assert kept[-1] == {}


def test_an_action_runs_only_on_its_page_and_when_enabled(actions: Actions) -> None:
    ran: list[str] = []
    ready = False
    actions.bind("review.accept", lambda: ran.append("accept"), enabled=lambda: ready)
    assert not actions.run("review.accept")
    actions.set_page("review")
    assert not actions.run("review.accept")
    ready = True
    assert actions.run("review.accept")
    assert ran == ["accept"]


class Window(QWidget):
    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.editor = MessageEditor("Answer")
        self.button = ActionButton(actions, "review.accept")
        box = QVBoxLayout(self)
        box.addWidget(self.editor)
        box.addWidget(self.button)
        self.keys = WindowKeys(self, actions)


def test_keys_follow_the_page_and_remaps_and_leave_typing_alone(qtbot: QtBot, actions: Actions) -> None:
    ran: list[str] = []
    for action in LIST:
        actions.bind(action.id, partial(ran.append, action.id))
    window = Window(actions)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    actions.set_page("review")
    window.button.setFocus()
    QTest.keyClick(window.button, Qt.Key.Key_A)
    assert ran == ["review.accept"]
    actions.set_page("examples")
    QTest.keyClick(window.button, Qt.Key.Key_A)
    assert ran == ["review.accept", "examples.all"]
    actions.set_page("review")
    actions.set_key("review.accept", "B")
    assert window.button.key() == "B"
    QTest.keyClick(window.button, Qt.Key.Key_A)
    QTest.keyClick(window.button, Qt.Key.Key_B)
    assert ran[2:] == ["review.accept"]
    window.editor.setFocus()
    QTest.keyClicks(window.editor, "rabbit?")
    assert window.editor.text() == "rabbit?"
    assert len(ran) == 3


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rev", "Go to Review"),
        ("lght", "Switch between light and dark"),
        ("dark", "Switch between light and dark"),
        ("go im", "Go to Import"),
    ],
)
def test_the_palette_finds_what_was_meant(typed: str, first: str) -> None:
    titles = ["Go to Import", "Go to Review", "Switch between light and dark", "Larger text", "Release and export"]
    assert titles[best_matches(typed, titles)[0]] == first


def test_the_palette_lists_all_for_nothing_and_nothing_for_nonsense() -> None:
    assert best_matches("", ["a", "b"]) == [0, 1]
    assert best_matches("zzzzqq", ["Go to Import", "Undo"]) == []


def test_keys_are_printed_as_a_person_reads_them() -> None:
    assert shown_key("Ctrl+Return") == "Ctrl+↵"
    assert shown_key("Left") == "←"
    assert shown_key("?") == "?"
