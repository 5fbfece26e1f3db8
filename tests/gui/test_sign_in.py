"""Who works now: asked where several people share a file, by a key; nobody else's verdicts are shown after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import Desk, whole_window
from tests.storage.conftest import bring_in, record

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.gui import opening
from accord.gui.context import Context, Notice
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.people.page import PeoplePage
from accord.gui.pages.review.filtering import OPEN, QueueFilter
from accord.gui.pages.review.page import ReviewPage
from accord.gui.pages.start.page import StartPage
from accord.gui.sign_in import ClosedPage
from accord.workflows import people, projects

LENA = Who(actor="Lena")
Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, context: Context) -> Iterator[Desk]:
    """Give the whole program and a person at its keyboard."""
    with whole_window(qtbot, context) as found:
        yield found


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Make a file that a lead and two reviewers share."""
    path = tmp_path / "clinic.accord"
    project = projects.new_project(path=path, who=LENA)
    bring_in(project, [record(n, f"Question {n}?", f"Answer {n}.") for n in range(1, 5)])
    for name in ("Bo", "Cara"):
        people.add(project=project, who=LENA, name=name, role=Role.REVIEWER)
    project.close()
    return path


def ask(desk: Desk, path: Path) -> None:
    opening.open_project(desk.context, path)
    desk.until(desk.window.sign_in.isVisible)


def names(desk: Desk) -> list[str]:
    return [f"{button.key()} {button.plain_text()}" for button in desk.window.sign_in.people]


def test_one_says_by_a_key_who_works_and_has_the_cursor_and_the_same_key_next_time(desk: Desk, shared: Path) -> None:
    ask(desk, shared)
    assert desk.context.project is None
    assert names(desk) == ["1 Bo  ·  Reviewer", "2 Cara  ·  Reviewer", "3 Lena  ·  Lead"]
    assert nameless(desk.window.sign_in) == []
    desk.press(Key.Key_2)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert desk.window.sign_in.isHidden()
    assert desk.project.person is not None
    assert (desk.context.actor, desk.project.person.name) == ("Cara", "Cara")
    assert desk.window.topbar.person.plain_text() == "Cara"
    desk.window.topbar.person.click()
    desk.until(desk.window.sign_in.isVisible)
    assert names(desk) == ["1 Bo  ·  Reviewer", "2 Cara  ·  Reviewer", "3 Lena  ·  Lead"]
    assert desk.window.focusWidget() is desk.window.sign_in.people[1]
    desk.press(Key.Key_3)
    desk.until(lambda: desk.context.actor == "Lena")
    desk.rest()
    assert desk.window.topbar.person.plain_text() == "Lena"


def review_as(desk: Desk, key: Key) -> ReviewPage:
    """Sign in by a key of the chooser and go to Review."""
    before = desk.context.project
    if before is not None:
        desk.window.topbar.person.click()
    desk.until(desk.window.sign_in.isVisible)
    desk.press(key)
    desk.until(lambda: desk.context.project not in {None, before})
    desk.rest()
    desk.context.navigate("review")
    desk.rest()
    return desk.page(ReviewPage)


def test_review_begins_for_everybody_where_they_left_it_themselves(desk: Desk, shared: Path) -> None:
    opening.open_project(desk.context, shared)
    bo = review_as(desk, Key.Key_1)
    bo.queue.filter_changed.emit(QueueFilter(kind=OPEN))
    desk.rest()
    desk.press(Key.Key_Right)
    desk.press(Key.Key_Right)
    desk.rest()
    assert (bo.desk.filter.kind, bo.desk.order.position) == (OPEN, 2)
    cara = review_as(desk, Key.Key_2)
    assert (cara.desk.filter, cara.desk.order.position) == (QueueFilter(), 0)
    again = review_as(desk, Key.Key_1)
    assert (again.desk.filter.kind, again.desk.order.position) == (OPEN, 2)


def test_esc_leaves_things_as_they_were(desk: Desk, shared: Path) -> None:
    ask(desk, shared)
    desk.press(Key.Key_Escape)
    desk.rest()
    desk.page(StartPage)
    assert desk.context.project is None
    ask(desk, shared)
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    before = desk.project
    desk.window.topbar.person.click()
    desk.until(desk.window.sign_in.isVisible)
    desk.press(Key.Key_Escape)
    desk.rest()
    assert desk.project is before
    assert desk.context.actor == "Bo"


def test_somebody_else_types_a_name(desk: Desk, shared: Path) -> None:
    said: list[Notice] = []
    desk.context.noticed.connect(said.append)
    ask(desk, shared)
    desk.tab_to(desk.window.sign_in.other)
    desk.type("Dora 2")
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    person = desk.project.person
    assert person is not None
    assert (desk.context.actor, person.role, person.active) == ("Dora 2", Role.REVIEWER, False)
    assert "only looks on" in said[-1].text
    assert "Lena" in said[-1].text


def test_the_only_person_of_a_file_is_asked_for_where_another_s_machine_opens_it(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "signed.accord"
    project = projects.new_project(path=path, who=LENA)
    people.add(project=project, who=LENA, name="Lena", role=Role.LEAD)
    project.close()
    ask(desk, path)
    assert names(desk) == ["1 Lena  ·  Lead"]
    desk.press(Key.Key_1)
    desk.until(lambda: desk.context.actor == "Lena")
    desk.rest()


def test_a_known_name_that_was_typed_is_that_person(desk: Desk, shared: Path) -> None:
    ask(desk, shared)
    desk.tab_to(desk.window.sign_in.other)
    desk.type("cara")
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert desk.context.actor == "Cara"


def test_a_file_of_one_person_asks_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.open_new(tmp_path / "own.accord")
    desk.page(HomePage)
    assert desk.window.sign_in.isHidden()
    assert desk.context.actor == "Ana Ruiz"
    assert "people" not in desk.window.rail.page_ids()


def test_a_reviewer_is_told_at_once_what_is_not_hers(desk: Desk, shared: Path) -> None:
    ask(desk, shared)
    desk.press(Key.Key_1)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    for key, sentence in ((Key.Key_2, "Only a lead can import."), (Key.Key_8, "Only a lead can make a release.")):
        desk.press(key, Qt.KeyboardModifier.AltModifier)
        page = desk.page(ClosedPage)
        assert sentence in page.empty.sentence.full_text()
        assert nameless(page) == []
    assert "people" in desk.window.rail.page_ids()
    desk.press(Key.Key_9, Qt.KeyboardModifier.AltModifier)
    desk.rest()
    assert desk.page(PeoplePage).adding.isHidden()
