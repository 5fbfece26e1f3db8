"""The help opens with F1, with or without a project, and says what the keys do."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import Desk, whole_window

from accord.gui.context import Context
from accord.gui.pages.help_text.page import HelpPage


@pytest.fixture
def desk(qtbot: QtBot, context: Context) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        yield found


def test_f1_shows_the_help(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    page = desk.page(HelpPage)
    text = page.text.toPlainText()
    assert text.startswith("Help")
    for word in ("Near-duplicate", "held-out", "Ctrl+K", "Restore the newest backup"):
        assert word in text
    assert nameless(page) == []
