"""A strict and fast JSON loader for one row: what json.loads would quietly change or lose is refused with a reason.

Refused beyond the grammar: duplicate keys, NaN and infinities, integers beyond 64 bits, lone surrogates, bytes that are
not UTF-8 and nesting deeper than ``MAX_DEPTH``.

The fast way is orjson, which refuses most of these by itself. It keeps the last of duplicate keys and turns large
integers into floats; so the keys of the parsed value are counted and compared with the colons that follow a quote in
the bytes. There are at least as many of these as keys were written; equal numbers therefore prove that no key was lost.
Anything else is loaded again the slow way, which decides.
"""

import json
import re
from typing import Any, NoReturn

import orjson

from accord.domain.wording import _
from accord.formats.failures import RowProblem

MAX_DEPTH = 100

_INT64 = 2**63
_UINT64 = 2**64
_LONGEST_INTEGER = 20
_SUSPICIOUS = -1
_KEY_MARK = re.compile(rb'"[ \t\r\n]*:')
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


def load_row(raw: bytes) -> Any:
    """Return the JSON value of ``raw`` (UTF-8, without a byte order mark). Raises RowProblem."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _load_slowly(raw)
    if type(value) is dict or type(value) is list:
        keys = _count_keys(value)
        if keys == _SUSPICIOUS or keys != len(_KEY_MARK.findall(raw)):
            return _load_slowly(raw)
    elif type(value) is float:
        return _load_slowly(raw)
    return value


def _count_keys(value: Any) -> int:
    """Return the number of keys in all objects of ``value``, or ``_SUSPICIOUS`` where the slow way must look."""
    count = 0
    containers = [value]
    for container in containers:  # grows while it is walked
        items = container
        if type(container) is dict:
            count += len(container)
            items = container.values()
        for item in items:
            kind = type(item)
            if kind is dict or kind is list:
                containers.append(item)
            elif kind is float and not -_INT64 < item < _INT64:
                return _SUSPICIOUS
    return _SUSPICIOUS if len(containers) > MAX_DEPTH and _is_deep(value, MAX_DEPTH) else count


def _is_deep(value: Any, left: int) -> bool:
    if left == 0:
        return True
    items = value.values() if type(value) is dict else value
    return any(_is_deep(item, left - 1) for item in items if type(item) is dict or type(item) is list)


def _load_slowly(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RowProblem("", _("Byte {position} of the row is not UTF-8.", position=error.start + 1)) from None
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except json.JSONDecodeError as error:
        reason = _("This is not JSON ({detail}, character {position}).", detail=error.msg, position=error.pos + 1)
        raise RowProblem("", reason) from None
    if "\\u" in text:
        _check_surrogates(value, "")
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for token in _STRUCTURE.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise RowProblem("", _("The row is nested more than {limit} levels deep.", limit=MAX_DEPTH))
        elif mark in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise RowProblem(_shown(key), _("The key “{key}” stands twice in one object.", key=_shown(key)))
            seen.add(key)
    return value


def _shown(key: str) -> str:
    return key.encode("utf-8", "backslashreplace").decode()


def _constant(name: str) -> NoReturn:
    raise RowProblem("", _("{name} is not a number that JSON allows.", name=name))


def _integer(digits: str) -> int:
    value = int(digits) if len(digits) <= _LONGEST_INTEGER else _UINT64
    if not -_INT64 <= value < _UINT64:
        raise RowProblem("", _("The number {start}… is too large to be kept exactly.", start=digits[:_LONGEST_INTEGER]))
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise RowProblem("", _("The number {start} is too large.", start=digits[:_LONGEST_INTEGER]))
    return value


def _check_surrogates(value: Any, field: str) -> None:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            reason = _("The text has half of a character pair (a lone surrogate); no UTF-8 file can hold it.")
            raise RowProblem(_shown(field), reason) from None
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_surrogates(key, key)
            _check_surrogates(item, field or key)
    elif isinstance(value, list):
        for item in value:
            _check_surrogates(item, field)
