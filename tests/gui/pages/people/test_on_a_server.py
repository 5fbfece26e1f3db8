"""The People page on a server: people come, change and go by the keyboard; a password is shown once."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.pages.people.conftest import Show
from tests.teams import ANA, BO, LENA, OWNER, PEOPLE, Team

from accord.domain.people import Role
from accord.gui.context import Context, Question
from accord.gui.pages.people import SPEC
from accord.gui.pages.people.page import PeoplePage
from accord.storage.project import create_project, open_project
from accord.workflows import team as acts


def roles(page: PeoplePage) -> dict[str, str]:
    return {name: line.role.full_text() for name, line in page.people.lines.items()}


def test_everybody_is_shown_with_a_role_and_what_it_may_do(team: Team, show: Show) -> None:
    page = show(team[LENA])
    assert roles(page).keys() == {*PEOPLE, "dora"}
    assert (roles(page)[ANA], roles(page)[LENA]) == ("Reviewer", "Lead")
    assert nameless(page) == []
    told = " ".join(label.full_text() for label in page.findChildren(type(page.people.lines[ANA].name)))
    for sentence in (
        "Reads the examples and reviews",
        "Also settles disagreements, conflicts",
        "Also imports, releases",
    ):
        assert sentence in told
    assert "Not encrypted; it does not leave this machine" in told
    assert "PostgreSQL" in told


def test_a_person_is_added_by_the_keyboard_and_the_password_is_shown_once(team: Team, show: Show, qtbot: QtBot) -> None:
    page = show(team[LENA])
    page.adding.name.setFocus()
    QTest.keyClicks(page.adding.name, "Nora Lind")
    qtbot.keyClick(page.adding.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Nora Lind" in page.people.lines and page.password.isVisible())
    shown = page.password.password.full_text()
    assert len(shown) == 24
    assert page.focusWidget() is page.password.copy
    qtbot.keyClick(page.password.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == shown
    page.deactivated()
    assert page.password.isHidden()
    assert page.password.password.full_text() == ""
    team.logins["Nora Lind"] = "Nora Lind"


def test_a_role_is_changed_and_a_refusal_shows_it_as_it_stands(team: Team, show: Show, qtbot: QtBot) -> None:
    page = show(team[LENA])
    choice = page.people.lines[ANA].choice
    buttons = {b.text(): b for b in choice.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Adjudicator"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: roles(page)[ANA] == "Adjudicator")
    assert {p.name: p.role for p in acts.people(project=team.owner)}[ANA] is Role.ADJUDICATOR
    acts.remove(project=team.owner, who=OWNER, name=BO)
    buttons = {b.text(): b for b in page.people.lines[BO].choice.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Lead"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: BO not in page.people.lines)
    assert page.password.isHidden()


def test_somebody_is_removed_after_a_question(team: Team, show: Show, qtbot: QtBot, context: Context) -> None:
    page = show(team[LENA])
    asked: list[Question] = []
    context.asked.connect(asked.append)
    qtbot.keyClick(page.people.lines[ANA].retire, Qt.Key.Key_Space)
    assert "Retire ana?" in asked[0].text
    run = asked[0].choices[0].run
    assert run is not None
    run()
    qtbot.waitUntil(lambda: ANA not in page.people.lines)
    assert nameless(page) == []


def test_a_reviewer_sees_the_people_and_no_control(team: Team, show: Show) -> None:
    page = show(team[ANA])
    assert all(line.choice.isHidden() and line.retire.isHidden() for line in page.people.lines.values())
    assert page.adding.isHidden()
    assert page.people.lines[ANA].note.full_text() == "you"


def test_a_server_s_project_without_a_team_says_what_to_do(database: str, show: Show, qtbot: QtBot) -> None:
    made = create_project(database)
    page = show(made)
    assert page.views.currentWidget() is page.empty
    page.empty.button.click()
    qtbot.waitUntil(lambda: page.views.currentWidget() is page.area)
    assert made.person is not None
    assert made.person.role is Role.LEAD
    made.close()


def test_the_page_stands_in_the_rail_of_a_server_s_project(team: Team, context: Context) -> None:
    assert not SPEC.available(context)
    opened = open_project(team.address(ANA))
    context.set_project(opened)
    assert SPEC.available(context)
    assert SPEC.stands_in_rail(context)
    opened.close()
