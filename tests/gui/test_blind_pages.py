"""What a reviewer's window shows does not depend on what another said of an example that waits."""

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import Desk, whole_window
from tests.reliability.same_history import fixed_chance
from tests.storage.conftest import bring_in, record

from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.review import Judgement, Verdict
from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery
from accord.jobs import Jobs
from accord.settings import MachineSettings
from accord.storage import listing, people, states, viewing
from accord.storage.project import create_project, open_project
from accord.workflows import conflicts, controls, duplicates, reviewing

ANA, BO, LENA = (Who(actor=name, device="desk") for name in ("ana", "bo", "lena"))
SAID = (
    None,
    Judgement(verdict=Verdict.REJECT, comment="leakword", tags=("leakword",)),
    Judgement(verdict=Verdict.EDIT, edits={1: "An answer with a leakword."}, tags=("leakword",)),
)


@pytest.fixture
def founded(tmp_path: Path) -> Path:
    """Give a closed project of three people whose first six examples need two reviewers."""
    path = tmp_path / "founded.accord"
    project = create_project(path)
    texts = [(f"What is meant by {max(n, 2)}?", f"By {n} is meant the number {n} of it." * n) for n in range(1, 9)]
    with fixed_chance(1):
        bring_in(project, [record(n, *text) for n, text in enumerate([*texts, ("And this?", "")], start=1)], who=LENA)
        with project.write(LENA) as unit:
            for who, role in ((ANA, Role.REVIEWER), (BO, Role.REVIEWER), (LENA, Role.LEAD)):
                people.put(unit.connection, Person(name=who.actor, role=role), at=unit.at)
            states.require(unit, [1, 2, 3, 4, 5, 9], 2)
            unit.commit()
        conflicts.refresh_all(project=project, who=LENA)
        duplicates.find(project=project, who=LENA, threshold=0.5)
    project.checkpoint()
    project.close()
    return path


def _judged(founded: Path, path: Path, judgement: Judgement | None) -> Path:
    """Return a copy in which Ana has judged two examples, and Bo some, or none."""
    path.parent.mkdir(parents=True)
    shutil.copy(founded, path)
    project = open_project(path)
    with project.read() as view:
        ids = listing.ids_of(view, range(1, 10))
    with fixed_chance(2) as fixed:
        for n, seq in enumerate((4, 7)):
            fixed.turn(n)
            reviewing.submit(
                project=project, who=ANA, example_id=ids[seq - 1], judgement=Judgement(verdict=Verdict.ACCEPT)
            )
        for n, seq in enumerate((1, 3, 5, 9) if judgement is not None else ()):
            fixed.turn(10 + n)
            assert judgement is not None
            reviewing.submit(project=project, who=BO, example_id=ids[seq - 1], judgement=judgement)
        fixed.turn(20)
        known = (1, 8) if judgement is None else (3, 6)  # which are controls, and what is right, tells nothing either
        right = Verdict.ACCEPT if judgement is None else Verdict.REJECT
        controls.add(project=project, who=LENA, numbers=known, verdict=right, note="leakword")
    project.checkpoint()
    project.close()
    return path


def _texts(widget: QWidget) -> Iterator[str]:
    """Yield every text that stands in a widget: labels, buttons, fields, tables, and what is read aloud."""
    for one in (widget, *widget.findChildren(QWidget)):
        if not one.isVisible():
            continue
        yield one.accessibleName() + one.accessibleDescription() + one.toolTip()
        if isinstance(one, QLabel | QAbstractButton | QLineEdit):
            yield one.text()
        elif isinstance(one, QPlainTextEdit | QTextEdit):
            yield one.toPlainText()
        elif isinstance(one, QAbstractItemView):
            yield from _cells(one.model())


def _cells(model: QAbstractItemModel | None) -> Iterator[str]:
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    for row, column, role in itertools.product(range(model.rowCount()), range(columns), roles):
        yield str(model.data(model.index(row, column), role))


def _settled(desk: Desk) -> list[str]:
    """Return what the window shows once it changes no more."""
    shown: list[list[str]] = []

    def still() -> bool:
        desk.rest()
        desk.qtbot.wait(60)
        shown.append(list(_texts(desk.window)))
        return len(shown) > 2 and shown[-1] == shown[-2] == shown[-3]

    desk.until(still)
    return shown[-1]


def _shown(desk: Desk) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands on each page that a reviewer can go to, with every example opened once."""
    known = [spec.id for spec in desk.window.available()]
    assert {"home", "review", "examples", "duplicates"} <= set(known)
    for page in known:
        desk.context.navigate(page)
        yield page, _settled(desk)
    for row in range(5):
        desk.context.navigate("examples")
        desk.rest()
        desk.press(Qt.Key.Key_Down)
        yield f"examples, row {row}", _settled(desk)
    for where in ("status = in_review", "reviewer = bo", "text ~ leakword"):
        desk.context.navigate("examples", where=where)
        yield where, _settled(desk)


def _as_ana(qtbot: QtBot, folder: Path, path: Path) -> list[tuple[str, list[str]]]:
    project, delivery = open_project(path), GuiDelivery()
    context = Context(jobs=Jobs(delivery.deliver), settings=MachineSettings(folder / "config"), actor=ANA.actor)
    project.sign_in(ANA.actor)
    with whole_window(qtbot, context) as desk:
        context.set_project(project, name="Clinic", file="clinic.accord", actor=ANA.actor, several=True)
        desk.rest()
        return [(page, [re.sub(re.escape(str(path)), "", text) for text in texts]) for page, texts in _shown(desk)]


def test_no_page_depends_on_what_another_said(qtbot: QtBot, founded: Path, tmp_path: Path) -> None:
    seen = []
    for variant, judgement in enumerate(SAID):
        path = _judged(founded, tmp_path / str(variant) / "clinic.accord", judgement)
        seen.append(_as_ana(qtbot, tmp_path / str(variant), path))
    for other in seen[1:]:
        for (state, here), (_state, there) in zip(seen[0], other, strict=True):
            assert here == there, f"{state} tells what Bo said"


@pytest.mark.long
def test_the_comparison_can_fail(qtbot: QtBot, founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "_WAITING", "CREATE TEMP VIEW waiting AS SELECT 0 AS seq WHERE 0")
    first, second = (
        _as_ana(qtbot, tmp_path / str(n), _judged(founded, tmp_path / str(n) / "clinic.accord", SAID[n]))
        for n in range(2)
    )
    assert first != second
