"""De-identifying from the table: which kinds, a look at what would be replaced, the act, and its undo."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.gui.pages.examples.conftest import Desk
from tests.gui.pages.examples.test_bulk import SHIFT, key, select_all

from accord.checks import registry
from accord.domain.ledger import Who
from accord.gui.theme import theme
from accord.workflows import browsing, importing, projects

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)")


def test_the_selected_are_de_identified_after_a_look_and_undone_as_one(small: Desk, tmp_path: Path) -> None:
    path = tmp_path / "more.jsonl"
    rows = [{"q": f"Who is pat{n}@gmail.com?", "a": f"Born 2 March 195{n}."} for n in range(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    mapping = {"request": "q", "answer": "a"}
    importing.import_file(project=small.project, who=Who(actor="ana", device="here"), path=path, mapping=mapping)
    settings = projects.settings_of(project=small.project)
    heavy = tuple(rule.name for rule in registry.RULES if rule.needs)  # they take seconds to load
    light = replace(settings, checks=replace(settings.checks, off=(*settings.checks.off, *heavy)))
    projects.change_settings(project=small.project, who=Who(actor="ana", device="here"), settings=light)
    small.context.tell_changed("examples")
    small.wait(lambda: len(small.page.browser.model.ids) == 7)
    small.settle()
    select_all(small)
    key(small, Qt.Key.Key_D, SHIFT)
    assert "which kinds" in small.page.reasons.question.full_text()
    small.page.reasons.field.setText("e-mail address, Date in a person's life")
    key(small, Qt.Key.Key_Return)
    prompt = small.window.prompt
    small.wait(lambda: "3 examples would be de-identified." in prompt.text.full_text())
    assert "pat0@gmail.com →" in prompt.text.full_text()
    assert "Date in a person's life 3, E-mail address 3." in prompt.text.full_text()
    assert "gmail" in _texts(small)
    grab(small, "deidentify")
    key(small, Qt.Key.Key_Return)
    small.wait(lambda: any("3 examples de-identified." in one.text for one in small.said))
    assert "gmail" not in _texts(small)
    small.page.table.setFocus()
    key(small, Qt.Key.Key_Z)
    small.wait(lambda: "gmail" in _texts(small))


def grab(desk: Desk, name: str) -> None:
    """Leave a picture where one is wanted (ACCORD_PICTURES)."""
    folder = os.environ.get("ACCORD_PICTURES")
    if folder:
        for scheme in ("one", "other"):
            theme().toggle()
            desk.settle()
            desk.window.grab().save(f"{folder}/{name}-{scheme}.png")


def _texts(desk: Desk) -> str:
    return " ".join(row.content.request for row in browsing.examples(project=desk.project))
