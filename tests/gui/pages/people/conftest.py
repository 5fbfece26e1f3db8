"""A People page on a real server or a file, as its owner, a lead or a reviewer sees it."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from tests.teams import Team

from accord.gui.context import Context
from accord.gui.pages.people import ACTIONS
from accord.gui.pages.people.page import PeoplePage
from accord.storage.project import Project

Show = Callable[[Project], PeoplePage]


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Give a team of four and its owner."""
    made = Team(database)
    yield made
    made.close()


@pytest.fixture
def show(qtbot: QtBot, context: Context) -> Show:
    """Return what shows the page of an opened project, once it has read."""
    context.actions.declare(list(ACTIONS))

    def made(project: Project) -> PeoplePage:
        person = project.person
        context.set_project(project, name="Clinic", actor="" if person is None else person.name)
        page = PeoplePage(context)
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        context.changed.connect(page.refresh)  # as the frame does it
        context.actions.set_page("people")
        page.activated({})
        qtbot.waitUntil(lambda: page.views.currentIndex() > 0)
        return page

    return made
