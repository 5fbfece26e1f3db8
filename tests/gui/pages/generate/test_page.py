"""The page Generate by its keys: a connection, a preview, a run, what came of it; nothing is sent unasked."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from tests.chat_service import KEY, ChatService, Fault, Good, always, in_order
from tests.gui.accessibility import nameless
from tests.gui.pages.generate.conftest import WHO, Generating

from accord.gui.pages import NAMES
from accord.gui.pages.review.page import ReviewPage
from accord.gui.widgets import PlainLabel
from accord.workflows import browsing, importing

CTRL = Qt.KeyboardModifier.ControlModifier


def ask(generating: Generating) -> None:
    generating.desk.press(Qt.Key.Key_Return, CTRL)
    generating.desk.until(lambda: generating.page.asking.running)


def wait_for_end(generating: Generating) -> None:
    generating.desk.until(lambda: not generating.page.asking.running)
    generating.settle()


def drafts(generating: Generating) -> int:
    return len(list(browsing.examples(project=generating.desk.project, where="origin = generated")))


def test_it_stands_after_import_in_the_rail() -> None:
    assert NAMES[NAMES.index("generate") - 1] == "importing"


def test_from_a_connection_to_candidates_in_the_queue_by_keys(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    assert page.button.plain_text() == "Add a connection first"
    generating.connect(service.base_url)
    assert page.who.form.isHidden()
    assert "until Accord is closed" in page.who.key.full_text()
    desk.press(Qt.Key.Key_T)
    desk.until(lambda: "answered in" in page.who.tested.label.full_text())
    assert page.who.model.value() == "gpt-4"
    generating.settle()
    generating.number(4)
    assert page.button.plain_text() == "Ask for 4 candidates"
    assert page.before.where.full_text() == "It stays on this machine."
    assert len(page.before.prompts.prompts) == 3
    assert "May I take tablet number" in page.before.prompts.texts[-1].text.text()
    asked = len(service.exchanges)
    ask(generating)
    wait_for_end(generating)
    assert len(service.exchanges) - asked == 4
    assert drafts(generating) == 4
    assert "4 of 4 answered" in page.run.said.text()
    assert "4 new candidates wait for a person" in page.run.said.text()
    assert page.runs.model.rowCount() == 1
    desk.press(Qt.Key.Key_V)
    review = desk.page(ReviewPage)
    desk.rest()
    desk.until(lambda: review.desk.order.waiting == 4)
    desk.until(review.reading.drafted.isVisible)
    assert review.reading.drafted.full_text() == "drafted by gpt-4"
    review.asides.toggle_history()
    lines = [label.full_text() for label in review.asides.history.findChildren(PlainLabel)]
    assert "Recipe: answers" in lines
    assert not any("choices" in one for one in lines)


def test_a_revision_waits_with_what_the_model_said_of_the_answer_before(
    generating: Generating, service: ChatService, tmp_path: Path
) -> None:
    desk = generating.desk
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({"q": "How is it kept?", "a": "In the sun."}), "utf-8")
    importing.import_file(project=desk.project, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    desk.context.tell_changed("examples", "imports")
    generating.connect(service.base_url)
    said = {"critique": "The sun spoils it.", "answer": "Keep it below 25 degrees, in the dark."}
    service.script = always(Good(json.dumps(said)))
    generating.choose("revise")
    ask(generating)
    wait_for_end(generating)
    desk.press(Qt.Key.Key_V)
    review = desk.page(ReviewPage)
    desk.rest()
    desk.until(review.reading.critique.isVisible)
    assert review.reading.critique.text() == "The sun spoils it."
    assert "drafted by gpt-4" in review.reading.drafted.full_text()


def test_a_key_is_entered_once_and_never_shown_again(generating: Generating, service: ChatService) -> None:
    page = generating.page
    generating.connect(service.base_url)
    page.who.edit.click()
    assert page.who.form.key.text() == ""
    assert KEY not in "".join(label.text() for label in page.findChildren(type(page.who.key)))
    generating.desk.press(Qt.Key.Key_Return)
    generating.settle()
    connection = page.who.known[0].saved.connection
    assert generating.desk.context.services.keys.find(connection).key == KEY


def test_what_is_entered_wrong_is_told_and_stays(generating: Generating) -> None:
    page = generating.page
    generating.connect("ftp://elsewhere")
    assert page.who.form.isVisible()
    assert "no address of a service" in page.who.form.fault.full_text()
    assert page.who.form.url.text() == "ftp://elsewhere"


def test_a_key_that_is_none_is_told_and_entered_again(generating: Generating, service: ChatService) -> None:
    desk, form = generating.desk, generating.page.who.form
    generating.connect(service.base_url, key="two words")
    assert "That is no key" in form.fault.full_text()
    assert len(generating.page.who.known) == 1
    desk.tab_to(form.key)
    form.key.selectAll()
    desk.type(KEY)
    desk.press(Qt.Key.Key_Return)
    desk.until(form.isHidden)
    generating.settle()
    assert len(generating.page.who.known) == 1
    assert "until Accord is closed" in generating.page.who.key.full_text()


def test_every_control_has_a_name(generating: Generating, service: ChatService) -> None:
    generating.connect(service.base_url)
    assert nameless(generating.page) == []
    generating.desk.press(Qt.Key.Key_N)
    generating.desk.press(Qt.Key.Key_Escape)
    generating.page.recipe_acts.open()
    generating.desk.until(generating.page.editor.isVisible)
    for name in list(generating.page.what.recipes.rows):
        generating.page.what.recipes.rows[name].button.click()
        assert nameless(generating.page) == []


def test_failures_are_told_with_their_reasons_and_are_no_success(generating: Generating, service: ChatService) -> None:
    page = generating.page
    generating.connect(service.base_url)
    service.script = always(Fault.REFUSED)
    generating.number(3)
    ask(generating)
    wait_for_end(generating)
    assert drafts(generating) == 0
    assert "No new candidate came of it" in page.run.said.text()
    assert "3 questions: The model declined to answer." in page.run.reasons.text()
    assert page.run.review.isHidden()
    assert any("No candidate came of it" in notice.text for notice in generating.desk.said)
    assert not any(notice.tone == "good" for notice in generating.desk.said if "candidate" in notice.text)


def test_a_run_is_paused_and_goes_on_where_it_was(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(service.base_url)
    generating.number(12)
    service.latency = 0.4
    before = len(service.exchanges)
    ask(generating)
    desk.until(lambda: len(service.exchanges) - before >= 3)
    desk.press(Qt.Key.Key_P)
    wait_for_end(generating)
    came = drafts(generating)
    assert 0 < came < 12
    assert "It stands still: It was stopped." in page.run.why.text()
    assert "stands still" in page.standing.plain_text()
    service.latency = 0.0
    desk.press(Qt.Key.Key_R)
    desk.until(lambda: page.asking.running)
    wait_for_end(generating)
    assert drafts(generating) == 12
    assert page.run.why.isHidden()
    assert page.runs.model.rowCount() == 1


def test_a_cancelled_run_is_put_away_and_kept(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(service.base_url)
    generating.number(12)
    service.latency = 0.4
    before = len(service.exchanges)
    ask(generating)
    desk.until(lambda: len(service.exchanges) > before)
    page.run.cancel.click()
    wait_for_end(generating)
    assert page.run.isHidden()
    assert any("Cancelled." in notice.text for notice in desk.said)
    page.runs.look.click()
    desk.until(page.run.isVisible)
    assert page.run.resume.isVisible()


def test_a_run_that_is_cancelled_at_once_is_told_too(generating: Generating, service: ChatService) -> None:
    generating.connect(service.base_url)
    service.latency = 0.4
    ask(generating)
    generating.page.run.cancel.click()
    wait_for_end(generating)
    assert generating.page.run.isHidden()
    assert any("Cancelled" in notice.text for notice in generating.desk.said)


def test_a_run_that_was_left_standing_is_offered_when_the_project_is_opened(
    generating: Generating, service: ChatService
) -> None:
    desk = generating.desk
    generating.connect(service.base_url)
    generating.number(5)
    service.script = in_order(Good(json.dumps({"answer": "It is known."})), then=Fault.INSUFFICIENT_QUOTA)
    ask(generating)
    wait_for_end(generating)
    project, path = desk.project, str(desk.project.path)
    desk.context.set_project(None)
    desk.context.set_project(project, name="Clinic", file=path, actor="Ana Ruiz")
    desk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    again = Generating(desk)
    again.settle()
    desk.until(again.page.run.isVisible)
    assert "no credit left" in again.page.run.why.text()
    service.script = always(Good(json.dumps({"answer": "It is known, too."})))
    desk.press(Qt.Key.Key_R)
    desk.until(lambda: again.page.asking.running)
    wait_for_end(again)
    assert "5 of 5 answered" in again.page.run.said.text()
