"""What a request must have before the script is asked: an address that exists, a key, a body that makes sense."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.chat_service.faults import Case, Family, Fault
from tests.chat_service.refusals import bad_request, error, no_key, not_known, refusal, refuse, wrong_path
from tests.chat_service.wire import Received, Response

CHAT = "/v1/chat/completions"
LIST = "/v1/models"
_METHODS = {CHAT: "POST", LIST: "GET"}
_NEEDS_SCHEMA = frozenset({Fault.WRONG_SCHEMA, Fault.SCHEMA_CUT})


def turned_away(received: Received, *, key: str | None, models: Sequence[str], known: bool = False) -> Response | None:
    """Return the reply to a request that OpenAI would refuse by itself, or None; ``known``: the address exists."""
    if key is not None and received.key != key:
        return no_key() if received.key is None else refusal(Case(Fault.INVALID_KEY), received)
    if known:
        return None
    if received.path not in _METHODS:
        return wrong_path(received)
    if received.method != _METHODS[received.path]:
        return refuse(405, error(f"Not allowed to {received.method} on {received.path}."))
    return _faulty(received, models) if received.path == CHAT else None


def _faulty(received: Received, models: Sequence[str]) -> Response | None:
    if not isinstance(received.body, dict):
        return bad_request("We could not parse the JSON body of your request.")
    fields = received.fields
    if not isinstance(fields.get("model"), str):
        return bad_request("you must provide a model parameter")
    if fields["model"] not in models:
        return not_known(fields["model"])
    return _wrong_messages(fields) or _wrong_options(fields)


def _wrong_messages(fields: Mapping[str, Any]) -> Response | None:
    messages = fields.get("messages")
    if messages is None:
        return bad_request(
            "Missing required parameter: 'messages'.", param="messages", code="missing_required_parameter"
        )
    if not isinstance(messages, list):
        return bad_request("Invalid type for 'messages': expected an array.", param="messages", code="invalid_type")
    if not messages:
        return bad_request("Invalid 'messages': empty array.", param="messages", code="empty_array")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            name = f"messages[{index}].role"
            return bad_request(f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")
    return None


def _wrong_options(fields: Mapping[str, Any]) -> Response | None:
    if fields.get("stream_options") is not None and fields.get("stream") is not True:
        return bad_request(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    for name in ("max_tokens", "max_completion_tokens", "n"):
        value = fields.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            return bad_request(f"Invalid value for '{name}'.", param=name, code="integer_below_min_value")
    wanted = fields.get("response_format") or {}
    if wanted.get("type") == "json_schema" and not isinstance(wanted.get("json_schema", {}).get("name"), str):
        name = "response_format.json_schema"
        return bad_request(f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")
    return None


def can_show(fault: Fault, received: Received) -> bool:
    """Whether a fault can be shown on a request; where it cannot, the request gets its good answer."""
    chat = received.path == CHAT
    if fault in _NEEDS_SCHEMA:
        return chat and (received.fields.get("response_format") or {}).get("type") == "json_schema"
    match fault.family:
        case Family.ANSWER:
            return chat
        case Family.STREAM:
            return chat and received.streamed
        case Family.REFUSAL | Family.WIRE:
            return True
        case _:
            raise ValueError(f"{fault} is no reply to a request: it is a place (places.py)")
