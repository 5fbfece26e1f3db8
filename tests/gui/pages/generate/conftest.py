"""The window on a small project, a chat service that can fail, and a person at the keyboard."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.chat_service import KEY, ChatService
from tests.gui.whole_window import Desk, whole_window
from tests.light import light

from accord.domain.ledger import Who
from accord.domain.project import DataClass
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.pages.generate.page import GeneratePage
from accord.providers.keys import MachineKeys
from accord.workflows import browsing, importing, projects, reviewing

WHO = Who(actor="Ana Ruiz")
TOPICS = ("dosage", "storage", "pregnancy", "alcohol", "driving", "travel", "children", "interactions")


class Generating:
    """The page, and what a person does on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page = desk.page(GeneratePage)

    def settle(self) -> None:
        """Wait until nothing runs and what would be sent is known."""
        self.desk.rest()
        self.desk.until(lambda: not self.page.preparing.working)
        self.desk.rest()

    def connect(self, url: str, key: str = KEY, name: str = "Local") -> None:
        """Add a connection by the keyboard."""
        desk, form = self.desk, self.page.who.form
        desk.press(Qt.Key.Key_N)
        desk.until(form.isVisible)
        form.preset.setCurrentIndex(form.preset.count() - 1)
        form.preset.activated.emit(form.preset.currentIndex())
        for field, text in ((form.name, name), (form.url, url), (form.key, key)):
            desk.tab_to(field)
            desk.type(text)
        desk.press(Qt.Key.Key_Return)
        desk.until(lambda: not form.isVisible() or form.fault.isVisible())
        self.settle()

    def choose(self, recipe: str) -> None:
        """Choose a recipe with the arrow keys."""
        rows = self.page.what.recipes.rows
        self.page.what.take_focus()
        names = list(rows)
        while self.page.what.recipes.value() != recipe:
            now = names.index(self.page.what.recipes.value())
            self.desk.press(Qt.Key.Key_Down if now < names.index(recipe) else Qt.Key.Key_Up)
        self.settle()

    def number(self, n: int) -> None:
        """Type how many candidates are wanted."""
        field = self.page.what.wish.number
        self.desk.tab_to(field)
        field.selectAll()
        self.desk.type(str(n))
        self.settle()


def fill(project: projects.Project, folder: Path, *, unanswered: int = 12) -> None:
    """Bring in requests without answers, and some accepted examples; no rule that takes seconds to load is on."""
    settings = replace(light(projects.settings_of(project=project)), data_class=DataClass.CONSENT)
    projects.change_settings(project=project, who=WHO, settings=settings)
    rows = [
        {"request": f"What does the leaflet say about {topic}?", "answer": f"It says this about {topic}: ask a doctor."}
        for topic in TOPICS
    ]
    rows += [{"request": f"May I take tablet number {n} in the evening?", "answer": ""} for n in range(unanswered)]
    file = folder / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    importing.import_file(project=project, who=WHO, path=file, mapping={"request": "request", "answer": "answer"})
    for shown in list(browsing.examples(project=project, where="status = candidate")):
        judgement = Judgement(verdict=Verdict.ACCEPT)
        reviewing.submit(project=project, who=WHO, example_id=shown.id, judgement=judgement)


@pytest.fixture
def generating(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Generating]:
    """Give the page on a project with requests that lack an answer."""
    context.services = replace(context.services, keys=MachineKeys(lambda: None, {}))
    with whole_window(qtbot, context) as desk:
        desk.open_new(tmp_path / "clinic.accord")
        fill(desk.project, tmp_path)
        desk.context.tell_changed("examples", "reviews", "settings")
        desk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        found = Generating(desk)
        found.settle()
        yield found


@pytest.fixture
def service() -> Iterator[ChatService]:
    """Give a chat service on this machine that answers well until it is told otherwise."""
    with ChatService() as found:
        yield found
