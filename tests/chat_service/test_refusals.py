"""Each refusal has the status, the headers and the body that its line says."""

import email.utils
import time
from collections.abc import Mapping

import pytest

from tests.chat_service import KEY, Case, ChatService, Family, Fault, always, kinds
from tests.chat_service.asking import Reply, ask
from tests.chat_service.refusals import duration

# fault -> status, code and type of the error (None where it has no error object)
ERRORS: Mapping[Fault, tuple[int, object, object] | tuple[int]] = {
    Fault.RATE_LIMIT_SECONDS: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_DATE: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_MILLISECONDS: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_BARE: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_RESET_REQUESTS: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_RESET_TOKENS: (429, "rate_limit_exceeded", "tokens"),
    Fault.RATE_LIMIT_NONSENSE: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_DAY: (429, "rate_limit_exceeded", "requests"),
    Fault.RATE_LIMIT_AZURE: (429, "429", None),
    Fault.REQUEST_ABOVE_LIMIT: (429, "rate_limit_exceeded", "tokens"),
    Fault.INSUFFICIENT_QUOTA: (429, "insufficient_quota", "insufficient_quota"),
    Fault.BILLING_NOT_ACTIVE: (429, "billing_not_active", "billing_not_active"),
    Fault.BILLING_LIMIT: (400, "billing_hard_limit_reached", "invalid_request_error"),
    Fault.SERVER_ERROR: (500, None, "server_error"),
    Fault.SERVER_ERROR_EMPTY: (500,),
    Fault.BAD_GATEWAY_HTML: (502,),
    Fault.UNAVAILABLE: (503, None, "server_error"),
    Fault.GATEWAY_TIMEOUT: (504,),
    Fault.OVERLOADED: (529, None, "overloaded_error"),
    Fault.CAPTIVE_PORTAL: (200,),
    Fault.HTML_AS_JSON: (200,),
    Fault.PROXY_LOGIN: (407,),
    Fault.CONTEXT_LENGTH: (400, "context_length_exceeded", "invalid_request_error"),
    Fault.CONTEXT_SIZE_LLAMA_CPP: (400, 400, "exceed_context_size_error"),
    Fault.UNSUPPORTED_PARAMETER: (400, "unsupported_parameter", "invalid_request_error"),
    Fault.UNSUPPORTED_VALUE: (400, "unsupported_value", "invalid_request_error"),
    Fault.RESPONSE_FORMAT_REFUSED: (400, None, "invalid_request_error"),
    Fault.PROMPT_FILTERED: (400, "content_filter", None),
    Fault.MODEL_NOT_FOUND: (404, "model_not_found", "invalid_request_error"),
    Fault.PATH_NOT_FOUND: (404, None, "invalid_request_error"),
    Fault.INVALID_KEY: (401, "invalid_api_key", "invalid_request_error"),
    Fault.KEY_ECHOED: (401, "invalid_api_key", "invalid_request_error"),
    Fault.KEY_REVOKED: (401, "invalid_api_key", "invalid_request_error"),
    Fault.REGION_REFUSED: (403, "unsupported_country_region_territory", "request_forbidden"),
    Fault.PERMISSION_REFUSED: (403, "model_not_found", "invalid_request_error"),
    Fault.REQUEST_TIMEOUT: (408, None, "timeout"),
    Fault.CONFLICT: (409, None, "conflict_error"),
    Fault.TOO_LARGE: (413,),
    Fault.UNPROCESSABLE: (422,),
    Fault.ERROR_AS_TEXT: (400,),
    Fault.ERROR_FLAT: (400,),
    Fault.REDIRECT_ELSEWHERE: (307,),
    Fault.REDIRECT_LOOP: (307,),
}
HTML = (Fault.BAD_GATEWAY_HTML, Fault.GATEWAY_TIMEOUT, Fault.CAPTIVE_PORTAL, Fault.TOO_LARGE, Fault.PROXY_LOGIN)


def refused(case: Fault | Case) -> Reply:
    with ChatService(script=always(case)) as service:
        reply = ask(service.port, temperature=0.3)
        assert service.billed == (0, 0)
    return reply


def test_every_refusal_stands_in_the_table() -> None:
    assert set(ERRORS) == set(kinds(Family.REFUSAL))


@pytest.mark.parametrize("fault", ERRORS, ids=str)
def test_a_refusal_has_its_status_code_and_type(fault: Fault) -> None:
    reply = refused(fault)
    status, *rest = ERRORS[fault]
    assert reply.status == status
    if rest:
        error = reply.json["error"]
        assert [error.get("code"), error.get("type")] == rest
        assert len(error["message"]) > 5
        assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("fault", HTML, ids=str)
def test_pages_are_html(fault: Fault) -> None:
    reply = refused(fault)
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.body.startswith(b"<html>")


def test_a_page_may_call_itself_json() -> None:
    reply = refused(Fault.HTML_AS_JSON)
    assert (reply.headers["content-type"], reply.body[:6]) == ("application/json", b"<html>")


@pytest.mark.parametrize(
    ("case", "headers"),
    [
        (Fault.RATE_LIMIT_SECONDS, {"retry-after": "1"}),
        (Case(Fault.RATE_LIMIT_SECONDS, seconds=0.25), {"retry-after": "0.25"}),
        (Fault.RATE_LIMIT_MILLISECONDS, {"retry-after-ms": "850"}),
        (Fault.RATE_LIMIT_BARE, {}),
        (Fault.RATE_LIMIT_NONSENSE, {"retry-after": "soon"}),
        (Fault.RATE_LIMIT_DAY, {"retry-after": "86400"}),
        (Fault.RATE_LIMIT_AZURE, {"retry-after": "1", "retry-after-ms": "1000"}),
        (Fault.REQUEST_ABOVE_LIMIT, {}),
        (Fault.INSUFFICIENT_QUOTA, {}),
        (Case(Fault.UNAVAILABLE, seconds=3), {"retry-after": "3"}),
        (Fault.OVERLOADED, {}),
        (Fault.PROXY_LOGIN, {"proxy-authenticate": 'Basic realm="house"'}),
        (Fault.REDIRECT_LOOP, {"location": "/v1/chat/completions"}),
        (Fault.REDIRECT_ELSEWHERE, {"location": "https://elsewhere.invalid/v1/chat/completions"}),
        (
            Fault.RATE_LIMIT_RESET_REQUESTS,
            {
                "x-ratelimit-limit-requests": "500",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "1s",
            },
        ),
        (
            Fault.RATE_LIMIT_RESET_TOKENS,
            {
                "x-ratelimit-limit-tokens": "500",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "6m0s",
            },
        ),
    ],
    ids=lambda it: str(getattr(it, "fault", it))[:40],
)
def test_a_refusal_says_how_long_to_wait_in_its_own_way_and_in_no_other(
    case: Fault | Case, headers: dict[str, str]
) -> None:
    told = ("retry-after", "x-ratelimit", "location", "proxy-")
    assert {name: value for name, value in refused(case).headers.items() if name.startswith(told)} == headers


def test_a_date_says_when() -> None:
    before = time.time()
    reply = refused(Case(Fault.RATE_LIMIT_DATE, seconds=90))
    until = email.utils.parsedate_to_datetime(reply.headers["retry-after"]).timestamp()
    assert before + 90 <= until <= time.time() + 91


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.UNSUPPORTED_PARAMETER, {"param": "top_p"}),
        (Fault.UNSUPPORTED_VALUE, {"param": "top_p"}),
        (Fault.CONTEXT_LENGTH, {"param": "messages"}),
        (Fault.PROMPT_FILTERED, {"param": "prompt", "status": 400}),
        (Fault.CONTEXT_SIZE_LLAMA_CPP, {"n_prompt_tokens": 9021, "n_ctx": 4096}),
    ],
    ids=str,
)
def test_a_refusal_says_what_it_is_about(fault: Fault, said: dict[str, object]) -> None:
    error = refused(Case(fault, param="top_p")).json["error"]
    assert {name: error[name] for name in said} == said


def test_errors_in_forms_of_their_own() -> None:
    assert isinstance(refused(Fault.ERROR_AS_TEXT).json["error"], str)
    assert {"message", "type", "code"} <= refused(Fault.ERROR_FLAT).json.keys()
    assert refused(Fault.UNPROCESSABLE).json["detail"][0]["loc"] == ["body", "messages"]
    assert refused(Fault.SERVER_ERROR_EMPTY).body == b""


def test_only_the_careless_service_repeats_the_key() -> None:
    assert KEY.encode() in refused(Fault.KEY_ECHOED).body
    assert not [fault for fault in ERRORS if fault is not Fault.KEY_ECHOED and KEY.encode() in refused(fault).body]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0061, "7ms"), (0.85, "850ms"), (1, "1s"), (8.64, "8.64s"), (60, "1m0s"), (360, "6m0s"), (3661.5, "1h1m1.5s")],
)
def test_durations_are_written_as_openai_writes_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text
