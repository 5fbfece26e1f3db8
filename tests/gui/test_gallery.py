from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless

from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.gallery import Gallery, grab
from accord.gui.page import PageSpec
from accord.gui.settings_page import SettingsPage


@pytest.fixture
def gallery(qtbot: QtBot, tmp_path: Path) -> Iterator[Gallery]:
    made = Gallery(tmp_path)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.model.row(0) is not None)
    yield made
    made.end()


def test_every_widget_of_the_kit_has_a_name(gallery: Gallery) -> None:
    assert nameless(gallery) == []


def test_every_control_of_the_frame_has_a_name(qtbot: QtBot, context: Context) -> None:
    settings = PageSpec(
        id="settings", title="Settings", icon="cog", factory=SettingsPage, available=lambda _context: True
    )
    window = MainWindow(context, [settings])
    qtbot.addWidget(window)
    window.show()
    context.set_project(object(), name="Clinic letters", file="clinic.accord")
    context.notify("Done.", undo=lambda: None)
    window.drawer.toggle()
    window.palette_card.open()
    assert nameless(window) == []
    window.palette_card.leave()
    window.sheet.open()
    assert nameless(window) == []
    window.close()


def test_the_walk_finds_a_control_without_a_name(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    box = QVBoxLayout(root)
    box.addWidget(QLineEdit())
    box.addWidget(QPushButton("named"))
    assert len(nameless(root)) == 1


def test_buttons_are_buttons_to_a_screen_reader(gallery: Gallery) -> None:
    for button in gallery.findChildren(QPushButton):
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface is not None
        assert interface.role() in {
            QAccessible.Role.PushButton,
            QAccessible.Role.CheckBox,
            QAccessible.Role.RadioButton,
        }


def test_the_gallery_is_written_for_both_themes(qtbot: QtBot, tmp_path: Path) -> None:
    written = grab(tmp_path / "pictures", scales=[80])
    images = [QImage(str(path)) for path in written]
    assert [path.name for path in written] == ["gallery-light-80.png", "gallery-dark-80.png"]
    light, dark = (image.pixelColor(2, 2).lightness() for image in images)
    assert (light > 200, dark < 60) == (True, True)


def test_the_ring_of_focus_is_seen(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.activateWindow()
    for button in gallery.findChildren(QPushButton):
        if not button.isEnabled() or not button.isVisibleTo(gallery):
            continue
        button.clearFocus()
        before = button.grab().toImage()
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        assert button.grab().toImage() != before, button.accessibleName()
