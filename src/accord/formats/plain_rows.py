"""The common row of a chat file, straight to what is stored of it: as the general way gives it, in less time.

Common is a row of ``messages`` that have nothing but a role and text, and ``metadata`` of plain values. Anything else,
and whatever is wrong with a row, is left to the general way.
"""

import hashlib
from typing import Any

import orjson

from accord.domain.canonical import conversation_key, json_text
from accord.domain.records import ReadyRow
from accord.formats.reading import RowReader
from accord.formats.rows import RawRow

_ROLES = frozenset({"system", "user", "assistant"})
_PLACES = ("group", "context", "source", "source_url", "source_date", "licence")
_SPELLINGS = {"license": "licence"}
_NO_PLAIN_VALUE = frozenset({"tags", "context"})
_MESSAGE_KEYS = 2


class PlainRows:
    """Takes the common rows of one file; None for any other."""

    def __init__(self, reader: RowReader) -> None:
        self.usable = reader.format == "openai" and not reader.mapping and not reader.shape.is_accord_csv

    def ready(self, found: RawRow) -> ReadyRow | None:
        """Return what is stored of a common row, None where the row is not common."""
        value = found.value
        if type(value) is not dict:
            return None
        metadata = value.get("metadata")
        if len(value) != 1 + ("metadata" in value) or (metadata is not None and type(metadata) is not dict):
            return None
        talk = _talk(value.get("messages"))
        if talk is None:
            return None
        beside = _beside(metadata) if metadata else _NOTHING
        if beside is None:
            return None
        text, key, answer = talk
        digest = hashlib.sha256(text).hexdigest()
        return ReadyRow(found.line, digest, text.decode(), key, bool(answer.strip()), *beside)


def _talk(messages: Any) -> tuple[bytes, str, str] | None:
    """Return the canonical text, the conversation key and the answer ("" for none) of messages that are in order."""
    if type(messages) is not list:
        return None
    turns: list[str] = []
    last_user = asked = answer_at = None
    for message in messages:
        if type(message) is not dict or len(message) != _MESSAGE_KEYS:
            return None
        role, content = message.get("role"), message.get("content")
        if type(content) is not str or type(role) is not str or role not in _ROLES:
            return None
        if role == "system":
            continue
        if role == "user":
            last_user = len(turns)
        else:
            asked, answer_at = last_user, len(turns)
        turns.append(content)
    answer = "" if answer_at is None else turns[answer_at]
    asked = last_user if answer_at is None else asked
    if asked is None or not turns[asked].strip():
        return None
    earlier = "\n".join(filter(None, (*turns[:asked], *turns[asked + 1 : answer_at])))
    # With text alone in it, orjson's sorted form is the canonical one.
    text = orjson.dumps({"messages": messages}, option=orjson.OPT_SORT_KEYS)
    return text, conversation_key(turns[asked], earlier), answer


_Beside = tuple[str, str, str, str, str, str, str]
_NOTHING: _Beside = ("", "", "", "", "", "", "")


def _beside(metadata: dict[str, Any]) -> _Beside | None:
    """Return the rest as JSON, then what has a place of its own, in the order of a ready row."""
    places: dict[str, str] = {}
    rest: dict[str, str] = {}
    for key, item in metadata.items():
        kind = type(item)
        text = item if kind is str else str(item) if kind is int else None
        if text is None or key in _NO_PLAIN_VALUE:
            return None
        target = _SPELLINGS.get(key, key)
        if target in _PLACES and target not in places:
            places[target] = text
        elif text:
            rest[key] = text
    written = ", ".join([f"{json_text(key)}: {json_text(rest[key])}" for key in sorted(rest)])
    group, context, source, source_url, source_date, licence = [places.get(place, "") for place in _PLACES]
    return (f"{{{written}}}" if rest else "", group, context, source, source_url, source_date, licence)
