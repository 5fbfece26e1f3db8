from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from accord.gui.actions import Action, Actions
from accord.gui.context import Context
from accord.gui.key_editor import KeyEditor
from accord.gui.settings_page import SettingsPage
from accord.gui.theme import theme
from accord.settings import MACHINE_SETTINGS, MachineSettings


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> SettingsPage:
    context.actions.declare(
        [Action(id="a", title="Accept", key="A", page="review"), Action(id="r", title="Reject", key="R", page="review")]
    )
    made = SettingsPage(context, lambda: {"review": "Review"})
    qtbot.addWidget(made)
    made.show()
    made.activated({})
    return made


def test_every_shown_setting_has_a_row_and_no_other(page: SettingsPage) -> None:
    assert list(page.rows) == [declared.name for declared in MACHINE_SETTINGS if declared.shown]


def test_a_choice_holds_at_once_and_is_kept(qtbot: QtBot, page: SettingsPage, context: Context) -> None:
    dark = next(
        button
        for button in page.rows["theme"].control.findChildren(QPushButton)
        if button.accessibleName().endswith("Dark")
    )
    dark.click()
    qtbot.waitUntil(lambda: theme().tokens.dark)
    assert MachineSettings(context.settings.folder).get("theme") == "dark"


def test_a_number_is_kept_when_the_page_is_left(page: SettingsPage, context: Context) -> None:
    spin = page.rows["text_scale"].control
    assert isinstance(spin, QSpinBox)
    spin.setValue(150)
    page.deactivated()
    assert context.settings.get("text_scale") == 150
    assert theme().scale == 150


def test_the_page_shows_what_was_changed_elsewhere(page: SettingsPage, context: Context) -> None:
    context.settings.set("text_scale", 120)
    page.activated({})
    spin = page.rows["text_scale"].control
    assert isinstance(spin, QSpinBox)
    assert spin.value() == 120
    assert not page._waiting


def test_a_key_is_changed_by_pressing_it(qtbot: QtBot, page: SettingsPage, context: Context) -> None:
    field = page.keys.fields["a"]
    field.click()
    assert field.listening()
    QTest.keyClick(field, Qt.Key.Key_B)
    assert context.actions.key("a") == "B"
    assert context.settings.get("key_bindings") == {"a": "B"}
    assert page.keys.reset.isEnabled()


def test_a_taken_key_is_refused_with_a_sentence(qtbot: QtBot, page: SettingsPage, context: Context) -> None:
    field = page.keys.fields["a"]
    field.click()
    QTest.keyClick(field, Qt.Key.Key_R)
    assert context.actions.key("a") == "A"
    assert "Reject" in page.keys.fault.text()
    assert page.keys.fault.isVisibleTo(page)


@pytest.fixture
def editor(qtbot: QtBot) -> KeyEditor:
    actions = Actions()
    actions.declare([Action(id="a", title="Accept", key="A")])
    made = KeyEditor(actions, {})
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("press", "expected"),
    [
        (lambda field: QTest.keyClick(field, Qt.Key.Key_Escape), "A"),
        (lambda field: QTest.keyClick(field, Qt.Key.Key_Backspace), ""),
        (lambda field: QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier), "Ctrl+Return"),
        (lambda field: QTest.keyClick(field, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier), "?"),
        (lambda field: QTest.keyClick(field, Qt.Key.Key_F2), "F2"),
    ],
)
def test_what_a_press_means(editor: KeyEditor, press: Callable[[QWidget], None], expected: str) -> None:
    field = editor.fields["a"]
    field.click()
    press(field)
    assert editor._actions.key("a") == expected
    assert not field.listening()


def test_all_keys_go_back_to_the_usual_ones(editor: KeyEditor) -> None:
    editor._actions.set_key("a", "Q")
    editor.reset.click()
    assert editor._actions.key("a") == "A"
    assert not editor.reset.isEnabled()
