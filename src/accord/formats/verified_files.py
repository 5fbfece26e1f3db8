"""The verifier's own strict readers: rows of an export with their line, and what is wrong with bytes and syntax.

Nothing here is shared with the code that writes exports, so that a mistake there is found here.
"""

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from accord.domain.wording import _

_BLOCK = 1 << 20
_LONGEST_CELL = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong in one place; ``line`` 0 is the whole file."""

    rule: str
    line: int
    message: str
    severity: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row: its place as the trace gives it, its value (None where it could not be read) and its text."""

    place: int
    value: Any
    text: str
    flaw: Flaw | None = None


class _Bad(ValueError):
    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def strict_value(text: str) -> Any:
    """Return the JSON value of ``text``. Raises ValueError: syntax, duplicate keys, NaN, infinity, depth."""
    try:
        value = _STRICT.decode(text)
    except RecursionError:
        raise _Bad("json.syntax", _("The row is nested too deeply.")) from None
    text_of_all = json.dumps(value, ensure_ascii=False) if "\\u" in text else ""
    if any("\ud800" <= c <= "\udfff" for c in text_of_all):
        raise _Bad("text.encoding", _("The text has half of a character pair."))
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Bad("json.duplicate_key", _("A key stands twice in one object."))
    return value


def _refused(name: str) -> NoReturn:
    raise _Bad("json.syntax", _("{name} is not JSON.", name=name))


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refused)  # json.loads makes one for each row


def file_hash(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def byte_flaws(path: Path, *, allow_cr: bool) -> Iterator[Flaw]:
    """Yield a byte order mark, a carriage return and a missing end of the last line."""
    size = path.stat().st_size
    last, line, cr_line = b"\n", 1, 0
    with path.open("rb") as file:
        first = file.read(3)
        file.seek(0)
        while block := file.read(_BLOCK):
            if not allow_cr and not cr_line and (at := block.find(b"\r")) >= 0:
                cr_line = line + block.count(b"\n", 0, at)
            line += block.count(b"\n")
            last = block[-1:]
    if first == codecs.BOM_UTF8 or first[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        yield Flaw(rule="text.bom", line=1, message=_("The file starts with a byte order mark."))
    if cr_line:
        yield Flaw(rule="text.cr", line=cr_line, message=_("A line ends with a carriage return."))
    if size and last != b"\n":
        yield Flaw(rule="text.final_newline", line=line, message=_("The last line has no end."))


def json_lines(path: Path, *, holding: str = "") -> Iterator[FileRow]:
    """Yield a row per line of a JSONL file; with ``holding`` those that cannot have this text in them are left out."""
    sign = holding.encode()
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if sign in raw or b"\\u" in raw:  # JSON may write any letter as its number
                yield _json_row(number, number, raw.removesuffix(b"\n").removesuffix(b"\r"))


def json_array(path: Path) -> Iterator[FileRow]:
    """Yield the rows of an array that stands one row a line, between a line ``[`` and a line ``]``."""
    index, open_row, ended = 0, False, False
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.strip(b" \t\r\n")
            if number == 1 and line in {b"[", b"[]"}:
                ended = line == b"[]"
                continue
            if line == b"]" and not ended and number > 1 and not open_row:
                ended = True
                continue
            index += 1
            if ended or number == 1:
                yield _syntax(index, number, _("The list does not stand one row a line."))
                continue
            open_row = line.endswith(b",")
            yield _json_row(index, number, line.removesuffix(b","))
    if not ended:
        yield _syntax(index + 1, 0, _("The list is not closed."))


def _syntax(place: int, line: int, message: str) -> FileRow:
    return FileRow(place=place, value=None, text="", flaw=Flaw(rule="json.syntax", line=line, message=message))


def _json_row(place: int, line: int, raw: bytes) -> FileRow:
    try:
        text = raw.decode("utf-8-sig" if line == 1 else "utf-8")
        value = strict_value(text)
    except UnicodeDecodeError:
        flaw = Flaw(rule="text.encoding", line=line, message=_("The line is not UTF-8."))
    except _Bad as error:
        flaw = Flaw(rule=error.rule, line=line, message=str(error))
    except ValueError as error:
        flaw = Flaw(rule="json.syntax", line=line, message=_("The line is not JSON: {detail}.", detail=error))
    else:
        return FileRow(place=place, value=value, text=text)
    return FileRow(place=place, value=None, text="", flaw=flaw)


def csv_records(path: Path) -> Iterator[FileRow]:
    """Yield the header and the records of a CSV file as lists of cells, each with the line where it starts."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    with path.open("rb") as file:
        lines = (raw.decode("utf-8", "surrogateescape") for raw in file)
        reader = csv.reader(_without_mark(lines), strict=True)
        start = 1
        try:
            for cells in reader:
                yield _csv_row(start, cells)
                start = reader.line_num + 1
        except csv.Error as error:
            message = _("The row is not CSV: {detail}.", detail=error)
            yield FileRow(place=start, value=None, text="", flaw=Flaw(rule="csv.syntax", line=start, message=message))


def _without_mark(lines: Iterator[str]) -> Iterator[str]:
    for first in lines:
        yield first.removeprefix("\ufeff")
        break
    yield from lines


def _csv_row(start: int, cells: list[str]) -> FileRow:
    text = "\x1f".join(cells)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        flaw = Flaw(rule="text.encoding", line=start, message=_("The row is not UTF-8."))
        return FileRow(place=start, value=None, text="", flaw=flaw)
    return FileRow(place=start, value=cells, text=text)
