"""The real window with the release page on real projects, driven by real clicks and keys."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from accord.checks import registry
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.pages.release import ACTIONS, SPEC
from accord.gui.pages.release.page import ReleasePage
from accord.workflows import browsing, importing, projects, reviewing

ME = "Ana Ruiz"


class Bench:
    """A window on a project, and a person before it."""

    def __init__(self, qtbot: QtBot, context: Context, project: Any) -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.who = Who(actor=ME)
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
        context.set_project(project, name="Clinic", file=str(project.path), actor=ME)
        page = self.window.current
        assert isinstance(page, ReleasePage)
        self.page = page
        self.idle()

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=20_000)

    def idle(self) -> None:
        """Wait until nothing runs and everything that ended was shown."""
        for _round in range(3):
            self.qtbot.wait(30)
            self.wait(lambda: all(job.state.final for job in list(self.context.jobs._jobs.values())))
            self.wait(lambda: not self.page.planner.working)

    def accept(self, first: int, last: int) -> list[str]:
        """Accept the examples from one position to another."""
        rows = list(browsing.examples(project=self.project))[first:last]
        for shown in rows:
            reviewing.submit(
                project=self.project,
                who=self.who,
                example_id=shown.id,
                judgement=Judgement(verdict=Verdict.ACCEPT),
            )
        self.context.tell_changed("reviews")
        self.idle()
        return [shown.id for shown in rows]

    def judge(self, example_id: str, verdict: Verdict) -> None:
        """Give another verdict on one example."""
        judgement = Judgement(verdict=verdict)
        reviewing.submit(project=self.project, who=self.who, example_id=example_id, judgement=judgement)
        self.context.tell_changed("reviews")
        self.idle()

    def click(self, widget: Any) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.idle()

    @property
    def exports(self) -> Path:
        return Path(self.page.form.folder.text())


@pytest.fixture
def bench(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Bench]:
    """Give a window on a small project in which nothing is reviewed."""
    who, file = Who(actor=ME), tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = [(f"What does paragraph {n} of the leaflet say?", f"It names dose {n} and hour {n}.") for n in range(40)]
        csv.writer(out).writerows([("question", "answer"), *rows])
    project = projects.new_project(path=tmp_path / "clinic.accord", who=who)
    _without_models(project, who)
    importing.import_file(project=project, who=who, path=file, mapping={"request": "question", "answer": "answer"})
    made = Bench(qtbot, context, project)
    yield made
    made.window._stop_listening()
    project.close()


@pytest.fixture
def medical(qtbot: QtBot, context: Context, tmp_path: Path, data_dir: Path) -> Iterator[Bench]:
    """Give a window on the questions of the real file."""
    who = Who(actor=ME)
    project = projects.new_project(path=tmp_path / "clinic.accord", who=who, preset_name="medical")
    _without_models(project, who)
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


def _without_models(project: Any, who: Who) -> None:
    """Switch off the rules that take seconds to load: this page shows what was found, whoever found it."""
    settings = projects.settings_of(project=project)
    heavy = {rule.name for rule in registry.RULES if rule.needs}
    off = tuple(sorted({*settings.checks.off, *heavy}))
    projects.change_settings(
        project=project, who=who, settings=replace(settings, checks=replace(settings.checks, off=off))
    )
