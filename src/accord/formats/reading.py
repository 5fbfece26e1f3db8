"""Files as rows: good rows are records, bad rows are faults with their line, field and reason; no row is lost.

Text is never changed. Worth knowing: ``developer`` is read as ``system``; a key whose value is null is left out; parts
of text are joined with nothing between them; the legacy ``function_call`` and ``functions`` become tool calls and
tools, and calls without an id are numbered; of a preference pair the worse answer is kept as metadata.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from accord.domain.content import Content
from accord.domain.records import RawRecord, Row, RowFault
from accord.domain.wording import _
from accord.formats.accord_csv import unguard
from accord.formats.columns import CONTENT_TARGETS, TARGETS, merge_mapping, parse_mapping
from accord.formats.conversations import from_openai
from accord.formats.encodings import shown
from accord.formats.failures import BadMapping, RowProblem, UnreadableFile
from accord.formats.grouped import TABLES
from accord.formats.rejection_marks import joined_cells
from accord.formats.row_formats import CONVERSATIONS, FORMATS, MAPPED, OWN_KEYS, reader
from accord.formats.rows import RawRow, TooLong
from accord.formats.shapes import FileShape, filled_rows, inspect_file, open_source
from accord.formats.sources import SourceReader, table_content
from accord.formats.strict_json import load_row
from accord.formats.text_rows import RowSource
from accord.formats.xml_rows import NUMBER

__all__ = [
    "FORMATS",
    "TARGETS",
    "BadMapping",
    "FileShape",
    "RowReader",
    "UnreadableFile",
    "inspect_file",
    "open_rows",
    "parse_mapping",
]

_RAW_KEPT = 1 << 20
_COLUMNS_NAMED = 50


def open_rows(shape: FileShape, *, mapping: Mapping[str, str] | None = None) -> "RowReader":
    """Return the rows of a file that ``inspect_file`` looked at.

    ``mapping`` overrides the guess target by target (``merge_mapping``). One that names the request reads any file as a
    table. Raises BadMapping and UnreadableFile.
    """
    return RowReader(shape, mapping)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns[:_COLUMNS_NAMED]) + ("…" if len(columns) > _COLUMNS_NAMED else "")


class RowReader:
    """Iterates over records and faults, one per input row. ``bytes_read`` of ``bytes_total`` tells the progress."""

    def __init__(self, shape: FileShape, mapping: Mapping[str, str] | None = None) -> None:
        self.shape = shape
        as_table = shape.format not in MAPPED and mapping is not None and mapping.get("request")
        self.format = "table" if as_table else shape.format
        self.mapping = merge_mapping(shape.mapping, mapping)
        self._check_mapping(mapping or {})
        self._sources = SourceReader(self.mapping, OWN_KEYS[self.format])
        self._build = CONVERSATIONS.get(self.format)
        self._read = reader(self.format)
        self.bytes_total = shape.bytes
        self._source: RowSource | None = None
        self._taken = 0

    def _check_mapping(self, given: Mapping[str, str]) -> None:
        if self.format in MAPPED:
            if "request" not in self.mapping:
                columns = _listed(self.shape.columns)
                raise BadMapping(_("Say which column holds the request. The columns are: {columns}.", columns=columns))
        elif any(given.get(target) for target in CONTENT_TARGETS):
            raise BadMapping(
                _("The {format} format says itself what the answer is. Map the request too.", format=self.format)
            )
        for column in given.values():
            if column and column not in self.shape.columns and not self._may_be_pointer(column):
                columns = _listed(self.shape.columns)
                raise BadMapping(
                    _("There is no column “{column}”. The columns are: {columns}.", column=column, columns=columns)
                )

    def _may_be_pointer(self, column: str) -> bool:
        return column.startswith("/") and self.shape.container not in TABLES

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file have been taken."""
        return self._taken or (self._source.position if self._source else 0)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows from the start. Raises UnreadableFile when the disk or the encoding fails half-way."""
        return map(self.row, self.raw())

    def raw(self) -> Iterator[RawRow]:
        """Yield the rows from the start as they stand in the file. Raises UnreadableFile as iterating does."""
        shape = self.shape
        self._read = reader(self.format)
        try:
            source = self._source = open_source(shape)
        except OSError as error:
            raise UnreadableFile(shape.path, _("{reason}.", reason=error.strerror or str(error))) from None
        try:
            yield from filled_rows(shape, source)
            self._taken = self.bytes_total
        except OSError as error:
            raise UnreadableFile(shape.path, _("{reason}.", reason=error.strerror or str(error))) from None
        finally:
            source.close()

    def row(self, found: RawRow) -> Row:
        """Return what a row of the file becomes."""
        try:
            return self._record(found.line, found.value)
        except RowProblem as problem:
            return self.refused(found, problem)

    def refused(self, found: RawRow, problem: RowProblem) -> RowFault:
        """Return the fault of a row of the file, with the row as it stands there unless it is too large to be kept."""
        raw = "" if len(found.raw) > _RAW_KEPT else self._shown(found.raw, found.value)
        large = isinstance(problem, TooLong) or len(found.raw) > _RAW_KEPT or len(raw) > _RAW_KEPT
        reason = self._not_kept(found.line, problem.reason) if large else problem.reason
        if isinstance(found.value, dict) and NUMBER in found.value and self.shape.container == "xml":
            reason = _("Row {n} of the file: {reason}", n=found.value[NUMBER], reason=reason)
        return RowFault(line=found.line, field=problem.field, reason=reason, raw="" if large else raw)

    def _not_kept(self, line: int, reason: str) -> str:
        match self.shape.container:
            case "array":
                where = _("It is too large to be kept here: see item {n} of the file.", n=line)
            case "xlsx" | "parquet":
                where = _("It is too large to be kept here: see row {n} of the file.", n=line)
            case _container:
                where = _("It is too large to be kept here: see line {n} of the file.", n=line)
        return f"{reason} {where}"

    def _record(self, line: int, value: Any) -> RawRecord:
        if isinstance(value, RowProblem):
            raise value
        if not isinstance(value, dict):
            raise RowProblem("", _("The row is not an object."))
        if self.shape.is_accord_csv:
            value = {column: unguard(text) for column, text in value.items()}
        if self._read is not None:
            found = self._read(value, self.mapping)
            verdicts = (*self._sources.verdicts(value), *found.verdicts)
            return RawRecord(line=line, content=found.content, source=self._sources.beside(found), verdicts=verdicts)
        content = self._content(value)
        return RawRecord(
            line=line, content=content, source=self._sources.source(value), verdicts=self._sources.verdicts(value)
        )

    def _content(self, row: dict[str, Any]) -> Content:
        if self._build is not None:
            return self._build(row)
        if self.shape.is_accord_csv and (messages := row.pop("messages")):
            tools = row.pop("tools")
            return from_openai(
                {"messages": load_row(messages.encode()), "tools": load_row(tools.encode()) if tools else None}
            )
        return table_content(row, self.mapping)

    def _shown(self, raw: bytes, value: Any) -> str:
        """Return the row as text, as the file has it: bytes that are no text written out, a table's cells joined."""
        if raw:
            return shown(raw, self.shape.encoding).rstrip("\r\n")
        if not isinstance(value, dict):
            return ""
        if self.shape.container in TABLES:
            return joined_cells(list(value.values()), self.shape.delimiter)
        return orjson.dumps(value).decode()
