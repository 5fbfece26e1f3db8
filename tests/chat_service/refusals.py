"""The replies that say no: statuses, headers and bodies of OpenAI, Azure, llama.cpp, vLLM, Ollama and proxies."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from tests.chat_service.faults import Case, Fault
from tests.chat_service.wire import Received, Response

_INVALID = "invalid_request_error"
_HTML = "text/html; charset=utf-8"
_GUIDE = "https://platform.openai.com/docs/guides/error-codes"
_LIMITS = "Visit https://platform.openai.com/account/rate-limits to learn more."
DAY = 86_400
_SORRY = (
    "The server had an error while processing your request. Sorry about that! You can retry your request, or "
    "contact us through our help center at help.openai.com if the error persists."
)


def error(message: str, kind: str | None = _INVALID, *, param: str | None = None, code: Any = None) -> dict[str, Any]:
    """Return OpenAI's error object."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def refuse(status: int, body: Any, **headers: str) -> Response:
    """Return a reply with a JSON body; _ stands for - in the names of headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, json.dumps(body, ensure_ascii=False).encode(), named)


def page(status: int, title: str, *, kind: str = _HTML, **headers: str) -> Response:
    """Return a page in HTML."""
    html = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center></body>\r\n</html>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, html.encode(), named, kind=kind)


def duration(seconds: float) -> str:
    """Return a time as the x-ratelimit-reset headers write it: 850ms, 1s, 8.64s, 6m0s, 1h0m0s."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:.3f}".rstrip("0").rstrip(".") + "s"
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text


def limits(limit: int, remaining: int, reset: float, what: str = "requests") -> dict[str, str]:
    """Return the x-ratelimit headers of requests or tokens."""
    return {
        f"x-ratelimit-limit-{what}": str(limit),
        f"x-ratelimit-remaining-{what}": str(remaining),
        f"x-ratelimit-reset-{what}": duration(reset),
    }


def masked(key: str) -> str:
    """Return a key as OpenAI repeats it in its errors."""
    return key if len(key) < 12 else key[:7] + "*" * (len(key) - 11) + key[-4:]


def _limited(seconds: float, headers: Mapping[str, str], what: str = "requests per min (RPM)") -> Response:
    said = f"Rate limit reached for gpt-4 in organization org-clinic on {what}: Limit 500, Used 500, Requested 1. "
    kind = "tokens" if "tokens" in what else "requests"
    body = error(f"{said}Please try again in {duration(seconds)}. {_LIMITS}", kind, code="rate_limit_exceeded")
    return refuse(429, body, **headers)


def rate_limited(seconds: float, headers: Mapping[str, str]) -> Response:
    """Return the 429 of a limit that is kept, with when there is room again."""
    wait = {"retry-after": str(math.ceil(seconds)), "retry-after-ms": str(math.ceil(seconds * 1000))}
    return _limited(seconds, {**wait, **headers})


def _wrong_key(key: str) -> Response:
    said = (
        f"Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/account/api-keys."
    )
    return refuse(401, error(said, code="invalid_api_key"))


def no_key() -> Response:
    """Return the 401 for a request that brought no key."""
    said = (
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
    )
    return refuse(401, error(said))


def not_known(model: str) -> Response:
    """Return the 404 for a model."""
    said = f"The model `{model}` does not exist or you do not have access to it."
    return refuse(404, error(said, code="model_not_found"))


def wrong_path(received: Received) -> Response:
    """Return the 404 for an address that is none."""
    return refuse(404, error(f"Invalid URL ({received.method} {received.path})"))


def bad_request(message: str, *, param: str | None = None, code: str | None = None) -> Response:
    """Return a 400."""
    return refuse(400, error(message, param=param, code=code))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a refusal may need to know."""

    case: Case
    received: Received

    @property
    def model(self) -> str:
        return str(self.received.fields.get("model", "gpt-4"))

    @property
    def key(self) -> str:
        return self.received.key or ""


def _date(asked: _Asked) -> Response:
    seconds = asked.case.wait(2)
    # An HTTP date has whole seconds: the next one that is far enough away.
    return _limited(seconds, {"retry-after": formatdate(math.ceil(time.time() + seconds), usegmt=True)})


def _reset(asked: _Asked, by_itself: float, what: str) -> Response:
    seconds = asked.case.wait(by_itself)
    return _limited(seconds, limits(500, 0, seconds, what), f"{what} per min ({what[0].upper()}PM)")


def _azure(asked: _Asked) -> Response:
    seconds = math.ceil(asked.case.wait(1))
    said = (
        "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded "
        f"token rate limit of your current OpenAI S0 pricing tier. Please retry after {seconds} seconds."
    )
    body = {"error": {"code": "429", "message": said}}
    return refuse(429, body, retry_after=str(seconds), retry_after_ms=str(seconds * 1000))


def _above_limit(asked: _Asked) -> Response:
    said = (
        f"Request too large for {asked.model} in organization org-clinic on tokens per min (TPM): Limit 10000, "
        f"Requested 12876. The input or output tokens must be reduced in order to run successfully. {_LIMITS}"
    )
    return refuse(429, error(said, "tokens", code="rate_limit_exceeded"))


def _quota(_asked: _Asked) -> Response:
    said = f"You exceeded your current quota, please check your plan and billing details. Read the docs: {_GUIDE}."
    return refuse(429, error(said, "insufficient_quota", code="insufficient_quota"))


def _not_active(_asked: _Asked) -> Response:
    said = "Your account is not active, please check your billing details on our website."
    return refuse(429, error(said, "billing_not_active", code="billing_not_active"))


def _unavailable(asked: _Asked) -> Response:
    body = error("That model is currently overloaded with other requests. You can retry your request.", "server_error")
    return refuse(503, body, retry_after=f"{asked.case.wait(1):g}")


def _llama_cpp(_asked: _Asked) -> Response:
    said = "the request exceeds the available context size, try increasing it"
    kind = "exceed_context_size_error"
    return refuse(400, {"error": {"code": 400, "message": said, "type": kind, "n_prompt_tokens": 9021, "n_ctx": 4096}})


def _context(_asked: _Asked) -> Response:
    said = (
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9021 tokens. "
        "Please reduce the length of the messages."
    )
    return bad_request(said, param="messages", code="context_length_exceeded")


def _parameter(asked: _Asked) -> Response:
    said = f"Unsupported parameter: '{asked.case.param}' is not supported with this model."
    return bad_request(said, param=asked.case.param, code="unsupported_parameter")


def _value(asked: _Asked) -> Response:
    name = asked.case.param
    given = asked.received.fields.get(name, 0.2)
    said = f"Unsupported value: '{name}' does not support {given} with this model. Only the default (1) value is supported."
    return bad_request(said, param=name, code="unsupported_value")


def _format(_asked: _Asked) -> Response:
    said = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    return bad_request(said)


def _prompt_filtered(_asked: _Asked) -> Response:
    said = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
    result = {name: {"filtered": name == "violence", "severity": "safe"} for name in ("hate", "self_harm", "violence")}
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
    body = error(said, None, param="prompt", code="content_filter")
    body["error"] |= {"status": 400, "innererror": inner}
    return refuse(400, body)


def _region(_asked: _Asked) -> Response:
    code = "unsupported_country_region_territory"
    return refuse(403, error("Country, region, or territory not supported", "request_forbidden", code=code))


def _permission(asked: _Asked) -> Response:
    said = f"Project `proj_clinic` does not have access to model `{asked.model}`"
    return refuse(403, error(said, code="model_not_found"))


def _validator(_asked: _Asked) -> Response:
    wrong = {"type": "missing", "loc": ["body", "messages"], "msg": "Field required", "input": None}
    return refuse(422, {"detail": [wrong]})


def _flat(_asked: _Asked) -> Response:
    said = "This model's maximum context length is 4096 tokens."
    return refuse(400, {"object": "error", "message": said, "type": "BadRequestError", "param": None, "code": 400})


REFUSALS: Mapping[Fault, Callable[[_Asked], Response]] = {
    Fault.RATE_LIMIT_SECONDS: lambda it: _limited(it.case.wait(1), {"retry-after": f"{it.case.wait(1):g}"}),
    Fault.RATE_LIMIT_DATE: _date,
    Fault.RATE_LIMIT_MILLISECONDS: lambda it: _limited(
        it.case.wait(0.85), {"retry-after-ms": f"{it.case.wait(0.85) * 1000:g}"}
    ),
    Fault.RATE_LIMIT_BARE: lambda it: _limited(it.case.wait(1), {}),
    Fault.RATE_LIMIT_RESET_REQUESTS: lambda it: _reset(it, 1, "requests"),
    Fault.RATE_LIMIT_RESET_TOKENS: lambda it: _reset(it, 360, "tokens"),
    Fault.RATE_LIMIT_NONSENSE: lambda it: _limited(it.case.wait(1), {"retry-after": "soon"}),
    Fault.RATE_LIMIT_DAY: lambda it: _limited(
        it.case.wait(DAY), {"retry-after": f"{it.case.wait(DAY):.0f}"}, "requests per day (RPD)"
    ),
    Fault.RATE_LIMIT_AZURE: _azure,
    Fault.REQUEST_ABOVE_LIMIT: _above_limit,
    Fault.INSUFFICIENT_QUOTA: _quota,
    Fault.BILLING_NOT_ACTIVE: _not_active,
    Fault.BILLING_LIMIT: lambda _: bad_request(
        "Billing hard limit has been reached", code="billing_hard_limit_reached"
    ),
    Fault.SERVER_ERROR: lambda _: refuse(500, error(_SORRY, "server_error")),
    Fault.SERVER_ERROR_EMPTY: lambda _: Response(500),
    Fault.BAD_GATEWAY_HTML: lambda _: page(502, "502 Bad Gateway"),
    Fault.UNAVAILABLE: _unavailable,
    Fault.GATEWAY_TIMEOUT: lambda _: page(504, "504 Gateway Time-out"),
    Fault.OVERLOADED: lambda _: refuse(529, error("Overloaded", "overloaded_error")),
    Fault.CAPTIVE_PORTAL: lambda _: page(200, "Welcome to the guest network"),
    Fault.HTML_AS_JSON: lambda _: page(200, "Welcome to the guest network", kind="application/json"),
    Fault.PROXY_LOGIN: lambda _: page(407, "Proxy Authentication Required", proxy_authenticate='Basic realm="house"'),
    Fault.CONTEXT_LENGTH: _context,
    Fault.CONTEXT_SIZE_LLAMA_CPP: _llama_cpp,
    Fault.UNSUPPORTED_PARAMETER: _parameter,
    Fault.UNSUPPORTED_VALUE: _value,
    Fault.RESPONSE_FORMAT_REFUSED: _format,
    Fault.PROMPT_FILTERED: _prompt_filtered,
    Fault.MODEL_NOT_FOUND: lambda it: not_known(it.model),
    Fault.PATH_NOT_FOUND: lambda it: wrong_path(it.received),
    Fault.INVALID_KEY: lambda it: _wrong_key(masked(it.key)),
    Fault.KEY_ECHOED: lambda it: _wrong_key(it.key),
    Fault.KEY_REVOKED: lambda it: _wrong_key(masked(it.key)),
    Fault.REGION_REFUSED: _region,
    Fault.PERMISSION_REFUSED: _permission,
    Fault.REQUEST_TIMEOUT: lambda _: refuse(408, error("Request timed out while it was read.", "timeout")),
    Fault.CONFLICT: lambda _: refuse(409, error("The resource was updated by another request.", "conflict_error")),
    Fault.TOO_LARGE: lambda _: page(413, "413 Request Entity Too Large"),
    Fault.UNPROCESSABLE: _validator,
    Fault.ERROR_AS_TEXT: lambda _: refuse(400, {"error": "invalid options: temperature"}),
    Fault.ERROR_FLAT: _flat,
    Fault.REDIRECT_ELSEWHERE: lambda it: Response(307, headers={"location": it.case.location}),
    Fault.REDIRECT_LOOP: lambda it: Response(307, headers={"location": it.received.path}),
}


def refusal(case: Case, received: Received) -> Response:
    """Return the reply with which a request is refused."""
    return REFUSALS[case.fault](_Asked(case, received))
