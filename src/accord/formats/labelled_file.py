"""Texts in which people marked personal data: JSON lines or a JSON array, each row used or refused with its reason.

A row is an object with its text under ``text`` or ``full_text`` and a list of marks under ``spans``, ``label``,
``labels``, ``entities`` or ``annotations``; an empty list says that there is nothing to mark. Read as well is a task of
Label Studio: its text under ``data``, its marks under ``annotations`` and there under ``result``. A mark is
[start, end, label], or an object: start, start_position or start_offset; end in the same way; label, entity_type, type
or (a list of one) labels. Offsets count code points from 0, the end is the first that is not marked. Where a mark also
says its text, as ``entity_value`` or ``text``, it must be the text that stands there.

Sources: presidio-research's InputSample, doccano's backend/data_export, Prodigy's span tasks, Label Studio's JSON and
JSON-MIN exports.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.domain.records import RowFault
from accord.domain.wording import _
from accord.formats.containers import text_container
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.opening import BLOCK, check_file
from accord.formats.rows import array_rows, jsonl_rows

_TEXT = ("text", "full_text")
_LISTS = ("spans", "label", "labels", "entities", "annotations")
_START = ("start", "start_position", "start_offset")
_END = ("end", "end_position", "end_offset")
_LABEL = ("label", "entity_type", "type", "labels")
_SAID = ("entity_value", "text")
_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Code points ``start`` to ``end`` of a text that a person marked with ``label``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and its marks in their order; ``line``: its physical line, or its place in the array from 1."""

    line: int
    text: str
    marks: tuple[Mark, ...]


def read_labelled(path: Path) -> Iterator[LabelledText | RowFault]:
    """Yield every row of a file of labelled texts (UTF-8). Raises UnreadableFile, also for a file of another kind."""
    check_file(path)
    try:
        stream = Utf8Stream(path, "utf-8")
    except OSError as error:
        raise UnreadableFile(path, _("{reason}.", reason=error.strerror or str(error))) from error
    try:
        for row in array_rows(stream) if _is_array(path) else jsonl_rows(stream):
            yield _read(row.line, row.value)
    finally:
        stream.close()


def _is_array(path: Path) -> bool:
    stream = Utf8Stream(path, "utf-8")
    try:
        head = stream.read(BLOCK)
        container = text_container(path, head, "", whole=not stream.read(1))
    finally:
        stream.close()
    if container not in {"array", "jsonl"}:
        raise UnreadableFile(path, _("Labelled texts are JSON lines or a JSON array; this is neither."))
    return container == "array"


def _read(line: int, value: Any) -> LabelledText | RowFault:
    if not isinstance(value, Mapping):
        reason = value.reason if isinstance(value, RowProblem) else _("A labelled text is a JSON object.")
        return RowFault(line=line, field="", reason=reason)
    try:
        text = _text(value)
        marks = (_mark(place, mark, text) for place, mark in _marks(value))
        return LabelledText(line, text, tuple(mark for mark in marks if mark is not None))
    except RowProblem as problem:
        return RowFault(line=line, field=problem.field, reason=problem.reason)


def _text(row: Mapping[str, Any]) -> str:
    data = row.get("data")
    found = _first(row, _TEXT) or (_first(data, _TEXT) if isinstance(data, Mapping) else None)
    if found is None:
        raise RowProblem("text", _("There is no text; it stands under “text” or “full_text”."))
    if not isinstance(found[1], str):
        raise RowProblem(found[0], _("This is not text."))
    return found[1]


def _marks(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the place and the value of each mark of a row."""
    found = _first(row, _LISTS)
    if found is None:
        raise RowProblem("spans", _("There is no list of marks; a text without any has an empty list “spans”."))
    name, marks = found
    if not isinstance(marks, list):
        raise RowProblem(name, _("This is not a list."))
    for number, mark in enumerate(marks):
        result = mark.get("result") if isinstance(mark, Mapping) else None
        if isinstance(result, list):  # what one person did in Label Studio
            yield from ((f"{name}[{number}].result[{at}]", each) for at, each in enumerate(result))
        else:
            yield f"{name}[{number}]", mark


def _mark(place: str, value: Any, text: str) -> Mark | None:
    """Return one mark; None for what Label Studio keeps beside marks, such as a choice."""
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == _TRIPLE:
        start, end, label = value
        said = None
    elif isinstance(value, Mapping):
        inner = value.get("value")
        if isinstance(inner, Mapping) and "type" in value and value["type"] not in {"labels", "hypertextlabels"}:
            return None
        value = inner if isinstance(inner, Mapping) else value
        start, end, label, said = (_of(value, names) for names in (_START, _END, _LABEL, _SAID))
    else:
        raise RowProblem(place, _("A mark is [start, end, label], or an object with these."))
    label = label[0] if isinstance(label, list) and len(label) == 1 else label
    if not isinstance(label, str) or not label.strip():
        raise RowProblem(place, _("The mark has no label."))
    if not _whole(start) or not _whole(end):
        raise RowProblem(place, _("Start and end of a mark are whole numbers."))
    if not 0 <= start < end <= len(text):
        reason = _(
            "The mark runs from {start} to {end} in a text of {n} characters.", start=start, end=end, n=len(text)
        )
        raise RowProblem(place, reason)
    if isinstance(said, str) and said != text[start:end]:
        raise RowProblem(place, _("The text from {start} to {end} is not what the mark says.", start=start, end=end))
    return Mark(start, end, label.strip())


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _first(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, Any] | None:
    return next(((name, row[name]) for name in names if row.get(name) is not None), None)


def _of(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    found = _first(row, names)
    return None if found is None else found[1]
