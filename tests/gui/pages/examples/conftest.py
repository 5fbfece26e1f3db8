"""The window with the page of all examples on real projects, and a person at its keyboard and mouse."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context, Notice, Params
from accord.gui.frame import MainWindow
from accord.gui.pages.examples import ACTIONS, SPEC
from accord.gui.pages.examples.page import ExamplesPage
from accord.workflows import browsing, importing, projects, reviewing
from accord.workflows.projects import Project

ANA = Who(actor="Ana Ruiz")


class Desk:
    """A window on a project, what it said, and where it went."""

    def __init__(self, qtbot: QtBot, context: Context, project: Project) -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.went: list[tuple[str, Params]] = []
        self.said: list[Notice] = []
        context.actions.declare(ACTIONS)
        context.navigated.connect(lambda page, params: self.went.append((page, params)))
        context.noticed.connect(self.said.append)
        self.window = MainWindow(context, [SPEC])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        context.set_project(project, name="Clinic", file=str(project.path), actor=ANA.actor)
        page = self.window.current
        assert isinstance(page, ExamplesPage)
        self.page = page
        self.settle()

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=15_000)

    def settle(self) -> None:
        """Wait until nothing runs, nothing is about to, and the example under the cursor is shown."""

        def quiet() -> bool:
            page = self.page
            over = all(job.state.final for job in list(self.context.jobs._jobs.values()))
            return over and not page._rest.isActive() and page.listing._job is None and self._shown()

        self.qtbot.wait(20)
        self.wait(quiet)
        self.qtbot.wait(20)
        self.wait(quiet)

    def _shown(self) -> bool:
        current, shown = self.page.table.current_id(), self.page.detail.example
        return (shown.detail.row.seq if shown is not None else None) == current

    def press(self, key: Qt.Key, on: QWidget | None = None) -> None:
        if not self.window.isActiveWindow():  # the window of the test before may only now have gone
            self.window.activateWindow()
            self.wait(self.window.isActiveWindow)
        self.qtbot.keyClick(on or self.window.focusWidget() or self.window, key)
        self.settle()

    def click(self, button: QPushButton) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, text: str) -> None:
        field = self.window.focusWidget()
        assert field is not None
        self.qtbot.keyClicks(field, text)

    def search(self, text: str) -> None:
        self.press(Qt.Key.Key_Slash)
        self.page.search.selectAll()
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def choose(self, menu: QMenu, beginning: str) -> None:
        """Click the entry of an open menu that begins so."""
        entry = next(a for a in menu.actions() if a.text().startswith(beginning))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
        self.settle()

    def ids(self) -> list[str]:
        numbers = list(self.page.browser.model.ids)
        return [row.id for row in browsing.example_page(project=self.project, numbers=numbers)]

    def close(self) -> None:
        self.window._stop_listening()


def pairs(folder: Path, rows: list[tuple[str, str]], name: str = "pairs.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["request", "answer"])
        writer.writerows(rows)
    return path


def judge(
    project: Project, position: int, verdict: Verdict, edits: Mapping[str, str] | None = None, **more: object
) -> str:
    """Review the example at a position of the list and return its id."""
    number = browsing.example_numbers(project=project)[position]
    row = browsing.example_page(project=project, numbers=[number])[0]
    index, answer = row.content.answer_index or 0, row.content.answer
    for old, new in (edits or {}).items():
        answer = answer.replace(old, new)
    judgement = Judgement(verdict=verdict, edits={index: answer} if edits else {}, **more)  # type: ignore[arg-type]  # fields by name
    reviewing.submit(project=project, who=ANA, example_id=row.id, judgement=judgement)
    return row.id


@pytest.fixture(scope="session")
def medquad(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """Import the 1,144 pairs once; tests open copies of the closed file."""
    path = tmp_path_factory.mktemp("medquad") / "medquad.accord"
    project = projects.new_project(path=path, who=ANA, preset_name="medical")
    importing.import_file(project=project, who=ANA, path=data_dir / "medical" / "medquad_niddk.csv")
    for position in range(0, 40, 4):
        judge(project, position, Verdict.ACCEPT, tags=("dosage", "urgent") if position % 8 else ("dosage",))
        judge(project, position + 1, Verdict.REJECT, reasons=("unsafe",))
    project.checkpoint()
    project.close()
    return path


@pytest.fixture
def real(qtbot: QtBot, context: Context, medquad: Path, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "medquad.accord"
    shutil.copy(medquad, path)
    yield from _at_desk(qtbot, context, projects.open_project(path=path))


@pytest.fixture
def small(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    project = projects.new_project(path=tmp_path / "small.accord", who=ANA, preset_name="medical")
    rows = [
        ("How is the tablet taken?", "With water, each morning."),
        ("When does the ward open?", "At eight."),
        ("When does the ward open?", "It never closes; somebody is there day and night and on all holidays."),
        ("What is anaemia?", "Too little haemoglobin."),
    ]
    importing.import_file(project=project, who=ANA, path=pairs(tmp_path, rows))
    judge(
        project,
        0,
        Verdict.EDIT,
        {"With water": "With food"},
        comment="The leaflet says food.",
        citation="Leaflet 2024, p. 2",
        tags=("dosage",),
    )
    yield from _at_desk(qtbot, context, project)


@pytest.fixture
def naughty(qtbot: QtBot, context: Context, tmp_path: Path, data_dir: Path) -> Iterator[Desk]:
    """Give a project whose conversations are the naughty strings, twelve in each."""
    strings = [s for s in json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")) if s.strip()]
    path = tmp_path / "blns.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, len(strings) - len(strings) % 2, 12):
            texts = strings[start : start + 12]
            roles = ("user", "assistant") * 6
            messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
            file.write(json.dumps({"messages": messages}) + "\n")
    project = projects.new_project(path=tmp_path / "blns.accord", who=ANA)
    importing.import_file(project=project, who=ANA, path=path, format_name="openai")
    yield from _at_desk(qtbot, context, project)


def _at_desk(qtbot: QtBot, context: Context, project: Project) -> Iterator[Desk]:
    desk = Desk(qtbot, context, project)
    yield desk
    desk.close()
    context.jobs.shutdown()
    project.close()
