"""doccano's exports: a text with labels, categories or written answers, by person where the file says who.

* Since 1.5: ``text``, ``label`` (categories, or the written texts of a sequence-to-sequence project) and ``Comments``;
  no people, unless a column annotator, user or username names one.
* Before: ``text``, ``meta`` and ``annotations``, each {label or text, user}.

A written text is the person's answer, a category a verdict only where it names one (``annotations.py``). Without
people, the mapping says what the labels are: ``answer`` (the first is the answer, the others are kept as metadata) or
``tags``.

Source: doccano's backend/data_export (formatters and factories), and its export of 1.0.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accord.domain.wording import _
from accord.formats.annotations import Said, person
from accord.formats.columns import as_text
from accord.formats.failures import RowProblem

KEYS = frozenset({"annotations", "annotation_approver", "meta"})
LABELS = ("label", "labels", "cats")
OTHERS = "other answers"
_PEOPLE = ("annotator", "user", "username")
_COMMENTS = ("Comments", "comments")
_SENTENCE = 3  # words; a category rarely has so many


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether a row is an example of doccano."""
    if not isinstance(row.get("text"), str):
        return False
    annotations = row.get("annotations")
    if isinstance(annotations, list):
        return bool(annotations) and all(isinstance(a, dict) and "user" in a for a in annotations)
    return any(isinstance(row.get(key), list) for key in LABELS)


def guess(values: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the labels of the first rows are: answers where most read like sentences, else tags."""
    for key in LABELS:
        texts = [text for row in values if isinstance(row.get(key), list) for text in row[key]]
        if texts and all(isinstance(text, str) for text in texts):
            sentences = sum(len(text.split()) >= _SENTENCE or len(text) > 30 for text in texts)  # noqa: PLR2004
            return {"answer" if sentences * 2 > len(texts) else "tags": key}
    return {}


def single_answer(row: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """Return the row with one text where its labels are the answer; those that follow stand under ``OTHERS``."""
    column = mapping.get("answer", "")
    labels = row.get(column)
    if column not in LABELS or not isinstance(labels, list):
        return dict(row)
    if not all(isinstance(label, str) for label in labels):
        raise RowProblem(column, _("This is not text."))
    rest = {OTHERS: labels[1:]} if labels[1:] else {}
    return {**row, column: labels[0] if labels else "", **rest}


def said(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Iterator[Said]:
    """Yield what each person said. Raises RowProblem."""
    annotations = row.get("annotations")
    if annotations is not None and not isinstance(annotations, list):
        raise RowProblem("annotations", _("This is not a list of objects."))
    people: dict[str, Said] = {}
    for number, annotation in enumerate(annotations or ()):
        if not isinstance(annotation, dict):
            raise RowProblem(f"annotations[{number}]", _("This is not a list of objects."))
        who = person(annotation.get("user"), number + 1)
        _take(people.setdefault(who, Said(who)), annotation)
    yield from people.values()
    named = next((row[key] for key in _PEOPLE if isinstance(row.get(key), str | int)), None)
    if named is not None and not people:
        yield _of(named, row, mapping)


def _take(one: Said, annotation: Mapping[str, Any]) -> None:
    text, label = annotation.get("text"), annotation.get("label")
    if isinstance(text, str):
        one.text("answer", text)
    if isinstance(label, str | int) and not isinstance(label, bool) and "start_offset" not in annotation:
        one.choice("label", as_text(label))


def _of(named: Any, row: Mapping[str, Any], mapping: Mapping[str, str]) -> Said:
    """Return what the one person said to whom all labels of the row belong."""
    one = Said(person(named, 1))
    for key in LABELS:
        labels = row.get(key)
        written = [label for label in labels if isinstance(label, str)] if isinstance(labels, list) else []
        if mapping.get("answer") == key:  # the others are the row's "other answers"
            one.text("answer", written[0] if written else "")
        else:
            for label in written:
                one.choice(key, label)
    for key in _COMMENTS:
        comments = row.get(key)
        for text in comments if isinstance(comments, list) else ():
            if isinstance(text, str):
                one.text(key, text)
    return one
