"""The page against a real llama.cpp server: connected, tested, listed, shown, ten drafts in the queue of reviewers."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from tests import llama_server
from tests.gui.pages.generate.conftest import Generating
from tests.llama_server import LlamaServer

from accord.domain.generation import ItemState
from accord.gui.pages.review.page import ReviewPage
from accord.workflows import browsing
from accord.workflows import generating as runs

pytestmark = pytest.mark.skipif(bool(llama_server.missing()), reason=llama_server.missing())
_MINUTES = 10 * 60_000


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaServer]:
    """Give a server with SmolLM2-135M-Instruct."""
    with llama_server.running() as server:
        yield server


def test_ten_drafts_of_a_real_model_by_keys(generating: Generating, llama: LlamaServer) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(llama.base_url, key=llama.key, name="llama.cpp here")
    desk.press(Qt.Key.Key_T)
    desk.qtbot.waitUntil(lambda: "answered in" in page.who.tested.label.full_text(), timeout=120_000)
    assert page.who.model.value() == llama.model
    generating.settle()
    generating.number(10)
    desk.tab_to(page.who.tokens)
    page.who.tokens.selectAll()
    desk.type("150")  # of a model this small no more is to be had
    generating.settle()
    assert page.button.plain_text() == "Ask for 10 candidates"
    assert page.before.where.full_text() == "It stays on this machine."
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: page.asking.running)
    desk.qtbot.waitUntil(lambda: not page.asking.running, timeout=_MINUTES)
    generating.settle()
    (run,) = runs.runs(project=desk.project)
    assert sum(run.items.values()) == 10
    assert run.items.get(ItemState.STORED, 0) + run.items.get(ItemState.FAILED, 0) == 10
    made = list(browsing.examples(project=desk.project, where="origin = generated"))
    assert made
    assert len(made) == run.outcome.new + run.outcome.near
    desk.press(Qt.Key.Key_V)
    review = desk.page(ReviewPage)
    desk.rest()
    desk.until(lambda: review.desk.order.waiting == run.outcome.new)
