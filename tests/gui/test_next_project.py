"""One run, two projects: what was built for the first is gone when the second is open, and nothing of it speaks up."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord import gui
from accord.domain.ledger import Who
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.theme import theme
from accord.workflows import browsing, importing, indexing, projects


@pytest.fixture
def desk(qtbot: QtBot, context: Context) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        yield found


def _fill(desk: Desk, folder: Path) -> None:
    path = folder / f"{desk.project.path.stem}.csv"
    lines = [f"What is {n}?,The number {n} of this list." for n in range(8)]
    path.write_text("\n".join(["question,answer", *lines]), encoding="utf-8")
    importing.import_file(project=desk.project, who=Who(actor="Ana Ruiz"), path=path)
    desk.context.tell_changed("imports", "examples")
    desk.rest()


def _visit_all(desk: Desk) -> None:
    for spec in desk.window.available():
        assert desk.window.show_page(spec.id)
        desk.rest()
    theme().toggle()
    theme().toggle()


def _close(desk: Desk, *, at_once: bool) -> None:
    desk.press(Qt.Key.Key_W, CTRL)
    desk.until(lambda: desk.context.project is None)
    if not at_once:
        desk.rest()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _faults(desk: Desk) -> list[str]:
    return [f"{notice.text}\n{notice.detail}" for notice in desk.said if notice.tone == "error"]


def test_a_project_is_closed_from_any_page_without_a_failure(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "first.accord"
    desk.open_new(path)
    _fill(desk, tmp_path)
    for page in [spec.id for spec in desk.window.available()]:
        if desk.context.project is None:
            opening.open_project(desk.context, path)
            desk.until(lambda: desk.context.project is not None)
            desk.rest()
        assert desk.window.show_page(page)
        desk.rest()
        _close(desk, at_once=False)
    assert _faults(desk) == []


def test_a_second_project_in_one_run(desk: Desk, tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        desk.open_new(tmp_path / f"{name}.accord", name)
        _fill(desk, tmp_path)
        _visit_all(desk)
        _close(desk, at_once=False)
    assert _faults(desk) == []


def test_what_was_still_being_read_when_the_project_closed(desk: Desk, tmp_path: Path) -> None:
    desk.open_new(tmp_path / "first.accord", "first")
    _fill(desk, tmp_path)
    for spec in desk.window.available():
        desk.window.show_page(spec.id)
    desk.window.show_page("review")
    desk.rest()
    desk.press(Qt.Key.Key_A)
    _close(desk, at_once=True)
    desk.open_new(tmp_path / "second.accord", "second")
    _visit_all(desk)
    assert _faults(desk) == []


def test_what_was_typed_when_the_project_closed_is_kept(desk: Desk, tmp_path: Path) -> None:
    desk.open_new(tmp_path / "first.accord", "first")
    _fill(desk, tmp_path)
    desk.window.show_page("review")
    desk.rest()
    desk.press(Qt.Key.Key_E)
    desk.press(Qt.Key.Key_End, CTRL)
    desk.type(" More.")
    desk.press(Qt.Key.Key_W, CTRL)
    desk.until(lambda: desk.context.project is None)
    desk.rest()
    again = projects.open_project(path=tmp_path / "first.accord")
    numbers = browsing.example_numbers(project=again)
    row = browsing.example_page(project=again, numbers=list(numbers[:1]))[0]
    draft = browsing.draft_of(project=again, example_id=row.id, reviewer="Ana Ruiz")
    again.close()
    assert draft is not None
    assert draft["edits"] == {"1": "The number 0 of this list. More."}


def test_no_long_lived_signal_calls_a_closure() -> None:
    """A method of a widget ends with it; a closure over it does not."""
    lasting = re.compile(r"(context|actions|theme\(\)|settings)\.\w+\.connect\((lambda|partial)")
    found = [path for path in Path(gui.__file__).parent.rglob("*.py") if lasting.search(path.read_text("utf-8"))]
    assert found == []


def test_a_project_whose_new_examples_wait_for_the_index_has_them_indexed_once_it_is_open(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "first.accord"
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "SMALL", 0)
        desk.open_new(path, "first")
        _fill(desk, tmp_path)
    assert indexing.waiting(project=desk.project) == 8
    _close(desk, at_once=False)
    opening.open_project(desk.context, path)
    desk.until(lambda: desk.context.project is not None)
    desk.until(lambda: indexing.waiting(project=desk.project) == 0)
    desk.rest()
    assert _faults(desk) == []
