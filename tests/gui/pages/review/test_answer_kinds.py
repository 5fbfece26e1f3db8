"""Answers that are not free text: one of a closed list, and JSON by a form that cannot submit a wrong one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.pages.review.conftest import CTRL, Bench, Key

from accord.domain.ledger import Who
from accord.domain.project import AnswerKind, Choice
from accord.gui.pages.review.choices import ChoiceRow, choice_keys
from accord.gui.pages.review.json_fields import ChoiceField, ListField, NumberField, ObjectField, can_be_a_form
from accord.gui.pages.review.json_form import JsonForm
from accord.workflows import browsing, projects

Sit = Callable[[], Bench]
Fill = Callable[[Sequence[Sequence[str]]], None]
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "drug": {"type": "string", "title": "Drug", "description": "Generic name"},
        "dose": {"type": "number"},
        "times": {"type": "integer", "minimum": 1},
        "safe": {"type": "boolean"},
        "route": {"enum": ["oral", "iv"]},
        "signs": {"type": "array", "items": {"type": "string"}},
        "who": {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]},
    },
    "required": ["drug", "times"],
}


def decide(project: Any, who: Who, **values: Any) -> None:
    changed = replace(projects.settings_of(project=project), **values)
    projects.change_settings(project=project, who=who, settings=changed)


def answer_of(project: Any, seq: int) -> str:
    return browsing.example_page(project=project, numbers=[seq])[0].content.answer


def status_of(project: Any, seq: int) -> str:
    return browsing.example_page(project=project, numbers=[seq])[0].status


@pytest.fixture
def yes_or_no(project: Any, who: Who, fill: Fill) -> None:
    decide(project, who, answer_kind=AnswerKind.LIST, choices=(Choice(label="Yes"), Choice(label="No")))
    fill([("Is it urgent?", "Yes"), ("Is it contagious?", "Perhaps"), ("Is it rare?", "No")])


@pytest.mark.usefixtures("yes_or_no")
def test_a_choice_is_picked_by_its_letter_and_stored_as_an_edit(sit: Sit, project: Any) -> None:
    bench = sit()
    seq = bench.item.seq
    block = bench.page.reading.answer_block()
    assert block is not None
    row = block.findChild(ChoiceRow)
    assert row is not None
    assert [(b.label, b.key, b.isChecked()) for b in row.buttons] == [("Yes", "Y", True), ("No", "N", False)]
    bench.press(Key.Key_N)
    bench.press(Key.Key_A)
    bench.wait(lambda: answer_of(project, seq) == "No")
    review = browsing.example(project=project, example_id=browsing.example_page(project=project, numbers=[seq])[0].id)
    assert review.reviews[-1].verdict == "edit"


@pytest.mark.usefixtures("yes_or_no")
def test_an_answer_outside_the_list_is_refused_until_one_is_picked(sit: Sit, project: Any) -> None:
    bench = sit()
    bench.press(Key.Key_A)
    bench.wait_item()
    seq = bench.item.seq
    bench.press(Key.Key_A)
    assert bench.item.seq == seq
    assert "one of: Yes, No" in bench.page.bar.fault.full_text()
    bench.press(Key.Key_Y)
    bench.press(Key.Key_A)
    bench.wait(lambda: answer_of(project, seq) == "Yes")


@pytest.mark.usefixtures("yes_or_no")
def test_the_answers_of_the_list_stand_in_the_one_list_of_actions(sit: Sit) -> None:
    bench = sit()
    titles = {action.title: action.key for action in bench.context.actions.in_force()}
    assert titles["Answer “Yes”"] == "Y"
    assert titles["Answer “No”"] == "N"


def test_letters_of_choices_are_free_and_each_its_own() -> None:
    keys = choice_keys([Choice(label=label) for label in ("Yes", "No", "Not known", "Probably", *"abcdefgh")])
    given_keys = [key for key in keys if key]
    assert keys[:2] == ["Y", "N"]
    assert len(set(given_keys)) == len(given_keys)
    assert not set(given_keys) & set("ARUETCSZDJKGFHQL123456789")


def test_a_wrong_json_answer_cannot_be_submitted(sit: Sit, project: Any, who: Who, fill: Fill) -> None:
    decide(project, who, answer_kind=AnswerKind.JSON, answer_schema=SCHEMA)
    fill([("Which drug?", '{"drug": "aspirin", "times": 2, "other": [1]}'), ("And now?", '{"drug": "x", "times": 1}')])
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_E)
    form = bench.page.findChild(JsonForm)
    assert form is not None
    assert isinstance(form.field, ObjectField)
    times = form.field.fields["times"]
    assert isinstance(times, NumberField)
    times.take_focus()
    bench.press(Key.Key_Home)
    bench.type("a")  # also the key that accepts
    bench.wait(lambda: "times" in bench.page.bar.fault.full_text())
    bench.press(Key.Key_Return, CTRL)
    assert bench.item.seq == seq
    assert status_of(project, seq) == "candidate"
    bench.press(Key.Key_Backspace)
    bench.type("1")
    bench.wait(lambda: not bench.page.bar.fault.full_text())
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: status_of(project, seq) == "accepted")
    assert answer_of(project, seq) == '{"drug": "aspirin", "times": 12, "other": [1]}'


def test_an_untouched_json_answer_is_accepted_byte_for_byte(sit: Sit, project: Any, who: Who, fill: Fill) -> None:
    decide(project, who, answer_kind=AnswerKind.JSON, answer_schema=SCHEMA)
    odd = '{ "times":2 ,"drug":"caf\\u00e9", "dose": 1.50 }\r\n'
    fill([("Which drug?", odd)])
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_E)
    bench.press(Key.Key_Escape)
    assert bench.page.desk.collect().edits == {}
    bench.press(Key.Key_A)
    bench.wait(lambda: status_of(project, seq) == "accepted")
    assert answer_of(project, seq) == odd


def test_every_kind_of_field_fills_its_value(qtbot: QtBot) -> None:
    form = JsonForm(SCHEMA)
    qtbot.addWidget(form)
    form.set_text("")
    assert form.text() == ""
    assert isinstance(form.field, ObjectField)
    fields = form.field.fields
    value = {
        "drug": "ibuprofen",
        "dose": 1.5,
        "times": 3,
        "safe": False,
        "route": "iv",
        "signs": ["a", "b"],
        "who": {"age": 7},
    }
    for name, part in value.items():
        fields[name].set_value(part)
    form.field.edited.emit()
    assert json.loads(form.text()) == value
    signs, route = fields["signs"], fields["route"]
    assert isinstance(signs, ListField)
    assert isinstance(route, ChoiceField)
    signs.add_button.click()
    signs.fields[-1].set_value("c")
    route.set_value("unknown")
    assert json.loads(form.text()) == {**{k: v for k, v in value.items() if k != "route"}, "signs": ["a", "b", "c"]}


def test_text_that_is_no_json_and_schemas_beyond_a_form_are_edited_as_text(qtbot: QtBot) -> None:
    form = JsonForm(SCHEMA)
    qtbot.addWidget(form)
    form.set_text("not {json")
    assert not form.is_form
    assert form.text() == "not {json"
    assert can_be_a_form(SCHEMA)
    assert not can_be_a_form({"type": "object", "properties": {"x": {"anyOf": [{"type": "string"}]}}})
    assert not can_be_a_form({"type": "array", "items": {"type": "object", "properties": {}}})
    plain = JsonForm({"$ref": "#/x"})
    qtbot.addWidget(plain)
    plain.set_text('{"a": 1}')
    assert not plain.is_form


_VALUES = st.fixed_dictionaries(
    {"drug": st.text(), "times": st.integers()},
    optional={
        "dose": st.floats(allow_nan=False, allow_infinity=False),
        "safe": st.booleans(),
        "route": st.sampled_from(["oral", "iv"]),
        "signs": st.lists(st.text(), max_size=3),
        "who": st.fixed_dictionaries({"age": st.integers()}),
        "beyond": st.lists(st.integers(), max_size=2),
    },
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=_VALUES, indent=st.sampled_from([None, 2]))
def test_a_form_gives_back_what_it_was_given(qtbot: QtBot, value: dict[str, Any], indent: int | None) -> None:
    form = JsonForm(SCHEMA)
    qtbot.addWidget(form)
    text = json.dumps(value, indent=indent)
    form.set_text(text)
    assert form.text() == text
    assert form.field is not None
    form.field.edited.emit()
    assert json.loads(form.text()) == value


def test_letters_pressed_inside_the_form_are_no_verdict(sit: Sit, project: Any, who: Who, fill: Fill) -> None:
    decide(project, who, answer_kind=AnswerKind.JSON, answer_schema=SCHEMA)
    fill([("Which drug?", '{"drug": "aspirin", "times": 2}'), ("And now?", '{"drug": "x", "times": 1}')])
    bench = sit()
    seq = bench.item.seq
    form = bench.page.findChild(JsonForm)
    assert form is not None
    assert isinstance(form.field, ObjectField)
    for name in ("safe", "signs", "route"):
        button = form.field.fields[name].findChild(QAbstractButton) or form.field.fields[name].findChild(QComboBox)
        assert isinstance(button, QWidget)
        button.setFocus()
        bench.press(Key.Key_A)
        bench.press(Key.Key_U)
        assert bench.item.seq == seq
    assert status_of(project, seq) == "candidate"
