"""Tokens are counted where the model's tokenizer is known, and else estimated, with a bound that nothing passes."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import llama_server
from tests.llama_server import LlamaServer

from accord.domain.chat import Connection, Kind, Question
from accord.domain.spending import Price
from accord.providers.chat import OpenAIChat
from accord.workflows.token_estimates import counted, encoding_of, estimate, greatest_cost

OPENAI = Connection(name="OpenAI", base_url="https://api.openai.com/v1", kind=Kind.OPENAI)
HERE = Connection(name="here", base_url="http://127.0.0.1:8080/v1")
HELLO = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "What helps against a cough?"})


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4.1", "o200k_base"),
        ("gpt-4o-mini-2024-07-18", "o200k_base"),
        ("gpt-5.1-chat-latest", "o200k_base"),
        ("ft:gpt-4.1-2025-04-14:clinic::abc", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4-1106-preview", "cl100k_base"),
        ("ft:gpt-3.5-turbo-0125:clinic::abc", "cl100k_base"),
        ("gpt-oss-20b", ""),
        ("gpt-40", ""),
        ("smollm2-135m", ""),
    ],
)
def test_each_family_is_counted_by_its_own_encoding(model: str, encoding: str) -> None:
    assert encoding_of(model) == encoding


def test_a_question_to_openai_is_counted_as_openai_counts_it() -> None:
    # 3 for the reply, 3 for each message, 1 for each role, 3 and 6 for the words.
    found = counted(connection=OPENAI, model="gpt-4.1", messages=HELLO)
    assert (found.tokens, found.estimated) == (3 + 2 * (3 + 1) + 3 + 6, False)
    assert found.most > found.tokens


def test_without_the_tokenizer_s_tables_the_count_is_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.workflows.token_estimates.find_spec", lambda _name: None)
    assert counted(connection=OPENAI, model="gpt-4.1", messages=HELLO).estimated


def test_a_model_elsewhere_with_a_name_of_openai_s_is_only_estimated() -> None:
    assert counted(connection=HERE, model="gpt-4o", messages=HELLO).estimated


def test_the_form_of_the_answer_counts_too() -> None:
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}}
    for connection in (OPENAI, HERE):
        bare = counted(connection=connection, model="gpt-4.1", messages=HELLO)
        formed = counted(connection=connection, model="gpt-4.1", messages=HELLO, schema=schema)
        assert formed.tokens > bare.tokens
        assert formed.most > bare.most


def test_the_greatest_cost_holds_every_answer_that_is_asked_for() -> None:
    price = Price(prompt=Decimal(2), answer=Decimal(8))
    once = Question(model="gpt-4.1", messages=HELLO, most_tokens=1000)
    cost = greatest_cost(connection=OPENAI, price=price, question=once)
    assert Decimal("0.008") < cost < Decimal("0.0085")
    thrice = Question(model="gpt-4.1", messages=HELLO, most_tokens=1000, parameters={"n": 3})
    assert greatest_cost(connection=OPENAI, price=price, question=thrice) - cost == Decimal("0.016")


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_no_text_has_more_tokens_than_the_bound_says(text: str) -> None:
    text *= 50  # so that what is allowed for a template does not hide what the text itself needs
    messages = [{"role": "user", "content": text}]
    exact = counted(connection=OPENAI, model="gpt-4.1", messages=messages)
    assert exact.tokens <= exact.most
    assert exact.tokens <= counted(connection=HERE, model="x", messages=messages).most
    assert estimate(text) <= counted(connection=HERE, model="x", messages=messages).most


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaServer]:
    if llama_server.missing():
        pytest.skip(llama_server.missing())
    with llama_server.running() as found:
        yield found


@pytest.mark.xdist_group("llama")
def test_the_estimate_is_as_near_as_it_says_on_real_texts(llama: LlamaServer, data_dir: Path) -> None:
    lines = (data_dir / "medical" / "medquad_cdc.jsonl").read_text("utf-8").splitlines()[:60]
    answers = [str(json.loads(line)["answer"]) for line in lines]
    true = sum(_tokens(llama, text) for text in answers)
    assert 1.1 < sum(map(estimate, answers)) / true < 1.35


@pytest.mark.xdist_group("llama")
def test_a_real_server_never_counts_more_than_the_bound(llama: LlamaServer, data_dir: Path) -> None:
    connection = Connection(name="here", base_url=llama.base_url)
    service = OpenAIChat(connection, llama.key, here_only=True)
    strings = json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8"))
    for text in sorted(strings, key=len)[::25]:
        messages = [{"role": "user", "content": text}]
        asked = Question(model=llama.model, messages=messages, most_tokens=1)
        found = service.ask(asked, threading.Event())
        assert found.usage is not None, text
        assert found.usage.prompt <= counted(connection=connection, model=llama.model, messages=messages).most
    service.close()


def _tokens(server: LlamaServer, text: str) -> int:
    asked = urllib.request.Request(  # noqa: S310  (the tests' own server on this machine)
        server.base_url.removesuffix("/v1") + "/tokenize",
        json.dumps({"content": text}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {server.key}"},
    )
    with urllib.request.urlopen(asked) as page:  # noqa: S310  (as above)
        return len(json.load(page)["tokens"])
