"""The real window with the page of duplicates on a real project, driven by real keys."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from accord.domain.ledger import Who
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.pages.duplicates import ACTIONS, SPEC
from accord.gui.pages.duplicates.page import DuplicatesPage
from accord.workflows import browsing, duplicates, importing, projects

LONG = "take one tablet each morning with food and a full glass of water unless the clinic has told you otherwise"
ROWS = [
    ("How is the tablet taken?", f"Please {LONG}."),
    ("How is a tablet taken?", f"Please {LONG}, in writing."),
    ("How is one tablet taken?", f"Please {LONG}, by letter or by telephone."),
    ("Which tests come first?", "A blood count, and thyroid values where the count is low."),
    ("Which tests come first?", "None: the first visit is a conversation and nothing is measured."),
    ("When does the ward open?", "At eight in the morning, on Sundays at ten."),
    ("When does the ward open?", "It does not close; a nurse is at the desk day and night."),
    ("What is anaemia?", "Too little haemoglobin in the blood."),
]


class Bench:
    """A window on a project, and a person at its keyboard."""

    def __init__(self, qtbot: QtBot, context: Context, project: Any) -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.who = Who(actor="Ana Ruiz")
        self.went: list[tuple[str, Any]] = []
        self.said: list[str] = []
        context.actions.declare(ACTIONS)
        context.navigated.connect(lambda page, params: self.went.append((page, params)))
        context.noticed.connect(lambda notice: self.said.append(notice.text))
        self.window = MainWindow(context, [SPEC])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        context.set_project(project, name="Clinic", file=str(project.path), actor="Ana Ruiz")
        page = self.window.current
        assert isinstance(page, DuplicatesPage)
        self.page = page
        self.idle()

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=15_000)

    def idle(self) -> None:
        """Wait until nothing runs and everything that ended was shown."""
        self.qtbot.wait(20)
        self.wait(lambda: all(job.state.final for job in list(self.context.jobs._jobs.values())))
        self.qtbot.wait(40)
        self.wait(lambda: all(job.state.final for job in list(self.context.jobs._jobs.values())))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)
        self.idle()

    def status_of(self, example_id: str) -> str:
        return browsing.example(project=self.project, example_id=example_id).row.status


def _make(folder: Path, who: Who) -> Any:
    return projects.new_project(path=folder / "clinic.accord", who=who, preset_name="medical")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Any]:
    """Give a small project: a cluster of three, two conflicts, one example of its own; the search was made."""
    who, file = Who(actor="Ana Ruiz"), tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("question", "answer"), *ROWS])
    project = _make(tmp_path, who)
    importing.import_file(project=project, who=who, path=file, mapping={"request": "question", "answer": "answer"})
    duplicates.find(project=project, who=who, threshold=0.6)
    yield project
    project.close()


@pytest.fixture
def bench(qtbot: QtBot, context: Context, project: Any) -> Iterator[Bench]:
    made = Bench(qtbot, context, project)
    yield made
    made.window._stop_listening()


@pytest.fixture
def medical(qtbot: QtBot, context: Context, tmp_path: Path, data_dir: Path) -> Iterator[Bench]:
    """Give a window on the questions of the real file, without a search yet."""
    who = Who(actor="Ana Ruiz")
    project = _make(tmp_path, who)
    importing.import_file(
        project=project,
        who=who,
        path=data_dir / "medical" / "medquad_niddk.csv",
        mapping={"request": "question", "answer": "answer", "source": "source", "source_url": "url"},
    )
    made = Bench(qtbot, context, project)
    yield made
    made.window._stop_listening()
    project.close()
