"""The real window with the page of disagreements on a small project of three reviewers, driven by real keys."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.pages.disagreements import ACTIONS, SPEC, DisagreementsPage
from accord.workflows import adjudicating, assigning, browsing, decision_drafts, importing, projects, reviewing

CTRL = Qt.KeyboardModifier.ControlModifier
ANSWERS = (
    "Take one tablet each morning with food. Drink a full glass of water. Call the clinic when in doubt.",
    "A blood count comes first. Thyroid values follow where the count is low. Nothing else is measured.",
    "The ward opens at eight in the morning. On Sundays it opens at ten. A nurse is always at the desk.",
    "Anaemia means too little haemoglobin in the blood. It has many causes. A doctor looks for them.",
)
QUESTIONS = ("How is the tablet taken?", "Which tests come first?", "When does the ward open?", "What is anaemia?")
ACCEPT, REJECT, UNSURE = (Judgement(verdict=v) for v in (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE))


def edit(text: str, **more: Any) -> Judgement:
    return Judgement(verdict=Verdict.EDIT, edits={1: text}, **more)


def three(answer: str) -> tuple[Judgement, Judgement, Judgement]:
    """Give two edits with changes of their own, and an acceptance."""
    words = answer.split(". ")
    one = answer.replace(words[0], words[0].replace(" ", " always ", 1))
    other = f"{words[0]}. {words[1].upper()}. {words[2]}"
    return edit(one, comment="It must be said."), edit(other, citation="Ward manual, page 3"), ACCEPT


class Bench:
    """A window on a project, and a person at its keyboard."""

    def __init__(self, qtbot: QtBot, context: Context, project: Any, actor: str = "Lena") -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.who = Who(actor=actor)
        self.said: list[str] = []
        context.actions.declare(ACTIONS)
        context.noticed.connect(lambda notice: self.said.append(notice.text))
        self.window = MainWindow(context, [SPEC])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        context.set_project(project, name="Clinic", file=str(project.path), actor=actor, several=True)
        page = self.window.current
        assert isinstance(page, DisagreementsPage)
        self.page = page
        self.idle()

    def open_again(self) -> None:
        """Leave the project without a word, as a crash would, and open it again."""
        self.context.set_project(None)
        self.context.set_project(
            self.project, name="Clinic", file=str(self.project.path), actor=self.who.actor, several=True
        )
        page = self.window.current
        assert isinstance(page, DisagreementsPage)
        assert page is not self.page
        self.page = page
        self.idle()

    def drafts(self) -> dict[str, dict[str, Any]]:
        """Return what is kept in the project of what was entered."""
        return decision_drafts.kept(project=self.project, person=self.who.actor)

    def wait(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=15_000)

    def idle(self) -> None:
        """Wait until nothing runs, everything that ended was shown, and nothing new has begun because of it."""
        calm = 0
        while calm < 3:
            busy = any(not job.state.final for job in list(self.context.jobs._jobs.values()))
            calm = 0 if busy else calm + 1
            self.qtbot.wait(15)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)
        self.idle()

    def type(self, text: str) -> None:
        focus = self.window.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)
        self.idle()

    def say_why(self, text: str = "By the ward manual.") -> None:
        """Give a reason and a comment by keys."""
        self.press(Qt.Key.Key_D)
        self.press(Qt.Key.Key_C)
        self.type(text)

    def decide(self) -> None:
        self.press(Qt.Key.Key_Return, CTRL)

    @property
    def here(self) -> str:
        """The id of the case on the desk."""
        case = self.page.desk.case
        return "" if case is None else case.id

    def missing(self) -> str:
        return self.page.deciding.decide.plain_text()

    def final(self) -> str:
        case = self.page.desk.case
        assert case is not None
        return case.base.with_texts(self.page.desk.collect().edits(case.base)).answer

    def version(self, position: int) -> str:
        case = self.page.desk.case
        assert case is not None
        return case.told[position].version.content.answer

    def row(self, example_id: str) -> tuple[str, str]:
        found = browsing.example(project=self.project, example_id=example_id).row
        return found.status, found.content.answer

    def open_ids(self) -> list[str]:
        return [one.id for one in adjudicating.open_disagreements(project=self.project)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Any]:
    """Give four examples that three people differ on: two by their texts, one by the verdict, one unsure."""
    who, file = Who(actor="Lena"), tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("question", "answer"), *zip(QUESTIONS, ANSWERS, strict=True)])
    made = projects.new_project(path=tmp_path / "clinic.accord", who=who, preset_name="medical")
    importing.import_file(project=made, who=who, path=file, mapping={"request": "question", "answer": "answer"})
    assigning.assign(project=made, who=who, reviewers=["ana", "bo", "cy"], overlap=1, per_item=3)
    said = [three(ANSWERS[0]), (ACCEPT, REJECT, REJECT), three(ANSWERS[2]), (ACCEPT, ACCEPT, UNSURE)]
    for number, judgements in enumerate(said, 1):
        example = browsing.example_page(project=made, numbers=[number])[0].id
        for name, judgement in zip(("ana", "bo", "cy"), judgements, strict=True):
            reviewing.submit(project=made, who=Who(actor=name), example_id=example, judgement=judgement)
    yield made
    made.close()


@pytest.fixture
def bench(qtbot: QtBot, context: Context, project: Any) -> Iterator[Bench]:
    made = Bench(qtbot, context, project)
    yield made
    made.window._stop_listening()
