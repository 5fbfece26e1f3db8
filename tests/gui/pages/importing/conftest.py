"""The window on an empty project, and a person who chooses files and places their columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.importing.page import ImportPage

CSV_HEAD = "question,answer,topic\n"


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        yield found


def choose(desk: Desk, monkeypatch: pytest.MonkeyPatch, *paths: Path) -> ImportPage:
    """Go to the page and choose files as a person does."""
    monkeypatch.setattr(files, "ask_for_data", lambda _parent: list(paths))
    desk.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    page = desk.page(ImportPage)
    desk.press(Qt.Key.Key_N, CTRL)
    desk.until(lambda: page.prepare.files and all(f.fault or f.count for f in page.prepare.files))
    desk.rest()
    return page


def csv_of(path: Path, rows: int) -> Path:
    path.write_text(CSV_HEAD + "".join(f"What is {n}?,It is {n}.,t{n}\n" for n in range(rows)), encoding="utf-8")
    return path


def place(page: ImportPage, column: str, target: str, desk: Desk) -> None:
    """Choose a column's place with the arrow keys."""
    combo = page.prepare.pane.mapping.combos[column]
    desk.tab_to(combo)
    wanted = combo.findData(target)
    while combo.currentIndex() != wanted:
        desk.press(Qt.Key.Key_Down if combo.currentIndex() < wanted else Qt.Key.Key_Up)
    desk.rest()
