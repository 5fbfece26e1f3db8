"""Good answers are OpenAI's: its own types take them strictly, and its own client reads them, streamed and not."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openai.types import Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

from tests.chat_service import KEY, MODELS, TOKEN, ChatService, Good, always, finished_at, tokens
from tests.chat_service.answers import answer, chunks, completion, model, outline
from tests.chat_service.instances import breaking, instance_of
from tests.chat_service.wire import Received

ASKED: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "May metformin be given at night?"},
]
TEXT = 'Yes – with food.\n“Größe” \\ "quoted" {json} 用法 🩺 end.'
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "minLength": 40},
        "certainty": {"enum": ["low", "high"]},
        "dose": {"anyOf": [{"type": "number", "minimum": 3, "maximum": 9}, {"type": "null"}]},
        "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}, "minItems": 2},
    },
    "required": ["answer", "certainty", "dose", "sources"],
    "additionalProperties": False,
    "$defs": {"source": {"type": "object", "properties": {"page": {"type": "integer"}}, "required": ["page"]}},
}


@pytest.fixture
def service() -> Iterator[ChatService]:
    with ChatService(script=always(Good(TEXT))) as started:
        yield started


@pytest.fixture
def client(service: ChatService) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0, timeout=20) as made:
        yield made


def request(**fields: Any) -> Received:
    body = {"model": "gpt-4", "messages": ASKED, **fields}
    return Received(3, 0, "POST", "/v1/chat/completions", "", {}, json.dumps(body).encode(), body, 0.0)


def unknown_fields(part: object) -> list[str]:
    """Name the fields that the package's types do not describe."""
    if isinstance(part, pydantic.BaseModel):
        inner = [name for value in part.__dict__.values() for name in unknown_fields(value)]
        return [*(part.model_extra or {}), *inner]
    return [name for one in part for name in unknown_fields(one)] if isinstance(part, list) else []


@given(text=st.text(max_size=200), n=st.integers(1, 3), usage=st.booleans(), limit=st.none() | st.integers(1, 20))
@settings(max_examples=50)
def test_the_types_of_the_package_take_them_strictly_and_know_every_field(
    *, text: str, n: int, usage: bool, limit: int | None
) -> None:
    whole = completion(outline(request(n=n, max_tokens=limit), Good(text)))
    made = ChatCompletion.model_validate(whole, strict=True)
    assert unknown_fields(made) == []
    assert json.loads(made.model_dump_json(exclude_unset=True)) == whole
    said = text if limit is None else text[: limit * TOKEN]
    assert [choice.message.content for choice in made.choices] == [said] * n
    assert {choice.finish_reason for choice in made.choices} == {"stop" if said == text else "length"}
    streamed = request(n=n, max_tokens=limit, stream=True, stream_options={"include_usage": usage})
    parts = [ChatCompletionChunk.model_validate(one, strict=True) for one in chunks(outline(streamed, Good(text)))]
    assert unknown_fields(parts) == []
    for index in range(n):
        mine = [choice for part in parts for choice in part.choices if choice.index == index]
        assert "".join(choice.delta.content or "" for choice in mine) == said
        assert [choice.finish_reason for choice in mine if choice.finish_reason] == [made.choices[0].finish_reason]
    assert [part.usage for part in parts if part.usage] == [made.usage] * usage


@pytest.mark.parametrize("name", MODELS)
def test_models_are_listed_as_the_type_says(name: str) -> None:
    assert unknown_fields(Model.model_validate(model(name), strict=True)) == []


def test_the_official_client_reads_a_whole_answer(client: openai.OpenAI, service: ChatService) -> None:
    made = client.chat.completions.create(model="gpt-4o", messages=ASKED)
    assert (made.model, made.choices[0].message.content, made.choices[0].finish_reason) == ("gpt-4o", TEXT, "stop")
    assert made.usage is not None
    assert made.usage.completion_tokens == tokens(TEXT)
    assert service.billed == (made.usage.prompt_tokens, made.usage.completion_tokens)
    [got] = service.requests
    assert (got.method, got.path, got.key, got.body["messages"]) == ("POST", "/v1/chat/completions", KEY, ASKED)
    assert got.headers["user-agent"].startswith("OpenAI/Python")


@pytest.mark.parametrize("usage", [True, False])
def test_the_official_client_reads_a_stream(client: openai.OpenAI, *, usage: bool) -> None:
    stream = client.chat.completions.create(
        model="gpt-4",
        messages=ASKED,
        stream=True,
        stream_options={"include_usage": usage},
    )
    parts = list(stream)
    choices = [choice for part in parts for choice in part.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == TEXT
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["stop"]
    assert [part.usage.completion_tokens for part in parts if part.usage] == [tokens(TEXT)] * usage


def test_the_official_client_lists_the_models(client: openai.OpenAI) -> None:
    assert tuple(one.id for one in client.models.list()) == MODELS


def test_a_structured_answer_keeps_to_its_schema_and_the_broken_one_does_not() -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}}
    drawn = outline(request(response_format=wanted), Good())
    check = Draft202012Validator(SCHEMA)
    assert check.is_valid(json.loads(drawn.text or ""))
    assert not check.is_valid(json.loads(breaking(drawn.text or "")))
    assert instance_of(SCHEMA, seed=1) != instance_of(SCHEMA, seed=2)


def test_a_stream_is_finished_when_its_reason_is_known_and_not_a_byte_before() -> None:
    body = answer(outline(request(stream=True), Good(TEXT)), streamed=True).content
    at = finished_at(body)
    assert body[at - 2 : at] == b"\n\n"
    assert b'"finish_reason":"stop"' in body[: at - 2]
    assert body[at:] == b"data: [DONE]\n\n"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "gpt-9"}, 404, "model_not_found"),
        ({"messages": []}, 400, "empty_array"),
        ({"messages": "x"}, 400, "invalid_type"),
        ({"messages": [{"content": "x"}]}, 400, "missing_required_parameter"),
        ({"max_tokens": 0}, 400, "integer_below_min_value"),
        ({"stream_options": {"include_usage": True}}, 400, None),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_as_openai_does(
    client: openai.OpenAI, change: dict[str, Any], status: int, code: str | None
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        client.post("/chat/completions", body={"model": "gpt-4", "messages": ASKED, **change}, cast_to=object)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert caught.value.type == "invalid_request_error"


def test_the_key_is_asked_for(service: ChatService) -> None:
    with (
        openai.OpenAI(base_url=service.base_url, api_key="sk-somebody-elses-key", max_retries=0) as other,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        other.models.list()
    assert (caught.value.code, caught.value.type) == ("invalid_api_key", "invalid_request_error")
    assert "sk-somebody-elses-key" not in str(caught.value)
    assert service.exchanges[0].done is None
