"""Whether an answer fits the project's answer kind: free text, one of a closed list, JSON by a schema."""

import json
import re
from functools import lru_cache
from typing import Any

from accord.domain.canonical import canonical_json
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.wording import _, plural

_LONGEST_DETAIL = 200  # characters: a message begins with the whole value that does not fit


def answer_problem(answer: str, settings: ProjectSettings) -> str | None:
    """Return the sentence that says what is wrong with an answer for this project, or None."""
    if settings.answer_kind is AnswerKind.LIST and settings.choices:
        labels = [choice.label for choice in settings.choices]
        if answer not in labels:
            return _("The answer must be one of: {labels}.", labels=", ".join(labels))
    if settings.answer_kind is AnswerKind.JSON:
        return _json_problem(answer, canonical_json(dict(settings.answer_schema)))
    return None


def _json_problem(answer: str, schema: str) -> str | None:
    try:
        value = json.loads(answer, object_pairs_hook=_no_duplicates, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return _("The answer is not valid JSON: {detail}.", detail=error)
    return value_problem(value, schema)


def value_problem(value: Any, schema: str) -> str | None:
    """Return the sentence that says where a JSON value does not fit a schema, given as canonical text, or None."""
    from referencing.exceptions import Unresolvable  # as heavy as the schemas that need it

    try:
        errors = sorted(_validator(schema).iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
    except Unresolvable as error:
        return _("The schema points to what is not in it: {detail}.", detail=error.ref)
    except re.error as error:
        return _("The schema has a pattern that is no regular expression: {detail}.", detail=error)
    if not errors:
        return None
    from jsonschema.exceptions import best_match

    # Of alternatives none of which fits, the one that comes nearest says what is wrong, and where.
    nearest = best_match(errors[:1])
    where = "/".join(map(str, nearest.absolute_path)) or _("the answer")
    detail = _plainly(nearest)
    if len(errors) == 1:
        return _("The answer does not fit the schema at {where}: {detail}.", where=where, detail=detail)
    return plural(
        "The answer does not fit the schema at {where}: {detail}; nor in {n} other place.",
        "The answer does not fit the schema at {where}: {detail}; nor in {n} other places.",
        len(errors) - 1,
        where=where,
        detail=detail,
    )


def _plainly(error: Any) -> str:
    """Return what is wrong, of alternatives each; the value itself may be as long as the answer."""
    detail = " / ".join(dict.fromkeys(part.message for part in error.context or [error]))
    return detail if len(detail) <= _LONGEST_DETAIL else "…" + detail[-_LONGEST_DETAIL:]


@lru_cache(maxsize=8)
def _validator(schema: str) -> Any:
    from jsonschema import validators  # a heavy import, needed by JSON projects only
    from referencing import Registry

    value = json.loads(schema)
    # With a registry of its own: the library's usual one fetches what a schema points to from the network.
    return validators.validator_for(value)(value, registry=Registry())


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(_("the key “{key}” stands twice", key=key))
        found[key] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(_("{name} is not JSON", name=name))


def schema_problem(text: str) -> str | None:
    """Return the sentence that says why a text is no JSON schema, or None where it is one."""
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return _("This is not valid JSON: {detail}.", detail=error)
    if not isinstance(value, dict):
        return _("A schema is a JSON object: it begins with { and ends with }.")
    from jsonschema import exceptions, validators  # a heavy import, needed by JSON projects only

    try:
        validators.validator_for(value).check_schema(value)
    except exceptions.SchemaError as error:
        where = "/".join(map(str, error.absolute_path)) or _("the schema")
        return _("This is not a JSON schema; at {where}: {detail}.", where=where, detail=error.message)
    return None
