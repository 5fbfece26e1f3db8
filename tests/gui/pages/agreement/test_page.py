"""The Agreement page: figures and sentences, cells and lines that lead to examples, a report; by keys and clicks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import whole_window

from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.project_agreement import ProjectAgreement
from accord.domain.review import Judgement, Verdict
from accord.gui import files
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.pages.agreement import ACTIONS, SPEC, AgreementPage
from accord.gui.pages.agreement.parts import Part
from accord.gui.pages.disagreements import DisagreementsPage
from accord.workflows import adjudicating, agreement, assigning, browsing, importing, projects, reviewing

WHO = Who(actor="Lena")
PEOPLE = ("Ana", "Bo", "Cy")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Any]:
    """Give twelve examples that three people have judged; Bo rejects the first three, Cy edits the fourth."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,The answer is {n}.\n" for n in range(12)))
    importing.import_file(project=made, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    assigning.assign(project=made, who=WHO, reviewers=PEOPLE, overlap=1, per_item=3)
    for number, row in enumerate(browsing.example_page(project=made, numbers=range(1, 13))):
        for name in PEOPLE:
            verdict = Verdict.REJECT if (name == "Bo" and number < 3) or number > 8 else Verdict.ACCEPT
            edits = {1: "Another answer."} if name == "Cy" and number == 3 else {}
            said = Judgement(verdict=Verdict.EDIT if edits else verdict, edits=edits)
            reviewing.submit(project=made, who=Who(actor=name), example_id=row.id, judgement=said)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, context: Context, project: Any) -> AgreementPage:
    """Give the page in the real window, measured."""
    context.actions.declare(ACTIONS)
    window = MainWindow(context, [SPEC])
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    context.set_project(project, name="Clinic", file=str(project.path), actor="Lena", several=True)
    found = window.current
    assert isinstance(found, AgreementPage)
    qtbot.waitUntil(lambda: found.found is not None, timeout=15_000)
    return found


def test_each_question_has_its_figures_and_its_sentence(page: AgreementPage) -> None:
    shown = {row.key: row for row in page.rows.rows}
    assert {"verdict", "answer"} <= set(shown)
    assert "0." in shown["verdict"].values["krippendorff_alpha"].text()
    assert "[" in shown["verdict"].values["krippendorff_alpha"].text()
    assert shown["verdict"].sentence.text()
    assert shown["verdict"].differing.plain_text() == "4 differ"
    assert shown["verdict"].all.plain_text() == "12 reviewed twice"


def test_arrows_and_enter_in_the_matrix_lead_to_the_examples_they_differ_on(qtbot: QtBot, page: AgreementPage) -> None:
    asked: list[tuple[str, dict[str, object]]] = []
    page.context.navigated.connect(lambda where, params: asked.append((where, params)))
    page.matrix.setFocus()
    QTest.keyClick(page.matrix, Qt.Key.Key_Down)
    QTest.keyClick(page.matrix, Qt.Key.Key_Left)
    assert "Ana and Bo" in page.matrix.accessibleName()
    QTest.keyClick(page.matrix, Qt.Key.Key_Return)
    qtbot.waitUntil(page.items.isVisible, timeout=15_000)
    links = page.items.links.links()
    assert sorted(link.plain_text()[10:] for link in links) == ["Question 0?", "Question 1?", "Question 2?"]
    QTest.keyClick(links[0], Qt.Key.Key_Return)
    assert asked[0][0] == "disagreements"


def shown_items(qtbot: QtBot, page: AgreementPage, title: str) -> list[str]:
    """Wait for the examples under a title, and return their numbers."""
    qtbot.waitUntil(lambda: page.items.isVisible() and page.items.title.text() == title, timeout=15_000)
    return sorted(link.plain_text()[10:].removeprefix("Question ").rstrip("?") for link in page.items.links.links())


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def test_a_click_on_any_figure_leads_to_the_examples_behind_it(qtbot: QtBot, page: AgreementPage) -> None:
    cell = page.matrix._rect(0, 1).center()
    click(page.matrix, cell)
    assert shown_items(qtbot, page, "Ana and Bo differ on") == ["0", "1", "2"]
    rows = {row.key: row for row in page.rows.rows}
    click(rows["verdict"].differing)
    assert shown_items(qtbot, page, "Verdict: reviewers differ on") == ["0", "1", "2", "3"]
    click(rows["answer"].all)
    assert len(shown_items(qtbot, page, "Answer: reviewed by two or more")) == 9
    bo = next(button for button in page.consensus.buttons() if button.plain_text() == "Bo")
    click(bo)
    assert shown_items(qtbot, page, "Bo differs from the consensus on") == ["0", "1", "2"]
    click(page.items.close_button)
    assert not page.items.isVisible()


def test_a_click_on_a_week_a_guideline_or_a_repeat_leads_to_its_examples(
    qtbot: QtBot, page: AgreementPage, project: Any
) -> None:
    rows = list(browsing.example_page(project=project, numbers=range(1, 13)))
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=WHO, settings=replace(settings, guideline="Be brief."))
    for row, number in ((rows[0], 0), (rows[5], 5)):  # both judged again, by all, under the new guideline
        for name in PEOPLE:
            verdict = Verdict.REJECT if number == 0 and name == "Bo" else Verdict.ACCEPT
            said = Judgement(verdict=verdict, comment="Again.")
            reviewing.submit(project=project, who=Who(actor=name), example_id=row.id, judgement=said)
    page.read()
    qtbot.waitUntil(page.guidelines.isVisible, timeout=15_000)
    click(page.guidelines.buttons()[-1])
    key = page.found.guidelines[-1].part if page.found else ""
    assert shown_items(qtbot, page, f"Guideline version {key}") == ["0"]
    assert page.found is not None
    week = page.found.weeks[0].part
    figure = page.found.weeks[0].alpha
    page.weeks.show_parts([Part(key=week, title=week, figure=figure, told="")])  # a single week has no line of its own
    click(page.weeks.buttons()[0])
    assert shown_items(qtbot, page, f"Week of {week}") == ["0", "1", "2", "3"]


def test_who_leaves_or_stops_waits_for_nothing(
    qtbot: QtBot, page: AgreementPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, go_on = agreement.of_project, Event(), Event()

    def slow(*, progress: Progress, **named: Any) -> ProjectAgreement:
        progress.report(3, 10, "Verdict")
        begun.set()
        while not go_on.wait(0.01):
            progress.check()
        return real(progress=progress, **named)

    said: list[str] = []
    page.context.noticed.connect(lambda notice: said.append(notice.text))
    monkeypatch.setattr(agreement, "of_project", slow)
    page.read()
    qtbot.waitUntil(page.measuring.isVisible, timeout=15_000)
    assert page.measuring.progress.words().startswith("30%")
    click(page.measuring.stop)
    qtbot.waitUntil(lambda: bool(said), timeout=15_000)
    assert said == ["Stopped. The figures are those of before."]
    assert not page.measuring.isVisible()
    assert page.views.currentWidget() is page.area
    page.found = None
    page.read()
    qtbot.waitUntil(begun.is_set, timeout=15_000)
    page.measuring.cancel()
    qtbot.waitUntil(lambda: page.views.currentWidget() is page.stopped, timeout=15_000)
    page.read()
    page.deactivated()  # gone to another page, and at once back
    page.activated({})
    go_on.set()
    qtbot.waitUntil(lambda: page.found is not None, timeout=15_000)
    assert page.views.currentWidget() is page.area


def test_coming_back_after_a_change_measures_once(
    qtbot: QtBot, page: AgreementPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = agreement.of_project

    def counted(**named: Any) -> ProjectAgreement:
        asked.append(named)
        return real(**named)

    monkeypatch.setattr(agreement, "of_project", counted)
    before, page.found = page.found, None
    page.deactivated()
    page.refresh({"reviews"})  # what the frame does before it shows a page
    page.activated({})
    qtbot.waitUntil(lambda: page.found is not None, timeout=15_000)
    qtbot.wait(100)
    assert page.found == before
    assert len(asked) == 1


def test_settling_one_changes_what_became_of_the_differences(qtbot: QtBot, page: AgreementPage, project: Any) -> None:
    before = {row.key: row.sentence.text() for row in page.rows.rows}
    costly = page.costliest.links()
    assert 1 <= len(costly) <= 3
    example = adjudicating.open_disagreements(project=project)[0].id
    adjudicating.decide(
        project=project,
        who=WHO,
        example_id=example,
        verdict=Verdict.ACCEPT,
        reason="evidence",
        comment="By the textbook.",
    )
    page.context.tell_changed("reviews")
    qtbot.waitUntil(lambda: page.rows.rows[0].sentence.text() != before["verdict"], timeout=15_000)
    assert page.rows.rows[0].differing.plain_text() == "4 differ, 1 decided"
    assert page.alike.text() == ""


def test_of_costly_ones_that_are_alike_the_others_are_counted(qtbot: QtBot, page: AgreementPage, project: Any) -> None:
    assert not page.alike.isVisible()
    rows = list(browsing.example_page(project=project, numbers=range(1, 13)))
    for number in (4, 5):
        said = Judgement(verdict=Verdict.REJECT)
        reviewing.submit(project=project, who=Who(actor="Bo"), example_id=rows[number].id, judgement=said)
    page.context.tell_changed("reviews")
    qtbot.waitUntil(page.alike.isVisible, timeout=15_000)
    assert page.alike.text() == "and 2 more that cost as much"


def test_a_decision_on_the_page_of_disagreements_shows_here(qtbot: QtBot, context: Context, project: Any) -> None:
    with whole_window(qtbot, context) as desk:
        context.set_project(project, name="Clinic", file=str(project.path), actor="Lena", several=True)
        desk.rest()
        context.navigate("agreement")
        page = desk.page(AgreementPage)
        desk.until(lambda: page.found is not None and page.area.isVisible())
        sentence = page.rows.rows[0].sentence.full_text()
        click(page.costliest.links()[0])
        desk.rest()
        there = desk.page(DisagreementsPage)
        desk.until(lambda: there.desk.case is not None)
        desk.rest()
        for key in (Qt.Key.Key_R, Qt.Key.Key_D, Qt.Key.Key_C):
            desk.press(key)
        desk.type("By the ward manual.")
        desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: len(adjudicating.open_disagreements(project=project)) == 3)
        desk.rest()
        context.navigate("agreement")
        desk.until(lambda: page.rows.rows[0].sentence.full_text() != sentence)
        assert "4 examples differ; 1 decided, so 75% are agreed or decided." in page.rows.rows[0].sentence.full_text()
        assert page.rows.rows[0].differing.plain_text() == "4 differ, 1 decided"
        assert len(page.costliest.links()) == 3


def test_another_question_is_chosen_by_its_name(qtbot: QtBot, page: AgreementPage) -> None:
    row = next(row for row in page.rows.rows if row.key == "answer")
    QTest.keyClick(row.open, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.found is not None and page.found.question.key == "answer", timeout=15_000)
    assert "Answer" in page.about.text()


def test_a_report_is_saved_where_one_says(
    qtbot: QtBot, page: AgreementPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "agreement.html"
    monkeypatch.setattr(files, "ask_for_report", lambda _parent, _proposal: to)
    page.report.click()
    qtbot.waitUntil(to.exists, timeout=15_000)
    assert "Clinic" in to.read_text("utf-8")


def test_without_a_second_reviewer_it_says_what_to_do(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    empty = projects.new_project(path=tmp_path / "empty.accord", who=WHO)
    window = MainWindow(context, [SPEC])
    qtbot.addWidget(window)
    window.show()
    context.actions.declare(ACTIONS)
    context.set_project(empty, name="Empty", file=str(empty.path), actor="Lena", several=True)
    page = window.current
    assert isinstance(page, AgreementPage)
    qtbot.waitUntil(lambda: page.found is not None, timeout=15_000)
    assert page.views.currentWidget() is page.empty
    assert not page.report.isEnabled() or page.found is not None
    empty.close()
