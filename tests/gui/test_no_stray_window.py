"""A piece of the kit that is still without a parent never shows itself: it would flash up as a window of its own."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from accord.gui.context import Notice
from accord.gui.widgets import Card, EmptyState, FormRow, NoticeLine


class _Watch(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched.accessibleName())
        return False


@pytest.mark.parametrize(
    "make",
    [
        lambda: Card("Title"),
        lambda: EmptyState("Nothing here.", "Import"),
        lambda: FormRow("Name", QLineEdit(), help_text="Help"),
        lambda: NoticeLine(Notice(text="Done.", undo=lambda: None, detail="more")),
    ],
)
def test_making_a_widget_shows_no_window(qtbot: QtBot, qapp: QApplication, make: type[QWidget]) -> None:
    watch = _Watch()
    qapp.installEventFilter(watch)
    made = make()
    qtbot.addWidget(made)
    qapp.removeEventFilter(watch)
    assert watch.shown == []
