"""Label Studio's exports: JSON, tasks whose ``data`` is the row and whose annotations hold people's verdicts; JSON-MIN.

In JSON-MIN (and its CSV) each annotation is a row of its own, in which the task's data and what the person said stand
side by side: only what is a verdict, a correction or a comment by its own words or name is taken as said, all else is
kept as metadata.

Read of each result: textarea, choices, taxonomy, labels of the whole text, rating and number (``annotations.py`` says
what becomes of them). Skipped annotations (``was_cancelled``), drafts and predictions of models are left out.

Source: labelstud.io/guide/task_format and /guide/export (completed_by is an id, or an object with email and names).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from accord.domain.wording import _
from accord.formats.annotations import Said, person, speaks
from accord.formats.columns import as_text, pointer
from accord.formats.failures import RowProblem

KEYS = frozenset(
    {
        *("data", "annotations", "completions", "predictions", "drafts", "meta", "file_upload", "inner_id"),
        *("total_annotations", "cancelled_annotations", "total_predictions", "comment_count", "comment_authors"),
        *("unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "created_at", "updated_at"),
        *("is_labeled", "overlap", "allow_skip", "precomputed_agreement", "agreement", "state", "reviewers"),
    }
)
FLAT_KEYS = frozenset({"annotator", "annotation_id", "lead_time", "created_at", "updated_at"})
"""What JSON-MIN adds to the data of a task and to what was said."""
_CHOICES = ("choices", "taxonomy", "labels")
_FIGURES = ("rating", "number")


def is_task(row: Mapping[str, Any]) -> bool:
    """Whether a row is a task of Label Studio."""
    annotations = row.get("annotations", row.get("completions"))
    return isinstance(row.get("data"), dict) and isinstance(annotations, list)


def is_flat(row: Mapping[str, Any]) -> bool:
    """Whether a row is an annotation of JSON-MIN."""
    return "annotator" in row and "annotation_id" in row and not is_task(row)


def flat_said(row: Mapping[str, Any], used: frozenset[str]) -> tuple[Said, frozenset[str]]:
    """Return what the annotator of a row of JSON-MIN said beside the columns in ``used``, and in which columns."""
    found = Said(person(row.get("annotator"), 1), as_text(row.get("updated_at")))
    names = set[str]()
    for name, value in row.items():
        if name in used or name in FLAT_KEYS:
            continue
        for text in _flat(_unpacked(value)):
            if speaks(name, text):
                names.add(name)
                found.value(name, text)
    return found, frozenset(names)


def _unpacked(value: Any) -> Any:
    """Return the choices or texts of several, which JSON-MIN keeps in an object, and its CSV as JSON."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return next((value[key] for key in (*_CHOICES, "text") if key in value), []) if isinstance(value, dict) else value


def said(row: Mapping[str, Any]) -> Iterator[Said]:
    """Yield what each annotation of a task says. Raises RowProblem."""
    annotations = row.get("annotations", row.get("completions")) or []
    if not isinstance(annotations, list):
        raise RowProblem("annotations", _("This is not a list of objects."))
    for number, annotation in enumerate(annotations):
        field = f"annotations[{number}]"
        if not isinstance(annotation, dict):
            raise RowProblem(field, _("This is not a list of objects."))
        if annotation.get("was_cancelled") is True or annotation.get("skipped") is True:
            continue
        at = as_text(annotation.get("updated_at") or annotation.get("created_at"))
        found = Said(person(annotation.get("completed_by"), number + 1), at)
        _take(annotation, found, field)
        yield found


def _take(annotation: Mapping[str, Any], found: Said, field: str) -> None:
    results = annotation.get("result") or []
    if not isinstance(results, list):
        raise RowProblem(f"{field}.result", _("This is not a list of objects."))
    for number, result in enumerate(results):
        place = f"{field}.result[{number}]"
        if not isinstance(result, dict):
            raise RowProblem(place, _("This is not a list of objects."))
        value, kind, name = result.get("value"), result.get("type"), as_text(result.get("from_name"))
        if not isinstance(value, dict) or not isinstance(kind, str):
            continue
        if kind == "textarea":
            found.text(name, _text(value.get("text"), place))
        elif kind in _CHOICES and "start" not in value:
            for choice in _flat(value.get(kind)):
                found.choice(name, choice)
        elif kind in _FIGURES and value.get(kind) is not None:
            found.value(name, value[kind])


def _text(value: Any, place: str) -> str:
    """Return the text of a text area; each of its entries is a line."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise RowProblem(f"{place}.value.text", _("This is not text."))
    return "\n".join(texts)


def _flat(value: Any) -> Iterator[str]:
    """Yield the choices of a list; of a path in a taxonomy, its last step."""
    for item in value if isinstance(value, list) else [value]:
        last = item[-1] if isinstance(item, list) and item else item
        if isinstance(last, str):
            yield last


def unmapped(row: Mapping[str, Any], used: frozenset[str]) -> dict[str, Any]:
    """Return what the task's data and meta hold beside the places in ``used`` (pointers), as metadata."""
    meta = row.get("meta")
    rest = dict(meta) if isinstance(meta, dict) else {}
    data = row.get("data")
    if isinstance(data, dict):
        rest |= {key: value for key, value in data.items() if pointer(("data", key)) not in used}
    return rest
