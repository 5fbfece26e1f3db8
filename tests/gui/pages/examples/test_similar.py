"""What is like the example that is shown: looked for only while the list is open, and one press away."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.gui.pages.examples.conftest import ANA, Desk
from tests.workflows.meanings import Meanings

from accord import bootstrap
from accord.gui.context import Context
from accord.gui.pages.examples import similar_list
from accord.gui.widgets import PlainLabel
from accord.workflows import duplicates, importing

LONG = "Ask the ward. " * 200  # the list below it is out of view
ASKED = ("How is fever treated at home?", "How is a fever in children treated?", "When does the ward open?")


def _told(desk: Desk) -> list[str]:
    return [label.text() for label in desk.page.detail.similar.findChildren(PlainLabel)]


@pytest.fixture
def filled(small: Desk, tmp_path: Path) -> Desk:
    path = tmp_path / "asked.csv"
    path.write_text("request,answer\n" + "".join(f'"{asked}","{LONG}"\n' for asked in ASKED), encoding="utf-8")
    importing.import_file(project=small.project, who=ANA, path=path)
    small.context.tell_changed("examples")
    small.settle()
    with small.project.read() as view:
        query = "SELECT id FROM example ORDER BY seq DESC LIMIT 3"
        ids = [str(row[0]) for row in view.connection.exec_driver_sql(query)][::-1]
    small.page.show_example(ids[0])
    small.settle()
    return small


def test_the_list_is_opened_with_a_key_goes_along_and_leads_to_an_example(filled: Desk) -> None:
    similar = filled.page.detail.similar
    assert not similar.links()
    filled.press(Qt.Key.Key_M)
    assert "by words" in _told(filled)
    assert ASKED[1] in _told(filled)
    assert ASKED[0] not in _told(filled)
    filled.wait(lambda: not similar.links()[0].visibleRegion().isEmpty())  # brought into view
    filled.click(similar.links()[0])
    shown = filled.page.detail.example
    assert shown is not None
    assert shown.detail.row.content.request == ASKED[1]
    assert ASKED[0] in _told(filled)
    filled.press(Qt.Key.Key_M)
    assert not similar.links()[0].isVisible()


def test_it_goes_by_meaning_where_that_is_known(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = Meanings({"ward": "fever", "when": "how", "open": "treated", "does": "is", "the": "at"})
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: embedder)
    duplicates.find(project=filled.project, who=ANA, method="semantic", embedder=embedder)
    filled.press(Qt.Key.Key_M)
    assert "by meaning" in _told(filled)
    assert ASKED[2] in _told(filled)


def test_nothing_is_looked_for_while_it_is_closed(
    filled: Desk, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought: list[str] = []
    monkeypatch.setattr(similar_list, "similar", lambda **asked: sought.append(asked["example_id"]))
    filled.press(Qt.Key.Key_Up, filled.page.table)
    assert context.project is filled.project
    assert not sought
