"""What a model's reply becomes: drafts, or the reason why it is none; never a crash."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.chat import Answer, Failure, Offered, Question, Trouble, Usage
from accord.domain.generation import Draft
from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.recipes import Recipe
from accord.domain.recipes import read as read_recipe
from accord.workflows.generation_replies import Formed, Read, WrongForm, form, read, with_texts

NAMES = ("answers", "variations", "requests", "passages", "worse", "paraphrases", "revise")
FREE = ProjectSettings()
CLOSED = ProjectSettings(answer_kind=AnswerKind.LIST, choices=(Choice(label="yes"), Choice(label="no")))
DOSE = {"type": "object", "properties": {"mg": {"type": "integer"}}, "required": ["mg"], "additionalProperties": False}
AS_JSON = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=DOSE)


def recipe(name: str) -> Recipe:
    folder = resources.files("accord") / "resources" / "recipes"
    return read_recipe(name, (folder / f"{name}.md").read_text("utf-8"), (folder / f"{name}.json").read_text("utf-8"))


def reading(name: str, value: object, settings: ProjectSettings = FREE) -> Read:
    return read(value if isinstance(value, str) else json.dumps(value), recipe(name), settings)


def why_not(name: str, value: object, settings: ProjectSettings = FREE) -> str:
    with pytest.raises(WrongForm) as wrong:
        reading(name, value, settings)
    return str(wrong.value)


def test_each_recipe_makes_its_drafts() -> None:
    assert reading("answers", {"answer": "Rest."}).drafts == (Draft(answer="Rest."),)
    pairs = {"pairs": [{"request": "How?", "answer": "So."}, {"request": "Why?", "answer": "Thus."}]}
    assert reading("variations", pairs).drafts == reading("passages", pairs).drafts
    assert reading("passages", pairs).drafts[1] == Draft(request="Why?", answer="Thus.")
    assert reading("requests", {"requests": ["How?"]}).drafts == (Draft(request="How?"),)
    assert reading("paraphrases", {"requests": ["How?"]}).drafts == (Draft(request="How?"),)
    revised = reading("revise", {"critique": "Too short.", "answer": "Longer."}).drafts
    assert revised == (Draft(answer="Longer.", facts={"critique": "Too short."}),)
    assert reading("worse", {"answer": "No.", "fault": "wrong"}).drafts[0].facts == {"fault": "wrong"}


def test_a_block_of_markdown_around_the_reply_is_no_part_of_it() -> None:
    assert reading("answers", '```json\n{"answer": "Rest."}\n```').drafts == (Draft(answer="Rest."),)


@pytest.mark.parametrize(
    "text", ["", "Sure! Here you are.", '{"answer": "a"', '{"answer": "a", "answer": "b"}', "[" * 500]
)
def test_what_is_no_strict_json_is_told(text: str) -> None:
    assert why_not("answers", text)


def test_what_does_not_fit_the_recipe_is_told_by_its_place() -> None:
    assert "'answer' is a required property" in why_not("answers", {})
    assert "at pairs/0/answer" in why_not("variations", {"pairs": [{"request": "a", "answer": 3}]})


def test_a_blank_text_is_none_but_the_others_of_the_reply_stay() -> None:
    assert why_not("answers", {"answer": " \n"}) == "An answer is blank."
    found = reading("requests", {"requests": ["How?", ""]})
    assert (found.drafts, found.refused) == ((Draft(request="How?"),), ("A request is blank.",))


def test_only_a_passage_may_give_nothing() -> None:
    assert reading("passages", {"pairs": []}).drafts == ()
    assert why_not("variations", {"pairs": []}) == "The reply is an empty list."


def test_an_answer_is_one_of_the_projects_closed_list() -> None:
    assert form(recipe("answers"), CLOSED)["properties"]["answer"]["enum"] == ["yes", "no"]
    assert reading("answers", {"answer": "no"}, CLOSED).drafts == (Draft(answer="no"),)
    assert "'perhaps' is not one of" in why_not("answers", {"answer": "perhaps"}, CLOSED)


def test_an_answer_of_the_projects_json_form_is_kept_as_its_text() -> None:
    assert form(recipe("answers"), AS_JSON)["properties"]["answer"] == DOSE
    assert reading("answers", {"answer": {"mg": 5}}, AS_JSON).drafts == (Draft(answer='{"mg": 5}'),)
    assert "'5' is not of type 'integer'" in why_not("answers", {"answer": {"mg": "5"}}, AS_JSON)


def test_a_schema_of_the_project_that_points_into_itself_points_into_the_replys_schema() -> None:
    pointing = {"$defs": {"n": {"type": "integer"}}, "type": "object", "properties": {"mg": {"$ref": "#/$defs/n"}}}
    settings = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=pointing)
    assert form(recipe("answers"), settings)["$defs"] == {"n": {"type": "integer"}}
    assert reading("answers", {"answer": {"mg": 5}}, settings).drafts == (Draft(answer='{"mg": 5}'),)
    assert why_not("answers", {"answer": {"mg": "5"}}, settings)


def test_what_may_be_absent_may_be_null_and_is_left_out_then() -> None:
    optional = {"type": "object", "properties": {"mg": {"type": "integer"}, "per": {"type": "string"}}}
    settings = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema={**optional, "required": ["mg"]})
    found = reading("variations", {"pairs": [{"request": "a", "answer": {"mg": 5, "per": None}}]}, settings)
    assert found.drafts == (Draft(request="a", answer='{"mg": 5}'),)


def test_a_schema_that_cannot_be_said_strictly_still_holds() -> None:
    free = {"type": "object", "additionalProperties": {"type": "integer"}}
    settings = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=free)
    assert form(recipe("answers"), settings) == recipe("answers").schema
    assert reading("answers", {"answer": '{"mg": 5}'}, settings).drafts == (Draft(answer='{"mg": 5}'),)
    assert "'5' is not of type 'integer'" in why_not("answers", {"answer": '{"mg": "5"}'}, settings)


@pytest.mark.parametrize("inner", ["answer", "request"])
def test_the_form_of_a_reply_is_put_in_once(inner: str) -> None:
    schema = {"type": "object", "properties": {inner: {"type": "string"}}, "required": [inner]}
    settings = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=schema)
    once = form(recipe("variations"), settings)
    assert form(replace(recipe("variations"), schema=once), settings) == once


def test_texts_are_changed_within_the_json_and_cannot_break_it() -> None:
    changed = with_texts('{"answer": "Call NAME.", "n": 1}', lambda text: text.replace("NAME", 'Ann "A"\nBell \\'))
    assert json.loads(changed) == {"answer": 'Call Ann "A"\nBell \\.', "n": 1}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["answer", "pairs", "request", "requests", "critique", "fault"]) | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def outcome_of(name: str, text: str, settings: ProjectSettings) -> Read | str:
    try:
        return read(text, recipe(name), settings)
    except WrongForm as wrong:
        return str(wrong)


@given(name=st.sampled_from(NAMES), value=VALUES, settings=st.sampled_from([FREE, CLOSED, AS_JSON]))
def test_any_json_is_drafts_of_the_form_or_a_reason(name: str, value: Any, settings: ProjectSettings) -> None:
    found = outcome_of(name, json.dumps(value), settings)
    assert found
    if isinstance(found, Read):
        assert all(draft.request.strip() or draft.answer.strip() for draft in found.drafts)
        assert all(found.refused)


@given(name=st.sampled_from(NAMES), text=st.text(max_size=60))
def test_any_text_is_drafts_of_the_form_or_a_reason(name: str, text: str) -> None:
    assert outcome_of(name, text, FREE)


GOOD = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))


@given(pairs=st.lists(st.tuples(GOOD, GOOD), max_size=5))
def test_what_a_model_wrote_is_what_the_drafts_hold(pairs: list[tuple[str, str]]) -> None:
    text = json.dumps({"pairs": [{"request": request, "answer": answer} for request, answer in pairs]})
    assert read(text, recipe("passages"), FREE).drafts == tuple(Draft(request=r, answer=a) for r, a in pairs)
    assert json.loads(with_texts(text, lambda part: part)) == json.loads(text)


class Saying:
    """A service that says one thing."""

    def __init__(self, outcome: Answer | Failure) -> None:
        self.outcome, self.closed = outcome, False

    def models(self) -> Sequence[Offered] | Failure:
        return [Offered("m")]

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:  # noqa: ARG002  (of the port)
        return self.outcome

    def close(self) -> None:
        self.closed = True


def _answer(text: str) -> Answer:
    raw: Mapping[str, Any] = {}
    return Answer(text=text, model="m", usage=Usage(3, 4), request_id="r", raw=raw, seconds=1.0)


def test_an_answer_of_another_form_is_a_failure_that_is_asked_again_and_counted() -> None:
    question, stop = Question(model="m", messages=(), most_tokens=5), threading.Event()
    good = Saying(_answer('{"answer": "Rest."}'))
    service = Formed(good, recipe("answers"), FREE)
    assert service.ask(question, stop) == good.outcome
    assert service.models() == [Offered("m")]
    service.close()
    assert good.closed
    outcome = Formed(Saying(_answer("Rest.")), recipe("answers"), FREE).ask(question, stop)
    assert isinstance(outcome, Failure)
    assert (outcome.trouble, outcome.usage, outcome.request_id) == (Trouble.WRONG_FORM, Usage(3, 4), "r")
    refused = Failure(trouble=Trouble.REFUSED)
    assert Formed(Saying(refused), recipe("answers"), FREE).ask(question, stop) == refused
