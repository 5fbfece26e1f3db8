"""What is wrong with an answer for a project, in a sentence that says where."""

import json

import pytest

from accord.domain.project import AnswerKind, ProjectSettings
from accord.formats.answers import answer_problem, value_problem

DOSE = {"anyOf": [{"type": "number"}, {"type": "null"}]}
DRUG = {"type": "object", "properties": {"dose": DOSE, "unit": {"enum": ["mg", "g"]}}, "required": ["dose", "unit"]}
SCHEMA = {
    "type": "object",
    "properties": {"drug": DRUG, "notes": {"type": "array", "items": {"type": "string", "minLength": 2}}},
    "required": ["drug"],
}
SETTINGS = ProjectSettings(answer_kind=AnswerKind.JSON, answer_schema=SCHEMA)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"drug": {"dose": 5, "unit": "kg"}}, "at drug/unit: 'kg' is not one of ['mg', 'g']."),
        (
            {"drug": {"dose": "5", "unit": "g"}},
            "at drug/dose: '5' is not of type 'number' / '5' is not of type 'null'.",
        ),
        ({}, "at the answer: 'drug' is a required property."),
        ({"drug": {"dose": 5, "unit": "g"}, "notes": ["ok", 1]}, "at notes/1: 1 is not of type 'string'."),
        ({"drug": {"dose": 5, "unit": "kg"}, "notes": [1]}, "'kg' is not one of ['mg', 'g']; nor in 1 other place."),
    ],
)
def test_json_that_does_not_fit_is_told_by_its_place(answer: object, said: str) -> None:
    problem = answer_problem(json.dumps(answer), SETTINGS)
    assert problem is not None
    assert problem.startswith("The answer does not fit the schema at ")
    assert problem.endswith(said)


def test_a_long_value_is_not_told_whole() -> None:
    problem = answer_problem(json.dumps("word " * 2000), SETTINGS)
    assert problem is not None
    assert len(problem) < 300
    assert problem.endswith("is not of type 'object'.")


def test_json_that_fits_and_json_that_is_none() -> None:
    assert answer_problem('{"drug": {"dose": null, "unit": "mg"}, "more": 1}', SETTINGS) is None
    fenced = answer_problem("```json\n{}\n```", SETTINGS)
    assert fenced is not None
    assert fenced.startswith("The answer is not valid JSON: ")
    twice = answer_problem('{"a": 1, "a": 2}', SETTINGS)
    assert twice is not None
    assert "“a” stands twice" in twice


def test_a_schema_that_points_elsewhere_fetches_nothing_and_is_told() -> None:
    problem = value_problem({}, '{"$ref": "http://127.0.0.1:9/none.json"}')
    assert problem == "The schema points to what is not in it: http://127.0.0.1:9/none.json."


def test_a_pattern_that_is_none_is_told() -> None:
    assert "no regular expression" in (value_problem("a", '{"pattern": "("}') or "")
