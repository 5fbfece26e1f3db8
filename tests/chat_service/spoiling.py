"""Good answers made bad: what they say, their JSON, their bytes, and the order of a stream's events."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from tests.chat_service.answers import DONE, Outline, answer, chunks, completion, encoded, event
from tests.chat_service.faults import Case, Fault
from tests.chat_service.instances import breaking
from tests.chat_service.refusals import error
from tests.chat_service.wire import EVENTS, Response

DEPTH = 100_000
_HALF_WAY = error("The server had an error processing your request. Sorry about that!", "server_error")

Payload = MutableMapping[str, Any]


def _half(text: str | None) -> str:
    return (text or "")[: len(text or "") // 2]


def _huge(drawn: Outline, case: Case) -> Outline:
    sentence = "The same sentence again and again. "
    text = (sentence * (case.size // len(sentence) + 1))[: case.size]
    return replace(drawn, text=text, finish="stop", counted=drawn.completion_tokens)


# What the answer says.
OUTLINES: Mapping[Fault, Callable[[Outline, Case], Outline]] = {
    Fault.FINISH_LENGTH: lambda drawn, _: replace(drawn, text=_half(drawn.text), finish="length"),
    Fault.FINISH_FILTER: lambda drawn, _: replace(drawn, text=_half(drawn.text), finish="content_filter"),
    Fault.FINISH_MISSING: lambda drawn, _: replace(drawn, text=_half(drawn.text), finish=None),
    Fault.FINISH_UNKNOWN: lambda drawn, _: replace(drawn, text=_half(drawn.text), finish="abort"),
    Fault.REFUSED: lambda drawn, _: replace(drawn, text=None, refusal="I'm sorry, but I can't help with that."),
    Fault.TOOL_CALLS: lambda drawn, _: replace(
        drawn, text=None, finish="tool_calls", tool={"name": "look_up", "arguments": '{"term":"metformin"}'}
    ),
    Fault.CONTENT_NULL: lambda drawn, _: replace(drawn, text=None),
    Fault.CONTENT_EMPTY: lambda drawn, _: replace(drawn, text=""),
    Fault.REASONING_ONLY: lambda drawn, _: replace(
        drawn, text="", finish="length", reasoning="First the question must be understood, and then" * 3
    ),
    Fault.WRONG_SCHEMA: lambda drawn, _: replace(drawn, text=breaking(drawn.text or "")),
    Fault.SCHEMA_CUT: lambda drawn, _: replace(drawn, text=_half(drawn.text)),
    Fault.DUPLICATE_IDS: lambda drawn, _: replace(drawn, id="chatcmpl-000000000000000000same"),
    Fault.OTHER_MODEL: lambda drawn, _: replace(drawn, model="gpt-3.5-turbo-0125"),
    Fault.HUGE_ANSWER: _huge,
}


def _set_content(payload: Payload, change: Callable[[str], Any]) -> None:
    for choice in payload["choices"]:
        said = choice.get("message") or choice["delta"]
        if said.get("content"):
            said["content"] = change(said["content"])


def _count(payload: Payload, value: float) -> None:
    if payload.get("usage"):
        payload["usage"] |= dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), value)


def _no_choices(payload: Payload) -> None:
    payload["choices"] = []


def _choices_object(payload: Payload) -> None:
    payload["choices"] = {str(index): choice for index, choice in enumerate(payload["choices"])}


# The JSON of the completion, or of every chunk.
PAYLOADS: Mapping[Fault, Callable[[Payload], object]] = {
    Fault.CONTENT_NUMBER: lambda payload: _set_content(payload, lambda _: 42),
    Fault.CONTENT_PARTS: lambda payload: _set_content(payload, lambda text: [{"type": "text", "text": text}]),
    Fault.CHOICES_EMPTY: _no_choices,
    Fault.CHOICES_MISSING: lambda payload: payload.pop("choices"),
    Fault.CHOICES_OBJECT: _choices_object,
    Fault.NOT_A_NUMBER: lambda payload: _count(payload, float("nan")),
    Fault.USAGE_ABSURD: lambda payload: _count(payload, -1000),
    Fault.USAGE_MISSING: lambda payload: payload.pop("usage", None),
}


def _deep(data: bytes) -> bytes:
    return b'{"deep":' + b"[" * DEPTH + b"]" * DEPTH + b"," + data[1:]


def _latin(data: bytes) -> bytes:
    return data.replace(b'"content":"', '"content":"Größe: '.encode("latin-1"))


# The bytes of the completion, or of the chunk in the middle of the stream.
BYTES: Mapping[Fault, Callable[[bytes], bytes]] = {
    Fault.BODY_NULL: lambda _: b"null",
    Fault.BAD_JSON: lambda data: data[: len(data) // 2],
    Fault.DEEP_NESTING: _deep,
    Fault.WRONG_ENCODING: _latin,
    Fault.ERROR_WITH_200: lambda _: encoded(_HALF_WAY),
}


def _with_comments(events: Sequence[bytes]) -> list[bytes]:
    return [b": connected\n\n", *(piece for one in events for piece in (one, b": keep-alive\n\n"))]


# The events of a stream.
STREAMS: Mapping[Fault, Callable[[Sequence[bytes]], list[bytes]]] = {
    Fault.STREAM_NO_DONE: lambda events: list(events[:-1]),
    Fault.STREAM_NOTHING: lambda _: [DONE],
    Fault.STREAM_ERROR: lambda events: [*events[: len(events) // 2], event(encoded(_HALF_WAY))],
    Fault.STREAM_KEEP_ALIVES: _with_comments,
}
SPOILED = frozenset({*OUTLINES, *PAYLOADS, *BYTES, *STREAMS, Fault.STREAM_AS_JSON})


def drawn_otherwise(drawn: Outline, case: Case) -> Outline:
    """Return what the model says under a fault: the good answer where only its form is spoiled."""
    return OUTLINES[case.fault](drawn, case) if case.fault in OUTLINES else drawn


def spoiled(drawn: Outline, case: Case, *, streamed: bool) -> Response:
    """Return the reply in which what was drawn is spoiled."""
    fault = case.fault
    pace = case.good.pace
    if fault is Fault.STREAM_AS_JSON:
        return answer(drawn, streamed=False)
    if fault in OUTLINES:
        return answer(drawn, streamed=streamed, pace=pace)
    if fault in STREAMS:
        good = answer(drawn, streamed=True, pace=pace)
        return replace(good, events=STREAMS[fault](good.events or ()))
    payloads = chunks(drawn) if streamed else [completion(drawn)]
    for payload in payloads if fault in PAYLOADS else ():
        PAYLOADS[fault](payload)
    bodies = [encoded(payload) for payload in payloads]
    if fault in BYTES:
        middle = (len(bodies) - drawn.with_usage) // 2 if streamed else 0
        bodies[middle] = BYTES[fault](bodies[middle])
    if not streamed:
        return Response(200, bodies[0])
    return Response(200, kind=EVENTS, events=[*map(event, bodies), DONE], pace=pace)
