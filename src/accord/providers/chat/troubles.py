"""What the client's failures are called here: one table from what was raised, or came, to the kind of trouble."""

import email.utils
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import openai

from accord.domain.chat import Failure, Room, Trouble
from accord.providers.chat.door import LockedIn, StoppedByPerson, TooLarge

_LONGEST_SAID = 400
_TOO_MANY, _SERVER_FAULTS = 429, 500
_BY_STATUS: Mapping[int, Trouble] = {
    400: Trouble.BAD_REQUEST,
    401: Trouble.KEY,
    402: Trouble.QUOTA,
    403: Trouble.FORBIDDEN,
    404: Trouble.NO_SERVICE,
    405: Trouble.NO_SERVICE,
    407: Trouble.FORBIDDEN,
    408: Trouble.TIMED_OUT,
    409: Trouble.SERVER,
    413: Trouble.TOO_LONG,
    422: Trouble.BAD_REQUEST,
    425: Trouble.SERVER,
    429: Trouble.RATE_LIMIT,
    503: Trouble.OVERLOADED,
    504: Trouble.TIMED_OUT,
    529: Trouble.OVERLOADED,
}
_BY_CODE: Mapping[str, Trouble] = {
    "insufficient_quota": Trouble.QUOTA,
    "billing_hard_limit_reached": Trouble.QUOTA,
    "billing_not_active": Trouble.QUOTA,
    "invalid_api_key": Trouble.KEY,
    "model_not_found": Trouble.NO_MODEL,
    "deploymentnotfound": Trouble.NO_MODEL,
    "context_length_exceeded": Trouble.TOO_LONG,
    "exceed_context_size_error": Trouble.TOO_LONG,
    "string_above_max_length": Trouble.TOO_LONG,
    "unsupported_parameter": Trouble.PARAMETER,
    "unsupported_value": Trouble.PARAMETER,
    "unknown_parameter": Trouble.PARAMETER,
    "content_filter": Trouble.FILTERED,
    "content_policy_violation": Trouble.FILTERED,
    "rate_limit_exceeded": Trouble.RATE_LIMIT,
    "unsupported_country_region_territory": Trouble.FORBIDDEN,
}
_ALONE_TOO_LARGE = "request too large"
_DROPPABLE = ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty", "reasoning_effort", "stop")
_FORM = ("response_format", "json_schema", "stream_options", "max_tokens", "max_completion_tokens")
_NAMED = re.compile(r"\b(" + "|".join((*_DROPPABLE, *_FORM)) + r")\b")


def of_error(error: Exception, seconds: float) -> Failure:
    """Return what a failure of the client means."""
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, seconds)
    if isinstance(error, openai.APIConnectionError):
        trouble = _of_connection(error)
        sent = trouble not in {Trouble.LOCKED, Trouble.NAME, Trouble.TLS, Trouble.UNREACHABLE}
        return Failure(trouble=trouble, said=_why(error), sent=sent, seconds=seconds)
    if isinstance(error, openai.APIError):
        return of_body(error.body if isinstance(error.body, Mapping) else {}, Trouble.SERVER, seconds=seconds)
    if isinstance(error, httpx2.DecodingError | ValueError | RecursionError):  # also JSON and UTF-8 that are none
        return Failure(trouble=Trouble.NOT_JSON, said=_short(str(error)), seconds=seconds)
    raise error


def of_body(body: Mapping[str, Any], otherwise: Trouble, **facts: Any) -> Failure:
    """Return what an error object means: by its code or type, else ``otherwise``."""
    said = _short(str(body.get("message") or body.get("detail") or ""))
    codes = [str(body.get(key) or "").lower() for key in ("code", "type")]
    trouble = next((_BY_CODE[code] for code in codes if code in _BY_CODE), otherwise)
    parameter = str(body.get("param") or "")
    if trouble is Trouble.RATE_LIMIT and said.lower().startswith(_ALONE_TOO_LARGE):
        trouble = Trouble.TOO_LONG  # more tokens than the service takes in a minute: it never passes
    if trouble in {Trouble.BAD_REQUEST, Trouble.PARAMETER}:
        named = _NAMED.search(f"{parameter} {said}")
        parameter = named.group() if named else ""
        trouble = Trouble.PARAMETER if parameter else Trouble.BAD_REQUEST
    return Failure(trouble=trouble, said=said, parameter=parameter, **facts)


def room(headers: Mapping[str, str]) -> Room:
    """Return how much the service takes yet, by its ``x-ratelimit-*`` headers."""
    return Room(
        _whole(headers.get("x-ratelimit-remaining-requests")),
        _whole(headers.get("x-ratelimit-remaining-tokens")),
        _lasting(headers.get("x-ratelimit-reset-requests")),
        _lasting(headers.get("x-ratelimit-reset-tokens")),
    )


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """Return for how many seconds the service asks to be left alone. ``now``: seconds since 1970."""
    if (milliseconds := headers.get("retry-after-ms")) and re.fullmatch(r"\d+(\.\d+)?", milliseconds):
        return float(milliseconds) / 1000
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", said):
        return float(said)
    day = email.utils.parsedate_to_datetime(said) if re.search(r"[A-Za-z]{3}", said) else None
    return max(day.timestamp() - now, 0.0) if day else None


def _of_status(error: openai.APIStatusError, seconds: float) -> Failure:
    headers = error.response.headers
    facts: dict[str, Any] = {
        "status": error.status_code,
        "wait": _wait(headers, error.status_code),
        "request_id": headers.get("x-request-id", ""),
        "room": room(headers),
        "seconds": seconds,
        "sent": True,
    }
    if error.response.is_redirect:
        return Failure(trouble=Trouble.REDIRECTED, said=_short(headers.get("location", "")), **facts)
    otherwise = Trouble.SERVER if error.status_code >= _SERVER_FAULTS else Trouble.BAD_REQUEST
    trouble = _BY_STATUS.get(error.status_code, otherwise)
    body = error.body
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        return of_body(inner if isinstance(inner, Mapping) else {"message": str(inner)}, trouble, **facts)
    return Failure(trouble=trouble, said=_short(_without_tags(str(body or error.message))), **facts)


def _wait(headers: Mapping[str, str], status: int) -> float | None:
    try:
        asked = wait(headers, time.time())
    except (TypeError, ValueError):
        asked = None
    if asked is not None or status != _TOO_MANY:
        return asked
    left = room(headers)
    known = [
        left.requests_again if left.requests in {0, None} else None,
        left.tokens_again if not left.tokens else None,
    ]
    return max((seconds for seconds in known if seconds is not None), default=None)


def _of_connection(error: Exception) -> Trouble:
    """Return what broke: the innermost cause that is known says it."""
    for cause in _causes(error):
        if isinstance(cause, LockedIn):
            return Trouble.LOCKED
        if isinstance(cause, StoppedByPerson):
            return Trouble.STOPPED
        if isinstance(cause, TooLarge):
            return Trouble.TOO_LARGE
        if isinstance(cause, socket.gaierror):
            return Trouble.NAME
        if isinstance(cause, ssl.SSLCertVerificationError | ssl.SSLError):
            return Trouble.TLS
    if isinstance(error, openai.APITimeoutError):
        return Trouble.TIMED_OUT
    named = {type(cause) for cause in _causes(error)}
    return Trouble.UNREACHABLE if httpx2.ConnectError in named else Trouble.BROKEN_OFF


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _why(error: Exception) -> str:
    return _short(next((str(cause) for cause in reversed(list(_causes(error))) if str(cause)), ""))


def _short(said: str) -> str:
    return " ".join(said.split())[:_LONGEST_SAID]


def _without_tags(said: str) -> str:
    return re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", said, flags=re.DOTALL | re.IGNORECASE)


def _whole(said: str | None) -> int | None:
    return int(said) if said and re.fullmatch(r"\d{1,15}", said.strip()) else None


def _lasting(said: str | None) -> float | None:
    """Return seconds of "1h2m3.5s", "120ms", or a plain number."""
    if not said:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", said):
        return float(said)
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", said)
    each = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(n) * each[unit] for n, unit in parts) if parts else None
