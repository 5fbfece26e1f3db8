"""The window of somebody who opens a review pack: it says what this is and what to do, and offers nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import Desk, whole_window

from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Verdict
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.pages.examples.page import ExamplesPage
from accord.gui.pages.home.page import HomePage
from accord.gui.pages.project.page import ProjectPage
from accord.gui.pages.review.page import ReviewPage
from accord.workflows import assigning, browsing, importing, packing, people, permissions, projects, reviewing

LENA, LAPTOP = Who(actor="Lena Vogt"), Who(actor="whoever", device="laptop")
ANA = "Ana Ruiz"
SAID = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE, Verdict.ACCEPT)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[projects.Project]:
    """Give a project of eight examples, six of them Ana's."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LENA, preset_name="medical", title="Clinic")
    rows = tmp_path / "rows.csv"
    rows.write_text("q,a\n" + "".join(f"How much of drug {n}?,Answer {n}.\n" for n in range(8)))
    importing.import_file(project=made, who=LENA, path=rows, mapping={"request": "q", "answer": "a"})
    people.add(project=made, who=LENA, name=ANA, role=Role.REVIEWER)
    assigning.assign_by_hand(project=made, who=LENA, numbers=[1, 2, 3, 4, 5, 6], reviewers=[ANA])
    yield made
    made.close()


def _judge(project: projects.Project, *said: Verdict) -> None:
    who = permissions.acting(project=project, who=LAPTOP)
    left = [project_row.id for project_row in browsing.examples(project=project) if not project_row.reviewers]
    for example_id, verdict in zip(left, said, strict=False):
        reviewing.submit(project=project, who=who, example_id=example_id, judgement=Judgement(verdict=verdict))


@pytest.fixture
def file(home: projects.Project, tmp_path: Path) -> Path:
    """Give a pack in which four of six are done, one of them unsure."""
    made = packing.make(project=home, who=LENA, reviewer=ANA, to=tmp_path / "for Ana.accord", days=9)
    pack = projects.open_project(path=made.file)
    _judge(pack, *SAID)
    pack.close()
    return made.file


@pytest.fixture
def desk(qtbot: QtBot, context: Context) -> Iterator[Desk]:
    """Give the whole window."""
    with whole_window(qtbot, context) as made:
        yield made


def _open(desk: Desk, file: Path) -> None:
    opening.open_project(desk.context, file)
    desk.until(lambda: desk.context.project is not None)
    desk.until(desk.window.pack.isVisible)
    desk.rest()


def test_every_count_of_a_pack_is_one_figure(desk: Desk, file: Path) -> None:
    _open(desk, file)
    told = desk.window.pack.told.full_text()
    assert told.startswith("Review pack for Ana Ruiz: 4 of 6 done. To be back by 20")
    assert told.endswith("When you are done, close it and send the file for Ana.accord back to Lena Vogt.")
    page = desk.page(HomePage)
    desk.until(lambda: page.next.plain_text() == "Review 2 examples")
    assert [(line.step.count, line.step.page) for line in page.waiting.lines] == [(2, "review")]
    assert page.pack.isVisible()
    assert not page.funnel.isVisible()
    assert not page.imports.isVisible()
    assert "Review pack for Ana Ruiz: 4 of 6 done." in page.pack.told[1].full_text()
    desk.until(lambda: desk.window.rail.button("review").accessibleName() == "Review, 2 wait")
    desk.window.show_page("review")
    queue = desk.page(ReviewPage).queue
    desk.until(lambda: queue.left.full_text() == "Yours: 4 of 6 done")


def test_a_pack_offers_reviewing_and_nothing_that_it_would_refuse(desk: Desk, file: Path) -> None:
    _open(desk, file)
    assert desk.window.rail.page_ids() == [
        "home",
        "examples",
        "review",
        "guideline",
        "project",
        "help_text",
        "settings",
    ]
    for page in ("importing", "duplicates", "disagreements", "agreement", "release", "people"):
        assert not desk.window.show_page(page)
        assert not desk.context.actions.usable(f"go.{page}")
    desk.window.show_page("examples")
    examples = desk.page(ExamplesPage)
    desk.until(lambda: examples.table.model().rowCount() == 6)
    examples.table.selectRow(0)
    desk.until(lambda: examples.example() is not None)
    shown = {button.action_id for button in examples.detail.buttons if button.isVisible()}
    assert shown == {"examples.open", "examples.copy"}
    for act in ("purge", "set_aside", "tag", "give"):
        assert not desk.context.actions.usable(f"examples.{act}")
    desk.window.show_page("project")
    project = desk.page(ProjectPage)
    assert [project.list.item(row).text() for row in range(project.list.count())] == ["Backups"]


def test_the_last_verdict_says_what_to_do_next(desk: Desk, file: Path, home: projects.Project) -> None:
    _open(desk, file)
    _judge(desk.project, Verdict.ACCEPT, Verdict.ACCEPT)
    desk.context.tell_changed("reviews", "examples")
    desk.until(lambda: "6 of 6 done" in desk.window.pack.told.full_text())
    assert "All done: close it and send the file for Ana.accord back" in desk.window.pack.told.full_text()
    page = desk.page(HomePage)
    desk.until(lambda: page.next.plain_text() == "Close the pack")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: desk.context.project is None)
    desk.rest()
    assert not desk.window.pack.isVisible()
    assert not file.with_name(file.name + "-wal").exists()  # the file alone is all that is to be sent
    (found,) = packing.merge(project=home, who=LENA, files=[file]).files
    assert found.new == 6


def test_who_only_reviews_is_not_offered_to_delete_for_good(desk: Desk, home: projects.Project) -> None:
    opening.open_project(desk.context, home.path)
    desk.until(desk.window.sign_in.isVisible)
    next(b for b in desk.window.sign_in.people if ANA in b.plain_text()).click()
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert not desk.window.pack.isVisible()
    desk.window.show_page("examples")
    examples = desk.page(ExamplesPage)
    desk.until(lambda: examples.table.model().rowCount() == 8)
    examples.table.selectRow(0)
    desk.until(lambda: examples.example() is not None)
    shown = {button.action_id for button in examples.detail.buttons if button.isVisible()}
    assert shown == {"examples.open", "examples.copy"}
