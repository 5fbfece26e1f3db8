"""Another model is asked the same as a run before, so that reviewers' acts compare the two."""

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from tests.chat_service import ChatService, Good
from tests.gui.accessibility import nameless
from tests.gui.pages.generate.test_page import ask, drafts, wait_for_end

from accord.storage import generations

if TYPE_CHECKING:
    from tests.chat_service import Behaviour, Received
    from tests.gui.pages.generate.conftest import Generating


def _says(turn: int, _received: "Received") -> "Behaviour":
    return Good(json.dumps({"answer": f"Under number {turn * 7919} there stands what helps, in words of its own."}))


def test_a_second_model_starts_from_what_the_first_one_did(generating: "Generating", service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(service.base_url)
    service.script = _says
    generating.number(4)
    ask(generating)
    wait_for_end(generating)
    assert drafts(generating) == 4
    page.run.like.setFocus()
    desk.press(Qt.Key.Key_Space)
    generating.settle()
    assert "run 1 asked of gpt-4" in page.what.same.text()
    assert page.what.recipes.isHidden()
    assert nameless(page) == []
    assert page.who.model.combo.hasFocus()
    page.who.model.show_model("gpt-4o-mini")
    generating.settle()
    assert page.button.plain_text() == "Ask for 4 candidates"
    ask(generating)
    wait_for_end(generating)
    with desk.project.read() as view:
        first, second = ([item.start.seed for item in generations.items(view, run)] for run in (1, 2))
        models = [run.plan.model for run in generations.runs(view)]
    assert first == second
    assert models == ["gpt-4o-mini", "gpt-4"]
    assert page.what.recipes.isVisible()
    assert page.what.same.isHidden()


def test_other_starting_points_are_chosen_again(generating: "Generating", service: ChatService) -> None:
    page = generating.page
    generating.connect(service.base_url)
    service.script = _says
    generating.number(2)
    ask(generating)
    wait_for_end(generating)
    page.run.like.click()
    generating.settle()
    page.what.others.click()
    generating.settle()
    assert page.what.recipes.isVisible()
    generating.number(3)
    assert page.button.plain_text() == "Ask for 3 candidates"
