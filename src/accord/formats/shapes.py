"""What a file is, found from its content and never from its name: container, encoding, delimiter, format, columns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from accord.domain.wording import _
from accord.formats.accord_csv import COLUMNS as ACCORD_COLUMNS
from accord.formats.columns import as_text, cell
from accord.formats.containers import check_inside, is_xml, kind_of, line_ends, members_of, text_container
from accord.formats.delimited import divides, sniff_delimiter
from accord.formats.detecting import detect
from accord.formats.encodings import MARKS, Utf8Stream, known_encoding
from accord.formats.failures import UnreadableFile
from accord.formats.grouped import (
    AUTO,
    NONE,
    TABLES,
    blank_note,
    blank_with,
    fill_down,
    filled_note,
    guess_in_groups,
    named_columns,
    unmistakable,
)
from accord.formats.headers import HEADERS
from accord.formats.json_places import chosen_place, holds_requests, is_row, partly_read, places_in, survey, unread_note
from accord.formats.opening import BLOCK
from accord.formats.parquet import ParquetRows
from accord.formats.row_formats import FORMATS, MAPPED, OWN_KEYS, format_of, guess, notes_on, places
from accord.formats.rows import RawRow
from accord.formats.running_text import kind_of_text, refusal
from accord.formats.spreadsheets import SheetRows
from accord.formats.text_rows import RowSource, TextRows
from accord.formats.xml_rows import XmlRows, paths_of_rows

SAMPLE_ROWS = 50

_BLANK = b" \t\r\n"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"']")
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_NO_DELIMITERS = '"\r\n\0'
_MEMBERS_TRIED = 24
_NAMED = 5  # of the files that are not read


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShape:
    """How a file is read.

    ``container``: csv (any delimiter), jsonl, array (of rows, or an object whose values are rows), xlsx, parquet, xml,
    or chatml (conversations as text). ``columns``: also pointers to texts inside nested cells. ``sample``: the first
    good rows as text by column. ``mapping``: a guess, target to column. ``bytes``: the size of the file. ``sheet`` of
    ``sheets``: the sheet of a workbook, or the file of an archive. ``pointer``: the JSON pointer or the XML element
    path of the list whose items are the rows, "" for the top; ``pointers``: other places that could hold them, best
    first. ``line_ends``: LF, CRLF, CR, mixed, or "" outside text. ``notes``: finished sentences on what was found and
    what is not read. ``grouped``: columns of a table whose blank cells repeat the filled one above them, or might;
    ``fills``: whether they are read so. ``header``: of a table, whether a row names the columns, YES or NO ("" for
    anything else). ``original``: of a file of refused rows, the name of the file that they stood in.
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
    grouped: tuple[str, ...] = ()
    fills: bool = False
    header: str = ""
    original: str = ""

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
    fill: str = AUTO,
    header: str = AUTO,
) -> FileShape:
    """Look at the first rows of ``path`` and say how to read it.

    ``encoding``, ``sheet``, ``pointer`` and ``delimiter``: "" finds them. ``fill``: the columns of a table whose blank
    cells repeat the one above, separated by commas, or auto or none. ``header``: whether the first row of a table names
    its columns, yes or no, or auto. Raises UnreadableFile, and UnsureEncoding where the bytes could be more than one
    text.
    """
    if header not in HEADERS:
        raise UnreadableFile(path, _("Whether there is a header is yes, no or auto."))
    if format != AUTO and format not in FORMATS:
        raise UnreadableFile(path, _("There is no format “{name}”.", name=format))
    wish = _Wish(format, encoding, sheet, pointer, _delimiter_named(path, delimiter), fill or AUTO, header)
    try:
        kind = kind_of(path)
        if kind == "archive":
            return _of_archive(path, wish)
        if kind == "text":
            if sheet:
                raise UnreadableFile(path, _("It has no sheets to choose from."))
            return _of_text(path, wish, "")
        if pointer:
            raise UnreadableFile(path, _("It has no places inside to choose from."))
        if kind == "parquet" and sheet:
            raise UnreadableFile(path, _("It has no sheets to choose from."))
        return _looked_at(_blank(path, kind, sheet=sheet), wish)
    except OSError as error:
        raise UnreadableFile(path, _("{reason}.", reason=error.strerror or str(error))) from None


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a person said of a file."""

    format: str
    encoding: str
    sheet: str
    pointer: str
    delimiter: str
    fill: str
    header: str


def _blank(path: Path, container: str, *, encoding: str = "", sheet: str = "") -> FileShape:
    return FileShape(
        path=path,
        format="",
        encoding=encoding,
        delimiter="",
        container=container,
        columns=(),
        sample=(),
        mapping={},
        bytes=path.stat().st_size,
        sheet=sheet,
    )


def _delimiter_named(path: Path, name: str) -> str:
    delimiter = _DELIMITER_NAMES.get(name.lower(), name)
    if len(delimiter) > 1 or (delimiter and delimiter in _NO_DELIMITERS):
        raise UnreadableFile(path, _("A delimiter is one character; “{name}” is none.", name=name))
    return delimiter


def _of_archive(path: Path, wish: _Wish) -> FileShape:
    """Look at the file of the archive that was named, or at the one that looks most like requests and answers."""
    members = members_of(path)
    if wish.sheet:
        if wish.sheet not in members:
            reason = _("There is no file “{name}” in it. It holds: {names}.", name=wish.sheet, names=_listed(members))
            raise UnreadableFile(path, reason)
        return replace(_of_text(path, wish, wish.sheet), sheets=members)
    best: FileShape | None = None
    failure: UnreadableFile | None = None
    for member in members[:_MEMBERS_TRIED]:
        try:
            shape = _of_text(path, wish, member)
        except UnreadableFile as error:
            failure = failure or error
            continue
        if best is None or _worth(shape) > _worth(best):
            best = shape
    if best is None:
        raise failure or UnreadableFile(path, _("It is an archive without a file that can be read."))
    if len(members) == 1:
        return replace(best, sheets=members)
    others = [name for name in members if name != best.sheet]
    note = _(
        "This is “{name}” of an archive of {n} files. Not read: {others}.",
        name=best.sheet,
        n=len(members),
        others=_listed(others),
    )
    return replace(best, sheets=members, notes=(note, *best.notes))


def _listed(names: "list[str] | tuple[str, ...]") -> str:
    listed, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return _("{names} and {n} more", names=listed, n=more) if more > 0 else listed


def _worth(shape: FileShape) -> tuple[bool, bool, bool]:
    known = shape.format not in MAPPED
    return bool(shape.sample) and (known or "request" in shape.mapping), "answer" in shape.mapping, bool(shape.sample)


def _of_text(path: Path, wish: _Wish, member: str) -> FileShape:
    raw_head = check_inside(path, member)
    encoding, note = _encoding(path, raw_head, wish.encoding, member)
    stream = Utf8Stream(path, encoding, member)
    try:
        head = stream.read(BLOCK)
        whole = not stream.read(1)
    finally:
        stream.close()
    container = "csv" if wish.delimiter else text_container(path, head, wish.format, whole=whole)
    shape = _blank(path, container, encoding=encoding, sheet=member)
    shape = replace(shape, line_ends=line_ends(head), notes=(note,) if note else ())
    if container == "csv":
        text = head.decode("utf-8", "surrogateescape")
        delimiter = wish.delimiter or sniff_delimiter(text, whole=whole)
        shape = replace(shape, delimiter=delimiter)
        asked = wish.delimiter or wish.format != AUTO or wish.header != AUTO
        divided = divides(text, delimiter, whole=whole)
        if not asked and (kind := kind_of_text(text, delimiter, divided=divided)):
            raise UnreadableFile(path, refusal(kind))
    return _looked_at(_placed(shape, wish, head, whole=whole), wish)


def _encoding(path: Path, head: bytes, wanted: str, member: str) -> tuple[str, str]:
    """Return the encoding and a note on it: the one that was named, or XML declares, or the bytes tell."""
    if wanted:
        return known_encoding(path, head, wanted), ""
    declared = _DECLARED.match(head)
    if declared and not any(head.startswith(mark) for mark, _name in MARKS):
        return known_encoding(path, head, declared[1].decode("ascii")), ""
    return detect(path, member)


def _placed(shape: FileShape, wish: _Wish, head: bytes, *, whole: bool) -> FileShape:
    """Return the shape with the place of the rows inside JSON or XML."""
    body = head.lstrip(_BLANK)
    if shape.container == "xml" and is_xml(shape.path, body, whole=whole):
        paths = paths_of_rows(shape.path, shape.encoding, shape.sheet)
        pointer = wish.pointer or paths[0]
        return replace(shape, pointer=pointer, pointers=tuple(path for path in paths if path != pointer))
    single = shape.container == "jsonl" and body.startswith(b"{") and b"\n" not in body.rstrip(_BLANK)
    framed = shape.container == "array" and body.startswith(b"{")
    if single and not wish.pointer:
        single = not is_row(body) if whole else _frames_rows(shape, head)
    if not (framed or single or wish.pointer):
        return shape
    if shape.container not in {"array", "jsonl"}:
        raise UnreadableFile(shape.path, _("It has no places inside to choose from."))
    if framed and whole and not wish.pointer and is_row(body):
        raise UnreadableFile(shape.path, _("It is one JSON object and not a list of rows."))
    found, all_seen = survey(shape.path, shape.encoding, shape.sheet)
    pointer, others = chosen_place(shape.path, [place.pointer for place in found], wish.pointer)
    note = unread_note(found, pointer, whole=all_seen)
    notes = (*shape.notes, note) if note else shape.notes
    return replace(shape, container="array", pointer=pointer, pointers=others, notes=notes)


def _frames_rows(shape: FileShape, head: bytes) -> bool:
    """Whether one long line is a frame around the rows and no long row."""
    found = places_in(shape.path, shape.encoding, shape.sheet, head)
    own = {key for name, keys in OWN_KEYS.items() if name not in MAPPED for key in keys}
    if not found or not found[0] or found[0].strip("/") in own:
        return False
    return holds_requests(shape.path, shape.encoding, shape.sheet, found[0])


def open_source(shape: FileShape) -> RowSource:
    """Open the rows of a file. Raises UnreadableFile and OSError."""
    if shape.container == "xlsx":
        return SheetRows(shape.path, shape.sheet, shape.header)
    if shape.container == "parquet":
        return ParquetRows(shape.path)
    if shape.container == "xml":
        return XmlRows(shape.path, shape.encoding, shape.sheet, shape.pointer)
    place = (shape.container, shape.delimiter, shape.pointer, shape.header)
    return TextRows(shape.path, shape.encoding, shape.sheet, *place)


def filled_rows(shape: FileShape, rows: Iterable[RawRow]) -> Iterable[RawRow]:
    """Return the rows of a file, blank cells filled where they repeat the one above."""
    if not shape.fills:
        return rows
    lines = "\r" if shape.line_ends == "CR" else "\n"
    return fill_down(rows, shape.grouped, lines if shape.container == "csv" else "")


def _looked_at(shape: FileShape, wish: _Wish) -> FileShape:
    """Return the shape with what its first rows tell: format, columns, sample and mapping."""
    if wish.header != AUTO and shape.container not in TABLES:
        raise UnreadableFile(shape.path, _("Only a table has a row that names its columns."))
    source = open_source(replace(shape, header=wish.header))
    try:
        rows = list(islice(source, SAMPLE_ROWS))
        shape = replace(shape, columns=source.columns, notes=(*shape.notes, *source.notes))
        if isinstance(source, SheetRows):
            shape = replace(shape, sheet=source.sheet, sheets=source.sheets)
        if isinstance(source, SheetRows | TextRows) and shape.container in TABLES:
            shape = replace(shape, header=source.header)
        if isinstance(source, TextRows) and source.original:
            note = _("These are refused rows of “{file}”; they keep its name and its lines.", file=source.original)
            shape = replace(shape, original=source.original, notes=(*shape.notes, note))
    finally:
        source.close()
    if wish.fill in {AUTO, NONE}:
        return _perhaps_grouped(shape, wish, rows) if shape.container in TABLES else _told(shape, wish, rows)
    if shape.container not in TABLES:
        raise UnreadableFile(shape.path, _("Only the cells of a table can repeat the one above."))
    return _told(replace(shape, grouped=named_columns(shape.path, wish.fill, shape.columns), fills=True), wish, rows)


def _perhaps_grouped(shape: FileShape, wish: _Wish, rows: list[RawRow]) -> FileShape:
    """Return the shape of a table; blank cells repeat the one above where nothing else can be meant."""
    if grouped := unmistakable(rows, shape.columns):
        filled = _told(replace(shape, grouped=grouped, fills=True), wish, rows)
        if filled.mapping.get("request") in grouped:
            return filled if wish.fill == AUTO else replace(_told(shape, wish, rows), grouped=grouped)
    plain = _told(shape, wish, rows)
    request = plain.mapping.get("request", "")
    grouped = blank_with(rows, shape.columns, request)
    return replace(plain, grouped=grouped, notes=(*plain.notes, blank_note(request))) if grouped else plain


def _told(shape: FileShape, wish: _Wish, rows: list[RawRow]) -> FileShape:
    """Return the shape with what these rows tell."""
    values = [row.value for row in filled_rows(shape, rows) if isinstance(row.value, dict)]
    columns = shape.columns or tuple(dict.fromkeys(key for value in values for key in value))
    plain = shape.container in TABLES
    found = format_of(columns, values, plain=plain) if wish.format == AUTO else wish.format
    columns += places(found, values)
    sample = tuple({column: as_text(cell(value, column)) for column in columns} for value in values)
    mapping = guess(found, columns, sample, values)
    notes = (*shape.notes, *notes_on(found))
    if not plain:
        notes = (*notes, *partly_read(mapping, values, shape.pointer if shape.container == "array" else None))
    if shape.fills:
        notes = (*notes, filled_note(shape.grouped))
        mapping = guess_in_groups(mapping, columns, shape.grouped, sample) if found == "table" else mapping
    return replace(shape, format=found, columns=columns, sample=sample, mapping=mapping, notes=notes)
