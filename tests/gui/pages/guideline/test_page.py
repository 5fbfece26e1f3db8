"""The page of the guideline: a change is a version that shows what it changed and what it may affect."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless
from tests.gui.pages.project.conftest import ANA, Desk

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.gui.pages.guideline.versions import Versions
from accord.workflows import browsing, people, reviewing

Key = Qt.Key


def versions(desk: Desk) -> Versions:
    found = desk.section("versions")
    assert isinstance(found, Versions)
    desk.settle()
    return found


def change(desk: Desk, text: str) -> None:
    desk.section("guideline")
    desk.type(desk.guideline_page.guideline.text, text)
    desk.save()


def test_a_change_is_a_version_that_says_who_when_and_what(desk: Desk) -> None:
    change(desk, "Name the water. ")
    assert desk.guideline_page.guideline.version.full_text() == "Version 2"
    shown = versions(desk)
    assert shown.list.count() == 2
    assert "Ana Ruiz   guideline, version 2" in shown.list.item(0).text()
    assert "guideline, version 1, tags, questions" in shown.list.item(1).text()
    added = "".join(part.text for part in shown.diff._parts if part.kind == "added")
    assert added.strip() == "Name the water."
    shown.list.setFocus()
    QTest.keyClick(shown.list, Key.Key_Down)
    assert shown.diff.text().startswith(shown.changes[1].guideline[:20])
    assert nameless(desk.page) == []


def test_a_settled_example_that_a_change_may_affect_is_judged_again(desk: Desk) -> None:
    example = browsing.example_page(project=desk.project, numbers=[1])[0].id
    accept = Judgement(verdict=Verdict.ACCEPT)
    reviewing.submit(project=desk.project, who=ANA, example_id=example, judgement=accept)
    change(desk, "Name the water. ")
    card = versions(desk).affected
    assert card.isVisible()
    assert card.sentence.full_text() == "1 of 1 settled examples may be affected."
    assert len(card.links.links()) == 1
    QTest.keyClick(card.again, Key.Key_Return)
    desk.settle()
    assert browsing.example(project=desk.project, example_id=example).row.status != "accepted"
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    desk.settle()
    assert browsing.example(project=desk.project, example_id=example).row.status == "accepted"


def test_a_reviewer_reads_it_and_is_told_who_changes_it(desk: Desk) -> None:
    people.add(project=desk.project, who=ANA, name="bo", role=Role.REVIEWER)
    desk.project.sign_in(Who(actor="bo").actor)
    desk.go("guideline")
    page = desk.guideline_page
    assert page.guideline.preview.isVisible()
    assert page.guideline.text.isHidden()
    assert "Only a lead" in page.note.full_text()
    assert not page.tags.isEnabled()
    assert all(button.isHidden() for button in page.buttons)
    assert versions(desk).affected.isHidden()
    assert nameless(page) == []


def test_the_question_about_what_is_not_saved_goes_once_it_is_saved(desk: Desk) -> None:
    desk.section("guideline")
    desk.type(desk.guideline_page.guideline.text, "Name the water. ")
    assert not desk.window.show_page("home")
    assert desk.window.prompt.isVisible()
    desk.save()
    assert desk.page.said.full_text() == "All is saved"
    assert not desk.window.prompt.isVisible()
    assert desk.window.show_page("home")
