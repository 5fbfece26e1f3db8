"""The real window with the review page on real projects, driven by real keys."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from accord.domain.history import ExampleDetail, ExampleRow
from accord.domain.ledger import Who
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.pages.review import ACTIONS, SPEC
from accord.gui.pages.review.page import ReviewPage
from accord.jobs import Jobs
from accord.settings import MachineSettings
from accord.workflows import browsing, importing, projects

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ME = "ana"
SAME = "Take one tablet a day."
ROWS = [(f"Question number {n}?", f"Answer number {n} is here. {SAME}") for n in range(6)]
Fill = Callable[[Sequence[Sequence[str]]], None]


class Bench:
    """A window on a project, and a person at its keyboard."""

    def __init__(self, qtbot: QtBot, project: Any, folder: Path) -> None:
        self.qtbot, self.project = qtbot, project
        self.delivery = GuiDelivery()
        self.jobs = Jobs(self.delivery.deliver)
        self.context = Context(jobs=self.jobs, settings=MachineSettings(folder), actor=ME)
        self.context.actions.declare(ACTIONS)
        self.context.set_project(project, name="Clinic", file=str(project.path), actor=ME)
        self.window = MainWindow(self.context, [SPEC])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        qtbot.waitExposed(self.window)
        page = self.window.current
        assert isinstance(page, ReviewPage)
        self.page = page
        self.wait(lambda: self.page.desk.loaded)
        self.wait_item()

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=20_000)

    def wait_item(self) -> None:
        order = self.page.desk.order
        self.wait(lambda: order.current is None or (self.item is not None and self.item.seq == order.current))

    @property
    def item(self) -> Any:
        return self.page.desk.item

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        target: QWidget = self.window.focusWidget() or self.window
        QTest.keyClick(target, key, modifier)

    def type(self, text: str) -> None:
        """Type ASCII text where the focus is."""
        for letter in text:
            self.qtbot.keyClick(self.window.focusWidget() or self.window, letter)

    def close(self) -> None:
        self.window.close()
        self.jobs.shutdown()
        QApplication.processEvents()


Sit = Callable[[], Bench]


def row_of(project: Any, seq: int) -> ExampleRow:
    return browsing.example_page(project=project, numbers=[seq])[0]


def detail_of(project: Any, seq: int) -> ExampleDetail:
    return browsing.example(project=project, example_id=row_of(project, seq).id)


def edit(bench: Bench, added: str) -> None:
    bench.press(Key.Key_E)
    bench.press(Key.Key_End, CTRL)
    bench.type(added)


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "answer"), *rows])
    return path


@pytest.fixture
def who() -> Who:
    return Who(actor=ME, device="here")


@pytest.fixture
def project(tmp_path: Path, who: Who) -> Iterator[Any]:
    opened = projects.new_project(path=tmp_path / "clinic.accord", who=who, preset_name="medical")
    yield opened
    opened.close()


@pytest.fixture
def fill(tmp_path: Path, project: Any, who: Who) -> Callable[[Sequence[Sequence[str]]], None]:
    """Put (question, answer) rows into the project."""

    def put(rows: Sequence[Sequence[str]]) -> None:
        path = write_csv(tmp_path / "rows.csv", rows)
        mapping = {"request": "question", "answer": "answer"}
        importing.import_file(project=project, who=who, path=path, mapping=mapping)

    return put


@pytest.fixture
def sit(qtbot: QtBot, project: Any, tmp_path: Path) -> Iterator[Callable[[], Bench]]:
    """Open the window; called twice, the first one is left as a crash would leave it."""
    benches: list[Bench] = []

    def down() -> Bench:
        benches.append(Bench(qtbot, project, tmp_path / "settings"))
        return benches[-1]

    yield down
    for bench in benches:
        bench.close()
