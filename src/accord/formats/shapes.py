"""What a file is, found from its content and never from its name: container, encoding, delimiter, format, columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from accord.domain.wording import _
from accord.formats.accord_csv import COLUMNS as ACCORD_COLUMNS
from accord.formats.chatml import chatml_rows, is_chatml
from accord.formats.columns import as_text, cell
from accord.formats.delimited import DelimitedRows, sniff_delimiter
from accord.formats.detecting import detect
from accord.formats.encodings import Utf8Stream, known_encoding
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.opening import BLOCK
from accord.formats.row_formats import FORMATS, format_of, guess, places
from accord.formats.rows import RawRow, array_rows, jsonl_rows

AUTO = "auto"
SAMPLE_ROWS = 50

_BLANK = b" \t\r\n"
_LINES_LOOKED_AT = 20
_BINARY = (
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "Office"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShape:
    """How a file is read.

    ``container``: csv (any delimiter), jsonl, array (of rows, or an object whose values are rows), xlsx, parquet, xml,
    or chatml (conversations as text). ``columns``: also pointers to texts inside nested cells. ``sample``: the first
    good rows as text by column. ``mapping``: a guess, target to column. ``bytes``: the size of the file. ``sheet`` of
    ``sheets``: the sheet of a workbook, or the file of an archive. ``pointer``: the JSON pointer or the XML element
    path of the list whose items are the rows, "" for the top; ``pointers``: other places that could hold them, best
    first. ``line_ends``: LF, CRLF, CR, mixed, or "" outside text. ``notes``: finished sentences on what was found and
    what is not read.
    """

    path: Path
    format: str
    encoding: str
    delimiter: str
    container: str
    columns: tuple[str, ...]
    sample: tuple[Mapping[str, str], ...]
    mapping: Mapping[str, str]
    bytes: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    pointer: str = ""
    pointers: tuple[str, ...] = ()
    line_ends: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_accord_csv(self) -> bool:
        """Whether this is Accord's own CSV export, in which formulas are guarded."""
        return self.container == "csv" and self.columns == ACCORD_COLUMNS


def inspect_file(
    path: Path,
    *,
    format: str = AUTO,  # noqa: A002  (the user's word)
    encoding: str = "",
    sheet: str = "",
    pointer: str = "",
    delimiter: str = "",
) -> FileShape:
    """Look at the first rows of ``path`` and say how to read it.

    ``encoding``, ``sheet``, ``pointer`` and ``delimiter``: "" finds them. Raises UnreadableFile, and UnsureEncoding
    where the bytes could be more than one text.
    """
    if format != AUTO and format not in FORMATS:
        raise UnreadableFile(path, _("There is no format “{name}”.", name=format))
    try:
        return _inspect(path, format, encoding, sheet=sheet, pointer=pointer, delimiter=delimiter)
    except OSError as error:
        raise UnreadableFile(path, _("{reason}.", reason=error.strerror or str(error))) from None


def _inspect(path: Path, wanted: str, encoding: str, *, sheet: str, pointer: str, delimiter: str) -> FileShape:
    if not path.is_file():
        raise UnreadableFile(path, _("There is no such file.") if not path.exists() else _("It is not a file."))
    with path.open("rb") as file:
        raw_head = file.read(16)
    _refuse_binary(path, raw_head)
    if sheet or pointer:
        raise UnreadableFile(path, _("It has no sheets and no places to choose from."))
    found = known_encoding(path, raw_head, encoding) if encoding else detect(path)[0]
    stream = Utf8Stream(path, found)
    try:
        head = stream.read(BLOCK)
        whole = not stream.read(1)
    finally:
        stream.close()
    container = _container(path, head, wanted, whole=whole)
    if container != "csv":
        delimiter = ""
    elif not delimiter:
        delimiter = sniff_delimiter(_decoded(path, head, explicit=bool(encoding), whole=whole), whole=whole)
    shape = _looked_at(path, wanted, found, container, delimiter)
    if container == "array" and not shape.columns and head.lstrip(_BLANK).startswith(b"{"):
        raise UnreadableFile(path, _("It is one JSON object and not a list of rows."))
    return shape


def _refuse_binary(path: Path, head: bytes) -> None:
    for mark, name in _BINARY:
        if head.startswith(mark):
            raise UnreadableFile(path, _("It is a {kind} file. Save its table as CSV or JSONL.", kind=name))
    if head.lstrip(b"\xef\xbb\xbf" + _BLANK).startswith(b"<?xml"):
        raise UnreadableFile(path, _("It is an XML file. Save its rows as CSV or JSONL."))


def _decoded(path: Path, head: bytes, *, explicit: bool, whole: bool) -> str:
    """Return the head as text; in a file whose encoding nobody named, bytes that are not UTF-8 end the matter."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_at_the_end = not whole and error.start > len(head) - 4 and error.reason == "unexpected end of data"
        if not cut_at_the_end and not explicit:
            pass
        return head.decode("utf-8", "ignore" if cut_at_the_end else "surrogateescape")


def _container(path: Path, head: bytes, wanted: str, *, whole: bool) -> str:
    """Return csv, jsonl or array."""
    body = head.lstrip(_BLANK)
    if not body:
        raise UnreadableFile(path, _("It is empty."))
    if is_chatml(body):
        return "chatml"
    if body.startswith(b"["):
        return "array"
    lines = list(islice(_stripped_lines(body), _LINES_LOOKED_AT))
    if body.startswith(b"{"):
        if _is_spread_object(lines, whole=whole):
            return "array"
        return "jsonl"
    if wanted in {"openai", "sharegpt", "preference", "label-studio", "argilla", "doccano"}:
        return "jsonl"
    objects = sum(line.startswith(b"{") and line.endswith(b"}") for line in lines)
    return "jsonl" if objects * 2 > len(lines) else "csv"


def _stripped_lines(body: bytes) -> Iterator[bytes]:
    return (line for raw in body.split(b"\n") if (line := raw.strip(_BLANK)))


def _is_spread_object(lines: list[bytes], *, whole: bool) -> bool:
    """Whether one object is spread over several lines, as pretty printing does."""
    first = lines[0]
    if first.endswith(b"}") or len(lines) == 1:
        return False
    return not any(line.startswith(b"{") and line.endswith(b"}") for line in lines[1:]) and (
        first == b"{" or lines[1].startswith(b'"') or (whole and lines[-1] == b"}")
    )


def _looked_at(path: Path, wanted: str, encoding: str, container: str, delimiter: str) -> FileShape:
    stream = Utf8Stream(path, encoding)
    try:
        columns, rows = raw_rows(path, stream, container, delimiter)
        values = [row.value for row in islice(rows, SAMPLE_ROWS) if isinstance(row.value, dict)]
    finally:
        stream.close()
    columns = columns or tuple(dict.fromkeys(key for value in values for key in value))
    found = format_of(columns, values, plain=container == "csv") if wanted == AUTO else wanted
    columns += places(found, values)
    sample = tuple({column: as_text(cell(value, column)) for column in columns} for value in values)
    mapping = guess(found, columns, sample, values)
    return FileShape(
        path=path,
        format=found,
        encoding=encoding,
        delimiter=delimiter,
        container=container,
        columns=columns,
        sample=sample,
        mapping=mapping,
        bytes=path.stat().st_size,
    )


def raw_rows(
    path: Path, stream: Utf8Stream, container: str, delimiter: str
) -> tuple[tuple[str, ...], Iterator[RawRow]]:
    """Return the columns a header names (none outside CSV) and the rows. Raises UnreadableFile for a broken header."""
    if container == "array":
        return (), array_rows(stream)
    if container == "jsonl":
        return (), jsonl_rows(stream)
    if container == "chatml":
        return (), chatml_rows(stream)
    try:
        records = DelimitedRows(stream, delimiter)
    except RowProblem as problem:
        raise UnreadableFile(path, problem.reason) from None
    return records.columns, iter(records)
