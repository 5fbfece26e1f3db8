"""JSON schemas that a chat service can hold a model to: every property required, and none beside them.

The subset is that of OpenAI's strict structured outputs (platform.openai.com/docs/guides/structured-outputs), which
vLLM and llama.cpp take as well. What cannot be said in it is left to the check of the reply that follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accord.domain.canonical import canonical_json
from accord.domain.wording import _
from accord.formats.answers import value_problem

_KEPT = ("description", "title")
_NULL = {"type": "null"}
_PLAIN = ("string", "number", "integer", "boolean", "null")
_KINDS: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_DEFINED = ("#/$defs/", "#/definitions/")


class _Unsayable(Exception):
    """A schema, or a part of one, that has no form in the subset."""


def strict(schema: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return a schema in the subset and the definitions that it points to (``#/$defs/``); None where there is none.

    What may be absent may be null instead (``without_absent``). Lengths, patterns and ranges are left out.
    """
    try:
        defined = {**schema.get("definitions", {}), **schema.get("$defs", {})}
        return _strict(schema), {name: _strict(part) for name, part in defined.items()}
    except (_Unsayable, AttributeError, TypeError):  # a part is no schema at all
        return None


def _strict(schema: Any) -> dict[str, Any]:
    if not isinstance(schema, Mapping):
        raise _Unsayable
    kept = {name: schema[name] for name in _KEPT if isinstance(schema.get(name), str)}
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if "$ref" in schema:
        return {"$ref": _reference(schema["$ref"])}
    if "enum" in schema or "const" in schema:
        return kept | _enumerated(schema["enum"] if "enum" in schema else [schema["const"]])
    if alternatives:
        if "properties" in schema:
            raise _Unsayable
        return kept | {"anyOf": [_strict(part) for part in alternatives]}
    if "allOf" in schema:
        return _strict(_only(schema["allOf"]) | {k: v for k, v in schema.items() if k != "allOf"})
    kinds = _kinds(schema)
    if len(kinds) == 1:
        return kept | _of_kind(kinds[0], schema)
    if all(kind in _PLAIN for kind in kinds):
        return kept | {"type": list(kinds)}
    return kept | {"anyOf": [_of_kind(kind, schema) for kind in kinds]}


def _reference(target: Any) -> str:
    for beginning in _DEFINED:
        if isinstance(target, str) and target.startswith(beginning) and "/" not in target[len(beginning) :]:
            return "#/$defs/" + target[len(beginning) :]
    raise _Unsayable


def _enumerated(values: Sequence[Any]) -> dict[str, Any]:
    kinds = sorted({_KINDS[type(value)] for value in values if type(value) in _KINDS})
    if not values or any(type(value) not in _KINDS for value in values):
        raise _Unsayable
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": list(values)}


def _only(parts: Sequence[Any]) -> dict[str, Any]:
    if len(parts) != 1 or not isinstance(parts[0], Mapping):
        raise _Unsayable
    return dict(parts[0])


def _kinds(schema: Mapping[str, Any]) -> tuple[str, ...]:
    found = schema.get("type") or ("object" if "properties" in schema else "array" if "items" in schema else ())
    kinds = (found,) if isinstance(found, str) else tuple(found)
    if not kinds or any(kind not in {*_PLAIN, "object", "array"} for kind in kinds):
        raise _Unsayable
    return kinds


def _of_kind(kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "array":
        return {"type": kind, "items": _strict(schema.get("items"))}
    if kind != "object":
        return {"type": kind}
    properties, required = schema.get("properties"), schema.get("required", ())
    if not properties or not set(required) <= set(properties):
        raise _Unsayable
    parts = {
        name: found if name in required or _takes_null(found) else {"anyOf": [found, _NULL]}
        for name, found in ((name, _strict(part)) for name, part in properties.items())
    }
    return {"type": kind, "properties": parts, "required": list(parts), "additionalProperties": False}


def _takes_null(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type", ())
    return "null" in ((kind,) if isinstance(kind, str) else kind) or any(map(_takes_null, schema.get("anyOf", ())))


def without_absent(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a value that came by the subset as the schema itself wants it: what is absent is not there."""
    if value_problem(value, canonical_json(dict(schema))) is None:
        return value
    return _dense(value, schema, {**schema.get("definitions", {}), **schema.get("$defs", {})})


def _dense(value: Any, schema: Any, defined: Mapping[str, Any]) -> Any:
    """Leave out what is null and may be absent; where there are alternatives, by the first that the rest then fits."""
    schema = schema if isinstance(schema, Mapping) else {}
    if "$ref" in schema:
        return _dense(value, defined.get(str(schema["$ref"]).rpartition("/")[2]), defined)
    if alternatives := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        found = [(_dense(value, part, defined), part) for part in alternatives]
        return next((one for one, part in found if _fits(one, part, defined)), found[0][0])
    if isinstance(value, Mapping):
        parts, required = schema.get("properties", {}), schema.get("required", ())
        told = {name: part for name, part in value.items() if part is not None or name in required}
        return {name: _dense(part, parts.get(name), defined) for name, part in told.items()}
    return [_dense(part, schema.get("items"), defined) for part in value] if isinstance(value, list) else value


def _fits(value: Any, part: Mapping[str, Any], defined: Mapping[str, Any]) -> bool:
    return value_problem(value, canonical_json({**part, "$defs": dict(defined), "definitions": dict(defined)})) is None


def strict_problem(schema: Mapping[str, Any]) -> str | None:
    """Return the sentence that says where a schema leaves the subset, or None."""
    if schema.get("type") != "object":
        return _("The schema of a reply is of an object: its “type” is “object”.")
    return next(_faults(schema, ""), None)


def _faults(schema: Any, where: str) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        yield _("At “{where}” of the schema stands no schema.", where=where or "/")
        return
    properties = schema.get("properties")
    if schema.get("type") == "object" or properties is not None:
        if set(schema.get("required", ())) != set(properties or ()):
            yield _("At “{where}” of the schema each property has to be in “required”.", where=where or "/")
        if schema.get("additionalProperties") is not False:
            yield _("At “{where}” of the schema “additionalProperties” has to be false.", where=where or "/")
    for name, part in {**(properties or {}), **schema.get("$defs", {})}.items():
        yield from _faults(part, f"{where}/{name}")
    if "items" in schema:
        yield from _faults(schema["items"], f"{where}/items")
    for number, part in enumerate(schema.get("anyOf", ())):
        yield from _faults(part, f"{where}/anyOf/{number}")
