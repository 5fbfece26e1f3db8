"""Argilla's records, in the four layouts that its versions export; with what each user said of them.

* 1.x and the server: ``responses`` a list of {user_id, status, values: {question: {value}}}, ``fields`` beside it.
* 2.x ``to_json``: ``responses`` an object, question to a list of {value, user_id, status}, ``fields`` beside it.
* 2.x datasets: columns ``question.responses``, ``question.responses.users`` and ``question.responses.status``.
* 1.x datasets: a column for each question, a list of {user_id, value, status} or an object of three lists.

A discarded response is a reject, a draft or pending one nothing; a submitted one is a verdict only where its values
say one (``annotations.py``). Suggestions, which models make, are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from accord.domain.wording import _
from accord.formats.annotations import Said, person
from accord.formats.columns import as_text, pointer
from accord.formats.failures import RowProblem

KEYS = frozenset(
    {"fields", "responses", "suggestions", "vectors", "_server_id", "status", "inserted_at", "updated_at", "dataset_id"}
)
_RESPONSES = ".responses"
_STATES = {"submitted", "discarded", "draft", "pending"}
_ANSWER_KEYS = {"user_id", "value", "status"}
_SUGGESTED = (".suggestion", ".suggestion.score", ".suggestion.agent", "-suggestion", "-suggestion-metadata")


def is_record(row: Mapping[str, Any]) -> bool:
    """Whether a row is a record of Argilla."""
    if isinstance(row.get("fields"), dict) and isinstance(row.get("responses"), list | dict):
        return True
    return any(key.endswith(_RESPONSES) and f"{key}.users" in row for key in row) or bool(_questions(row))


def _questions(row: Mapping[str, Any]) -> list[str]:
    """Return the columns of a 1.x dataset that hold responses."""
    return [key for key, value in row.items() if _is_response(value)]


def _is_response(value: Any) -> bool:
    if isinstance(value, dict):
        return value.keys() == _ANSWER_KEYS and all(isinstance(items, list) for items in value.values())
    return (
        isinstance(value, list) and bool(value) and all(isinstance(v, dict) and v.keys() == _ANSWER_KEYS for v in value)
    )


def own_columns(row: Mapping[str, Any]) -> set[str]:
    """Return the columns of a row that hold responses and suggestions."""
    questions = {*_questions(row), *(key.removesuffix(_RESPONSES) for key in row if key.endswith(_RESPONSES))}
    suffixes = ("", _RESPONSES, f"{_RESPONSES}.users", f"{_RESPONSES}.status", *_SUGGESTED)
    found = {name + suffix for name in questions for suffix in suffixes} & row.keys()
    return found - {name for name in questions if f"{name}{_RESPONSES}" in row}


def said(row: Mapping[str, Any]) -> Iterator[Said]:
    """Yield what each user said. Raises RowProblem."""
    responses = row.get("responses")
    if isinstance(responses, list):
        yield from _by_user(responses)
        return
    people: dict[str, Said] = {}
    states: defaultdict[str, set[str]] = defaultdict(set)
    for question, number, user, value, state in _answers(row, responses):
        who = person(user, number + 1)
        people.setdefault(who, Said(who))
        states[who].add(state)
        if state in {"submitted", "discarded", ""}:
            people[who].value(question, value)
    for who, one in people.items():
        yield from _counted(one, states[who])


def _by_user(responses: list[Any]) -> Iterator[Said]:
    for number, response in enumerate(responses):
        field = f"responses[{number}]"
        values = response.get("values") if isinstance(response, dict) else None
        if not isinstance(response, dict) or not isinstance(values, dict | None):
            raise RowProblem(field, _("This is not a list of objects."))
        one = Said(person(response.get("user_id"), number + 1), as_text(response.get("updated_at")))
        for question, value in (values or {}).items():
            one.value(question, value.get("value") if isinstance(value, dict) and "value" in value else value)
        yield from _counted(one, {as_text(response.get("status"))})


def _counted(one: Said, states: set[str]) -> Iterator[Said]:
    """Yield what counts: of a discarded response that it was, of a draft nothing."""
    one.discarded = "discarded" in states
    if states & {"submitted", "discarded", ""}:
        yield one


def _answers(row: Mapping[str, Any], responses: Any) -> Iterator[tuple[str, int, Any, Any, str]]:
    """Yield (question, number, user, value, state) of the layouts that go by question."""
    if isinstance(responses, dict):
        for question, answers in responses.items():
            yield from _listed(question, answers)
    for key in row:
        if key.endswith(_RESPONSES) and isinstance(row[key], list):
            users, states = row.get(f"{key}.users"), row.get(f"{key}.status")
            yield from _side_by_side(key.removesuffix(_RESPONSES), row[key], users, states)
    for key in _questions(row):
        value = row[key]
        if isinstance(value, dict):
            yield from _side_by_side(key, value["value"], value["user_id"], value["status"])
        else:
            yield from _listed(key, value)


def _listed(question: str, answers: Any) -> Iterator[tuple[str, int, Any, Any, str]]:
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise RowProblem(f"responses.{question}", _("This is not a list of objects."))
    for number, answer in enumerate(answers):
        yield question, number, answer.get("user_id"), answer.get("value"), as_text(answer.get("status"))


def _side_by_side(question: str, values: Any, users: Any, states: Any) -> Iterator[tuple[str, int, Any, Any, str]]:
    for number, value in enumerate(values):
        yield question, number, _at(users, number), value, as_text(_at(states, number))


def _at(items: Any, number: int) -> Any:
    return items[number] if isinstance(items, list) and number < len(items) else None


def unmapped(row: Mapping[str, Any], used: frozenset[str]) -> dict[str, Any]:
    """Return what the record's fields and metadata hold beside the places in ``used`` (pointers), as metadata."""
    metadata = row.get("metadata")
    rest = dict(metadata) if isinstance(metadata, dict) else {}
    fields = row.get("fields")
    if isinstance(fields, dict):
        rest |= {key: value for key, value in fields.items() if pointer(("fields", key)) not in used}
    return rest
