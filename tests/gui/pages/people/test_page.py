"""The People page of a file: who works with whom, who is to review what, by the keyboard, and back again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.pages.people.conftest import Show
from tests.storage.conftest import bring_in, record

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.gui import files
from accord.gui.context import Context, Notice, Question
from accord.gui.pages.people import SPEC
from accord.gui.pages.people.page import PeoplePage
from accord.storage.project import Project
from accord.workflows import assigning, browsing, people, projects, reviewing

ANA = Who(actor="Ana Ruiz")
Key = Qt.Key


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of twenty examples, a fifth of them on dosage."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=ANA, preset_name="medical")
    projects.change_double_reviews(project=made, who=ANA, overlap=0, tags=())
    bring_in(made, [record(n, f"Question {n}?", f"Answer {n}.", tags=("dosage",) * (n % 5 == 0)) for n in range(1, 21)])
    yield made
    made.close()


@pytest.fixture
def staffed(project: Project) -> Project:
    """Give the project two reviewers."""
    for name in ("bo", "cara"):
        people.add(project=project, who=ANA, name=name, role=Role.REVIEWER)
    project.sign_in("Ana Ruiz")
    return project


def heard(context: Context) -> list[Notice]:
    said: list[Notice] = []
    context.noticed.connect(said.append)
    return said


def roles(page: PeoplePage) -> dict[str, str]:
    return {name: line.role.full_text() for name, line in page.people.lines.items()}


def test_who_works_alone_adds_a_colleague_by_the_keyboard_and_leads(
    project: Project, show: Show, qtbot: QtBot, context: Context
) -> None:
    page = show(project)
    assert page.alone.isVisible()
    assert page.giving.card.isHidden()
    assert not SPEC.stands_in_rail(context)
    page.adding.name.setFocus()
    QTest.keyClicks(page.adding.name, "Bo Lind")
    QTest.keyClick(page.adding.name, Key.Key_Tab)
    QTest.keyClicks(page.adding.credential, "MD")
    QTest.keyClick(page.adding.credential, Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.people.lines) == 2)
    assert roles(page) == {"Ana Ruiz": "Lead", "Bo Lind": "Reviewer"}
    assert page.people.lines["Bo Lind"].note.full_text() == "MD"
    assert page.adding.name.text() == ""
    assert page.alone.isHidden()
    assert nameless(page) == []


def test_a_plan_is_looked_at_given_out_and_taken_back(
    staffed: Project, show: Show, qtbot: QtBot, context: Context
) -> None:
    said, page = heard(context), show(staffed)
    card = page.giving.card
    assert card.people.checked() == ["bo", "cara"]
    assert not card.give.isEnabled()
    card.overlap.setFocus()
    for _step in range(4):
        QTest.keyClick(card.overlap, Key.Key_Right)
    assert card.meaning.full_text() == "20%: 4 of 20 go to 2 people"
    QTest.keyClick(card.preview, Key.Key_Return)
    qtbot.waitUntil(card.outcome.isVisible)
    assert card.outcome.full_text() == "bo 12, cara 12. 4 of 20 go to several people."
    assert assigning.left_to_give(project=staffed) == 20
    QTest.keyClick(card.give, Key.Key_Return)
    qtbot.waitUntil(lambda: page.people.lines["bo"].far.full_text() == "0 of 12 done")
    assert said[-1].text == "20 examples were given out."
    assert card.open.full_text() == "Every open example has its reviewers."
    assert projects.settings_of(project=staffed).rules.overlap == 0.2
    undo = said[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: page.people.lines["bo"].far.full_text() == "Nothing given out")
    assert len(browsing.example_numbers(project=staffed, where="assigned = bo")) == 0


def test_another_plan_is_looked_at_again_before_it_is_given_out(staffed: Project, show: Show, qtbot: QtBot) -> None:
    card = show(staffed).giving.card
    card.preview.click()
    qtbot.waitUntil(card.give.isEnabled)
    QTest.keyClick(card.people.boxes["bo"], Key.Key_Space)
    assert not card.give.isEnabled()
    assert card.outcome.isHidden()


def test_tags_that_always_need_two_and_a_filter(staffed: Project, show: Show, qtbot: QtBot) -> None:
    card = show(staffed).giving.card
    QTest.keyClick(card.tags.boxes["dosage"], Key.Key_Space)
    card.preview.click()
    qtbot.waitUntil(card.outcome.isVisible)
    assert "4 of 20 go to several people" in card.outcome.full_text()
    card.where.setFocus()
    QTest.keyClicks(card.where, "tag = dosage")
    card.preview.click()
    qtbot.waitUntil(card.outcome.isVisible)
    assert card.outcome.full_text() == "bo 4, cara 4. 4 of 4 go to several people."
    card.give.click()
    qtbot.waitUntil(lambda: projects.settings_of(project=staffed).rules.double_tags == ("dosage",))


def test_what_cannot_be_given_out_is_a_sentence(staffed: Project, show: Show, qtbot: QtBot, context: Context) -> None:
    said, card = heard(context), show(staffed).giving.card
    card.where.setText("nonsense")
    card.preview.click()
    qtbot.waitUntil(lambda: bool(said))
    assert "nonsense" in said[-1].text


def test_what_is_not_done_is_taken_back_after_a_question(
    staffed: Project, show: Show, qtbot: QtBot, context: Context
) -> None:
    assigning.assign(project=staffed, who=ANA, reviewers=["bo"])
    first = browsing.example_page(project=staffed, numbers=[1])[0].id
    reviewing.submit(
        project=staffed, who=Who(actor="bo"), example_id=first, judgement=Judgement(verdict=Verdict.ACCEPT)
    )
    page, said = show(staffed), heard(context)
    asked: list[Question] = []
    context.asked.connect(asked.append)
    line = page.people.lines["bo"]
    assert line.far.full_text() == "1 of 20 done"
    QTest.keyClick(line.take_back, Key.Key_Return)
    assert "Take 19 examples back that bo has not judged?" in asked[0].text
    run = asked[0].choices[0].run
    assert run is not None
    run()
    qtbot.waitUntil(lambda: page.people.lines["bo"].far.full_text() == "1 of 1 done")
    assert said[-1].undo is not None
    said[-1].undo()
    qtbot.waitUntil(lambda: page.people.lines["bo"].far.full_text() == "1 of 20 done")


def test_a_role_and_a_credential_change_and_go_back(
    staffed: Project, show: Show, qtbot: QtBot, context: Context
) -> None:
    page, said = show(staffed), heard(context)
    buttons = {b.text(): b for b in page.people.lines["bo"].choice.findChildren(QPushButton)}
    QTest.keyClick(buttons["Adjudicator"], Key.Key_Space)
    qtbot.waitUntil(lambda: roles(page)["bo"] == "Adjudicator")
    assert said[-1].undo is not None
    said[-1].undo()
    qtbot.waitUntil(lambda: roles(page)["bo"] == "Reviewer")
    line = page.people.lines["cara"]
    QTest.keyClick(line.describe, Key.Key_Return)
    QTest.keyClicks(line.credential, "RN")
    QTest.keyClick(line.credential, Key.Key_Return)
    qtbot.waitUntil(lambda: page.people.lines["cara"].note.full_text() == "RN")


def test_somebody_is_retired_after_a_question(staffed: Project, show: Show, qtbot: QtBot, context: Context) -> None:
    page = show(staffed)
    asked: list[Question] = []
    context.asked.connect(asked.append)
    QTest.keyClick(page.people.lines["bo"].retire, Key.Key_Space)
    assert "Retire bo?" in asked[0].text
    run = asked[0].choices[0].run
    assert run is not None
    run()
    qtbot.waitUntil(lambda: "bo" not in page.people.lines)


def test_a_reviewer_sees_herself_how_far_she_is_and_no_control(staffed: Project, show: Show) -> None:
    assigning.assign(project=staffed, who=ANA, reviewers=["bo", "cara"])
    staffed.sign_in("bo")
    page = show(staffed)
    lines = page.people.lines
    assert all(line.choice.isHidden() and line.retire.isHidden() for line in lines.values())
    assert (lines["bo"].far.full_text(), lines["cara"].far.full_text()) == ("0 of 10 done", "")
    assert lines["bo"].describe.isVisible()
    assert lines["cara"].describe.isHidden()
    assert page.adding.isHidden()
    assert page.giving.card.isHidden()
    assert nameless(page) == []


def test_a_round_is_begun_and_says_who_is_done_and_what_it_came_to(
    staffed: Project, show: Show, qtbot: QtBot, context: Context
) -> None:
    said, page = heard(context), show(staffed)
    card = page.calibration
    assert card.people.checked() == ["bo", "cara"]
    card.items.setValue(4)
    QTest.keyClick(card.begin, Key.Key_Return)
    qtbot.waitUntil(lambda: "Round 1 is open: bo 0 of 4, cara 0 of 4." in card.state.full_text())
    assert card.form.isHidden()
    assert said[-1].undo is not None
    ids = [row.id for row in browsing.examples(project=staffed, where="assigned = bo")]
    for name, verdicts in (("bo", "aaaa"), ("cara", "arra")):
        for example, verdict in zip(ids, verdicts, strict=True):
            judged = Judgement(verdict=Verdict.ACCEPT if verdict == "a" else Verdict.REJECT)
            reviewing.submit(project=staffed, who=Who(actor=name), example_id=example, judgement=judged)
    page.read()
    qtbot.waitUntil(card.result.isVisible)
    assert len(card.discuss.links()) == 2
    asked: list[Question] = []
    context.asked.connect(asked.append)
    QTest.keyClick(card.close_round, Key.Key_Return)
    run = asked[0].choices[0].run
    assert run is not None
    run()
    qtbot.waitUntil(lambda: card.state.full_text() == "No round is open.")
    assert card.form.isVisible()
    assert nameless(page) == []


def test_a_pack_is_made_looked_at_when_it_comes_back_and_brought_in(
    staffed: Project, show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assigning.assign(project=staffed, who=ANA, reviewers=["bo"])
    page = show(staffed)
    card, file, said = page.packs, tmp_path / "bo.accord", heard(page.context)
    monkeypatch.setattr(files, "ask_where_to_save", lambda _parent, _proposal: file)
    monkeypatch.setattr(files, "ask_for_packs", lambda _parent, _folder: [file])
    card.person.setCurrentIndex(card.person.findText("bo"))
    QTest.keyClick(card.make, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said) and "20 examples for bo" in said[-1].text)
    pack = projects.open_project(path=file)
    pack.sign_in("bo")
    first = browsing.example_page(project=pack, numbers=[1])[0].id
    reviewing.submit(project=pack, who=Who(actor="bo"), example_id=first, judgement=Judgement(verdict=Verdict.ACCEPT))
    pack.close()
    QTest.keyClick(card.merge, Key.Key_Return)
    qtbot.waitUntil(card.take.isVisible)
    assert card.outcome.full_text() == "bo.accord, bo: 1 new, 0 known."
    assert browsing.example(project=staffed, example_id=first).row.reviewers == ()
    QTest.keyClick(card.take, Key.Key_Return)
    qtbot.waitUntil(lambda: "1 review came in" in said[-1].text)
    assert browsing.example(project=staffed, example_id=first).row.reviewers == ("bo",)
    QTest.keyClick(card.merge, Key.Key_Return)
    qtbot.waitUntil(lambda: "0 new, 1 known" in card.outcome.full_text())
    assert card.take.isHidden()
    assert nameless(page) == []


def test_a_pack_takes_examples_that_nobody_was_given_and_a_day_to_be_back(
    staffed: Project, show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(staffed)
    card, said = page.packs, heard(page.context)
    monkeypatch.setattr(files, "ask_where_to_save", lambda _parent, _proposal: tmp_path / "bo.accord")
    card.person.setCurrentIndex(card.person.findText("bo"))
    QTest.keyClicks(card.where, "tag is so")
    QTest.keyClick(card.make, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].tone == "error", said
    assert not (tmp_path / "bo.accord").exists()
    card.where.clear()
    QTest.keyClicks(card.where, "status = candidate")
    QTest.keyClick(card.days, Key.Key_Up)
    QTest.keyClick(card.make, Key.Key_Return)
    qtbot.waitUntil(lambda: "20 examples for bo" in said[-1].text)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    assert tomorrow in said[-1].text
    given = assigning.progress(project=staffed)
    assert [(one.person.name, one.given) for one in given if one.given] == [("bo", 20)]
    assert nameless(page) == []
