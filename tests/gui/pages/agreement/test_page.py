"""The Agreement page: figures and sentences, cells and lines that lead to examples, a report; by keys and clicks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.gui import files
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.pages.agreement import ACTIONS, SPEC, AgreementPage
from accord.workflows import adjudicating, assigning, browsing, importing, projects, reviewing

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
