"""A lead chooses controls and mixes them in, and lets examples come back; a reviewer sees none of it."""

from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.pages.people.conftest import Show
from tests.storage.conftest import bring_in, record

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.storage.project import Project, create_project
from accord.workflows import browsing, controls, people, repeating, reviewing

LENA, ANA = Who(actor="lena", device="desk"), Who(actor="ana", device="desk")


def _project(tmp_path: Path) -> Project:
    made = create_project(tmp_path / "clinic.accord")
    rows = [record(n, f"What is {n}?", f"It is {n}.", tags=("planted",) if n < 4 else ("t",)) for n in range(1, 21)]
    bring_in(made, rows, who=LENA)
    for name, role in (("lena", Role.LEAD), ("ana", Role.REVIEWER)):
        people.add(project=made, who=LENA, name=name, role=role)
    made.sign_in("lena")
    return made


def test_controls_are_chosen_by_a_filter_mixed_in_and_measured(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    project = _project(tmp_path)
    page = show(project)
    card = page.controls
    qtbot.waitUntil(card.isVisible)
    assert card.counted.full_text() == "No example is a control yet."
    assert page.giving.card.controls_row.isHidden()
    assert not card.mark.isEnabled()
    card.where.setText("tag = planted")
    card.verdict.set_value("reject")
    card.mark.click()
    qtbot.waitUntil(lambda: card.counted.full_text() == "3 controls: 3 to reject.")
    give = page.giving.card
    qtbot.waitUntil(lambda: not give.controls_row.isHidden())
    give.controls.setValue(10)
    page.giving.preview()
    qtbot.waitUntil(lambda: "Of them controls: ana 2." in give.outcome.full_text())
    assert "Controls: 2 of 2 asked for." in give.outcome.full_text()
    page.giving.give()
    qtbot.waitUntil(lambda: people.given_to(project=project, name="ana").given == 17 + 2)
    for row in browsing.examples(project=project, where="tag = planted and assigned = ana"):
        said = Judgement(verdict=Verdict.REJECT, tags=("planted",))
        reviewing.submit(project=project, who=ANA, example_id=row.id, judgement=said)
    page.context.tell_changed("reviews")
    qtbot.waitUntil(lambda: card.rates.full_text() == "ana caught 2 of 2 controls: 100% [34, 100]")
    assert nameless(page) == []
    card.take_out.click()
    qtbot.waitUntil(lambda: controls.counts(project=project) == {})
    project.close()


def test_a_lead_lets_examples_come_back(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    project = _project(tmp_path)
    for row in list(browsing.examples(project=project)):
        reviewing.submit(project=project, who=ANA, example_id=row.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    page = show(project)
    qtbot.waitUntil(page.looks.isVisible)
    assert page.looks.people.checked() == ["ana"]
    page.looks.share.setValue(50)
    page.looks.days.setValue(0)
    page.looks.give.click()
    qtbot.waitUntil(lambda: len(repeating.waiting(project=project, person="ana")) == 10)
    project.sign_in("ana")
    for row in browsing.example_page(project=project, numbers=list(repeating.waiting(project=project, person="ana"))):
        again = Judgement(verdict=Verdict.ACCEPT)
        repeating.judge_again(project=project, who=ANA, example_id=row.id, judgement=again)
    project.sign_in("lena")
    page.context.tell_changed("reviews")
    qtbot.waitUntil(lambda: "ana said the same again of 10 of 10" in page.looks.told.full_text())
    project.sign_in("ana")
    page.read()
    qtbot.waitUntil(page.looks.isHidden)
    assert page.controls.isHidden()
    project.close()
