"""Before anything is sent: consent, terms, price, budget, personal data, a locked project, and a recipe's own text."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.chat_service import KEY, ChatService
from tests.gui.pages.generate.conftest import WHO, Generating

from accord.checks import registry
from accord.domain.findings import Kind
from accord.domain.project import DataClass
from accord.workflows import generating as runs
from accord.workflows import importing, projects, recipes

AWAY = "https://chat.example.invalid/v1"


def away(found: Generating) -> None:
    """Name a service elsewhere and its model; nothing answers there, and nothing is to be sent."""
    found.connect(AWAY, name="Elsewhere")
    found.desk.tab_to(found.page.who.model.combo)
    found.desk.type("big-1")
    found.settle()


def price(found: Generating, prompt: str, answer: str) -> None:
    row = found.page.who.price
    if row.fields.isHidden():
        found.desk.tab_to(row.change)
        found.desk.press(Qt.Key.Key_Return)
    for text in (prompt, answer):
        focus = row.prompt if text is prompt else row.answer
        found.desk.tab_to(focus)
        focus.selectAll()
        found.desk.type(text)
    found.desk.press(Qt.Key.Key_Return)
    found.settle()


def test_the_button_names_what_is_missing_until_a_person_has_said_all(generating: Generating) -> None:
    desk, page = generating.desk, generating.page
    assert page.button.plain_text() == "Add a connection first"
    generating.connect(AWAY, name="Elsewhere")
    assert page.button.plain_text() == "Choose a model first"
    desk.tab_to(page.who.model.combo)
    desk.type("big-1")
    generating.settle()
    assert page.button.plain_text() == "Enter the price of the model first"
    price(generating, "2,50", "10")
    assert "no price" in page.who.price.fault.full_text()
    assert page.who.price.prompt.text() == "2,50"
    price(generating, "2.50", "10")
    assert "entered on this machine" in page.who.price.said.full_text()
    assert page.before.where.full_text() == "It leaves this machine, to chat.example.invalid."
    assert page.button.plain_text() == "Say first what it is sent for"
    form = page.before.consent
    desk.tab_to(form.purpose)
    desk.type("drafts for two clinicians")
    assert page.button.plain_text() == "Accept the provider's terms first"
    desk.tab_to(form.terms)
    desk.press(Qt.Key.Key_Space)
    assert page.button.plain_text() == "Enter a budget first"
    assert "cost $" in form.budget_row.note.full_text()
    desk.tab_to(form.budget)
    desk.type("0.43")
    assert page.button.plain_text() == "Ask for 12 candidates, at most $0.43"
    assert page.button.isEnabled()
    assert "may be sent, after consent" in form.data_class.full_text()
    assert runs.runs(project=desk.project) == []


def test_a_locked_project_says_why_and_what_can_be_done(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    settings = projects.settings_of(project=desk.project)
    locked = replace(settings, data_class=DataClass.LOCKED)
    projects.change_settings(project=desk.project, who=WHO, settings=locked)
    desk.context.tell_changed("settings")
    away(generating)
    assert "locked to this machine" in page.before.said.full_text()
    assert "This project is locked to this machine" in page.button.plain_text()
    assert not page.button.isEnabled()
    desk.tab_to(page.before.local)
    desk.press(Qt.Key.Key_Return)
    desk.until(page.who.form.isVisible)
    assert page.who.form.preset.currentText() == "llama.cpp"
    page.who.form.url.setText(service.base_url)
    page.who.form.key.setText(KEY)
    page.who.form.save_button.click()
    desk.until(page.who.form.isHidden)
    generating.settle()
    assert page.before.where.full_text() == "It stays on this machine."


def test_personal_data_is_listed_marked_and_left_out_or_replaced(generating: Generating, tmp_path: Path) -> None:
    desk, page = generating.desk, generating.page
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({"q": "Write to maria.keller@clinic.example.org about it?", "a": ""}), "utf-8")
    importing.import_file(project=desk.project, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    desk.context.tell_changed("examples", "imports")
    away(generating)
    field = page.what.wish.where
    desk.tab_to(field)
    desk.type("source = more.jsonl")
    generating.settle()
    view = page.before.prompts
    assert "No question is left that may be sent" in page.button.plain_text()
    assert "maria.keller@clinic.example.org" in view.list.item(0).text()
    assert "personal data" in view.why.full_text()
    marked = [one for text in view.texts for one in text.text.extraSelections()]
    assert [one.cursor.selectedText() for one in marked] == ["maria.keller@clinic.example.org"]
    gate = page.before.consent.gate
    desk.tab_to(next(button for button in gate._values.values() if button.isChecked()))
    desk.press(Qt.Key.Key_Right)
    generating.settle()
    sent = "\n".join(text.text.text() for text in view.texts)
    assert "maria.keller@clinic.example.org" not in sent
    assert "No question is left" not in page.button.plain_text()


def test_where_names_cannot_be_looked_for_a_person_says_why_it_may_be_sent(
    generating: Generating, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, page = generating.desk, generating.page
    rule = next(rule for rule in registry.RULES if rule.kind is Kind.PERSONAL and rule.needs)
    monkeypatch.setattr(registry, "missing", lambda *_all, **_named: [rule])
    away(generating)
    price(generating, "2.50", "10")
    assert page.button.plain_text().startswith("Say first why it may be sent")
    form = page.before.consent
    desk.tab_to(form.although)
    desk.type("the texts are made up")
    desk.press(Qt.Key.Key_Return)
    generating.settle()
    assert page.button.plain_text() == "Say first what it is sent for"
    assert form.although.isVisible()


def test_a_filter_that_cannot_be_read_is_told_and_nothing_is_lost(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(service.base_url)
    desk.tab_to(page.what.wish.where)
    desk.type("colour = red")
    generating.settle()
    assert "is not of the form" in page.before.said.full_text()
    assert page.what.wish.where.text() == "colour = red"


def test_a_recipe_is_changed_told_what_is_wrong_and_reset(generating: Generating, service: ChatService) -> None:
    desk, page = generating.desk, generating.page
    generating.connect(service.base_url)
    page.what.take_focus()
    desk.press(Qt.Key.Key_E)
    editor = page.editor
    desk.until(editor.isVisible)
    whole = editor.text.text()
    desk.rest()
    editor.text.replace_with("no title at all")
    editor.save_button.click()
    desk.until(editor.fault.isVisible)
    assert "needs a title" in editor.fault.full_text()
    assert editor.text.text() == "no title at all"
    editor.text.replace_with(whole.replace("{{request}}", "Please: {{request}}"))
    editor.save_button.click()
    desk.until(editor.isHidden)
    generating.settle()
    assert any("Please: " in text.text.text() for text in page.before.prompts.texts)
    page.what.take_focus()
    desk.press(Qt.Key.Key_E)
    desk.until(editor.isVisible)
    assert editor.versions.count() == 1
    editor.reset_button.click()
    desk.until(editor.isHidden)
    generating.settle()
    assert not recipes.find(project=desk.project, name="answers").own
    assert not any("Please: " in text.text.text() for text in page.before.prompts.texts)


def test_tags_and_documents_are_asked_for_where_a_recipe_starts_from_them(
    generating: Generating, service: ChatService, tmp_path: Path
) -> None:
    page = generating.page
    generating.connect(service.base_url)
    generating.choose("requests")
    assert page.what.wish.tags.isVisible()
    assert page.what.wish.documents.isHidden()
    box = next(iter(page.what.wish.tags.boxes.values()))
    generating.desk.tab_to(box)
    generating.desk.press(Qt.Key.Key_Space)
    generating.settle()
    assert page.button.plain_text() == "Ask for 20 candidates"
    file = tmp_path / "leaflet.md"
    words = " ".join(f"Tablet {n} is taken in the evening with a glass of water." for n in range(30))
    file.write_text(f"# Leaflet\n\n{words}\n", "utf-8")
    page.what.add_documents([file, tmp_path / "none.pdf"])
    generating.settle()
    assert page.what.recipes.value() == "passages"
    assert "leaflet.md" in page.before.prompts.texts[-1].text.text()
    assert page.what.wish.documents.rows[tmp_path / "none.pdf"].fault.isVisible()


def test_a_recipe_without_a_start_says_why(generating: Generating) -> None:
    row = generating.page.what.recipes.rows["revise"]
    assert (
        row.nothing.full_text() == "There is no candidate that nobody has reviewed, or each has been revised already."
    )
