"""Home, on real projects: what waits, how far, and the one next step, which change as the work is done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.importing.page import ImportPage
from accord.workflows import browsing, importing, reviewing


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        yield found


def _import(desk: Desk, tmp_path: Path, rows: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\n" + "".join(f"What is {n}?,It is {n}.\n" for n in range(rows)), encoding="utf-8")
    importing.import_file(project=desk.project, who=Who(actor=desk.context.actor), path=path)
    desk.context.tell_changed("imports", "examples")
    desk.rest()


def _accept(desk: Desk, numbers: range, seconds: float = 110) -> None:
    for row in browsing.example_page(project=desk.project, numbers=list(numbers)):
        reviewing.submit(
            project=desk.project,
            who=Who(actor=desk.context.actor),
            example_id=row.id,
            judgement=Judgement(verdict=Verdict.ACCEPT, seconds=seconds),
        )
    desk.context.tell_changed("reviews", "examples")
    desk.rest()


def test_an_empty_project_leads_to_import(desk: Desk) -> None:
    home = desk.page(HomePage)
    assert home.views.currentWidget() is home.empty
    assert desk.window.focusWidget() is home.empty.button
    desk.press(Qt.Key.Key_Return)
    assert isinstance(desk.window.current, ImportPage)


def test_what_waits_and_the_pace_follow_the_work(desk: Desk, tmp_path: Path) -> None:
    home = desk.page(HomePage)
    _import(desk, tmp_path, 30)
    assert [line.accessibleName() for line in home.waiting.lines] == ["30 examples to review"]
    assert home.pace.full_text() == "Review 10 more examples and your pace shows here."
    assert home.next.plain_text() == "Review 30 examples"
    _accept(desk, range(1, 11))
    assert [line.accessibleName() for line in home.waiting.lines] == ["20 examples to review"]
    assert home.pace.full_text() == "All that waits takes about 37 minutes."
    assert [(bar.stage.id, bar.stage.count) for bar in home.funnel._bars] == [
        ("raw", 30),
        ("examples", 30),
        ("in_play", 30),
        ("judged", 10),
        ("accepted", 10),
        ("released", 0),
    ]
    desk.until(lambda: "20" in desk.window.rail.button("review").accessibleName())
    assert nameless(home) == []


def test_the_next_step_goes_on_to_the_release(desk: Desk, tmp_path: Path) -> None:
    home = desk.page(HomePage)
    _import(desk, tmp_path, 3)
    _accept(desk, range(1, 4))
    assert home.next.plain_text() == "Make a release"
    assert home.step is not None
    assert home.step.page == "release"
    assert home.nothing.isVisible()


def test_a_line_leads_to_its_work(desk: Desk, tmp_path: Path) -> None:
    home = desk.page(HomePage)
    _import(desk, tmp_path, 3)
    desk.tab_to(home.waiting.lines[0])
    desk.press(Qt.Key.Key_Return)
    assert desk.context.actions.page == "review"
    desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    desk.press(Qt.Key.Key_Return, CTRL)
    assert desk.context.actions.page == "review"
