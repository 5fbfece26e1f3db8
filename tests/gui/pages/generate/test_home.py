"""A fine-tuned model comes home by the page: what there is, what came, and how it answers."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from tests.chat_service import ChatService
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service
from tests.gui.pages.generate.conftest import Generating

from accord.workflows import browsing, fetching, home_records


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatService]:
    """Give a service that holds one fine-tuned model."""
    monkeypatch.setattr(fetching, "_BACK_OFF", 0.001)
    with fine_tuning_service(Account.of_clinic(rows=5)) as service:
        yield service


def name_it(found: Generating) -> None:
    field = found.page.who.model.combo
    found.desk.tab_to(field)
    line = field.lineEdit()
    assert line is not None
    line.selectAll()
    found.desk.type(MODEL)
    found.settle()


def test_a_fine_tuned_model_comes_home(generating: Generating, clinic: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(clinic.base_url)
    assert page.home.isHidden()
    name_it(generating)
    assert page.home.isVisible()
    assert MODEL in page.home.until.full_text()
    desk.tab_to(page.home.look)
    desk.press(Qt.Key.Key_Return)
    desk.until(page.home.things.isVisible)
    assert "clinic-train.jsonl" in page.home.things.full_text()
    assert home_records.brought(project=desk.project) == ()
    desk.tab_to(page.home.bring)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: "new in the project" in page.home.said.full_text())
    generating.settle()
    assert page.home.fault.isHidden()
    assert home_records.brought(project=desk.project)


def test_how_a_model_answers_is_recorded(generating: Generating, clinic: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(clinic.base_url)
    name_it(generating)
    generating.choose("recorded")
    assert not page.what.edit.isEnabled()
    generating.number(3)
    assert page.button.plain_text() == "Ask for 3 candidates"
    assert [text.text.text() for text in page.before.prompts.texts][-1].endswith("?")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: page.asking.running)
    desk.until(lambda: not page.asking.running)
    generating.settle()
    assert len(list(browsing.examples(project=desk.project, where="origin = generated"))) == 3
