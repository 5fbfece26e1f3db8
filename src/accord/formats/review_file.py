"""Verdicts in a file: CSV or JSON lines, one review a row, each row used or refused with its reason."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.domain.records import RowFault
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.strict_json import load_row

_LINE_DIGITS = 15  # more than any file has, less than a database refuses
_TEXTS = ("answer", "request", "system", "comment", "citation", "reviewer", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One verdict. The example is named by ``id`` or by the ``file`` and ``file_line`` it came from.

    ``None`` for a text leaves it as it is; ``messages`` (JSON lines only) is the whole edited conversation.
    """

    line: int
    id: str
    file: str
    file_line: int
    reviewer: str
    verdict: Verdict
    answer: str | None
    request: str | None
    system: str | None
    messages: tuple[Mapping[str, Any], ...]
    tags: tuple[str, ...] | None
    comment: str
    citation: str


def read_reviews(path: Path) -> Iterator[ReviewRow | RowFault]:
    """Yield every row of a review file. Raises UnreadableFile."""
    for line, values in value_rows(
        path, "verdict", _("There is no column “verdict”: this does not look like a file of reviews.")
    ):
        yield values if isinstance(values, RowFault) else _row(line, values)


def value_rows(path: Path, column: str, without: str) -> Iterator[tuple[int, Mapping[str, Any] | RowFault]]:
    """Yield the line and the values of each row of a CSV or JSON lines file.

    Raises UnreadableFile, also for an empty file and, with the sentence ``without``, for one without this column.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(path, _("{reason}.", reason=error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, _("It is not UTF-8 text at byte {byte}.", byte=error.start)) from error
    if not text.strip():
        raise UnreadableFile(path, _("It is empty."))
    missing = UnreadableFile(path, without)
    if not text.lstrip().startswith("{"):
        yield from _csv_rows(path, text, column, missing)
        return
    named = [column in values for _line, values in _json_rows(data) if not isinstance(values, RowFault)]
    if named and not any(named):
        raise missing
    yield from _json_rows(data)


def _json_rows(data: bytes) -> Iterator[tuple[int, Mapping[str, Any] | RowFault]]:
    for line, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            value = load_row(raw)
        except RowProblem as problem:
            yield line, RowFault(line=line, field=problem.field, reason=str(problem))
            continue
        if isinstance(value, dict):
            yield line, value
        else:
            yield line, RowFault(line=line, field="", reason=_("A review is a JSON object."))


def _csv_rows(
    path: Path, text: str, column: str, missing: UnreadableFile
) -> Iterator[tuple[int, Mapping[str, Any] | RowFault]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if header is None:
                raise UnreadableFile(path, _("{reason}.", reason=error)) from error
            yield start, RowFault(line=start, field="", reason=_("The row cannot be read: {detail}.", detail=error))
            return
        if cells is None:
            return
        if header is None:
            header = cells
            if column not in header:
                raise missing
        elif cells and len(cells) != len(header):
            reason = _("The row has {n} cells, the header {m}.", n=len(cells), m=len(header))
            yield start, RowFault(line=start, field="", reason=reason)
        elif cells:
            yield start, {k: v for k, v in zip(header, cells, strict=True) if v != ""}
        start = reader.line_num + 1


def _row(line: int, values: Mapping[str, Any]) -> ReviewRow | RowFault:
    for name in _TEXTS:
        if not isinstance(values.get(name, ""), str):
            return RowFault(line=line, field=name, reason=_("This must be text."))
    for name, kinds in (("messages", list), ("tags", str | list)):
        if values.get(name) is not None and not isinstance(values[name], kinds):
            return RowFault(line=line, field=name, reason=_("This must be a list."))
    try:
        verdict = Verdict(str(values.get("verdict", "")).strip())
    except ValueError:
        reason = _("The verdict is one of {allowed}.", allowed=", ".join(Verdict))
        return RowFault(line=line, field="verdict", reason=reason)
    example_id, file = str(values.get("id", "")), str(values.get("file", ""))
    file_line = str(values.get("line", "0"))
    known_line = file_line.isdecimal() and len(file_line) <= _LINE_DIGITS
    if not example_id and not (file and known_line):
        return RowFault(line=line, field="id", reason=_("The row names no example: give its id, or its file and line."))
    tags = values.get("tags")
    return ReviewRow(
        line=line,
        id=example_id,
        file=file,
        file_line=int(file_line) if known_line else 0,
        reviewer=str(values.get("reviewer", "")),
        verdict=verdict,
        answer=values.get("answer"),
        request=values.get("request"),
        system=values.get("system"),
        messages=tuple(values.get("messages") or ()),
        tags=None if tags is None else _tags(tags),
        comment=str(values.get("comment", "")),
        citation=str(values.get("citation", "")),
    )


def _tags(value: Any) -> tuple[str, ...]:
    names = value.split(";") if isinstance(value, str) else [str(v) for v in value]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
