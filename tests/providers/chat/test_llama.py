"""A real llama.cpp server, asked through the official client."""

import dataclasses
import json
import threading
import time
from collections.abc import Iterator

import pytest
from tests import llama_server
from tests.llama_server import LlamaServer

from accord.domain.chat import Answer, Connection, Failure, Offered, Question, Trouble
from accord.providers.chat import OpenAIChat

pytestmark = [
    pytest.mark.skipif(bool(llama_server.missing()), reason=llama_server.missing()),
    pytest.mark.xdist_group("llama"),
]
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 60}},
    "required": ["answer"],
    "additionalProperties": False,
}
# A model this small may end any answer after a few words; this form holds it to a long one.
LONG_SCHEMA = {
    "type": "object",
    "properties": {"counted": {"type": "array", "items": {"type": "integer"}, "minItems": 500}},
    "required": ["counted"],
    "additionalProperties": False,
}
HELLO = Question(model=llama_server.ALIAS, messages=[{"role": "user", "content": "Say hello."}], most_tokens=200)
COUNTING = Question(
    model=llama_server.ALIAS,
    messages=[{"role": "user", "content": "Count to 900."}],
    schema=LONG_SCHEMA,
    most_tokens=1500,
)


@pytest.fixture(scope="module")
def server() -> Iterator[LlamaServer]:
    with llama_server.running() as found:
        yield found


@pytest.fixture
def chat(server: LlamaServer) -> Iterator[OpenAIChat]:
    service = OpenAIChat(Connection(name="here", base_url=server.base_url), server.key, here_only=True)
    yield service
    service.close()


def _trouble(found: Answer | Failure) -> Trouble:
    assert isinstance(found, Failure), found
    return found.trouble


def test_the_models_are_listed(chat: OpenAIChat) -> None:
    assert chat.models() == [Offered(llama_server.ALIAS)]


def test_a_whole_answer_counts_with_its_tokens_and_what_was_sent(chat: OpenAIChat) -> None:
    found = chat.ask(dataclasses.replace(HELLO, schema=SCHEMA), threading.Event())
    assert isinstance(found, Answer), found
    assert set(json.loads(found.text)) == {"answer"}
    assert found.usage is not None
    assert min(found.usage.prompt, found.usage.answer) > 0
    assert found.raw["choices"][0]["message"]["content"] == found.text
    assert found.raw["choices"][0]["finish_reason"] == "stop"
    assert found.model == llama_server.ALIAS


def test_an_answer_that_is_cut_never_counts(chat: OpenAIChat) -> None:
    found = chat.ask(dataclasses.replace(HELLO, most_tokens=2), threading.Event())
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.CUT
    assert found.usage is not None
    assert found.usage.answer == 2


def test_a_question_that_is_too_long_is_told_so(chat: OpenAIChat) -> None:
    long = [{"role": "user", "content": "word " * 5000}]
    assert _trouble(chat.ask(dataclasses.replace(HELLO, messages=long), threading.Event())) is Trouble.TOO_LONG


def test_a_wrong_key_and_a_wrong_path_are_told_apart(server: LlamaServer) -> None:
    for base_url, key, expected in (
        (server.base_url, "wrong", Trouble.KEY),
        (server.base_url.replace("/v1", "/v7"), server.key, Trouble.NO_SERVICE),
    ):
        service = OpenAIChat(Connection(name="here", base_url=base_url), key, here_only=True)
        assert _trouble(service.ask(HELLO, threading.Event())) is expected
        service.close()


def test_an_answer_that_takes_too_long_ends_in_time(chat: OpenAIChat) -> None:
    assert _trouble(chat.ask(dataclasses.replace(COUNTING, seconds=0.3), threading.Event())) is Trouble.TIMED_OUT


def test_a_stop_ends_the_question_while_the_answer_comes(chat: OpenAIChat) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    assert _trouble(chat.ask(COUNTING, stop)) is Trouble.STOPPED
    assert time.monotonic() - started < COUNTING.seconds
