"""A project's schema as services can hold a model to it: of the subset, and what fits it fits the project's own."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.formats.reply_schema import strict, strict_problem, without_absent

NAMES = st.sampled_from(["a", "b", "answer", "c d"])


def _object(parts: dict[str, Any], needed: frozenset[str], closed: object) -> dict[str, Any]:
    required = [name for name in parts if name in needed]
    return {"type": "object", "properties": parts, "required": required} | (
        {} if closed is None else {"additionalProperties": closed}
    )


LEAVES = st.sampled_from(
    [
        {"type": "string"},
        {"type": "integer", "minimum": 0},
        {"type": ["boolean", "null"]},
        {"enum": ["x", 3, None]},
        {"const": "y"},
        {"type": "string", "description": "said", "format": "date"},
    ]
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: (
        inner.map(lambda part: {"type": "array", "items": part, "minItems": 1})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"oneOf": parts})
        | st.builds(
            _object,
            st.dictionaries(NAMES, inner, min_size=1, max_size=3),
            st.frozensets(NAMES),
            st.sampled_from([None, True, False]),
        )
    ),
    max_leaves=6,
)


def _least(schema: dict[str, Any]) -> Any:
    """A value that fits a strict schema: null where it may be, else the shortest."""
    if "anyOf" in schema:
        return None if {"type": "null"} in schema["anyOf"] else _least(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][-1]
    if kind == "object":
        return {name: _least(part) for name, part in schema["properties"].items()}
    if kind == "array":
        return [_least(schema["items"])]
    return {"string": "2026-01-01", "integer": 1, "number": 1.5, "boolean": True, "null": None}[kind]


@given(SCHEMAS)
def test_a_strict_schema_is_one_and_what_fits_it_fits_the_schema_that_it_came_from(schema: dict[str, Any]) -> None:
    found = strict(schema)
    assert found is not None
    made, defined = found
    reply = {"type": "object", "properties": {"answer": made}, "required": ["answer"], "additionalProperties": False}
    assert defined == {}
    jsonschema.Draft202012Validator.check_schema(reply)
    assert strict_problem(reply) is None
    value = _least(made)
    jsonschema.validate(value, made)
    if "'oneOf'" not in str(schema):  # of alternatives that overlap, "one of" refuses what "any of" takes
        jsonschema.validate(without_absent(value, schema), schema)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "array"},
        {"type": "array", "prefixItems": [{"type": "string"}]},
        {"$ref": "https://example.org/schema"},
        {"$ref": "#"},
        {"allOf": [{"type": "string"}, {"minLength": 2}]},
        {"type": "object", "properties": {"a": True}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]},
        {"enum": [["a"]]},
        {"type": "object", "properties": 3},
        {"$defs": 3, "type": "string"},
    ],
)
def test_what_has_no_strict_form_has_none(schema: dict[str, Any]) -> None:
    assert strict(schema) is None


def test_definitions_are_found_by_either_name() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/definitions/tree"}}}
    assert strict({"definitions": {"tree": tree}, "$ref": "#/definitions/tree"}) == (
        {"$ref": "#/$defs/tree"},
        {
            "tree": {
                "type": "object",
                "properties": {"next": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]}},
                "required": ["next"],
                "additionalProperties": False,
            }
        },
    )


def test_null_stays_where_it_is_an_answer() -> None:
    schema = {"type": "object", "properties": {"dose": {"type": ["integer", "null"]}}, "required": ["dose"]}
    assert without_absent({"dose": None}, schema) == {"dose": None}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "array"}, "is of an object"),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}, "in “required”"),
        ({"type": "object", "properties": {}, "required": []}, "“additionalProperties” has to be false"),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array", "items": {"type": "object"}}},
                "required": ["a"],
                "additionalProperties": False,
            },
            "At “/a/items”",
        ),
    ],
)
def test_where_a_schema_is_not_strict_is_said(schema: dict[str, Any], said: str) -> None:
    assert said in (strict_problem(schema) or "")
