"""The window with the page of the project on a small project, and a person at its keyboard and mouse."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from accord.domain.ledger import Who
from accord.domain.project import ProjectSettings
from accord.gui.context import Context, Notice
from accord.gui.frame import MainWindow
from accord.gui.page import Page, PageSpec
from accord.gui.pages.guideline import ACTIONS as GUIDELINE_ACTIONS
from accord.gui.pages.guideline import SPEC as GUIDELINE
from accord.gui.pages.guideline.page import GuidelinePage
from accord.gui.pages.project import ACTIONS, SPEC
from accord.gui.pages.project.deciding import DecidingPage
from accord.gui.pages.project.page import ProjectPage
from accord.gui.pages.project.sections import Section
from accord.workflows import importing, projects
from accord.workflows.projects import Project

ANA = Who(actor="Ana Ruiz")


class Desk:
    """A window on a project with another page to go to, and what it said."""

    def __init__(self, qtbot: QtBot, context: Context, project: Project) -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.said: list[Notice] = []
        context.actions.declare([*ACTIONS, *GUIDELINE_ACTIONS])
        context.noticed.connect(self.said.append)
        other = PageSpec(id="home", title="Home", icon="home", factory=Page, group=1)
        self.window = MainWindow(context, [other, SPEC, GUIDELINE])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        context.set_project(project, name="Clinic", file=str(project.path), actor=ANA.actor)
        self.go("project")

    def go(self, name: str) -> None:
        """Go to a page."""
        assert self.window.show_page(name)
        page = self.window.current
        assert isinstance(page, DecidingPage)
        self.page = page
        self.settle()

    @property
    def project_page(self) -> ProjectPage:
        assert isinstance(self.page, ProjectPage)
        return self.page

    @property
    def guideline_page(self) -> GuidelinePage:
        assert isinstance(self.page, GuidelinePage)
        return self.page

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=15_000)

    def settle(self) -> None:
        def quiet() -> bool:
            over = all(job.state.final for job in list(self.context.jobs._jobs.values()))
            return over and not self.page._look.isActive()

        for _round in range(2):
            self.qtbot.wait(20)
            self.wait(quiet)

    def section(self, name: str) -> Section:
        """Go to a section with the mouse, and to its page before."""
        page = "guideline" if name in {"guideline", "tags", "questions", "versions"} else "project"
        if self.page.page_id != page:
            self.go(page)
        position = next(i for i, s in enumerate(self.page.sections) if s.section_id == name)
        entry = self.page.list.visualItemRect(self.page.list.item(position))
        self.qtbot.mouseClick(self.page.list.viewport(), Qt.MouseButton.LeftButton, pos=entry.center())
        assert self.page.stack.currentWidget() is self.page.sections[position]
        return self.page.sections[position]

    def type(self, field: QWidget, text: str) -> None:
        field.setFocus()
        self.qtbot.keyClicks(field, text)
        self.settle()

    def click(self, button: QAbstractButton | None) -> None:
        assert button is not None
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def save(self) -> None:
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            self.wait(self.window.isActiveWindow)
        self.qtbot.keyClick(self.window.focusWidget() or self.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        self.settle()

    def stored(self) -> ProjectSettings:
        return projects.settings_of(project=self.project)


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    project = projects.new_project(path=tmp_path / "clinic.accord", who=ANA, preset_name="medical", title="Clinic")
    file = tmp_path / "pairs.csv"
    file.write_text("request,answer\nHow is it taken?,With water.\n", encoding="utf-8")
    importing.import_file(project=project, who=ANA, path=file)
    made = Desk(qtbot, context, project)
    yield made
    made.window._stop_listening()
    context.jobs.shutdown()
    project.close()
