"""Everything that a chat service does wrong: an answer counts only where the service said that it is whole."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from tests.chat_service import KEY, Case, ChatService, Fault, Good, always, finished_at, in_order, kinds, met
from tests.chat_service.asking import SCHEMA
from tests.chat_service.wire import Response

from accord.domain.chat import THEN, Answer, Connection, Failure, Kind, Offered, Question, Then, Trouble, Usage
from accord.providers.chat import OpenAIChat

GOOD = "Metformin may be taken with the evening meal. Ask before changing the dose."
QUESTION = Question(model="gpt-4", messages=[{"role": "user", "content": "At night?"}], most_tokens=200, seconds=1.0)
#: What each kind has to be called here; of the others it is enough that it is no answer (of a connection that is reset
#: as soon as it is made, the moment decides whether it was ever there).
NAMES = {
    Fault.RATE_LIMIT_SECONDS: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_DATE: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_MILLISECONDS: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_BARE: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_RESET_REQUESTS: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_RESET_TOKENS: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_NONSENSE: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_DAY: Trouble.RATE_LIMIT,
    Fault.RATE_LIMIT_AZURE: Trouble.RATE_LIMIT,
    Fault.REQUEST_ABOVE_LIMIT: Trouble.TOO_LONG,
    Fault.INSUFFICIENT_QUOTA: Trouble.QUOTA,
    Fault.BILLING_NOT_ACTIVE: Trouble.QUOTA,
    Fault.BILLING_LIMIT: Trouble.QUOTA,
    Fault.SERVER_ERROR: Trouble.SERVER,
    Fault.SERVER_ERROR_EMPTY: Trouble.SERVER,
    Fault.BAD_GATEWAY_HTML: Trouble.SERVER,
    Fault.UNAVAILABLE: Trouble.OVERLOADED,
    Fault.GATEWAY_TIMEOUT: Trouble.TIMED_OUT,
    Fault.OVERLOADED: Trouble.OVERLOADED,
    Fault.CAPTIVE_PORTAL: Trouble.PAGE,
    Fault.HTML_AS_JSON: Trouble.PAGE,
    Fault.PROXY_LOGIN: Trouble.FORBIDDEN,
    Fault.CONTEXT_LENGTH: Trouble.TOO_LONG,
    Fault.CONTEXT_SIZE_LLAMA_CPP: Trouble.TOO_LONG,
    Fault.UNSUPPORTED_PARAMETER: Trouble.PARAMETER,
    Fault.UNSUPPORTED_VALUE: Trouble.PARAMETER,
    Fault.RESPONSE_FORMAT_REFUSED: Trouble.PARAMETER,
    Fault.PROMPT_FILTERED: Trouble.FILTERED,
    Fault.MODEL_NOT_FOUND: Trouble.NO_MODEL,
    Fault.PATH_NOT_FOUND: Trouble.NO_SERVICE,
    Fault.INVALID_KEY: Trouble.KEY,
    Fault.KEY_ECHOED: Trouble.KEY,
    Fault.KEY_REVOKED: Trouble.KEY,
    Fault.REGION_REFUSED: Trouble.FORBIDDEN,
    Fault.PERMISSION_REFUSED: Trouble.NO_MODEL,
    Fault.REQUEST_TIMEOUT: Trouble.TIMED_OUT,
    Fault.CONFLICT: Trouble.SERVER,
    Fault.TOO_LARGE: Trouble.TOO_LONG,
    Fault.UNPROCESSABLE: Trouble.BAD_REQUEST,
    Fault.ERROR_AS_TEXT: Trouble.BAD_REQUEST,
    Fault.ERROR_FLAT: Trouble.BAD_REQUEST,
    Fault.REDIRECT_ELSEWHERE: Trouble.REDIRECTED,
    Fault.REDIRECT_LOOP: Trouble.REDIRECTED,
    Fault.NO_REPLY: Trouble.TIMED_OUT,
    Fault.SILENT_AFTER_HEADERS: Trouble.TIMED_OUT,
    Fault.DRIP: Trouble.TIMED_OUT,
    Fault.CLOSED_BEFORE_REPLY: Trouble.BROKEN_OFF,
    Fault.RESET_BEFORE_REPLY: Trouble.BROKEN_OFF,
    Fault.RESET_AFTER_HEADERS: Trouble.BROKEN_OFF,
    Fault.RESET_IN_BODY: Trouble.BROKEN_OFF,
    Fault.SHORT_BODY: Trouble.BROKEN_OFF,
    Fault.CHUNKED_CUT: Trouble.BROKEN_OFF,
    Fault.HEADERS_CUT: Trouble.BROKEN_OFF,
    Fault.FINISH_LENGTH: Trouble.CUT,
    Fault.REASONING_ONLY: Trouble.CUT,
    Fault.FINISH_FILTER: Trouble.FILTERED,
    Fault.FINISH_MISSING: Trouble.UNFINISHED,
    Fault.FINISH_UNKNOWN: Trouble.UNFINISHED,
    Fault.REFUSED: Trouble.REFUSED,
    Fault.TOOL_CALLS: Trouble.OTHER_THAN_TEXT,
    Fault.CONTENT_NULL: Trouble.EMPTY,
    Fault.CONTENT_EMPTY: Trouble.EMPTY,
    Fault.CONTENT_NUMBER: Trouble.NOT_JSON,
    Fault.CHOICES_EMPTY: Trouble.NO_CHOICE,
    Fault.CHOICES_MISSING: Trouble.NO_CHOICE,
    Fault.CHOICES_OBJECT: Trouble.NOT_JSON,
    Fault.BAD_JSON: Trouble.NOT_JSON,
    Fault.WRONG_SCHEMA: Trouble.WRONG_FORM,
    Fault.SCHEMA_CUT: Trouble.WRONG_FORM,
    Fault.HUGE_ANSWER: Trouble.TOO_LARGE,
    Fault.STREAM_STALLS: Trouble.TIMED_OUT,
    Fault.STREAM_NOTHING: Trouble.NO_CHOICE,
    Fault.STREAM_ERROR: Trouble.SERVER,
    Fault.CONNECT_REFUSED: Trouble.UNREACHABLE,
    Fault.CONNECT_TIMEOUT: Trouble.TIMED_OUT,
    Fault.NAME_UNKNOWN: Trouble.NAME,
    Fault.TLS_SELF_SIGNED: Trouble.TLS,
    Fault.TLS_WRONG_HOST: Trouble.TLS,
    Fault.TLS_EXPIRED: Trouble.TLS,
    Fault.TLS_SILENT: Trouble.TIMED_OUT,
    Fault.TLS_TO_PLAIN: Trouble.TLS,
    Fault.PLAIN_TO_TLS: Trouble.BROKEN_OFF,
}
#: What comes whole, by the service's own word, and is still taken for no answer.
NOT_TAKEN = frozenset({Fault.DRIP, Fault.HUGE_ANSWER, Fault.DEEP_NESTING, Fault.HEADERS_HUGE, Fault.GZIP_IN_NAME})


@contextmanager
def _asked(case: Case, question: Question) -> Iterator[Answer | Failure]:
    with met(case) as place:
        verify = place.trust.client_side() if place.trust else True
        service = OpenAIChat(Connection(name="s", base_url=place.base_url), KEY, here_only=False, verify=verify)
        try:
            yield service.ask(question, threading.Event())
        finally:
            service.close()


@pytest.mark.parametrize("fault", kinds(), ids=str)
def test_no_fault_is_taken_for_an_answer_none_hangs_and_each_has_its_name(fault: Fault) -> None:
    formed = fault in {Fault.WRONG_SCHEMA, Fault.SCHEMA_CUT}
    question = replace(QUESTION, schema=SCHEMA) if formed else QUESTION
    seconds = 3.0 if fault is Fault.HUGE_ANSWER else question.seconds
    started = time.monotonic()
    with _asked(Case(fault, good=Good(None if formed else GOOD)), replace(question, seconds=seconds)) as found:
        assert time.monotonic() - started < seconds + 4
        if isinstance(found, Answer):
            assert fault.answered
            assert found.text == GOOD
            assert found.usage is None or min(found.usage.prompt, found.usage.answer) >= 0
        else:
            assert not fault.answered or fault in NOT_TAKEN
            assert found.trouble is NAMES.get(fault, found.trouble)
            assert KEY not in found.said
            assert found.trouble in THEN


def test_more_than_forty_kinds_have_a_name_of_their_own() -> None:
    assert len(NAMES) > 40
    assert {fault for fault in NAMES if fault.answered} <= NOT_TAKEN


def test_a_good_answer_is_taken_as_it_was_sent() -> None:
    with ChatService(script=always(Good(GOOD))) as there:
        service = OpenAIChat(Connection(name="s", base_url=there.base_url), KEY, here_only=True)
        assert set(there.models) == {offered.name for offered in _listed(service)}
        found = service.ask(QUESTION, threading.Event())
        assert isinstance(found, Answer)
        assert found.text == GOOD
        assert found.usage == Usage(*there.billed)
        assert found.request_id.startswith("req_")
        assert len([one for one in there.requests if one.path.endswith("/chat/completions")]) == 1
        service.close()


def _listed(service: OpenAIChat) -> list[Offered]:
    found = service.models()
    assert not isinstance(found, Failure), found
    return list(found)


def test_a_stream_that_is_cut_anywhere_counts_only_once_it_said_that_it_is_whole() -> None:
    """At each byte, by a connection that breaks and by a proxy that ends it in good order."""
    with ChatService(script=always(Good("Yes, with food."))) as there:
        service = OpenAIChat(Connection(name="s", base_url=there.base_url), KEY, here_only=True)
        whole = _body(there)
        ends = finished_at(whole)
        wrong = []
        for fault in (Fault.STREAM_CUT, Fault.STREAM_CUT_IN_ORDER):
            for byte in range(len(whole) + 1):
                there.script = always(Case(fault, byte=byte, good=Good("Yes, with food.")))
                found = service.ask(QUESTION, threading.Event())
                text = found.text if isinstance(found, Answer) else None
                if text is not None and (byte < ends or text != "Yes, with food."):
                    wrong.append((fault, byte))
                if text is None and byte == len(whole):
                    wrong.append((fault, byte))
        assert wrong == []
        service.close()


def _body(there: ChatService) -> bytes:
    from tests.chat_service.asking import ask

    return ask(there.port, streamed=True).body


def test_a_service_is_told_once_whatever_it_does() -> None:
    for fault in (Fault.SERVER_ERROR, Fault.RATE_LIMIT_BARE, Fault.CLOSED_BEFORE_REPLY, Fault.REQUEST_TIMEOUT):
        with ChatService(script=always(fault)) as there:
            service = OpenAIChat(Connection(name="s", base_url=there.base_url), KEY, here_only=True)
            assert isinstance(service.ask(QUESTION, threading.Event()), Failure)
            assert len(there.requests) == 1
            service.close()


def test_a_redirection_is_not_followed() -> None:
    with ChatService() as elsewhere:
        case = Case(Fault.REDIRECT_ELSEWHERE, location=f"{elsewhere.base_url}/chat/completions")
        with _asked(case, QUESTION) as found:
            assert isinstance(found, Failure)
            assert THEN[found.trouble] is Then.STOP
        assert elsewhere.requests == ()


def test_what_was_refused_is_left_out_or_named_otherwise() -> None:
    given = replace(QUESTION, parameters={"temperature": 0.2, "seed": 7}, schema=SCHEMA)
    with ChatService(script=in_order()) as there:
        for kind, length in ((Kind.COMPATIBLE, "max_tokens"), (Kind.OPENAI, "max_completion_tokens")):
            service = OpenAIChat(Connection(name="s", base_url=there.base_url, kind=kind), KEY, here_only=True)
            service.ask(given, threading.Event())
            service.ask(
                replace(given, without=frozenset({"temperature", length, "response_format"})), threading.Event()
            )
            first, second = (json.loads(one.raw) for one in there.requests[-2:])
            other = ({"max_tokens", "max_completion_tokens"} - {length}).pop()
            assert (first["temperature"], first["seed"], first[length]) == (0.2, 7, 200)
            assert first["response_format"]["json_schema"]["schema"] == SCHEMA
            assert "temperature" not in second
            assert "response_format" not in second
            assert (second["seed"], second[other], length in second) == (7, 200, False)
            service.close()


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault.RATE_LIMIT_SECONDS, 7.0),
        (Fault.RATE_LIMIT_DATE, 7.0),
        (Fault.RATE_LIMIT_MILLISECONDS, 7.0),
        (Fault.RATE_LIMIT_RESET_REQUESTS, 7.0),
        (Fault.RATE_LIMIT_RESET_TOKENS, 7.0),
        (Fault.UNAVAILABLE, 7.0),
    ],
    ids=str,
)
def test_how_long_to_wait_is_read_in_every_form(fault: Fault, seconds: float) -> None:
    with _asked(Case(fault, seconds=seconds), QUESTION) as found:
        assert isinstance(found, Failure)
        assert found.wait is not None
        assert seconds - 1.5 <= found.wait <= seconds + 1


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2027-01-14", "2027-01-14"),
        ("2027-01-14T18:00:00Z", "2027-01-14"),
        (1799884800, "2027-01-14"),
        ("soon", ""),
        (1e300, ""),
        ({"at": 1}, ""),
    ],
)
def test_the_day_on_which_a_model_goes_is_read_as_services_write_it(
    monkeypatch: pytest.MonkeyPatch, said: object, day: str
) -> None:
    listed = {"data": [{"id": "gpt-4.1", "shutdown_date": said}, {"id": "gpt-5"}]}
    with ChatService() as there:
        monkeypatch.setattr(there, "more", lambda _received: Response(200, json.dumps(listed).encode()))
        service = OpenAIChat(Connection(name="s", base_url=there.base_url), KEY, here_only=True)
        assert _listed(service) == [Offered("gpt-4.1", day), Offered("gpt-5")]
        service.close()


def test_no_organisation_of_the_environment_is_told_to_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-clinic")
    with ChatService() as there:
        for kind in Kind:
            place = there.base_url.removesuffix("/v1") if kind is Kind.AZURE else there.base_url
            connection = Connection(name="s", base_url=place, kind=kind, api_version="2024-10-21")
            service = OpenAIChat(connection, KEY, here_only=True)
            service.models()
            service.close()
        assert len(there.requests) == len(Kind)
        assert not [one for one in there.requests if "org-of-the-clinic" in str(one.headers)]
