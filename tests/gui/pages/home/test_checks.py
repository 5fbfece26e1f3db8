"""Home tells what checks found and what is not checked yet, and one key checks it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.whole_window import Desk, whole_window

from accord.checks import registry
from accord.domain.filters import Field
from accord.domain.ledger import Who
from accord.gui.context import Context
from accord.gui.pages.examples.page import ExamplesPage
from accord.gui.pages.home.page import HomePage
from accord.workflows import importing, projects

ROWS = "question,answer\n" + "".join(f"What is {n}?,Write to ward{n}@mail.example.com.\n" for n in range(3))


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        _without_heavy_rules(found)
        yield found


def _without_heavy_rules(desk: Desk) -> None:
    """Switch off what takes many seconds to load; that it is found is tested elsewhere."""
    settings = projects.settings_of(project=desk.project)
    off = tuple(rule.name for rule in registry.RULES if rule.needs)
    changed = replace(settings, checks=replace(settings.checks, off=off))
    projects.change_settings(project=desk.project, who=Who(actor=desk.context.actor), settings=changed)


def test_what_is_not_checked_is_checked_with_one_key_and_leads_to_its_examples(desk: Desk, tmp_path: Path) -> None:
    home = desk.page(HomePage)
    assert home.checks.isHidden()
    path = tmp_path / "a.csv"
    path.write_text(ROWS + "What helps?,Rest and drink.\n", encoding="utf-8")
    importing.import_file(project=desk.project, who=Who(actor=desk.context.actor), path=path)
    desk.context.tell_changed("imports", "examples")
    desk.rest()
    assert home.checks.left.full_text() == "4 examples are not checked yet."
    assert home.checks.found.lines == []
    desk.press(Qt.Key.Key_C)
    assert not home.checks.button.isEnabled()
    desk.until(lambda: home.checks.found.lines)
    desk.rest()
    assert [line.accessibleName() for line in home.checks.found.lines] == ["3 errors found in texts"]
    assert home.checks.button.isHidden()
    assert nameless(home) == []
    home.checks.found.lines[0].click()
    examples = desk.page(ExamplesPage)
    desk.until(lambda: examples.table.model().rowCount() == 3)
    assert [chip.words for chip in examples.filters.chips] == ["Finding: Error"]
    desk.until(lambda: examples.filters._offers(Field.FINDING))
    offered = [value for value, _count in examples.filters._offers(Field.FINDING)]
    assert offered == ["error", "pii", "email-address"]
