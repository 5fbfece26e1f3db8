"""A value that a JSON schema allows, and one that it does not: what a model says under structured outputs."""

import json
from collections.abc import Mapping
from typing import Any

_PLAIN: Mapping[str, Any] = {"boolean": True, "null": None}


def instance_of(schema: Mapping[str, Any], *, seed: int = 0, root: Mapping[str, Any] | None = None) -> Any:
    """Return a value for a schema of the kind that structured outputs take: no recursion without an end.

    ``seed`` makes the texts of one value differ from those of another.
    """
    whole = schema if root is None else root
    if "$ref" in schema:
        return instance_of(_found(whole, schema["$ref"]), seed=seed, root=whole)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][seed % len(schema["enum"])]
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return instance_of(schema[name][0], seed=seed, root=whole)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: instance_of(inner, seed=seed, root=whole) for name, inner in properties.items()}
    if kind == "array":
        length = max(1, schema.get("minItems", 0))
        return [instance_of(schema.get("items", {}), seed=seed + n, root=whole) for n in range(length)]
    return _PLAIN[kind] if kind in _PLAIN else _scalar(kind, schema, seed)


def _scalar(kind: str, schema: Mapping[str, Any], seed: int) -> Any:
    if kind in {"integer", "number"}:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
        return min(low, schema.get("maximum", low))
    text = f"Text {seed} of the answer."
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength", len(text) + 10_000)]


def _found(root: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    found: Any = root
    for part in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
        found = found[part]
    return dict(found)


def breaking(text: str) -> str:
    """Return JSON like ``text`` that keeps to its outer form and breaks what a schema says of its first field."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not value:
        return json.dumps(["not", "what", "was", "asked"])
    first = next(iter(value))
    wrong: Any = 7 if isinstance(value[first], dict) else {"not": "what was asked"}
    return json.dumps({**value, first: wrong})
