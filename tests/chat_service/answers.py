"""Good answers as OpenAI describes them: models, a completion, and the chunks and events of a streamed one."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.chat_service.faults import Good
from tests.chat_service.instances import instance_of
from tests.chat_service.wire import EVENTS, Received, Response

TOKEN = 4  # characters: what this service calls a token, and what one piece of a stream holds
MOST_PIECES = 2000
DONE = b"data: [DONE]\n\n"
MODELS = (
    "gpt-4",
    "gpt-4-turbo",
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4.1",
    "gpt-4.1-mini",
    "ft:gpt-4o-mini-2024-07-18:clinic::AbCdEf12",
)
_BORN = 1_700_000_000
_FINGERPRINT = "fp_44709d6fcb"


def tokens(text: str) -> int:
    """Return how many tokens a text has here."""
    return -(-len(text) // TOKEN)


def encoded(payload: Any) -> bytes:
    """Return JSON as the service writes it: in UTF-8, nothing escaped that need not be."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def event(data: bytes) -> bytes:
    """Return data as a server-sent event."""
    return b"data: " + data + b"\n\n"


@dataclass(frozen=True, slots=True)
class Outline:
    """What an answer says, before it is written as a completion or as chunks."""

    id: str
    created: int
    model: str
    prompt_tokens: int
    text: str | None
    finish: str | None = "stop"
    choices: int = 1
    refusal: str | None = None
    tool: Mapping[str, str] | None = None
    reasoning: str | None = None
    with_usage: bool = True  # a stream tells it only where asked
    counted: int | None = None  # what is said of the tokens of the answer, where it is not their number

    @property
    def completion_tokens(self) -> int:
        """Return what the provider bills as output."""
        if self.counted is not None:
            return self.counted
        arguments = self.tool["arguments"] if self.tool else ""
        parts = (self.text, self.refusal, self.reasoning, arguments)
        return self.choices * sum(tokens(part) for part in parts if part)

    def usage(self) -> dict[str, Any]:
        """Return the counts."""
        done = self.completion_tokens
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": done,
            "total_tokens": self.prompt_tokens + done,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": tokens(self.reasoning or ""),
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }


def outline(received: Received, good: Good) -> Outline:
    """Return the good answer to a request, cut where the request's own limit of tokens says so."""
    fields = received.fields
    text = good.text if good.text is not None else _made_up(fields, received.number)
    limit = fields.get("max_completion_tokens") or fields.get("max_tokens")
    options = fields.get("stream_options") or {}
    drawn = Outline(
        id=f"chatcmpl-{received.number:024d}",
        created=int(time.time()),
        model=str(fields.get("model")),
        prompt_tokens=prompt_tokens(fields),
        text=text,
        choices=int(fields.get("n") or 1),
        with_usage=not received.streamed or bool(options.get("include_usage")),
    )
    if limit is not None and tokens(text) > limit:
        return replace(drawn, text=text[: limit * TOKEN], finish="length")
    return drawn


def prompt_tokens(fields: Mapping[str, Any]) -> int:
    """Return the tokens of a request's messages."""
    return 3 + sum(3 + tokens(said(message)) for message in fields.get("messages") or ())


def said(message: Any) -> str:
    """Return the text of a message, whether it is a text or a list of parts."""
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _made_up(fields: Mapping[str, Any], number: int) -> str:
    wanted = fields.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        return json.dumps(instance_of(wanted["json_schema"].get("schema") or {}, seed=number))
    if wanted.get("type") == "json_object":
        return json.dumps({"answer": f"Answer {number}"})
    asked = said((fields.get("messages") or [{}])[-1])
    return f"Answer {number} to what was asked, in whole sentences – “{asked[:80]}” – and to its end."


def completion(drawn: Outline) -> dict[str, Any]:
    """Return the answer as one object."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": drawn.text,
        "refusal": drawn.refusal,
        "annotations": [],
    }
    if drawn.reasoning is not None:
        message["reasoning_content"] = drawn.reasoning
    if drawn.tool:
        message["tool_calls"] = [{"id": "call_0", "type": "function", "function": dict(drawn.tool)}]
    choices = [
        {"index": index, "message": dict(message), "logprobs": None, "finish_reason": drawn.finish}
        for index in range(drawn.choices)
    ]
    whole = {
        "id": drawn.id,
        "object": "chat.completion",
        "created": drawn.created,
        "model": drawn.model,
        "choices": choices,
        "usage": drawn.usage(),
        "service_tier": "default",
        "system_fingerprint": _FINGERPRINT,
    }
    if not drawn.with_usage:
        del whole["usage"]
    return whole


def chunks(drawn: Outline) -> list[dict[str, Any]]:
    """Return the answer in pieces: the role, the text, the reason why it ends, and the counts where asked for."""
    made = [
        _chunk(drawn, [{"index": index, "delta": delta, "logprobs": None, "finish_reason": None}])
        for index in range(drawn.choices)
        for delta in _deltas(drawn)
    ]
    if drawn.finish is not None:
        made += [
            _chunk(drawn, [{"index": index, "delta": {}, "logprobs": None, "finish_reason": drawn.finish}])
            for index in range(drawn.choices)
        ]
    if drawn.with_usage:
        for one in made:
            one["usage"] = None
        made.append({**_chunk(drawn, []), "usage": drawn.usage()})
    return made


def _chunk(drawn: Outline, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": drawn.id,
        "object": "chat.completion.chunk",
        "created": drawn.created,
        "model": drawn.model,
        "service_tier": "default",
        "system_fingerprint": _FINGERPRINT,
        "choices": choices,
    }


def _deltas(drawn: Outline) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": None if drawn.text is None else "", "refusal": None}
    for name, text in (("reasoning_content", drawn.reasoning), ("content", drawn.text), ("refusal", drawn.refusal)):
        for piece in pieces(text or ""):
            yield {name: piece}
    if drawn.tool:
        call = {"index": 0, "id": "call_0", "type": "function"}
        yield {"tool_calls": [{**call, "function": {"name": drawn.tool["name"], "arguments": ""}}]}
        for piece in pieces(drawn.tool["arguments"]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def pieces(text: str) -> Iterator[str]:
    """Yield a text in tokens, or in longer pieces where there would be too many."""
    length = max(TOKEN, -(-len(text) // MOST_PIECES))
    for start in range(0, len(text), length):
        yield text[start : start + length]


def answer(drawn: Outline, *, streamed: bool, pace: float = 0.0) -> Response:
    """Return the reply that says what is drawn."""
    if not streamed:
        return Response(200, encoded(completion(drawn)))
    events = [event(encoded(one)) for one in chunks(drawn)]
    return Response(200, kind=EVENTS, events=[*events, DONE], pace=pace)


def model_list(names: Sequence[str]) -> Response:
    """Return the reply to GET /v1/models."""
    return Response(200, encoded({"object": "list", "data": [model(name) for name in names]}))


def model(name: str) -> dict[str, Any]:
    """Return one model as it is listed."""
    owner = "clinic" if name.startswith("ft:") else "system"
    return {"id": name, "object": "model", "created": _BORN, "owned_by": owner}


def finished_at(body: bytes) -> int:
    """Return how many bytes of a streamed body must have come until its finish_reason is known.

    Up to there a client has a part only; an event counts once the empty line after it is there.
    """
    mark = body.rindex(b'"finish_reason":"')  # of the last choice; the others say null
    return body.index(b"\n\n", mark) + 2
