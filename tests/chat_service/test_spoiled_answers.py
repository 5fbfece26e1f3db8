"""Each whole reply that is no answer, or says something odd: as one object and as a stream."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.chat_service import Case, ChatService, Family, Fault, Good, always, kinds
from tests.chat_service.asking import FORMAT, SCHEMA, Reply, ask
from tests.chat_service.spoiling import DEPTH

TEXT = '{"answer": "Yes, with food, at night or in the morning.", "sure": true}'
STREAMED = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


class Answer:
    """What an answer says, read from one object or put together from the chunks."""

    def __init__(self, reply: Reply, *, streamed: bool) -> None:
        self.parts: list[Any] = reply.chunks if streamed else [reply.json]
        choices = [choice for part in self.parts for choice in part["choices"]]
        said = [choice.get("message") or choice["delta"] for choice in choices]
        self.contents = [one["content"] for one in said if one.get("content") is not None]
        self.refusal = "".join(one.get("refusal") or "" for one in said)
        self.calls = [call for one in said for call in one.get("tool_calls", ())]
        self.reasoning = "".join(one.get("reasoning_content") or "" for one in said)
        self.finish = [choice["finish_reason"] for choice in choices if choice["finish_reason"] is not None]
        self.usage = [part["usage"] for part in self.parts if part.get("usage")]

    @property
    def text(self) -> str:
        return "".join(one[0]["text"] if isinstance(one, list) else str(one) for one in self.contents)


def _valid(text: str) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(json.loads(text))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _counts(answer: Answer, is_so: Callable[[float], bool]) -> bool:
    [usage] = answer.usage
    return all(is_so(usage[name]) for name in ("prompt_tokens", "completion_tokens", "total_tokens"))


def _half(answer: Answer) -> bool:
    return 0 < len(answer.text) < len(TEXT) and TEXT.startswith(answer.text)


SIGNS: Mapping[Fault, Callable[[Answer], bool]] = {
    Fault.FINISH_LENGTH: lambda it: _half(it) and it.finish == ["length"],
    Fault.FINISH_FILTER: lambda it: _half(it) and it.finish == ["content_filter"],
    Fault.FINISH_MISSING: lambda it: _half(it) and it.finish == [],
    Fault.FINISH_UNKNOWN: lambda it: _half(it) and it.finish == ["abort"],
    Fault.REFUSED: lambda it: bool(it.refusal) and not it.contents and it.finish == ["stop"],
    Fault.TOOL_CALLS: lambda it: bool(it.calls) and not it.contents and it.finish == ["tool_calls"],
    Fault.CONTENT_NULL: lambda it: not it.contents and it.finish == ["stop"],
    Fault.CONTENT_EMPTY: lambda it: it.contents == [""] and it.finish == ["stop"],
    Fault.CONTENT_NUMBER: lambda it: 42 in it.contents and it.finish == ["stop"],
    Fault.CONTENT_PARTS: lambda it: it.contents[-1][0]["type"] == "text" and it.finish == ["stop"],
    Fault.REASONING_ONLY: lambda it: bool(it.reasoning) and not it.text and it.finish == ["length"],
    Fault.CHOICES_EMPTY: lambda it: all(part["choices"] == [] for part in it.parts),
    Fault.NOT_A_NUMBER: lambda it: it.text == TEXT and _counts(it, math.isnan),
    Fault.USAGE_ABSURD: lambda it: it.text == TEXT and _counts(it, lambda count: count < 0),
    Fault.USAGE_MISSING: lambda it: it.text == TEXT and not it.usage,
    Fault.OTHER_MODEL: lambda it: {part["model"] for part in it.parts} == {"gpt-3.5-turbo-0125"} and it.text == TEXT,
    Fault.DUPLICATE_IDS: lambda it: len({part["id"] for part in it.parts}) == 1 and it.text == TEXT,
    Fault.WRONG_SCHEMA: lambda it: _is_json(it.text) and not _valid(it.text) and it.finish == ["stop"],
    Fault.SCHEMA_CUT: lambda it: not _is_json(it.text) and it.finish == ["stop"],
    Fault.HUGE_ANSWER: lambda it: len(it.text) == 300_000 and it.finish == ["stop"],
}


def asked(fault: Fault, *, streamed: bool) -> Reply:
    case = Case(fault, size=300_000, good=Good(TEXT))
    with ChatService(script=always(case)) as service:
        reply = ask(service.port, streamed=streamed, response_format=FORMAT)
        assert [one.done for one in service.exchanges] == [case]
    assert reply.status == 200
    assert not streamed or reply.body.endswith(b"data: [DONE]\n\n")
    return reply


@STREAMED
@pytest.mark.parametrize("fault", SIGNS, ids=str)
def test_what_the_answer_says(fault: Fault, *, streamed: bool) -> None:
    assert SIGNS[fault](Answer(asked(fault, streamed=streamed), streamed=streamed))


def payloads(reply: Reply, *, streamed: bool) -> list[bytes]:
    return [data for data in reply.datas if data != b"[DONE]"] if streamed else [reply.body]


def _no_json(data: bytes) -> bool:
    return data.startswith(b"{") and not _is_json(data.decode())


def _not_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "Größe" in data.decode("latin-1")
    return False


# What one object, or one or every chunk, is like.
FORMS: Mapping[Fault, tuple[Callable[[bytes], bool], str]] = {
    Fault.CHOICES_MISSING: (lambda data: "choices" not in json.loads(data), "every"),
    Fault.CHOICES_OBJECT: (lambda data: isinstance(json.loads(data)["choices"], dict), "every"),
    Fault.BODY_NULL: (lambda data: data == b"null", "one"),
    Fault.BAD_JSON: (_no_json, "one"),
    Fault.DEEP_NESTING: (lambda data: b"[" * DEPTH + b"]" * DEPTH in data, "one"),
    Fault.WRONG_ENCODING: (_not_utf_8, "one"),
    Fault.ERROR_WITH_200: (lambda data: b'{"error":{' in data, "one"),
}


@STREAMED
@pytest.mark.parametrize("fault", FORMS, ids=str)
def test_what_form_the_reply_has(fault: Fault, *, streamed: bool) -> None:
    is_so, how_many = FORMS[fault]
    found = [is_so(data) for data in payloads(asked(fault, streamed=streamed), streamed=streamed)]
    assert sum(found) == (len(found) if how_many == "every" else 1)


def test_every_kind_stands_in_a_table() -> None:
    assert SIGNS.keys() | FORMS.keys() == set(kinds(Family.ANSWER))
    assert not SIGNS.keys() & FORMS.keys()


def test_two_answers_have_the_same_id() -> None:
    first, second = (asked(Fault.DUPLICATE_IDS, streamed=False).json["id"] for _ in range(2))
    assert first == second
    with ChatService() as service:
        assert ask(service.port).json["id"] != ask(service.port).json["id"]


def test_an_answer_is_20_mb_by_itself() -> None:
    with ChatService(script=always(Fault.HUGE_ANSWER)) as service:
        reply = ask(service.port, max_tokens=50)
        assert len(reply.body) > 20_000_000
        assert service.billed[1] == reply.json["usage"]["completion_tokens"] <= 50


@pytest.mark.parametrize("fault", [Fault.WRONG_SCHEMA, Fault.SCHEMA_CUT], ids=str)
def test_a_schema_is_broken_only_where_one_was_asked_for(fault: Fault) -> None:
    with ChatService(script=always(Case(fault, good=Good("Yes.")))) as service:
        assert ask(service.port).json["choices"][0]["message"]["content"] == "Yes."
        assert [one.done for one in service.exchanges] == [Good("Yes.")]


@STREAMED
@pytest.mark.parametrize("fault", [fault for fault in SIGNS if fault is not Fault.HUGE_ANSWER], ids=str)
def test_answered_says_whether_the_whole_answer_came(fault: Fault, *, streamed: bool) -> None:
    answer = Answer(asked(fault, streamed=streamed), streamed=streamed)
    assert fault.answered == (answer.text == TEXT and answer.finish == ["stop"])
